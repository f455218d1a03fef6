"""Coherence: gensim's numbers, window by window, and worlds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import UsageError
from topics.terms import Counts, Vocabulary
from training.coherence import coherence, count_articles, count_windows, diversity


def some_texts(seed: int, n: int = 60) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    words = np.array([f"w{i}" for i in range(25)])
    return [list(words[(rng.gamma(1.0, 5.0, int(rng.integers(1, 160))) % 25).astype(int)]) for _ in range(n)]


TOPICS = [["w0", "w3", "w5", "w9"], ["w1", "w2", "w4", "w20", "w7"], ["w9", "w1"]]


@pytest.mark.parametrize(("ours", "theirs"), [("c_v", "c_v"), ("npmi", "c_npmi"), ("uci", "c_uci")])
@pytest.mark.parametrize("window", [2, 10, 110])
def test_windows_are_counted_and_judged_as_gensim_does(ours, theirs, window):
    models = pytest.importorskip("gensim.models")
    corpora = pytest.importorskip("gensim.corpora")
    texts = some_texts(window)
    dictionary = corpora.Dictionary(texts)
    model = models.CoherenceModel(
        topics=TOPICS, texts=texts, dictionary=dictionary, coherence=theirs, window_size=window, processes=1
    )
    together = count_windows(texts, (w for t in TOPICS for w in t), window)
    np.testing.assert_allclose(coherence(ours, TOPICS, together), model.get_coherence_per_topic(), rtol=1e-9, atol=1e-9)


def test_umass_is_gensims():
    models = pytest.importorskip("gensim.models")
    corpora = pytest.importorskip("gensim.corpora")
    texts = some_texts(4)
    dictionary = corpora.Dictionary(texts)
    corpus = [dictionary.doc2bow(text) for text in texts]
    model = models.CoherenceModel(topics=TOPICS, corpus=corpus, dictionary=dictionary, coherence="u_mass")
    words = sorted({w for text in texts for w in text})
    column = {w: i for i, w in enumerate(words)}
    rows = [sorted((column[w], text.count(w)) for w in set(text)) for text in texts]
    counts = Counts(
        indptr=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        indices=np.array([c for row in rows for c, _ in row], np.int32),
        data=np.array([n for row in rows for _, n in row], np.int32),
        n_terms=len(words),
    )
    vocabulary = Vocabulary(terms=tuple(words), document_frequency=counts.document_frequency(), n_documents=len(texts))
    together = count_articles(counts, vocabulary, (w for t in TOPICS for w in t))
    np.testing.assert_allclose(coherence("umass", TOPICS, together), model.get_coherence_per_topic(), rtol=1e-9)


def test_words_always_together_cohere_fully_and_words_never_together_do_not():
    texts = [["a", "b", "x"], ["a", "b", "y"], ["c", "x"], ["d", "y"]] * 5
    together = count_windows(texts, "abcd", 10)
    best, worst = coherence("npmi", [["a", "b"], ["c", "d"]], together)
    assert best == pytest.approx(1.0)
    assert worst == pytest.approx(-0.9, abs=0.05)  # epsilon keeps it above -1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=12), max_size=6), st.integers(1, 6))
def test_a_window_as_long_as_every_text_counts_articles(texts, extra):
    longest = max((len(t) for t in texts), default=0) + extra
    together = count_windows(texts, "abcde", longest)
    assert together.n_windows == len(texts)
    for i, a in enumerate("abcde"):
        for j, b in enumerate("abcde"):
            assert together.windows[i, j] == sum(a in t and b in t for t in texts)


def test_a_word_that_was_not_counted_and_a_measure_that_is_not_there_are_said():
    together = count_windows([["a", "b"]], ["a"], 10)
    with pytest.raises(UsageError, match="'b' was not counted"):
        coherence("npmi", [["a", "b"]], together)
    with pytest.raises(UsageError, match="there are: c_v, npmi, uci, umass"):
        coherence("c_x", [["a"]], together)


def test_diversity_is_the_share_of_different_words():
    assert diversity([["a", "b"], ["b", "c"]]) == 0.75
    assert diversity([["a"], ["a"]]) == 0.5
    assert diversity([]) == 1.0
