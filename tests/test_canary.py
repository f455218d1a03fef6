"""Canaries: stored answers that must be given again."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from topics.canary import TOLERANCE, canary_texts, differences, sayings
from topics.loading import load


@pytest.fixture(scope="module")
def model(starter):
    return load(starter)


def with_canaries(model, canaries):
    return dataclasses.replace(model, manifest={**model.manifest, "canary": canaries})


def test_a_fresh_artifact_answers_as_stored(model):
    assert len(model.manifest["canary"]) > 20
    assert differences(model) == []


def test_they_exercise_every_topic_and_every_target(model):
    stored = model.manifest["canary"]
    assert {c["topic"]["label"] for c in stored} >= {*model.classifier.labels} - {"unknown"}
    assert {s["target"] for c in stored for s in c["stances"]} == {*model.stance.targets}
    assert {s["label"] for c in stored for s in c["stances"]} >= {"favor", "against"}
    assert any(c["mixture"] for c in stored)


def test_they_hold_no_text_of_the_corpus(model):
    """Only terms of the vocabulary, cues and the config's own patterns."""
    cues = {word for cue in model.stance.judge_by.reader.cues for word in cue.split()}
    patterns = {w.strip("*") for p in model.stance.targets.values() for x in p for w in x.split()}
    terms = {word for term in model.vocabulary.terms for word in term.split()}
    for text in canary_texts(model):
        assert not {w for w in text.split() if w not in terms | cues | patterns}, text


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c["topic"].update(label="sport" if c["topic"]["label"] != "sport" else "health"),
        lambda c: c["topic"].update(probability=c["topic"]["probability"] - 0.001),
        lambda c: c.update(known_terms=c["known_terms"] + 1),
        lambda c: c.update(mixture=c["mixture"][1:]),
        lambda c: c["mixture"][0].__setitem__(1, c["mixture"][0][1] + 0.01),
        lambda c: c.update(topic=None),
        lambda c: c.update(stances=[{"target": "x"}]),
        lambda c: c.update(known_terms=True),
    ],
)
def test_a_changed_answer_is_named(model, change):
    canaries = copy.deepcopy(model.manifest["canary"])
    change(canaries[3])
    (line,) = differences(with_canaries(model, canaries))
    assert line.startswith("canary 4: stored ")


def test_the_last_bits_of_another_processor_are_no_difference(model):
    canaries = copy.deepcopy(model.manifest["canary"])
    for canary in canaries:
        canary["topic"]["probability"] += TOLERANCE / 2
    assert differences(with_canaries(model, canaries)) == []


def test_none_stored_none_asked(model):
    assert differences(with_canaries(model, [])) == []
    assert sayings(model, []) == []
