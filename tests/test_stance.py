"""Stances: mentions, voices, evidence that adds up, models that are stored and read back."""

from __future__ import annotations

import numpy as np
import pytest

from topics.cues import CueReader, CueSettings, cues_of
from topics.errors import InputError, UsageError
from topics.mentions import Mentions, free_patterns, sentences_around
from topics.pairs import lexical_terms
from topics.pairs_features import FEATURES, made_by, pair_features
from topics.pairs_words import stem
from topics.quotes import find_quotes
from topics.stance import StanceModel, voice_of
from training.sentences import learn_sentences
from training.settings import StanceSettings, TargetSettings
from training.stance import StanceExample, learn_stance
from training.stance_examples import grouped_folds, measure
from training.stance_pairs import story_of
from training.stance_trees import forest_scores


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("net zero", "The Net-Zero plan", ["Net-Zero"]),
        ("net zero", "a network zero", []),
        ("aid ... to Ukrain*", "aid worth a billion euros to Ukrainian forces", ["aid worth a billion euros to Ukrainian"]),
        ("aid ... to Ukrain*", "aid, one two three four five six to Ukraine", []),
        ("aid ... to Ukrain*", "They sent aid. Back to Ukraine she went", []),
        ("Trump", "Trump’s plan, and trumpets", ["Trump"]),
        ("ceasefire & Gaza", "In Gaza the ceasefire held", ["ceasefire"]),
        ("ceasefire & Gaza", "In Sudan the ceasefire held", []),
    ],
)
def test_patterns(pattern, text, found):
    assert [text[a:b] for a, b in Mentions((pattern,)).find(text)] == found


@pytest.mark.parametrize("pattern", ["", "...", "a ...", "*", "a*b", "x & "])
def test_a_pattern_that_cannot_be_read_is_refused_with_an_example(pattern):
    with pytest.raises(UsageError, match="cannot be read"):
        Mentions((pattern,))


def test_overlapping_mentions_are_one():
    assert Mentions(("Donald Trump", "Trump")).find("Donald Trump won") == [(0, 12)]


def test_free_text_is_mentioned_by_names_or_words():
    assert Mentions(free_patterns("Angela Merkel")).find("Mrs Merkel left") == [(4, 10)]
    assert Mentions(free_patterns("legalization of abortion")).find("Abortions were legal") == [(0, 9)]
    assert free_patterns("of the") == ()


def test_sentences_around_mentions_on_both_sides():
    sentences = [(0, 10), (11, 20), (21, 30), (31, 40)]
    assert sentences_around(sentences, [(25, 27)], 0) == [2]
    assert sentences_around(sentences, [(25, 27)], 1) == [1, 2, 3]
    assert sentences_around(sentences, [], 3) == []


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("“We will never give up on this,” said the mayor of Hull. It rained.", ["the mayor of Hull"]),
        ('"We will never give up on this," the mayor said on Monday.', ["the mayor"]),
        ("The head teacher argued: “It would cost every school a teacher.”", ["The head teacher"]),
        ("“It would cost us all dearly,” one resident said. “I will not pay for it.”", ["one resident", "one resident"]),
        ("A so-called “good deal” was struck.", []),
        ("It's the town's day, and it isn't over yet.", []),
        ("“Nobody is named for this quotation here”\n\nNext.", [None]),
    ],
)
def test_quotes_and_speakers(text, speakers):
    assert [q.speaker for q in find_quotes(text)] == speakers


def test_the_voice_is_the_speakers_only_when_most_of_the_weight_is_theirs():
    text = "“We must stop sending it at once,” said the senator. The vote is due on Friday."
    spans, quotes = [(0, 52), (53, len(text))], find_quotes(text)
    assert voice_of(spans, np.array([2.0, 1.0]), quotes) == "the senator"
    assert voice_of(spans, np.array([1.0, 1.0]), quotes) == "article"
    assert voice_of(spans, np.array([-1.0, 1.0]), quotes) == "article"


def test_cues():
    settings = CueSettings(ngrams=(1, 2), chars=(3, 3))
    assert cues_of("#StopNow ok!", [(0, 12)], settings) == [
        ["#stopnow", "stop", "now", "ok", "!", "#stopnow stop", "stop now", "now ok", "ok !"]
        + [f"~{'_#stopnow_'[i : i + 3]}" for i in range(8)]
        + ["~_st", "~sto", "~top", "~op_", "~_no", "~now", "~ow_", "~_ok", "~ok_", "~_!_"]
    ]
    masked = CueSettings(ngrams=(1, 1), mask=True, near=1)
    text = "We back Donald Trump today"
    assert cues_of(text, [(0, len(text))], masked, [(8, 20)]) == [["we", "back", "⟨target⟩", "today", "<back", ">today"]]


def test_words_never_seen_lengthen_the_text():
    reader = CueReader(cues=("good",), idf=np.array([2.0]), unseen=2.0, settings=CueSettings(ngrams=(1, 1)))
    assert reader.read("good", [(0, 4)]).weights.tolist() == [1.0]
    assert reader.read("good xx yy zz", [(0, 13)]).weights.tolist() == [0.5]
    assert reader.read("", []).weights.tolist() == []


WORLD = {"favor": "splendid wise overdue", "against": "reckless harmful wasteful", "none": "reported scheduled according"}


def world(n=12):
    """Return examples in which one word of three decides, and the rest is shared by all labels."""
    filler = "council budget weather harbor market station library bridge".split()  # noqa: SIM905
    return [
        StanceExample(
            f"Council meets over the {target}\n\nThe {filler[i % 8]} was busy. The {target} is {words.split()[i % 3]} today. "
            f"The {filler[(i * 3 + 1) % 8]} stayed open.",
            target, label, f"{target}{label}{i}",
        )
        for target in ("tram", "new tax")
        for label, words in WORLD.items()
        for i in range(n)
    ]  # fmt: skip


TARGETS = {name: TargetSettings(patterns=[name]) for name in ("tram", "new tax")}


@pytest.fixture(scope="module")
def learned():
    return learn_stance(world(), StanceSettings(targets=TARGETS), learn_sentences([]), 13)


def test_a_world_with_telling_words_is_learned(learned):
    model, report = learned
    assert report["macro_f1"] == 1.0
    (stance,) = model.judge("Nothing new\n\nThe bridge was busy. The tram is reckless today.")
    assert (stance.target, stance.label, stance.by) == ("tram", "against", "article")
    assert stance.probability > 0.5
    assert {"reckless", "harmful", "wasteful"} <= set(model.strongest_cues("tram", 12)["against"])


def test_a_text_of_nothing_but_mentions_and_marks_is_judged(learned):
    model, _ = learned
    (stance,) = model.judge("The tram is wise today. " * 10_000 + "'a " * 10_000)
    assert stance.label == "favor"


def test_a_target_not_mentioned_has_no_stance(learned):
    model, _ = learned
    assert model.judge("The bridge is reckless today.") == []
    assert model.judge("") == []
    assert model.judge("The bridge is reckless.", "tram") == []
    with pytest.raises(UsageError, match=r"no stance was learned toward 'trams'.*did you mean 'tram'"):
        model.judge("The tram", "trams")


def test_sentences_add_up_to_the_score_and_evidence_is_theirs(learned):
    model, _ = learned
    text = "The tram again\n\nThe tram is wise today. The market was busy. It is overdue."
    sentences = model.splitter.spans(text)
    verdict = model.judge_by.judge(text, sentences, [(4, 8)], "tram")
    reading, head = model.judge_by.reader.read(text, sentences), model.judge_by.heads["tram"]
    scores = (head.coef[reading.columns] * reading.weights[:, None]).sum(axis=0) + head.intercept
    assert verdict.shares.sum() + verdict.rest == pytest.approx(scores.max(), abs=1e-12)
    assert scores.sum() == pytest.approx(0, abs=1e-6)
    (stance,) = model.judge(text)
    assert stance.label == "favor" == model.labels[verdict.label]
    for e in stance.evidence:
        assert e.weight == verdict.shares[sentences.index((e.start, e.end))] > 0
    assert [e.weight for e in stance.evidence] == sorted((e.weight for e in stance.evidence), reverse=True)


def test_text_far_from_training_is_judged_with_less_confidence(learned):
    model, _ = learned
    near = "The tram is wise today."
    far = near + " Quarterly zinc futures lingered beneath moving averages whilst arbitrage desks hedged cobalt exposure."
    assert model.judge(far)[0].probability < model.judge(near)[0].probability


def test_an_uncertain_stance_is_unknown():
    model, _ = learn_stance(world(), StanceSettings(targets=TARGETS, unknown_below=0.9), learn_sentences([]), 13)
    (stance,) = model.judge("The tram.")
    assert stance.label == "unknown"
    assert stance.probability < 0.9


def test_parts_hold_all_of_it(learned):
    model, _ = learned
    parts = model.parts()
    assert set(parts) == {"stance/shared", "stance/cues", "stance/tram", "stance/new-tax"}
    again = StanceModel.from_parts(parts, model.splitter)
    for example in world(3):
        assert again.judge(example.text) == model.judge(example.text)


def test_the_same_examples_give_the_same_arrays(learned):
    again, report = learn_stance(world(), StanceSettings(targets=TARGETS), learn_sentences([]), 13)
    assert report == learned[1]
    for name, part in learned[0].parts().items():
        for key, array in part.arrays.items():
            assert array.tobytes() == again.parts()[name].arrays[key].tobytes()


def test_targets_never_seen_are_judged_by_what_carries_over():
    examples = [e for e in world() if e.target == "tram"]
    model, _ = learn_stance(examples, StanceSettings(kind="general"), learn_sentences([]), 13)
    (stance,) = model.judge("The harbor was busy. The airport is harmful today.", "airport")
    assert (stance.target, stance.label) == ("airport", "against")


def test_a_target_for_every_row_is_refused_with_a_way_out():
    examples = [StanceExample("x", f"target {i}", "ab"[i % 2], "g") for i in range(300)]
    with pytest.raises(InputError, match=r'300 different targets.*"general"'):
        learn_stance(examples, StanceSettings(), learn_sentences([]), 13)


def test_one_label_is_refused():
    with pytest.raises(InputError, match="at least two labels"):
        learn_stance([StanceExample("x", "t", "favor", "g")] * 5, StanceSettings(), learn_sentences([]), 13)


def test_folds_keep_groups_together_and_are_seeded():
    examples = [StanceExample("x", "t", "ab"[i % 2], f"g{i // 3}") for i in range(60)]
    fold = grouped_folds(examples, 5, 1)
    assert all(len({fold[j] for j in range(60) if examples[j].group == g}) == 1 for g in {e.group for e in examples})
    assert sorted(np.bincount(fold)) == [12] * 5
    assert (fold == grouped_folds(examples, 5, 1)).all()


def test_measures_of_the_shared_tasks():
    labels = ["AGAINST", "FAVOR", "NONE"]
    truth, guess = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])
    assert measure("semeval", truth, guess, labels) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert measure("accuracy", truth, guess, labels) == 0.75
    labels = ["agree", "disagree", "discuss", "unrelated"]
    truth, guess = np.array([0, 1, 2, 3]), np.array([0, 2, 3, 3])
    # right; related but wrong; called unrelated; right: (1 + .25 + 0 + .25) of (1 + 1 + 1 + .25)
    assert measure("fnc", truth, guess, labels) == pytest.approx(1.5 / 3.25)


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
            scores = forest_scores(judge.sides, np.concatenate([numbers, words])[None])[0]
            score = scores.max() - scores.mean()
        assert verdict.shares.sum() + verdict.rest == pytest.approx(score)


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
