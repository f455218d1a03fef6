"""On a terminal explanations and tables are painted; in a pipe and under NO_COLOR they are plain; a page steers neither."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys

import pytest

from topics.cli import run
from topics.documents import documents_of
from topics.explain import explain
from topics.loading import load
from topics.pages import Page
from topics.progress import Progress, curve, lasting, wants_color
from topics.screen import TableWriter, bar, explained, painted
from topics.sources import Record

SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def model(starter):
    return load(starter)


def why(model, text: str):
    kind = "page" if "\n\n" in text else "article"
    record = Record(page=Page(id="p", text=text), kind=kind, file="p", line=None, fields={}, title_span=None)
    return explain(model, next(iter(documents_of(record, model.segmenter))))


def test_an_explanation_holds_topic_terms_sentences_and_the_text(model, page):
    found = why(model, page.read_text("utf-8"))
    plain = SGR.sub("", explained(found, width=100))
    assert found.labeled.topic.label in plain
    assert f"score {found.score:+.3f} = intercept {found.intercept:+.3f}" in plain
    for contribution in found.contributions[:5]:
        assert contribution.term in plain
    body = found.labeled.document.article.body_spans
    words = [w for start, end in body for w in found.labeled.document.page.text[start:end].split()]
    assert [w for w in words if w not in plain] == []
    assert all(len(line) <= 100 for line in plain.splitlines())


def test_terms_are_painted_where_they_stand(model, page):
    found = why(model, page.read_text("utf-8"))
    strongest = next(c for c in found.contributions if c.weight > 0 and c.spans)
    start, end = strongest.spans[-1]
    painted_word = re.escape(found.labeled.document.page.text[start:end])
    assert re.search(rf"\x1b\[[0-9;]*32m{painted_word}\x1b\[0m", explained(found, width=100))


def test_a_hostile_page_steers_no_terminal(model):
    text = (
        "The \x1b[2J court \x07 heard \x9b31m [red]that[/red] judges\x1b]0;owned\x07 met in London on Monday to hear the case.\n"
        * 4
    )
    shown = explained(why(model, text), width=80)
    assert all(line.isprintable() for line in SGR.sub("", shown).splitlines())
    assert "[red]that[/red]" in SGR.sub("", shown)


def test_nothing_known_is_said(model):
    assert "nothing is claimed" in explained(why(model, "zxqw vbnm " * 40), width=80)


def test_a_table_shows_all_rows_and_one_head():
    stream = io.StringIO()
    with TableWriter(stream, ("page", "title", "stances")) as writer:
        for n in range(150):
            writer.write({"page": f"p{n}", "title": "A\x1b[2J title", "stances": "tax: favor 0.91; war: against 0.55"})
    plain = SGR.sub("", stream.getvalue())
    assert plain.count("stances") == 1
    assert [f"p{n}" in plain for n in (0, 149)] == [True, True]
    assert "\x1b" not in plain
    assert "\x1b[32mtax: favor" in stream.getvalue()


def test_painted_lines_keep_their_words():
    lines = ["starter: learned from 468", "", "  politics  voters, coalition", "    0.1  x"]
    assert [SGR.sub("", line) for line in painted(lines)] == lines
    assert "\x1b[36mpolitics\x1b[0m" in list(painted(lines))[2]


def test_bars_and_curves():
    assert [len(bar(share, 10)) for share in (0.0, 0.5, 1.0, 7.0)] == [0, 5, 10, 10]
    assert curve([3.0, 2.0, 1.0]) == "█▅▁"
    assert curve([1.0]) == curve([2.0, 2.0]) == ""
    assert [lasting(s) for s in (8.2, 150, 7000)] == ["8 s", "2 min", "1 h 57 min"]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_no_color_and_dumb_terminals_are_left_alone(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color(Terminal())
    assert not wants_color(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_color(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color(Terminal())


def test_lines_that_count_up_are_one_line_with_the_time_left(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress()
    for sweep, perplexity in ((20, 900.5), (40, 700.0), (60, 650.0)):
        progress.say(f"lda: sweep {sweep} of at most 200, held-out perplexity {perplexity}")
    progress.say("wrote artifacts/x")
    said = terminal.getvalue()
    assert said.count("\n") == 2
    assert said.count("\r\x1b[K") == 3
    assert " left" in said
    assert "█▂▁" in said


def test_in_a_pipe_every_line_stands_alone(monkeypatch):
    held = io.StringIO()
    monkeypatch.setattr(sys, "stderr", held)
    progress = Progress()
    for sweep in (20, 40):
        progress.say(f"lda: sweep {sweep} of at most 200")
    assert [line.split("] ")[1] for line in held.getvalue().splitlines()] == [
        "lda: sweep 20 of at most 200",
        "lda: sweep 40 of at most 200",
    ]
    assert "\r" not in held.getvalue()


def test_quiet_says_nothing(monkeypatch):
    held = io.StringIO()
    monkeypatch.setattr(sys, "stderr", held)
    progress = Progress(quiet=True)
    progress.say("lda: sweep 20 of at most 200")
    assert list(progress.track(range(3), 3, "read")) == [0, 1, 2]
    assert held.getvalue() == ""


def on_a_terminal(*words: str, **environment: str) -> str:
    """Run the program with a pseudo-terminal for standard output, and return what it shows."""
    pty = pytest.importorskip("pty", reason="needs a system with pseudo-terminals")
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm-256color", **environment}
    with subprocess.Popen([sys.executable, "-m", "topics", *words], stdout=theirs, stderr=subprocess.DEVNULL, env=env) as program:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux's word for the end of a terminal
                break
            if not piece:
                break
            shown += piece
        assert program.wait() == 0
    os.close(ours)
    return shown.decode()


def test_a_real_terminal_gets_colors_unless_it_asks_not_to(starter, page):
    colored = on_a_terminal("explain", str(starter), str(page), "-q")
    assert "\x1b[32m" in colored
    plain = on_a_terminal("explain", str(starter), str(page), "-q", NO_COLOR="1")
    assert "\x1b" not in plain
    assert "for:" in plain
    table = on_a_terminal("predict", str(starter), str(page), "-q")
    assert "\x1b[36m" in table


def test_a_pipe_gets_plain_lines(starter, page, capsys):
    assert run(["explain", str(starter), str(page), "--format", "table", "-q"]) == 0
    assert "\x1b" not in capsys.readouterr().out
