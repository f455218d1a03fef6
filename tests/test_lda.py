"""Latent topics: known-answer worlds, conservation, and the same answer whoever asks, and how."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from topics.errors import InputError
from topics.lda import LatentTopics
from topics.terms import Counts, Vocabulary
from training.lda import learn_latent
from training.settings import LdaSettings


def counts_of(table) -> Counts:
    """Counts from a dense table (n_articles, n_terms)."""
    table = np.asarray(table)
    rows, columns = np.nonzero(table)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(table)))]).astype(np.int64)
    return Counts(
        indptr=indptr, indices=columns.astype(np.int32), data=table[rows, columns].astype(np.int32), n_terms=table.shape[1]
    )


def vocabulary_of(counts: Counts) -> Vocabulary:
    return Vocabulary(
        terms=tuple(f"w{i:04d}" for i in range(counts.n_terms)),
        document_frequency=counts.document_frequency(),
        n_documents=len(counts),
    )


def world(n_articles=120, n_topics=4, words=8, tokens=40, seed=0):
    """Articles that each speak mostly of one of `n_topics` disjoint vocabularies; which one is returned, too."""
    rng = np.random.default_rng(seed)
    main = np.arange(n_articles) % n_topics
    table = np.zeros((n_articles, n_topics * words), np.int64)
    for d, k in enumerate(main):
        topic = np.where(rng.random(tokens) < 0.9, k, rng.integers(0, n_topics, tokens))
        np.add.at(table[d], topic * words + rng.integers(0, words, tokens), 1)
    return counts_of(table), main


def settings(**changes) -> LdaSettings:
    return LdaSettings(**{"n_topics": 4, "iterations": 60, "max_df": 1.0, "stop_words": "none"} | changes)


@pytest.mark.parametrize("engine", ["cvb0", "gensim"])
def test_disjoint_vocabularies_become_latent_topics(engine):
    if engine == "gensim":
        pytest.importorskip("gensim")
    counts, main = world()
    latent, _ = learn_latent(counts, vocabulary_of(counts), settings(engine=engine, eta=0.1, alpha=0.1), seed=0)
    found = {frozenset(int(c) // 8 for c in latent.top_columns(k, 8)) for k in range(4)}
    assert found == {frozenset([k]) for k in range(4)}
    best = latent.mixtures(counts).argmax(axis=1)
    # One latent topic for each kind of article, whatever its number.
    assert len({(int(a), int(b)) for a, b in zip(main, best, strict=True)}) == 4


def test_expected_counts_are_conserved():
    counts, _ = world()
    latent, report = learn_latent(counts, vocabulary_of(counts), settings(eta=0.01, held_out=0), seed=1)
    total = float(latent.topic_term.sum(dtype=np.float64)) - 0.01 * latent.topic_term.size
    assert total == pytest.approx(report["tokens"], rel=1e-4)
    per_term = latent.topic_term.sum(axis=0, dtype=np.float64) - 4 * 0.01
    np.testing.assert_allclose(per_term, np.bincount(counts.indices, weights=counts.data), rtol=1e-3)


def test_the_number_of_workers_changes_no_bit(monkeypatch):
    monkeypatch.setattr("training.lda_cvb0.SHARDS", ((1 << 62, 4),))  # cut even this corpus into shards
    counts, _ = world()
    arrays = [learn_latent(counts, vocabulary_of(counts), settings(), seed=5, workers=w)[0].arrays() for w in (1, 2, 4)]
    for other in arrays[1:]:
        assert {name: a.tobytes() for name, a in arrays[0].items()} == {name: a.tobytes() for name, a in other.items()}


def test_another_seed_is_another_start():
    counts, _ = world()
    one, two = (learn_latent(counts, vocabulary_of(counts), settings(iterations=2), seed=s)[0] for s in (1, 2))
    assert not np.array_equal(one.topic_term, two.topic_term)


def some_latent(K, V, seed=0) -> LatentTopics:
    rng = np.random.default_rng(seed)
    return LatentTopics(
        topic_term=rng.gamma(0.3, 5.0, (K, V)).astype(np.float32) + np.float32(0.01),
        alpha=rng.gamma(1.0, 0.2, K) + 0.01,
        columns=np.arange(0, 2 * V, 2, dtype=np.int32),
    )


@pytest.mark.parametrize("K", [1, 2, 3, 7, 8, 9, 16, 50])
def test_compiled_and_plain_mixtures_are_the_same_bits(K):
    from topics import kernels_lda  # noqa: F401 - its being loaded is what turns the compiled path on

    rng = np.random.default_rng(K)
    latent = some_latent(K, 60)
    table = rng.poisson(0.4, (80, 120)) * (rng.random((80, 1)) < rng.random((80, 120)))
    table[0] = 0
    table[1] = 0
    table[1, 4] = 9  # one term only
    counts = counts_of(table)
    compiled = latent.mixtures(counts)
    known = counts.columns(latent.columns)
    plain = np.array([latent._mixture(*known.row(i)) for i in range(len(known))])
    np.testing.assert_allclose(plain.sum(axis=1), 1.0, rtol=1e-12)
    assert compiled.tobytes() == plain.tobytes()
    assert latent.mixtures(counts, workers=3).tobytes() == plain.tobytes()


def test_a_mixture_depends_on_its_article_alone():
    latent = some_latent(6, 30)
    rng = np.random.default_rng(1)
    counts = counts_of(rng.poisson(0.5, (20, 60)))
    together = latent.mixtures(counts)
    order = rng.permutation(20)
    assert latent.mixtures(counts.rows(order)).tobytes() == together[order].tobytes()
    for i in range(20):
        assert latent.mixtures(counts.rows([i])).tobytes() == together[i : i + 1].tobytes()
    np.testing.assert_allclose(together.sum(axis=1), 1.0, rtol=1e-12)
    assert (together > 0).all()


def test_a_mixture_is_the_most_probable_one():
    latent = some_latent(5, 30)
    counts = counts_of(np.random.default_rng(3).poisson(1.0, (10, 60)))
    known = counts.columns(latent.columns)
    phi = latent.topic_term / latent.topic_term.sum(axis=1, keepdims=True)

    def log_posterior(theta, i):
        columns, n = known.row(i)
        return float((n * np.log(theta @ phi[:, columns])).sum() + (latent.alpha * np.log(theta)).sum())

    rng = np.random.default_rng(4)
    for i, mixture in enumerate(latent.mixtures(counts)):
        best = log_posterior(mixture, i)
        for _ in range(200):
            other = mixture * np.exp(rng.normal(0, rng.choice([0.05, 0.5]), 5))
            assert log_posterior(other / other.sum(), i) < best + 1e-3


def test_an_article_without_known_terms_gets_the_prior():
    latent = some_latent(5, 10)
    table = np.zeros((2, 20), np.int64)
    table[1, 3] = 4  # an odd column: not one of the model's
    mixtures = latent.mixtures(counts_of(table))
    np.testing.assert_array_equal(mixtures, [latent.prior, latent.prior])


def test_one_article_is_labeled_without_numba():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "import numpy as np; from topics.lda import LatentTopics; from topics.terms import Counts\n"
        "latent = LatentTopics(topic_term=np.ones((3, 4), np.float32), alpha=np.ones(3), columns=np.arange(4, dtype=np.int32))\n"
        "one = Counts(indptr=np.array([0, 2]), indices=np.array([1, 3], np.int32), data=np.array([1, 2], np.int32), n_terms=4)\n"
        "print(latent.mixtures(one).round(3).tolist(), [m for m in ('numba', 'scipy', 'gensim', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[0.333, 0.333, 0.333]] []"


def test_a_saved_model_gives_the_same_mixtures():
    latent = some_latent(5, 10)
    again = LatentTopics.from_arrays(latent.arrays(), latent.settings())
    counts = counts_of(np.random.default_rng(0).poisson(1.0, (6, 20)))
    assert again.mixtures(counts).tobytes() == latent.mixtures(counts).tobytes()
    assert np.array_equal(again.topic_term, latent.topic_term)


def test_top_terms_are_ordered_and_ties_go_to_the_earlier_term():
    latent = LatentTopics(
        topic_term=np.array([[1.0, 3.0, 3.0, 1.0]]), alpha=np.ones(1), columns=np.array([0, 2, 4, 6], dtype=np.int32)
    )
    vocabulary = Vocabulary(terms=tuple("abcdefg"), document_frequency=np.ones(7, np.int64), n_documents=1)
    assert latent.top_terms(0, 3, vocabulary) == [("c", 0.375), ("e", 0.375), ("a", 0.125)]


def test_more_latent_topics_than_terms_is_refused_before_the_fit():
    counts, _ = world()
    with pytest.raises(InputError, match=r"n_topics = 33 latent topics from 32 terms"):
        learn_latent(counts, vocabulary_of(counts), settings(n_topics=33), seed=0)


def test_one_article_is_a_corpus():
    counts = counts_of([[3, 1, 2]])
    latent, _ = learn_latent(counts, vocabulary_of(counts), settings(n_topics=2, min_df=1), seed=0)
    np.testing.assert_allclose(latent.mixtures(counts).sum(), 1.0)


def test_columns_are_left_out_for_a_reason_and_counted():
    counts = counts_of([[1, 1, 1, 1, 0, 1], [1, 1, 0, 1, 0, 1], [1, 0, 1, 1, 0, 1], [1, 0, 0, 0, 1, 1]])
    vocabulary = Vocabulary(
        terms=("all", "bank", "bank loan", "cut", "dip", "the"), document_frequency=counts.document_frequency(), n_documents=4
    )
    latent, report = learn_latent(counts, vocabulary, settings(n_topics=1, max_df=0.75, stop_words="english"), seed=0)
    assert [vocabulary.terms[c] for c in latent.columns] == ["bank", "cut"]
    assert report["columns"] == {
        "kept": 2, "runs_of_words": 1, "stop_words": 2, "outside_df_bounds": 1, "beyond_max_terms": 0,
    }  # fmt: skip


def test_the_held_out_curve_falls_and_ends_the_fit(monkeypatch):
    monkeypatch.setattr("training.lda_cvb0.SMALL", 0)  # one start, as for a large corpus
    counts, _ = world(n_articles=400)
    _, report = learn_latent(counts, vocabulary_of(counts), settings(iterations=500), seed=0)
    curve = report["held_out"]["perplexity"]
    assert report["converged"]
    assert report["sweeps"] < 500
    assert curve[-1][1] < 0.9 * curve[0][1]
    # Nine tenths of a word comes from 8 words of one topic: far better than the 32 of knowing nothing.
    assert curve[-1][1] < 12


def test_the_learned_document_prior_is_near_the_one_that_made_the_corpus():
    rng = np.random.default_rng(0)
    made = np.array([0.6, 0.3, 0.1])
    phi = np.kron(np.eye(3), np.full(20, 1 / 20))
    theta = rng.dirichlet(made, 1500)
    counts = counts_of(np.array([rng.multinomial(60, t @ phi) for t in theta]))
    latent, _ = learn_latent(counts, vocabulary_of(counts), settings(n_topics=3, iterations=150, tolerance=0.0), seed=1)
    np.testing.assert_allclose(np.sort(latent.alpha)[::-1], made, rtol=0.2)


def test_two_processes_learn_the_same_bits():
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests'); from test_lda import *\n"
        "counts, _ = world()\n"
        "latent, _ = learn_latent(counts, vocabulary_of(counts), settings(), seed=5, workers=int(sys.argv[1]))\n"
        "print(hashlib.sha256(b''.join(a.tobytes() for a in latent.arrays().values())).hexdigest())"
    )
    digests = {
        subprocess.run([sys.executable, "-c", code, n], capture_output=True, text=True, check=True).stdout for n in ("1", "2")
    }
    assert len(digests) == 1


def dense(counts: Counts):
    out = np.zeros((len(counts), counts.n_terms), int)
    for i in range(len(counts)):
        columns, data = counts.row(i)
        out[i, columns] = data
    return out


def test_empty_articles_are_counted_and_equal_articles_get_equal_mixtures():
    counts, _ = world(n_articles=80)
    table = dense(counts)
    table[7] = 0
    table[20] = table[30]
    counts = counts_of(table)
    latent, report = learn_latent(counts, vocabulary_of(counts), settings(), seed=0)
    assert (report["articles"], report["articles_without_terms"]) == (79, 1)
    mixtures = latent.mixtures(counts)
    np.testing.assert_array_equal(mixtures[7], latent.prior)
    assert mixtures[20].tobytes() == mixtures[30].tobytes()


def test_a_corpus_of_empty_articles_is_refused():
    counts = counts_of(np.zeros((3, 2), int))
    vocabulary = Vocabulary(terms=("a1", "b1"), document_frequency=np.zeros(2, np.int64), n_documents=3)
    with pytest.raises(InputError, match="no term is left for latent topics"):
        learn_latent(counts, vocabulary, settings(min_df=0), seed=0)
