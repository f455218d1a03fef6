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


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearStances:
    """Linear heads over the cues around the mentions."""

    labels: tuple[str, ...]
    reader: CueReader
    #: By target; the empty name serves targets never seen.
    heads: Mapping[str, Head]
    #: Sentences read on either side of a mention; below 0, all.
    context: int

    def head(self, target: str) -> Head:
        """Return what judges `target`."""
        return self.heads[target if target in self.heads else ""]

    def judge(self, text: str, sentences: Sequence[Span], mentions: Sequence[Span], target: str) -> Verdict:
        """Return the judgment of the sentences around `mentions`, or of all where there is no mention."""
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
        coef, cues = np.asarray(self.head(target).coef, np.float64), self.reader.cues
        strongest = {}
        for i, label in enumerate(self.labels):
            weights = coef[:, i] * self.reader.idf
            order = np.argsort(-weights, kind="stable").tolist()
            # Pieces of words serve the score, and say little to a person.
            shown = (cues[j] for j in order if weights[j] > 0 and cues[j][0] != "~")
            strongest[label] = [cue for cue, _ in zip(shown, range(n), strict=False)]
        return strongest

    def parts(self) -> dict[str, Part]:
        """Return what is stored: "stance/cues" and a folder for each target."""
        folders: dict[str, str] = {}
        for name in self.heads:
            folders[name] = slug(name or "any target", {"shared", "cues", *folders.values()})
        cues = self.reader.settings
        settings = {
            "labels": list(self.labels),
            "heads": [{"target": name, "folder": folder} for name, folder in folders.items()],
            "context": self.context,
            "unseen": self.reader.unseen,
            "ngrams": list(cues.ngrams),
            "chars": list(cues.chars) if cues.chars else None,
            "near": cues.near,
            "mask": cues.mask,
        }
        parts = {"stance/cues": Part(arrays=self.reader.arrays(), settings=settings)}
        for name, head in self.heads.items():
            arrays: dict[str, npt.NDArray[Any]] = {"coef": head.coef, "intercept": head.intercept}
            parts[f"stance/{folders[name]}"] = Part(arrays=arrays, settings={"sharpness": head.sharpness})
        return parts

    @classmethod
    def from_parts(cls, parts: Mapping[str, Part]) -> LinearStances:
        """Rebuild from what `parts` returned."""
        s = parts["stance/cues"].settings
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
        return cls(
            labels=tuple(s["labels"]),
            reader=CueReader.from_arrays(parts["stance/cues"].arrays, float(s["unseen"]), cues),
            heads=heads,
            context=s["context"],
        )
