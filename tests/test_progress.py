"""How far, how fast, how long still: sizes add up to the whole, and nothing is said of what is quick."""

from __future__ import annotations

import io
import sys

import pytest

from topics import progress as module
from topics.amounts import Amount
from topics.progress import Progress
from topics.sources import read


@pytest.fixture
def folder(tmp_path):
    for n in range(3):
        (tmp_path / f"p{n}.txt").write_text("A page of words. " * (10 + n), "utf-8")
    (tmp_path / "a.jsonl").write_text('{"title": "One", "text": "Words."}\n' * 5, "utf-8")
    (tmp_path / "notes.pdf").write_bytes(b"not read")
    return tmp_path


def test_what_is_told_of_records_adds_up_to_their_files(folder):
    amount = Amount([str(folder)])
    sizes = sum(p.stat().st_size for p in folder.iterdir() if p.suffix != ".pdf")
    assert amount.total() == sizes
    told = [amount.of(record) for record in read([str(folder)], on_error=pytest.fail, warn=len)]
    assert min(told) >= 0
    last = (folder / "p2.txt").stat().st_size
    assert sizes - last < sum(told) <= sizes


def test_standard_input_has_no_size(folder):
    assert Amount(["-"]).total() is None
    assert Amount([str(folder / "none.txt")]).total() is None


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by two seconds whenever it is read."""
    at = iter(range(0, 10_000, 2))
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(at)))


def test_plain_lines_tell_rate_and_time_left(clock, monkeypatch):
    held = io.StringIO()
    monkeypatch.setattr(sys, "stderr", held)
    assert list(Progress().track(range(40), 40, "read")) == list(range(40))
    lines = held.getvalue().splitlines()
    assert 3 < len(lines) < 20
    assert "a second, about" in lines[0]
    assert lines[0].endswith(" left")


def test_the_size_of_all_is_asked_for_once_and_only_when_it_takes_long(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    asked = []
    list(Progress().track(range(30), lambda: asked.append(1) or 300, "read", lambda _: 10))
    assert len(asked) == 1
    list(Progress().track([], lambda: asked.append(1) or 1, "read"))
    assert len(asked) == 1
