"""Terms and their counts: those of scikit-learn with the same settings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from topics.errors import InputError, UsageError
from topics.terms import Vocabulary, count_terms
from topics.tokens import Analysis, analyzer, term_spans
from training.settings import TermsSettings
from training.terms import analysis_of, learn_terms

TEXTS = [
    "The minister said the vote was close; the vote had been delayed.",
    "A vote, a storm and a café in İzmir. Straße, ΟΔΟΣ!",
    "",
    "storm storm storm warning for the coast",
]
hostile = st.lists(
    st.text(max_size=30) | st.sampled_from(["İ ß ΑΣ", "e\u0301 ﬁx 𝔘𝔫", "a\u0300b c_d", "\x1c \x85ab\u2028cd"]),
    min_size=1,
    max_size=5,
)


def same_as(vectorizer: CountVectorizer, texts, chosen: TermsSettings):
    try:
        expected = vectorizer.fit_transform(texts)
    except ValueError:
        with pytest.raises(InputError):
            learn_terms(texts, chosen)
        return
    expected.sort_indices()
    vocabulary, counts = learn_terms(texts, chosen)
    assert list(vocabulary.terms) == list(vectorizer.get_feature_names_out())
    assert np.array_equal(counts.indptr, expected.indptr)
    assert np.array_equal(counts.indices, expected.indices)
    assert np.array_equal(counts.data, expected.data)
    again = count_terms(texts, vocabulary, analysis_of(chosen))
    assert np.array_equal(again.indices, counts.indices)
    assert np.array_equal(again.data, counts.data)


@settings(max_examples=200, deadline=None)
@given(hostile, st.sampled_from([(1, 1), (1, 2), (2, 3)]), st.booleans(), st.booleans())
def test_words_are_scikit_learns(texts, ngrams, lowercase, strip):
    same_as(
        CountVectorizer(ngram_range=ngrams, lowercase=lowercase, strip_accents="unicode" if strip else None),
        texts,
        TermsSettings(ngrams=list(ngrams), lowercase=lowercase, accents="strip" if strip else "keep", min_df=1),
    )


@settings(max_examples=200, deadline=None)
@given(hostile, st.sampled_from([(1, 1), (2, 4), (3, 5), (5, 5)]))
def test_runs_of_characters_are_scikit_learns(texts, lengths):
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=lengths)
    ours = analyzer(Analysis(ngrams=(1, 1), chars=lengths))
    for text in texts:
        assert sorted(t[1:] for t in ours(text) if t.startswith("#")) == sorted(theirs.build_analyzer()(text))


@pytest.mark.parametrize(
    "bounds",
    [
        {"min_df": 2},
        {"min_df": 0.5},
        {"max_df": 1},
        {"max_df": 0.5},
        {"max_df": 1.0},
        {"max_terms": 3},
        {"min_df": 0.3, "max_df": 2},
    ],
)
def test_bounds_are_scikit_learns(bounds):
    texts = ["aa bb cc", "aa bb dd", "aa ee ee ee", "aa ff"]
    theirs = {"max_features" if k == "max_terms" else k: v for k, v in bounds.items()}
    same_as(CountVectorizer(**theirs), texts, TermsSettings(ngrams=[1, 1], **({"min_df": 1} | bounds)))


def test_stop_words_are_left_out_before_runs_are_formed():
    chosen = TermsSettings(ngrams=[1, 2], stop_words=["the", "was"], min_df=1)
    same_as(CountVectorizer(ngram_range=(1, 2), stop_words=["the", "was"]), TEXTS, chosen)


def test_no_term_is_an_error_that_says_why():
    with pytest.raises(InputError, match="a word of two letters"):
        learn_terms(["a b c", ""], TermsSettings())
    with pytest.raises(InputError, match=r"at least 3 and at most 1\.0 of 2 articles"):
        learn_terms(["one two", "two three"], TermsSettings(min_df=3))


@pytest.mark.parametrize("analysis", [Analysis(ngrams=(1, 3)), Analysis(chars=(3, 5)), Analysis(stop_words=frozenset({"the"}))])
def test_spans_hold_the_terms_they_name(analysis):
    for text in TEXTS:
        found = list(term_spans(text, analysis))
        folded = text.lower()
        if len(folded) == len(text):
            for term, start, end in found:
                said = folded[start:end]
                if term.startswith("#"):
                    assert said == term[1:].strip()
                elif analysis.stop_words:
                    assert said.split()[0] == term.split()[0]
                else:
                    assert " ".join(analyzer(Analysis())(said)) == term
        assert sorted(t for t, _, _ in found) == sorted(analyzer(analysis)(text))
        assert all(0 <= start < end <= len(text) for _, start, end in found)


def test_rows_and_columns_of_counts():
    vocabulary = Vocabulary(terms=("aa", "bb", "cc"), document_frequency=np.array([2, 2, 1]), n_documents=3)
    counts = count_terms(["aa bb", "", "bb cc cc"], vocabulary, Analysis())
    assert len(counts) == 3
    assert counts.document_frequency().tolist() == [1, 2, 1]
    turned = counts.rows([2, 0, 2])
    assert [turned.row(i)[0].tolist() for i in range(3)] == [[1, 2], [0, 1], [1, 2]]
    narrow = counts.columns(np.array([0, 2], np.int32))
    assert [narrow.row(i)[0].tolist() for i in range(3)] == [[0], [], [1]]
    assert [narrow.row(i)[1].tolist() for i in range(3)] == [[1], [], [2]]
    assert len(count_terms([], vocabulary, Analysis())) == 0


def test_settings_of_the_analysis_come_back():
    analysis = Analysis(ngrams=(1, 3), chars=(3, 5), lowercase=False, strip_accents=True, stop_words=frozenset({"b", "a"}))
    assert Analysis.from_settings(analysis.settings()) == analysis


def test_a_vocabulary_with_runs_of_characters_is_not_counted_without_them():
    vocabulary, counts = learn_terms(TEXTS, TermsSettings(ngrams=[1, 1], chars=[3, 3], min_df=1))
    assert count_terms(TEXTS, vocabulary, Analysis(chars=(3, 3))).data.tolist() == counts.data.tolist()
    with pytest.raises(UsageError, match="runs of characters"):
        count_terms(TEXTS, vocabulary, Analysis())


def test_terms_of_the_title_are_counted_once_more():
    texts = ["Oil prices fall\n\nPrices of oil fell on Monday.", "No title here, oil said.", "Oil\n\n\n\nOil prices"]
    analysis = Analysis(ngrams=(1, 2), title=True)
    plain = analyzer(Analysis(ngrams=(1, 2)))
    assert analyzer(analysis)(texts[0]) == [*plain(texts[0]), "*oil", "*prices", "*fall", "*oil prices", "*prices fall"]
    assert analyzer(analysis)(texts[1]) == plain(texts[1])
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1], title=True, min_df=1))
    assert vocabulary.terms[:3] == ("*fall", "*oil", "*prices")
    assert vocabulary.edges() == (0, 3)
    assert dict(zip(vocabulary.terms[:3], vocabulary.document_frequency.tolist(), strict=False)) == {
        "*fall": 1,
        "*oil": 2,
        "*prices": 1,
    }
    with pytest.raises(UsageError, match="terms of titles"):
        count_terms(texts, vocabulary, Analysis())
    found = [(term, texts[0][a:b]) for term, a, b in term_spans(texts[0], Analysis(title=True)) if term.startswith("*")]
    assert found == [("*oil", "Oil"), ("*prices", "prices"), ("*fall", "fall")]
    assert counts.indptr.tolist()[-1] == len(counts.data)
