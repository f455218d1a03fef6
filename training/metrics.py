"""How good labels are: accuracy, F1, calibration, and how sure of it the size of the test side lets us be.

Owns: the measures and their bootstrap intervals, as functions of labels and probabilities.
Does not know: models, articles, reports.

Definitions are scikit-learn's; expected calibration error after Naeini et al. 2015, with 15 equal-width bins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % bootstrap interval; without samples both ends are the value."""

    value: float
    low: float
    high: float


def confusion(truth: Ints, guess: Ints, n_labels: int) -> Ints:
    """Return the (n_labels, n_labels) matrix of counts: rows the true label, columns the guess."""
    return np.bincount(truth * n_labels + guess, minlength=n_labels * n_labels).reshape(n_labels, n_labels).astype(np.int64)


def accuracy(matrix: Ints) -> float:
    """Return the share of right guesses; 0 for an empty matrix."""
    return float(np.trace(matrix) / max(1, matrix.sum()))


def per_label(matrix: Ints) -> tuple[Floats, Floats, Floats]:
    """Return precision, recall and F1 of each label; 0 where there is nothing to divide by."""
    hits = np.diag(matrix).astype(np.float64)
    guessed, true = matrix.sum(axis=0), matrix.sum(axis=1)
    precision = np.divide(hits, guessed, out=np.zeros_like(hits), where=guessed > 0)
    recall = np.divide(hits, true, out=np.zeros_like(hits), where=true > 0)
    f1 = np.divide(2 * hits, guessed + true, out=np.zeros_like(hits), where=(guessed + true) > 0)
    return precision, recall, f1


def macro_f1(matrix: Ints) -> float:
    """Return the mean F1 of the labels that are true or guessed somewhere."""
    present = (matrix.sum(axis=0) + matrix.sum(axis=1)) > 0
    return float(per_label(matrix)[2][present].mean()) if present.any() else 0.0


def expected_calibration_error(probability: Floats, right: npt.NDArray[np.bool_], n_bins: int = 15) -> float:
    """Return the mean gap between stated probability and share of right guesses, weighted by bin size, 0 to 1."""
    if not len(probability):
        return 0.0
    bins = np.minimum((probability * n_bins).astype(np.int64), n_bins - 1)
    size = np.bincount(bins, minlength=n_bins)
    gap = np.abs(np.bincount(bins, weights=probability, minlength=n_bins) - np.bincount(bins, weights=right, minlength=n_bins))
    return float(gap.sum() / size.sum())


def reliability(probability: Floats, right: npt.NDArray[np.bool_], n_bins: int = 15) -> list[dict[str, float]]:
    """Return, for each bin that holds anything, its mean probability, share of right guesses and size."""
    bins = np.minimum((probability * n_bins).astype(np.int64), n_bins - 1)
    return [
        {
            "probability": float(probability[bins == b].mean()),
            "right": float(right[bins == b].mean()),
            "n": int((bins == b).sum()),
        }
        for b in range(n_bins)
        if (bins == b).any()
    ]


def coverage(probability: Floats, right: npt.NDArray[np.bool_], n_points: int = 40) -> list[dict[str, float]]:
    """Return what answering only the surest would give: share answered, share of wrong answers, least probability answered.

    At most `n_points` points, the surest first, the last one with everything answered; equal probabilities are answered
    together. (The risk-coverage curve of El-Yaniv and Wiener 2010.)
    """
    order = np.argsort(-probability, kind="stable")
    sure, wrong = probability[order], np.cumsum(~right[order])
    # The last place of every run of equal probabilities.
    ends = np.flatnonzero(np.append(sure[1:] < sure[:-1], True)) if len(sure) else np.zeros(0, np.int64)
    if len(ends) > n_points:
        ends = ends[np.unique(np.linspace(0, len(ends) - 1, n_points).round().astype(np.int64))]
    return [
        {"coverage": (i + 1) / len(sure), "error": float(wrong[i]) / (i + 1), "probability": float(sure[i])}
        for i in ends.tolist()
    ]


def bootstrap(truth: Ints, guess: Ints, n_labels: int, measure: Callable[[Ints], float], n_samples: int, seed: int) -> Interval:
    """Return `measure` of the confusion matrix with its 95 % percentile interval over resampled articles.

    Resampling articles is drawing the cells of the matrix from a multinomial: the same distribution, without the articles.
    """
    matrix = confusion(truth, guess, n_labels)
    value, n = measure(matrix), int(matrix.sum())
    if not n_samples or not n:
        return Interval(value, value, value)
    # One sample at a time, and only cells that hold anything: a thousand labels have a million cells.
    cells = np.flatnonzero(matrix)
    share = matrix.ravel()[cells] / n
    random = np.random.default_rng([seed, 2])
    values = np.empty(n_samples)
    for i in range(n_samples):
        drawn = np.zeros_like(matrix)
        drawn.ravel()[cells] = random.multinomial(n, share)
        values[i] = measure(drawn)
    return Interval(value, float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975)))


def numbered(labels: Sequence[str], names: Sequence[str]) -> Ints:
    """Return each label's place in `names`."""
    place = {name: i for i, name in enumerate(names)}
    return np.array([place[label] for label in labels], dtype=np.int64)
