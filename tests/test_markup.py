"""Markup helps: the articles a page marks are its articles, and menus are none."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml", reason="needs the html extra")

from topics import Page, segment
from topics.sources_html import html_to_text

TEXT = (
    "The council closed the bridge to traffic until further notice, officials said, "
    "and asked residents to keep away from the banks."
)
MORE = "Engineers will look at the piers once the water has fallen by a metre, which is not expected before the weekend."


def cut(html: str):
    text, hints = html_to_text(html)
    return text, segment(Page(id="p", text=text, hints=tuple(hints))).articles


def post(title: str, body: str = f"<p>{TEXT}</p><p>{MORE}</p>") -> str:
    return f"<article><h2>{title}</h2>{body}</article>"


def test_three_articles_are_three():
    posts = post("River rises") + post("School opens") + post("Home side wins")
    text, articles = cut(f"<nav>Home World</nav>{posts}<footer>©</footer>")
    assert [a.title for a in articles] == ["River rises", "School opens", "Home side wins"]
    assert all([text[s:e] for s, e in a.body_spans] == [TEXT, MORE] for a in articles)


def test_a_heading_within_an_article_opens_none():
    _, articles = cut(post("River rises", f"<p>{TEXT}</p><h3>What happens next</h3><p>{MORE}</p>"))
    assert [a.title for a in articles] == ["River rises"]


def test_captions_and_asides_are_not_text():
    caption, aside = f"<figcaption>{MORE}</figcaption>", f"<aside><p>{MORE} More in our newsletter.</p></aside>"
    body = f"<figure><img>{caption}</figure><p>{TEXT}</p>{aside}"
    text, (article,) = cut(post("River rises", body))
    assert [text[s:e] for s, e in article.body_spans] == [TEXT]


def test_teasers_beside_a_long_article_are_left_out():
    long = "".join(f"<p>{TEXT} {n}</p>" for n in range(20))
    _, articles = cut(post("River rises", long) + post("Also today", "<p>Read it here.</p>"))
    assert [a.title for a in articles] == ["River rises"]


def test_a_page_without_articles_is_cut_as_text():
    text, articles = cut(f"<h1>River rises above the bridge</h1><p>{TEXT}</p><p>{MORE}</p>")
    assert [text[s:e] for a in articles for s, e in a.body_spans] == [TEXT, MORE]


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_menu_of_any_length_is_furniture(n):
    menu = "".join(f"<li>Section {k}</li>" for k in range(n))
    posts = post("River rises") + post("School opens")
    text, hints = html_to_text(f"<nav><ul>{menu}</ul></nav>{posts}<footer>{'<p>Imprint</p>' * n}</footer>")
    result = segment(Page(id="p", text=text, hints=tuple(hints)))
    assert [a.title for a in result.articles] == ["River rises", "School opens"]
    outside = [b.role for b in result.blocks if text[slice(*b.span)].strip().startswith(("Section", "Imprint"))]
    assert outside == ["furniture"] * (2 * n)


def test_a_byline_marked_as_a_paragraph_is_not_text():
    _, articles = cut(post("River rises", f"<p>Posted on 5 March 2024 by Staff</p><p>{TEXT}</p><p>{MORE}</p>"))
    assert [len(a.body_spans) for a in articles] == [2]
