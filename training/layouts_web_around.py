"""What stands around the article of a news web page: menus, tools, other stories, pitches, house rules, readers.

Owns: what a page draws once, and one writer per kind of part.
Does not know: the article and its head (`layouts_web`), the wording (`layouts_web_words`).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from training import layouts_phrases as p
from training import layouts_web_words as w
from training.layouts_parts import Desk
from training.layouts_sheet import Sheet, Story


class Around:
    """What one page of one site draws once, and the writers of what stands around its article."""

    def __init__(self, sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
        most = rng.choices((1, 2, 3), (86, 9, 5))[0]
        self.main, self.others = stories[:most], stories[most:]
        self.desk = Desk(sheet, rng, stories, headlines, rng.choices((0, 1, 2), (70, 25, 5))[0])
        self.rng, self.headlines = rng, headlines
        self.say = w.Wording(stories, rng)
        self.loose = rng.random()  # how much stands around the article
        self.tools = [self.say.one(w.TOOLS) for _ in range(rng.randint(1, 7))]
        self.mark = rng.choice(("", "", "", "", "- ", "• ", "» ", "* ", "> ", "| "))
        self.section = rng.random() < 0.15  # names the section behind each headline of a list

    def _around(self, parts: int, plan: tuple[str, ...]) -> None:
        for name in self.rng.choices(plan, k=parts):
            PARTS[name](self)

    def _put(self, text: str, role: str = "furniture") -> None:
        self.desk.line(text, role)

    def _tools(self, low: int, high: int) -> None:
        r = self.rng
        picked = [r.choice(self.tools) if r.random() < 0.7 else self.say.one(w.TOOLS) for _ in range(r.randint(low, high))]
        if r.random() < 0.3:
            self._put(r.choice((" | ", " ", "  ", " · ")).join(picked))
        else:
            self.desk.lines(picked)

    def _headline(self) -> str:
        r = self.rng
        text = r.choice(self.headlines)
        if r.random() < 0.3:  # about the same matter: what the article is about, in other words
            text = self.say.words(3, 10)
            text = text[:1].upper() + text[1:] if r.random() < 0.6 else text.title()
        words = text.split()
        if r.random() < 0.4:
            text = " ".join(words[: r.randint(2, 6)]).rstrip(",;:")
        if self.section:
            text = f"{text} {r.choice('([')}{r.choice(p.NAV)}{r.choice(')]')}"
        return text

    def _title(self) -> str:
        return p.phrase(self.rng, p.RELATED, 0.1) if self.rng.random() < 0.5 else self.say.label()

    def _headlines(self) -> None:
        r = self.rng
        if r.random() < 0.8:
            self._put(self._title())
        for _ in range(r.randint(2, 11)):
            self.desk.sheet.line(self._headline(), prefix=self.mark)
            if r.random() < 0.1:
                self.desk.sheet.line(self.say.one(w.DATES))
        self.desk.sheet.raw("\n" * self.desk.gap)

    def _blurb(self) -> str:
        """Return the beginning of another story, or a pitch for one."""
        r = self.rng
        story = r.choice(self.others or self.main)
        text = r.choice(story.paragraphs)
        if r.random() < 0.4:
            return self.say.fill(r.choice(_BLURBS))
        if r.random() < 0.5:
            words = text.split()
            cut = " ".join(words[: r.randint(6, 40)]).rstrip(".,;:")
            return cut + r.choice(("...", "…", ".", "", " More", " ... Read more"))
        stops = text.replace("? ", ". ").split(". ")
        return ". ".join(stops[: r.choice((1, 1, 2, 3))]).rstrip(".") + "."

    def _blurbs(self) -> None:
        """Write other stories: headline, a sentence or two, perhaps a link or a date."""
        r, d = self.rng, self.desk
        if r.random() < 0.7:
            self._put(self._title())
        more, way = self.say.one(w.TOOLS + p.PROMPTS), r.randrange(6)
        for _ in range(r.choice((1, 2, 3, 4, 6, 10))):
            if way != 5:
                d.line(self._headline())
            if way == 1:
                d.line(self.say.one(w.DATES))
            d.line(self._blurb())
            if way == 2:
                d.line(more)
            if way == 3:
                d.line(self.say.one(w.BYLINES))

    def _menu(self) -> None:
        r = self.rng
        labels = [self.say.label() for _ in range(r.randint(4, 30))]
        self._put(r.choice((" | ", " ", " · ")).join(labels)) if r.random() < 0.15 else self.desk.lines(labels)

    def _pitches(self) -> None:
        r = self.rng
        for _ in range(r.randint(1, 7)):
            if r.random() < 0.6:
                self._put(
                    r.choice((p.phrase(r, p.ADS), self.say.label(), self.say.label(), self.say.fill("{Thing}"), self._headline()))
                )
            self._put(self.say.one(w.PITCHES))

    def _house(self) -> None:
        r = self.rng
        if r.random() < 0.35:  # the foot of the page
            sep = r.choice((" | ", " | ", " ", " - ", " · "))
            self._put(sep.join(self.say.label() for _ in range(r.randint(4, 16))))
        for _ in range(r.choice((1, 1, 2, 3, 5))):
            if r.random() < 0.2:
                self._put(r.choice(("About", "About us", "Terms", "Note", "Please note", "Privacy", "Contact us", p.invented(r))))
            self._put(" ".join(self.say.one(w.HOUSE) for _ in range(r.choice((1, 1, 1, 2, 3)))))

    def _speech(self) -> list[str]:
        """Return what one reader wrote, in paragraphs."""
        r = self.rng
        out = []
        for _ in range(r.choice((1, 1, 1, 1, 2, 3))):
            said = [self.say.one(w.SAID) for _ in range(r.choice((1, 1, 2, 3, 5, 8)))]
            if r.random() < 0.5:  # as in an article, for readers know how to write
                texts = r.choice((self.others or self.main)[:3] + self.main).paragraphs
                said[r.randrange(len(said))] = " ".join(r.choice(texts).split()[: r.randint(9, 60)])
            text = " ".join(s[:1].upper() + s[1:] if r.random() < 0.7 else s for s in said)
            out.append(text.lower() if r.random() < 0.1 else text.replace("'", "") if r.random() < 0.1 else text)
        return out

    def _readers(self) -> None:
        """Write a thread of readers' posts, and the form below it."""
        r, say, d = self.rng, self.say, self.desk
        if r.random() < 0.8:
            self._put(say.one(_THREADS))
        under, over = r.sample(_SIGNED, 2)
        place, buttons = r.randrange(3), [r.choice(_BUTTONS) for _ in range(r.choice((0, 1, 1, 2)))]
        titled, dated = r.random() < 0.12, r.random() < 0.4
        for _ in range(r.choice((1, 2, 3, 5, 9, 16))):
            signed = {"handle": say.handle(), "date": say.date(), "clock": say.clock(), "n": r.randint(1, 90)}
            if titled:
                d.line(say.words(2, 6).capitalize())
            if place != 1:
                d.line(over.format(**signed), "furniture")
                if dated:
                    d.line(f"{signed['date']} {signed['clock']}")
            d.lines(self._speech(), blank=d.gap > 0)
            if place == 1:
                d.line(under.format(**signed))
            for button in buttons:
                d.line(button.format(**signed))
        if r.random() < 0.5:
            self._put(r.choice(("Post a comment", "Add your comment", "Leave a reply", "Your name", "Your turn")))
            d.lines(r.sample(_FORM, r.randint(1, 5)))

    def _poll(self) -> None:
        r = self.rng
        self._put(r.choice(("Poll", "Today's poll", "Vote", "Quick vote", "Your vote", p.invented(r))))
        self._put(
            self.say.fill(
                r.choice(("Do you think {some}?", "Should {some}?", "What do you make of {few}?", "Who is to blame for {few}?"))
            )
        )
        self.desk.lines(r.sample(_ANSWERS, r.randint(2, 6)))

    def _figures(self) -> None:
        """Write a ticker, the weather, a table of scores."""
        r = self.rng
        way = r.randrange(3)
        for _ in range(r.randint(2, 9)):
            name = r.choice((p.invented(r, 1).title(), r.choice(w.PLACES)))
            cells = (
                (
                    name.upper()[:5],
                    f"{r.randint(1, 14000) / 10:,}",
                    f"{r.choice('+-')}{r.randint(0, 900) / 100}",
                    f"{r.randint(0, 99) / 10}%",
                ),
                (name, f"{r.randint(-9, 36)}°", r.choice(("Sunny", "Cloudy", "Rain", "Fair", "Snow"))),
                (str(r.randint(1, 20)), name, str(r.randint(1, 38)), str(r.randint(0, 90)), str(r.randint(-40, 60))),
            )[way]
            if r.random() < 0.7:
                self.desk.sheet.line(" ".join(cells))
            else:
                self.desk.lines(list(cells))

    def _tags(self) -> None:
        r = self.rng
        names = [t.title() for t in r.sample(p.TAGS, r.randint(2, 8))]
        self._put(r.choice(("Tags: ", "Topics: ", "Filed under: ", "More on: ", "")) + r.choice((", ", " | ", " ")).join(names))

    def _captions(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            self._put(self.say.one(w.CAPTIONS), "caption")

    def _labels(self) -> None:
        for _ in range(self.rng.randint(1, 4)):
            self._put(self.say.label())

    def _turn(self) -> None:
        """Write the way to the stories before and after."""
        before, after = self.rng.choice(self.headlines), self.rng.choice(self.headlines)
        self._put(
            self.rng.choice((f"« {before} | Main | {after} »", f"« {before}", f"{after} »", f"Next: {after}", "Previous | Next"))
        )


_BLURBS = (
    "{Name} on {few}.", "{Name} talks about {some}.", "A look at {some}.", "Pictures of {few} from {place}.", "How {some}.",
    "{some}.", "{many}.", "{many} ...", "Why {some}, by {Name}.", "Our {weekday} special: {some}.",
    "{Name} answers your questions on {few}.", "The {few} that everyone talks about.", "{place}: {some}.",
    "Video: {some} ({clock})", "{many}. {some}.",
)  # fmt: skip
_THREADS = (
    "Comments", "Comments ({n})", "{n} comments", "Your comments", "Have your say", "Reader comments", "What you said",
    "Discussion", "{n} responses", "Readers' views", "Your views", "Talkback",
)  # fmt: skip
_ANSWERS = (
    "Yes", "No", "Not sure", "Both", "I do not care", "Too early to say", "Maybe", "Vote", "View results", "See results",
)  # fmt: skip
_SIGNED = (
    "{handle}", "Posted by {handle}", "Posted by {handle} on {date} {clock}", "By {handle}", "By {handle} on {date}",
    "{handle} says:", "{handle} wrote:", "{handle} | {date}", "{date}, {clock} | {handle}", "{handle} - {date}",
    "{handle}, {clock}", "#{n} {handle}", "{handle} said...", "Posted: {date} {clock} by {handle}", "{handle} ({n} posts)",
    "From {handle} at {clock}", "Comment by {handle} - {date} @ {clock}", "{date} {clock} | Link to this",
)  # fmt: skip
_BUTTONS = (
    "Reply", "Report abuse", "Report this comment", "Recommend ({n})", "Quote", "Link to this", "Agree Disagree", "Flag",
    "Like {n}", "Report as rude", "Reply Quote", "{n} of {n} found this helpful", "Permalink",
)  # fmt: skip
_FORM = (
    "Name:", "Your name: *", "E-mail * :", "Website", "Comments:", "Remember me?", "Submit", "Preview", "Cancel", "Yes",
    "No", "Characters left: 1000", "Log in to comment.", "Password:", "Type the letters you see", "* = Required",
)  # fmt: skip
PARTS: dict[str, Callable[[Around], None]] = {
    "menu": Around._menu, "tools": lambda s: s._tools(1, 9), "headlines": Around._headlines, "pitches": Around._pitches,
    "figures": Around._figures, "blurbs": Around._blurbs, "house": Around._house, "poll": Around._poll, "tags": Around._tags,
    "readers": Around._readers, "captions": Around._captions, "labels": Around._labels, "turn": Around._turn,
}  # fmt: skip
