"""A large corpus is learned from block by block: the same machines, whatever lies in memory and whoever solves a shard."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from topics.scheduler import Here
from topics.tfidf import Weights
from training import classify, classify_large
from training.classify import learn_classifier
from training.classify_fit import Fit, fit_linear, matrix
from training.classify_folds import held_part
from training.classify_large import Rows, solution, solve
from training.classify_target import Target
from training.lda_stream import array
from training.settings import ClassifySettings

LABELS = ("a", "b", "c")


def made(n: int = 900, seed: int = 1, n_terms: int = 120) -> tuple[Weights, list[tuple[str, ...]]]:
    """Articles of three topics that share most of their terms; some rows are empty, some labels wrong."""
    random = np.random.default_rng(seed)
    topics, rows = [], []
    for i in range(n):
        topic = int(random.integers(3))
        words = np.concatenate([random.zipf(1.5, 12) % n_terms, topic * 40 + random.integers(0, 40, size=4)])
        rows.append(np.unique(words) if i % 97 else np.zeros(0, np.int64))
        topics.append((LABELS[topic if random.random() < 0.95 else 0],))
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    data = np.concatenate([np.full(len(row), 1 / np.sqrt(max(len(row), 1))) for row in rows])
    return Weights(indptr=indptr, indices=np.concatenate(rows).astype(np.int32), data=data, n_terms=n_terms), topics


def small_blocks(patch: pytest.MonkeyPatch, shard: int = 1 << 26) -> None:
    for name, value in {"BLOCK": 400, "STRIP": 50, "SHARD": shard, "HELD_BLOCKS": 2}.items():
        patch.setattr(classify_large, name, value)
    patch.setattr(classify, "LARGE", 100)


FIT = Fit(model="svm", c=1.0, smoothing=0.1, balanced=True, seed=13)


@pytest.mark.parametrize("shard", [1 << 26, 3000])
def test_it_is_the_problem_that_scikit_learn_solves(shard, monkeypatch):
    small_blocks(monkeypatch, shard)
    monkeypatch.setattr(classify_large, "TOLERANCE", 1e-3)
    monkeypatch.setattr(classify_large, "AGAIN", 1e-3)
    monkeypatch.setattr(classify_large, "MOST_PASSES", 400)
    weights, topics = made()
    target = Target.of(topics, LABELS, False)
    left_out = np.arange(len(topics)) < 50
    theirs = fit_linear(matrix(weights), target, FIT, np.flatnonzero(~left_out).astype(np.int32))
    rows = Rows.of(weights, target.members)
    assert len(classify_large.shards(weights.indptr)) == (1 if shard > 3000 else 4)
    cold = solve(rows, FIT, left_out)
    warm = solve(rows, FIT, left_out, solve(rows, FIT, np.arange(len(topics)) < 200))
    assert not cold.alpha[:50].any()
    near = 0.02 if shard > 3000 else 0.06  # shards that do not see each other come near more slowly
    for ours in (solution(cold, rows), solution(warm, rows)):
        assert np.abs(ours.coef - theirs.coef).max() < near * np.abs(theirs.coef).max()
        assert np.abs(ours.intercept - theirs.intercept).max() < near


def everything(weights: Weights, topics: list[tuple[str, ...]], **how: Any) -> tuple[bytes, dict[str, Any]]:
    groups = [f"page {i // 2}" for i in range(len(topics))]
    classifier, report = learn_classifier(weights, topics, ClassifySettings(**how.pop("settings", {})), groups, 13, **how)
    return b"".join(array.tobytes() for array in classifier.arrays().values()), report


class Elsewhere(Here):
    """Runs tasks on copies, as another process would, the last one first."""

    away = True

    def __call__(self, function: Callable[..., Any], items: Iterable[Any], shared: tuple[Any, ...] = ()) -> Iterator[Any]:
        tasks = [pickle.loads(pickle.dumps(item)) for item in items]
        assert all(len(task.rows.norms) < 700 for task in tasks), "a task holds its own rows"
        results = [function(task, *pickle.loads(pickle.dumps(shared))) for task in reversed(tasks)]
        return iter(results[::-1])


def test_files_and_other_processes_change_no_bit(tmp_path, monkeypatch):
    small_blocks(monkeypatch, 3000)
    weights, topics = made()
    half = Weights(indptr=weights.indptr, indices=weights.indices, data=weights.data.astype(np.float32), n_terms=weights.n_terms)
    plain = everything(half, topics)
    indices, data = (array(tmp_path, name, len(half.data), kind) for name, kind in (("i", np.int32), ("d", np.float32)))
    indices[:], data[:] = half.indices, half.data
    mapped = Weights(indptr=half.indptr, indices=indices, data=data, n_terms=half.n_terms)
    assert everything(mapped, topics) == plain
    assert everything(weights, topics) == plain, "weights of 64 bits are rounded"
    assert everything(half, topics, each=Elsewhere()) == plain


@pytest.mark.parametrize("settings", [{}, {"model": "blend"}, {"model": "logistic"}, {"multi_label": True}, {"coverage": 0.9}])
def test_what_is_learned_is_as_good_as_of_a_small_corpus(settings, monkeypatch):
    weights, topics = made(3000, seed=2)
    given = [row if i % 10 else () for i, row in enumerate(topics)]
    reports = [everything(weights, given, settings=settings)[1]]
    small_blocks(monkeypatch)
    reports.append(everything(weights, given, settings=settings)[1])
    small, large = (report["held_out"] for report in reports)
    assert reports[0]["articles"] == reports[1]["articles"]
    assert large["accuracy"] == pytest.approx(small["accuracy"], abs=0.03)
    assert large["macro_f1"] == pytest.approx(small["macro_f1"], abs=0.04)
    assert large.get("calibration_error", 0) < 0.05


def test_a_file_with_one_topic_after_the_other_is_learned_as_well(monkeypatch):
    small_blocks(monkeypatch, 3000)
    weights, topics = made(2000, seed=3)
    order = sorted(range(len(topics)), key=lambda i: topics[i])
    lengths = np.diff(weights.indptr)[order]
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    at = np.concatenate([np.arange(weights.indptr[i], weights.indptr[i + 1]) for i in order])
    in_order = Weights(indptr=indptr, indices=weights.indices[at], data=weights.data[at], n_terms=weights.n_terms)
    mixed, one_by_one = everything(weights, topics)[1], everything(in_order, [topics[i] for i in order])[1]
    assert one_by_one["held_out"]["accuracy"] > mixed["held_out"]["accuracy"] - 0.03


def test_the_part_held_out_keeps_groups_together_and_does_not_hang_on_what_else_there_is():
    groups = [f"page {i // 3}" for i in range(3000)]
    topics = [("a",) if i % 50 else () for i in range(3000)]
    part = held_part(topics, groups, 5, 13, multi_label=False)
    assert (part[::50] == -2).all()
    for page in range(0, 3000, 3):
        assert len({p for p in part[page : page + 3].tolist() if p != -2}) <= 1
    assert 0.15 < (part >= 0).mean() < 0.25
    assert set(part[part >= 0].tolist()) == set(range(5))
    assert (held_part(topics, groups, 5, 13, multi_label=True)[::50] > -2).all()
    assert (
        held_part(topics[::-1], groups[::-1], 5, 13, multi_label=True)[::-1] == held_part([("a",)] * 3000, groups, 5, 13, True)
    ).all()
    assert (held_part(topics, groups, 5, 14, multi_label=False) != part).any()
