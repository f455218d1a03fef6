"""Bridges keep what is learned: gensim's model agrees, states and files come back, pyLDAvis finds what it reads."""

from __future__ import annotations

import json

import numpy as np
import pytest
from test_lda import counts_of, settings, vocabulary_of, world

from topics.errors import InputError
from topics.terms import Vocabulary
from training.lda import learn_latent
from training.lda_bridges import (
    arrays_from_gensim_files,
    from_gensim,
    from_mallet_state,
    mallet_state,
    pyldavis,
    to_gensim,
)


@pytest.fixture(scope="module")
def learned():
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    latent, _ = learn_latent(counts, vocabulary, settings(), seed=1)
    return latent, counts, vocabulary


def test_a_gensim_model_has_the_same_topics_and_nearly_the_same_mixtures(learned):
    pytest.importorskip("gensim")
    latent, counts, vocabulary = learned
    model = to_gensim(latent, vocabulary)
    probability = latent.topic_term / latent.topic_term.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.get_topics(), probability, rtol=1e-5)
    assert [w for w, _ in model.show_topic(0, 3)] == [w for w, _ in latent.top_terms(0, 3, vocabulary)]
    row = list(zip(*(part.tolist() for part in counts.row(0)), strict=True))
    mixture = dict(model.get_document_topics(row, minimum_probability=0.0))
    assert max(mixture, key=mixture.get) == int(latent.mixtures(counts)[0].argmax())
    again = from_gensim(model, vocabulary)
    np.testing.assert_allclose(again.topic_term, latent.topic_term, rtol=1e-5)
    np.testing.assert_allclose(again.alpha, latent.alpha)


def test_a_mallet_state_holds_every_token_and_comes_back(learned):
    latent, counts, vocabulary = learned
    lines = list(mallet_state(latent, counts, vocabulary, [f"page {d}" for d in range(len(counts))]))
    assert lines[0] == "#doc source pos typeindex type topic"
    assert len(lines) - 3 == int(counts.data.sum())
    again = from_mallet_state(lines, vocabulary)
    np.testing.assert_allclose(again.alpha, latent.alpha)
    assert again.topic_term.sum() == pytest.approx(
        counts.data.sum() + again.topic_term.size * float(lines[2].split()[-1]), rel=1e-5
    )
    for k in range(4):
        assert set(again.top_columns(k, 8)) == set(latent.top_columns(k, 8))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["one", "two"], "line 1"),
        (["#doc source", "#alpha : 1 x"], "not a line of a MALLET topic state: '#alpha : 1 x'"),
        (["#doc source", "#alpha : 1 1", "0 NA 0 0 w0001 first"], "not a line of a MALLET"),
        (["#doc source", "#alpha : 1 1", "0 NA 0 0 w0001 2"], "topics beyond its alpha"),
        (["#doc source", "0 NA 0 0 w0001 0"], "no '#alpha' line"),
        (["#doc source", "#alpha : 1 1", "0 NA 0 0 moon 1"], "no term in common"),
    ],
)
def test_what_is_not_a_state_is_refused(lines, message):
    vocabulary = Vocabulary(terms=("w0001",), document_frequency=np.ones(1, np.int64), n_documents=1)
    with pytest.raises(InputError) as error:
        from_mallet_state(lines, vocabulary)
    assert message in str(error.value) or (message == "line 1" and error.value.line == 1)


def test_gensims_array_files_are_enough():
    vocabulary = Vocabulary(terms=("a", "b", "c"), document_frequency=np.ones(3, np.int64), n_documents=1)
    latent = arrays_from_gensim_files({"sstats": np.array([[3.0, 0.0, 1.0], [0.0, 5.0, 0.0]])}, ["c", "x", "a"], vocabulary)
    assert latent.columns.tolist() == [0, 2]
    np.testing.assert_allclose(latent.topic_term, [[1.01, 3.01], [0.01, 0.01]], rtol=1e-6)
    with pytest.raises(InputError, match=r"shape \(K, 2\)"):
        arrays_from_gensim_files({"sstats": np.ones((2, 3))}, ["a", "b"], vocabulary)


def test_pyldavis_gets_consistent_tables(learned):
    latent, counts, vocabulary = learned
    prepared = pyldavis(latent, counts, vocabulary, terms=8)
    json.dumps(prepared, allow_nan=False)
    assert sorted(prepared["topic.order"]) == [1, 2, 3, 4]
    assert sum(prepared["mdsDat"]["Freq"]) == pytest.approx(100)
    assert prepared["mdsDat"]["Freq"] == sorted(prepared["mdsDat"]["Freq"], reverse=True)
    info = prepared["tinfo"]
    assert len({len(column) for column in info.values()}) == 1
    first = prepared["topic.order"][0] - 1
    own = {t for t, c in zip(info["Term"], info["Category"], strict=True) if c == "Topic1"}
    assert {t for t, _ in latent.top_terms(first, 8, vocabulary)} <= own
    # The bars of a term over topics add up to how often it occurs.
    totals = dict(zip(info["Term"], info["Total"], strict=True))
    assert totals == {
        t: float(n)
        for t, n in zip(vocabulary.terms, np.bincount(counts.indices, weights=counts.data), strict=True)
        if t in totals
    }
    places = np.array([prepared["mdsDat"]["x"], prepared["mdsDat"]["y"]])
    np.testing.assert_allclose(places.sum(axis=1), 0, atol=1e-9)


def test_one_latent_topic_can_be_drawn():
    counts = counts_of([[3, 1], [1, 2]])
    vocabulary = vocabulary_of(counts)
    latent, _ = learn_latent(counts, vocabulary, settings(n_topics=1, min_df=1), seed=0)
    assert pyldavis(latent, counts, vocabulary)["mdsDat"]["x"] == [0.0]
