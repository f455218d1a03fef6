"""Latent topics go on with new articles: they keep their numbers, take in new words, and tell how far they drifted."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import counts_of, settings, vocabulary_of, world

from topics.errors import InputError
from topics.terms import Vocabulary
from training.lda import learn_latent
from training.lda_continue import continue_latent


def test_more_of_the_same_changes_little_and_adds_up():
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    latent, _ = learn_latent(counts, vocabulary, settings(held_out=0), seed=1)
    more, _ = world(seed=9)
    after, report = continue_latent(latent, vocabulary, more, vocabulary_of(more), settings(held_out=0), seed=2)
    for k in range(4):
        assert set(after.top_columns(k, 8)) == set(latent.top_columns(k, 8))
    assert max(report["drift"]) < 0.01
    assert after.names == latent.names
    grown = after.topic_term.sum(dtype=np.float64) - after.topic_term.size * report["eta"]
    assert grown == pytest.approx(counts.data.sum() + more.data.sum(), rel=0.02)


def test_a_topic_whose_words_change_drifts_and_takes_the_new_word():
    counts, _ = world(n_topics=3, words=6)
    vocabulary = vocabulary_of(counts)
    latent, _ = learn_latent(counts, vocabulary, settings(n_topics=3), seed=1)
    fresh, main = world(n_articles=240, n_topics=3, words=6, seed=5)
    table = np.zeros((240, 19), int)
    for d in range(240):
        columns, n = fresh.row(d)
        table[d, columns] = n
    table[main == 1, 18] = 12  # a new word, with the second kind of article only
    new_counts = counts_of(table)
    new_vocabulary = Vocabulary(
        terms=(*vocabulary.terms, "wnew"), document_frequency=new_counts.document_frequency(), n_documents=240
    )
    after, report = continue_latent(latent, vocabulary, new_counts, new_vocabulary, settings(n_topics=3), seed=2, weight=0.5)
    k = next(k for k in range(3) if int(latent.top_columns(k, 1)[0]) // 6 == 1)
    assert int(np.argmax(report["drift"])) == k
    assert report["columns"]["new"] == 1
    assert after.top_terms(k, 1, new_vocabulary)[0][0] == "wnew"


def test_the_same_continuation_has_the_same_bits_for_any_number_of_workers(monkeypatch):
    monkeypatch.setattr("training.lda_cvb0.SHARDS", ((1 << 62, 4),))
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    latent, _ = learn_latent(counts, vocabulary, settings(), seed=1)
    more, _ = world(seed=9)
    one, two = (continue_latent(latent, vocabulary, more, vocabulary_of(more), settings(), seed=2, workers=w)[0] for w in (1, 2))
    assert one.topic_term.tobytes() == two.topic_term.tobytes()


def test_gensims_engine_does_not_go_on():
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    latent, _ = learn_latent(counts, vocabulary, settings(iterations=5), seed=1)
    with pytest.raises(InputError, match="goes on from a model"):
        continue_latent(latent, vocabulary, counts, vocabulary, settings(engine="gensim"), seed=2)
