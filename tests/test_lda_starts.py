"""Of several random starts the best latent topics are kept, each subject once."""

from __future__ import annotations

import numpy as np
import pytest
from test_lda import settings, vocabulary_of, world

from training.lda import learn_latent
from training.lda_starts import choose_topics


def tables(counts, main, *groups):
    """Expected counts (V, n) of the articles of each group of kinds."""
    out = np.zeros((counts.n_terms, len(groups)), np.float32)
    for d in range(len(counts)):
        columns, n = counts.row(d)
        for k, kinds in enumerate(groups):
            if main[d] in kinds:
                out[columns, k] += n
    return out


def test_topics_of_one_subject_are_taken_from_whichever_start_has_them_and_once():
    counts, main = world(n_articles=200)
    first = tables(counts, main, {0}, {1}, {2, 3}, {2, 3})  # two subjects in one, and the same again
    second = tables(counts, main, {0, 1}, {2}, {3}, {0, 1, 2, 3})
    chosen = choose_topics([first, second], counts, 0.01)
    assert chosen.shape == (counts.n_terms, 4)
    assert {int(np.argmax(column)) // 8 for column in chosen.T} == {0, 1, 2, 3}


def test_where_all_starts_agree_topics_come_again_until_there_are_enough():
    counts, main = world(n_articles=80)
    same = tables(counts, main, {0, 1, 2, 3}, {0, 1, 2, 3})
    assert choose_topics([same, same], counts, 0.01).shape == (counts.n_terms, 2)


@pytest.mark.parametrize(("n_topics", "wrong"), [(6, 0), (15, 2)])  # one start alone: 0 to 2, and 2 to 5, wrong
def test_a_world_of_many_subjects_is_found_whatever_the_seed(n_topics, wrong):
    counts, _ = world(n_articles=300, n_topics=n_topics, words=6)
    for seed in range(4):
        latent, _ = learn_latent(counts, vocabulary_of(counts), settings(n_topics=n_topics), seed=seed)
        found = {frozenset(int(c) // 6 for c in latent.top_columns(k, 6)) for k in range(n_topics)}
        assert len(found & {frozenset([k]) for k in range(n_topics)}) >= n_topics - wrong
