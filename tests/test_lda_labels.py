"""What is said about latent topics: terms of their own, names, examples, seeds."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import counts_of, settings, vocabulary_of, world

from topics.errors import InputError, UsageError
from topics.lda import LatentTopics
from topics.lda_labels import describing_terms, exclusivity, term_weights
from topics.terms import Vocabulary
from training.lda import learn_latent
from training.lda_describe import describe

#: Two latent topics over: a word of both, a word of the first, a rarer word of the first, a word of the second.
LATENT = LatentTopics(
    topic_term=np.array([[50.0, 40.0, 10.0, 0.1], [50.0, 0.1, 0.001, 50.0]]),
    alpha=np.ones(2),
    columns=np.arange(4, dtype=np.int32),
)
WORDS = Vocabulary(terms=("both", "first", "firstly", "second"), document_frequency=np.ones(4, np.int64), n_documents=4)


def test_a_word_of_all_topics_is_probable_but_describes_none():
    assert describing_terms(LATENT, WORDS, 1, measure="probability")[0][0][0] == "both"
    assert describing_terms(LATENT, WORDS, 1, measure="relevance", balance=0.0)[0][0][0] == "firstly"
    assert describing_terms(LATENT, WORDS, 1, measure="relevance", balance=0.6)[0][0][0] == "first"
    assert describing_terms(LATENT, WORDS, 1, measure="score")[0][0][0] == "first"
    assert describing_terms(LATENT, WORDS, 2, measure="frex")[0][0][0] == "first"
    assert describing_terms(LATENT, WORDS, 1, measure="frex")[1][0][0] == "second"


def test_measures_by_hand():
    probability = np.array([50, 40, 10, 0.1]) / 100.1
    marginal = np.array([100, 40.1, 10.001, 50.1]) / 200.201
    np.testing.assert_allclose(term_weights(LATENT, "probability")[0], probability, rtol=1e-6)
    np.testing.assert_allclose(term_weights(LATENT, "lift")[0], probability / marginal, rtol=1e-6)
    np.testing.assert_allclose(
        term_weights(LATENT, "relevance", balance=0.25)[0],
        0.25 * np.log(probability) + 0.75 * np.log(probability / marginal),
        rtol=1e-6,
    )
    other = np.array([50, 0.1, 0.001, 50]) / 100.101
    np.testing.assert_allclose(
        term_weights(LATENT, "score")[0],
        probability * (np.log(probability) - np.log(probability * other) / 2),
        rtol=1e-6,
        atol=1e-9,
    )
    # Ranks as shares: exclusivity of (both, first, firstly, second) 2 3 4 1, probability 4 3 2 1, each of four.
    expected = 1 / (0.6 / (np.array([2, 3, 4, 1]) / 4) + 0.4 / (np.array([4, 3, 2, 1]) / 4))
    np.testing.assert_allclose(term_weights(LATENT, "frex")[0], expected, rtol=1e-12)


def test_relevance_of_one_is_probability_and_of_zero_is_lift():
    order = np.argsort(-term_weights(LATENT, "relevance", balance=1.0), axis=1)
    assert np.array_equal(order, np.argsort(-term_weights(LATENT, "probability"), axis=1))
    order = np.argsort(-term_weights(LATENT, "relevance", balance=0.0), axis=1)
    assert np.array_equal(order, np.argsort(-term_weights(LATENT, "lift"), axis=1))


def test_exclusivity_is_one_for_terms_of_one_topic_and_a_kth_for_terms_of_all():
    apart = LatentTopics(topic_term=np.array([[9, 1e-9], [1e-9, 9]]), alpha=np.ones(2), columns=np.arange(2, dtype=np.int32))
    np.testing.assert_allclose(exclusivity(apart, 1), 1.0)
    alike = LatentTopics(topic_term=np.ones((2, 2)), alpha=np.ones(2), columns=np.arange(2, dtype=np.int32))
    np.testing.assert_allclose(exclusivity(alike, 2), 0.5)


def test_a_measure_or_balance_that_is_not_there_is_said():
    with pytest.raises(UsageError, match="there are: probability, score, relevance, frex, lift"):
        term_weights(LATENT, "weight")
    with pytest.raises(UsageError, match="between 0 and 1; got 2"):
        term_weights(LATENT, "frex", balance=2)


def test_phrases_name_latent_topics_and_examples_are_theirs():
    # Words 0-2 and 3-5 never meet; "w0 w1" and "w3 w4" stand in their articles.
    table = np.zeros((40, 8), int)
    for d in range(40):
        side = 3 * (d % 2)
        table[d, side : side + 3] = [3, 2 + d % 3, 2]
        table[d, 6 + d % 2] = 2
    counts = counts_of(table)
    vocabulary = Vocabulary(
        terms=("ape", "bee", "cat", "dog", "elk", "fox", "ape bee", "dog elk"),
        document_frequency=counts.document_frequency(),
        n_documents=40,
    )
    latent, report = learn_latent(counts, vocabulary, settings(n_topics=2), seed=1)
    assert set(latent.names) == {"ape bee", "dog elk"}
    k = latent.names.index("ape bee")
    assert all(d % 2 == 0 for d in report["articles_of"][k])
    assert sum(report["share"]) == pytest.approx(1.0, abs=1e-4)
    described = describe(latent, counts, vocabulary, examples=40)
    assert sorted(described.articles[k]) == list(range(40))


def test_seeds_name_latent_topics_and_keep_their_terms():
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    seeds = {"third": ["w0017", "w0018"], "first": ["w0001", "w0002", "w0003"]}
    for seed in range(3):
        latent, report = learn_latent(counts, vocabulary, settings(seeds=seeds), seed=seed)
        assert latent.names[:2] == ("third", "first")
        assert {int(c) // 8 for c in latent.top_columns(0, 8)} == {2}
        assert {int(c) // 8 for c in latent.top_columns(1, 8)} == {0}
        assert report["seeded"] == ["third", "first"]


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ({"a": ["w0001"], "b": ["w0001"]}, "'w0001' stands under 'a' and 'b'"),
        ({"a": ["w0001x"]}, "no term of 'a' is left to learn from .*did you mean 'w0001'"),
        ({f"t{i}": [f"w{i:04d}"] for i in range(5)}, "names 5 latent topics, and lda.n_topics is 4"),
    ],
)
def test_seeds_that_cannot_be_are_refused(seeds, message):
    counts, _ = world()
    with pytest.raises(InputError, match=message):
        learn_latent(counts, vocabulary_of(counts), settings(seeds=seeds), seed=0)


def test_a_seed_that_was_not_found_is_reported():
    counts, _ = world()
    _, report = learn_latent(counts, vocabulary_of(counts), settings(seeds={"a": ["w0001", "moon"]}), seed=0)
    assert report["seeds_not_found"] == {"a": ["moon"]}
