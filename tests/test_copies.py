"""Copies on the training side count once; what they add is kept, what they contradict is said."""

from __future__ import annotations

from pathlib import Path

from tests.test_split import changed, example, text
from training.config import parse_config
from training.copies import contradictions, counted_once
from training.corpus import Example
from training.settings import CorpusSettings

ONCE, KEEP = CorpusSettings(train="x"), CorpusSettings(train="x", copies="keep")


def told(text: str, name: str, *topics: str, **stances: str) -> Example:
    plain = example(text, name)
    return Example(document=plain.document, topics=topics, stances=stances, group=name)


def test_a_copy_is_left_out_and_the_first_stays():
    examples = [told(text(1), "a", "sport"), told(text(2), "b", "sport"), told(changed(text(1), 0.02), "c", "sport")]
    once = counted_once(examples, ONCE, 0.7)
    assert ([e.group for e in once.examples], once.copies) == (["a", "b"], 1)
    assert counted_once(examples, KEEP, 0.7).examples == examples


def test_a_copy_that_adds_something_stays():
    examples = [
        told(text(1), "a"),
        told(text(1), "topic", "sport"),
        told(text(1), "none"),
        told(text(1), "other topic", "politics"),
        told(text(1), "stance", "sport", aid="favor"),
        told(text(1), "same stance", aid="favor"),
        told(text(1), "other stance", aid="against"),
    ]
    assert [e.group for e in counted_once(examples, ONCE, 0.7).examples] == [
        "a",
        "topic",
        "other topic",
        "stance",
        "other stance",
    ]


def test_empty_articles_are_no_copies():
    assert counted_once([told("", "a"), told("", "b")], ONCE, 0.7).copies == 0


def test_equal_texts_with_different_labels_are_found():
    examples = [
        told(text(1), "a", "sport", aid="favor"),
        told(text(1), "b", "politics"),
        told(text(1), "c", aid="against"),
        told(text(1), "d", "sport", other="favor"),
        told("", "e", "sport"),
        told("", "f", "politics"),
    ]
    found = [(one.group, other.group, what) for one, other, what in contradictions(examples)]
    assert found == [("a", "b", "topic 'sport' and 'politics'"), ("a", "c", "stance toward 'aid': 'favor' and 'against'")]


def test_check_says_what_is_left_out_and_what_contradicts(tmp_path: Path):
    from training.check import check_lines

    rows = [(text(i), "sport" if i % 2 else "politics") for i in range(12)] + [(text(1), "sport"), (text(2), "sport")]
    lines = [f'{{"id": "row{i}", "text": "{t}", "topic": "{topic}"}}\n' for i, (t, topic) in enumerate(rows)]
    (tmp_path / "rows.jsonl").write_text("".join(lines))
    config = parse_config('name = "x"\n[corpus]\ntrain = "rows.jsonl"\n[split]\ntest = 0.0\n[classify]\n', "x")
    said = list(check_lines(config, tmp_path))
    assert "copies that say nothing new, not learned from (corpus.copies): 1" in said
    assert "equal texts, different labels: row2 #row2 and row13 #row13: topic 'politics' and 'sport'" in said


def test_training_counts_a_copy_once(tmp_path: Path):
    from training.run import train

    rows = [(text(i), "sport" if i % 2 else "politics") for i in range(12)]
    results = []
    for name, more in (("plain", []), ("copied", [rows[1]] * 5)):
        (tmp_path / name).mkdir()
        lines = [f'{{"text": "{t}", "topic": "{topic}"}}\n' for t, topic in rows + more]
        (tmp_path / name / "rows.jsonl").write_text("".join(lines))
        config = parse_config('name = "x"\n[corpus]\ntrain = "rows.jsonl"\n[split]\ntest = 0.0\n[classify]\n', "x")
        results.append(train(config, base=tmp_path / name, out=tmp_path / name / "artifact"))
    plain, copied = results
    assert (copied.evaluation, copied.problems) == ({}, [])
    assert (copied.model.classifier.coef == plain.model.classifier.coef).all()
    assert copied.model.vocabulary.terms == plain.model.vocabulary.terms


def test_short_texts_of_one_form_are_no_copies_but_equal_ones_are():
    form = "The home side won the match in the north by {} goals to nil after a long evening."
    examples = [told(form.format(n), f"{n}", "sport") for n in range(5)] + [told(form.format(0), "again", "sport")]
    assert counted_once(examples, ONCE, 0.7).copies == 1
