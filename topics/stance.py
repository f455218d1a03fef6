"""For, against or neither, toward whom, and the sentences that say so.

Owns: `Stance`, `Evidence` and `StanceModel`, which judges an article toward each target it mentions.
Does not know: how models were fitted (`training/stance`), pages (spans are offsets into the article's text).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.artifact import Part, slug
from topics.cues import CueReader, CueSettings, Floats, Head
from topics.errors import UsageError, did_you_mean
from topics.mentions import Mentions, free_patterns, sentences_around
from topics.pages import Span
from topics.quotes import Quote, find_quotes
from topics.sentences import SentenceSplitter

UNKNOWN = "unknown"
#: Labels that take no side, whatever the data call it: nobody is quoted for them.
NEUTRAL = frozenset({"none", "neutral", "neither", "discuss", "observing", "unrelated", "neu", "no one", "other"})
#: Sentences shown for a stance, at most.
MAX_EVIDENCE = 3
#: A stance is a quoted speaker's when at least this share of what speaks for it is theirs.
MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence a stance rests on."""

    start: int
    end: int
    #: What the sentence adds to the score of the label, above 0.
    weight: float


@dataclass(frozen=True, slots=True)
class Stance:
    """What a text thinks of a target."""

    target: str
    #: One of the labels learned, or "unknown".
    label: str
    #: Calibrated, 0 to 1; of the best label where the label is "unknown".
    probability: float
    #: At most three sentences, the weightiest first.
    evidence: tuple[Evidence, ...]
    #: Whose stance it is: "article", or the quoted speaker as written.
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearStances:
    """Known targets, or any target: linear heads over the cues around the mentions."""

    labels: tuple[str, ...]
    reader: CueReader
    #: By target; the empty name serves targets never seen.
    heads: Mapping[str, Head]
    #: Sentences read on either side of a mention; below 0, all.
    context: int

    def shares(
        self, text: str, sentences: Sequence[Span], mentions: Sequence[Span], target: str
    ) -> tuple[Head, list[int], Floats]:
        """Return the head, the numbers of the sentences read, and what each adds (n_read + 1, n_labels)."""
        head = self.heads[target if target in self.heads else ""]
        read = list(range(len(sentences)))
        if mentions and self.context >= 0:
            read = sentences_around(sentences, mentions, self.context)
        return head, read, head.shares(self.reader.read(text, [sentences[i] for i in read], mentions))


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceModel:
    """Judges texts toward targets."""

    kind: str
    labels: tuple[str, ...]
    #: Patterns of the named targets, in the config's order.
    targets: Mapping[str, tuple[str, ...]]
    linear: LinearStances
    #: A stance whose best label is less probable is "unknown".
    unknown_below: float
    splitter: SentenceSplitter
    _mentions: dict[str, Mentions] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_mentions", {name: Mentions(p) for name, p in self.targets.items() if p})

    def judge(self, text: str, target: str | None = None) -> list[Stance]:
        """Return the stance of `text` toward each named target it mentions, in the order of `targets`.

        With `target`, toward that one alone: one learned, or any free text where the kind of the model is
        "pairs" or "general". A target with patterns that is not mentioned has no stance. Raises UsageError
        where a model of known targets is asked for another one.
        """
        lower, sentences, quotes = text.lower(), None, None
        found: list[Stance] = []
        for name, mentions in self._mentioned(text, lower, target):
            if sentences is None or quotes is None:
                sentences, quotes = self.splitter.spans(text), find_quotes(text)
            if sentences:
                found.append(self._judge(text, sentences, quotes, mentions, name))
        return found

    def _mentioned(self, text: str, lower: str, target: str | None) -> Iterator[tuple[str, list[Span]]]:
        for name, mentions in self._mentions.items():
            if target is None or target == name:
                spans = mentions.find(text, lower)
                if spans:
                    yield name, spans
        if target is None or target in self._mentions:
            return
        if "" in self.linear.heads:
            yield target, Mentions(free_patterns(target)).find(text, lower)
        elif target in self.linear.heads:
            yield target, []  # a target without patterns: asked for by name, the whole text is about it
        else:
            known = list(self.targets)
            raise UsageError(
                f"no stance was learned toward {target!r}; this artifact has: {', '.join(known)}{did_you_mean(target, known)}"
            )

    def _judge(
        self, text: str, sentences: Sequence[Span], quotes: Sequence[Quote], mentions: Sequence[Span], target: str
    ) -> Stance:
        head, read, shares = self.linear.shares(text, sentences, mentions, target)
        probabilities = head.probabilities(shares.sum(axis=0))
        best = int(np.argmax(probabilities))
        label, probability = self.labels[best], float(probabilities[best])
        for_it = shares[:-1, best]
        top = [i for i in np.argsort(-for_it, kind="stable")[:MAX_EVIDENCE] if for_it[i] > 0]
        spans = [sentences[i] for i in read]
        return Stance(
            target=target,
            label=label if probability >= self.unknown_below else UNKNOWN,
            probability=probability,
            evidence=tuple(Evidence(spans[i][0], spans[i][1], float(for_it[i])) for i in top),
            by="article" if label.lower() in NEUTRAL else voice_of(spans, for_it, quotes),
        )

    def strongest_cues(self, target: str, n: int = 10) -> dict[str, list[str]]:
        """Return for each label the `n` cues that speak for it most strongly toward `target`, strongest first."""
        head = self.linear.heads[target if target in self.linear.heads else ""]
        strongest = {}
        for i, label in enumerate(self.labels):
            weights = np.asarray(head.coef[:, i], np.float64) * self.linear.reader.idf
            order = np.argsort(-weights, kind="stable")
            # Pieces of words serve the score, and say little to a person.
            shown = (self.linear.reader.cues[j] for j in order if weights[j] > 0 and self.linear.reader.cues[j][0] != "~")
            strongest[label] = [cue for cue, _ in zip(shown, range(n), strict=False)]
        return strongest

    def parts(self) -> dict[str, Part]:
        """Return what is stored, by folder: "stance/shared" and one folder for each target."""
        reader = self.linear.reader
        folders: dict[str, str] = {}
        for name in self.linear.heads:
            folders[name] = slug(name or "any target", {"shared", *folders.values()})
        settings = {
            "kind": self.kind,
            "labels": list(self.labels),
            "targets": [{"name": name, "patterns": list(patterns)} for name, patterns in self.targets.items()],
            "heads": [{"target": name, "folder": folder} for name, folder in folders.items()],
            "unknown_below": self.unknown_below,
            "context": self.linear.context,
            "unseen": reader.unseen,
            "ngrams": list(reader.settings.ngrams),
            "chars": list(reader.settings.chars) if reader.settings.chars else None,
            "near": reader.settings.near,
            "mask": reader.settings.mask,
        }
        parts = {"stance/shared": Part(arrays=reader.arrays(), settings=settings)}
        for name, head in self.linear.heads.items():
            arrays: dict[str, npt.NDArray[Any]] = {"coef": head.coef, "intercept": head.intercept}
            parts[f"stance/{folders[name]}"] = Part(arrays=arrays, settings={"sharpness": head.sharpness})
        return parts

    @classmethod
    def from_parts(cls, parts: Mapping[str, Part], splitter: SentenceSplitter) -> StanceModel:
        """Rebuild from what `parts` returned."""
        shared = parts["stance/shared"]
        s = shared.settings
        cues = CueSettings(
            ngrams=(s["ngrams"][0], s["ngrams"][1]),
            chars=(s["chars"][0], s["chars"][1]) if s["chars"] else None,
            near=s["near"],
            mask=s["mask"],
        )
        heads = {}
        for entry in s["heads"]:
            part = parts[f"stance/{entry['folder']}"]
            heads[entry["target"]] = Head(
                coef=part.arrays["coef"],
                intercept=np.array(part.arrays["intercept"]),
                sharpness=float(part.settings["sharpness"]),
            )
        reader = CueReader.from_arrays(shared.arrays, float(s["unseen"]), cues)
        labels = tuple(s["labels"])
        return cls(
            kind=s["kind"],
            labels=labels,
            targets={entry["name"]: tuple(entry["patterns"]) for entry in s["targets"]},
            linear=LinearStances(labels=labels, reader=reader, heads=heads, context=s["context"]),
            unknown_below=float(s["unknown_below"]),
            splitter=splitter,
        )


def voice_of(spans: Sequence[Span], weights: Floats, quotes: Sequence[Quote]) -> str:
    """Return the speaker whose quoted sentences carry most of the positive weight, or "article"."""
    by: dict[str, float] = {}
    for (start, end), weight in zip(spans, weights.tolist(), strict=True):
        if weight <= 0:
            continue
        inside: dict[str, int] = {}
        for quote in quotes:
            overlap = min(end, quote.span[1]) - max(start, quote.span[0])
            if overlap > 0 and quote.speaker is not None:
                inside[quote.speaker] = inside.get(quote.speaker, 0) + overlap
        speaker = max(inside, key=inside.__getitem__) if inside else "article"
        # Half a sentence of quotation is enough: the rest of it is the attribution.
        voice = speaker if inside and inside[speaker] * 2 >= end - start else "article"
        by[voice] = by.get(voice, 0.0) + weight
    total = sum(by.values())
    return next((voice for voice, weight in by.items() if weight >= MOSTLY * total), "article")
