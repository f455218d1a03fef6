"""Pages whose one article is a series of parts: the letters of a letters page, the posts of a live page.

Owns: writers with the signature (sheet, stories, headlines, rng); the parts they enter into the gold.
Does not know: the ordinary layouts but as building blocks (`layouts_styles`).
"""

from __future__ import annotations

import random

from training import layouts_phrases as p
from training.layouts_families import FAMILIES
from training.layouts_parts import Desk
from training.layouts_sheet import Sheet, Story
from training.layouts_styles import write_page

_PLACES = p.listed(
    "Leeds|Cupar, Fife|by email|London SW4|Dalkeith|Name and address supplied|Upper Bramley|Ohio|Portland, "
    "Ore.|Kelso|Via email|Galway|Mount Pleasant|Perth, Australia|Sandyford|Chair, Friends of the Park|Batley|The "
    "Green, Marlow|Retired nurse, York"
)
_SALUTE = p.listed("Sir, |SIR – |Dear Editor, |Dear Sir/Madam, |Sir: |Re: |To the editor: |EDITOR — |Madam, |")
_SAID = p.listed(
    "I read your report with dismay.|I was sorry to read this.|As one who lives here, I disagree.|May I add a "
    "word?|You were wrong to say so.|I wonder whether your readers know this.|We have waited long enough.|In my day "
    "this would not have been allowed.|I have lived here for 40 years.|Who is to pay for it?|I should like somebody "
    "to explain why.|Your readers deserve better.|My husband and I were there.|I for one will not be voting for "
    "them.|Let us hope that they listen.|Thank you for printing both sides.|We cannot go on like this.|Please do not "
    "tell me that it cannot be done.|I write as a teacher.|Are we to believe this?|I could not agree more with your "
    "columnist.|It made my blood boil.|Shame on them.|Have they learned nothing?|I speak from experience."
)
_NAMES = p.listed(
    "Letters|Letters to the editor|Readers' letters|Your letters|Letters to the Editor|Your views|The week's "
    "letters|Have your say|Letters: {}|{} – letters|Readers write|Mailbag|Inbox"
)


def _menu(desk: Desk, rng: random.Random) -> None:
    for _ in range(rng.choice((0, 0, 1, 2, 6))):
        desk.line(rng.choice(p.NAV))


def _end(desk: Desk, rng: random.Random) -> None:
    for _ in range(rng.choice((0, 0, 1, 1, 3))):
        desk.line(
            rng.choice((p.phrase(rng, p.RELATED), rng.choice(desk.headlines), p.phrase(rng, p.LEGAL), p.phrase(rng, p.PROMPTS)))
        )


def letters(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
    """A letters page: one article in parts, each signed; at times other articles before it."""
    style = FAMILIES[rng.choice(("blog", "reader", "bare", "aggregator"))](rng)
    if len(stories) > 3 and rng.random() < 0.6:
        before, stories = stories[:2], stories[2:]
        write_page(sheet, before, headlines, style, rng)
        sheet.raw("\n" * style.gap)
    page = stories[0]
    headings = [story.title for story in stories]
    if rng.random() < 0.6:
        page.title = rng.choice(_NAMES).format(page.title)
    article = sheet.open(page)
    desk = Desk(sheet, rng, stories, headlines, style.gap, article=article)
    _menu(desk, rng)
    desk.line(page.title, "title")
    if rng.random() < 0.4:
        desk.line(rng.choice((page.date, f"Published {page.date}", f"{page.source}, {page.date}")), "meta")
    headed, way, salute = rng.choice((0, 0, 1, 2)), rng.randrange(6), rng.choice((0.0, 0.3, 0.9))
    spoken, parts = rng.choice((0.2, 0.5, 0.8)), []
    for heading, letter in zip(headings, stories, strict=True):
        start = sheet.length
        if headed:
            desk.line(heading if headed == 2 else " ".join(heading.split()[: rng.randint(2, 4)]), "body")
        texts = letter.paragraphs[: rng.randint(1, 3)]
        for k, text in enumerate(texts):
            said = " ".join(rng.sample(_SAID, rng.choice((1, 1, 2, 3)))) if rng.random() < spoken else ""
            text = " ".join(text.split(". ")[0].split()[:30]).rstrip(".") + "." if said and rng.random() < 0.4 else text
            text = rng.choice((f"{said} {text}", f"{text} {said}")).strip()
            if k == 0 and rng.random() < salute:
                text = rng.choice(_SALUTE) + text
            if way == 5 and k == len(texts) - 1:
                text = f"{text} {p.person(rng)} {rng.choice(_PLACES)}"
            desk.line(text, "body")
        for line in _signed(p.person(rng), rng.choice(_PLACES), way):
            desk.line(line, "body")
        parts.append([start, sheet.gold[article]["body_spans"][-1][1]])
    sheet.gold[article]["parts"] = parts
    _end(desk, rng)


def _signed(name: str, place: str, way: int) -> list[str]:
    """Return the lines a letter is signed with; none where its text ends with the name."""
    ways: tuple[list[str], ...] = (
        [f"{name}, {place}"],
        [f"{name} {place}"],
        [name, place],
        [f"— {name}, {place}"],
        [name.upper(), place],
        [],
    )
    return ways[way]


_LABELS = p.listed(
    "LIVE|Live updates|Live|LIVE BLOG|Live reporting|As it happened|Updating live|Rolling coverage|Live feed|Latest updates"
)
_ADDED = ("", "", "", " live", " – live", ": live updates", " - as it happened", ": latest updates", " LIVE")
_KEYS = p.listed("Key events|Key moments|Summary|What we know so far|Key points|At a glance|Top posts|The story so far")


def _clock(rng: random.Random, way: int, minutes: int) -> str:
    hour, minute = minutes // 60 % 24, minutes % 60
    half = f"{(hour + 11) % 12 + 1}:{minute:02d}"
    noon = "a.m." if hour < 12 else "p.m."
    plain = f"{hour:02d}:{minute:02d}"
    ways = (
        plain, plain, f"{hour}.{minute:02d} {rng.choice(('BST', 'GMT', 'CET'))}" if way == 2 else plain, f"{half} {noon} ET",
        f"{half}{noon.replace('.', '')}", f"Posted at {plain}", f"{plain} GMT", f"{half} {noon.upper().replace('.', '')}",
        f"{max(1, (24 * 60 - minutes) // 20)} min ago", f"[{plain}]", f"Updated {plain}", f"{half} {noon}",
        f"{plain} {p.person(rng)}",
    )  # fmt: skip
    return ways[way]


def live(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
    """Live pages: one article, its posts opened by the time of day, newest or oldest first."""
    way, headed, shared = rng.randrange(13), rng.choice((0.0, 0.0, 0.5, 1.0)), rng.random() < 0.4
    gap, signed, newest = rng.choice((0, 1)), rng.random() < 0.2, rng.random() < 0.5
    share, added = p.phrase(rng, p.SHARE), rng.choice(_ADDED)
    size = len(stories) if rng.random() < 0.4 else 2
    for pair in (stories[i : i + size] for i in range(0, len(stories), size)):
        step = rng.choice((1, 1, 2))
        posts = [story.paragraphs[k : k + step] for story in pair for k in range(0, len(story.paragraphs), step)]
        posts = posts[: rng.randint(4, 14)]
        titles = [" ".join(rng.choice(headlines).split()[: rng.randint(3, 9)]) for _ in posts]
        pair[0].title += added
        article = sheet.open(pair[0])
        desk = Desk(sheet, rng, stories, headlines, gap, article=article)
        _menu(desk, rng)
        if rng.random() < 0.4:
            desk.line(rng.choice((*_LABELS, p.invented(rng))))
        desk.line(pair[0].title, "title")
        if rng.random() < 0.4:
            desk.line(" ".join(pair[-1].paragraphs[-1].split()[: rng.randint(7, 16)]).rstrip(".,;"), "optional")
        for line in ([f"By {pair[0].author}"], [pair[0].date], [f"By {pair[0].author}", pair[0].date], [], [])[rng.randrange(5)]:
            desk.line(line, "meta")
        if headed and rng.random() < 0.5:
            desk.line(rng.choice(_KEYS))
            for title in titles[: rng.randint(2, 5)]:
                desk.line(title)
        minutes, parts = rng.randint(12 * 60, 22 * 60) if newest else rng.randint(7 * 60, 12 * 60), []
        for title, post in zip(titles, posts, strict=True):
            minutes += rng.randint(2, 40) * (-1 if newest else 1)
            start = sheet.length
            desk.line(_clock(rng, way, minutes % 1440), "meta")
            if rng.random() < headed:
                desk.line(title, "body")
            for text in post:
                desk.line(text, "body")
            parts.append([start, sheet.length])
            if signed:
                desk.line(p.person(rng), "meta")
            if shared:
                desk.line(share)
        sheet.gold[article]["parts"] = parts
        _end(desk, rng)
