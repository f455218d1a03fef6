"""The figures a model is summed up in, on worlds whose answers are known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from topics.classify import LinearClassifier
from topics.documents import document_of
from topics.loading import load
from topics.pages import Page
from topics.predict import Model
from topics.segment import Article
from topics.terms import Vocabulary
from topics.tfidf import Tfidf
from topics.tokens import Analysis
from training.corpus import Example
from training.evaluate import NOT_MENTIONED, evaluate, label_all


def example(text: str, topics: tuple[str, ...] = (), **stances: str) -> Example:
    article = Article(id="a", title="", title_span=None, body_spans=((0, len(text)),) if text else (), why="test")
    return Example(
        document=document_of(Page(id="a", text=text), article, 1),
        topics=topics,
        stances={target.replace("_", " "): label for target, label in stances.items()},
        group="a",
    )


def one_word_one_topic(*, multi_label: bool = False, level: float = 0.0) -> Model:
    """The word "red" says red, and so on; a text with two of them is torn."""
    names = ("blue", "green", "red")
    return Model(
        vocabulary=Vocabulary(terms=names, document_frequency=np.ones(3, np.int64), n_documents=3),
        analysis=Analysis(),
        tfidf=Tfidf(idf=np.ones(3), sublinear=False),
        classifier=LinearClassifier(
            labels=names,
            coef=np.eye(3) * 10 - 5,
            intercept=np.zeros(3),
            scale=np.ones(3),
            shift=np.zeros(3),
            levels=np.full(3, level),
            multi_label=multi_label,
        ),
        manifest={},
    )


def test_one_topic_each():
    examples = [
        example("red red", ("red",)),
        example("green", ("green",)),
        example("blue", ("green",)),
        example("nothing known", ("red",)),
        example("red", ()),
        example("blue", ("green", "blue")),
    ]
    found = evaluate(one_word_one_topic(), examples, n_samples=100, seed=0)
    topic = found["topic"]
    assert found["articles"] == 6
    assert topic["n"] == 5, "without a label, not counted"
    assert topic["accuracy"]["value"] == 0.6, "any of several topics is right"
    assert topic["accuracy"]["low"] <= 0.6 <= topic["accuracy"]["high"]
    assert topic["confusion"]["labels"] == ["blue", "green", "red", "unknown"]
    assert topic["confusion"]["matrix"] == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]]
    assert topic["labels"]["green"] == {"n": 2, "precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert topic["answered"] == 0.8
    assert topic["right_when_answered"] == 0.75
    assert sum(b["n"] for b in topic["reliability"]) == 5
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_label_below_its_level_is_a_guess_all_the_same():
    examples = [example("red green", ("red",)), example("red", ("red",))]
    topic = evaluate(one_word_one_topic(level=0.9), examples, n_samples=0, seed=0)["topic"]
    assert topic["answered"] == 0.5
    assert topic["n"] == 2
    assert topic["accuracy"]["low"] == topic["accuracy"]["high"] == topic["accuracy"]["value"]


def test_several_topics():
    examples = [
        example("red", ("red", "green")),
        example("green", ("green",)),
        example("blue", ("green",)),
    ]
    topic = evaluate(one_word_one_topic(multi_label=True, level=0.5), examples, n_samples=10, seed=0)["topic"]
    assert topic["labels"]["green"] == {"precision": 1.0, "recall": 0.3333, "f1": 0.5, "n": 3}
    assert topic["labels"]["blue"]["precision"] == 0.0
    assert topic["micro_f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 2), abs=1e-4)
    assert sum(bin_["n"] for bin_ in topic["reliability"]) == 3 * 3  # every topic of every article


def test_rooms_without_labels_are_left_out():
    assert evaluate(one_word_one_topic(), [example("red")], n_samples=0, seed=0) == {"articles": 1}
    assert evaluate(one_word_one_topic(), [], n_samples=0, seed=0) == {"articles": 0}


def test_batches_change_nothing(starter, monkeypatch):
    model = load(starter)
    examples = [example(f"The court heard case {i} about the tax on banks. Judges met.", ("x",)) for i in range(9)]
    whole = [article.to_dict() for article in label_all(model, examples)]
    monkeypatch.setattr("training.evaluate.BATCH", 2)
    assert [article.to_dict() for article in label_all(model, examples)] == whole


def test_stances_mentioned_not_mentioned_and_never_learned(starter):
    model = load(starter)
    text = "Donald Trump spoke in Ohio on Monday. The crowd waited for hours in the cold."
    right = []
    # The best label counts, also where it is too improbable to be the answer: one of the three is it.
    for label in ("favor", "against", "none"):
        examples = [
            example(text, Donald_Trump=label),
            example("The weather was fine.", Donald_Trump="favor"),
            example(text, flying_saucers="favor"),
        ]
        found = evaluate(model, examples, n_samples=0, seed=0)["stance"]
        assert found["n"] == 2
        right.append(found["accuracy"]["value"])
    assert sorted(right) == [0.0, 0.0, 0.5]
    assert NOT_MENTIONED in found["confusion"]["labels"]
    assert found["targets_not_learned"] == {"flying saucers": 1}
    assert set(found["targets"]) == {"Donald Trump"}


def test_only_targets_never_learned(starter):
    found = evaluate(load(starter), [example("A text.", flying_saucers="favor")], n_samples=10, seed=0)
    assert found["stance"] == {"targets_not_learned": {"flying saucers": 1}}
