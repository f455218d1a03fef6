"""Further forms of pages: fields that hold the headline among others, short items, cuttings with page numbers, blog posts.

Owns: components (a running header, standfirsts, beginnings of the text, where to read on, what ends a blog's post) and the
layouts `fronts`, `items`, `cuttings`, `posts`, `feeds`.
Does not know: how a list of components is written (`layouts_styles`).
"""

from __future__ import annotations

import random
from collections.abc import Callable

from training import layouts_phrases as p
from training.layouts_parts import Desk
from training.layouts_sheet import Sheet, Story
from training.layouts_strange import FIELDS
from training.layouts_styles import RULES, STRANGE, Style, some, write_plan

READ = p.listed(
    "Read more at {source}|Read the full story|Read the full article at {source}|Read it at {source}|Full story: "
    "{source}|via {source}|Via {source}|Source: {source}|From {source}|({source})|— {source}|Read more: {source}|Visit "
    "website|View original|Open in {source}|{source} →|Link: "
    "https://www.example.com/{label}/{n}|https://example.org/{label}/{label}-{n}.html|[Read "
    "more]({url})|[{source}]({url})|Originally published by {source}|This article first appeared in {source}|To read the "
    "rest, visit {source}"
)
ENDING = p.listed(
    "Posted by {name} at {clock}|posted by {name} @ {clock}|Posted in {section}|Posted in {section}, {tag} {bar} {n} "
    "Comments »|Posted in {section} {bar} Tagged {tag}, {tag} {bar} Leave a comment|Filed under {section}, {tag}|Filed under: "
    "{section} — {name} @ {clock}|Labels: {tag}, {tag}|Tagged {tag}, {tag} and {tag}|Permalink|Permalink {bar} Comments "
    "({n})|{n} comments:|No comments:|Email This {bar} BlogThis! {bar} Share|Comments Off|Comments ({n}) {bar} "
    "Trackbacks ({n})|This entry was posted on {date} in {section}|This entry was posted by {name} on {date} at "
    "{clock} and is filed under {section}.|« Older {bar} Newer »|Edit|Share this:|Like this: Like Loading...|{n} "
    "likes · {n} replies|#{tag} #{section}|#{tag} #{tag} #{section}|Topics: {tag}, {tag}|Leave a Reply|Continue "
    "reading →|{name} on {date}|Category: {section}"
)
RUNNING = p.listed(
    "Page {n} of {m}|Page {n}|- {n} -|{n}|{n} / {m}|[{n}]|{n} {bar} {head}|{head} {bar} {n}|{head}, page {n}|{head}|{head}    "
    "{n}|p. {n}|{date}    {n}|— {n} —"
)


def _filled(d: Desk, form: str) -> str:
    r, s = d.rng, d.story
    out = form
    blanks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("source", lambda: s.source), ("name", lambda: s.author), ("section", lambda: s.section), ("date", lambda: s.date),
        ("tag", lambda: r.choice(p.TAGS)), ("label", lambda: p.invented(r, 1).lower()), ("n", lambda: str(r.randint(1, 60))),
        ("clock", lambda: f"{r.randint(1, 12)}:{r.randint(0, 59):02d} {r.choice(('AM', 'PM', 'am', 'pm', ''))}".strip()),
        ("bar", lambda: "|"), ("url", lambda: f"https://www.example.com/{p.invented(r, 1).lower()}/{r.randint(100, 99999)}"),
    )  # fmt: skip
    for name, draw in blanks:
        while f"{{{name}}}" in out:
            out = out.replace(f"{{{name}}}", draw(), 1)
    return out


def read_on(d: Desk) -> None:
    """Write where the rest is to be read, in the page's words."""
    form = d.once("read on", lambda: d.rng.choice(READ))
    d.line(_filled(d, str(form)))


def signed(d: Desk) -> None:
    """Write who, where and when on one line, in an order and with signs of the page's own."""
    s = d.story
    said = (s.author, s.source, p.ago(d.rng) if d.pick("signed when", 2) else s.date, f"By {s.author}", s.section)
    order = d.once("signed", lambda: d.rng.sample(range(len(said)), d.rng.choice((2, 3, 3))))
    signs = d.once("signs", lambda: [d.rng.choice((", ", " / ", " - ", " | ", " · ", " — ", " • ", ": ", " ")) for _ in range(3)])
    assert isinstance(order, list)
    assert isinstance(signs, list)
    text = said[order[0]]
    for k, sign in zip(order[1:], signs, strict=False):
        text += sign + said[k]
    d.line(text, "meta")


def ending(d: Desk) -> None:
    """Write one to three lines as blogs do below a post."""
    forms = d.once("ending", lambda: d.rng.sample(ENDING, d.rng.choice((1, 1, 2, 3))))
    assert isinstance(forms, list)
    d.lines([_filled(d, form) for form in forms], blank=d.pick("ending gap", 3) == 2)


def page_break(d: Desk) -> None:
    """Write the foot of one page and the head of the next: numbers that count, the same words each time."""
    number = int(str(d.words.get("page number", d.rng.randint(1, 9))))
    most = d.once("pages", lambda: number + d.rng.randint(5, 40))
    head = d.once("running head", lambda: d.rng.choice((p.phrase(d.rng, p.OUTLETS), "Press cuttings", p.invented(d.rng))))
    date = d.once("running date", lambda: d.story.date)
    forms = d.once("running", lambda: d.rng.sample(RUNNING, d.rng.choice((1, 1, 2))))
    assert isinstance(forms, list)
    d.lines([f.format(n=number, m=most, head=head, date=date, bar="|") for f in forms], blank=d.pick("break gap", 2) == 1)
    d.words["page number"] = number + 1


def standfirst(d: Desk) -> None:
    """Write what the article is about in a sentence or two: words of its text, or of another about the same."""
    other = d.rng.choice(d.stories) if d.rng.random() < 0.3 else d.story
    words = d.rng.choice(other.paragraphs[len(other.paragraphs) // 3 :] or other.paragraphs).split()
    text = " ".join(words[: d.rng.randint(7, 30)]).rstrip(".,;:")
    text += ("", "", ".", ".")[d.pick("standfirst end", 4)]
    mark = ("", "", "", "", "• ", "- ", "_")[d.pick("standfirst mark", 7)]
    d.line(text, "optional", prefix=mark, suffix="_" if mark == "_" else "")


def blurb(d: Desk) -> None:
    """Write the beginning of the text, cut short; the whole text follows."""
    words = d.story.paragraphs[0].split()
    n = d.rng.randint(8, 35)
    if len(words) > n + 4:
        d.line(" ".join(words[:n]).rstrip(".,;") + ("...", "…", " [...]", " [&hellip;]")[d.pick("blurb", 4)], "optional")


def heading(d: Desk) -> None:
    """Write the name of a section above some articles: those that follow belong to it, too."""
    if d.number == 0 or d.rng.random() < 0.5:
        text = d.rng.choice(p.NAV[:40]) if d.pick("heading", 3) else p.invented(d.rng)
        mark = ("", "", "", "", "# ", "== ", "*** ", "[")[d.pick("heading mark", 8)]
        text = text.upper() if d.pick("heading case", 2) else text
        d.line(text, prefix=mark, suffix=mark[::-1] if mark in ("== ", "*** ") else "")


def day(d: Desk) -> None:
    """Write the day above the posts of that day."""
    if d.number == 0 or d.rng.random() < 0.6:
        d.line(d.story.date)


STRANGE.update({f.__name__: f for f in (read_on, signed, ending, page_break, standfirst, blurb, heading, day)})


def cuttings(rng: random.Random) -> Style:
    """Press cuttings: page numbers and running heads anywhere, even inside articles."""
    wrap = rng.choice((0, 0, 68, 72, 78))
    return Style(
        top=some(rng, "masthead contents topics date", 0, 2), before=some(rng, "source date index heading page_break", 0, 2),
        after=some(rng, "byline source date joined standfirst length", 0, 2),
        inside=[("page_break", rng.choice((0.06, 0.12, 0.2)))], tail=some(rng, "source read_on page_break length", 0, 2),
        gap=rng.choice((0, 1, 1)), between=rng.choice((1, 2)), rule=rng.choice(("", "", *RULES)), width=wrap,
    )  # fmt: skip


def posts(rng: random.Random) -> Style:
    """A blog's archive: days, posts, and under each who wrote it, when, labels, comments."""
    return Style(
        top=some(rng, "masthead menu greeting archive", 0, 2), before=some(rng, "day day date heading byline", 0, 2),
        after=some(rng, "byline date meta_line values ending", 0, 2), inside=[("ad", rng.choice((0.0, 0.0, 0.04)))],
        tail=[("ending", 1.0), *some(rng, "ending comments comment_count tags share", 0, 2)],
        bottom=some(rng, "archive menu prompts related", 0, 3), gap=rng.choice((0, 0, 1)), between=rng.choice((0, 1, 2)),
    )  # fmt: skip


def feeds(rng: random.Random) -> Style:
    """A reader of feeds: a blurb or a subtitle between headline and text, what to do with the article below it."""
    gap = rng.choice((0, 0, 1))
    return Style(
        top=some(rng, "menu masthead prompts promo", 0, 2), before=some(rng, "source ago kicker joined index", 0, 2),
        after=some(rng, "blurb standfirst standfirst signed signed source ago byline date joined share caption", 1, 4),
        inside=[("caption", rng.choice((0.0, 0.0, 0.05)))],
        tail=some(rng, "read_on read_on prompts prompt tags share ending values", 0, 3), gap=gap,
        between=gap + rng.choice((0, 1)), bottom=some(rng, "prompt legals", 0, 1),
    )  # fmt: skip


def fronts(sheet: Sheet, stories: list[Story], _headlines: list[str], rng: random.Random) -> None:
    """Fields that hold the headline among others of the same form, then the text."""
    desk = Desk(sheet, rng, stories, _headlines, rng.choice((0, 1, 1)))
    keys = ["title", "author", "date", "source", "section", "url", "id", "tags"]
    if rng.random() < 0.3:
        keys = [rng.choice(("headline", "heading", "name", "subject")), *rng.sample([f.lower() for f in FIELDS[:24]], 7)]
    way = rng.randrange(4)
    keys = [(k, k.title(), k.upper(), f"**{k.title()}**")[way] for k in keys]
    colon = rng.choice((": ", ": ", ": ", " = ", "\t", ":\t", "   "))
    chosen = [0, *rng.sample(range(1, 8), rng.randint(1, 5))]
    if rng.random() < 0.6:
        rng.shuffle(chosen)
    fence = rng.choice(("", "", "---", "+++", "=" * 20, "***"))
    label = rng.choice(("", "", "", "text", "body", "content", "Full text"))
    label = label and (label, label.title(), label.upper(), f"**{label.title()}**")[way]
    alone = rng.random() < 0.5
    for n, story in enumerate(stories):
        desk.number, desk.story = n, story
        desk.article = article = sheet.open(story)
        if fence:
            sheet.line(fence)
        values = [
            story.title, story.author, story.date, story.source, story.section,
            f"https://www.example.com/{p.invented(rng, 1).lower()}/{rng.randint(100, 9999)}", str(rng.randint(1, 10**6)),
            ", ".join(rng.sample(p.TAGS, 3)),
        ]  # fmt: skip
        for k in chosen:
            sheet.line(values[k], "title" if k == 0 else "meta", article if k == 0 else -1, prefix=keys[k] + colon)
        if fence and len(fence) < 5:
            sheet.line(fence)
        sheet.raw("\n" * max(desk.gap, int(not fence)))
        if label and alone:
            desk.line(label + colon.rstrip())
        for k, text in enumerate(story.paragraphs):
            desk.line(text, "body", prefix=label + colon if label and not alone and k == 0 else "")
        sheet.raw("\n" * rng.choice((0, 1)))


def items(sheet: Sheet, stories: list[Story], headlines: list[str], rng: random.Random) -> None:
    """A digest of short items under headings, each with a headline of its own and a few sentences."""
    desk = Desk(sheet, rng, stories, headlines, rng.choice((0, 0, 1)))
    mark = rng.choice(("", "", "", "{n}. ", "• ", "* ", "- ", "## ", "**", "[{n}] ", "> "))
    gap = rng.choice((desk.gap, 1, 1, 2))
    lead = some(rng, "heading heading kicker source date signed", 0, 1)
    after = some(rng, "signed signed source joined date byline standfirst", 0, 1)
    tail = some(rng, "read_on read_on read_on source values prompt share", 0, 2)
    most = rng.choice((1, 2, 3, 5))
    opening = (p.invented(rng), p.date(rng, rng.randrange(12))[0], "Good morning.", "Today's top stories")
    for text in rng.sample(opening, rng.randint(0, 3)):
        desk.line(text)
    for n, story in enumerate(stories):
        desk.number, desk.story, desk.article = n, story, sheet.open(story)
        write_plan(desk, lead)
        prefix = mark.format(n=n + 1)
        desk.line(story.title, "title", prefix=prefix, suffix="**" if mark == "**" else "")
        write_plan(desk, after)
        for text in [t for t in story.paragraphs if len(t.split()) > 5][: rng.randint(1, most)] or story.paragraphs:
            desk.line(text, "body")
        write_plan(desk, tail)
        sheet.raw("\n" * gap)
