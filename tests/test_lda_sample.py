"""A large fit that begins with a sample: as good, in fewer sweeps, and the same bits however it is worked on."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import settings, vocabulary_of, world

from training import lda_cvb0, lda_sample
from training.lda import learn_latent


@pytest.fixture
def large(monkeypatch):
    """Have fits of some thousand entries count as large ones."""
    monkeypatch.setattr(lda_cvb0, "SMALL", 0)
    monkeypatch.setattr(lda_cvb0, "SHARDS", ((1 << 62, 4),))
    monkeypatch.setattr(lda_cvb0, "LARGE", 4000)
    monkeypatch.setattr(lda_sample, "SAMPLE", 1500)


def bits(latent) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in latent.arrays().items()}


def test_it_ends_sooner_and_as_well(large, monkeypatch):
    counts, _ = world(n_articles=800)
    assert len(counts.indices) > 4000
    lines: list[str] = []
    how = settings(iterations=300)
    _, report = learn_latent(counts, vocabulary_of(counts), how, seed=0, progress=lines.append)
    monkeypatch.setattr(lda_cvb0, "LARGE", 1 << 62)
    _, whole = learn_latent(counts, vocabulary_of(counts), how, seed=0)
    assert report["converged"]
    assert report["sweeps"] < whole["sweeps"]
    ends = [told["held_out"]["perplexity"][-1][1] for told in (report, whole)]
    assert ends[0] < 1.02 * ends[1]
    assert any("of 800 articles" in line for line in lines), "the sample is told of"


def test_workers_and_files_change_no_bit(large):
    counts, _ = world(n_articles=800)
    vocabulary = vocabulary_of(counts)
    plain = bits(learn_latent(counts, vocabulary, settings(), seed=3)[0])
    assert bits(learn_latent(counts, vocabulary, settings(), seed=3, workers=3)[0]) == plain
    assert bits(learn_latent(counts, vocabulary, settings(stream=True), seed=3)[0]) == plain
    assert bits(learn_latent(counts, vocabulary, settings(), seed=4)[0]) != plain


def test_a_prior_that_is_given_stays(large):
    counts, _ = world(n_articles=800)
    latent, report = learn_latent(counts, vocabulary_of(counts), settings(alpha=0.2, eta=0.05), seed=3)
    np.testing.assert_array_equal(latent.alpha, np.full(latent.n_topics, 0.2))
    assert report["eta"] == 0.05
