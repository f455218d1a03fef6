"""Topic classification, learned and applied."""

from __future__ import annotations

import json

import numpy as np
import pytest

from topics.classify import UNKNOWN, LinearClassifier
from topics.errors import InputError
from topics.terms import Vocabulary, count_terms
from topics.tokens import Analysis
from training.classify import learn_classifier
from training.classify_folds import make_folds
from training.settings import ClassifySettings, TermsSettings, TfidfSettings
from training.terms import learn_terms
from training.tfidf import learn_tfidf

WORDS = {
    "sport": ["goal", "match", "team", "coach", "league", "striker", "keeper"],
    "politics": ["vote", "senate", "bill", "minister", "party", "election", "law"],
    "weather": ["rain", "storm", "wind", "snow", "forecast", "cloud", "flood"],
}


def world(n: int = 40, seed: int = 0):
    """Articles of words from three disjoint lists, and the words all share."""
    rng = np.random.default_rng(seed)
    texts, topics = [], []
    for i in range(n * len(WORDS)):
        topic = sorted(WORDS)[i % len(WORDS)]
        words = list(rng.choice(WORDS[topic], 6)) + list(rng.choice(["people", "today", "city", "year"], 6))
        texts.append(" ".join(words))
        topics.append((topic,))
    return texts, topics


def learned(model: str = "svm", **settings):
    texts, topics = world()
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1]))
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    weights = tfidf.weigh(counts)
    groups = [str(i) for i in range(len(texts))]
    classifier, report = learn_classifier(weights, topics, ClassifySettings(model=model, **settings), groups, 13)
    return classifier, report, vocabulary, tfidf


def weigh(text: str, vocabulary: Vocabulary, tfidf):
    return tfidf.weigh(count_terms([text], vocabulary, Analysis())).row(0)


@pytest.mark.parametrize("model", ["svm", "logistic", "ridge", "complement_nb", "nb_svm", "auto"])
def test_every_model_tells_three_vocabularies_apart(model):
    classifier, report, vocabulary, tfidf = learned(model)
    assert classifier.labels == ("politics", "sport", "weather")
    assert report["held_out"]["accuracy"] == 1.0
    for topic, words in WORDS.items():
        ranking = classifier.rank(*weigh(" ".join(words), vocabulary, tfidf))
        assert ranking.label == topic
        assert ranking.assigned == (topic,)
        assert ranking.probability > 0.8
        assert sum(p for _, p in ranking.topics) == pytest.approx(1)
        assert {t for t, _ in classifier.strongest_terms(topic, vocabulary, 7)} == set(words)


def test_nothing_known_nothing_claimed():
    classifier, _, vocabulary, tfidf = learned()
    ranking = classifier.rank(*weigh("quuxes frobnicate", vocabulary, tfidf))
    assert (ranking.label, ranking.probability, ranking.topics, ranking.assigned) == (UNKNOWN, 0.0, (), ())


def test_unknown_below_its_level_and_not_above():
    _, _, vocabulary, tfidf = learned()
    mixed = weigh("rain storm vote senate", vocabulary, tfidf)
    low, _, _, _ = learned(unknown_below=0.0)
    p = low.rank(*mixed).probability
    for level, known in ((p - 1e-6, True), (p + 1e-6, False)):
        classifier, _, _, _ = learned(unknown_below=level)
        ranking = classifier.rank(*mixed)
        assert (ranking.label != UNKNOWN) is known
        assert ranking.probability == p


def test_contributions_and_intercept_are_the_score():
    classifier, _, vocabulary, tfidf = learned()
    columns, weights = weigh("goal match vote rain people year", vocabulary, tfidf)
    scores = classifier.scores(columns, weights)
    for i, label in enumerate(classifier.labels):
        parts = classifier.contributions(columns, weights, label)
        assert parts.shape == columns.shape
        assert abs(parts.sum() + classifier.intercept[i] - scores[i]) < 1e-9


def test_taking_away_the_strongest_terms_lowers_the_score():
    classifier, _, vocabulary, tfidf = learned()
    text = "goal match team people today"
    columns, weights = weigh(text, vocabulary, tfidf)
    at = classifier.labels.index("sport")
    parts = classifier.contributions(columns, weights, "sport")
    strongest = vocabulary.terms[columns[int(parts.argmax())]]
    less = weigh(text.replace(strongest, ""), vocabulary, tfidf)
    assert classifier.scores(*less)[at] < classifier.scores(columns, weights)[at]


def test_what_is_stored_comes_back_as_it_was(tmp_path):
    classifier, _, vocabulary, tfidf = learned()
    for name, array in classifier.arrays().items():
        assert array.flags.c_contiguous
        np.save(tmp_path / f"{name}.npy", array)
    arrays = {p.stem: np.load(p, mmap_mode="r") for p in tmp_path.glob("*.npy")}
    again = LinearClassifier.from_arrays(arrays, json.loads(json.dumps(classifier.settings())))
    row = weigh("goal match vote rain", vocabulary, tfidf)
    assert again.rank(*row) == classifier.rank(*row)
    assert (again.scores(*row) == classifier.scores(*row)).all()


def test_shapes_that_do_not_fit_are_refused():
    classifier, _, _, _ = learned()
    arrays = classifier.arrays() | {"intercept": np.zeros(2)}
    with pytest.raises(ValueError, match="classify/intercept"):
        LinearClassifier.from_arrays(arrays, classifier.settings())


def test_several_topics_or_none():
    texts, topics = world(60)
    texts = [a + " " + b for a, b in zip(texts, texts[1:] + texts[:1], strict=True)] + ["people today city year"] * 30
    topics = [a + b for a, b in zip(topics, topics[1:] + topics[:1], strict=True)] + [()] * 30
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1]))
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    groups = [str(i) for i in range(len(texts))]
    classifier, _ = learn_classifier(tfidf.weigh(counts), topics, ClassifySettings(multi_label=True), groups, 13)
    two = classifier.rank(*weigh("goal match vote senate people today", vocabulary, tfidf))
    assert set(two.assigned) == {"sport", "politics"}
    none = classifier.rank(*weigh("people today city", vocabulary, tfidf))
    assert none.assigned == ()
    assert none.label == UNKNOWN


def test_equal_calls_give_equal_bits_and_groups_share_a_fold():
    a, _, _, _ = learned()
    b, _, _, _ = learned()
    for name, array in a.arrays().items():
        assert (array == b.arrays()[name]).all()
    topics = [("a",), ("b",), ("a",), ("c",)] * 25
    groups = [f"g{i // 3}" for i in range(100)]
    fold = make_folds(topics, groups, 5, 13)
    assert all(len({int(fold[i]) for i in range(100) if groups[i] == g}) == 1 for g in set(groups))
    assert np.bincount(fold, minlength=5).min() >= 15


def test_one_topic_cannot_be_learned():
    texts, _ = world()
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1]))
    weights = learn_tfidf(vocabulary, TfidfSettings()).weigh(counts)
    with pytest.raises(InputError, match="has 1: only"):
        learn_classifier(weights, [("only",)] * len(texts), ClassifySettings(), ["x"] * len(texts), 13)
