"""Learn which terms speak for which topic.

Owns: which linear models there are, how one is chosen, and that its probabilities are fitted on articles it had
not seen. The door to scikit-learn's linear models.
Does not know: how a learned classifier is applied (`topics/classify`), where the articles come from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from topics.classify import UNKNOWN, LinearClassifier
from topics.errors import InputError
from topics.terms import Ints
from topics.tfidf import Floats, Weights
from training import classify_calibrate as calibrate
from training.classify_fit import Fit, Target, fit_linear, matrix
from training.classify_folds import make_folds
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
) -> tuple[LinearClassifier, dict[str, Any]]:
    """Learn a classifier from the weights of n articles, their topics and their groups (near-duplicates, pages).

    An article without a topic is left out, unless several topics are allowed: then it is one that has none.
    Returns the classifier and what is worth reporting. Raises InputError where fewer than two topics are left.
    """
    say = progress or (lambda line: None)
    used = [i for i, row in enumerate(topics) if row or settings.multi_label]
    labels = tuple(sorted({topic for row in topics for topic in row}))
    if UNKNOWN in labels:
        raise InputError(f"a topic is named {UNKNOWN!r}, which is kept for articles without an answer; rename it")
    if len(labels) < (1 if settings.multi_label else 2):
        raise InputError(f"topics can be told apart from two on; the training side has {len(labels)}: {', '.join(labels)}")
    target = Target.of([topics[i] for i in used], labels, settings.multi_label)
    data = matrix(weights)[used]
    fold = make_folds([topics[i] for i in used], [groups[i] for i in used], settings.folds, seed)
    tried: list[dict[str, Any]] = []
    best: tuple[float, int, Fit, Floats] | None = None
    for number, fit in enumerate(_candidates(settings, seed)):
        held_out = held_out_scores(data, target, fold, fit, workers)
        quality = target.quality(held_out)
        tried.append({"model": fit.model, "c": fit.c, **quality})
        say(f"classify: {fit.model}, c = {fit.c:g}: accuracy {quality['accuracy']:.4f}, macro-F1 {quality['macro_f1']:.4f}")
        if best is None or quality["macro_f1"] + quality["accuracy"] > best[0]:
            best = (quality["macro_f1"] + quality["accuracy"], number, fit, held_out)
    if best is None:
        raise InputError("classify: no candidate to fit")
    _, _, fit, held_out = best
    coef, intercept = fit_linear(data, target, fit)
    classifier = _calibrated(labels, coef, intercept, held_out, target, settings)
    report = {
        "articles": len(used),
        "labels": dict(sorted(Counter(t for row in topics for t in row).items())),
        "model": fit.model,
        "c": fit.c,
        "cross_validation": tried,
        **_held_out_report(classifier, held_out, target),
    }
    return classifier, report


def _candidates(settings: ClassifySettings, seed: int) -> list[Fit]:
    values = settings.c if isinstance(settings.c, list) else [settings.c]
    models = ["svm", "logistic", "ridge", "complement_nb", "nb_svm"] if settings.model == "auto" else [settings.model]
    balanced = settings.class_weight == "balanced"
    return [Fit(model=model, c=float(c), balanced=balanced, seed=seed) for model in models for c in values]


def held_out_scores(data: Any, target: Target, fold: Ints, fit: Fit, workers: int) -> Floats:  # noqa: ANN401 - scipy has no types
    """Return scores (n, n_labels) of each article by a model fitted on the other folds."""
    scores = np.zeros((data.shape[0], target.n_labels))
    for f in range(int(fold.max()) + 1):
        inside, outside = np.flatnonzero(fold == f), np.flatnonzero(fold != f)
        if len(inside) and len(outside):
            coef, intercept = fit_linear(data[outside], target.rows(outside), fit)
            scores[inside] = data[inside] @ coef.T + intercept
    return scores


def _calibrated(
    labels: tuple[str, ...], coef: Floats, intercept: Floats, held_out: Floats, target: Target, settings: ClassifySettings
) -> LinearClassifier:
    k = len(labels)
    if settings.multi_label:
        scale, shift = calibrate.fit_logistic(held_out, target.members)
    else:
        scale, shift = calibrate.fit_softmax(held_out, target.numbers)
    return LinearClassifier(
        labels=labels,
        coef=coef,
        intercept=intercept,
        scale=scale,
        shift=shift,
        levels=np.full(k, max(settings.unknown_below, 0.5 if settings.multi_label else 0.0)),
        multi_label=settings.multi_label,
    )


def _held_out_report(classifier: LinearClassifier, held_out: Floats, target: Target) -> dict[str, Any]:
    if classifier.multi_label:
        return {"held_out": target.quality(held_out)}
    p = classifier.probabilities(held_out)
    error = calibrate.calibration_error(p.max(axis=1), p.argmax(axis=1) == target.numbers)
    return {"held_out": {**target.quality(held_out), "calibration_error": error}}
