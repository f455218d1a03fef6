"""Nothing hangs: time grows with the input and no faster, whatever the input is made of.

Processor time, not the clock; four times the input may take 6.25 times the time (2.5 for each doubling), where work that
grows with the square takes 16. The best of several tries counts, so that only what can never be fast enough fails.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from topics.documents import documents_of
from topics.loading import load
from topics.pages import Page
from topics.segment import segment
from topics.sources import Record, read
from topics.sources_html import html_to_text

#: What lines, sentences, names, datelines, quotes and markup are made of, each alone: repeated they fit every rule half.
PIECES = [
    "a", "A b ", "By A B ", "10:30 ", "(", "“", "\n", ". ", "U.S. ", "A, B, ", "#", "http://a.b/", "- ", " ", "\t", "A. B. ",
    "said ", "“a” said B. ", "\r", "\u2028", "*\n", "A\n\n", "a.\n", "By A B\n", "Jan 2, 2024 ", "\x00", "日", "@a ", "A\tb\n",
    "BREAKING ", "A b c\n\nD e f. ", "Donald Trump ", "(Reuters) - ", "&amp;", "a@b.c ", "...", "a.b. A ", "A a a a. ",
]  # fmt: skip
SIZE = 6_000


def grows_with_its_input(work: Callable[[int], None], size: int, tries: int = 6) -> bool:
    """Return whether `work(4 * size)` can be done in 6.25 times the time of `work(size)`; what takes no time at all can."""
    small = large = float("inf")
    for _ in range(tries):
        for n in (size, 4 * size):
            begun = time.process_time()
            work(n)
            took = time.process_time() - begun
            small, large = (min(small, took), large) if n == size else (small, min(large, took))
        # Below a hundredth of a second the time goes into what does not depend on the input.
        if large <= 6.25 * max(small, 0.004):
            return True
    return False


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_segmenting(piece):
    assert grows_with_its_input(lambda n: segment(piece * (n // len(piece))), SIZE)


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_labeling(starter, piece):
    model = load(starter)

    def label(n: int) -> None:
        page = Page(id="x", text=piece * (n // len(piece)))
        record = Record(page=page, kind="article", file="x", line=1)
        model.label(list(documents_of(record)))

    assert grows_with_its_input(label, SIZE)


@pytest.mark.parametrize(
    "piece", ["<div>", "<p>a", "<!--", "</", "&#", "<a b=", "<table><tr><td>", "<h1>", "<article>", "<pre>\n", "]]>"]
)
def test_html(piece):
    pytest.importorskip("lxml")
    assert grows_with_its_input(lambda n: html_to_text(piece * (n // len(piece))) and None, 4 * SIZE)


@pytest.mark.parametrize(
    "piece",
    [
        b"\n",
        b"\r",
        b'{"text":"a"}\n',
        b"{\n",
        b'{"a":',
        b"WARC/1.0\n\n",
        b"WARC/1.0\nContent-Length: 3\n\nabc\n",
        b'"',
        b"\x1f\x8b",
    ],
)
def test_reading(piece):
    def work(n: int) -> None:
        said: list[object] = []
        list(
            read(
                ["-"],
                stdin=io.BytesIO(b'{"text": "first"}\n' + piece * (n // len(piece))),
                on_error=said.append,
                warn=said.append,
            )
        )
        list(read(["-"], stdin=io.BytesIO(b"WARC/1.0\n" + piece * (n // len(piece))), on_error=said.append, warn=said.append))

    assert grows_with_its_input(work, 4 * SIZE)


def steps(work: Callable[[], object]) -> int:
    """Return how many calls `work` makes, of Python's functions and of C's: the same at each run, on every machine."""
    count = 0

    def called(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=20), min_size=1, max_size=12).map("".join))
def test_twice_the_page_takes_at_most_two_and_a_half_times_the_steps(text):
    # Long enough that all of it is read in one way: a line of less than 2,000 characters is not taken for a page on one line.
    text = (text + " ") * (1 + 5000 // (len(text) + 1))
    segment(text)  # what is made once is made
    one, two = steps(lambda: segment(text)), steps(lambda: segment(text + text))
    assert two <= 2.5 * one
