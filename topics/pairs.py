"""What a text makes of a claim: related or not, and if so, whether it agrees.

Owns: `PairJudge`: two forests over the numbers of a pair, words that tell sides whatever the story, and how
a score is shared among the sentences.
Does not know: how numbers are made (`pairs_features`), how forests grew (`training/stance_pairs`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.artifact import Part
from topics.cues import Verdict, softmax
from topics.pages import Span
from topics.pairs_features import CLOSE, made_by, pair_features
from topics.pairs_text import Floats, PairReader, Sentence, Text
from topics.sentences import pack, unpack
from topics.targets import MAX_EVIDENCE
from topics.trees import Forest, Line, Network

#: Places that have a lexicon of their own beside the one over all terms.
VIEWS = ("only:", "text:")
#: What the linear model counts beside the trees where there is no network: 30 to 50 % gain 0.6 points of macro-F1 on
#: emergent, 1.1 on the sides of fnc-1.
LINEAR = 0.4
#: What trees, linear model and networks count together: on held-out stories the sides of fnc-1 gain 2 points more.
BLEND = (0.3, 0.2, 0.8)
#: Texts kept in memory, about 0.1 MB each.
REMEMBERED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Words that tell sides in many stories, by where they stand; a linear model on TF-IDF."""

    #: "claim:deny", "only:hoax", "close:report says", "opening:deny", "text:fake"
    terms: tuple[str, ...]
    idf: Floats
    #: (n_terms, n_sides)
    coef: Floats
    intercept: Floats
    _column: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_column", {term: i for i, term in enumerate(self.terms)})

    def scores(self, terms: set[str]) -> Floats:
        """Return (n_sides,) scores of a pair with these terms."""
        columns = sorted(map(self._column.__getitem__, self._column.keys() & terms))
        weights = self.idf[columns]
        length = np.sqrt((weights**2).sum())
        return np.asarray(self.intercept + (weights / length if length else weights) @ self.coef[columns])

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {"terms": pack(self.terms), "idf": self.idf, "coef": self.coef, "intercept": self.intercept}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Lexicon:
        """Rebuild from what `arrays` returned."""
        numbers = {name: np.array(arrays[name]) for name in ("idf", "coef", "intercept")}
        return cls(terms=tuple(unpack(arrays["terms"])), **numbers)


def lexical_terms(claim: Text, text: Text, similar: Floats) -> set[str]:
    """Return the terms of a pair: stems and neighbors of the claim and of the sentences close to it, by place.

    claim: the claim's; only: the claim's that the text does not have; text, opening, close: the text's that the
    claim does not have, anywhere, in the first three sentences, in those most like the claim.
    """
    mine = [s for sentence in claim.sentences for s in sentence.stems]
    stems = set(mine)
    found = {f"claim:{s}" for s in stems} | {f"claim:{a} {b}" for a, b in pairwise(mine)}
    found.update(f"only:{s}" for s in stems - text.stems)
    for i in np.flatnonzero(similar >= CLOSE * similar.max()).tolist():
        theirs = text.sentences[i].stems
        found.update(f"close:{s}" for s in theirs if s not in stems)
        found.update(f"close:{a} {b}" for a, b in pairwise(theirs))
    for sentence in text.sentences[:3]:
        found.update(f"opening:{s}" for s in sentence.stems if s not in stems)
    found.update(f"text:{s}" for s in text.stems - stems)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudge:
    """Judges a text beside a claim."""

    labels: tuple[str, ...]
    #: The label for a text that is about something else, or "" where there is none.
    unrelated: str
    reader: PairReader
    #: One over all terms, one for each of VIEWS: the trees weigh the places against each other.
    lexicons: tuple[Lexicon, ...]
    #: One score: related (above 0) or not; None where no label says unrelated.
    related: Forest | None
    #: A score for each other label; one score, for the second of them, where there are two.
    sides: Forest
    #: A score for each other label, beside those of the trees.
    line: Line
    #: Scores for each other label once more; the mean counts. None in artifacts of before.
    networks: tuple[Network, ...] = ()
    #: Scores are multiplied by these before they become probabilities: of being related, of the sides.
    sharpness: tuple[float, float]
    #: Texts and claims read last; judging one text beside many claims reads it once.
    _known: dict[tuple[str, int], Text] = field(init=False, repr=False, compare=False, default_factory=dict)

    def judge(self, text: str, sentences: Sequence[Span], mentions: Sequence[Span], target: str) -> Verdict:  # noqa: ARG002 - as LinearStances
        """Return what `text` makes of the claim `target`; `mentions` play no part.

        Decided in two steps: related or not, then the side. The score, and with it the shares of the
        sentences, are those of the step that gave the label. The evidence was tried: without it the label is
        less probable. Where no sentences are like that, as for most texts about something else, there is none.
        """
        claim, whole = self._read(target, [(0, len(target))]), self._read(text, sentences)
        verdict = self._weigh(claim, whole)
        order = [i for i in np.argsort(-verdict.shares, kind="stable").tolist() if verdict.shares[i] > 0]
        tries = (
            [order[:MAX_EVIDENCE]]
            if self.labels[verdict.label] == self.unrelated
            else [order[:MAX_EVIDENCE], order[:1], order[1:2], order[:2]]
        )
        for dropped in tries:
            kept = [s for i, s in enumerate(whole.sentences) if i not in dropped]
            if dropped and kept and self._without(claim, kept, verdict.label) < verdict.probabilities[verdict.label]:
                return replace(verdict, evidence=tuple(dropped))
        # A text of one sentence cannot be tried without it.
        return replace(verdict, evidence=tuple(order) if len(whole.sentences) == 1 else ())

    def _read(self, text: str, spans: Sequence[Span]) -> Text:
        key = text, len(spans)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            known = self._known[key] = self.reader.read(text, spans)
        return known

    def _without(self, claim: Text, kept: Sequence[Sentence], label: int) -> float:
        whole = self.reader.assemble(kept)
        numbers, similar = pair_features(claim, whole)
        p_related = 1.0 if self.related is None else self._p_related(float(self.related.score(numbers)[0]))
        if self.labels[label] == self.unrelated:
            return 1.0 - p_related
        numbers = np.concatenate([numbers, self._words(claim, whole, similar)])
        scores = sum((weight * centered(by.score(numbers)) for weight, by in self._blend()), np.zeros(1))
        side = [i for i, name in enumerate(self.labels) if name != self.unrelated].index(label)
        return p_related * float(softmax(scores * self.sharpness[1])[side])

    def _blend(self) -> list[tuple[float, Forest | Line | Network]]:
        """Return what judges sides, and how much each counts."""
        return blended(self.sides, self.line, self.networks)

    def _p_related(self, score: float) -> float:
        return float(softmax(np.array([0.0, score * self.sharpness[0]]))[1])

    def _words(self, claim: Text, whole: Text, similar: Floats) -> Floats:
        terms = lexical_terms(claim, whole, similar)
        return np.concatenate([lexicon.scores(terms) for lexicon in self.lexicons])

    def _weigh(self, claim: Text, whole: Text) -> Verdict:
        numbers, similar = pair_features(claim, whole)
        made = made_by(whole, similar)
        spans = tuple(s.span for s in whole.sentences)
        p_related, sides = 1.0, [i for i, label in enumerate(self.labels) if label != self.unrelated]
        probabilities = np.zeros(len(self.labels))
        if self.related is not None:
            added, rest = self.related.explain(numbers)
            score = float(added.sum() + rest[0])
            p_related = self._p_related(score)
            off = self.labels.index(self.unrelated)
            probabilities[off] = 1.0 - p_related
        numbers_words = np.concatenate([numbers, self._words(claim, whole, similar)])
        side_added, side_rest = np.zeros((len(numbers_words), len(sides))), np.zeros(len(sides))
        for weight, by in self._blend():
            brought, base = by.explain(numbers_words)
            side_added += weight * centered(brought)
            side_rest += weight * centered(base)
        probabilities[sides] = p_related * softmax((side_added.sum(axis=0) + side_rest) * self.sharpness[1])
        if self.related is not None and p_related < 0.5:
            shares = -(added[:, 0] @ made)
            return Verdict(label=off, probabilities=probabilities, read=spans, shares=shares, rest=-score - float(shares.sum()))
        best = int(np.argmax(probabilities[sides]))
        # What the words of the lexicon add is shared by likeness to the claim: most of them are read near it.
        alike = similar / similar.sum() if similar.sum() > 0 else similar
        shares = side_added[: len(numbers), best] @ made + side_added[len(numbers) :, best].sum() * alike
        score = float(side_added[:, best].sum() + side_rest[best])
        rest_of_it = score - float(shares.sum())
        return Verdict(label=sides[best], probabilities=probabilities, read=spans, shares=shares, rest=rest_of_it)

    def parts(self) -> dict[str, Part]:
        """Return what is stored, by folder."""
        about = {
            "labels": list(self.labels),
            "unrelated": self.unrelated,
            "sharpness": list(self.sharpness),
            "lexicons": len(self.lexicons),
            "networks": len(self.networks),
        }
        parts = {
            "stance/pairs": Part(arrays={"idf": self.reader.idf}, settings=about),
            "stance/sides": Part(arrays=self.sides.arrays(), settings={}),
            "stance/line": Part(arrays=self.line.arrays(), settings={}),
        }
        for i, lexicon in enumerate(self.lexicons):
            parts[f"stance/lexicon-{i}"] = Part(arrays=lexicon.arrays(), settings={})
        for i, network in enumerate(self.networks):
            parts[f"stance/network-{i}"] = Part(arrays=network.arrays(), settings={})
        if self.related is not None:
            parts["stance/related"] = Part(arrays=self.related.arrays(), settings={})
        return parts

    @classmethod
    def from_parts(cls, parts: Mapping[str, Part]) -> PairJudge:
        """Rebuild from what `parts` returned."""
        about = parts["stance/pairs"].settings
        return cls(
            labels=tuple(about["labels"]),
            unrelated=str(about["unrelated"]),
            reader=PairReader(idf=parts["stance/pairs"].arrays["idf"]),
            lexicons=tuple(Lexicon.from_arrays(parts[f"stance/lexicon-{i}"].arrays) for i in range(about["lexicons"])),
            related=Forest.from_arrays(parts["stance/related"].arrays) if "stance/related" in parts else None,
            sides=Forest.from_arrays(parts["stance/sides"].arrays),
            line=Line.from_arrays(parts["stance/line"].arrays),
            networks=tuple(Network.from_arrays(parts[f"stance/network-{i}"].arrays) for i in range(about.get("networks", 0))),
            sharpness=(float(about["sharpness"][0]), float(about["sharpness"][1])),
        )


def blended(sides: Forest, line: Line, networks: Sequence[Network]) -> list[tuple[float, Forest | Line | Network]]:
    """Return what judges sides, and how much each counts."""
    if not networks:
        return [(1 - LINEAR, sides), (LINEAR, line)]
    return [(BLEND[0], sides), (BLEND[1], line), *((BLEND[2] / len(networks), network) for network in networks)]


def centered(scores: Floats) -> Floats:
    """Return scores that sum to 0 over the sides; one score of two sides becomes a pair."""
    if scores.shape[-1] == 1:
        scores = np.concatenate([-scores / 2, scores / 2], axis=-1)
    return np.asarray(scores - scores.mean(axis=-1, keepdims=True))
