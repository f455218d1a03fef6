"""The compiled count equals the plain one, on text that is out to break it."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import kernels, kernels_learn
from topics.terms import Vocabulary, count_plainly, count_terms
from topics.tokens import Analysis
from training.settings import TermsSettings
from training.terms import learn_plainly, learn_terms

# Case that changes length, marks, final sigma, astral letters, lone surrogates, words of 1, 8, 16 and 17 bytes and more.
PIECES = [
    "a", "of", "The", "İstanbul", "ΟΔΟΣ", "straße", "ẞ", "Ⱥb", "é", "e\u0301te", "𝔘𝔫𝔦", "𝔘", "\ud800", "x\udfffy", "Ǆungla", "ﬁn",
    "12345678", "sixteenletters16", "seventeenletters7",
    "x" * 40, "x" * 41, "naïve", "日本語", "日", "_", "__", "word_s", "٣٤", "ª", "²³",
    "\x00", "\x1c", "\u2028", "\n", "\t", ".", "—", "'s", "don't", "K", "ı", "\u0300", "ſs", "ŉ",
]  # fmt: skip
texts = st.lists(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map(" ".join), min_size=1, max_size=6)
glued = st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), min_size=1, max_size=6)


@pytest.fixture
def eager(monkeypatch):
    """Send every input, however small, through the kernels, in chunks of a few texts."""
    monkeypatch.setattr(kernels, "WORTH", 0)
    monkeypatch.setattr(kernels, "CHUNK", 40)


def forced(call):
    before = kernels.WORTH, kernels.CHUNK
    kernels.WORTH, kernels.CHUNK = 0, 40
    try:
        return call()
    finally:
        kernels.WORTH, kernels.CHUNK = before


def equal(a, b):
    return (
        a.n_terms == b.n_terms
        and np.array_equal(a.indptr, b.indptr)
        and np.array_equal(a.indices, b.indices)
        and np.array_equal(a.data, b.data)
        and (a.indptr.dtype, a.indices.dtype, a.data.dtype) == (b.indptr.dtype, b.indices.dtype, b.data.dtype)
    )


@settings(max_examples=150, deadline=None)
@given(
    texts | glued,
    st.sampled_from([[1, 1], [1, 2], [2, 2], [1, 3], [2, 3], [3, 3]]),
    st.booleans(),
    st.sampled_from(["keep", "strip"]),
    st.sampled_from(["none", ["of", "the", "ab"]]),
    st.sampled_from([None, None, [2, 3], [3, 5], [1, 9]]),
    st.booleans(),
)
def test_learning_and_counting_equal_the_plain_ones(some, ngrams, lowercase, accents, stop_words, chars, title):
    chosen = TermsSettings(
        ngrams=ngrams, lowercase=lowercase, accents=accents, stop_words=stop_words, chars=chars, title=title, min_df=0
    )
    some = [*some, "some known words here\n\nand some others there"]
    plain, plain_counts = learn_plainly(some, chosen)
    found, found_counts = forced(lambda: learn_terms(some, chosen))
    assert found.terms == plain.terms
    assert np.array_equal(found.document_frequency, plain.document_frequency)
    assert equal(found_counts, plain_counts)
    half = Vocabulary(terms=plain.terms[::2], document_frequency=plain.document_frequency[::2], n_documents=1)
    analysis = Analysis(
        ngrams=(ngrams[0], ngrams[1]),
        chars=None if chars is None else (chars[0], chars[1]),
        lowercase=lowercase,
        strip_accents=accents == "strip",
        title=title,
        stop_words=frozenset() if stop_words == "none" else frozenset(stop_words),
    )
    expected = count_plainly(some, half, analysis)
    for workers in (1, 2):
        assert equal(forced(lambda w=workers: count_terms(some, half, analysis, w)), expected)


def test_every_code_point_is_read_alike(eager):
    # Two of each between spaces: a word where it is a word character, and nothing else.
    some = [" ".join(chr(c) * 2 for c in range(start, start + 0x1000)) for start in range(0, 0x110000, 0x1000)]
    chosen = TermsSettings(ngrams=[1, 1], min_df=0)
    plain, plain_counts = learn_plainly(some, chosen)
    found, found_counts = learn_terms(some, chosen)
    assert found.terms == plain.terms
    assert equal(found_counts, plain_counts)


def test_bounds_and_the_cap_on_size_are_those_of_the_plain_count(eager):
    rng = np.random.default_rng(5)
    some = [" ".join(f"w{int(n)}" for n in rng.zipf(1.4, 60) if n < 500) for _ in range(40)]
    for bounds in ({"min_df": 3}, {"min_df": 0.1, "max_df": 0.8}, {"max_df": 10}, {"max_terms": 25}):
        chosen = TermsSettings(ngrams=[1, 2], **bounds)
        plain, plain_counts = learn_plainly(some, chosen)
        found, found_counts = learn_terms(some, chosen)
        assert found.terms == plain.terms
        assert equal(found_counts, plain_counts)


def test_a_table_that_has_to_grow_holds_every_word(eager):
    some = [" ".join(f"word{i}" for i in range(start, start + 3000)) for start in range(0, 60_000, 2000)]
    vocabulary, counts = learn_terms(some, TermsSettings(ngrams=[1, 1], min_df=1))
    assert len(vocabulary) == 61_000
    assert list(vocabulary.terms) == sorted(vocabulary.terms)
    assert int(counts.data.sum()) == 30 * 3000


def test_words_that_share_their_beginnings_are_told_apart_and_sorted(eager):
    stem = "a" * 16
    some = [f"{stem}b {stem} {stem}{'c' * 30} {stem}{'c' * 31} {stem}B {'a' * 8} {'a' * 9} aa"]
    vocabulary, counts = learn_terms(some, TermsSettings(ngrams=[1, 1], min_df=1))
    assert vocabulary.terms == tuple(sorted(set(some[0].lower().split())))
    assert counts.data[vocabulary.terms.index(f"{stem}b")] == 2


def test_a_vocabulary_of_other_kinds_of_terms_is_counted_plainly(eager):
    # None of these is a run of words that the tokenizer finds; reading them as such would count "new york".
    vocabulary = Vocabulary(terms=("new york", "new-york", "x"), document_frequency=np.ones(3, np.int64), n_documents=1)
    counts = count_terms(["new york new-york x"], vocabulary, Analysis(ngrams=(1, 2)))
    assert counts.data.tolist() == [2]
    assert counts.indices.tolist() == [0]


def test_longer_runs_when_keys_do_not_fit_into_64_bits(eager, monkeypatch):
    some = ["one two three four", "two three four", "four two three"]
    plain, plain_counts = learn_plainly(some, TermsSettings(ngrams=[1, 3], min_df=1))

    # So few bits that runs get ranks of their own at every step.
    monkeypatch.setattr(kernels_learn, "KEY_BITS", 4)
    found, found_counts = learn_terms(some, TermsSettings(ngrams=[1, 3], min_df=1))
    assert found.terms == plain.terms
    assert equal(found_counts, plain_counts)


def test_small_inputs_do_not_import_numba():
    code = (
        "import sys, topics.terms as t, topics.tokens as k, numpy as np;"
        "v = t.Vocabulary(terms=('ab',), document_frequency=np.ones(1, np.int64), n_documents=1);"
        "t.count_terms(['ab ab cd'], v, k.Analysis());"
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_kernels_run_where_nothing_can_be_cached(tmp_path):
    # A home that does not exist and cannot be made, and a package that is not to be written to.
    code = (
        "import numba.core.caching as c;"
        "c.CacheImpl._locator_classes = [];"
        "from topics import kernels; kernels.WORTH = 0;"
        "from training.settings import TermsSettings; from training.terms import learn_terms;"
        "print(learn_terms(['one two', 'two'], TermsSettings(ngrams=[1, 1], min_df=1))[0].terms)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert done.stdout.strip() == "('one', 'two')"
