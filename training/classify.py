"""Learn which terms speak for which topic.

Owns: the line from weights and labels to a calibrated classifier, and what is reported about it.
Does not know: how a learned classifier is applied (`topics/classify`), where the articles come from, solvers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from topics.classify import UNKNOWN, LinearClassifier
from topics.errors import InputError
from topics.scheduler import Here
from topics.terms import Ints
from topics.tfidf import Floats, Weights
from training import classify_calibrate as calibrate
from training.classify_choose import Candidate, choose
from training.classify_fit import matrix
from training.classify_folds import held_part, make_folds
from training.classify_large import LARGE, Rows
from training.classify_target import Target
from training.settings import ClassifySettings

Progress = Callable[[str], None]


def learn_classifier(
    weights: Weights,
    topics: Sequence[tuple[str, ...]],
    settings: ClassifySettings,
    groups: Sequence[str],
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    each: Here | None = None,
) -> tuple[LinearClassifier, dict[str, Any]]:
    """Learn a classifier from the weights of n articles, their topics and their groups (near-duplicates, pages).

    An article without a topic is left out, unless several topics are allowed: then it is one that has none. From `LARGE` articles
    on, one part is held out and calibrated on, instead of every fold in turn; `each` then solves the shards of rows.
    Returns the classifier and what is worth reporting. Raises InputError where fewer than two topics are left.
    """
    used = [i for i, row in enumerate(topics) if row or settings.multi_label]
    labels = tuple(sorted({topic for row in topics for topic in row}))
    if UNKNOWN in labels:
        raise InputError(f"a topic is named {UNKNOWN!r}, which is kept for articles without an answer; rename it")
    if len(labels) < (1 if settings.multi_label else 2):
        raise InputError(f"topics can be told apart from two on; the training side has {len(labels)}: {', '.join(labels)}")
    data: Any
    if len(used) >= LARGE:
        target = Target.of(topics, labels, settings.multi_label)
        data = Rows.of(weights, target.members)
        fold = held_part(topics, groups, settings.folds, seed, settings.multi_label)
    else:
        target = Target.of([topics[i] for i in used], labels, settings.multi_label)
        data = matrix(weights)[used] if len(used) < len(topics) else matrix(weights)
        fold = make_folds([topics[i] for i in used], [groups[i] for i in used], settings.folds, seed)
    best, tried = choose(data, target, fold, settings, seed, workers, progress or (lambda _: None), each)
    held = np.flatnonzero(fold >= 0)
    classifier, honest = _calibrated(labels, best, target.rows(held), settings, fold[held])
    report = {
        "articles": len(used),
        "labels": dict(sorted(Counter(t for row in topics for t in row).items())),
        "model": best.name,
        "cross_validation": tried,
        "held_out": honest,
    }
    return classifier, report


def _calibrated(
    labels: tuple[str, ...], best: Candidate, target: Target, settings: ClassifySettings, fold: Ints
) -> tuple[LinearClassifier, dict[str, Any]]:
    """Return the classifier and what its probabilities are worth on articles that neither weights nor calibration had seen."""
    # With shifts rare topics are said more seldom, or more often: they stay if that is right more often.
    links = [_link(best.held_out, target, shifts) for shifts in ((False, True) if not target.multi_label else (False,))]
    honest, link = max(
        ((_cross_calibrated(labels, best, target, fold, link), link) for link in links),
        key=lambda pair: sum(target.quality(pair[0]).values()),
    )
    level, possible_from = np.full(len(labels), settings.unknown_below), 2.0
    report: dict[str, Any]
    if target.multi_label:
        level = np.maximum(level, calibrate.f1_level(honest, target.members))
        report = target.quality_of(honest >= level)
    else:
        confidence, right = honest.max(axis=1), honest.argmax(axis=1) == target.numbers
        report = target.quality(honest) | calibrate.reliability(confidence, right)
        if settings.coverage is not None:
            possible_from = calibrate.set_level(honest, target.numbers, settings.coverage)
            level = np.maximum(level, possible_from)
            possible = honest >= possible_from
            report["coverage"] = float(possible[np.arange(len(honest)), target.numbers].mean())
            report["set_size"] = float(possible.sum(axis=1).mean())
        if settings.risk is not None:
            level = np.maximum(level, calibrate.risk_level(confidence, right, settings.risk))
        answered = confidence >= level[0]
        report["answered"] = float(answered.mean())
        report["accuracy_when_answered"] = float(right[answered].mean()) if answered.any() else None
        report["unknown_below"] = float(level[0])
    return _classifier(labels, best, link, target.multi_label, level, possible_from), report


def _cross_calibrated(labels: tuple[str, ...], best: Candidate, target: Target, fold: Ints, link: calibrate.Link) -> Floats:
    """Return probabilities (n, n_labels) of held-out scores, a link of the kind of `link` fitted on the other folds."""
    honest = np.zeros_like(best.held_out)
    for f in range(int(fold.max(initial=0)) + 1):
        inside, outside = np.flatnonzero(fold == f), np.flatnonzero(fold != f)
        if len(inside) and len(outside):
            found = _link(best.held_out[outside], target.rows(outside), bool(link.shift.any()), link)
            honest[inside] = _classifier(labels, best, found, target.multi_label).probabilities(best.held_out[inside])
    return honest


def _link(scores: Floats, target: Target, shifts: bool, start: calibrate.Link | None = None) -> calibrate.Link:
    if target.multi_label:
        return calibrate.fit_logistic(scores, target.members)
    return calibrate.fit_softmax(scores, target.numbers, shifts=shifts, start=start)


def _classifier(
    labels: tuple[str, ...],
    best: Candidate,
    link: calibrate.Link,
    multi_label: bool,
    levels: Floats | None = None,
    possible_from: float = 2.0,
) -> LinearClassifier:
    return LinearClassifier(
        labels=labels,
        coef=best.coef,
        intercept=best.intercept,
        scale=link.scale,
        shift=link.shift,
        bend=link.bend,
        levels=np.zeros(len(labels)) if levels is None else levels,
        possible_from=possible_from,
        multi_label=multi_label,
    )
