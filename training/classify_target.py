"""What is to be learned: which labels each article has, and how well scores tell.

Owns: `Target`, accuracy and F1 of a decision.
Does not know: models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics.tfidf import Floats

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be learned for n articles."""

    n_labels: int
    #: (n, n_labels) which labels each article has.
    members: Flags
    multi_label: bool

    @classmethod
    def of(cls, topics: Sequence[tuple[str, ...]], labels: tuple[str, ...], multi_label: bool) -> Target:
        """Build from names. Of several topics of an article, single-label learning takes the first."""
        number = {label: i for i, label in enumerate(labels)}
        members = np.zeros((len(topics), len(labels) + 1), bool)
        if multi_label:
            for i, row in enumerate(topics):
                for topic in row:
                    members[i, number[topic]] = True
        else:
            firsts = (number[row[0]] if row else len(labels) for row in topics)
            members[np.arange(len(topics)), np.fromiter(firsts, np.int64, len(topics))] = True
        members = np.ascontiguousarray(members[:, :-1])
        return cls(n_labels=len(labels), members=members, multi_label=multi_label)

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """(n,) the label number of each article; single-label only."""
        return np.asarray(self.members.argmax(axis=1))

    def rows(self, which: npt.NDArray[np.integer]) -> Target:
        """Return the target of the articles `which`."""
        return Target(n_labels=self.n_labels, members=self.members[which], multi_label=self.multi_label)

    def quality(self, scores: Floats) -> dict[str, float]:
        """Return accuracy (micro-F1 where several labels are allowed) and macro-F1 of deciding by held-out `scores`.

        One label: the best. Several: those above the level that is best for all labels together, as calibration will find
        it; at 0, where an error costs least, rare labels are hardly ever given.
        """
        if not self.multi_label:
            return self.quality_of(chosen(scores))
        levels = np.linspace(-1.0, 0.5, 31) * (float(np.abs(scores).mean()) or 1.0)
        return max((self.quality_of(scores > level) for level in levels), key=lambda found: found["accuracy"])

    def quality_of(self, said: Flags) -> dict[str, float]:
        """Return accuracy (micro-F1 where several labels are allowed) and macro-F1 of labels given, (n, n_labels)."""
        right = (said & self.members).sum(axis=0)
        given, true = said.sum(axis=0), self.members.sum(axis=0)
        used = given + true > 0
        macro = float((2.0 * right[used] / (given + true)[used]).mean()) if used.any() else 0.0
        both = int(given.sum() + true.sum())
        return {"accuracy": float(2.0 * right.sum() / both) if both else 0.0, "macro_f1": macro}


def chosen(scores: Floats) -> Flags:
    """Return flags (n, n_labels) of the best label of each article; ties go to the first."""
    flags = np.zeros(scores.shape, bool)
    flags[np.arange(len(scores)), scores.argmax(axis=1)] = True
    return flags
