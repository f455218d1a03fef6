"""Latent topics on the command line: search, continue, resume, show, shares, export and import."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from topics.cli import run
from topics.options_learn import numbers

WORDS = {
    "sport": ["goal", "match", "striker", "league", "coach", "keeper", "penalty", "stadium"],
    "money": ["bank", "shares", "profit", "interest", "loan", "market", "budget", "trader"],
    "health": ["hospital", "nurse", "patient", "vaccine", "doctor", "clinic", "surgery", "ward"],
}


def rows(n: int, seed: int, kinds=tuple(WORDS), extra=()) -> list[dict]:
    rng = np.random.default_rng(seed)
    found = []
    for i in range(n):
        kind = kinds[i % len(kinds)]
        words = [*WORDS[kind], *extra]
        sentences = [" ".join(rng.choice(words, 7)).capitalize() + "." for _ in range(5)]
        found.append(
            {
                "id": f"a{seed}-{i}",
                "text": " ".join(sentences),
                "topic": kind,
                "published": f"2024-{1 + i % 3:02d}-05",
                "source": f"Paper {i % 2}",
            }
        )
    return found


def write(path: Path, found: list[dict]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    return path


CONFIG = """name = "small"
seed = 3
[corpus]
train = "a.jsonl"
text = "text"
topic = {topic}
[split]
test = 0.2
near_duplicates = 1.0
[terms]
ngrams = [1, 1]
{classify}
[lda]
n_topics = 3
iterations = 40
max_df = 1.0
stop_words = "none"
"""


@pytest.fixture
def corpus(tmp_path) -> Path:
    write(tmp_path / "a.jsonl", rows(120, 1))
    (tmp_path / "c.toml").write_text(CONFIG.format(topic='"topic"', classify=""))
    (tmp_path / "both.toml").write_text(CONFIG.format(topic='"topic"', classify="[classify]"))
    return tmp_path


def lines(capsys) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5", [5]), ("5,10", [5, 10]), ("10,20,...,60", [10, 20, 30, 40, 50, 60]), ("5,10,...,22", [5, 10, 15, 20, 22])],
)
def test_numbers_are_read_as_people_write_them(text, expected):
    assert numbers(text) == expected


def test_a_search_compares_recommends_and_draws(corpus, capsys):
    plot = corpus / "s.svg"
    assert run(["search", str(corpus / "c.toml"), "--lda.n_topics", "2,3", "--seeds", "1,2", "--plot", str(plot)]) == 0
    told = capsys.readouterr()
    found = [json.loads(line) for line in told.out.splitlines()]
    assert [row["n_topics"] for row in found] == [2, 3]
    assert [row["recommended"] for row in found] == [False, True]
    assert all(row[name] is not None for row in found for name in ("npmi", "c_v", "exclusivity", "diversity", "stability"))
    assert "3 latent topics: best of 2 by" in told.err
    drawn = plot.read_text()
    assert drawn.startswith("<svg ")
    assert drawn.count("<polyline") == 6
    assert run(["search", str(corpus / "c.toml"), "--lda.n_topics", "2,3", "--seeds", "1", "--format", "table", "-q"]) == 0
    table = lines(capsys)
    assert table[0].startswith("n_topics  perplexity")
    assert "recommended" in table[3]
    assert re.match(r"3 latent topics: best of 2 by ", table[-1])


def test_a_search_that_cannot_be_is_refused_in_a_line_before_any_fit(corpus, capsys):
    for arguments, code, message in (
        (["--lda.n_topics", "2,x"], 2, "expected whole numbers such as 5,10 or 10,20,...,100, got '2,x'"),
        (["--lda.n_topics", "2,100"], 3, "100 latent topics from 24 terms"),
        (["--lda.n_topics", "2", "--plot", "s.png"], 2, "name a file that ends in .svg or .html"),
    ):
        assert run(["search", str(corpus / "c.toml"), "-q", *arguments]) == code
        told = capsys.readouterr()
        assert message in told.err
        assert told.err.count("\n") == 1
        assert told.out == ""
