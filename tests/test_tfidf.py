"""TF-IDF weights: those of scikit-learn, and the same bits for an article whatever stands beside it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from topics.terms import Counts, count_terms
from topics.tfidf import Tfidf
from training.settings import TermsSettings, TfidfSettings
from training.terms import analysis_of, learn_terms
from training.tfidf import learn_tfidf

TEXTS = ["aa bb bb cc dd", "aa cc ee ee ee ee", "bb ff gg", "", "zz"] * 3 + ["aa aa aa gg gg"]


@pytest.mark.parametrize("sublinear", [True, False])
@pytest.mark.parametrize("smooth", [True, False])
def test_weights_are_scikit_learns(sublinear, smooth):
    vocabulary, counts = learn_terms(TEXTS, TermsSettings(ngrams=[1, 2], min_df=1))
    tfidf = learn_tfidf(vocabulary, TfidfSettings(sublinear=sublinear, smooth_idf=smooth))
    weights = tfidf.weigh(counts)
    expected = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=sublinear, smooth_idf=smooth).fit_transform(TEXTS)
    expected.sort_indices()
    assert np.array_equal(weights.indices, expected.indices)
    assert np.abs(weights.data - expected.data).max() < 1e-12


def test_an_article_has_the_same_bits_alone_and_in_company():
    rng = np.random.default_rng(3)
    texts = [" ".join(f"w{n}" for n in rng.integers(0, 300, size)) for size in rng.integers(0, 400, 60)]
    settings = TermsSettings(ngrams=[1, 2], min_df=1)
    vocabulary, _ = learn_terms(texts, settings)
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    together = tfidf.weigh(count_terms(texts, vocabulary, analysis_of(settings)))
    for i, text in enumerate(texts):
        alone = tfidf.weigh(count_terms([text], vocabulary, analysis_of(settings)))
        assert alone.data.tobytes() == together.row(i)[1].tobytes()


def test_compiled_weights_are_the_same_bits(monkeypatch):
    for chars in (None, [2, 4]):
        settings = TermsSettings(ngrams=[1, 2], chars=chars, min_df=1)
        vocabulary, counts = learn_terms(TEXTS, settings)
        for sublinear in (True, False):
            tfidf = learn_tfidf(vocabulary, TfidfSettings(sublinear=sublinear))
            monkeypatch.setattr("topics.tfidf._WORTH", 1 << 60)
            plain = tfidf.weigh(counts)
            monkeypatch.setattr("topics.tfidf._WORTH", 0)
            assert tfidf.weigh(counts).data.tobytes() == plain.data.tobytes()


def test_words_and_runs_of_characters_have_equal_shares():
    settings = TermsSettings(ngrams=[1, 1], chars=[2, 4], min_df=1)
    vocabulary, counts = learn_terms(TEXTS, settings)
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    weights = tfidf.weigh(counts)
    theirs = FeatureUnion(
        [
            ("chars", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)),
            ("words", TfidfVectorizer(sublinear_tf=True)),
        ],
        transformer_weights={"chars": np.sqrt(0.5), "words": np.sqrt(0.5)},
    ).fit_transform(TEXTS)
    theirs.sort_indices()
    assert 0 < tfidf.n_chars < len(vocabulary)
    assert np.array_equal(weights.indices, theirs.indices)
    assert np.abs(weights.data - theirs.data).max() < 1e-12


def test_rows_have_length_one_or_are_empty():
    vocabulary, counts = learn_terms(TEXTS, TermsSettings(ngrams=[1, 1], min_df=1))
    weights = learn_tfidf(vocabulary, TfidfSettings()).weigh(counts)
    lengths = [float(np.sqrt((weights.row(i)[1] ** 2).sum())) for i in range(len(weights))]
    assert lengths[3] == 0
    assert all(x == pytest.approx(1) for x in lengths[:3])


def test_no_article_gives_no_row():
    none = Counts(indptr=np.zeros(1, np.int64), indices=np.zeros(0, np.int32), data=np.zeros(0, np.int32), n_terms=2)
    assert len(Tfidf(idf=np.ones(2), sublinear=True).weigh(none)) == 0


def test_what_is_stored_comes_back():
    tfidf = Tfidf(idf=np.array([1.5, 2.0]), sublinear=True)
    again = Tfidf.from_arrays(tfidf.arrays(), tfidf.settings())
    assert again.sublinear is True
    assert np.array_equal(again.idf, tfidf.idf)


@pytest.mark.parametrize("chars", [None, [3, 4]])
def test_the_title_has_a_quarter_of_a_row(chars):
    texts = ["Oil prices fall\n\nPrices of oil fell on Monday.", "Rain at last\n\nIt rained, and oil rose.", "no title at all"]
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1], chars=chars, title=True, min_df=1))
    weights = learn_tfidf(vocabulary, TfidfSettings()).weigh(counts)
    n_chars, n_before = vocabulary.edges()
    for i, titled in ((0, True), (1, True), (2, False)):
        columns, values = weights.row(i)
        title = (columns >= n_chars) & (columns < n_before)
        assert np.isclose((values[title] ** 2).sum(), 0.25 if titled else 0.0)
        assert np.isclose((values[columns >= n_before] ** 2).sum(), 0.375 if chars else 0.75)
    assert (
        Tfidf.from_arrays({"idf": np.ones(1)}, learn_tfidf(vocabulary, TfidfSettings()).settings()).n_title == n_before - n_chars
    )
