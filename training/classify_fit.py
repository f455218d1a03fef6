"""Fit one linear model: weights in, a coefficient for each label and term out.

Owns: the models and their solvers' settings. The door to scikit-learn's linear models.
Does not know: which is best (`classify_choose`), calibration.

Every solver runs on one thread with a fixed seed, and none shares state with another: the same articles give the
same bits, however many run side by side. (liblinear draws its random numbers from one place in the process; where it is
used, fits follow each other.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from topics.terms import Ints
from topics.tfidf import Floats, Weights
from training.classify_target import Target

#: Stored weights from which our solver pays: so many were counted by kernels, so that numba is there, and scikit-learn
#: takes a second to import. Below, liblinear is done before numba has started.
WORTH = 200_000
#: Span of the projected gradients at which a label is done. From 0.3 down to 0.01, not one of 7,532 posts of 20 Newsgroups in
#: 2,000 changed its label; passes went from 9 to 22.
TOLERANCE = 0.3
MOST_PASSES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One candidate: a kind of model and its settings."""

    model: str
    #: Inverse strength of regularization; unused by complement_nb.
    c: float
    #: Added to term weights by the naive Bayes parts.
    smoothing: float
    #: Errors on rare labels weigh more.
    balanced: bool
    seed: int

    @property
    def name(self) -> str:
        """What the model is called in reports."""
        return f"{self.model}, {f'smoothing = {self.smoothing:g}' if self.model == 'complement_nb' else f'c = {self.c:g}'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Weights of all labels, and for a support vector machine the multipliers they are made of."""

    #: (n_labels, n_terms)
    coef: Floats
    #: (n_labels,)
    intercept: Floats
    #: (n, n_labels), or None for other models.
    alpha: Floats | None = None


def matrix(weights: Weights) -> Any:  # noqa: ANN401 - scipy has no types
    """Return the weights as a scipy matrix (n, n_terms), sharing memory."""
    return csr_matrix((weights.data, weights.indices, weights.indptr), shape=(len(weights), weights.n_terms), copy=False)


def fit_linear(data: Any, target: Target, fit: Fit, rows: Ints, start: Solution | None = None) -> Solution:  # noqa: ANN401
    """Fit one label against the rest on the articles `rows` of `data`.

    A label that none or all of them have gets no weights and an intercept of -1 or 1. `start` is a solution for
    more articles: a support vector machine is solved anew from there, in half the passes.
    """
    members = target.members[rows]
    if fit.model == "complement_nb":
        coef, intercept = _complement_nb(data[rows], members, fit.smoothing), np.zeros(target.n_labels)
        alpha = None
    elif fit.model == "svm" and data.nnz >= WORTH:
        coef, intercept, alpha = _svm(data, target, fit, rows, start)
    else:
        coef, intercept = _by_scikit_learn(data[rows], members, fit)
        alpha = None
    for j in np.flatnonzero(members.all(axis=0) | ~members.any(axis=0)):
        coef[j] = 0.0
        intercept[j] = 1.0 if members[:, j].all() else -1.0
    return Solution(coef=coef, intercept=intercept, alpha=alpha)


def prices(members: npt.NDArray[np.bool_], fit: Fit) -> tuple[Floats, Floats]:
    """Return the price of an error on articles with and without each label, (n_labels,) each.

    Balanced: the articles of a label smaller than average weigh by the root of how much smaller; the full ratio gave
    labels of two or three articles more than their due (Reuters R52, cross-validated macro-F1 0.757, 0.778, 0.77).
    """
    outside = np.full(members.shape[1], fit.c)
    if not fit.balanced:
        return outside, outside
    size = np.maximum(members.sum(axis=0), 1)
    return fit.c * np.maximum(1.0, np.sqrt(members.sum() / members.shape[1] / size)), outside


def _svm(data: Any, target: Target, fit: Fit, rows: Ints, start: Solution | None) -> tuple[Floats, Floats, Floats]:  # noqa: ANN401
    from topics import kernels, kernels_svm

    kernels.ready(kernels_svm.solve)
    inside, outside = prices(target.members[rows], fit)
    # Common terms first: their weights lie close together, and more of them stay in the cache.
    order = np.argsort(-np.bincount(data.indices, minlength=data.shape[1]), kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    if start is None or start.alpha is None:
        alpha = np.zeros((data.shape[0], target.n_labels))
        weights, intercept = np.zeros((data.shape[1], target.n_labels)), np.zeros(target.n_labels)
    else:
        alpha = start.alpha.copy()
        left = np.ones(data.shape[0], bool)
        left[rows] = False
        gone = np.flatnonzero(left & alpha.any(axis=1))
        signed = np.where(target.members[gone], alpha[gone], -alpha[gone])
        weights = (start.coef.T - data[gone].T @ signed)[order]
        intercept = start.intercept - signed.sum(axis=0)
        alpha[left] = 0.0
    kernels_svm.solve(
        data.indptr.astype(np.int64, copy=False), place[data.indices], data.data, rows.astype(np.int64), target.members,
        inside, outside, TOLERANCE, MOST_PASSES, fit.seed, alpha, weights, intercept,
    )  # fmt: skip
    return weights[place].T, intercept, alpha


def _by_scikit_learn(data: Any, members: npt.NDArray[np.bool_], fit: Fit) -> tuple[Floats, Floats]:  # noqa: ANN401
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.svm import LinearSVC

    n_labels = members.shape[1]
    coef, intercept = np.zeros((data.shape[1], n_labels)).T, np.zeros(n_labels)
    inside, outside = prices(members, fit)
    for j in range(n_labels):
        yes = members[:, j]
        if yes.all() or not yes.any():
            continue
        price = {True: inside[j] / outside[j], False: 1.0}
        here, ratio = data, None
        if fit.model == "nb_svm":
            ratio = np.abs(_log_ratio(data, yes, fit.smoothing))
            here = data.multiply(ratio[None, :]).tocsr()
        if fit.model == "logistic":
            model: Any = LogisticRegression(C=fit.c, class_weight=price, solver="newton-cg", tol=1e-3)
        elif fit.model == "ridge":
            model = Ridge(alpha=1.0 / fit.c, solver="sparse_cg", tol=1e-4)
        else:
            model = LinearSVC(C=fit.c, class_weight=price, random_state=fit.seed)
        if fit.model == "ridge":
            model.fit(here, np.where(yes, 1.0, -1.0), sample_weight=np.where(yes, price[True], 1.0))
        else:
            model.fit(here, yes)
        coef[j], intercept[j] = np.ravel(model.coef_), float(np.ravel(model.intercept_)[0])
        if ratio is not None:
            coef[j] *= ratio
    return coef, intercept


def _log_ratio(data: Any, yes: npt.NDArray[np.bool_], smoothing: float) -> Floats:  # noqa: ANN401
    """Return ln of how much more often each term is used inside a label than outside (Wang and Manning 2012)."""
    inside = np.asarray(data[np.flatnonzero(yes)].sum(axis=0)).ravel() + smoothing
    outside = np.asarray(data[np.flatnonzero(~yes)].sum(axis=0)).ravel() + smoothing
    return np.asarray(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))


def _complement_nb(data: Any, members: npt.NDArray[np.bool_], smoothing: float) -> Floats:  # noqa: ANN401
    """Complement naive Bayes (Rennie et al. 2003): what the other labels do not use speaks for this one."""
    return complement_coefficients(data.T @ members.astype(np.float64), np.asarray(data.sum(axis=0)).ravel(), smoothing)


def complement_coefficients(inside: Floats, whole: Floats, smoothing: float) -> Floats:
    """Return (n_labels, n_terms) from sums of weights: of each label's articles, (n_terms, n_labels), and of all, (n_terms,)."""
    outside = whole[:, None] - inside
    # Sums of the same numbers in another order can differ in the last bit, also below zero.
    outside = np.maximum(outside, 0.0) + smoothing
    return np.asarray((-np.log(outside / outside.sum(axis=0)) - np.log(len(whole))).T)
