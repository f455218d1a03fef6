"""Layouts as lists of components: how one site, archive or export sets its articles.

Owns: `Style`, the engine that writes a page in a style, a style drawn at random, and the named families.
Does not know: the components (`layouts_parts`), pages without lines of their own (`layouts_special`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from training.layouts_parts import COMPONENTS, Desk
from training.layouts_sheet import Sheet, Story

Plan = list[tuple[str, float]]  # components with the chance that an article has them


@dataclass(slots=True)
class Style:
    """One layout. Lists hold (component, chance per article)."""

    top: Plan = field(default_factory=list)
    before: Plan = field(default_factory=list)
    after: Plan = field(default_factory=list)
    #: Written between paragraphs with this chance each.
    inside: Plan = field(default_factory=list)
    tail: Plan = field(default_factory=list)
    bottom: Plan = field(default_factory=list)
    #: Blank lines between lines, and before an article.
    gap: int = 1
    between: int = 1
    #: A line between articles ("" for none), and whether it also stands on top.
    rule: str = ""
    rule_first: bool = False
    width: int = 0
    #: What a paragraph's first line and its other lines begin with.
    indent: str = ""
    margin: str = ""
    title: bool = True
    title_twice: bool = False
    title_prefix: str = ""  # "{i}" becomes the article's number
    title_suffix: str = ""  # "{source}", "{date}" are filled in
    upper: bool = False
    title_under: str = ""  # a character that underlines the title
    lead_prefix: str = ""
    body_label: str = ""
    #: Blank lines after the title; -1: as everywhere.
    title_gap: int = -1
    gold_source: bool = False
    gold_date: str = ""


def write_page(sheet: Sheet, stories: list[Story], headlines: list[str], style: Style, rng: random.Random) -> None:
    """Write a page of `stories` in `style`."""
    desk = Desk(sheet, rng, stories, headlines, style.gap)
    sheet.width = style.width
    _write(desk, style.top)
    for i, story in enumerate(stories):
        desk.number, desk.story = i, story
        if i or style.rule_first:
            sheet.raw("\n" * style.between)
            if style.rule:
                sheet.line(style.rule)
                sheet.raw("\n" * min(style.gap, style.between))
        _article(desk, style)
    desk.article = -1
    _write(desk, style.bottom)


def _article(d: Desk, style: Style) -> None:
    story, sheet = d.story, d.sheet
    d.article = sheet.open(story, source=style.gold_source)
    names = [name for name, _ in (*style.before, *style.after)]
    if "date" in names or "fields" in names:
        sheet.gold[d.article]["published"] = story.iso if "date" in names else None
    if "source" in names:
        sheet.gold[d.article]["source"] = story.source
    _write(d, style.before)
    if style.title:
        if style.title_twice:
            d.line(story.title.upper() if style.upper else story.title, "furniture")
            _write(d, [("split_date", 1.0 if d.pick("twice date", 2) else 0.0)])
        if style.upper:
            story.title = story.title.upper()
            sheet.gold[d.article]["title"] = story.title
        fill = {"i": d.number + 1, "source": story.source, "date": story.date, "author": story.author}
        sheet.line(story.title, "title", d.article, prefix=style.title_prefix.format(**fill), suffix=style.title_suffix.format(**fill))
        if style.title_under:
            sheet.line(style.title_under * len(story.title))
        sheet.raw("\n" * (d.gap if style.title_gap < 0 else style.title_gap))
    elif "title" in sheet.gold[d.article]:
        sheet.gold[d.article]["title"] = ""
    _write(d, style.after)
    if style.body_label:
        d.line(style.body_label)
    last = len(story.paragraphs) - 1
    for k, text in enumerate(story.paragraphs):
        sheet.margin = style.margin
        d.line(text, "body", prefix=style.lead_prefix if k == 0 and style.lead_prefix else style.indent)
        sheet.margin = ""
        if k < last:
            _write(d, style.inside)
    _write(d, style.tail)


def _write(d: Desk, plan: Plan) -> None:
    for name, chance in plan:
        if chance >= 1 or d.rng.random() < chance:
            COMPONENTS[name](d)


def _some(rng: random.Random, names: str, low: int, high: int) -> Plan:
    """Return up to `high` of the named components in random order, most of them certain."""
    pool = names.split()
    picked = rng.sample(pool, min(len(pool), rng.randint(low, high)))
    return [(name, rng.choice((1.0, 1.0, 1.0, 0.8, 0.5))) for name in picked]


BEFORE = "kicker source date ago byline index share crumb caption meta_line ad split_date length fields tags comment_count prompt weather promo"
AFTER = "byline date ago share caption meta_line length fields promo source role_line kicker split_date ad tags comment_count caption crumb prompt"
INSIDE = "ad ad ad inline_related caption promo share prompt teaser"
TAIL = "tags comment_count prompts related comments rights share tail_fields bio legal prompt ad meta_line promo source date byline legals teaser"
TOP = "menu menu masthead search_terms contents greeting weather legals share crumb ad related promo prompt"
BOTTOM = "menu legals rights related prompt share comments legal prompts masthead"
RULES = ("", "", "", "-----", "-" * 40, "=" * 60, "* * *", "***", "_" * 30, "§", "###", "~~~~~~~~", "• • •", "+++", "- - -", "#####", "ooo", "<<>>", "—")


def drawn(rng: random.Random) -> Style:
    """Return a layout no site need have: every choice made by lot."""
    gap = rng.choice((0, 0, 1, 1, 2))
    return Style(
        top=_some(rng, TOP, 0, 5),
        before=_some(rng, BEFORE, 0, 4),
        after=_some(rng, AFTER, 0, 4),
        inside=[(name, rng.choice((0.05, 0.1, 0.3))) for name, _ in _some(rng, INSIDE, 0, 2)],
        tail=_some(rng, TAIL, 0, 4),
        bottom=_some(rng, BOTTOM, 0, 3),
        gap=gap,
        between=rng.choice((0, gap, gap, gap + 1, gap + 2)),
        rule=rng.choice(RULES),
        rule_first=rng.random() < 0.4,
        width=rng.choice((0, 0, 0, 0, 0, 60, 66, 72, 76, 80)),
        title=rng.random() > 0.06,
        title_twice=rng.random() < 0.12,
        title_prefix=rng.choice(("",) * 14 + ("# ", "## ", "{i}. ", "[{i}] ", "* ", "Title: ", "HEADLINE: ", "• ", "» ", "({i}) ", "TI  ", "{i}) ")),
        title_suffix=rng.choice(("",) * 18 + (" | {source}", " - {source}", " ({source})", " ({date})")),
        upper=rng.random() < 0.08,
        title_gap=rng.choice((-1, -1, -1, 0, 1)),
    )


def portal(rng: random.Random) -> Style:
    return Style(
        top=[("menu", 1), ("legal", 0.5), ("masthead", 0.5), ("weather", 0.3)], before=_some(rng, "kicker crumb date", 0, 2), after=_some(rng, "byline date share caption ad length", 1, 4),
        inside=[("ad", 0.12), ("inline_related", rng.choice((0.0, 0.1))), ("caption", rng.choice((0.0, 0.05)))], tail=[("tags", 0.6), ("comment_count", 0.5), ("related", 1)], bottom=[("menu", 1), ("rights", 1)],
        gap=rng.choice((0, 0, 1)),
    )  # fmt: skip


def export(rng: random.Random) -> Style:
    """Database export: numbered, tagged fields, dates, a copyright line."""
    gap = rng.choice((0, 1, 1))
    tag = rng.choice(("", "", "TITLE: ", "HEADLINE: ", "HD  ", "Headline: ", "Title: ", "TI   "))
    return Style(
        top=[("search_terms", 0.6), ("contents", 0.2)], before=_some(rng, "index source date fields", 1, 4), after=_some(rng, "fields byline length date source", 0, 3), tail=[("tail_fields", 1), ("rights", 0.8)],
        bottom=[("rights", 0.3)], gap=gap, between=rng.choice((1, 2, 3)), rule=rng.choice(("", "", "_" * 40, "-" * 60, "=" * 50)), rule_first=rng.random() < 0.4, title_prefix=tag,
        body_label=rng.choice(("", "", "", "BODY:", "Full text:", "Abstract", "TEXT")), lead_prefix=rng.choice(("", "", "", "LP   ", "Full text: ", "TX  ", "BODY: ")), width=rng.choice((0, 0, 0, 72, 80)),
        margin=rng.choice(("", "", "     ")),
    )  # fmt: skip


def newsletter(rng: random.Random) -> Style:
    return Style(
        top=[("masthead", 1), ("greeting", 0.8), ("contents", 0.6)], before=_some(rng, "kicker source caption index", 0, 2), after=_some(rng, "byline meta_line source date", 0, 2), tail=_some(rng, "prompt source share byline", 0, 2),
        bottom=[("legals", 1), ("share", 0.5), ("prompt", 0.5)], gap=rng.choice((0, 1, 1)), between=rng.choice((1, 2)), rule=rng.choice(RULES), upper=rng.random() < 0.25,
        title_prefix=rng.choice(("", "", "", "{i}. ", "* ", "» ", "• ")), title_suffix=rng.choice(("", "", " ({source})", " - {source}")), width=rng.choice((0, 0, 65, 72)),
    )  # fmt: skip


def blog(rng: random.Random) -> Style:
    return Style(
        top=[("masthead", 1), ("menu", 0.5), ("promo", 0.4)], before=_some(rng, "date byline kicker split_date", 0, 2), after=_some(rng, "byline meta_line date comment_count tags", 0, 2), inside=[("ad", rng.choice((0.0, 0.05)))],
        tail=[*_some(rng, "byline meta_line tags comment_count share prompt", 1, 3), ("comments", rng.choice((0.0, 0.0, 0.7)))], bottom=[("prompts", 0.6), ("related", 0.8), ("menu", 0.5), ("rights", 0.6)],
        gap=rng.choice((0, 1, 1)), between=rng.choice((0, 1, 2)), title_twice=rng.random() < 0.1,
    )  # fmt: skip


def aggregator(rng: random.Random) -> Style:
    gap = rng.choice((0, 0, 1))
    return Style(
        top=_some(rng, "menu masthead promo prompt", 0, 2), before=_some(rng, "source ago source date index meta_line", 1, 3), after=_some(rng, "source ago meta_line share", 0, 2), tail=_some(rng, "prompts share prompt comment_count source", 0, 2),
        gap=gap, between=gap + rng.choice((0, 1, 2)), bottom=[("prompt", 0.5)],
    )  # fmt: skip


def markdown(rng: random.Random) -> Style:
    mark = rng.choice(("# ", "## ", "### ", "**"))
    return Style(
        top=_some(rng, "contents menu greeting", 0, 1), after=_some(rng, "meta_line byline date source", 0, 2), tail=_some(rng, "prompt tags source", 0, 1), gap=1, between=rng.choice((0, 1)), rule=rng.choice(("", "---", "* * *", "***")),
        title_prefix=mark, title_suffix="**" if mark == "**" else rng.choice(("", "", " #")), width=rng.choice((0, 0, 78)), inside=[("inline_related", rng.choice((0.0, 0.05)))],
    )  # fmt: skip


def wrapped(rng: random.Random) -> Style:
    """Hard-wrapped plain text, with or without blank lines, with or without indents."""
    flush = rng.random() < 0.6
    indent = "" if flush else " " * rng.choice((2, 3, 4, 5))
    margin = rng.choice(("", "", "", "  ", "    ")) if flush else ""
    return Style(
        top=_some(rng, "masthead greeting contents search_terms", 0, 2), before=_some(rng, "date source kicker index byline", 0, 2), after=_some(rng, "byline date source length", 0, 2), tail=_some(rng, "rights byline prompt source", 0, 1),
        gap=1 if flush else 0, between=rng.choice((1, 2, 3)), title_gap=1, indent=margin or indent, margin=margin, width=rng.choice((58, 60, 64, 65, 68, 70, 72, 75, 76, 78, 80)), rule=rng.choice(RULES), upper=rng.random() < 0.3,
        title_under=rng.choice(("", "", "=", "-")), bottom=_some(rng, "legals rights", 0, 1),
    )  # fmt: skip


def bare(rng: random.Random) -> Style:
    gap = rng.choice((0, 0, 0, 1))
    return Style(gap=gap, between=gap if rng.random() < 0.7 else gap + 1, after=_some(rng, "byline date", 0, rng.choice((0, 0, 1))), upper=rng.random() < 0.1)


def wires(rng: random.Random) -> Style:
    """Wire slugs and mailing lists: catch lines, times, an end mark."""
    return Style(
        top=_some(rng, "masthead greeting index", 0, 1), before=_some(rng, "index kicker meta_line fields date", 1, 3), after=_some(rng, "byline date", 0, 1), tail=_some(rng, "prompt meta_line tail_fields source byline", 1, 2), gap=rng.choice((0, 1)),
        between=rng.choice((1, 2)), rule=rng.choice(RULES), width=rng.choice((0, 69, 72)), indent=rng.choice(("", "   ", "\t")), upper=rng.random() < 0.4,
    )  # fmt: skip


def theme(rng: random.Random) -> Style:
    """A blog theme that prints the title twice around its date, with prompts below each post."""
    return Style(
        top=[("prompt", 1)], before=[("kicker", 1)], title_twice=True, after=[("promo", 0.9), ("caption", 0.3)], inside=[("ad", rng.choice((0.15, 0.3))), ("caption", 0.04)], tail=[("prompts", 1), ("legals", 0.4), ("comments", 0.2)],
        bottom=[("related", 0.7)], gap=rng.choice((0, 1, 1)),
    )  # fmt: skip


def reader(rng: random.Random) -> Style:
    return Style(top=[("source", 0.3)], before=_some(rng, "source kicker", 0, 1), after=_some(rng, "byline date caption length meta_line", 1, 3), inside=[("caption", 0.08)], tail=_some(rng, "bio tags rights", 0, 1), gap=rng.choice((0, 1, 2)), between=rng.choice((1, 3)))


def extract(rng: random.Random) -> Style:
    """Text of a crawled page: cookie banner, menu word by word, lists of headlines."""
    return Style(
        top=[("prompt", 1), ("legals", 0.8), ("menu", 1), ("share", 0.3)], after=_some(rng, "byline date share caption", 2, 4), inside=[("inline_related", 0.1), ("ad", 0.1)], tail=[("tags", 0.8), ("comment_count", 0.7), ("related", 0.9)],
        bottom=[("menu", 0.8), ("rights", 0.8)], gap=0, between=0,
    )  # fmt: skip


def numbered(rng: random.Random) -> Style:
    return Style(top=_some(rng, "masthead contents greeting", 0, 2), after=_some(rng, "source byline meta_line", 0, 2), tail=_some(rng, "source prompt", 0, 1), title_prefix=rng.choice(("{i}. ", "{i}) ", "({i}) ", "[{i}] ", "No. {i}: ")), gap=rng.choice((0, 1)), between=1)


def suffixed(rng: random.Random) -> Style:
    return Style(top=_some(rng, "masthead menu", 0, 1), title_suffix=rng.choice((" | {source}", " - {source}", " ({source})", " ({date})", " — {source}, {date}", " / {author}")), gap=rng.choice((0, 1)), between=1, after=_some(rng, "date byline", 0, 1), tail=_some(rng, "prompt", 0, 1))


def untitled(rng: random.Random) -> Style:
    return Style(title=False, before=_some(rng, "index date source byline meta_line", 1, 3), gap=rng.choice((0, 1)), between=rng.choice((1, 2)), rule=rng.choice(RULES), rule_first=rng.random() < 0.5, tail=_some(rng, "prompt comment_count", 0, 1))


def forum(rng: random.Random) -> Style:
    return Style(top=[("menu", 0.6), ("crumb", 1)], before=_some(rng, "index byline date meta_line", 1, 3), after=_some(rng, "byline date", 0, 1), tail=[("comments", 0.8), ("prompts", 0.6)], gap=rng.choice((0, 1)), between=1, bottom=[("prompts", 1), ("legals", 0.5)])


def gallery(rng: random.Random) -> Style:
    return Style(top=[("menu", 0.5)], before=[("kicker", 0.5), ("caption", rng.choice((0.0, 0.6)))], after=[("caption", 1), ("byline", 0.5)], inside=[("caption", rng.choice((0.1, 0.25)))], tail=[("share", 0.6), ("related", 0.4)], gap=rng.choice((0, 1)), between=1)


FAMILIES: dict[str, Callable[[random.Random], Any]] = {
    f.__name__: f
    for f in (aggregator, bare, blog, export, extract, forum, gallery, markdown, newsletter, numbered, portal, reader, suffixed, theme, untitled, wires, wrapped, drawn)
}
