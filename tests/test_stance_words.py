"""Words alike: vectors from the company words keep, and what they add to stances of words without a labeled example."""

from __future__ import annotations

import numpy as np
import pytest

from topics.stance import StanceModel
from training import stance_words
from training.sentences import learn_sentences
from training.settings import StanceSettings, TargetSettings
from training.stance import StanceExample, learn_stance

#: Words of one row are used alike; the last of each row stands in no labeled example.
ALIKE = {"favor": "splendid wise overdue superb", "against": "reckless harmful wasteful ruinous"}
PLACES = "harbor market station library bridge school garden museum".split()  # noqa: SIM905


def company(n):
    """Return texts in which praise stands beside one kind of words, and blame beside another."""
    rng = np.random.default_rng(5)
    beside = {"favor": "truly gladly warmly proudly", "against": "sadly badly dearly angrily"}
    lines = []
    for _ in range(n):
        label = ("favor", "against")[rng.integers(2)]
        word, near = rng.choice(ALIKE[label].split()), rng.choice(beside[label].split())
        lines.append(f"The {rng.choice(PLACES)} was {near} {word} and they said so {near}.")
    return lines


@pytest.fixture
def few(monkeypatch):
    """Let few words and few axes do."""
    monkeypatch.setattr(stance_words, "LEAST_WORDS", 100)
    monkeypatch.setattr(stance_words, "AXES", 6)


def learned(texts):
    examples = [
        StanceExample(f"The {place} opens. The tram is {word} today.", "tram", label, f"{label}{word}{place}")
        for label, words in ALIKE.items()
        for word in words.split()[:3]
        for place in PLACES
    ]
    settings = StanceSettings(targets={"tram": TargetSettings(patterns=["tram"])}, alike=1.0, chars="none", unseen=0.0)
    return learn_stance(examples, settings, learn_sentences([]), 13, texts=texts)[0]


def test_words_in_like_company_have_like_vectors(few):
    space = stance_words.learn_words(company(600), 13, print)
    of = dict(zip(space.words, space.vectors.astype(float), strict=True))
    assert of["splendid"] @ of["superb"] > of["splendid"] @ of["ruinous"] + 0.3
    assert np.linalg.norm(space.vectors, axis=1) == pytest.approx(np.ones(len(space.words)), abs=1e-5)
    again = stance_words.learn_words(company(600), 13, print)
    assert again.vectors.tobytes() == space.vectors.tobytes()


def test_too_few_words_teach_nothing():
    assert stance_words.learn_words(["A short text."] * 10, 13, print) is None
    assert stance_words.learn_words([], 13, print) is None


def test_a_word_without_an_example_speaks_as_words_like_it_do(few):
    model = learned(company(600))
    for word, label in (("superb", "favor"), ("ruinous", "against")):
        text = f"The tram is {word}."
        (stance,) = model.judge(text)
        assert stance.label == label
        assert stance.probability > 0.55
        sentences = model.splitter.spans(text)
        verdict = model.judge_by.judge(text, sentences, [(4, 8)], "tram")
        reading, head = model.judge_by.reader.read(text, sentences), model.judge_by.heads["tram"]
        scores = (head.coef[reading.columns] * reading.weights[:, None]).sum(axis=0) + head.intercept
        assert verdict.shares.sum() + verdict.rest == pytest.approx(scores.max(), abs=1e-12)


def test_cue_words_that_are_listed_occurred_in_examples(few):
    model = learned(company(600))
    assert "superb" in model.judge_by.reader.cues
    assert {"splendid", "wise", "overdue"} <= set(model.strongest_cues("tram", 12)["favor"])
    assert "superb" not in model.strongest_cues("tram", 1000)["favor"]


def test_what_words_alike_say_is_stored(few):
    model = learned(company(600))
    again = StanceModel.from_parts(model.parts(), model.splitter)
    for text in ("The tram is superb.", "The tram is wise and ruinous today."):
        assert again.judge(text) == model.judge(text)
    assert again.strongest_cues("tram", 50) == model.strongest_cues("tram", 50)
