"""Choose a linear model by cross-validation.

Owns: which candidates are tried, in which order, how long that may take, and blends of two models.
Does not know: solvers (`classify_fit`), probabilities (`classify_calibrate`).

A sum of linear models is a linear model. A support vector machine and complement naive Bayes err on different
articles, and their sum beats both on most news; the share of each comes from held-out scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed

from topics.scheduler import Here
from topics.terms import Ints
from topics.tfidf import Floats
from training import classify_calibrate as calibrate
from training.classify_fit import WORTH, Fit, Solution, fit_linear, matrix
from training.classify_large import Rows, naive_bayes, scores_of, solution, solve
from training.classify_target import Target
from training.settings import ClassifySettings

#: Shares of naive Bayes in a blend, in standard deviations of held-out scores; 0 is the support vector machine alone.
SHARES = (0.0, 0.15, 0.3, 0.6, 1.0, 1.5, 2.0)
#: Articles times labels up to which every candidate is judged with shifts.
SHIFTED = 30_000
#: Stored weights times labels that one second of `auto` stands for, by model. Counted, not timed: a busy machine must not
#: choose another model than an idle one.
_SPEED = {"svm": 2.5e7, "logistic": 6e5, "ridge": 2e6, "nb_svm": 1.2e6, "complement_nb": 5e8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model, or a sum of models, with scores of every article by models that had not seen it."""

    name: str
    fits: tuple[Fit, ...]
    #: (n_labels, n_terms)
    coef: Floats
    #: (n_labels,)
    intercept: Floats
    #: (n_held_out, n_labels): of all articles, or of the part that was held out of a large corpus.
    held_out: Floats
    quality: dict[str, float]

    @property
    def worth(self) -> float:
        """What candidates are compared by."""
        return self.quality["accuracy"] + self.quality["macro_f1"]


def choose(
    data: Any,  # noqa: ANN401 - scipy has no types
    target: Target,
    fold: Ints,
    settings: ClassifySettings,
    seed: int,
    workers: int,
    say: Callable[[str], None],
    each: Here | None = None,
) -> tuple[Candidate, list[dict[str, Any]]]:
    """Return the best candidate in cross-validation, and what was tried; ties go to the earlier one.

    data: a scipy matrix (n, n_terms), or the `Rows` of a large corpus, of which one part is held out; fold: see `make_folds` and
    `held_part`; each: what solves the shards of a large corpus.
    """
    judged = target if fold.min(initial=0) >= 0 else target.rows(np.flatnonzero(fold >= 0))
    tried: list[dict[str, Any]] = []
    best: dict[str, Candidate] = {}

    def consider(candidate: Candidate, kind: str) -> None:
        tried.append({"model": candidate.name, **candidate.quality})
        say(f"classify: {candidate.name}: {candidate.quality['accuracy']:.4f}, macro-F1 {candidate.quality['macro_f1']:.4f}")
        if kind not in best or candidate.worth > best[kind].worth:
            best[kind] = candidate

    entries = len(data.weights.indices) if isinstance(data, Rows) else data.nnz
    for fit in _within(settings, _fits(settings, seed), entries * target.n_labels, say):
        if isinstance(data, Rows):
            consider(hold_out_fit(data, target, judged, fold, fit, each), fit.model)
        else:
            consider(cross_fit(data, target, fold, fit, workers), fit.model)
    if settings.model in ("blend", "auto") and "svm" in best and "complement_nb" in best and not target.multi_label:
        for share in SHARES[1:]:
            consider(_blend(best["svm"], best["complement_nb"], share, judged), "blend")
    if settings.model == "blend":
        # The parts are not candidates of their own, but for the support vector machine, which is a blend with share 0.
        best.pop("complement_nb", None)
    return max(best.values(), key=lambda candidate: candidate.worth), tried


def _fits(settings: ClassifySettings, seed: int) -> list[Fit]:
    values = [float(c) for c in (settings.c if isinstance(settings.c, list) else [settings.c])]
    balanced = settings.class_weight == "balanced"

    def fits(model: str, cs: list[float], smoothing: float = settings.smoothing) -> list[Fit]:
        return [Fit(model=model, c=c, smoothing=smoothing, balanced=balanced, seed=seed) for c in cs]

    if settings.model == "blend":
        return fits("complement_nb", [1.0]) + fits("svm", values)
    if settings.model != "auto":
        return fits(settings.model, values if settings.model != "complement_nb" else [1.0])
    # The likeliest first: what no longer fits into the time is left out from the end.
    ladder = [f for smoothing in (0.01, 0.1, 1.0) for f in fits("complement_nb", [1.0], smoothing)]
    ladder += fits("svm", [1.0, 0.3, 3.0, 10.0])
    return ladder + fits("ridge", [1.0]) + fits("nb_svm", [1.0]) + fits("logistic", [10.0])


def _within(settings: ClassifySettings, fits: list[Fit], numbers: int, say: Callable[[str], None]) -> list[Fit]:
    """Return the fits that the time is enough for; numbers: stored weights times labels."""
    if settings.model != "auto":
        return fits
    work = numbers * (settings.folds + 1)
    left, kept = settings.seconds, list[Fit]()
    for fit in fits:
        cost = work / _SPEED[fit.model]
        if cost <= left or (fit.model in ("svm", "complement_nb") and not any(f.model == "svm" for f in kept)):
            kept.append(fit)
            left -= cost
    if len(kept) < len(fits):
        say(f"classify: {len(fits) - len(kept)} of {len(fits)} candidates would not fit into {settings.seconds:g} s, left out")
    return kept


def cross_fit(data: Any, target: Target, fold: Ints, fit: Fit, workers: int) -> Candidate:  # noqa: ANN401
    """Fit on all articles, and score each article by a model fitted on the other folds."""
    everything = fit_linear(data, target, fit, np.arange(data.shape[0], dtype=np.int32))
    scores = np.zeros((data.shape[0], target.n_labels))

    def one(f: int) -> tuple[Ints, Floats]:
        inside, outside = (np.flatnonzero(mask).astype(np.int32) for mask in (fold == f, fold != f))
        found = (
            fit_linear(data, target, fit, outside, everything)
            if len(outside)
            else Solution(coef=np.zeros_like(everything.coef), intercept=everything.intercept)
        )
        return inside, np.asarray(data[inside] @ found.coef.T + found.intercept)

    folds = [f for f in range(int(fold.max(initial=0)) + 1) if (fold == f).any()]
    # Threads: our kernels let go of the interpreter's lock. liblinear shares its random numbers, so it gets one.
    threads = workers if data.nnz >= WORTH and fit.model in ("svm", "complement_nb") else 1
    for inside, found in Parallel(n_jobs=threads, prefer="threads")(delayed(one)(f) for f in folds):
        scores[inside] = found
    return _candidate(fit, everything, scores, target)


def hold_out_fit(rows: Rows, target: Target, judged: Target, fold: Ints, fit: Fit, each: Here | None = None) -> Candidate:
    """Fit on all but the part held out (0 or above in `fold`), score that part, and go on to all articles.

    judged: the target of the part. The articles below -1 in `fold` have no label, and are left out.
    """
    held, unused = np.flatnonzero(fold >= 0).astype(np.int32), fold < -1
    if fit.model == "svm":
        part = solve(rows, fit, fold != -1, each=each)
        first = solution(part, rows)
        everything = solution(solve(rows, fit, unused, part, each), rows)
    elif fit.model == "complement_nb":
        first, everything = (naive_bayes(rows, fit.smoothing, without) for without in (fold != -1, unused))
    else:
        data = matrix(rows.weights)
        first, everything = (
            fit_linear(data, target, fit, np.flatnonzero(mask).astype(np.int32)) for mask in (fold == -1, ~unused)
        )
    scores = scores_of(rows.weights, held, first)
    return _candidate(fit, everything, scores, judged)


def _candidate(fit: Fit, everything: Solution, scores: Floats, judged: Target) -> Candidate:
    """Return what was learned from all articles, with the scores of those held out and their quality."""
    return Candidate(
        name=fit.name,
        fits=(fit,),
        coef=everything.coef,
        intercept=everything.intercept,
        held_out=scores,
        quality=_quality(scores, judged),
    )


def _quality(scores: Floats, target: Target) -> dict[str, float]:
    """Return the quality of held-out scores, with labels' shifts where these make it better.

    Shifts matter where labels are small: on the starter corpus (17 topics of 22 to 110 articles) accuracy is 0.87 without
    them and 0.92 with them. On large corpora they are fitted once, for the winner.
    """
    plain = target.quality(scores)
    if target.multi_label or scores.size > SHIFTED:
        return plain
    link = calibrate.fit_softmax(scores, target.numbers, shifts=True)
    shifted = target.quality(calibrate.softmax(scores, link))
    return max(plain, shifted, key=lambda quality: sum(quality.values()))


def _blend(first: Candidate, second: Candidate, share: float, target: Target) -> Candidate:
    """Return the sum of two candidates, each in standard deviations of its held-out scores, the second times `share`."""

    # What all labels of an article have in common decides nothing, and naive Bayes has much of it.
    def spread(candidate: Candidate) -> float:
        return float((candidate.held_out - candidate.held_out.mean(axis=1, keepdims=True)).std()) or 1.0

    a, b = 1.0 / spread(first), share / spread(second)

    def centered(coef: Floats) -> Floats:
        return np.asarray(coef - coef.mean(axis=0, keepdims=True))

    scores = a * first.held_out + b * (second.held_out - second.held_out.mean(axis=1, keepdims=True))
    return Candidate(
        name=f"{first.name} + {share:g} {second.name}",
        fits=first.fits + second.fits,
        coef=a * first.coef + b * centered(second.coef),
        intercept=a * first.intercept + b * (second.intercept - second.intercept.mean()),
        held_out=scores,
        quality=_quality(scores, target),
    )
