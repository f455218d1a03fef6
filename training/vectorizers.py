# ruff: noqa: ARG002
"""Our counting, weighting and classifying as scikit-learn estimators.

Owns: `TermVectorizer`, `TfidfTermVectorizer` and `LinearTopicClassifier`, which keep scikit-learn's contract (parameters,
`clone`, `Pipeline`, `GridSearchCV`, `set_output`), and `to_sklearn`, which turns a trained model into a pipeline.
Does not know: configs, artifacts.

The parameters are named as scikit-learn's `CountVectorizer` and `TfidfVectorizer` name theirs, and mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from topics.classify import LinearClassifier
from topics.errors import UsageError
from topics.terms import Counts, Vocabulary, count_terms
from topics.tfidf import Tfidf, Weights
from topics.tokens import Analysis
from training.classify import learn_classifier
from training.settings import ClassifySettings, TermsSettings, TfidfSettings
from training.terms import analysis_of, learn_terms
from training.tfidf import learn_tfidf

__all__ = ["LinearTopicClassifier", "TermVectorizer", "TfidfTermVectorizer", "to_sklearn"]


@dataclass(kw_only=True, eq=False, repr=False)
class TermVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Count words and runs of words: the matrix and the vocabulary of `CountVectorizer`, sooner.

    Input: texts (str). Output: scipy CSR, (n_texts, n_terms), int64 counts with ascending columns. Beside scikit-learn's
    parameters: `char_range`, runs of characters within words, and `title`, words before the first empty line once more.
    """

    ngram_range: tuple[int, int] = (1, 1)
    char_range: tuple[int, int] | None = None
    title: bool = False
    lowercase: bool = True
    strip_accents: str | None = None
    stop_words: str | Sequence[str] | None = None
    min_df: float = 1
    max_df: float = 1.0
    max_features: int | None = None
    n_jobs: int = 1

    def _settings(self) -> TermsSettings:
        stop: Any = "none" if self.stop_words is None else self.stop_words
        if self.strip_accents not in (None, "unicode"):
            raise ValueError(f"strip_accents must be None or 'unicode'. Got {self.strip_accents!r}")
        return TermsSettings(
            ngrams=list(self.ngram_range),
            chars=None if self.char_range is None else list(self.char_range),
            title=self.title,
            lowercase=self.lowercase,
            accents="keep" if self.strip_accents is None else "strip",
            stop_words=stop if stop in ("none", "english") else list(stop),
            min_df=self.min_df,
            max_df=self.max_df,
            max_terms=self.max_features,
        )

    def fit(self, raw_documents: Iterable[str], y: object = None) -> TermVectorizer:
        """Learn the vocabulary of the texts."""
        self._fit_counts(raw_documents)
        return self

    def fit_transform(self, raw_documents: Iterable[str], y: object = None, **fit_params: object) -> Any:  # noqa: ANN401
        """Learn the vocabulary of the texts and return their counts."""
        return _counts_matrix(self._fit_counts(raw_documents))

    def _fit_counts(self, raw_documents: Iterable[str]) -> Counts:
        settings = self._settings()
        learned, counts = learn_terms(_texts(raw_documents), settings)
        self.vocabulary_terms_: Vocabulary = learned
        self.analysis_: Analysis = analysis_of(settings)
        return counts

    def transform(self, raw_documents: Iterable[str]) -> Any:  # noqa: ANN401
        """Return the counts of the texts, (n_texts, n_terms)."""
        return _counts_matrix(self._counts(raw_documents))

    def _counts(self, raw_documents: Iterable[str]) -> Counts:
        check_is_fitted(self, "vocabulary_terms_")
        return count_terms(_texts(raw_documents), self.vocabulary_terms_, self.analysis_, max(1, self.n_jobs))

    @property
    def vocabulary_(self) -> dict[str, int]:
        """Column of each term."""
        if not hasattr(self, "vocabulary_terms_"):
            raise NotFittedError("Vocabulary not fitted or provided")
        return self.vocabulary_terms_.column

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Return the terms, in order of column."""
        check_is_fitted(self, "vocabulary_terms_")
        return np.array(self.vocabulary_terms_.terms, dtype=object)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = True
        return tags


@dataclass(kw_only=True, eq=False, repr=False)
class TfidfTermVectorizer(TermVectorizer):
    """Weigh terms by TF-IDF: the matrix of `TfidfVectorizer` (norm="l2"), sooner.

    Output: scipy CSR, (n_texts, n_terms), float64, rows of length 1 or empty.
    """

    smooth_idf: bool = True
    sublinear_tf: bool = False

    def _fit_counts(self, raw_documents: Iterable[str]) -> Counts:
        counts = super()._fit_counts(raw_documents)
        settings = TfidfSettings(sublinear=self.sublinear_tf, smooth_idf=self.smooth_idf)
        self.tfidf_: Tfidf = learn_tfidf(self.vocabulary_terms_, settings)
        return counts

    def fit_transform(self, raw_documents: Iterable[str], y: object = None, **fit_params: object) -> Any:  # noqa: ANN401
        """Learn vocabulary and inverse document frequencies, and return the weights of the texts."""
        counts = self._fit_counts(raw_documents)
        return _weights_matrix(self.tfidf_.weigh(counts))

    def transform(self, raw_documents: Iterable[str]) -> Any:  # noqa: ANN401
        """Return the weights of the texts, (n_texts, n_terms)."""
        check_is_fitted(self, "tfidf_")
        return _weights_matrix(self.tfidf_.weigh(self._counts(raw_documents)))

    @property
    def idf_(self) -> npt.NDArray[np.float64]:
        """Inverse document frequencies, (n_terms,)."""
        check_is_fitted(self, "tfidf_")
        return self.tfidf_.idf


class LinearTopicClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A linear classifier of sparse rows with calibrated probabilities; parameters are those of [classify]."""

    def __init__(
        self,
        *,
        model: str = "svm",
        C: float = 1.0,
        smoothing: float = 0.03,
        balanced: bool = False,
        folds: int = 5,
        random_state: int = 13,
        n_jobs: int = 1,
    ) -> None:
        self.model = model
        self.C = C
        self.smoothing = smoothing
        self.balanced = balanced
        self.folds = folds
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> LinearTopicClassifier:  # noqa: ANN401
        """Learn from X (n, n_features), dense or sparse, and y (n,), the class of each row."""
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)
        check_classification_targets(y)
        classes, numbers = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"Classifier can't train when only one class is present. Got {len(classes)} class")
        settings = ClassifySettings(
            model=self.model,  # type: ignore[arg-type]
            c=float(self.C),
            smoothing=float(self.smoothing),
            class_weight="balanced" if self.balanced else "none",
            folds=self.folds,
        )
        # Labels are sorted as text; the numbers of classes keep the order of y's own values.
        names = [f"{i:09d}" for i in range(len(classes))]
        self.classifier_, self.report_ = learn_classifier(
            _as_weights(X),
            [(names[i],) for i in numbers],
            settings,
            [str(i) for i in range(len(y))],
            self.random_state,
            self.n_jobs,
        )
        self.classes_ = classes
        return self

    def decision_function(self, X: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401
        """Return log probabilities, (n, n_classes), or of two classes the second's lead, (n,)."""
        scores = np.log(np.maximum(self.predict_proba(X), 1e-300))
        return np.asarray(scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores)

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401
        """Return probabilities, (n, n_classes); rows sum to 1."""
        check_is_fitted(self, "classifier_")
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False)
        return np.asarray(self.classifier_.probabilities(_scores(self.classifier_, X)))

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: ANN401
        """Return the likeliest class of each row, (n,)."""
        check_is_fitted(self, "classifier_")
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def to_sklearn(vocabulary: Vocabulary, analysis: Analysis, tfidf: Tfidf, classifier: LinearClassifier) -> Pipeline:
    """Return a fitted scikit-learn pipeline, texts in and labels out, with the predictions of these parts.

    It names the likeliest label, without "unknown" and conformal sets. Raises UsageError where several labels are allowed.
    """
    if classifier.multi_label:
        raise UsageError("a model that gives several topics has no scikit-learn twin; use model.predict")
    vectorizer = TfidfTermVectorizer(
        ngram_range=analysis.ngrams, char_range=analysis.chars, title=analysis.title, lowercase=analysis.lowercase,
        strip_accents="unicode" if analysis.strip_accents else None, stop_words=sorted(analysis.stop_words) or None,
        sublinear_tf=tfidf.sublinear,
    )  # fmt: skip
    vectorizer.vocabulary_terms_, vectorizer.analysis_, vectorizer.tfidf_ = vocabulary, analysis, tfidf
    model = LinearTopicClassifier()
    # Plain arrays: what a user dumps must not hold on to a memory map of the artifact.
    model.classifier_ = LinearClassifier.from_arrays(
        {k: np.array(v) for k, v in classifier.arrays().items()}, classifier.settings()
    )
    model.classes_ = np.array(classifier.labels)
    model.n_features_in_ = len(vocabulary)
    return Pipeline([("terms", vectorizer), ("classify", model)])


def _texts(raw_documents: Iterable[str]) -> list[str]:
    if isinstance(raw_documents, str):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    texts = list(raw_documents)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"texts must be str. Got {type(text).__name__}")
    return texts


def _counts_matrix(counts: Counts) -> Any:  # noqa: ANN401
    return csr_matrix((counts.data.astype(np.int64), counts.indices, counts.indptr), shape=(len(counts), counts.n_terms))


def _weights_matrix(weights: Weights) -> Any:  # noqa: ANN401
    return csr_matrix((weights.data, weights.indices, weights.indptr), shape=(len(weights), weights.n_terms))


def _as_weights(X: Any) -> Weights:  # noqa: ANN401
    X = csr_matrix(X)
    X.sort_indices()
    return Weights(
        indptr=X.indptr.astype(np.int64), indices=X.indices.astype(np.int32), data=X.data.astype(np.float64), n_terms=X.shape[1]
    )


def _scores(classifier: LinearClassifier, X: Any) -> npt.NDArray[np.float64]:  # noqa: ANN401
    return np.asarray(classifier.score_rows(_as_weights(X)))
