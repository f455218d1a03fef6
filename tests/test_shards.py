"""Counting in shards is counting: however a corpus is cut, in memory and on disk."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import kernels
from topics.errors import InputError
from training import shards
from training.settings import TermsSettings
from training.shards import choose_terms, count_shard, cuts_of, learn_terms_on_disk, merge
from training.terms import learn_terms

WORDS = st.sampled_from(["ant", "bee", "Bee", "cow", "émeu", "dog", "a", "Σίσυφος", "z_1", "x" * 20, "\U0001d49c\U0001d49c"])
TEXTS = st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=9)
COUNTED = st.sampled_from(
    [{}, {"ngrams": [1, 1]}, {"ngrams": [2, 3]}, {"chars": [2, 3]}, {"stop_words": ["bee"]}, {"stem": "english"}]
)


def same(left, right) -> bool:
    """Whether two shards, or two results of learning, are the same to the last bit."""
    pairs = [(left.terms, right.terms), (left.frequency, right.frequency), (left.totals, right.totals)]
    return all(np.array_equal(a, b) for a, b in pairs) and same_counts(left.counts, right.counts)


def same_counts(left, right) -> bool:
    fields = ("indptr", "indices", "data")
    equal = all(np.array_equal(getattr(left, f), getattr(right, f)) for f in fields)
    return equal and left.n_terms == right.n_terms and all(getattr(left, f).dtype == getattr(right, f).dtype for f in fields)


def same_learned(left, right) -> bool:
    (one, counts), (other, others) = left, right
    return (
        one.terms == other.terms
        and one.n_documents == other.n_documents
        and np.array_equal(one.document_frequency, other.document_frequency)
        and same_counts(counts, others)
    )


@settings(deadline=None, max_examples=150)
@given(TEXTS, TEXTS, COUNTED)
def test_merging_counts_is_counting_both(a, b, how):
    terms = TermsSettings(**how)
    assert same(merge([count_shard(a, terms), count_shard(b, terms)]), count_shard(a + b, terms))


@settings(deadline=None, max_examples=40)
@given(TEXTS, TEXTS, TEXTS)
def test_merging_may_be_grouped_in_any_way(a, b, c):
    one, two, three = (count_shard(texts, TermsSettings()) for texts in (a, b, c))
    assert same(merge([merge([one, two]), three]), merge([one, merge([two, three])]))
    assert same(merge([one, two, three]), merge([merge([one, two]), three]))


def corpus(n: int = 120) -> list[str]:
    random = np.random.default_rng(3)
    return [" ".join(f"w{k}" for k in random.zipf(1.4, 40) % 500) + (" café" if i % 3 else "") for i in range(n)] + ["", "..."]


BOUNDS = [
    {},
    {"min_df": 3, "max_df": 0.5},
    {"max_terms": 100},
    {"ngrams": [1, 1], "min_df": 0.05},
    {"chars": [2, 4], "max_terms": 300},
]


@pytest.mark.parametrize("how", BOUNDS, ids=str)
@pytest.mark.parametrize("size", [1, 500, 1 << 30])
def test_on_disk_it_is_what_memory_gives(how, size, tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "RANGE", 700)
    texts, terms = corpus(), TermsSettings(**how)
    whole = learn_terms(texts, terms)
    assert same_learned(choose_terms(count_shard(texts, terms), terms), whole)
    assert same_learned(learn_terms_on_disk(texts, terms, size * shards.PART * shards.PER_CHARACTER, tmp_path), whole)


def test_shards_counted_by_the_kernels_are_the_same(tmp_path, monkeypatch):
    texts = corpus()
    plain = learn_terms(texts, TermsSettings())
    monkeypatch.setattr(kernels, "WORTH", 0)
    assert same_learned(learn_terms_on_disk(texts, TermsSettings(), 1000 * 300, tmp_path), plain)


@pytest.mark.parametrize("texts", [[], [""], ["...", "a"]])
def test_nothing_to_learn_from_is_said_as_ever(texts, tmp_path):
    with pytest.raises(InputError, match="no text holds a word of two letters"):
        learn_terms_on_disk(texts, TermsSettings(), 1 << 20, tmp_path)


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(1, 100))
def test_cuts_hold_every_article_once_and_are_as_large_as_they_may_be(lengths, most):
    cuts = cuts_of(lengths, most)
    assert [i for first, last in cuts for i in range(first, last)] == list(range(len(lengths)))
    for first, last in cuts:
        assert sum(lengths[first:last]) <= most or last - first == 1
        assert last == len(lengths) or sum(lengths[first : last + 1]) > most
