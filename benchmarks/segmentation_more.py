# ruff: noqa: ARG001 - every layout is called with the same three values
"""More pages in layouts written by hand, apart from the generator: wraps, Markdown, blogs, lists, bare runs.

usage: python benchmarks/segmentation_more.py [pages a layout]

Filled with articles of `article-bias-prediction`. Unlike those of `segmentation_strange.py`, these are not blind at all: their
mistakes were read, and rules made for them (a margin of signs, lists whose items open with one mark, bylines inside a line).
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterable

from segmentation import web_articles
from segmentation_strange import OUTLETS, SUBJECTS, Article, Sheet, rendered, report


def wrapped(s: Sheet, paragraphs: Iterable[str], width: int, indent: str = "", gap: str = "\n\n") -> None:
    """Write the paragraphs wrapped at a column."""
    for p in paragraphs:
        t = textwrap.fill(p, width, initial_indent=indent, subsequent_indent="", break_long_words=False)
        s.gold[-1]["body_spans"].append([len(s.text), len(s.text) + len(t)])
        s.text += t + gap


def wrapped_bare(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Headlines and paragraphs, wrapped, nothing else."""
    w = s.rng.choice((64, 70, 76, 80))
    for a in articles:
        s.title(a, "", "\n\n")
        wrapped(s, a["paragraphs"], w)
        s.raw("", "")


def wrapped_pages(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Pages of print: a byline under a long headline, indented paragraphs, page numbers and form feeds."""
    w = s.rng.choice((56, 64, 72))
    outlet = s.rng.choice(OUTLETS)
    n = 1
    s.raw(outlet, s.date(), "", "")
    for a in articles:
        s.title(a, "", "\n")
        s.raw(f"By {s.person()}", "")
        wrapped(s, a["paragraphs"], w, indent="   ", gap="\n")
        s.raw("", f"{outlet}    {n}", "\f", gap="\n")
        n += 1


def markdown(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Markdown with bylines, pictures and boxes."""
    h = s.rng.choice(("# ", "## "))
    for a in articles:
        s.title(a, h, "\n\n")
        s.raw(
            f"*By {s.person()} | {s.date()}*",
            "",
            f"![{s.rng.choice(SUBJECTS)}](https://example.com/i/{s.rng.randint(1, 999)}.jpg)",
            "",
        )
        s.body(a["paragraphs"][:4], "\n\n")
        s.raw(f"> **Related:** [{s.rng.choice(heads)}](https://example.com/{s.rng.randint(1, 999)})", "")
        s.body(a["paragraphs"][4:], "\n\n")
        s.raw("---", "")


def frontmatter(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Files with a head of fields between rules."""
    for a in articles:
        s.raw("---")
        s.title(a, 'title: "', '"\n')
        s.raw(
            f"author: {s.person()}",
            f"date: 2019-0{s.rng.randint(1, 9)}-1{s.rng.randint(0, 9)}",
            "tags: [news, politics]",
            "---",
            "",
        )
        s.body(a["paragraphs"], "\n\n")


def blogspot(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A blog with dates above and endings below."""
    s.raw("The Daily Observer", "Politics, policy and the rest", "")
    for a in articles:
        s.raw(s.date(), "")
        s.title(a, "", "\n\n")
        s.body(a["paragraphs"], "\n\n")
        s.raw(
            f"Posted by {s.person()} at {s.rng.randint(1, 12)}:{s.rng.randint(10, 59)} AM",
            f"{s.rng.randint(0, 9)} comments: Links to this post",
            "Labels: politics, usa",
            "",
            "",
        )
    s.raw(
        "Newer Posts Older Posts Home",
        "Subscribe to: Posts (Atom)",
        "Blog Archive",
        "► 2019 (120)",
        "▼ 2018 (99)",
        "About Me",
        "View my complete profile",
        "Powered by Blogger.",
    )


def newsletter(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A table of contents, labels in capitals, names under headlines."""
    s.raw(
        "VIEW IN BROWSER",
        "THE WEEKLY BRIEFING",
        s.date().upper(),
        "",
        "IN THIS ISSUE",
        *(f"• {a['title']}" for a in articles),
        "",
    )
    for a in articles:
        s.raw(s.rng.choice(SUBJECTS).upper(), "")
        s.title(a, "", "\n\n")
        s.raw(f"{s.person()}, {s.rng.choice(OUTLETS)}", "")
        s.body(a["paragraphs"][: s.rng.randint(3, 8)], "\n\n")
        s.raw("READ MORE >", "", "* * *", "")
    s.raw(
        "Forward to a friend | Update your preferences | Unsubscribe from this list",
        "Copyright © 2020 The Weekly Briefing, All rights reserved.",
    )


def squeezed(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Each article on one line: headline, byline, date and text."""
    for a in articles:
        s.title(a, "", s.rng.choice((" ", " - ", " ")))
        s.text += f"By {s.person()} {s.date()} "
        s.body([" ".join(a["paragraphs"])], " Share this article Facebook Twitter\n")


def fields(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Named fields a line each."""
    for a in articles:
        s.title(a, "Headline: ", "\n")
        s.raw(
            f"Source: {s.rng.choice(OUTLETS)}",
            f"Date: {s.date()}",
            f"Author: {s.person()}",
            f"URL: https://example.com/{s.rng.randint(1, 9999)}",
            "Text:",
        )
        s.body(a["paragraphs"], "\n")
        s.raw("=" * 40)


def dots(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Items of a list: headline and text on one line behind a mark."""
    s.raw("NEWS ROUNDUP", "")
    for a in articles:
        s.title(a, "* ", ". ")
        s.body([" ".join(a["paragraphs"][: s.rng.randint(2, 4)])], "\n\n")


def dashes(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """A headline and its first paragraph on one line, the others below."""
    for a in articles:
        s.title(a, "", " — ")
        s.body(a["paragraphs"][:1], "\n")
        s.body(a["paragraphs"][1:], "\n")
        s.raw("")


def quoted(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Passed on by mail, with a sign before each line."""
    s.raw(f"From: {s.person()}", "To: list@example.org", "Subject: FW: clips", "")
    for a in articles:
        s.title(a, "> ", "\n>\n")
        s.raw(f"> {s.rng.choice(OUTLETS)}, {s.date()}", ">")
        s.body(a["paragraphs"], "\n>\n", "> ")


def bare(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Headlines and paragraphs, nothing else."""
    g = s.rng.choice(("\n", "\n\n"))
    for a in articles:
        s.title(a, "", g)
        s.body(a["paragraphs"], g)


def bare_names(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Headlines, a name, paragraphs."""
    for a in articles:
        s.title(a, "", "\n")
        s.raw(s.person())
        s.body(a["paragraphs"], "\n")


def capitals(s: Sheet, articles: list[Article], heads: list[str]) -> None:
    """Headlines and outlets in capitals."""
    for a in articles:
        b = dict(a)
        b["title"] = a["title"].upper()
        s.title(b, "", "\n\n")
        s.raw(f"{s.rng.choice(OUTLETS).upper()}", "")
        s.body(a["paragraphs"], "\n\n")


LAYOUTS: tuple[Callable[[Sheet, list[Article], list[str]], None], ...] = (
    bare, bare_names, blogspot, capitals, dashes, dots, fields, frontmatter, markdown, newsletter,
    quoted, squeezed, wrapped_bare, wrapped_pages
)  # fmt: skip


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    articles = web_articles(900, 4242)
    if articles:
        report(rendered(LAYOUTS, articles, count, paragraphs=(6, 30), mark="/more"))
    else:
        print("no such data")


if __name__ == "__main__":
    main()
