"""Pairs of a claim and a text: numbers, attribution that adds up, models that are stored and read back."""

from __future__ import annotations

import numpy as np
import pytest

from topics.pairs import BLEND, LINEAR, blended, lexical_terms
from topics.pairs_features import FEATURES, made_by, pair_features
from topics.pairs_words import stem
from topics.stance import StanceModel
from training.sentences import learn_sentences
from training.settings import StanceSettings
from training.stance import StanceExample, learn_stance
from training.stance_pairs import story_of
from training.stance_trees import forest_scores, side_scores


def claims():
    """Return pairs in which doubt near the claim's words tells the side, over thirty small stories."""
    names = [f"{a} {b}" for a in ("Apple", "Denmark", "Volcano", "Senate", "Rocket", "Harvest") for b in "ABCDE"]
    pairs = []
    for i, name in enumerate(names):
        claim = f"{name} sells forty {'boats' if i % 2 else 'bridges'} in port {i}"
        ours = f"The {name} office spoke on Monday. Rain fell over the town. {claim}, which records {{}}. Nobody else was asked."
        for side, words in (("agree", "confirm"), ("disagree", "show is a hoax"), ("discuss", "do not settle")):
            pairs.append(StanceExample(ours.format(words), claim, side, f"{name}{side}"))
        other = names[(i + 7) % len(names)]
        pairs.append(StanceExample(ours.format("confirm"), f"{other} closes a mine near lake {i}", "unrelated", f"{name}agree"))
    return pairs


@pytest.fixture(scope="module")
def paired():
    settings = StanceSettings(kind="pairs", metric="fnc", trees=30, folds=3)
    return learn_stance(claims(), settings, learn_sentences([]), 13)


def test_pairs_of_a_world_are_told_apart(paired):
    model, report = paired
    assert report["stories"] == 30
    assert report["score"] > 0.9
    text, claim = (
        "Rain fell. Zinc C sells forty boats in port 3, which records show is a hoax.",
        "Zinc C sells forty boats in port 3",
    )
    (stance,) = model.judge(text, claim)
    assert (stance.target, stance.label) == (claim, "disagree")
    (stance,) = model.judge("Rain fell over the hills. The choir sang two songs.", claim)
    assert stance.label == "unrelated"
    assert model.judge("", claim) == []
    assert model.judge(text) == []


def test_shares_of_a_pair_add_up_to_the_score_of_the_deciding_step(paired):
    judge = paired[0].judge_by
    for example in claims()[:12]:
        sentences = paired[0].splitter.spans(example.text)
        verdict = judge.judge(example.text, sentences, [], example.target)
        mine, whole = judge.reader.read(example.target, [(0, len(example.target))]), judge.reader.read(example.text, sentences)
        numbers, similar = pair_features(mine, whole)
        assert len(numbers) == len(FEATURES)
        assert verdict.probabilities.sum() == pytest.approx(1)
        if judge.labels[verdict.label] == "unrelated":
            score = -forest_scores(judge.related, numbers[None])[0, 0]
        else:
            terms = lexical_terms(mine, whole, similar)
            words = np.concatenate([lexicon.scores(terms) for lexicon in judge.lexicons])
            both = np.concatenate([numbers, words])[None]
            score = side_scores(judge.sides, judge.line, judge.networks, both).max()
        assert verdict.shares.sum() + verdict.rest == pytest.approx(score)
        # The quick way to a probability, which evidence is tried by, is the same one.
        quick = judge._without(mine, whole.sentences, verdict.label)
        assert quick == pytest.approx(verdict.probabilities[verdict.label])


def test_what_each_number_brings_a_network_adds_up_to_its_scores(paired):
    rng = np.random.default_rng(3)
    for network in paired[0].judge_by.networks:
        for numbers in (
            network.mean,
            network.mean + network.spread * rng.normal(size=len(network.mean)),
            np.zeros(len(network.mean)),
        ):
            added, rest = network.explain(numbers)
            assert added.sum(axis=0) + rest == pytest.approx(network.score(numbers), abs=1e-9)
        added, _ = network.explain(network.mean)
        assert not added.any()  # the mean of all brings nothing


def test_a_model_without_networks_blends_as_those_of_before(paired):
    judge = paired[0].judge_by
    assert [weight for weight, _ in blended(judge.sides, judge.line, ())] == [1 - LINEAR, LINEAR]
    assert sum(weight for weight, _ in blended(judge.sides, judge.line, judge.networks)) == pytest.approx(sum(BLEND))


def test_what_makes_a_number_is_shared_whole_or_not_at_all(paired):
    judge, example = paired[0].judge_by, claims()[1]
    whole = judge.reader.read(example.text, paired[0].splitter.spans(example.text))
    _, similar = pair_features(judge.reader.read(example.target, [(0, len(example.target))]), whole)
    sums = made_by(whole, similar).sum(axis=1)
    assert set(np.round(sums, 9)) <= {0.0, 1.0}
    assert dict(zip(FEATURES, sums.round(9), strict=True))["words best"] == 1.0
    assert dict(zip(FEATURES, sums.round(9), strict=True))["refute claim"] == 0.0


def test_pairs_are_stored_whole_and_learned_the_same_again(paired):
    model = paired[0]
    again = StanceModel.from_parts(model.parts(), model.splitter)
    for example in claims()[:8]:
        assert again.judge(example.text, example.target) == model.judge(example.text, example.target)
    settings = StanceSettings(kind="pairs", metric="fnc", trees=30, folds=3)
    repeated, report = learn_stance(claims(), settings, learn_sentences([]), 13)
    assert report == paired[1]
    for name, part in model.parts().items():
        for key, array in part.arrays.items():
            assert array.tobytes() == repeated.parts()[name].arrays[key].tobytes()


def test_stories_hold_all_that_was_ever_paired():
    pairs = [
        StanceExample("t1", "c1", "agree", "1"),
        StanceExample("t2", "c1", "discuss", "2"),
        StanceExample("t3", "c2", "agree", "3"),
        StanceExample("t3", "c1", "unrelated", "3"),
    ]
    first, second, third, fourth = story_of(pairs, "unrelated")
    assert first == second
    assert third == fourth
    assert first != third


def test_a_claim_against_two_sides_and_a_text_of_one_sentence():
    pairs = [e for e in claims() if e.label in ("agree", "disagree")]
    model, _ = learn_stance(pairs, StanceSettings(kind="pairs", trees=20, folds=2), learn_sentences([]), 13)
    (stance,) = model.judge("Records show it is a hoax", "Zinc C sells forty boats in port 3")
    assert stance.label in ("agree", "disagree")
    assert 0.5 <= stance.probability < 1


def test_stems_meet():
    assert {stem(w) for w in ("claim", "claims", "claimed", "claiming")} == {"claim"}
    assert stem("is") == "is"
    assert stem("denies") == stem("deny") == "deny"
