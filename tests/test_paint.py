"""A painted page shows every character it may show, and nothing of the page steers a terminal or a browser."""

from __future__ import annotations

import re
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from topics import Page, segment
from topics.paint import html_page, numbered, terminal_lines


def shown(text: str) -> str:
    return "".join(html_page([segment(Page(id="p", text=text))]))


def test_every_article_is_numbered_where_it_stands(page):
    cut = segment(Page(id="p", text=page.read_text("utf-8")))
    owners = {n for _, n in numbered(cut)} - {0}
    assert owners == set(range(1, len(cut.articles) + 1))
    for block, n in numbered(cut):
        if n:
            article = cut.articles[n - 1]
            spans = [*article.body_spans, *([article.title_span] if article.title_span else [])]
            assert any(s < block.span[1] and block.span[0] < e for s, e in spans)


def test_markup_of_a_page_is_shown_as_text():
    page = shown("<script>alert(1)</script> and a sentence that is long enough to be an article, he said on Monday.\n" * 3)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_asks_for_nothing_from_outside():
    page = shown("A title of some words\nText that goes on for a while, said the ministry in Berlin on Tuesday.\n")
    assert not re.search(r"(src|href)\s*=|url\(|@import", page)


@given(st.text(max_size=200))
def test_no_control_character_reaches_the_terminal(text):
    for line in terminal_lines(segment(Page(id="p", text=text)), color=False):
        assert line.isprintable()


def test_without_color_the_terminal_lines_hold_every_word(page):
    text = page.read_text("utf-8")
    lines = "\n".join(terminal_lines(segment(Page(id="p", text=text)), color=False))
    assert [w for w in text.split() if w not in lines] == []


def test_show_and_html_by_command(page, tmp_path):
    run = [sys.executable, "-m", "topics", "segment", str(page), "-q"]
    assert "title" in subprocess.run([*run, "--show"], capture_output=True, text=True, check=True).stdout
    subprocess.run([*run, "--html", str(tmp_path / "page.html")], check=True)
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")
