"""The named layouts that are lists of components.

Owns: one `Style` per kind of site, archive, export or plain text.
Does not know: how a style is written (`layouts_styles`), tables and pages on one line (`layouts_special`).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from training.layouts_forms import cuttings, feeds, posts
from training.layouts_strange import drawn
from training.layouts_styles import RULES, Style, some


def portal(rng: random.Random) -> Style:
    return Style(
        top=[("menu", 1), ("legal", 0.5), ("masthead", 0.5), ("weather", 0.3)], before=some(rng, "kicker crumb date", 0, 2),
        after=some(rng, "byline date share caption ad length", 1, 4),
        inside=[("ad", 0.12), ("inline_related", rng.choice((0.0, 0.1))), ("caption", rng.choice((0.0, 0.05)))],
        tail=[("tags", 0.6), ("comment_count", 0.5), ("related", 1)], bottom=[("menu", 1), ("rights", 1)],
        gap=rng.choice((0, 0, 1)),
    )  # fmt: skip


def export(rng: random.Random) -> Style:
    """Database export: numbered, tagged fields, dates, a copyright line."""
    gap = rng.choice((0, 1, 1))
    tag = rng.choice(("", "", "TITLE: ", "HEADLINE: ", "HD  ", "Headline: ", "Title: ", "TI   "))
    return Style(
        top=[("search_terms", 0.6), ("contents", 0.2)], before=some(rng, "index source date fields", 1, 4), after=some(rng,
        "fields byline length date source", 0, 3), tail=[("tail_fields", 1), ("rights", 0.8)],
        bottom=[("rights", 0.3)], gap=gap, between=rng.choice((1, 2, 3)),
        rule=rng.choice(("", "", "_" * 40, "-" * 60, "=" * 50)), rule_first=rng.random() < 0.4, title_prefix=tag,
        body_label=rng.choice(("", "", "", "BODY:", "Full text:", "Abstract", "TEXT")),
        lead_prefix=rng.choice(("", "", "", "LP   ", "Full text: ", "TX  ", "BODY: ")), width=rng.choice((0, 0, 0, 72, 80)),
        margin=rng.choice(("", "", "     ")),
    )  # fmt: skip


def newsletter(rng: random.Random) -> Style:
    return Style(
        top=[("masthead", 1), ("greeting", 0.8), ("contents", 0.6)], before=some(rng, "kicker source caption index", 0, 2),
        after=some(rng, "byline meta_line source date", 0, 2), tail=some(rng, "prompt source share byline", 0, 2),
        bottom=[("legals", 1), ("share", 0.5), ("prompt", 0.5)], gap=rng.choice((0, 1, 1)), between=rng.choice((1, 2)),
        rule=rng.choice(RULES), upper=rng.random() < 0.25,
        title_prefix=rng.choice(("", "", "", "{i}. ", "* ", "» ", "• ")),
        title_suffix=rng.choice(("", "", " ({source})", " - {source}")), width=rng.choice((0, 0, 65, 72)),
    )  # fmt: skip


def blog(rng: random.Random) -> Style:
    return Style(
        top=[("masthead", 1), ("menu", 0.5), ("promo", 0.4)], before=some(rng, "date byline kicker split_date", 0, 2),
        after=some(rng, "byline meta_line date comment_count tags", 0, 2), inside=[("ad", rng.choice((0.0, 0.05)))],
        tail=[*some(rng, "byline meta_line tags comment_count share prompt", 1, 3),
        ("comments", rng.choice((0.0, 0.0, 0.7)))], bottom=[("prompts", 0.6), ("related", 0.8), ("menu", 0.5), ("rights",
        0.6)],
        gap=rng.choice((0, 1, 1)), between=rng.choice((0, 1, 2)), title_twice=rng.random() < 0.1,
    )  # fmt: skip


def aggregator(rng: random.Random) -> Style:
    gap = rng.choice((0, 0, 1))
    return Style(
        top=some(rng, "menu masthead promo prompt", 0, 2), before=some(rng, "source ago source date index meta_line", 1, 3),
        after=some(rng, "source ago meta_line share", 0, 2), tail=some(rng, "prompts share prompt comment_count source", 0,
        2),
        gap=gap, between=gap + rng.choice((0, 1, 2)), bottom=[("prompt", 0.5)],
    )  # fmt: skip


def markdown(rng: random.Random) -> Style:
    mark = rng.choice(("# ", "## ", "### ", "**"))
    return Style(
        top=some(rng, "contents menu greeting", 0, 1), after=some(rng, "meta_line byline date source", 0, 2),
        tail=some(rng, "prompt tags source", 0, 1), gap=1, between=rng.choice((0, 1)),
        rule=rng.choice(("", "---", "* * *", "***")),
        title_prefix=mark, title_suffix="**" if mark == "**" else rng.choice(("", "", " #")), width=rng.choice((0, 0, 78)),
        inside=[("inline_related", rng.choice((0.0, 0.05)))],
    )  # fmt: skip


def wrapped(rng: random.Random) -> Style:
    """Hard-wrapped plain text, with or without blank lines, with or without indents."""
    flush = rng.random() < 0.6
    indent = "" if flush else " " * rng.choice((2, 3, 4, 5))
    margin = rng.choice(("", "", "", "  ", "    ")) if flush else ""
    return Style(
        top=some(rng, "masthead greeting contents search_terms", 0, 2), before=some(rng, "date source kicker index byline",
        0, 2), after=some(rng, "byline date source length", 0, 2), tail=some(rng, "rights byline prompt source", 0, 1),
        gap=1 if flush else 0, between=rng.choice((1, 2, 3)), title_gap=1, indent=margin or indent, margin=margin,
        width=rng.choice((58, 60, 64, 65, 68, 70, 72, 75, 76, 78, 80)), rule=rng.choice(RULES), upper=rng.random() < 0.3,
        title_under=rng.choice(("", "", "=", "-")), bottom=some(rng, "legals rights", 0, 1),
    )  # fmt: skip


def bare(rng: random.Random) -> Style:
    gap = rng.choice((0, 0, 0, 1))
    return Style(
        gap=gap,
        between=gap if rng.random() < 0.7 else gap + 1,
        after=some(rng, "byline date", 0, rng.choice((0, 0, 1))),
        upper=rng.random() < 0.1,
    )


def wires(rng: random.Random) -> Style:
    """Wire slugs and mailing lists: catch lines, times, an end mark."""
    return Style(
        top=some(rng, "masthead greeting index", 0, 1), before=some(rng, "index kicker meta_line fields date", 1, 3),
        after=some(rng, "byline date", 0, 1), tail=some(rng, "prompt meta_line tail_fields source byline", 1, 2),
        gap=rng.choice((0, 1)),
        between=rng.choice((1, 2)), rule=rng.choice(RULES), width=rng.choice((0, 69, 72)),
        indent=rng.choice(("", "   ", "\t")), upper=rng.random() < 0.4,
    )  # fmt: skip


def theme(rng: random.Random) -> Style:
    """A blog theme that prints the title twice around its date, with prompts below each post."""
    return Style(
        top=[("prompt", 1)], before=[("kicker", 1)], title_twice=True, after=[("promo", 0.9), ("caption", 0.3)],
        inside=[("ad", rng.choice((0.15, 0.3))), ("caption", 0.04)], tail=[("prompts", 1), ("legals", 0.4),
        ("comments", 0.2)],
        bottom=[("related", 0.7)], gap=rng.choice((0, 1, 1)),
    )  # fmt: skip


def reader(rng: random.Random) -> Style:
    return Style(
        top=[("source", 0.3)],
        before=some(rng, "source kicker", 0, 1),
        after=some(rng, "byline date caption length meta_line", 1, 3),
        inside=[("caption", 0.08)],
        tail=some(rng, "bio tags rights", 0, 1),
        gap=rng.choice((0, 1, 2)),
        between=rng.choice((1, 3)),
    )


def extract(rng: random.Random) -> Style:
    """Text of a crawled page: cookie banner, menu word by word, lists of headlines."""
    return Style(
        top=[("prompt", 1), ("legals", 0.8), ("menu", 1), ("share", 0.3)], after=some(rng, "byline date share caption", 2,
        4), inside=[("inline_related", 0.1), ("ad", 0.1)], tail=[("tags", 0.8), ("comment_count", 0.7), ("related", 0.9)],
        bottom=[("menu", 0.8), ("rights", 0.8)], gap=0, between=0,
    )  # fmt: skip


def numbered(rng: random.Random) -> Style:
    return Style(
        top=some(rng, "masthead contents greeting", 0, 2),
        after=some(rng, "source byline meta_line", 0, 2),
        tail=some(rng, "source prompt", 0, 1),
        title_prefix=rng.choice(("{i}. ", "{i}) ", "({i}) ", "[{i}] ", "No. {i}: ")),
        gap=rng.choice((0, 1)),
        between=1,
    )


def suffixed(rng: random.Random) -> Style:
    return Style(
        top=some(rng, "masthead menu", 0, 1),
        title_suffix=rng.choice((" | {source}", " - {source}", " ({source})", " ({date})", " — {source}, {date}", " / {author}")),
        gap=rng.choice((0, 1)),
        between=1,
        after=some(rng, "date byline", 0, 1),
        tail=some(rng, "prompt", 0, 1),
    )


def untitled(rng: random.Random) -> Style:
    return Style(
        title=False,
        before=some(rng, "index date source byline meta_line", 1, 3),
        gap=rng.choice((0, 1)),
        between=rng.choice((1, 2)),
        rule=rng.choice(RULES),
        rule_first=rng.random() < 0.5,
        tail=some(rng, "prompt comment_count", 0, 1),
    )


def forum(rng: random.Random) -> Style:
    return Style(
        top=[("menu", 0.6), ("crumb", 1)],
        before=some(rng, "index byline date meta_line", 1, 3),
        after=some(rng, "byline date", 0, 1),
        tail=[("comments", 0.8), ("prompts", 0.6)],
        gap=rng.choice((0, 1)),
        between=1,
        bottom=[("prompts", 1), ("legals", 0.5)],
    )


def gallery(rng: random.Random) -> Style:
    return Style(
        top=[("menu", 0.5)],
        before=[("kicker", 0.5), ("caption", rng.choice((0.0, 0.6)))],
        after=[("caption", 1), ("byline", 0.5)],
        inside=[("caption", rng.choice((0.1, 0.25)))],
        tail=[("share", 0.6), ("related", 0.4)],
        gap=rng.choice((0, 1)),
        between=1,
    )


FAMILIES: dict[str, Callable[[random.Random], Style]] = {
    f.__name__: f
    for f in (
        aggregator,
        bare,
        blog,
        export,
        extract,
        forum,
        gallery,
        markdown,
        newsletter,
        numbered,
        portal,
        reader,
        suffixed,
        theme,
        untitled,
        wires,
        wrapped,
        cuttings,
        posts,
        feeds,
        drawn,
    )
}
