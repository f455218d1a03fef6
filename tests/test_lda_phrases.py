"""Phrases count instead of their words, while learning and on new articles."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import counts_of, dense, settings

from topics.errors import InputError
from topics.lda import LatentTopics, join_phrases
from topics.terms import Vocabulary
from training.lda import learn_latent


def test_a_phrase_counts_instead_of_its_words():
    # Columns: air, air defence, defence, talk.
    counts = counts_of([[3, 2, 2, 1], [1, 0, 0, 2], [1, 1, 1, 0]])
    joined = join_phrases(counts, np.array([[1, 0, 2]], np.int32))
    np.testing.assert_array_equal(dense(joined), [[1, 2, 0, 1], [1, 0, 0, 2], [0, 1, 0, 0]])


def test_overlapping_phrases_take_a_word_at_most_as_often_as_it_is_there():
    # "a b c": a, a b, b, b c, c once each.
    joined = join_phrases(counts_of([[1, 1, 1, 1, 1]]), np.array([[1, 0, 2], [3, 2, 4]], np.int32))
    np.testing.assert_array_equal(dense(joined), [[0, 1, 0, 1, 0]])


def test_phrases_that_go_together_become_columns_and_serve_new_articles():
    rng = np.random.default_rng(0)
    # "air" and "defence" always together, "long" and "day" only by chance.
    rows = []
    for _ in range(60):
        both, long, day = rng.integers(0, 3), rng.integers(0, 4), rng.integers(0, 4)
        rows.append([both, both, day, both, long, int(rng.integers(0, min(long, day) + 1) > 2)])
    counts = counts_of(rows)
    vocabulary = Vocabulary(
        terms=("air", "air defence", "day", "defence", "long", "long day"),
        document_frequency=counts.document_frequency(),
        n_documents=60,
    )
    latent, report = learn_latent(counts, vocabulary, settings(n_topics=2, phrases=0.5, min_df=1), seed=0)
    assert [vocabulary.terms[c] for c in latent.columns] == ["air defence", "day", "long"]
    assert report["phrases"] == 1
    again = LatentTopics.from_arrays(latent.arrays(), latent.settings())
    assert again.mixtures(counts).tobytes() == latent.mixtures(counts).tobytes()
    known = latent.known(counts)
    assert known.data.sum() == sum(r[0] + r[2] + r[4] for r in rows)


@pytest.mark.parametrize("phrases", [np.zeros(3, np.int32), np.array([[0, -1, 2]], np.int32), np.zeros((1, 2), np.int32)])
def test_phrases_that_are_no_rows_of_three_columns_are_refused(phrases):
    with pytest.raises(InputError, match="phrases must be rows of three columns"):
        LatentTopics(topic_term=np.ones((1, 2)), alpha=np.ones(1), columns=np.arange(2, dtype=np.int32), phrases=phrases)


def test_phrases_of_another_vocabulary_are_refused():
    with pytest.raises(InputError, match="column 4 of 3"):
        join_phrases(counts_of([[1, 1, 1]]), np.array([[0, 1, 4]], np.int32))
