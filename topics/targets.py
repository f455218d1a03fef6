"""Stances by linear models: known targets each with a head, or one head for any target.

Owns: `LinearStances`: which sentences are read, whose head judges, what is stored.
Does not know: how heads were fitted (`training/stance_linear`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.artifact import Part, slug
from topics.cues import CueReader, CueSettings, Head, Verdict
from topics.mentions import sentences_around
from topics.pages import Span

#: Sentences shown for a stance, at most.
MAX_EVIDENCE = 3
#: Words or characters in a run, between a pair or beside a mention, at most.
MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearStances:
    """Linear heads over the cues around the mentions."""

    labels: tuple[str, ...]
    reader: CueReader
    #: By target; the empty name serves targets never seen.
    heads: Mapping[str, Head]
    #: Sentences read on either side of a mention; below 0, all.
    context: int
    #: How many of the cues, the first, occurred in examples; others have their weight from words like them. None: all.
    seen: int | None = None
    #: Judges the targets it has heads for, reading their mentions as they are; the heads here then serve all others.
    known: LinearStances | None = None

    def head(self, target: str) -> Head:
        """Return what judges `target`."""
        return self.heads[target if target in self.heads else ""]

    def for_target(self, target: str) -> LinearStances:
        """Return the model that judges `target`: this one, or the one of the targets known."""
        return self.known if self.known is not None and target in self.known.heads else self

    def judge(self, text: str, sentences: Sequence[Span], mentions: Sequence[Span], target: str) -> Verdict:
        """Return the judgment of the sentences around `mentions`, or of all where there is no mention."""
        if self.for_target(target) is not self:
            return self.for_target(target).judge(text, sentences, mentions, target)
        head, read = self.head(target), list(sentences)
        if mentions and self.context >= 0:
            read = [sentences[i] for i in sentences_around(sentences, mentions, self.context)]
        shares = head.shares(self.reader.read(text, read, mentions))
        probabilities = head.probabilities(shares.sum(axis=0))
        best = int(np.argmax(probabilities))
        for_it = shares[:-1, best]
        top = np.argsort(-for_it, kind="stable")[:MAX_EVIDENCE].tolist()
        return Verdict(
            label=best,
            probabilities=probabilities,
            read=tuple(read),
            shares=for_it,
            rest=float(shares[-1, best]),
            evidence=tuple(i for i in top if for_it[i] > 0),
        )

    def strongest_cues(self, target: str, n: int) -> dict[str, list[str]]:
        """Return for each label the `n` words and runs of words that speak for it most strongly, strongest first."""
        by = self.for_target(target)
        coef, cues = np.asarray(by.head(target).coef, np.float64), by.reader.cues
        strongest = {}
        for i, label in enumerate(self.labels):
            weights = coef[: by.seen, i] * by.reader.idf[: by.seen]
            order = np.argsort(-weights, kind="stable").tolist()
            # Pieces of words serve the score, and say little to a person.
            shown = (cues[j] for j in order if weights[j] > 0 and cues[j][0] != "~")
            strongest[label] = [cue for cue, _ in zip(shown, range(n), strict=False)]
        return strongest

    def parts(self, room: str = "stance/", taken: frozenset[str] = frozenset({"shared", "known"})) -> dict[str, Part]:
        """Return what is stored: "stance/cues", a folder for each target, and "stance/known-..." for the targets known."""
        prefix = room.partition("/")[2]
        folders: dict[str, str] = {}
        for name in self.heads:
            folders[name] = slug(prefix + (name or "any target"), taken | {f"{prefix}cues", *folders.values()})
        cues = self.reader.settings
        settings = {
            "labels": list(self.labels),
            "heads": [{"target": name, "folder": folder} for name, folder in folders.items()],
            "context": self.context,
            "unseen": self.reader.unseen,
            "ngrams": list(cues.ngrams),
            "chars": list(cues.chars) if cues.chars else None,
            "skip": cues.skip,
            "near": cues.near,
            "mask": cues.mask,
            "balance": cues.balance,
            "known": self.known is not None,
            "seen": self.seen,
        }
        parts = {f"{room}cues": Part(arrays=self.reader.arrays(), settings=settings)}
        for name, head in self.heads.items():
            arrays: dict[str, npt.NDArray[Any]] = {"coef": head.coef, "intercept": head.intercept}
            parts[f"stance/{folders[name]}"] = Part(arrays=arrays, settings={"sharpness": head.sharpness})
        if self.known is not None:
            parts |= self.known.parts("stance/known-", taken | set(folders.values()))
        return parts

    @classmethod
    def from_parts(cls, parts: Mapping[str, Part], room: str = "stance/") -> LinearStances:
        """Rebuild from what `parts` returned."""
        s = parts[f"{room}cues"].settings
        cues = CueSettings(
            ngrams=(s["ngrams"][0], s["ngrams"][1]),
            chars=(s["chars"][0], s["chars"][1]) if s["chars"] else None,
            skip=s["skip"],
            near=s["near"],
            mask=s["mask"],
            balance=s["balance"],
        )
        heads = {}
        for entry in s["heads"]:
            part = parts[f"stance/{entry['folder']}"]
            heads[entry["target"]] = Head(
                coef=part.arrays["coef"],
                intercept=np.array(part.arrays["intercept"]),
                sharpness=float(part.settings["sharpness"]),
            )
        reader = CueReader.from_arrays(parts[f"{room}cues"].arrays, float(s["unseen"]), cues)
        _check(reader, heads, len(s["labels"]))
        return cls(
            labels=tuple(s["labels"]),
            reader=reader,
            heads=heads,
            context=s["context"],
            seen=s.get("seen"),
            known=cls.from_parts(parts, "stance/known-") if s["known"] and room == "stance/" else None,
        )


def _check(reader: CueReader, heads: Mapping[str, Head], labels: int) -> None:
    """Raise ValueError where settings would take for ever, or arrays do not belong to the cues and labels."""
    s, cues = reader.settings, len(reader.cues)
    numbers = (*s.ngrams, *(s.chars or (1, 1)), s.skip + 1, s.near + 1)
    if any(type(n) is not int or not 1 <= n <= MOST for n in numbers):
        raise ValueError(f"stance: runs, gaps or neighbors that are not 0 to {MOST}")
    if reader.idf.shape != (cues,) or any(
        h.coef.shape != (cues, labels) or h.intercept.shape != (labels,) for h in heads.values()
    ):
        raise ValueError("stance: cues, weights and coefficients of different numbers")
