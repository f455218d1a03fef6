"""Our estimators keep scikit-learn's contract, and give its results."""

from __future__ import annotations

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks
from test_classify import WORDS, learned, weigh, world

from topics.errors import UsageError
from topics.tokens import Analysis
from training.vectorizers import LinearTopicClassifier, TermVectorizer, TfidfTermVectorizer, to_sklearn

TEXTS = ["The vote was close; the vote was late.", "A storm, a café, a vote", "storm storm warning", ""]


@parametrize_with_checks([TermVectorizer(), TfidfTermVectorizer(), LinearTopicClassifier(folds=2)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize(
    "parameters",
    [{}, {"ngram_range": (1, 3)}, {"min_df": 2}, {"max_features": 4}, {"stop_words": ["the"], "strip_accents": "unicode"}],
)
def test_matrices_and_names_are_scikit_learns(parameters):
    for ours, theirs in ((TermVectorizer, CountVectorizer), (TfidfTermVectorizer, TfidfVectorizer)):
        a, b = ours(**parameters), theirs(**parameters)
        x, y = a.fit_transform(TEXTS), b.fit_transform(TEXTS)
        assert list(a.get_feature_names_out()) == list(b.get_feature_names_out())
        assert a.vocabulary_ == b.vocabulary_
        assert x.dtype == y.dtype
        assert abs(x - y).max() < 1e-12
        assert abs(a.transform(TEXTS[:2]) - b.transform(TEXTS[:2])).max() < 1e-12


def test_in_a_pipeline_under_a_grid_search():
    texts, topics = world(20)
    y = [t[0] for t in topics]
    pipeline = make_pipeline(TfidfTermVectorizer(), LinearTopicClassifier(folds=2))
    search = GridSearchCV(
        pipeline, {"tfidftermvectorizer__ngram_range": [(1, 1), (1, 2)], "lineartopicclassifier__C": [0.1, 1.0]}, cv=2
    )
    search.fit(texts, y)
    assert search.best_score_ == 1.0
    assert clone(search.best_estimator_).fit(texts, y).predict(["goal match", "rain snow"]).tolist() == ["sport", "weather"]


def test_set_output_names_the_terms():
    pytest.importorskip("pandas")
    dense = make_pipeline(TermVectorizer())
    dense.set_output(transform="default")
    assert dense.fit_transform(TEXTS).shape == (4, 8)
    assert dense.get_feature_names_out().tolist()[:2] == ["café", "close"]


def test_a_trained_model_as_a_pipeline_says_the_same(tmp_path):
    classifier, _, vocabulary, tfidf = learned()
    pipeline = to_sklearn(vocabulary, Analysis(), tfidf, classifier)
    joblib.dump(pipeline, tmp_path / "pipeline.joblib")
    again = joblib.load(tmp_path / "pipeline.joblib")
    texts = [" ".join(words) for words in WORDS.values()] + ["goal vote rain", "storm people today"]
    for text, label, row in zip(texts, again.predict(texts), again.predict_proba(texts), strict=True):
        ranking = classifier.rank(*weigh(text, vocabulary, tfidf))
        assert ranking.label == label
        assert dict(ranking.topics) == dict(zip(again.classes_, row, strict=True))


def test_several_labels_have_no_twin():
    classifier, _, vocabulary, tfidf = learned(multi_label=True)
    with pytest.raises(UsageError, match="several topics"):
        to_sklearn(vocabulary, Analysis(), tfidf, classifier)


def test_texts_must_be_texts():
    with pytest.raises(ValueError, match="string object received"):
        TermVectorizer().fit("one text")
    with pytest.raises(TypeError, match="Got float"):
        TermVectorizer().fit(["one", float("nan")])
    assert np.asarray(TermVectorizer().fit(["aa bb"]).transform(["aa"]).toarray()).tolist() == [[1, 0]]
