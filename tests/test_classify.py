"""Topic classification, learned and applied."""

from __future__ import annotations

import json

import numpy as np
import pytest

from topics.classify import UNKNOWN, LinearClassifier, label_texts, score_texts
from topics.errors import InputError
from topics.terms import Vocabulary, count_terms
from topics.tokens import Analysis
from training.classify import learn_classifier
from training.classify_calibrate import reliability, risk_level
from training.classify_fit import Fit, fit_linear, matrix
from training.classify_folds import make_folds
from training.classify_target import Target
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


def test_many_articles_have_the_scores_of_one_by_one(monkeypatch):
    classifier, _, vocabulary, tfidf = learned()
    texts = [*world()[0], "nothing of this: zzz"]
    weights = tfidf.weigh(count_terms(texts, vocabulary, Analysis()))
    plain = classifier.score_rows(weights)
    assert (plain[3] == classifier.scores(*weights.row(3))).all()
    monkeypatch.setattr("topics.classify._WORTH", 0)
    assert classifier.score_rows(weights).tobytes() == plain.tobytes()
    assert classifier.rank_rows(weights) == [classifier.rank(*weights.row(i)) for i in range(len(texts))]


def test_the_compiled_support_vector_machine_solves_scikit_learns_problem(monkeypatch):
    monkeypatch.setattr("training.classify_fit.TOLERANCE", 1e-6)
    texts, topics = world(30, seed=4)
    # Some labels wrong, so that there are errors to weigh.
    topics = [("sport",) if i % 11 == 0 else row for i, row in enumerate(topics)]
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 2]))
    data = matrix(learn_tfidf(vocabulary, TfidfSettings()).weigh(counts))
    target = Target.of(topics, ("politics", "sport", "weather"), False)
    everything = np.arange(len(texts), dtype=np.int32)
    for balanced in (False, True):
        fit = Fit(model="svm", c=1.0, smoothing=1.0, balanced=balanced, seed=13)
        theirs = fit_linear(data, target, fit, everything)
        assert theirs.alpha is None
        monkeypatch.setattr("training.classify_fit.WORTH", 0)
        ours = fit_linear(data, target, fit, everything)
        part = fit_linear(data, target, fit, everything[20:])
        warm = fit_linear(data, target, fit, everything[20:], ours)
        monkeypatch.undo()
        monkeypatch.setattr("training.classify_fit.TOLERANCE", 1e-6)
        assert np.abs(ours.coef - theirs.coef).max() < 0.01 * np.abs(theirs.coef).max()
        assert np.abs(ours.intercept - theirs.intercept).max() < 0.01
        assert np.abs(part.coef - warm.coef).max() < 1e-4
        assert warm.alpha is not None
        assert not warm.alpha[:20].any()


def test_workers_do_not_change_a_bit(monkeypatch):
    monkeypatch.setattr("training.classify_fit.WORTH", 0)
    monkeypatch.setattr("training.classify_choose.WORTH", 0)
    texts, topics = world()
    vocabulary, counts = learn_terms(texts, TermsSettings(ngrams=[1, 1]))
    weights = learn_tfidf(vocabulary, TfidfSettings()).weigh(counts)
    groups = [str(i) for i in range(len(texts))]
    chosen = ClassifySettings(model="blend", c=[0.3, 1.0])
    one, report = learn_classifier(weights, topics, chosen, groups, 13, workers=1)
    two, again = learn_classifier(weights, topics, chosen, groups, 13, workers=2)
    assert report == again
    for name, array in one.arrays().items():
        assert array.tobytes() == two.arrays()[name].tobytes()


def test_probabilities_hold_and_sets_cover():
    rng = np.random.default_rng(7)
    texts, topics = [], []
    for i in range(900):
        topic = sorted(WORDS)[i % 3]
        other = sorted(WORDS)[int(rng.integers(3))]
        words = [str(rng.choice(WORDS[topic if rng.random() < 0.6 else other])) for _ in range(4)]
        texts.append(" ".join([*words, "people", "today"]))
        topics.append((topic,))
    vocabulary, counts = learn_terms(texts[:600], TermsSettings(ngrams=[1, 1]))
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    settings = ClassifySettings(model="blend", coverage=0.8)
    classifier, report = learn_classifier(tfidf.weigh(counts), topics[:600], settings, [str(i) for i in range(600)], 13)
    assert report["held_out"]["calibration_error"] < 0.06
    ranked = classifier.rank_rows(tfidf.weigh(count_terms(texts[600:], vocabulary, Analysis())))
    covered = [row[0] in r.possible for r, row in zip(ranked, topics[600:], strict=True)]
    assert 0.74 < np.mean(covered) < 0.86
    confidence = np.array([r.probability for r in ranked])
    right = np.array([r.topics[0][0] == row[0] for r, row in zip(ranked, topics[600:], strict=True)])
    assert reliability(confidence, right, bins=5)["calibration_error"] < 0.08


def test_risk_answers_less_often_and_errs_less_often():
    rng = np.random.default_rng(3)
    confidence = rng.uniform(0.4, 1, 2000)
    right = rng.random(2000) < confidence
    level = risk_level(confidence, right, 0.1)
    assert 0.7 < level < 0.95
    assert right[confidence >= level].mean() >= 0.9
    assert risk_level(confidence, ~right, 0.0) > 1


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


def test_texts_are_labeled_as_their_rankings_say():
    classifier, _, vocabulary, tfidf = learned()
    texts = [" ".join(words) for words in WORDS.values()] + ["goal vote rain", "", "zxqw"]
    scores, known = score_texts(texts, vocabulary, Analysis(), tfidf, classifier)
    rows = tfidf.weigh(count_terms(texts, vocabulary, Analysis()))
    assert np.array_equal(scores, classifier.score_rows(rows))
    assert known.tolist() == [True] * (len(texts) - 2) + [False, False]
    expected = [ranking.label for ranking in classifier.rank_rows(rows)]
    assert label_texts(texts, vocabulary, Analysis(), tfidf, classifier) == expected
    # One by one: the same labels.
    assert [label_texts([text], vocabulary, Analysis(), tfidf, classifier)[0] for text in texts] == expected
    assert label_texts([], vocabulary, Analysis(), tfidf, classifier) == []
