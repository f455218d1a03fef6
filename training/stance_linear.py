"""Fit linear stance heads: one for each target beside what all share, or one for any target.

Owns: cross-validation of regularization and sharing, fitting, calibration.
Does not know: what a cue is (`topics/cues`), how examples are counted (`stance_cues`).

All targets are fitted in one problem: each example's cues stand once in its target's own columns and once,
weighted by `shared`, in columns common to all (Daume 2007, Frustratingly easy domain adaptation). The two
add up to one coefficient for each cue and target, so that sharing costs nothing when judging.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from topics.cues import CueReader, CueSettings, Head, softmax
from topics.sentences import SentenceSplitter
from topics.stance import StanceModel
from topics.targets import LinearStances
from training.settings import StanceSettings
from training.stance_cues import Cues, count_cues, weigh, weights_of
from training.stance_examples import Floats, Ints, StanceExample, grouped_folds, measure


@dataclass(frozen=True, slots=True)
class _Choice:
    """What cross-validation chooses."""

    c: float
    shared: float
    nb: bool


def learn_linear(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    settings: StanceSettings,
    splitter: SentenceSplitter,
    seed: int,
    say: Callable[[str], None],
) -> tuple[StanceModel, dict[str, Any]]:
    """Return the model and the report of `learn_stance` for the kinds "targets" and "general"."""
    general = settings.kind == "general"
    cue_settings = CueSettings(
        ngrams=(settings.ngrams[0], settings.ngrams[1]),
        chars=(settings.chars[0], settings.chars[1]) if settings.chars else None,
        near=settings.near,
        mask=settings.mask or general,
    )
    patterns = {name: tuple(target.patterns) for name, target in settings.targets.items()}
    names = [""] if general else sorted({e.target for e in examples})
    corpus = count_cues(examples, labels, names, patterns, cue_settings, settings, splitter)
    folds = _folds(examples, settings, seed)
    say(f"stance: {len(examples)} examples of {len(names)} targets, {len(corpus.cues)} different cues")
    score, choice, held_out = _choose(corpus, folds, labels, settings, seed, say)

    kept, idf, unseen = weights_of(corpus.counts, settings)
    matrix = weigh(corpus.counts, kept, idf, unseen)
    coef, intercept = _fit(matrix, corpus.target, corpus.label, corpus, choice, settings, seed)
    heads, by_target = {}, {}
    overall = sharpness_of(held_out, corpus.label)
    for t, name in enumerate(names):
        rows = corpus.target == t
        heads[name] = Head(coef=np.ascontiguousarray(coef[t], np.float32), intercept=intercept[t], sharpness=overall)
        by_target[name] = {
            "n": int(rows.sum()),
            "macro_f1": measure("macro_f1", corpus.label[rows], held_out[rows].argmax(axis=1), labels),
        }
    reader = CueReader(cues=tuple(corpus.cues[i] for i in kept), idf=idf, unseen=unseen, settings=cue_settings)
    targets = {name: patterns.get(name, ()) for name in [*patterns, *(n for n in names if n and n not in patterns)]}
    if not general:
        targets = {name: p for name, p in targets.items() if name in heads}
    model = StanceModel(
        kind=settings.kind,
        labels=labels,
        targets=targets,
        judge_by=LinearStances(labels=labels, reader=reader, heads=heads, context=settings.context),
        unknown_below=settings.unknown_below,
        splitter=splitter,
    )
    report = {
        "n": len(examples),
        "labels": list(labels),
        "chosen": {"c": choice.c, "shared": choice.shared, "nb": choice.nb, "sharpness": overall},
        "metric": settings.metric,
        "score": score,
        "macro_f1": measure("macro_f1", corpus.label, held_out.argmax(axis=1), labels),
        "targets": {name or "any target": facts for name, facts in by_target.items()},
    }
    return model, report


def _listed(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _folds(examples: Sequence[StanceExample], settings: StanceSettings, seed: int) -> Ints:
    """Return the fold of each example. What is learned for targets never seen is judged on targets not seen."""
    targets = len({e.target for e in examples})
    if settings.kind == "general" and targets > 1:
        return grouped_folds([replace(e, group=e.target) for e in examples], min(settings.folds, targets), seed)
    return grouped_folds(examples, settings.folds, seed)


def _choose(
    corpus: Cues, folds: Ints, labels: tuple[str, ...], settings: StanceSettings, seed: int, say: Callable[[str], None]
) -> tuple[float, _Choice, Floats]:
    """Return the best score on held-out folds, what was chosen for it, and the held-out scores; the first of equals."""
    best: tuple[float, _Choice, Floats] | None = None
    shares = _listed(settings.shared) if corpus.n_targets > 1 else [0.0]
    uneven = [False, True] if settings.nb == "auto" else [bool(settings.nb)]
    for shared, nb, c in product(shares, uneven, _listed(settings.c)):
        choice = _Choice(c, shared, nb)
        scores = _held_out(corpus, folds, choice, settings, seed)
        score = measure(settings.metric, corpus.label, scores.argmax(axis=1), labels)
        say(f"stance: c {c:g}, shared {shared:g}, nb {str(nb).lower()}: {settings.metric} {score:.4f} on held-out folds")
        if best is None or score > best[0]:
            best = score, choice, scores
    assert best is not None  # the settings hold at least one value each
    return best


def _held_out(corpus: Cues, folds: Ints, choice: _Choice, settings: StanceSettings, seed: int) -> Floats:
    """Return (n, n_labels) scores of each example by a model that has not seen its fold, cues and weights included."""
    scores = np.zeros((len(folds), corpus.n_labels))
    for fold in range(int(folds.max()) + 1):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(test) or not len(train):
            continue
        kept, idf, unseen = weights_of(corpus.counts[train], settings)
        matrix = weigh(corpus.counts[train], kept, idf, unseen)
        coef, intercept = _fit(matrix, corpus.target[train], corpus.label[train], corpus, choice, settings, seed)
        held_out = weigh(corpus.counts[test], kept, idf, unseen)
        for t in range(corpus.n_targets):
            rows = np.flatnonzero(corpus.target[test] == t)
            scores[test[rows]] = held_out[rows] @ coef[t] + intercept[t]
    return scores


def _fit(
    matrix: sparse.csr_array,
    target: Ints,
    label: Ints,
    corpus: Cues,
    choice: _Choice,
    settings: StanceSettings,
    seed: int,
) -> tuple[list[Floats], Floats]:
    """Return for each target its (n_cues, n_labels) coefficients, and the (n_targets, n_labels) intercepts.

    Both are centered: they sum to 0 over the labels, so that a share for one label is a share against the others.
    """
    n_targets, n_labels, n_cues, shared = corpus.n_targets, corpus.n_labels, matrix.shape[1], choice.shared
    own = sparse.csr_array((np.ones(len(target)), (np.arange(len(target)), target)), shape=(len(target), n_targets))
    blocks = [matrix * shared] if shared > 0 else []
    # Column t * n_cues + j of the second block is cue j in an example of target t.
    rows = np.repeat(np.arange(len(target)), np.diff(matrix.indptr))
    moved = sparse.csr_array(
        (matrix.data, target[rows] * n_cues + matrix.indices, matrix.indptr), shape=(len(target), n_targets * n_cues)
    )
    stacked = sparse.csr_matrix(sparse.hstack([*blocks, moved, own], format="csr"))
    stacked.indices, stacked.indptr = stacked.indices.astype(np.int32), stacked.indptr.astype(np.int32)  # liblinear's integers
    weight = _example_weights(target, label, n_labels) if settings.class_weight == "balanced" else np.ones(len(label))
    weight = weight * corpus.label_weights[label]
    full = np.zeros((n_labels, stacked.shape[1]))
    # One label against the others, each by itself; two labels are one question.
    for k in [1] if n_labels == 2 else range(n_labels):
        of_label = label == k
        if of_label.all() or not of_label.any():
            full[k, -n_targets:] = 1.0 if of_label.all() else -1.0
            continue
        scale = np.ones(stacked.shape[1])
        if choice.nb:
            scale[: stacked.shape[1] - n_targets] = np.tile(unevenness(matrix, of_label), n_targets + (shared > 0))
        svm = LinearSVC(C=choice.c, random_state=seed, fit_intercept=False, dual=True, tol=1e-3, max_iter=5000)
        svm.fit(stacked @ sparse.diags(scale), of_label, sample_weight=weight)
        full[k] = svm.coef_[0] * scale
    if n_labels == 2:
        full[0] = -full[1]
    full -= full.mean(axis=0)
    offset = n_cues if shared > 0 else 0
    common = full[:, :offset] * shared if shared > 0 else np.zeros((n_labels, n_cues))
    coef = [np.ascontiguousarray((common + full[:, offset + t * n_cues : offset + (t + 1) * n_cues]).T) for t in range(n_targets)]
    return coef, np.ascontiguousarray(full[:, offset + n_targets * n_cues :].T)


def unevenness(matrix: sparse.csr_array, of_label: npt.NDArray[np.bool_]) -> Floats:
    """Return (n_cues,) weights of mean square 1: how unevenly each cue falls on a label and on the others.

    The log-count ratio of Wang and Manning 2012 without its sign, a quarter of it evened out as they do.
    """
    there = np.bincount(matrix[np.flatnonzero(of_label)].indices, minlength=matrix.shape[1]) + 1.0
    elsewhere = np.bincount(matrix[np.flatnonzero(~of_label)].indices, minlength=matrix.shape[1]) + 1.0
    ratio = np.abs(np.log((there / there.sum()) / (elsewhere / elsewhere.sum())))
    ratio = 0.75 * ratio + 0.25 * ratio.mean()
    return np.asarray(ratio / np.sqrt((ratio**2).mean()))


def _example_weights(target: Ints, label: Ints, n_labels: int) -> Floats:
    """Weigh examples so that each target's labels count alike."""
    cell = target * n_labels + label
    size = np.bincount(cell)
    present = np.zeros(int(target.max()) + 1)
    np.add.at(present, np.flatnonzero(size) // n_labels, 1)
    total = np.bincount(target)
    return np.asarray(total[target] / (present[target] * size[cell]))


def sharpness_of(scores: Floats, label: Ints) -> float:
    """Return the factor on held-out scores whose softmax makes the labels most likely (Guo et al. 2017).

    Each label is counted as right in all its examples but one of them and a bit, as Platt (1999) does: ten
    examples told apart without an error are no ground for 99.9 %. A factor moves no decision.
    """
    n_labels = scores.shape[1]
    wanted = np.zeros_like(scores)
    for i, n in enumerate(np.bincount(label, minlength=n_labels)):
        wanted[label == i] = 1.0 / (n + n_labels)
        wanted[label == i, i] = (n + 1.0) / (n + n_labels)
    grid = 0.1 * 1.05 ** np.arange(160)  # 0.1 to 230
    losses = [-(wanted * np.log(np.maximum(softmax(scores * factor), 1e-300))).sum() for factor in grid]
    return float(grid[int(np.argmin(losses))])
