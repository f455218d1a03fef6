"""Latent topics on the command line: search, continue, resume, show, shares, export and import."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

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


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_killed_run_goes_on_to_the_same_bytes(corpus):
    """kill -9 while it fits; the checkpoint is written every five sweeps instead of every 30 seconds."""
    config, out = str(corpus / "both.toml"), corpus / "killed"
    long = ["--set", "lda.tolerance=0.0", "--set", "lda.iterations=3000", "-q"]
    assert run(["train", config, "--out", str(corpus / "whole"), *long]) == 0
    code = "import sys, training.lda_checkpoint as c; c.INTERVAL = 0.0; from topics.cli import run; sys.exit(run(sys.argv[1:]))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code, "train", config, "--out", str(out), *long], env=env)
    checkpoint = corpus / ".killed.unfinished" / "lda"
    until = time.monotonic() + 120
    while not checkpoint.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was done before it was killed"
    assert checkpoint.exists()
    assert not out.exists()
    done = subprocess.run(
        [sys.executable, "-m", "topics", "train", config, "--out", str(out), "--resume", *long[:-1]],
        env=env, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"lda: goes on after sweep \d+", done.stderr)
    assert files(out) == files(corpus / "whole")
    assert not checkpoint.parent.exists()


def test_resume_without_anything_to_resume_begins_anew_and_a_new_run_forgets_what_is_unfinished(corpus, capsys):
    config, out = str(corpus / "c.toml"), corpus / "x"
    assert run(["train", config, "--out", str(out), "--resume"]) == 0
    assert "no unfinished fit beside" in capsys.readouterr().err
    left = corpus / ".x.unfinished" / "lda"
    left.mkdir(parents=True)
    (left / "half").write_text("")
    assert run(["train", config, "--out", str(out), "--force", "-q"]) == 0
    assert not left.parent.exists()


def test_a_checkpoint_of_another_config_is_refused_in_a_line(corpus, capsys, monkeypatch):
    monkeypatch.setattr("training.lda_checkpoint.INTERVAL", 0.0)
    monkeypatch.setattr("training.run.forget", lambda checkpoint: None)
    config, out = str(corpus / "c.toml"), corpus / "x"
    assert run(["train", config, "--out", str(out), "-q"]) == 0
    assert run(["train", config, "--out", str(out), "--force", "--resume", "--set", "seed=4", "-q"]) == 5
    assert "of another corpus, config or seed" in capsys.readouterr().err


@pytest.fixture
def trained(corpus) -> dict[str, Path]:
    found = {}
    for name in ("c", "both"):
        found[name] = corpus / f"of-{name}"
        assert run(["train", str(corpus / f"{name}.toml"), "--out", str(found[name]), "-q"]) == 0
    return found


def more(corpus: Path, *, classify: str = "") -> str:
    """A config of other articles, with a new word in those about health."""
    write(corpus / "b.jsonl", rows(60, 2, ("health",), ("virus",) * 6) + rows(60, 3, ("sport", "money")))
    (corpus / "more.toml").write_text(CONFIG.format(topic='"topic"', classify=classify).replace("a.jsonl", "b.jsonl"))
    return str(corpus / "more.toml")


def test_latent_topics_go_on_take_new_words_and_say_how_far_they_drifted(corpus, trained, capsys):
    capsys.readouterr()
    assert run(["train", more(corpus), "--continue", str(trained["c"]), "--out", str(corpus / "after")]) == 0
    told = capsys.readouterr()
    assert "new" in told.err
    drift = told.out.split("Drift of each latent topic")[1].splitlines()[1:]
    assert len(drift) == 3
    farthest = int(drift[0].split()[0])
    assert run(["show", str(corpus / "after"), "--latent", str(farthest)]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"\n  0\.\d+  virus\n", shown)
    assert "drift when it learned from more articles: 0." in shown
    manifest = json.loads((corpus / "after" / "manifest.json").read_text())
    assert manifest["goes_on_from"] == json.loads((trained["c"] / "manifest.json").read_text())["digest"]
    assert run(["show", str(corpus / "after"), "--verify"]) == 0
    # And on from there, with workers and from the same start: the same bytes.
    for name, workers in (("one", "1"), ("two", "2")):
        again = ["train", more(corpus), "--continue", str(corpus / "after"), "--out", str(corpus / name)]
        assert run([*again, "--workers", workers, "-q"]) == 0
    assert files(corpus / "one") == files(corpus / "two")


def test_topics_stay_when_latent_topics_go_on(corpus, trained, capsys):
    more(corpus, classify="[classify]")
    assert run(["train", str(corpus / "more.toml"), "--continue", str(trained["both"]), "--out", str(corpus / "after")]) == 0
    assert "new terms left out: 1;" in capsys.readouterr().err
    said = []
    for artifact in (trained["both"], corpus / "after"):
        assert run(["predict", str(artifact), str(corpus / "b.jsonl"), "--format", "jsonl", "-q"]) == 0
        said.append([json.loads(line) for line in lines(capsys)])
    assert [row["topics"] for row in said[0]] == [row["topics"] for row in said[1]]
    assert [row["mixture"] for row in said[0]] != [row["mixture"] for row in said[1]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["--set", "terms.lowercase=false"], "[terms] reads texts otherwise than"),
        (["--set", "classify.c=1.0"], "[classify]: "),
        (["--set", "lda.engine=gensim"], 'the config needs [lda], with engine = "cvb0"'),
    ],
)
def test_what_cannot_go_on_is_refused_in_a_line(corpus, trained, capsys, change, message):
    assert run(["train", more(corpus), "--continue", str(trained["c"]), "--out", str(corpus / "x"), "-q", *change]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.count("\n") == 1
    assert not (corpus / "x").exists()
