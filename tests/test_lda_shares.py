"""Latent topics by period, by source and against labels."""

from __future__ import annotations

import numpy as np
import pytest

from topics.errors import InputError
from topics.lda_shares import against_labels, match_topics, period, shares


@pytest.mark.parametrize(
    ("published", "unit", "expected"),
    [
        ("2024-03-09T10:00:00Z", "month", "2024-03"),
        ("2024-03-09", "day", "2024-03-09"),
        ("2024", "year", "2024"),
        ("2024", "month", None),
        ("9 March 2024", "month", None),
        ("2024/03", "month", None),
        ("2004-2005", "month", None),
        ("2004-2005", "year", "2004"),
        ("2024-02-77", "day", None),
        ("", "year", None),
        (None, "year", None),
    ],
)
def test_periods_are_read_from_iso_dates_only(published, unit, expected):
    assert period(published, unit) == expected


def test_shares_are_means_and_articles_without_group_are_left_out():
    mixtures = np.array([[0.2, 0.8], [0.6, 0.4], [1.0, 0.0], [0.5, 0.5]])
    found = shares(mixtures, ["b", "b", "a", None], samples=0)
    assert found.groups == ("a", "b")
    assert found.articles.tolist() == [1, 2]
    np.testing.assert_allclose(found.mean, [[1.0, 0.0], [0.4, 0.6]])
    np.testing.assert_array_equal(found.low, found.mean)
    assert found.rows(["war", "peace"])[2] == {
        "group": "b", "articles": 2, "latent": 0, "name": "war", "share": 0.4, "low": 0.4, "high": 0.4,
    }  # fmt: skip


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(0)
    held = 0
    for trial in range(200):
        own = rng.dirichlet([1, 3], 60)
        found = shares(own, ["all"] * 60, samples=300, seed=trial)
        held += bool(found.low[0, 0] <= 0.25 <= found.high[0, 0])
    assert 0.88 <= held / 200 <= 0.99


def test_a_group_has_the_same_interval_whatever_the_others():
    rng = np.random.default_rng(1)
    mixtures = rng.dirichlet([1, 1, 1], 50)
    groups = ["a"] * 20 + ["b"] * 30
    together, alone = shares(mixtures, groups, samples=50), shares(mixtures[20:], groups[20:], samples=50)
    assert together.low[1].tobytes() == alone.low[0].tobytes()
    assert together.high[1].tobytes() == alone.high[0].tobytes()


def test_labels_against_latent_topics_is_a_table_whose_rows_sum_to_one():
    labels, table = against_labels(np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8]]), ["war", "war", "sport"])
    assert labels == ("sport", "war")
    np.testing.assert_allclose(table, [[0.2, 0.8], [0.8, 0.2]])


def test_one_group_for_each_article():
    with pytest.raises(InputError, match="2 mixtures and 1 groups"):
        shares(np.ones((2, 1)), ["a"])


def test_shuffled_topics_are_matched_to_themselves():
    rng = np.random.default_rng(2)
    one = rng.dirichlet(np.full(30, 0.1), 8)
    order = rng.permutation(8)
    matched, how = match_topics(one, one[order])
    np.testing.assert_array_equal(order[matched], np.arange(8))
    np.testing.assert_allclose(how, 1.0)
