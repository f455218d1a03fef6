"""Fit linear stance heads: one for each target beside what all share, or one for any target.

Owns: the choice of cues, cross-validation of regularization and sharing, fitting, calibration.
Does not know: what a cue is (`topics/cues`), how a text is judged (`topics/stance`).

All targets are fitted in one problem: each example's cues stand once in its target's own columns and once,
weighted by `shared`, in columns common to all (Daume 2007, Frustratingly easy domain adaptation). The two
add up to one coefficient for each cue and target, so that sharing costs nothing when judging.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from topics.cues import CueReader, CueSettings, Head, cues_of, softmax
from topics.mentions import Mentions, free_patterns, sentences_around
from topics.sentences import SentenceSplitter
from topics.stance import StanceModel
from topics.targets import LinearStances
from training.settings import StanceSettings
from training.stance_examples import Ints, StanceExample, grouped_folds, measure

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Corpus:
    """Examples as counts of all cues that occur."""

    cues: tuple[str, ...]
    #: (n, n_cues) counts
    counts: sparse.csr_array
    #: (n,) number of the target
    target: Ints
    #: (n,) number of the label
    label: Ints
    n_targets: int
    n_labels: int
    #: (n_labels,) weight of an example in fitting
    label_weights: Floats


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
    corpus = _count(examples, labels, names, patterns, cue_settings, settings, splitter)
    folds = grouped_folds(examples, settings.folds, seed)
    say(f"stance: {len(examples)} examples of {len(names)} targets, {len(corpus.cues)} different cues")

    best: tuple[float, float, float, Floats] | None = None
    shares = _listed(settings.shared) if len(names) > 1 else [0.0]
    for shared, c in product(shares, _listed(settings.c)):
        scores = _held_out(corpus, folds, shared, c, settings, seed)
        score = measure(settings.metric, corpus.label, scores.argmax(axis=1), labels)
        say(f"stance: c {c:g}, shared {shared:g}: {settings.metric} {score:.4f} on held-out folds")
        if best is None or score > best[0]:
            best = (score, shared, c, scores)
    assert best is not None  # the settings hold at least one value each
    score, shared, c, held_out = best

    kept, idf, unseen = _weights(corpus.counts, settings)
    matrix = _weigh(corpus.counts, kept, idf, unseen)
    coef, intercept = _fit(matrix, corpus.target, corpus.label, corpus, shared, c, settings, seed)
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
        "chosen": {"c": c, "shared": shared, "sharpness": overall},
        "metric": settings.metric,
        "score": score,
        "macro_f1": measure("macro_f1", corpus.label, held_out.argmax(axis=1), labels),
        "targets": {name or "any target": facts for name, facts in by_target.items()},
    }
    return model, report


def _listed(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _count(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    names: list[str],
    patterns: dict[str, tuple[str, ...]],
    cue_settings: CueSettings,
    settings: StanceSettings,
    splitter: SentenceSplitter,
) -> _Corpus:
    finders = {name: Mentions(p) for name, p in patterns.items()}
    number: dict[str, int] = {}
    indptr: list[int] = [0]
    indices: list[int] = []
    data: list[int] = []
    for example in examples:
        if example.target not in finders and settings.kind == "general":
            finders[example.target] = Mentions(free_patterns(example.target))
        finder = finders.get(example.target)
        mentions = finder.find(example.text) if finder else []
        sentences = splitter.spans(example.text)
        if mentions and settings.context >= 0:
            sentences = [sentences[i] for i in sentences_around(sentences, mentions, settings.context)]
        row: dict[int, int] = {}
        for cues in cues_of(example.text, sentences, cue_settings, mentions):
            for cue in cues:
                at = number.setdefault(cue, len(number))
                row[at] = row.get(at, 0) + 1
        indices.extend(row)
        data.extend(row.values())
        indptr.append(len(indices))
    cues = sorted(number)
    column = np.empty(len(cues), np.int32)
    column[[number[cue] for cue in cues]] = np.arange(len(cues), dtype=np.int32)
    counts = sparse.csr_array(
        (np.array(data, np.float64), column[np.array(indices, np.int64)], np.array(indptr, np.int64)),
        shape=(len(examples), len(cues)),
    )
    counts.sort_indices()
    of_target = {name: i for i, name in enumerate(names)}
    of_label = {label: i for i, label in enumerate(labels)}
    return _Corpus(
        cues=tuple(cues),
        counts=counts,
        target=np.array([of_target["" if names == [""] else e.target] for e in examples], np.int64),
        label=np.array([of_label[e.label] for e in examples], np.int64),
        n_targets=len(names),
        n_labels=len(labels),
        label_weights=np.array([settings.label_weights.get(label, 1.0) for label in labels]),
    )


def _weights(counts: sparse.csr_array, settings: StanceSettings) -> tuple[Ints, Floats, float]:
    """Return the kept columns, their inverse document frequencies, and the weight of a cue never seen."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(frequency >= min(settings.min_df, max(1, counts.shape[0] // 2)))
    n = counts.shape[0] + 1.0
    return kept, np.log(n / (frequency[kept] + 1.0)) + 1.0, settings.unseen * float(np.log(n) + 1.0)


def _weigh(counts: sparse.csr_array, kept: Ints, idf: Floats, unseen: float) -> sparse.csr_array:
    """Return (n, n_kept) TF-IDF rows of length 1, as `CueReader.read` makes them: cues left out add to the length."""
    matrix = counts[:, kept]
    matrix.data = np.log(matrix.data) + 1.0
    matrix = matrix @ sparse.diags_array(idf)
    left_out = np.diff(counts.indptr) - np.diff(matrix.indptr)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + left_out * unseen**2)
    return sparse.csr_array(sparse.diags_array(1.0 / np.where(length > 0, length, 1.0)) @ matrix)


def _held_out(corpus: _Corpus, folds: Ints, shared: float, c: float, settings: StanceSettings, seed: int) -> Floats:
    """Return (n, n_labels) scores of each example by a model that has not seen its fold, cues and weights included."""
    scores = np.zeros((len(folds), corpus.n_labels))
    for fold in range(int(folds.max()) + 1):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(test) or not len(train):
            continue
        kept, idf, unseen = _weights(corpus.counts[train], settings)
        matrix = _weigh(corpus.counts[train], kept, idf, unseen)
        coef, intercept = _fit(matrix, corpus.target[train], corpus.label[train], corpus, shared, c, settings, seed)
        held_out = _weigh(corpus.counts[test], kept, idf, unseen)
        for t in range(corpus.n_targets):
            rows = np.flatnonzero(corpus.target[test] == t)
            scores[test[rows]] = held_out[rows] @ coef[t] + intercept[t]
    return scores


def _fit(
    matrix: sparse.csr_array,
    target: Ints,
    label: Ints,
    corpus: _Corpus,
    shared: float,
    c: float,
    settings: StanceSettings,
    seed: int,
) -> tuple[list[Floats], Floats]:
    """Return for each target its (n_cues, n_labels) coefficients, and the (n_targets, n_labels) intercepts.

    Both are centered: they sum to 0 over the labels, so that a share for one label is a share against the others.
    """
    n_targets, n_labels, n_cues = corpus.n_targets, corpus.n_labels, matrix.shape[1]
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
        if settings.nb:
            scale[: stacked.shape[1] - n_targets] = np.tile(unevenness(matrix, of_label), n_targets + (shared > 0))
        svm = LinearSVC(C=c, random_state=seed, fit_intercept=False, dual=True, tol=1e-3, max_iter=5000)
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
