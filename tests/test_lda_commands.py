"""Latent topics on the command line: search, continue, resume, show, shares, export and import."""

from __future__ import annotations

import gzip
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


def test_shares_and_export_put_up_with_bad_input_as_predict_does(corpus, trained, tmp_path, capsys):
    data, artifact, bad = corpus / "a.jsonl", str(trained["both"]), tmp_path / "bad.jsonl"
    bad.write_text('{"id": "x", "text": \n' + data.read_text("utf-8"), "utf-8")
    for command in (["shares", artifact, str(bad)], ["export", artifact, str(bad), "--to", "mallet"]):
        out, errors = tmp_path / f"{command[0]}.out", tmp_path / f"{command[0]}.jsonl"
        named = [*command, "--out", str(out), "--errors", str(errors), "-q"]
        assert run(named) == 4
        assert out.stat().st_size > 0
        assert [json.loads(line)["line"] for line in errors.read_text("utf-8").splitlines()] == [1]
        assert run([*named, "--force", "--max-errors", "5%"]) == 0
    capsys.readouterr()


def test_shares_by_month_source_topic_and_field(corpus, trained, capsys):
    data, artifact = str(corpus / "a.jsonl"), str(trained["both"])
    for by, groups in (
        ("month", ["2024-01", "2024-02", "2024-03"]),
        ("source", ["Paper 0", "Paper 1"]),
        ("topic", ["health", "money", "sport"]),
    ):
        assert run(["shares", artifact, data, "--by", by, "-q"]) == 0
        found = [json.loads(line) for line in lines(capsys)]
        assert sorted({row["group"] for row in found}) == groups
        for group in groups:
            shares = [row for row in found if row["group"] == group]
            assert sum(row["share"] for row in shares) == pytest.approx(1, abs=1e-4)
            assert all(row["low"] <= row["share"] <= row["high"] for row in shares)
        assert sum(row["articles"] for row in found) == 3 * 120
    # Each kind of article is one latent topic, here in the table for people: the largest share first.
    assert run(["shares", artifact, data, "--by", "topic", "--format", "table", "--top", "1", "--samples", "0", "-q"]) == 0
    table = [line.split() for line in lines(capsys)[2:]]
    assert [row[0] for row in table] == ["health", "money", "sport"]
    assert len({row[2] for row in table}) == 3
    assert all(float(row[-1]) > 0.7 for row in table)
    assert run(["shares", artifact, data, "--by", "id", "--samples", "0", "-q"]) == 0
    assert len({json.loads(line)["group"] for line in lines(capsys)}) == 120


def test_articles_that_say_nothing_or_have_no_group_are_counted_not_guessed(corpus, trained, capsys):
    found = rows(6, 4)
    found[0]["text"] = "zzz qqq"
    found[1]["published"] = "34 minutes ago"
    write(corpus / "d.jsonl", found)
    assert run(["shares", str(trained["c"]), str(corpus / "d.jsonl"), "--samples", "0", "-q"]) == 0
    told = capsys.readouterr()
    assert "1 articles hold no term of a latent topic and are left out" in told.err
    assert "1 of 5 articles have no month and are left out" in told.err
    assert sum(json.loads(line)["articles"] for line in told.out.splitlines()) == 3 * 4
    for arguments, code, message in (
        (["--by", "editor"], 3, "none of 5 has a field 'editor'"),
        (["--by", "topic"], 2, "has no topics to compare with"),
    ):
        assert run(["shares", str(trained["c"]), str(corpus / "d.jsonl"), "-q", *arguments]) == code
        assert message in capsys.readouterr().err


def test_one_latent_topic_is_shown_by_each_measure_with_articles_and_sentences(corpus, trained, capsys):
    text = {json.loads(line)["id"]: json.loads(line)["text"] for line in (corpus / "a.jsonl").read_text().splitlines()}
    firsts = set()
    for by in ("probability", "score", "relevance", "frex", "lift"):
        assert run(["show", str(trained["c"]), "--latent", "0", "--by", by, "--terms", "5"]) == 0
        shown = lines(capsys)
        assert shown[0].startswith("latent topic 0, ")
        firsts.add(shown[1])
        assert [len(line.split()) for line in shown[2:7]] == [2] * 5
    assert len(firsts) == 5
    at = shown.index("sentences that say most of it, as characters of their articles' pages")
    for line in shown[at + 1 :]:
        name, span = line.split()
        start, end = map(int, span.strip("[]").split(":"))
        assert text[name][start:end].endswith(".")
        assert len(text[name][start:end].split()) == 7
    assert not any(words in "\n".join(shown) for words in text.values())
    kept = ["--set", "evaluate.keep_text=true", "--out", str(corpus / "kept"), "-q"]
    assert run(["train", str(corpus / "c.toml"), *kept]) == 0
    capsys.readouterr()
    assert run(["show", str(corpus / "kept"), "--latent", "0"]) == 0
    assert lines(capsys)[-1].split("]  ")[1] in "\n".join(text.values())


def test_export_and_import_carry_latent_topics_to_other_tools_and_back(corpus, trained, capsys):
    artifact, data = str(trained["c"]), str(corpus / "a.jsonl")
    state, folder = corpus / "state.gz", corpus / "theirs"
    assert run(["export", artifact, data, "--to", "mallet", "--out", str(state), "-q"]) == 0
    assert run(["export", artifact, "--to", "gensim", "--out", str(folder), "-q"]) == 0
    assert run(["export", artifact, data, "--to", "pyldavis", "-q"]) == 0
    drawn = json.loads(capsys.readouterr().out)
    assert drawn["mdsDat"]["topics"] == [1, 2, 3]
    assert run(["import", str(state), "--from", "mallet", "--out", str(corpus / "m"), "-q"]) == 0
    assert run(["import", str(folder), "--from", "gensim", "--out", str(corpus / "g"), "-q"]) == 0
    said = {}
    for name in ("of-c", "m", "g"):
        assert run(["predict", str(corpus / name), data, "-q"]) == 0
        found = [json.loads(line)["mixture"] for line in lines(capsys)]
        said[name] = np.array([[dict(map(tuple, mixture)).get(k, 0.0) for k in range(3)] for mixture in found])
        assert run(["show", str(corpus / name), "--verify"]) == 0
        capsys.readouterr()
    np.testing.assert_allclose(said["g"], said["of-c"], atol=1e-3)
    assert (said["m"].argmax(axis=1) == said["of-c"].argmax(axis=1)).all()
    (folder / "lda.model").write_bytes(b"not read")  # the pickle plays no part
    assert run(["import", str(folder), "--from", "gensim", "--out", str(corpus / "g2"), "-q"]) == 0
    assert files(corpus / "g2") == files(corpus / "g")


def test_what_cannot_be_exported_or_imported_is_said_in_a_line(corpus, trained, capsys):
    artifact, data = str(trained["c"]), str(corpus / "a.jsonl")
    (corpus / "empty").mkdir()
    (corpus / "torn.gz").write_bytes(gzip.compress(b"#doc source pos typeindex type topic\n" * 99)[:40])
    np.save(corpus / "empty" / "x.expElogbeta.npy", np.array([{"a": 1}], dtype=object))
    for arguments, code, message in (
        (["export", artifact, "--to", "mallet"], 2, "--to mallet tells of articles"),
        (["export", artifact, data, "--to", "gensim", "--out", "x"], 2, "gensim's model holds no articles"),
        (["export", artifact, "--to", "gensim"], 2, "name a folder with --out"),
        (["import", data, "--from", "mallet", "--out", str(corpus / "x")], 3, "not a MALLET topic state"),
        (["import", str(corpus / "empty"), "--from", "gensim", "--out", str(corpus / "x")], 3, "without unpickling"),
        (["import", str(corpus / "torn.gz"), "--from", "mallet", "--out", str(corpus / "x")], 3, "not a MALLET topic state"),
        (["import", data, "--from", "mallet", "--name", "../x"], 2, "--name '../x': only letters"),
        (["import", str(corpus / "no"), "--from", "gensim", "--out", str(corpus / "x")], 3, "name the folder"),
    ):
        assert run([*arguments, "-q"]) == code, arguments
        told = capsys.readouterr()
        assert message in told.err
        assert told.err.count("\n") == 1
    assert not (corpus / "x").exists()


def test_edge_documents_through_the_command_line(corpus, capsys):
    config = str(corpus / "c.toml")
    assert run(["train", config, "--set", "lda.n_topics=25", "--out", str(corpus / "x"), "-q"]) == 3
    assert "lda.n_topics = 25 latent topics from 24 terms" in capsys.readouterr().err
    write(corpus / "a.jsonl", [{"id": "one", "text": "goal match goal striker"}])
    one = ["--set", "terms.min_df=1", "--set", "lda.min_df=1", "--set", "lda.n_topics=2", "--out", str(corpus / "one"), "-q"]
    assert run(["train", config, *one]) == 0
    same = {"text": "goal match goal striker"}
    write(corpus / "e.jsonl", [{"id": "e1", **same}, {"id": "none", "text": "zebra"}, {"id": "e2", **same}])
    capsys.readouterr()
    assert run(["predict", str(corpus / "one"), str(corpus / "e.jsonl"), "-q"]) == 0
    found = [json.loads(line) for line in lines(capsys)]
    assert found[0]["mixture"] == found[2]["mixture"] != []
    assert (found[1]["mixture"], found[1]["known_terms"]) == ([], 0)
    assert run(["explain", str(corpus / "one"), str(corpus / "e.jsonl"), "--format", "table", "-q"]) == 0
    assert "no term of this article is known to the model: nothing is claimed" in capsys.readouterr().out
