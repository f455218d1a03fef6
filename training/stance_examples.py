"""Examples of stances, the folds they are judged in, and the measures they are judged by.

Owns: `StanceExample`, grouped folds, the scores of the shared tasks.
Does not know: models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.metrics import Interval, bootstrap, confusion, macro_f1, per_label

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: SemEval's measure and FNC's know these labels by name, in any case.
_SIDES = ("favor", "against", "favour", "for", "pro", "con", "agree", "disagree")


@dataclass(frozen=True, slots=True)
class StanceExample:
    """A text, a target and the label somebody gave."""

    text: str
    target: str
    label: str
    #: Page, story or body: examples of one group are fitted on together or not at all.
    group: str


def grouped_folds(examples: Sequence[StanceExample], n_folds: int, seed: int) -> Ints:
    """Return the fold of each example, 0 to n_folds - 1.

    Groups go, largest first, to the fold that so far has least of their labels; equal ones in seeded order.
    """
    members: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        members.setdefault(example.group, []).append(i)
    names = sorted(members)
    shuffled = [names[i] for i in np.random.default_rng([seed, 5]).permutation(len(names))]
    # Many targets with few examples each, such as claims: their labels alone are spread evenly.
    few = len({e.target for e in examples}) <= 50
    kinds = [(e.target if few else "", e.label) for e in examples]
    number = {kind: i for i, kind in enumerate(sorted(set(kinds)))}
    of = [number[kind] for kind in kinds]
    filled = np.zeros((n_folds, len(number)))
    fold = np.zeros(len(examples), np.int64)
    for name in sorted(shuffled, key=lambda g: -len(members[g])):
        counts = Counter(of[i] for i in members[name])
        share = np.array([sum(filled[f, k] * n for k, n in sorted(counts.items())) for f in range(n_folds)])
        best = int(np.lexsort((filled.sum(axis=1), share))[0])
        for kind, n in counts.items():
            filled[best, kind] += n
        fold[members[name]] = best
    return fold


def measure(metric: str, truth: Ints, guess: Ints, labels: Sequence[str]) -> float:
    """Return the score of `guess` by the name of a measure, 0 to 1; see `measure_of`."""
    return measure_of(metric, confusion(truth, guess, len(labels)), labels)


def measure_of(metric: str, matrix: Ints, labels: Sequence[str]) -> float:
    """Return the score of a confusion matrix, true labels in rows, by the name of a measure, 0 to 1.

    semeval: mean F1 of the two sides over all targets together (Mohammad et al. 2016). fnc: a quarter for
    related or not, the rest for the right one of agree, disagree, discuss (Pomerleau and Rao 2017).
    """
    if metric == "accuracy":
        return float(np.trace(matrix) / max(1, matrix.sum()))
    if metric == "semeval":
        sides = [i for i, label in enumerate(labels) if label.lower() in _SIDES]
        return float(per_label(matrix)[2][sides].mean()) if sides else macro_f1(matrix)
    if metric == "fnc":
        related = np.array([label.lower() != "unrelated" for label in labels])
        right = np.eye(len(labels))
        points = np.where(related[:, None], 0.25 * related[None, :] + 0.75 * right, 0.25 * right)
        most = (matrix.sum(axis=1) * np.where(related, 1.0, 0.25)).sum()
        return float((matrix * points).sum() / max(most, 1e-9))
    return macro_f1(matrix)


def interval(metric: str, truth: Ints, guess: Ints, labels: Sequence[str], n_samples: int, seed: int) -> Interval:
    """Return the score by the name of a measure, with its 95 % bootstrap interval."""
    return bootstrap(truth, guess, len(labels), lambda matrix: measure_of(metric, matrix, labels), n_samples, seed)
