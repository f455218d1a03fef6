"""What stands around an article: bylines, dates, share bars, captions, comments, menus.

Owns: one small writer per component; each writes lines with their role.
Does not know: which components a layout uses and in which order (`layouts_styles`).
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
        assert isinstance(choice, int)  # noqa: S101 — narrowing; drawn one line above
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
    d.line((s, f"- {s}", f"Source: {s}", f"{s}:", f"[{s}]", s.upper(), f"({s})", f"From {s}", f"via {s}")[d.pick("source", 9)], "meta")


def date(d: Desk) -> None:
    t = d.story.date
    ways = (t, t, t, f"Published {t}", f"Posted on {t}", f"Updated: {t}", f"Date: {t}", f"PUBLISHED: {t}", f"({t})", f"{t} - {d.story.source}", f"First published on {t}")
    d.line(ways[d.pick("date", len(ways))], "meta")


def split_date(d: Desk) -> None:
    d.line(d.label("published", ["Published", "Posted", "Updated", "Date"], 0.1), "meta")
    d.line(d.label("on", ["on", "On", "at", ":"], 0.0), "meta")
    if d.pick("split", 2):
        d.line(d.story.date, "meta")


def ago(d: Desk) -> None:
    t = p.ago(d.rng)
    d.line((t, t, f"Published {t}", f"{t} • {d.rng.randint(2, 9)} min read", f"{d.story.source} · {t}", f"{d.story.source} - {t}")[d.pick("ago", 6)], "meta")


def byline(d: Desk) -> None:
    a, s, t = d.story.author, d.story.source, d.story.date
    ways = (
        f"By {a}", f"By {a}", f"by {a}", f"BY {a.upper()}", a, f"By {a}, {s}", f"By {a} in London", f"{a} | {s}", f"By {a} on {t}", f"Posted by {a}",
        f"Posted by {a} in {d.story.section}, {d.rng.randint(0, 60)} comments", f"Written by {a}", f"{a}, {s}", f"{a} {p.invented(d.rng, 1).lower()}@example.com",
        f"By {a} | {t}", f"By {a} and agencies", f"{t} by {a}", f"{a} {t}", f"Posted on {t} by {a}", f"Filed by {a}", f"{a} reports", f"From {a} in Rome",
    )  # fmt: skip
    d.line(ways[d.pick("byline", len(ways))], "meta")


def role_line(d: Desk) -> None:
    d.line(d.rng.choice(("Staff writer", "Political editor", "Business correspondent", "Senior reporter", "Contributor", "Opinion columnist")), "meta")


def meta_line(d: Desk) -> None:
    s = d.story
    sep = (" | ", " - ", " • ", ", ", " / ", " — ", "  ", " :: ")[d.pick("sep", 8)]
    bits = [s.source, s.date, f"By {s.author}", s.section, f"{d.rng.randint(0, 99)} comments", f"{d.rng.randint(2, 9)} min read", f"{d.rng.randint(100, 1400)} words", p.ago(d.rng)]
    order = d.once("meta order", lambda: d.rng.sample(range(8), d.rng.choice((2, 3, 3, 4))))
    assert isinstance(order, list)  # noqa: S101 — narrowing
    d.line(sep.join(bits[k] for k in order), "meta", prefix=("", "", "(", "[", "— ")[d.pick("meta mark", 5)])


def index(d: Desk) -> None:
    i, n = d.number + 1, len(d.stories)
    ways = (f"{i} of {n} DOCUMENTS", f"Document {i} of {n}", f"{i}.", f"[{i}/{n}]", f"Story {i}", f"#{i}", f"Item {i} of {n}", f"({i})", f"Article {i}", f"Record {i}", f"Page {i}", f"{i}")
    way = d.pick("index", len(ways))
    indent = " " * (int(str(d.once("indent", lambda: d.rng.choice((0, 0, 20, 28))))))
    d.line(ways[way], "furniture", prefix=indent)


def length(d: Desk) -> None:
    n = sum(len(t.split()) for t in d.story.paragraphs)
    d.line((f"LENGTH: {n} words", f"{max(1, n // 200)} min read", f"{n} words", f"({n} words)", f"Word count: {n}", f"Reading time: {max(1, n // 200)} minutes")[d.pick("length", 6)], "meta")


def fields(d: Desk) -> None:
    """Write a few tagged fields as databases export them."""
    s = d.story
    all_tags = (
        ("BYLINE", s.author), ("SECTION", f"{s.section.upper()}; Pg. {d.rng.randint(1, 40)}"), ("LENGTH", f"{d.rng.randint(120, 1500)} words"), ("DATELINE", "LONDON"),
        ("Publication", s.source), ("Date", s.date), ("Author", s.author), ("Language", "English"), ("Pages", str(d.rng.randint(1, 60))), ("Edition", "First"),
        ("SE", s.section), ("WC", f"{d.rng.randint(120, 1500)} words"), ("PD", s.date), ("SN", s.source), ("SC", p.invented(d.rng, 1).upper()), ("LA", "English"), ("BY", s.author),
        ("ISSN", f"{d.rng.randint(1000, 9999)}-{d.rng.randint(1000, 9999)}"), ("Document type", "News"), ("ID", str(d.rng.randint(10**6, 10**9))), ("Place", "United Kingdom"),
        ("URL", f"https://www.example.com/{p.invented(d.rng, 1).lower()}/{d.rng.randint(1000, 99999)}"), ("Category", s.section), ("Source", s.source), ("Tags", ", ".join(d.rng.sample(p.TAGS, 3))),
    )  # fmt: skip
    order = d.once("fields", lambda: d.rng.sample(range(len(all_tags)), d.rng.randint(2, 7)))
    assert isinstance(order, list)  # noqa: S101 — narrowing
    colon = (": ", ":", "   ", ": ", "\t", " = ", ":  ")[d.pick("colon", 7)]
    for k in order:
        tag, value = all_tags[k]
        d.line(f"{tag}{colon}{value}", "meta")


def tail_fields(d: Desk) -> None:
    s = d.story
    ways = (f"LOAD-DATE: {s.date}", "LANGUAGE: ENGLISH", "PUBLICATION-TYPE: Newspaper", f"SUBJECT: {', '.join(d.rng.sample(p.TAGS, 4)).upper()}", f"Document {p.invented(d.rng, 1).upper()}{d.rng.randint(10**6, 10**8)}",
            f"AN  {p.invented(d.rng, 1)[:3]}00{d.rng.randint(10**4, 10**6)}", "GEOGRAPHIC: ENGLAND (79%)", f"Subject: {'; '.join(d.rng.sample(p.TAGS, 3))}", f"Publication date: {s.date}", "Copyright: Copyright the publisher", f"Last updated: {s.date}")  # fmt: skip
    order = d.once("tail fields", lambda: d.rng.sample(range(len(ways)), d.rng.randint(1, 5)))
    assert isinstance(order, list)  # noqa: S101 — narrowing
    for k in order:
        d.line(ways[k], "meta")


def share(d: Desk) -> None:
    labels = d.once("share", lambda: [p.phrase(d.rng, p.SHARE) for _ in range(d.rng.randint(1, 6))])
    assert isinstance(labels, list)  # noqa: S101 — narrowing
    if d.pick("share", 2):
        d.line((" ", " | ", " · ", "  ")[d.pick("share sep", 4)].join(labels))
    else:
        d.lines(labels)


def crumb(d: Desk) -> None:
    sep = (" > ", " » ", " / ", " › ")[d.pick("crumb", 4)]
    d.line(sep.join(["Home", d.story.section, *([d.story.title] if d.pick("crumb title", 3) == 2 else [])]))


def caption(d: Desk) -> None:
    """Write a caption: alone, with its credit, or doubled as alt text and caption."""
    credit = d.rng.choice(p.PHOTO)
    words = d.rng.choice(d.story.paragraphs).split()
    text = " ".join(words[: d.rng.randint(5, 18)]).strip(" .,;:“”\"")
    way = d.pick("caption", 6)
    if way == 0:
        d.lines([text, f"{text} © {credit}"], "caption")
    elif way == 1:
        d.lines([f"{text}. Photograph: {p.person(d.rng)}/{credit}"], "caption")
    elif way == 2:
        d.lines([text], "caption")
        d.lines([f"Photo: {credit}" if d.pick("credit", 2) else f"{p.person(d.rng)}/{credit}"], "credit")
    elif way == 3:
        d.lines([f"{text} ({credit})"], "caption")
    elif way == 4:
        d.lines([text, text], "caption")
        d.lines([credit], "credit")
    else:
        d.lines([f"{('Image', 'Photo', 'File', 'Picture')[d.pick('image', 4)]}: {text}"], "caption")


def ad(d: Desk) -> None:
    d.line(d.label("ad", p.ADS))


def promo(d: Desk) -> None:
    d.line(d.label("promo", p.ADS + p.LEGAL, 0.2))


def inline_related(d: Desk) -> None:
    head = d.rng.choice(d.headlines)
    mark = d.label("inline related", ["Read more", "Related", "See also", "READ MORE", "More on this", "Also read"], 0.1)
    if d.pick("inline related", 2):
        d.line(f"{mark}: {head}")
    else:
        d.lines([mark, head])


def related(d: Desk) -> None:
    """Write a list of other headlines, sometimes with dates, sources or bullets."""
    label = d.label("related", p.RELATED)
    way = d.pick("related", 6)
    heads = d.rng.sample(d.headlines, min(len(d.headlines), d.rng.randint(2, 7)))
    d.line(label)
    for k, head in enumerate(heads):
        if way == 4:
            head = f"{k + 1}. {head}"
        elif way == 5:
            head = f"{head} {p.ago(d.rng)}"
        d.sheet.line(head, prefix=("", "", "- ", "• ", "", "")[way])
        if way == 1:
            d.sheet.line(p.ago(d.rng) if d.rng.random() < 0.5 else p.date(d.rng, d.pick("related date", 12))[0])
        if d.pick("related gap", 2):
            d.sheet.raw("\n" * d.gap)
    d.sheet.raw("\n" * d.gap)


def tags(d: Desk) -> None:
    names = d.rng.sample(p.TAGS, d.rng.randint(2, 5))
    way = d.pick("tags", 4)
    if way == 0:
        d.line(f"{d.label('tags', ['Tags', 'Topics', 'Filed under', 'Keywords', 'Categories'], 0.1)}: {', '.join(names)}", "meta")
    elif way == 1:
        d.line(d.label("tags", ["Topics", "Tags", "Hashtags", "More on"], 0.1))
        d.line(" / ".join(n.capitalize() for n in names))
    elif way == 2:
        d.lines(["#" + n.replace(" ", "") for n in names])
    else:
        d.lines([n.title() for n in names])


def prompt(d: Desk) -> None:
    d.line(d.label("prompt", p.PROMPTS))


def prompts(d: Desk) -> None:
    labels = d.once("prompts", lambda: [p.phrase(d.rng, p.PROMPTS) for _ in range(d.rng.randint(2, 4))])
    assert isinstance(labels, list)  # noqa: S101 — narrowing
    d.lines(labels, blank=d.pick("prompts", 2) == 1)


def comment_count(d: Desk) -> None:
    n = d.rng.randint(0, 900)
    d.line((f"{n} comments", f"Comments ({n})", f"{n} Comments", f"{n} replies | {n * 7} views", f"Comments: {n}")[d.pick("count", 5)])


def comments(d: Desk) -> None:
    """Write what readers said: sentences that belong to no article."""
    comment_count(d)
    for _ in range(d.rng.randint(1, 4)):
        name = d.rng.choice((p.person(d.rng), p.invented(d.rng, 1) + str(d.rng.randint(1, 99))))
        d.sheet.line((f"{name} says:", name, f"{name} wrote:", f"{name}  {p.ago(d.rng)}")[d.pick("says", 4)])
        if d.pick("comment date", 2):
            d.sheet.line(p.date(d.rng, d.pick("cdate", 12))[0])
        d.sheet.line(d.rng.choice(p.COMMENTS))
        if d.pick("reply", 2):
            d.sheet.line("Reply")
        d.sheet.raw("\n" * d.gap)


def rights(d: Desk) -> None:
    year, s = d.rng.randint(2000, 2025), d.story.source
    d.line((f"Copyright {year} {s}. All Rights Reserved", f"© {year} {s}", f"(c) {year} {s}. {p.LEGAL[0]}", f"© {s} {year}. {p.LEGAL[1]}")[d.pick("rights", 4)])


def legal(d: Desk) -> None:
    d.line(d.label("legal", p.LEGAL, 0.05))


def legals(d: Desk) -> None:
    d.lines(d.rng.sample(p.LEGAL, d.rng.randint(1, 4)))


def bio(d: Desk) -> None:
    d.line(f"{d.story.author} {('is a reporter for', 'writes about politics for', 'covers business at')[d.pick('bio', 3)]} {d.story.source}.", "meta")


def menu(d: Desk) -> None:
    """Write a navigation menu: down the page, across it, or in columns."""
    n, way = d.rng.randint(3, 24), d.rng.randrange(4)
    labels = [p.phrase(d.rng, p.NAV, 0.25) for _ in range(n)]
    if way == 0:
        d.lines(labels)
    elif way == 1:
        d.line(d.rng.choice((" ", " | ", " · ", "  ")).join(labels))
    elif way == 2:
        d.lines(["".join(w.ljust(22) for w in labels[k : k + 4]).rstrip() for k in range(0, n, 4)])
    else:
        d.lines([f"{d.rng.choice(('*', '-', '+', '•'))} {w}" for w in labels])


def masthead(d: Desk) -> None:
    d.line(d.story.source if d.pick("mast", 2) else d.label("masthead", p.OUTLETS))
    if d.pick("mast date", 2):
        d.line(p.date(d.rng, d.pick("mast style", 12))[0], "meta")


def search_terms(d: Desk) -> None:
    """Write what a database puts on top of an export."""
    d.lines([f"{len(d.stories)} results", f"Search: {d.rng.choice(p.TAGS)} AND {d.rng.choice(p.TAGS)}", f"Time of Request: {p.date(d.rng, 2)[0]}", f"Download Request: Select Items: 1-{len(d.stories)}"][: d.rng.randint(1, 4)])


def contents(d: Desk) -> None:
    """Write a table of contents: the headlines of the articles that follow."""
    d.line(d.label("contents", p.RELATED))
    way = d.pick("contents", 5)
    for k, s in enumerate(d.stories):
        d.sheet.line(s.title, prefix=("", f"{k + 1}. ", "- ", "• ", "")[way], suffix=("", "", "", "", f" {'.' * 6} {k + 1}")[way])
    d.sheet.raw("\n" * max(1, d.gap))


def greeting(d: Desk) -> None:
    """Write an editor's note: running text on top that is no article."""
    d.lines(d.rng.sample((
        "Good morning.", "Good morning, and welcome to your daily round-up of what matters.", "Here is what you need to know today.", "Happy Friday! We made it.",
        "Was this email forwarded to you? Sign up here.", "Having trouble reading this email? View it in your browser.", "Thank you for reading. Write to us with your views and suggestions.",
        "Today's edition was put together by the night desk. Tell us what you think of it by replying to this message.", "Your press cuttings for today follow below.",
    ), d.rng.randint(1, 3)), blank=d.gap > 0)  # fmt: skip


def weather(d: Desk) -> None:
    d.line(f"{d.rng.choice(('London', 'Boston', 'Leeds', 'Austin'))} {d.rng.randint(-5, 33)}°C {d.rng.choice(('Sunny', 'Cloudy', 'Rain'))}")


def teaser(d: Desk) -> None:
    """Write another article's headline and the beginning of an invented summary, cut short."""
    d.line(d.rng.choice(d.headlines))
    words = d.rng.choice(d.rng.choice(d.stories).paragraphs).split()
    d.line(" ".join(words[: d.rng.randint(8, 22)]).rstrip(".,;") + d.rng.choice(("...", "…", " [...]")))


COMPONENTS: dict[str, Callable[[Desk], None]] = {
    name: thing for name, thing in list(globals().items()) if callable(thing) and getattr(thing, "__module__", "") == __name__ and name[0].islower()
}
