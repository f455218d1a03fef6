"""Going on after a kill: the result has the bytes of an unbroken run, and nothing is done twice or trusted unseen."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from topics import cli, inputs
from topics.errors import OutputError, UsageError
from topics.journal import SUFFIX, Journal
from topics.predict import Model


def run(*arguments: object) -> int:
    return cli.run([str(a) for a in arguments])


@pytest.fixture(scope="module")
def articles(tmp_path_factory) -> Path:
    """Forty rows, six of them unusable, and one that is worked on apart."""
    path = tmp_path_factory.mktemp("rows") / "a.jsonl"
    sports = "The team won the match after the coach changed the players, and Donald Trump praised the goal. "
    rows = [json.dumps({"id": f"r{i}", "title": f"Title {i}", "text": sports * (i % 5 + 1)}) for i in range(40)]
    for i in (0, 7, 8, 21, 30, 39):
        rows[i] = '{"id": "bad", "body": 1}'
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(inputs, "STEP", 5)


class Interrupted:
    """Labels a number of times, then does what Ctrl-C does."""

    def __init__(self, monkeypatch, calls: int) -> None:
        self.left, self.done, label = calls, 0, Model.label

        def counted(model, documents, targets=None):
            self.done += 1
            if self.done > self.left:
                raise KeyboardInterrupt
            return label(model, documents, targets)

        monkeypatch.setattr(Model, "label", counted)


FORMS = ["out.jsonl", "out.csv", "out.jsonl.gz", "out.csv.gz"]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("calls", [0, 1, 4, 7])
def test_the_result_is_byte_equal_to_an_unbroken_run(starter, articles, tmp_path, monkeypatch, name, calls):
    whole, out, errors = tmp_path / f"whole-{name}", tmp_path / name, tmp_path / "errors"
    assert run("predict", starter, articles, "--out", whole, "--errors", tmp_path / "whole-errors", "-q") == 4
    command = ["predict", starter, articles, "--out", out, "--errors", errors, "--resume", "-q"]
    with monkeypatch.context() as patch:
        Interrupted(patch, calls)
        assert run(*command) == 130
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([whole.name, "whole-errors", name + SUFFIX])
    with monkeypatch.context() as patch:
        rest = Interrupted(patch, 100)
        assert run(*command) == 4
        assert rest.done == 8 - calls, "what was done is not done again"
    assert out.read_bytes() == whole.read_bytes()
    assert errors.read_bytes() == (tmp_path / "whole-errors").read_bytes()
    assert not (tmp_path / (name + SUFFIX)).exists()


@pytest.fixture
def begun(starter, articles, tmp_path, monkeypatch):
    """A command that was interrupted after three steps, and the bytes it should give."""
    assert run("predict", starter, articles, "--out", tmp_path / "whole.jsonl", "-q") == 4
    command = ["predict", starter, articles, "--out", tmp_path / "o.jsonl", "--resume", "-q"]
    with monkeypatch.context() as patch:
        Interrupted(patch, 3)
        assert run(*command) == 130
    return command, tmp_path / ("o.jsonl" + SUFFIX), (tmp_path / "whole.jsonl").read_bytes()


def test_a_journal_cut_anywhere_serves_as_far_as_it_is_whole(begun, tmp_path):
    """A kill, or a full disk, may end it at any byte."""
    command, journal, whole = begun
    raw = journal.read_bytes()
    ends = [i + 1 for i, c in enumerate(raw) if c == 10]
    for at in sorted({0, 1, ends[0] - 1, *ends[:3], ends[-1], *random.Random(1).sample(range(len(raw)), 12)}):
        journal.write_bytes(raw[:at])
        assert run(*command) == 4
        assert (tmp_path / "o.jsonl").read_bytes() == whole, at
        (tmp_path / "o.jsonl").unlink()


def test_a_changed_byte_costs_its_step_and_those_after_it(begun, tmp_path):
    command, journal, whole = begun
    raw = journal.read_bytes()
    first = raw.index(b"\n") + 1
    for at in random.Random(2).sample(range(first, len(raw)), 12):
        journal.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        assert run(*command) in (4, 2)
        if (tmp_path / "o.jsonl").exists():
            assert (tmp_path / "o.jsonl").read_bytes() == whole, at
            (tmp_path / "o.jsonl").unlink()


def test_another_command_does_not_go_on_there(begun, capsys):
    command, journal, _ = begun
    raw = journal.read_bytes()
    for more in (["--with-text"], ["--as", "page"], ["--text", "title"]):
        assert run(*command, *more) == 2
        said = capsys.readouterr().err
        assert f"o.jsonl.resume: was begun with another {more[0]}; repeat that command to go on, or remove the file" in said
    assert journal.read_bytes() == raw


def test_another_input_is_found_out(begun, articles, tmp_path, capsys):
    command, journal, _ = begun
    before = articles.read_text()
    try:
        for changed in (before.replace("Title 3", "Title x"), "".join(before.splitlines(keepends=True)[1:]), ""):
            articles.write_text(changed)
            assert run(*command) == 2
            assert "the input is not the one that the run to be resumed had read; remove " in capsys.readouterr().err
            assert not (tmp_path / "o.jsonl").exists()
            assert journal.exists()
    finally:
        articles.write_text(before)


def test_what_is_no_journal_is_left_alone(starter, articles, tmp_path, capsys):
    for raw in (b"my notes\n", b"my notes", b"[1]\n", b'{"journal": 1}\n'):
        (tmp_path / "o.resume").write_bytes(raw)
        assert run("predict", starter, articles, "--out", tmp_path / "o", "--resume") == 2
        assert "is no journal of ours; remove it, or name another --out" in capsys.readouterr().err
        assert (tmp_path / "o.resume").read_bytes() == raw


def test_a_link_in_its_place_is_not_followed(tmp_path):
    (tmp_path / "theirs").write_text("precious")
    os.symlink(tmp_path / "theirs", tmp_path / "o.resume")
    with pytest.raises(OutputError, match=r"o\.resume: cannot be written"):
        Journal(str(tmp_path / "o"), {})
    assert (tmp_path / "theirs").read_text() == "precious"


def test_two_runs_at_a_time(tmp_path):
    pytest.importorskip("fcntl")
    with Journal(str(tmp_path / "o"), {}), pytest.raises(UsageError, match="another run is writing it"):
        Journal(str(tmp_path / "o"), {})
    with Journal(str(tmp_path / "o"), {}) as journal:
        assert list(journal.steps()) == []


def test_resume_needs_a_file(starter, articles, capsys):
    assert run("predict", starter, articles, "--resume") == 2
    assert "--resume goes on with a file: name it with --out" in capsys.readouterr().err


def command_line(*arguments: object, **options) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "topics", *map(str, arguments)], cwd=ROOT, stderr=subprocess.PIPE, text=True, **options
    )


def test_a_full_disk_keeps_what_was_done(starter, articles, tmp_path):
    resource = pytest.importorskip("resource")
    big = tmp_path / "big.jsonl"
    big.write_text(articles.read_text() * 12)
    assert run("predict", starter, big, "--out", tmp_path / "whole", "-q") == 4
    size = (tmp_path / "whole").stat().st_size

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    command = ["predict", starter, big, "--out", tmp_path / "o", "--resume", "-q"]
    running = command_line(*command, preexec_fn=limit)
    said = running.communicate()[1].splitlines()[-1]
    assert running.returncode == 2
    assert "cannot be written: File too large" in said
    assert not (tmp_path / "o").exists()
    assert (tmp_path / "o.resume").stat().st_size > size // 4
    assert run(*command) == 4
    assert (tmp_path / "o").read_bytes() == (tmp_path / "whole").read_bytes()


def test_killed_again_and_again(starter, articles, tmp_path):
    """The moments are what the clock makes of them; what must hold, holds at each."""
    big = tmp_path / "big.jsonl"
    big.write_text(articles.read_text() * 12)
    out, before = tmp_path / "o.jsonl", b"old\n"
    out.write_bytes(before)
    command = ["predict", starter, big, "--out", out, "--resume", "--force", "-q"]
    assert run("predict", starter, big, "--out", tmp_path / "whole", "-q") == 4
    for moment in (0.15, 0.3, 0.35, 0.4):
        running = command_line(*command)
        time.sleep(moment)
        running.kill()
        running.communicate()
        assert out.read_bytes() in (before, (tmp_path / "whole").read_bytes())
    assert run(*command) == 4
    assert out.read_bytes() == (tmp_path / "whole").read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["big.jsonl", "o.jsonl", "whole"]
