"""Pages of news sites flattened to lines: one article, seldom two or three, among much that is none.

Owns: the page, the head between headline and text, what stands inside the article and ends it.
Does not know: what stands around it (`layouts_web_around`), the wording (`layouts_web_words`).

On real pages up to a dozen short lines part headline and text, a tenth of the articles has strange lines between its
paragraphs, and half of the sentences below the article are adverts, other stories and readers.
"""

from __future__ import annotations

import random

from training import layouts_phrases as p
from training import layouts_web_words as w
from training.layouts_sheet import Sheet, Story
from training.layouts_web_around import PARTS, Around

_FRONT = ("second", "deck", "agency", "byline", "date")

_FIGURES = (
    "{Label} {n}, {Label} {n}", "{Label}: {n}", "{few}", "{Name} {n}-{n} {n}", "{few}: {n}",
    "{Name}, {Name} {n}; {Name} {n}", "About {Label}", "{some}",
)  # fmt: skip


class Site(Around):
    """One page."""

    ABOVE = (
        "menu", "menu", "menu", "menu", "tools", "headlines", "headlines", "pitches", "figures", "blurbs", "house", "poll",
        "tags", "labels", "labels", "labels", "turn",
    )  # fmt: skip
    BELOW = (
        "tools", "tools", "headlines", "headlines", "headlines", "menu", "menu", "blurbs", "blurbs", "pitches", "pitches",
        "house", "house", "readers", "readers", "labels", "turn", "poll", "figures", "tags", "captions",
    )  # fmt: skip

    def __init__(self, sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
        super().__init__(sheet, stories, headlines, rng)
        self.head = self._head_plan()

    def write(self) -> None:
        """Write the page."""
        d, r = self.desk, self.rng
        self._around(r.choice((0, 1, 2, 3, 5, 8)) if self.loose > 0.1 else 0, self.ABOVE)
        for number, story in enumerate(self.main):
            d.number, d.story = number, story
            if number:
                self._around(r.choice((0, 0, 1, 2)), self.ABOVE)
            self._article(story)
            if number < len(self.main) - 1 and r.random() < 0.5:
                self._tools(1, 4)
        d.article = -1
        self._around(r.choice((0, 1, 2, 4, 6, 10)) if self.loose > 0.1 else 0, self.BELOW)

    def _head_plan(self) -> tuple[list[str], list[str]]:
        """Return what stands above and what between headline and text, the same for each article of the page."""
        r = self.rng
        above = [name for name in ("crumb", "section", "date", "tool", "kicker", "turn", "labels") if r.random() < 0.2]
        above += [name for name in ("caption", "byline", "pitch", "list", "agency") if r.random() < 0.04]
        names, chances = zip(
            ("byline", 0.65), ("date", 0.65), ("agency", 0.4), ("deck", 0.3), ("tool", 0.5), ("caption", 0.25), ("list", 0.12),
            ("date", 0.1), ("section", 0.08), ("pitch", 0.06), ("person", 0.06), ("second", 0.07), ("labels", 0.1),
            ("tool", 0.15), strict=True,
        )  # fmt: skip
        between = [name for name, chance in zip(names, chances, strict=True) if r.random() < chance]
        if r.random() < 0.45:
            r.shuffle(between)
        elif r.random() < 0.5:
            between.sort(key=lambda name: ("second", "deck", "agency", "byline", "date").index(name) if name in _FRONT else 9)
        r.shuffle(above)
        return above, [] if r.random() < 0.06 else between

    def _article(self, story: Story) -> None:
        d, r = self.desk, self.rng
        d.article = d.sheet.open(story)
        above, between = self.head
        for name in above:
            self._head_line(name, story)
        short = story.title.split()
        title = " ".join(short[: r.randint(3, 6)]).rstrip(",;:") if len(short) > 5 and r.random() < 0.3 else story.title
        d.sheet.gold[d.article]["title"] = title
        if r.random() < 0.06:
            self._put(r.choice((title, f"{title} - {story.source}", f"{story.source} | {title}")))
        d.line(title, "title")
        for name in between:
            self._head_line(name, story)
        inside = r.choice((0.0, 0.0, 0.0, 0.04, 0.12))
        once = r.randrange(1, len(story.paragraphs)) if len(story.paragraphs) > 1 and r.random() < 0.3 else 0
        self._voice(story)
        for k, text in enumerate(story.paragraphs):
            if k and (k == once or r.random() < inside):
                self._inset(long=k == once)
            d.line(text, "body")
        for _ in range(r.choice((0, 0, 1, 1, 2, 3))):
            self._put(self.say.one(w.ENDS), "meta")

    def _voice(self, story: Story) -> None:
        """Turn some stories into interviews or columns that say "I", which readers' posts resemble; end some in figures."""
        r, roll = self.rng, self.rng.random()
        texts = story.paragraphs
        begin = r.randrange(max(1, len(texts) // 2))
        if roll < 0.05:
            marks = r.choice(
                (("Q: ", "A: "), (f"{r.choice(p.LAST)}: ", f"{r.choice(p.LAST)}: "), ("Me: ", f"{r.choice(p.FIRST)}: "))
            )
            for k in range(begin, len(texts)):
                if k % 2 and r.random() < 0.6:
                    texts[k] = f"{self.say.words(4, 14)}?"
                texts[k] = marks[k % 2] + texts[k][:1].upper() + texts[k][1:]
        elif roll < 0.17:
            for k in range(len(texts)):
                if r.random() < 0.5:
                    said = " ".join(self.say.one(w.OWN) for _ in range(r.randint(1, 3)))
                    texts[k] = f"{said} {texts[k]}" if r.random() < 0.5 else f"{texts[k]} {said}"
        elif roll < 0.22:
            for _ in range(r.randint(2, 12)):
                texts.append(self.say.one(_FIGURES))

    def _head_line(self, name: str, story: Story) -> None:
        r, say = self.rng, self.say
        if name == "tool":
            self._tools(1, 6)
        elif name == "deck":
            words = r.choice(story.paragraphs[: 1 + len(story.paragraphs) // 2]).split()[: r.randint(4, 24)]
            text = " ".join(words).rstrip(".,;:")
            text = text[:1].upper() + text[1:]
            text = text.title() if r.random() < 0.15 else text
            self.desk.line(text + ("." if r.random() < 0.2 else ""), "optional")
        elif name == "second":
            self.desk.line(r.choice(self.headlines), "optional")
        elif name == "caption":
            for _ in range(r.choice((1, 1, 2))):
                self._put(say.one(w.CAPTIONS), "caption")
        elif name == "list":
            self._headlines()
        elif name in ("turn", "labels"):
            PARTS[name](self)
        elif name == "pitch":
            self._put(say.one(w.PITCHES))
        elif name == "crumb":
            steps = ["Home", story.section, say.label(), story.title][r.randrange(2) : r.choice((3, 3, 3, 4))]
            self._put(r.choice((" > ", " » ", " / ", ": ")).join(steps), "meta")
        elif name in ("section", "kicker"):
            self._put(say.label(), "meta")
        else:
            forms = {"byline": w.BYLINES, "date": w.DATES, "agency": w.AGENCIES, "person": ("{Name}", "{NAME}", "{outlet}")}[name]
            said = say.one(forms)
            self._put(said, "meta")

    def _inset(self, *, long: bool) -> None:
        """Write what breaks into an article: a label, a picture, a box of links or of sentences."""
        r, say, d = self.rng, self.say, self.desk
        way = r.random()
        if not long or way < 0.25:
            self._put(r.choice((p.phrase(r, p.ADS), "story continues below", say.one(w.TOOLS), say.one(w.PITCHES))))
        elif way < 0.5:
            self._put(say.one(w.CAPTIONS), "caption")
        elif way < 0.75:
            self._headlines()
        else:
            for _ in range(r.randint(1, 4)):
                self._put(self._title())
                d.lines([say.one(r.choice((w.PITCHES, w.PITCHES, w.TOOLS, p.TAGS))) for _ in range(r.randint(1, 3))])


def web(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
    """Write a page of a news site: its first story or stories, the others as blurbs."""
    Site(sheet, stories, headlines, rng).write()
