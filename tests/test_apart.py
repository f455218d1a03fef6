"""Work in a process of its own: its answers come back whole, its death is told, and nothing of it is left."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import pytest

from topics import cli, inputs
from topics.apart import apart
from topics.errors import InputError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")


def test_answers_come_back_in_order():
    here = os.getpid()
    found = list(apart(lambda: iter([["pid", os.getpid() != here], {"é\ud800": [0.1, None]}, *range(1000)]), None))
    assert found == [["pid", True], {"é\ud800": [0.1, None]}, *range(1000)]
    assert list(apart(list, None)) == []


def die(number):
    def work():
        yield "half"
        os.kill(os.getpid(), number)
        time.sleep(60)

    return work


def fail(error):
    def work():
        yield "half"
        raise error

    return work


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (die(signal.SIGKILL), "was killed, as the system does when memory runs out"),
        (die(signal.SIGTERM), "died \\(signal 15\\)"),
        (fail(MemoryError()), "needs more memory than there is; see --max-memory"),
        (fail(OSError(28, "full")), "no room on the disk"),
        (fail(RecursionError()), "died \\(exit code 1\\)"),
        (lambda: os._exit(7), "died \\(exit code 7\\)"),
    ],
)
def test_a_death_is_told_and_half_an_answer_is_none(work, message, capfd):
    found = []
    with pytest.raises(InputError, match=message):
        found.extend(apart(work, None))
    assert found == []
    assert capfd.readouterr() == ("", "")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # nobody is left to wait for


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no such bound")
def test_it_may_not_take_more_than_it_is_given():
    with pytest.raises(InputError, match="needs more memory"):
        list(apart(lambda: [len(bytearray(1 << 30))], 900 << 20))


def test_an_interrupted_wait_ends_it():
    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(apart(lambda: time.sleep(60), None))
    finally:
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("command", ["segment", "predict", "explain"])
def test_large_documents_are_labeled_apart_to_the_same_answers(starter, page, tmp_path, capfd, monkeypatch, command):
    arguments = [command, *([str(starter)] if command != "segment" else []), str(page), str(page), "--format", "jsonl"]
    assert cli.run(arguments) == 0
    whole = capfd.readouterr()
    monkeypatch.setattr(inputs, "LARGE", 100)
    assert cli.run(arguments) == 0
    assert capfd.readouterr() == whole


def test_a_process_that_the_system_kills_costs_its_document_alone(starter, page, tmp_path, capfd, monkeypatch):
    """What the kernel does when memory runs out, done by hand."""
    from topics import commands

    cut = commands.cut

    def killed(records, segmenter):
        if records[0].page.id.endswith("b.txt"):
            os.kill(os.getpid(), signal.SIGKILL)
        return cut(records, segmenter)

    monkeypatch.setattr(inputs, "LARGE", 100)
    monkeypatch.setattr(commands, "cut", killed)
    for name in "abc":
        (tmp_path / f"{name}.txt").write_bytes(page.read_bytes())
    assert cli.run(["predict", str(starter), str(tmp_path), "--format", "jsonl"]) == 4
    out, err = capfd.readouterr()
    assert {json.loads(line)["page"] for line in out.splitlines()} == {str(tmp_path / "a.txt"), str(tmp_path / "c.txt")}
    assert f"topics: {tmp_path / 'b.txt'}: the process working on it was killed, as the system does when memory runs out\n" in err
