"""The search for the number of latent topics finds the number a world was made with, and says why."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import settings, vocabulary_of, world

from topics.errors import UsageError
from training.lda_search import Candidate, recommend, search_topics


def candidate(n_topics, **changes) -> Candidate:
    values = {
        "perplexity": 100.0, "npmi": 0.1, "npmi_deviation": 0.0, "c_v": None, "exclusivity": 0.5, "diversity": 0.5,
        "stability": 0.5, "sweeps": 10.0,
    }  # fmt: skip
    return Candidate(n_topics=n_topics, **values | changes)


def test_the_number_a_world_was_made_with_is_recommended():
    counts, _ = world(n_articles=300, n_topics=5, words=12)
    vocabulary = vocabulary_of(counts)
    lines: list[str] = []
    found = search_topics(counts, vocabulary, settings(), [8, 5, 2], seeds=(1, 2), progress=lines.append)
    assert [c.n_topics for c in found] == [2, 5, 8]
    assert len(lines) == 3
    best, why = recommend(found)
    assert best == 5
    assert why.startswith("5 latent topics: best of 3 by")
    five = found[1]
    assert five.stability > 0.95
    assert five.diversity == 1.0
    assert five.perplexity == min(c.perplexity for c in found)


def test_c_v_is_measured_where_there_are_texts():
    counts, _ = world()
    vocabulary = vocabulary_of(counts)
    texts = [[vocabulary.terms[c] for c, n in zip(*counts.row(i), strict=True) for _ in range(n)] for i in range(len(counts))]
    (found,) = search_topics(counts, vocabulary, settings(), [4], seeds=(1,), texts=texts)
    assert found.stability is None
    assert 0 < found.c_v <= 1
    assert found.row()["n_topics"] == 4


def test_the_best_mean_rank_wins_and_ties_go_to_fewer():
    few, many = candidate(10, perplexity=120.0, npmi=0.2), candidate(20, perplexity=90.0, npmi=0.1)
    assert recommend([few, many])[0] == 10  # each is best once
    best, why = recommend([few, candidate(20, perplexity=90.0, npmi=0.3)])
    assert best == 20
    assert "best of 2 by diversity, held-out perplexity, coherence, stability" in why
    assert np.isfinite(few.npmi)


def test_a_search_over_nothing_is_refused():
    counts, _ = world()
    with pytest.raises(UsageError, match="at least one number"):
        search_topics(counts, vocabulary_of(counts), settings(), [])
