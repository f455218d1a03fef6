"""Fit linear stance heads: one for each target beside what all share, or one for any target.

Owns: the one problem that all targets are fitted in, NB weights, weights of examples.
Does not know: what a cue is (`topics/cues`), how settings are chosen (`stance_choose`).

Each example's cues stand once in its target's own columns and once, weighted by `shared`, in columns common to
all (Daume 2007, Frustratingly easy domain adaptation). The two add up to one coefficient for each cue and target,
so that sharing costs nothing when judging.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from training.stance_cues import Cues, Likeness
from training.stance_examples import Floats, Ints


@dataclass(frozen=True, slots=True)
class Choice:
    """What cross-validation chooses."""

    c: float
    shared: float
    #: Whether cues are weighed by unevenness; two: the mean of two fits, one of each kind.
    nb: tuple[bool, ...]
    #: Whether errors on rare labels weigh more.
    balanced: bool
    #: Weight of what words alike say together; 0: each speaks for itself.
    alike: float = 0.0
    #: Whether sorts of cues weigh alike.
    balance: bool = True

    def to_dict(self) -> dict[str, float | bool | str]:
        """Return the choice in the words of the settings."""
        nb = "both" if len(self.nb) > 1 else self.nb[0]
        weight = "balanced" if self.balanced else "none"
        return {
            "c": self.c,
            "shared": self.shared,
            "nb": nb,
            "class_weight": weight,
            "alike": self.alike,
            "balance": self.balance,
        }

    def __str__(self) -> str:
        return ", ".join(f"{name} {str(value).lower()}" for name, value in self.to_dict().items())


def fit_heads(
    matrix: sparse.csr_array,
    carried: npt.NDArray[np.bool_],
    corpus: Cues,
    choice: Choice,
    seed: int,
    likeness: Likeness | None = None,
) -> tuple[list[Floats], Floats]:
    """Return for each target its (n_cues, n_labels) coefficients, and the (n_targets, n_labels) intercepts.

    carried: (n_cues,) the columns that may say something; the others only lengthen the rows of `matrix`. likeness: of the
    columns; what words alike say together stands in columns of its own and is folded into their coefficients.
    Both are centered: they sum to 0 over the labels, so that a share for one label is a share against the others.
    """
    n_targets, n_labels, n_words, shared = corpus.n_targets, corpus.n_labels, matrix.shape[1], choice.shared
    target, label = corpus.target, corpus.label
    together = likeness.project(matrix) * choice.alike if likeness is not None and choice.alike > 0 else None
    matrix = sparse.csr_array(matrix @ sparse.diags_array(carried.astype(np.float64)))
    matrix.eliminate_zeros()
    if together is not None:
        matrix = sparse.csr_array(sparse.hstack([matrix, sparse.csr_array(together)], format="csr"))
    n_cues = matrix.shape[1]
    own = sparse.csr_array((np.ones(len(target)), (np.arange(len(target)), target)), shape=(len(target), n_targets))
    blocks = [matrix * shared] if shared > 0 else []
    # Column t * n_cues + j of the second block is cue j in an example of target t.
    rows = np.repeat(np.arange(len(target)), np.diff(matrix.indptr))
    moved = sparse.csr_array(
        (matrix.data, target[rows] * n_cues + matrix.indices, matrix.indptr), shape=(len(target), n_targets * n_cues)
    )
    stacked = sparse.csr_matrix(sparse.hstack([*blocks, moved, own], format="csr"))
    stacked.indices, stacked.indptr = stacked.indices.astype(np.int32), stacked.indptr.astype(np.int32)  # liblinear's integers
    weight = _example_weights(target, label, n_labels) if choice.balanced else np.ones(len(label))
    weight = weight * corpus.label_weights[label]
    full = np.zeros((n_labels, stacked.shape[1]))
    # One label against the others, each by itself; two labels are one question.
    for k in [1] if n_labels == 2 else range(n_labels):
        of_label = label == k
        if of_label.all() or not of_label.any():
            full[k, -n_targets:] = 1.0 if of_label.all() else -1.0
            continue
        for nb in choice.nb:
            scale = np.ones(stacked.shape[1])
            if nb:
                scale[: stacked.shape[1] - n_targets] = np.tile(_scales(matrix, n_words, of_label), n_targets + (shared > 0))
            svm = LinearSVC(C=choice.c, random_state=seed, fit_intercept=False, dual=True, tol=1e-3, max_iter=5000)
            svm.fit(stacked @ sparse.diags(scale), of_label, sample_weight=weight)
            # The mean of linear models over the same cues is one linear model, explained as exactly.
            full[k] += svm.coef_[0] * scale / len(choice.nb)
    if n_labels == 2:
        full[0] = -full[1]
    full -= full.mean(axis=0)
    offset = n_cues if shared > 0 else 0
    common = full[:, :offset] * shared if shared > 0 else np.zeros((n_labels, n_cues))
    coef = []
    for t in range(n_targets):
        both = common + full[:, offset + t * n_cues : offset + (t + 1) * n_cues]
        if likeness is not None and together is not None:
            both = both[:, :n_words] + choice.alike * likeness.fold(both[:, n_words:])
        coef.append(np.ascontiguousarray(both.T))
    return coef, np.ascontiguousarray(full[:, offset + n_targets * n_cues :].T)


def _scales(matrix: sparse.csr_array, n_words: int, of_label: npt.NDArray[np.bool_]) -> Floats:
    """Return (n_columns,) the unevenness of the first `n_words` cues, and 1 for the axes of words alike after them."""
    scales = np.ones(matrix.shape[1])
    scales[:n_words] = unevenness(matrix[:, :n_words], of_label)
    return scales


def unevenness(matrix: sparse.csr_array, of_label: npt.NDArray[np.bool_]) -> Floats:
    """Return (n_cues,) weights of mean square 1: how unevenly each cue falls on a label and on the others.

    The log-count ratio of Wang and Manning 2012 without its sign, a quarter of it evened out as they do.
    """
    there = np.bincount(matrix[np.flatnonzero(of_label)].indices, minlength=matrix.shape[1]) + 1.0
    elsewhere = np.bincount(matrix[np.flatnonzero(~of_label)].indices, minlength=matrix.shape[1]) + 1.0
    ratio = np.abs(np.log((there / there.sum()) / (elsewhere / elsewhere.sum())))
    ratio = 0.75 * ratio + 0.25 * ratio.mean()
    size = np.sqrt((ratio**2).mean())
    # Where every cue falls evenly none is worth more than another.
    return np.asarray(ratio / size) if size > 0 else np.ones(len(ratio))


def _example_weights(target: Ints, label: Ints, n_labels: int) -> Floats:
    """Weigh examples so that each target's labels count alike."""
    cell = target * n_labels + label
    size = np.bincount(cell)
    present = np.zeros(int(target.max()) + 1)
    np.add.at(present, np.flatnonzero(size) // n_labels, 1)
    total = np.bincount(target)
    return np.asarray(total[target] / (present[target] * size[cell]))
