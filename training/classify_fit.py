"""Fit one linear model: weights in, a coefficient for each label and term out.

Owns: the models and their solvers' settings.
Does not know: which is best (`classify`), calibration.

Every solver runs on one thread with a fixed seed: the same articles give the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from topics.tfidf import Floats, Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One candidate: a kind of model and its settings."""

    model: str
    #: Inverse strength of regularization.
    c: float
    #: Errors on rare labels weigh more.
    balanced: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be learned for n articles."""

    n_labels: int
    #: (n, n_labels) which labels each article has.
    members: npt.NDArray[np.bool_]
    multi_label: bool

    @classmethod
    def of(cls, topics: Sequence[tuple[str, ...]], labels: tuple[str, ...], multi_label: bool) -> Target:
        """Build from names. Of several topics of an article, single-label learning takes the first."""
        number = {label: i for i, label in enumerate(labels)}
        members = np.zeros((len(topics), len(labels)), bool)
        for i, row in enumerate(topics):
            for topic in row if multi_label else row[:1]:
                members[i, number[topic]] = True
        return cls(n_labels=len(labels), members=members, multi_label=multi_label)

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """(n,) the label number of each article; single-label only."""
        return np.asarray(self.members.argmax(axis=1))

    def rows(self, which: npt.NDArray[np.integer]) -> Target:
        """Return the target of the articles `which`."""
        return Target(n_labels=self.n_labels, members=self.members[which], multi_label=self.multi_label)

    def quality(self, scores: Floats) -> dict[str, float]:
        """Return accuracy (or micro-F1 where several labels are allowed) and macro-F1 of deciding by `scores`."""
        if self.multi_label:
            said = scores > 0
            micro = float(f1_score(self.members, said, average="micro", zero_division=0))
            return {"accuracy": micro, "macro_f1": float(f1_score(self.members, said, average="macro", zero_division=0))}
        said, true = scores.argmax(axis=1), self.numbers
        macro = float(f1_score(true, said, average="macro", zero_division=0))
        return {"accuracy": float((said == true).mean()), "macro_f1": macro}


def matrix(weights: Weights) -> Any:  # noqa: ANN401 - scipy has no types
    """Return the weights as a scipy matrix (n, n_terms), sharing memory."""
    return csr_matrix((weights.data, weights.indices, weights.indptr), shape=(len(weights), weights.n_terms), copy=False)


def fit_linear(data: Any, target: Target, fit: Fit) -> tuple[Floats, Floats]:  # noqa: ANN401
    """Return coef (n_labels, n_terms) and intercept (n_labels,), one label against the rest.

    A label that no article or every article has gets no weights and an intercept of -1 or 1.
    """
    coef = np.zeros((target.n_labels, data.shape[1]))
    intercept = np.full(target.n_labels, -1.0)
    for j in range(target.n_labels):
        yes = target.members[:, j]
        if yes.all():
            intercept[j] = 1.0
        elif yes.any():
            coef[j], intercept[j] = _one_against_rest(data, yes, fit)
    return coef, intercept


def _one_against_rest(data: Any, yes: npt.NDArray[np.bool_], fit: Fit) -> tuple[Floats, float]:  # noqa: ANN401
    weight = "balanced" if fit.balanced else None
    if fit.model == "complement_nb":
        return _complement_nb(data, yes, fit.c)
    if fit.model == "nb_svm":
        ratio = _log_ratio(data, yes)
        scaled = data.multiply(np.abs(ratio)[None, :]).tocsr()
        coef, intercept = _one_against_rest(scaled, yes, Fit(model="svm", c=fit.c, balanced=fit.balanced, seed=fit.seed))
        return coef * np.abs(ratio), intercept
    if fit.model == "svm":
        model: Any = LinearSVC(C=fit.c, class_weight=weight, random_state=fit.seed)
    elif fit.model == "logistic":
        model = LogisticRegression(C=fit.c, class_weight=weight, solver="liblinear", random_state=fit.seed)
    else:
        share = yes.mean()
        sample = np.where(yes, 0.5 / share, 0.5 / (1 - share)) if fit.balanced else None
        model = Ridge(alpha=1.0 / fit.c, solver="sparse_cg", tol=1e-4)
        model.fit(data, np.where(yes, 1.0, -1.0), sample_weight=sample)
        return np.ravel(model.coef_), float(np.ravel(model.intercept_)[0])
    model.fit(data, yes)
    return np.ravel(model.coef_), float(np.ravel(model.intercept_)[0])


def _log_ratio(data: Any, yes: npt.NDArray[np.bool_], smooth: float = 1.0) -> Floats:  # noqa: ANN401
    """Return ln of how much more often each term is used inside a label than outside (Wang and Manning 2012)."""
    inside = np.asarray(data[np.flatnonzero(yes)].sum(axis=0)).ravel() + smooth
    outside = np.asarray(data[np.flatnonzero(~yes)].sum(axis=0)).ravel() + smooth
    return np.asarray(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))


def _complement_nb(data: Any, yes: npt.NDArray[np.bool_], c: float) -> tuple[Floats, float]:  # noqa: ANN401
    """Complement naive Bayes (Rennie et al. 2003): what the other labels do not use speaks for this one."""
    outside = np.asarray(data[np.flatnonzero(~yes)].sum(axis=0)).ravel() + 1.0 / c
    return -np.log(outside / outside.sum()) - np.log(len(outside)), 0.0
