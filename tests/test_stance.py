"""Stances: mentions, voices, evidence that adds up, models that are stored and read back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from topics.cues import CueReader, CueSettings, cues_of
from topics.errors import InputError, UsageError
from topics.mentions import Mentions, free_patterns, sentences_around
from topics.stance import StanceModel
from training.sentences import learn_sentences
from training.settings import StanceSettings, TargetSettings
from training.stance import StanceExample, learn_stance
from training.stance_examples import grouped_folds, interval, measure


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


def test_cues():
    settings = CueSettings(ngrams=(1, 2), chars=(3, 3))
    assert cues_of("#StopNow ok!", [(0, 12)], settings) == [
        ["#stopnow", "stop", "now", "ok", "!", "#stopnow stop", "stop now", "now ok", "ok !"]
        + [f"~{'_#stopnow_'[i : i + 3]}" for i in range(8)]
        + ["~_st", "~sto", "~top", "~op_", "~_no", "~now", "~ow_", "~_ok", "~ok_", "~_!_"]
    ]
    masked = CueSettings(ngrams=(1, 1), mask=True, near=1)
    text = "We back Donald Trump today"
    assert cues_of(text, [(0, len(text))], masked, [(8, 20)]) == [
        ["we", "back", "⟨target⟩", "today", "<<back", ">>today", "<we", "<back", ">today"]
    ]
    pairs = CueSettings(ngrams=(2, 2), skip=1)
    assert cues_of("a b c", [(0, 5)], pairs) == [["a b", "b c", "a … c"]]


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


def test_targets_are_listed_with_patterns_and_cues(learned):
    at = (lines := list(learned[0].overview(5))).index("tram")
    assert lines[at + 1] == "  mentioned by: tram"
    assert {"reckless", "harmful", "wasteful"} & set(lines[at + 2].removeprefix("  against: ").split(", "))


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


@pytest.mark.parametrize(
    ("said", "label", "by"),
    [
        ("“The tram is reckless and it is harmful today,” said the mayor of Hull.", "against", "the mayor of Hull"),
        ("Jane Smith argued: “The tram is wise and it is overdue today.”", "favor", "Jane Smith"),
        ("The tram is reckless and it is harmful today.", "against", "article"),
        ("The tram is scheduled, “and it is reported to be so according to plan,” said the mayor of Hull.", "none", "article"),
    ],
)
def test_a_learned_model_names_the_speaker_whose_words_decide(learned, said, label, by):
    (stance,) = learned[0].judge(f"Council meets over the tram\n\nThe harbor was busy. {said} The bridge stayed open.")
    assert (stance.label, stance.by) == (label, by)


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
    lines = list(model.overview(12))
    assert {"harmful", "reckless"} & set(lines[lines.index("any other target") + 2].removeprefix("  against: ").split(", "))


def test_targets_with_many_examples_have_heads_of_their_own_beside_what_carries_over():
    # What is good of a tram is bad of a tax: only a head of its own can tell.
    turned = {"favor": "against", "against": "favor", "none": "none"}
    examples = [e if e.target == "tram" else replace(e, label=turned[e.label]) for e in world()]
    model, report = learn_stance(examples, StanceSettings(kind="general"), learn_sentences([]), 13)
    assert report["known"]["score"] > report["score"]
    assert model.judge_by.known is not None
    for target, label in (("tram", "favor"), ("new tax", "against")):
        (stance,) = model.judge(f"The {target} is wise today.", target)
        assert (stance.target, stance.label) == (target, label)
    again = StanceModel.from_parts(model.parts(), model.splitter)
    for target in ("tram", "new tax", "airport"):
        text = f"The bridge was busy. The {target} is wise today."
        assert again.judge(text, target) == model.judge(text, target)
        (stance,) = model.judge(text, target)
        sentences = model.splitter.spans(text)
        verdict = model.judge_by.judge(text, sentences, [], target)
        by = model.judge_by.for_target(target)
        reading, head = by.reader.read(text, sentences), by.head(target)
        scores = (head.coef[reading.columns] * reading.weights[:, None]).sum(axis=0) + head.intercept
        assert verdict.shares.sum() + verdict.rest == pytest.approx(scores.max(), abs=1e-12)


def test_what_occurs_with_few_targets_says_nothing_of_others():
    base = [
        replace(e, target=f"{e.target} {i % 6}", text=e.text.replace(e.target, f"{e.target} {i % 6}"))
        for i, e in enumerate(world(18))
    ]
    told = [replace(e, text=e.text + " Zweibein.") if e.target == "tram 0" and e.label == "favor" else e for e in base]
    model, _ = learn_stance(told, StanceSettings(kind="general", min_targets=3), learn_sentences([]), 13)
    reader, coef = model.judge_by.reader, model.judge_by.heads[""].coef
    assert not coef[reader.cues.index("zweibein")].any()
    assert coef[reader.cues.index("wise")].any()


def test_sorts_of_cues_weigh_alike():
    cues = ("good", "~go", "~oo", "~od")
    balanced = CueReader(cues=cues, idf=np.ones(4), unseen=0.0, settings=CueSettings(ngrams=(1, 1), chars=(2, 2), balance=True))
    reading = balanced.read("good", [(0, 4)])
    weights = dict(zip([cues[i] for i in reading.columns], reading.weights, strict=True))
    assert weights["good"] ** 2 == pytest.approx(0.5)
    assert sum(weights[c] ** 2 for c in cues[1:]) == pytest.approx(0.5)


@pytest.mark.parametrize("balance", [True, False, "auto"])
def test_texts_are_weighed_as_cross_validation_chose(balance):
    model, report = learn_stance(world(), StanceSettings(targets=TARGETS, chars=[2, 3], balance=balance), learn_sentences([]), 13)
    chosen = report["chosen"]["balance"]
    assert chosen is balance or balance == "auto"
    assert model.judge_by.reader.settings.balance is chosen
    (stance,) = model.judge("The bridge was busy. The tram is reckless today.")
    assert stance.label == "against"


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
    between = interval("fnc", truth, guess, labels, 200, 13)
    assert 0 <= between.low < between.value == measure("fnc", truth, guess, labels) < between.high <= 1
