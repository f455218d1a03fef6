"""Confident learning: wrong labels are found, right ones are left alone, and rows are named by file and line."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from topics.cli import run
from training.doubts import find_doubts


def test_a_row_that_speaks_for_another_label_is_doubtful():
    given = np.array([0] * 10 + [1] * 10)
    probability = np.where(np.eye(2)[given] > 0, 0.9, 0.1)
    probability[3] = [0.05, 0.95]
    (doubt,) = find_doubts(probability, given)
    assert (doubt.row, doubt.given, doubt.likely) == (3, 0, 1)
    assert doubt.margin == pytest.approx(0.9)


def test_clean_labels_raise_no_doubt():
    given = np.arange(30) % 3
    assert find_doubts(np.where(np.eye(3)[given] > 0, 0.8, 0.1), given) == []


def test_a_label_nobody_has_is_never_likely():
    given = np.zeros(6, np.int64)
    assert find_doubts(np.tile([0.3, 0.7], (6, 1)), given) == []


def test_unsure_rows_are_no_doubts():
    # Row 0 leans to the other label, and less than that label's own rows do on average.
    given = np.array([0] * 5 + [1] * 5)
    probability = np.where(np.eye(2)[given] > 0, 0.9, 0.1)
    probability[0] = [0.4, 0.6]
    assert find_doubts(probability, given) == []


def test_the_most_doubtful_comes_first_and_ties_keep_their_order():
    given = np.array([0] * 20 + [1] * 20)
    probability = np.where(np.eye(2)[given] > 0, 0.9, 0.1)
    probability[[5, 9, 2]] = [[0.1, 0.9], [0.1, 0.9], [0.02, 0.98]]
    assert [doubt.row for doubt in find_doubts(probability, given)] == [2, 5, 9]


def test_flipped_labels_are_found_in_a_noisy_set():
    random = np.random.default_rng(5)
    true = random.integers(0, 4, 800)
    scores = 2.5 * np.eye(4)[true] + random.normal(size=(800, 4))
    probability = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    given, flipped = true.copy(), random.choice(800, 60, replace=False)
    given[flipped] = (true[flipped] + 1 + random.integers(0, 3, 60)) % 4
    found = {doubt.row for doubt in find_doubts(probability, given)}
    assert len(found & set(flipped.tolist())) >= 45
    assert len(found - set(flipped.tolist())) <= 30


WORDS = {"sea": "boat tide harbor sail anchor gull", "farm": "plough cow barn wheat fence hen"}


def write_corpus(folder, wrong=frozenset()):
    random = np.random.default_rng(2)
    with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
        for i in range(120):
            topic = ("sea", "farm")[i % 2]
            text = " ".join(random.choice(WORDS[topic].split(), 8))
            label = ("sea", "farm")[(i + 1) % 2] if i in wrong else topic
            file.write(json.dumps({"id": f"row{i}", "text": text, "topic": label}) + "\n")
    (folder / "c.toml").write_text(
        'name = "d"\n[corpus]\ntrain = "a.jsonl"\ntext = "text"\n[split]\ntest = 0.0\nnear_duplicates = 1.0\n[classify]\n',
        "utf-8",
    )
    return str(folder / "c.toml")


def test_wrong_rows_are_named_by_file_and_line(tmp_path, capsys):
    wrong = {17, 40, 61, 77, 98}
    assert run(["check", write_corpus(tmp_path, wrong), "--doubts", "-q"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("doubtful topics"))
    named = [re.search(r"a\.jsonl, line (\d+): (\w+), rather (\w+): ", line) for line in lines[at + 1 :]]
    found = {int(m[1]) - 1: (m[2], m[3]) for m in named if m}
    assert lines[at] == f"doubtful topics: {len(found)} of 120 rows, most doubtful first"
    assert set(found) <= wrong
    assert len(found) >= 3
    assert all(pair == (("sea", "farm")[(i + 1) % 2], ("sea", "farm")[i % 2]) for i, pair in found.items())


def test_without_the_option_nothing_is_fitted_and_clean_rows_raise_no_doubt(tmp_path, capsys):
    config = write_corpus(tmp_path)
    assert run(["check", config, "-q"]) == 0
    assert "doubtful" not in capsys.readouterr().out
    assert run(["check", config, "--doubts", "-q"]) == 0
    assert "doubtful topics: 0 of 120 rows\n" in capsys.readouterr().out


def test_several_topics_are_refused(tmp_path, capsys):
    assert run(["check", write_corpus(tmp_path), "--doubts", "-q", "--set", "classify.multi_label=true"]) == 2
    assert "one topic for each article" in capsys.readouterr().err
