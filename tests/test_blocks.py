"""Blocks tile the page: every character in exactly one, whatever the text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.blocks import Block, check_tiling, tile
from topics.errors import UsageError
from topics.lines import find_lines
from topics.segment import segment


def test_white_space_belongs_to_the_block_before_it_and_at_the_top_to_the_first():
    blocks = tile(10, [2, 5], ["title", "body"], ["a", "b"])
    assert [(b.span, b.role, b.why) for b in blocks] == [((0, 5), "title", "a"), ((5, 10), "body", "b")]


def test_without_lines_a_page_is_furniture_and_an_empty_page_nothing():
    assert [b.role for b in tile(3, [], [], [])] == ["furniture"]
    assert tile(0, [], [], []) == ()


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([Block((0, 2), "body", ""), Block((3, 4), "body", "")], "expected a block from 2"),
        ([Block((0, 2), "body", "")], "they end at 2, the page at 4"),
        ([Block((0, 4), "headline", "")], "no such role: 'headline'"),
        ([Block((0, 0), "body", "")], "expected a block from 0"),
    ],
)
def test_what_does_not_tile_is_named(blocks, message):
    with pytest.raises(UsageError, match=message.replace("(", r"\(")):
        check_tiling(blocks, 4)


HOSTILE = {
    "nothing": "",
    "white space": " \n\t \u2003\n",
    "one character": "x",
    "no newline": "word " * 400,
    "line ends of every kind": "a\r\nb\rc\n\rd\fe\vf\u2028g\u2029h\x85i",
    "separators": "a\x1cb\x1dc\x1ed",
    "nul": "a\0b\n\0\n" * 50,
    "combining marks": "e\u0301" * 300 + "\n" + "\u0301",
    "emoji": "👩‍👩‍👧 said 🎉.\n" * 30,
    "right to left": "قال المسؤول إن الاجتماع انتهى.\n" * 20 + "\u202eabc\u202c",
    "lone surrogates": "\ud800 a \udfff\n\ud83d",
    "signs only": "-----\n*****\n" * 40,
    "a byte-order mark inside": "\ufeffTitle\n\ufeffText of some length.",
    "one very long word": "a" * 100_000,
    "sentences without words": ". ! ? … " * 2000,
    "many tabs": "\t".join("abc" for _ in range(3000)),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_pages_are_tiled(text):
    conserves(text)


PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["\n", "\n\n", "\r\n", "\f", "\u2028", " ", "\t", "Advertisement\n", "By Ann Other\n", "1 of 3\n",
    "The minister said on Monday that it was over.\n", "A Short Headline Here\n", "\0", "\ud800"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_is_tiled(text):
    conserves(text)


def conserves(text):
    result = segment(text)
    check_tiling(result.blocks, len(text))
    last = 0
    for n, article in enumerate(result.articles, 1):
        assert article.id == f"page#{n}"
        spans = [*([article.title_span] if article.title_span else []), *article.body_spans]
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), "spans in order, disjoint"
        assert spans[0][0] >= last
        last = spans[-1][1]
        assert article.why
    return result


def test_many_lines_and_a_million_characters_on_one():
    # A million lines take a quarter of a minute and two gigabytes; a tenth of them shows the same.
    lines = conserves("word\n" * 100_000)
    assert len(lines.blocks) == 100_000
    conserves("It rained in the valley and nobody came. " * 25_000)


def test_line_breaks_are_chosen():
    lines = find_lines("one\r\ntwo\rthree\n\nfour\x1cstill four\u2028five")
    starts = [(int(a), int(b)) for a, b in zip(lines.start, lines.end, strict=True)]
    assert ["one\r\ntwo\rthree\n\nfour\x1cstill four\u2028five"[a:b] for a, b in starts] == [
        "one",
        "two",
        "three",
        "four\x1cstill four",
        "five",
    ]
    assert lines.blank.tolist() == [0, 0, 0, 1, 0]


def test_wrapped_lines_are_joined_and_paragraphs_kept_apart():
    import textwrap

    sentence = "the committee heard from farmers about the price of milk and the cost of keeping cattle through a long winter "
    paragraphs = [("Members of " + sentence * 3).strip() + ".", ("Later " + sentence * 2).strip() + "."]
    text = "\n\n".join(textwrap.fill(p, 68) for p in paragraphs)
    lines = find_lines(text)
    assert lines.wrapped
    assert [" ".join(text[a:b].split()) for a, b in zip(lines.start, lines.end, strict=True)] == paragraphs
    assert np.all(lines.rows > 1)
    unwrapped = find_lines("\n\n".join(paragraphs))
    assert not unwrapped.wrapped
