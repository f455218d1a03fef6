"""What stands in the head of an article: section, source, date, byline, fields of a database.

Owns: the `Desk` a component writes at; one small writer per component of the head, each writes lines with their role.
Does not know: the components elsewhere on a page (`layouts_around`), their order (`layouts_styles`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from training import layouts_phrases as p
from training.layouts_sheet import Sheet, Story


@dataclass(slots=True)
class Desk:
    """What a component may look at while it writes."""

    sheet: Sheet
    rng: random.Random
    stories: list[Story]
    #: Headlines that may stand in lists of related articles.
    headlines: list[str]
    #: Blank lines between lines of the same article.
    gap: int
    #: Drawn once a page, so that a component says the same each time.
    words: dict[str, object] = field(default_factory=dict)
    number: int = 0
    #: The story being written, and its number in the gold.
    story: Story = field(default_factory=lambda: Story("", [], "", "", "", "", ""))
    article: int = -1

    def once(self, key: str, draw: Callable[[], object]) -> object:
        """Return what `key` meant the first time on this page."""
        if key not in self.words:
            self.words[key] = draw()
        return self.words[key]

    def label(self, key: str, pool: tuple[str, ...] | list[str], strange: float = 0.3) -> str:
        """Return the page's phrase for `key`."""
        return str(self.once(key, lambda: p.phrase(self.rng, pool, strange)))

    def pick(self, key: str, n: int) -> int:
        """Return the page's choice among `n` ways of writing `key`."""
        choice = self.once(f"{key}#", lambda: self.rng.randrange(n))
        assert isinstance(choice, int)
        return choice

    def line(self, text: str, role: str = "furniture", *, prefix: str = "", suffix: str = "") -> None:
        """Write a line and the page's blank lines after it."""
        self.sheet.line(text, role, self.article if role in ("title", "body", "optional") else -1, prefix=prefix, suffix=suffix)
        self.sheet.raw("\n" * self.gap)

    def lines(self, texts: list[str], role: str = "furniture", blank: bool = False) -> None:
        """Write lines close together."""
        for text in texts:
            self.sheet.line(text, role)
            if blank:
                self.sheet.raw("\n")
        self.sheet.raw("\n" * self.gap)


def kicker(d: Desk) -> None:
    way, section = d.pick("kicker", 4), d.story.section
    constant = d.label("kicker", p.NAV)
    d.line((section, section.upper(), constant, f"{section} | {constant}")[way], "meta")


def source(d: Desk) -> None:
    s = d.story.source
    d.line(
        (s, f"- {s}", f"Source: {s}", f"{s}:", f"[{s}]", s.upper(), f"({s})", f"From {s}", f"via {s}")[d.pick("source", 9)],
        "meta",
    )


def date(d: Desk) -> None:
    t = d.story.date
    ways = (
        t,
        t,
        t,
        f"Published {t}",
        f"Posted on {t}",
        f"Updated: {t}",
        f"Date: {t}",
        f"PUBLISHED: {t}",
        f"({t})",
        f"{t} - {d.story.source}",
        f"First published on {t}",
    )
    d.line(ways[d.pick("date", len(ways))], "meta")


def split_date(d: Desk) -> None:
    d.line(d.label("published", ["Published", "Posted", "Updated", "Date"], 0.1), "meta")
    d.line(d.label("on", ["on", "On", "at", ":"], 0.0), "meta")
    if d.pick("split", 2):
        d.line(d.story.date, "meta")


def ago(d: Desk) -> None:
    t = p.ago(d.rng)
    d.line(
        (t, t, f"Published {t}", f"{t} • {d.rng.randint(2, 9)} min read", f"{d.story.source} · {t}", f"{d.story.source} - {t}")[
            d.pick("ago", 6)
        ],
        "meta",
    )


def byline(d: Desk) -> None:
    a, s, t = d.story.author, d.story.source, d.story.date
    ways = (
        f"By {a}", f"By {a}", f"by {a}", f"BY {a.upper()}", a, f"By {a}, {s}", f"By {a} in London", f"{a} | {s}",
        f"By {a} on {t}", f"Posted by {a}",
        f"Posted by {a} in {d.story.section}, {d.rng.randint(0, 60)} comments", f"Written by {a}", f"{a}, {s}",
        f"{a} {p.invented(d.rng, 1).lower()}@example.com",
        f"By {a} | {t}", f"By {a} and agencies", f"{t} by {a}", f"{a} {t}", f"Posted on {t} by {a}", f"Filed by {a}",
        f"{a} reports", f"From {a} in Rome",
    )  # fmt: skip
    d.line(ways[d.pick("byline", len(ways))], "meta")


def role_line(d: Desk) -> None:
    d.line(
        d.rng.choice(
            ("Staff writer", "Political editor", "Business correspondent", "Senior reporter", "Contributor", "Opinion columnist")
        ),
        "meta",
    )


def meta_line(d: Desk) -> None:
    s = d.story
    sep = (" | ", " - ", " • ", ", ", " / ", " — ", "  ", " :: ")[d.pick("sep", 8)]
    bits = [
        s.source,
        s.date,
        f"By {s.author}",
        s.section,
        f"{d.rng.randint(0, 99)} comments",
        f"{d.rng.randint(2, 9)} min read",
        f"{d.rng.randint(100, 1400)} words",
        p.ago(d.rng),
    ]
    order = d.once("meta order", lambda: d.rng.sample(range(8), d.rng.choice((2, 3, 3, 4))))
    assert isinstance(order, list)
    d.line(sep.join(bits[k] for k in order), "meta", prefix=("", "", "(", "[", "— ")[d.pick("meta mark", 5)])


def index(d: Desk) -> None:
    i, n = d.number + 1, len(d.stories)
    ways = (
        f"{i} of {n} DOCUMENTS",
        f"Document {i} of {n}",
        f"{i}.",
        f"[{i}/{n}]",
        f"Story {i}",
        f"#{i}",
        f"Item {i} of {n}",
        f"({i})",
        f"Article {i}",
        f"Record {i}",
        f"Page {i}",
        f"{i}",
    )
    way = d.pick("index", len(ways))
    indent = " " * (int(str(d.once("indent", lambda: d.rng.choice((0, 0, 20, 28))))))
    d.line(ways[way], "furniture", prefix=indent)


def length(d: Desk) -> None:
    n = sum(len(t.split()) for t in d.story.paragraphs)
    d.line(
        (
            f"LENGTH: {n} words",
            f"{max(1, n // 200)} min read",
            f"{n} words",
            f"({n} words)",
            f"Word count: {n}",
            f"Reading time: {max(1, n // 200)} minutes",
        )[d.pick("length", 6)],
        "meta",
    )


def fields(d: Desk) -> None:
    """Write a few tagged fields as databases export them."""
    s = d.story
    all_tags = (
        ("BYLINE", s.author), ("SECTION", f"{s.section.upper()}; Pg. {d.rng.randint(1, 40)}"), ("LENGTH",
        f"{d.rng.randint(120, 1500)} words"), ("DATELINE", "LONDON"),
        ("Publication", s.source), ("Date", s.date), ("Author", s.author), ("Language", "English"), ("Pages",
        str(d.rng.randint(1, 60))), ("Edition", "First"),
        ("SE", s.section), ("WC", f"{d.rng.randint(120, 1500)} words"), ("PD", s.date), ("SN", s.source), ("SC",
        p.invented(d.rng, 1).upper()), ("LA", "English"), ("BY", s.author),
        ("ISSN", f"{d.rng.randint(1000, 9999)}-{d.rng.randint(1000, 9999)}"), ("Document type", "News"), ("ID",
        str(d.rng.randint(10**6, 10**9))), ("Place", "United Kingdom"),
        ("URL", f"https://www.example.com/{p.invented(d.rng, 1).lower()}/{d.rng.randint(1000, 99999)}"), ("Category",
        s.section), ("Source", s.source), ("Tags", ", ".join(d.rng.sample(p.TAGS, 3))),
    )  # fmt: skip
    order = d.once("fields", lambda: d.rng.sample(range(len(all_tags)), d.rng.randint(2, 7)))
    assert isinstance(order, list)
    colon = (": ", ":", "   ", ": ", "\t", " = ", ":  ")[d.pick("colon", 7)]
    for k in order:
        tag, value = all_tags[k]
        d.line(f"{tag}{colon}{value}", "meta")


def tail_fields(d: Desk) -> None:
    s = d.story
    ways = (f"LOAD-DATE: {s.date}", "LANGUAGE: ENGLISH", "PUBLICATION-TYPE: Newspaper",
    f"SUBJECT: {', '.join(d.rng.sample(p.TAGS, 4)).upper()}",
    f"Document {p.invented(d.rng, 1).upper()}{d.rng.randint(10**6, 10**8)}",
            f"AN  {p.invented(d.rng, 1)[:3]}00{d.rng.randint(10**4, 10**6)}", "GEOGRAPHIC: ENGLAND (79%)",
            f"Subject: {'; '.join(d.rng.sample(p.TAGS, 3))}", f"Publication date: {s.date}",
            "Copyright: Copyright the publisher", f"Last updated: {s.date}")  # fmt: skip
    order = d.once("tail fields", lambda: d.rng.sample(range(len(ways)), d.rng.randint(1, 5)))
    assert isinstance(order, list)
    for k in order:
        d.line(ways[k], "meta")
