"""Layouts as lists of components: how one site, archive or export sets its articles.

Owns: `Style`, the engine that writes a page in a style.
Does not know: the components (`layouts_parts`, `layouts_around`), the named layouts (`layouts_families`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from training.layouts_around import COMPONENTS
from training.layouts_parts import Desk
from training.layouts_sheet import Sheet, Story

#: Further components by name; `layouts_strange` enters them.
STRANGE: dict[str, Callable[[Desk], None]] = {}
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
    #: Written between the first and the second paragraph.
    second_label: str = ""
    #: Stands between headline and first paragraph on the same line ("": they have lines of their own).
    glue: str = ""
    #: Blank lines after the title; -1: as everywhere.
    title_gap: int = -1
    gold_source: bool = False


def write_page(sheet: Sheet, stories: list[Story], headlines: list[str], style: Style, rng: random.Random) -> None:
    """Write a page of `stories` in `style`."""
    desk = Desk(sheet, rng, stories, headlines, style.gap)
    sheet.width = style.width
    write_plan(desk, style.top)
    for i, story in enumerate(stories):
        desk.number, desk.story = i, story
        if i or style.rule_first:
            sheet.raw("\n" * style.between)
            if style.rule:
                sheet.line(style.rule)
                sheet.raw("\n" * min(style.gap, style.between))
        _article(desk, style)
    desk.article = -1
    write_plan(desk, style.bottom)


def _article(d: Desk, style: Style) -> None:
    story, sheet = d.story, d.sheet
    d.article = sheet.open(story, source=style.gold_source)
    names = [name for name, _ in (*style.before, *style.after)]
    if "date" in names or "fields" in names:
        sheet.gold[d.article]["published"] = story.iso if "date" in names else None
    if "source" in names:
        sheet.gold[d.article]["source"] = story.source
    write_plan(d, style.before)
    if style.title:
        if style.title_twice:
            d.line(story.title.upper() if style.upper else story.title, "furniture")
            write_plan(d, [("split_date", 1.0 if d.pick("twice date", 2) else 0.0)])
        if style.upper:
            story.title = story.title.upper()
            sheet.gold[d.article]["title"] = story.title
        fill = {"i": d.number + 1, "source": story.source, "date": story.date, "author": story.author}
        prefix, suffix = style.title_prefix.format(**fill), style.title_suffix.format(**fill)
        if style.glue:
            _glued(d, style, prefix)
            return
        sheet.line(story.title, "title", d.article, prefix=prefix, suffix=suffix)
        if style.title_under:
            sheet.line(style.title_under * len(story.title))
        sheet.raw("\n" * (d.gap if style.title_gap < 0 else style.title_gap))
    elif "title" in sheet.gold[d.article]:
        sheet.gold[d.article]["title"] = ""
    write_plan(d, style.after)
    if style.body_label:
        d.line(style.body_label)
    _text(d, style, 0)


def _text(d: Desk, style: Style, begin: int) -> None:
    """Write the paragraphs from number `begin` on, and what follows them."""
    last = len(d.story.paragraphs) - 1
    for k, text in enumerate(d.story.paragraphs[begin:], begin):
        d.sheet.margin = style.margin
        d.line(text, "body", prefix=style.lead_prefix if k == 0 and style.lead_prefix else style.indent)
        d.sheet.margin = ""
        if k == 0 and last and style.second_label:
            d.line(style.second_label)
        if k < last:
            write_plan(d, style.inside)
    write_plan(d, style.tail)


def _glued(d: Desk, style: Style, prefix: str) -> None:
    """Write headline and first paragraph on one line, then the rest."""
    width, d.sheet.width = d.sheet.width, 0
    d.sheet.put(prefix, "mark body")
    d.sheet.part(d.story.title, "title", d.article)
    d.sheet.put(style.glue, "mark body") if style.glue.strip() else d.sheet.raw(style.glue)
    d.line(d.story.paragraphs[0], "body")
    d.sheet.width = width
    _text(d, style, 1)


def write_plan(d: Desk, plan: Plan) -> None:
    for name, chance in plan:
        if chance >= 1 or d.rng.random() < chance:
            (COMPONENTS.get(name) or STRANGE[name])(d)


def some(rng: random.Random, names: str, low: int, high: int) -> Plan:
    """Return up to `high` of the named components in random order, most of them certain."""
    pool = names.split()
    picked = rng.sample(pool, min(len(pool), rng.randint(low, high)))
    return [(name, rng.choice((1.0, 1.0, 1.0, 0.8, 0.5))) for name in picked]


RULES = (
    "",
    "",
    "",
    "-----",
    "-" * 40,
    "=" * 60,
    "* * *",
    "***",
    "_" * 30,
    "§",
    "###",
    "~~~~~~~~",
    "• • •",
    "+++",
    "- - -",
    "#####",
    "ooo",
    "<<>>",
    "—",
)
