"""What stands around articles and between their paragraphs: share bars, captions, adverts, lists, comments, menus.

Owns: one writer per component, and the list of all components.
Does not know: which components a layout uses and in which order (`layouts_styles`).
"""

from __future__ import annotations

from collections.abc import Callable

from training import layouts_parts as head
from training import layouts_phrases as p
from training.layouts_parts import Desk


def share(d: Desk) -> None:
    labels = d.once("share", lambda: [p.phrase(d.rng, p.SHARE) for _ in range(d.rng.randint(1, 6))])
    assert isinstance(labels, list)
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
    text = " ".join(words[: d.rng.randint(5, 18)]).strip(' .,;:“”"')
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
    for k, text in enumerate(heads):
        if way == 4:
            text = f"{k + 1}. {text}"
        elif way == 5:
            text = f"{text} {p.ago(d.rng)}"
        d.sheet.line(text, prefix=("", "", "- ", "• ", "", "")[way])
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
    assert isinstance(labels, list)
    d.lines(labels, blank=d.pick("prompts", 2) == 1)


def comment_count(d: Desk) -> None:
    n = d.rng.randint(0, 900)
    d.line(
        (f"{n} comments", f"Comments ({n})", f"{n} Comments", f"{n} replies | {n * 7} views", f"Comments: {n}")[
            d.pick("count", 5)
        ]
    )


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
    d.line(
        (
            f"Copyright {year} {s}. All Rights Reserved",
            f"© {year} {s}",
            f"(c) {year} {s}. {p.LEGAL[0]}",
            f"© {s} {year}. {p.LEGAL[1]}",
        )[d.pick("rights", 4)]
    )


def legal(d: Desk) -> None:
    d.line(d.label("legal", p.LEGAL, 0.05))


def legals(d: Desk) -> None:
    d.lines(d.rng.sample(p.LEGAL, d.rng.randint(1, 4)))


def bio(d: Desk) -> None:
    d.line(
        f"{d.story.author} {('is a reporter for', 'writes about politics for', 'covers business at')[d.pick('bio', 3)]} "
        f"{d.story.source}.",
        "meta",
    )


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
    d.lines(
        [
            f"{len(d.stories)} results",
            f"Search: {d.rng.choice(p.TAGS)} AND {d.rng.choice(p.TAGS)}",
            f"Time of Request: {p.date(d.rng, 2)[0]}",
            f"Download Request: Select Items: 1-{len(d.stories)}",
        ][: d.rng.randint(1, 4)]
    )


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
        "Good morning.", "Good morning, and welcome to your daily round-up of what matters.",
        "Here is what you need to know today.", "Happy Friday! We made it.",
        "Was this email forwarded to you? Sign up here.", "Having trouble reading this email? View it in your browser.",
        "Thank you for reading. Write to us with your views and suggestions.",
        "Today's edition was put together by the night desk. Tell us what you think of it by replying to this message.",
        "Your press cuttings for today follow below.",
    ), d.rng.randint(1, 3)), blank=d.gap > 0)  # fmt: skip


def weather(d: Desk) -> None:
    d.line(
        f"{d.rng.choice(('London', 'Boston', 'Leeds', 'Austin'))} {d.rng.randint(-5, 33)}°C "
        f"{d.rng.choice(('Sunny', 'Cloudy', 'Rain'))}"
    )


def teaser(d: Desk) -> None:
    """Write another article's headline and the beginning of an invented summary, cut short."""
    d.line(d.rng.choice(d.headlines))
    words = d.rng.choice(d.rng.choice(d.stories).paragraphs).split()
    d.line(" ".join(words[: d.rng.randint(8, 22)]).rstrip(".,;") + d.rng.choice(("...", "…", " [...]")))


#: Every component by name.
COMPONENTS: dict[str, Callable[[Desk], None]] = {
    f.__name__: f
    for f in (
        head.kicker, head.source, head.date, head.split_date, head.ago, head.byline, head.role_line, head.meta_line, head.index,
        head.length, head.fields, head.tail_fields, share, crumb, caption, ad, promo, inline_related, related, tags, prompt,
        prompts, comment_count, comments, rights, legal, legals, bio, menu, masthead, search_terms, contents, greeting,
        weather, teaser,
    )
}  # fmt: skip
