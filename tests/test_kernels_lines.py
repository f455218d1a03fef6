"""The compiled reading of a page gives the same lines, words, signs, features and path as numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import kernels
from topics.lines import find_lines
from topics.segment import segment, segment_all
from topics.sequence import STATES, allowed, best_path
from topics.shapes import shapes
from training.layouts import LAYOUTS, read_articles, render

HOSTILE = [
    "", " ", "x", "\r", "\r\n", "a\r\nb\rc\r\n\r\n\t d: 12:30 x. Y", ": a", "  \t y\n", "a\x00b. C", "\u2028\u2029\x85x",
    "Ünïcode İß \ud800 𝔘 x. “Q” 3. b. C\n\nÜnïcode again Again again 12:30", "| • a\n" * 30, "Word " * 300, "a\n" * 300,
]  # fmt: skip


def both(text, work):
    """Return what `work` gives on numpy's lines and on the kernels'."""
    answers = []
    for seen in (-(10**12), 10**12):
        before = kernels._seen
        kernels._seen = seen
        try:
            answers.append(work(text))
        finally:
            kernels._seen = before
    return answers


def features(text):
    lines = find_lines(text)
    shape = shapes(lines)
    words = shape.words
    arrays = (
        lines.codes,
        lines.bits,
        lines.start,
        lines.end,
        lines.blank,
        lines.indent,
        lines.rows,
        shape.values,
        shape.template,
    )
    return lines.fast, (
        *arrays,
        words.line,
        words.start,
        words.length,
        words.key,
        words.kind,
        words.upper,
        words.shouted,
        words.digit,
    )


def same(text):
    (slow, plain), (fast, compiled) = both(text, features)
    assert (slow, fast) == (False, True)
    for one, other in zip(plain, compiled, strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


@pytest.mark.parametrize("text", HOSTILE)
def test_features_are_the_same_on_hostile_text(text):
    same(text)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters() | st.sampled_from("\n\r\t .:12aB|“”é"), max_size=200))
def test_features_are_the_same_on_any_text(text):
    same(text)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 700))
def test_paths_are_the_same(seed, n):
    draw = np.random.default_rng(seed)
    # Rounded, so that there are ties.
    emissions = draw.normal(size=(n, len(STATES))).round(1).astype(np.float32)
    transitions = np.where(allowed(), 0, -1e4).astype(np.float32)
    start = np.zeros(len(STATES), np.float32)
    plain, compiled = (best_path(emissions, transitions, start, fast=fast) for fast in (False, True))
    assert plain.tolist() == compiled.tolist()


def test_articles_are_the_same():
    page = "\n\n".join(
        f"{what} will be built\n\nBy Ann Example\n\n" + f"The council said that {what.lower()} was sound. " * 9
        for what in ("A bridge", "One more tunnel", "The new harbor", "That school", "This long road", "Another mill", "His barn")
    )
    plain, compiled = both(page, segment)
    assert plain == compiled
    assert plain.articles


def test_pages_cut_together_are_cut_as_one_by_one(monkeypatch):
    pages = [*HOSTILE, "Mill opens\n\nThe mill opened on Monday, said the council of the town.\n\n" * 3] * 3
    for fast in (-(10**12), 10**12):
        monkeypatch.setattr(kernels, "_seen", fast)
        assert list(segment_all(pages)) == [segment(page) for page in pages]
    assert list(segment_all([])) == []


def generated():
    """Return pages in every layout of the generator, whole and in pieces."""
    articles = read_articles()
    for number, layout in enumerate(LAYOUTS):
        text = render(articles[number : number + 1 + number % 5], layout, number)[0]
        yield text
        yield text[len(text) // 3 :].replace("\n\n", "\n" * (number % 4))


def test_blocks_reasons_and_articles_are_the_same_on_generated_pages():
    for page in generated():
        plain, compiled = both(page, segment)
        assert plain.blocks == compiled.blocks
        assert plain.articles == compiled.articles


def test_a_long_run_of_pages_turns_to_the_kernels(monkeypatch):
    monkeypatch.setattr(kernels, "_seen", 0)
    monkeypatch.setattr(kernels, "WORTH", 100)
    assert [find_lines("x" * 40).fast for _ in range(4)] == [False, False, True, True]
