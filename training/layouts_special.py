"""Layouts that are no list of components: tables, articles glued to their headlines, pages on one line.

Owns: writers with the signature (sheet, stories, headlines, rng).
Does not know: the ordinary layouts but as building blocks (`layouts_styles`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

from training import layouts_phrases as p
from training.layouts_families import FAMILIES
from training.layouts_forms import fronts, items
from training.layouts_series import letters, live
from training.layouts_sheet import Sheet, Story
from training.layouts_strange import drawn
from training.layouts_styles import write_page
from training.layouts_web import web

Writer = Callable[[Sheet, list[Story], list[str], random.Random], None]


def squeeze(stories: list[Story]) -> None:
    """Put each story's paragraphs on one line, as feeds do."""
    for story in stories:
        story.paragraphs = [" ".join(story.paragraphs)]


def glued(sheet: Sheet, stories: list[Story], _headlines: list[str], rng: random.Random) -> None:
    """Headline and text on one line, with a mark between them or only a space."""
    between = rng.choice((" ", " ", " ", ". ", " - ", ": ", " — ", " | ", "\t", "  ", " – ", "** "))
    before = rng.choice(("", "", "", "{n}. ", "• ", "* ", "- ", "[{n}] ", "{source}: ", "{date} ", "** "))
    gap = rng.choice((0, 0, 1, 1, 2))
    if rng.random() < 0.4:
        sheet.line(rng.choice(p.OUTLETS) if rng.random() < 0.5 else p.phrase(rng, p.RELATED))
        sheet.raw("\n" * gap)
    if rng.random() < 0.7:
        squeeze(stories)
    trailer = rng.choice(("", "", "", " ({source})", " Read more", " [{source}, {date}]"))
    for n, story in enumerate(stories, 1):
        article = sheet.open(story)
        fill = {"n": n, "source": story.source, "date": story.date}
        sheet.put(before.format(**fill), "mark body")
        sheet.part(story.title, "title", article)
        sheet.put(between, "mark body") if between.strip() else sheet.raw(between)
        sheet.part(story.paragraphs[0], "body", article)
        if len(story.paragraphs) == 1:
            sheet.put(trailer.format(**fill), "mark body")
        sheet.raw("\n" * (gap + 1))
        for text in story.paragraphs[1:]:
            sheet.line(text, "body", article)
            sheet.raw("\n" * gap)


def table(sheet: Sheet, stories: list[Story], _headlines: list[str], rng: random.Random) -> None:
    """One article a row."""
    sep, quote = rng.choice((("\t", ""), (" | ", ""), (",", '"'), (";", '"'), ("|", ""), ("\t", '"')))
    names = rng.sample(("id", "date", "source", "section", "author"), rng.randint(0, 3))
    head = [*names, "title", "text"]
    if rng.random() < 0.7:
        sheet.line(sep.join(head))
    squeeze(stories)
    for n, story in enumerate(stories, 1):
        article = sheet.open(story, source="source" in names)
        cells = {
            "id": str(n),
            "date": story.date.replace(",", ""),
            "source": story.source,
            "section": story.section,
            "author": story.author,
        }
        for name in names:
            sheet.put(cells[name] + sep, "mark body")
        sheet.put(quote, "mark body")
        sheet.part(story.title, "title", article)
        sheet.put(f"{quote}{sep}{quote}", "mark body") if (quote + sep).strip() else sheet.raw(sep)
        sheet.part(story.paragraphs[0], "body", article)
        sheet.put(quote, "mark body")
        sheet.raw("\n")


def records(sheet: Sheet, stories: list[Story], _headlines: list[str], rng: random.Random) -> None:
    """Key and value on each line, as a script dumps them."""
    squeeze(stories)
    keys = rng.choice((("title", "text"), ("headline", "body"), ("Title", "Content"), ("TITLE", "TEXT")))
    way = rng.randrange(3)
    rule = rng.choice(("", "---", "{", "=" * 20))
    for story in stories:
        article = sheet.open(story, source=True)
        if rule:
            sheet.line(rule)
        for key, value in rng.sample(
            (("date", story.date), ("source", story.source), ("author", story.author), ("url", "https://example.com/a")), 2
        ):
            sheet.line((f"{key}: {value}", f'"{key}": "{value}",', f"{key} = {value}")[way], "meta")
        for key, value, role in ((keys[0], story.title, "title"), (keys[1], story.paragraphs[0], "body")):
            sheet.line(value, role, article, prefix=(f"{key}: ", f'"{key}": "', f"{key} = ")[way], suffix=("", '",', "")[way])
        sheet.raw("\n" * rng.choice((0, 1)) if not rule else "")


def teasers(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
    """Teasers on top, the full text below."""
    sheet.line(p.phrase(rng, p.RELATED))
    gap = rng.choice((0, 1))
    for story in stories:
        sheet.line(story.title, "furniture")
        sheet.raw("\n" * gap)
        words = story.paragraphs[0].split()
        sheet.line(" ".join(words[: rng.randint(12, 40)]).rstrip(".,;") + rng.choice(("...", "…", "")), "furniture")
        if gap:
            sheet.line(p.phrase(rng, p.PROMPTS))
        sheet.raw("\n" * gap)
    write_page(sheet, stories, headlines, FAMILIES[rng.choice(("portal", "blog", "bare", "newsletter"))](rng), rng)


def oneline(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
    """Everything on one line. (The caller replaces line breaks by spaces, which keeps every span.)"""
    style = FAMILIES["bare"](rng)
    style.gap = style.between = 0
    if rng.random() < 0.3:
        style = FAMILIES[rng.choice(("reader", "blog", "portal", "aggregator"))](rng)
        style.gap = style.between = 0
    write_page(sheet, stories, headlines, style, rng)


def write_drawn(
    sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random, *, squeezed: bool, avoid: Collection[str]
) -> None:
    """Write a page in a layout drawn by lot that has no trait of the layouts in `avoid`."""
    if squeezed:
        squeeze(stories)
    write_page(sheet, stories, headlines, drawn(rng, avoid), rng)


def _squeezed(name: str) -> Writer:
    def write(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
        squeeze(stories)
        write_page(sheet, stories, headlines, FAMILIES[name](rng), rng)

    write.__doc__ = f"The {name} layout with each article's text on one line."
    return write


def _styled(name: str) -> Writer:
    def write(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
        write_page(sheet, stories, headlines, FAMILIES[name](rng), rng)

    write.__doc__ = FAMILIES[name].__doc__
    return write


#: Every layout by name.
LAYOUTS: dict[str, Writer] = {
    **{name: _styled(name) for name in FAMILIES},
    **{
        f"{name}_squeezed": _squeezed(name)
        for name in ("aggregator", "bare", "newsletter", "numbered", "drawn", "suffixed", "export")
    },
    **{f.__name__: f for f in (glued, table, records, teasers, letters, live, oneline, web, fronts, items)},
}
