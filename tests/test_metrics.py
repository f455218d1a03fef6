"""Measures: scikit-learn's numbers on random labels, known answers, intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from training import metrics


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_figures_are_those_of_scikit_learn(pairs):
    truth, guess = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    matrix = metrics.confusion(truth, guess, 5)
    np.testing.assert_array_equal(matrix, reference.confusion_matrix(truth, guess, labels=range(5)))
    assert metrics.accuracy(matrix) == pytest.approx(reference.accuracy_score(truth, guess))
    assert metrics.macro_f1(matrix) == pytest.approx(reference.f1_score(truth, guess, average="macro", zero_division=0))
    expected = reference.precision_recall_fscore_support(truth, guess, labels=range(5), zero_division=0)
    for ours, theirs in zip(metrics.per_label(matrix), expected, strict=False):
        np.testing.assert_allclose(ours, theirs)


def test_no_label_at_all():
    nothing = metrics.confusion(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    assert (metrics.accuracy(nothing), metrics.macro_f1(nothing)) == (0.0, 0.0)
    assert metrics.expected_calibration_error(np.zeros(0), np.zeros(0, bool)) == 0.0
    assert metrics.reliability(np.zeros(0), np.zeros(0, bool)) == []


@pytest.mark.parametrize(
    ("probability", "right", "error"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [False, False], 1.0),
        ([0.8] * 10, [True] * 8 + [False] * 2, 0.0),
        ([0.8] * 10, [True] * 5 + [False] * 5, 0.3),
        ([0.9] * 4 + [0.1] * 6, [True] * 4 + [True] * 6, 0.4 * 0.1 + 0.6 * 0.9),
        ([0.0], [False], 0.0),
    ],
)
def test_calibration_error_of_known_cases(probability, right, error):
    assert metrics.expected_calibration_error(np.array(probability), np.array(right)) == pytest.approx(error)


def test_reliability_holds_every_answer_once():
    random = np.random.default_rng(0)
    probability = random.random(500)
    right = random.random(500) < probability
    bins = metrics.reliability(probability, right)
    assert sum(b["n"] for b in bins) == 500
    gap = sum(b["n"] * abs(b["probability"] - b["right"]) for b in bins) / 500
    assert gap == pytest.approx(metrics.expected_calibration_error(probability, right))


def test_the_interval_is_that_of_resampled_articles():
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, 300)
    guess = np.where(random.random(300) < 0.7, truth, random.integers(0, 3, 300))
    ours = metrics.bootstrap(truth, guess, 3, metrics.macro_f1, 2000, 0)
    values = []
    for _ in range(2000):
        drawn = random.integers(0, 300, 300)
        values.append(metrics.macro_f1(metrics.confusion(truth[drawn], guess[drawn], 3)))
    assert ours.value == metrics.macro_f1(metrics.confusion(truth, guess, 3))
    assert ours.low == pytest.approx(np.quantile(values, 0.025), abs=0.01)
    assert ours.high == pytest.approx(np.quantile(values, 0.975), abs=0.01)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    random = np.random.default_rng(2)
    covered = 0
    for seed in range(200):
        right = random.random(150) < 0.8
        interval = metrics.bootstrap(np.zeros(150, np.int64), 1 - right.astype(np.int64), 2, metrics.accuracy, 300, seed)
        covered += interval.low <= 0.8 <= interval.high
    assert 180 <= covered <= 200  # 95 % of 200 is 190; 180 and 200 lie 3 standard deviations off


def test_without_samples_both_ends_are_the_value_and_seeds_repeat():
    truth, guess = np.array([0, 1, 1]), np.array([0, 1, 0])
    value = metrics.accuracy(metrics.confusion(truth, guess, 2))
    assert metrics.bootstrap(truth, guess, 2, metrics.accuracy, 0, 0) == metrics.Interval(value, value, value)
    one, other = (metrics.bootstrap(truth, guess, 2, metrics.accuracy, 50, seed) for seed in (7, 7))
    assert one == other


def test_a_thousand_labels_take_no_memory_for_a_million_cells_a_sample():
    truth = np.arange(1000)
    interval = metrics.bootstrap(truth, truth, 1000, metrics.accuracy, 20, 0)
    assert interval == metrics.Interval(1.0, 1.0, 1.0)


def test_numbers_of_labels():
    assert metrics.numbered(["b", "a", "b"], ["a", "b"]).tolist() == [1, 0, 1]


def test_coverage_answers_the_surest_first_and_equal_ones_together():
    probability, right = np.array([0.5, 0.9, 0.7, 0.7]), np.array([False, True, True, False])
    assert metrics.coverage(probability, right) == [
        {"coverage": 0.25, "error": 0.0, "probability": 0.9},
        {"coverage": 0.75, "error": pytest.approx(1 / 3), "probability": 0.7},
        {"coverage": 1.0, "error": 0.5, "probability": 0.5},
    ]
    assert metrics.coverage(np.zeros(0), np.zeros(0, bool)) == []


def test_a_long_coverage_curve_is_thinned_and_keeps_both_ends():
    probability = np.linspace(0, 1, 1000)
    points = metrics.coverage(probability, probability > 0.5, 40)
    assert (len(points), points[0]["coverage"], points[-1]["coverage"]) == (40, 0.001, 1.0)
    assert [p["coverage"] for p in points] == sorted(p["coverage"] for p in points)
