"""Components and layouts made up on the spot, so that no habit of one kind of site is indispensable.

Owns: fields with invented tags, lists of values without tags, teasers, subtitles, end marks, copies of headlines; `drawn`,
a layout every choice of which is made by lot; the traits of a drawn layout that resemble a named one.
Does not know: the named layouts (`layouts_families`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection

from training import layouts_phrases as p
from training.layouts_parts import Desk
from training.layouts_styles import RULES, STRANGE, Style, some


def _values(d: Desk) -> list[str]:
    """Return what may be said of an article, in an order of its own on every page."""
    s, r = d.story, d.rng
    said = [
        s.source, s.date, s.author, f"By {s.author}", s.section, s.section.upper(), str(r.randint(1, 40)),
        f"{r.randint(90, 1500)} words", "English", p.invented(r, 1).upper(),
        f"{p.invented(r, 1)} : {r.choice(p.TAGS).title()}", f"© {r.randint(1999, 2025)} {s.source}",
        f"Copyright {r.randint(1999, 2025)}. {s.source}", f"{p.invented(r, 1).upper()}{r.randint(10**5, 10**9)}", p.ago(r),
        f"https://www.example.com/{p.invented(r, 1).lower()}/{r.randint(100, 99999)}", ", ".join(r.sample(p.TAGS, 3)),
        "; ".join(t.title() for t in r.sample(p.TAGS, 2)),
        f"{s.source}; {p.invented(r, 1)} [{p.invented(r, 1)}] {s.date}: A{r.randint(1, 30)}",
        f"{r.choice(p.LAST)}, {r.choice(p.FIRST)}", f"{r.randint(1, 12)}:{r.randint(0, 59):02d} {r.choice(('AM', 'PM'))}",
        p.invented(r), f"{s.author} <{r.choice(p.FIRST).lower()}@example.org>", f"{s.source} ({p.invented(r, 1)})",
        f"{s.section}; Pg. {r.randint(1, 40)}",
    ]  # fmt: skip
    order = d.once("values", lambda: r.sample(range(len(said)), 12))
    assert isinstance(order, list)
    return [said[k] for k in order]


def _tags(d: Desk) -> list[str]:
    """Return the tags of the page's database: codes, words, or made-up ones."""
    way = d.pick("tag way", 4)

    def draw() -> object:
        if way == 0:
            return ["".join(d.rng.choice("ABCDEFGHILMNOPRSTUWY") for _ in range(2)) for _ in range(14)]
        if way == 1:
            return [p.invented(d.rng, 1).title() for _ in range(14)]
        if way == 2:
            return [p.invented(d.rng, 1).upper() for _ in range(14)]
        return d.rng.sample(FIELDS, 14)

    tags = d.once("tag names", draw)
    assert isinstance(tags, list)
    return tags


FIELDS = p.listed(
    "From|Date|Subject|To|Message|Author|Byline|Section|Length|Page|Edition|Published|Posted|Updated|Language|Country|City|Desk|"
    "Editor|Source|Newspaper|Title no.|Reference|Keywords|Company|Person|Region|Volume|Issue|Type|Format|Rights|Contact|Link"
)


def codes(d: Desk) -> None:
    """Write fields under tags that the page makes up."""
    n = d.pick("codes", 6) + 1
    low = d.pick("codes from", 6)
    colon = (": ", "  ", ":", "    ", "\t", " - ", " = ", ":\t")[d.pick("codes colon", 8)]
    values, tags = _values(d), _tags(d)
    d.sheet.raw("\n" * d.pick("codes gap", 2))
    for k in range(low, low + n):
        d.sheet.line(f"{tags[k]}{colon}{values[k]}", "meta")
    d.sheet.raw("\n" * d.gap)


def values(d: Desk) -> None:
    """Write what is said of an article one under the other, without tags."""
    n, low = d.pick("values", 6) + 1, d.pick("values from", 6)
    d.lines(_values(d)[low : low + n], "meta", blank=bool(d.pick("values gap", 3) == 2))


def joined(d: Desk) -> None:
    """Write the same on one line."""
    n, low = d.pick("joined", 3) + 2, d.pick("joined from", 6)
    sep = (" | ", " · ", ", ", " / ", " - ", "; ", " // ", " ")[d.pick("joined sep", 8)]
    ends = (("", ""), ("", ""), ("[", "]"), ("(", ")"), ("<", ">"), ("*", "*"), ("— ", ""), ("**", "**"))[
        d.pick("joined ends", 8)
    ]
    d.line(ends[0] + sep.join(_values(d)[low : low + n]) + ends[1], "meta")


def label(d: Desk) -> None:
    """Write a word or two that the page writes in this place each time."""
    d.line(d.label("label", FIELDS, 0.5))


def end_mark(d: Desk) -> None:
    marks = ("ENDS", "-30-", "###", "(END)", "# # #", "[end]", "End of Document", "***", "■")
    d.line(d.label("end mark", marks, 0.3))


def deck(d: Desk) -> None:
    """Write a subtitle: no text of the article, and nothing the page's own either."""
    words = d.rng.choice(d.story.paragraphs).split()[: d.rng.randint(7, 20)]
    d.line(" ".join(words).rstrip(",;:") if d.pick("deck", 3) else " ".join(words).rstrip(".,;:"), "optional")


def copy(d: Desk) -> None:
    """Write the headline once more, as the page's title bar has it."""
    end = (f" - {d.story.source}", f" | {d.story.source}", "", f" – {d.story.section}", " ...")[d.pick("copy", 5)]
    d.line(f"{d.story.title}{end}")


def teasers(d: Desk) -> None:
    """Write other headlines with the beginning of a text under each."""
    d.line(d.label("teasers", p.RELATED))
    more = d.label("teaser more", p.PROMPTS)
    way, end = d.pick("teasers", 4), ("...", "…", "", " [...]")[d.pick("teaser end", 4)]
    for text in d.rng.sample(d.headlines, min(len(d.headlines), d.rng.randint(1, 4))):
        d.line(text)
        words = d.rng.choice(d.rng.choice(d.stories).paragraphs).split()
        d.line(" ".join(words[: d.rng.randint(7, 28)]).rstrip(".,;") + end)
        if way % 2:
            d.line(more)
        if way > 1:
            d.line(p.ago(d.rng))


def archive(d: Desk) -> None:
    """Write the lists that stand beside a blog: months, sections, names."""
    d.line(d.label("archive", ["Archives", "Categories", "Archive", "Blogroll", "Authors", "Pages"]))
    way = d.rng.randrange(3)
    year = d.rng.randint(2004, 2024)
    for k in range(d.rng.randint(3, 9)):
        d.sheet.line((f"{p.MONTHS[k]} {year}", d.rng.choice(p.NAV), p.person(d.rng))[way])
    d.sheet.raw("\n" * d.gap)


def topics(d: Desk) -> None:
    """Write a list of what follows, the headlines cut short, with names."""
    d.line(d.label("topics", p.RELATED))
    n = d.rng.choice((20, 40, 60, 200))
    tail, mark = d.rng.randrange(3), d.rng.choice(("", "- ", "* ", "   ", "> "))
    for k, s in enumerate(d.stories):
        text = s.title[:n]
        d.sheet.line((text, f"{text} ({s.author})", f"{k + 1}. {text}")[tail], prefix=mark)
        if d.pick("topics under", 4) == 3:
            d.sheet.line(_tags(d)[0] + ": " + p.invented(d.rng, 1))
    d.sheet.raw("\n" * max(1, d.gap))


def notice(d: Desk) -> None:
    """Write a few sentences of the site's own, the same each time."""
    d.line(d.label("notice", p.LEGAL, 0.0))


STRANGE.update({f.__name__: f for f in (
    codes, values, joined, label, end_mark, deck, copy, teasers, archive, topics, notice
)})  # fmt: skip

BEFORE = (
    "kicker source date ago byline index share crumb caption meta_line ad split_date length fields tags comment_count prompt "
)
BEFORE += "signed signed heading heading day weather promo codes codes codes values values joined joined label copy"
AFTER = "byline byline date date ago share caption meta_line length fields promo source role_line kicker split_date ad tags "
AFTER += "comment_count caption crumb prompt codes codes codes values values joined joined label deck standfirst standfirst "
AFTER += "standfirst blurb ending signed signed signed"
INSIDE = "ad ad ad inline_related caption promo share prompt teaser label page_break page_break"
TAIL = (
    "tags comment_count prompts related comments rights share tail_fields bio legal prompt ad meta_line promo source date byline "
)
TAIL += "read_on read_on ending ending page_break legals teaser teasers teasers codes codes values joined label "
TAIL += "end_mark end_mark notice archive"
TOP = "menu menu masthead search_terms contents greeting weather legals share crumb ad related promo prompt topics topics codes "
TOP += "joined"
BOTTOM = "menu legals rights related prompt share comments legal prompts masthead archive archive teasers"
PREFIXES = (
    "# ",
    "## ",
    "{i}. ",
    "[{i}] ",
    "* ",
    "Title: ",
    "HEADLINE: ",
    "• ",
    "» ",
    "({i}) ",
    "TI  ",
    "{i}) ",
    "^",
    "== ",
    "> ",
    "** ",
)
SUFFIXES = (
    " | {source}",
    " - {source}",
    " ({source})",
    " ({date})",
    " – {source}",
    " <",
    " =",
    " »",
    " [{source}]",
    ", {source}",
)
GLUE = (" — ", " - ", ": ", ". ", "\t", " | ", " ", "  ", " – ", " // ", ".— ", " -- ", " * ")


def drawn(rng: random.Random, avoid: Collection[str] = ()) -> Style:
    """Return a layout no site need have: every choice made by lot, but for the traits of the layouts in `avoid`."""
    gap = rng.choice((0, 0, 1, 1, 2))
    prefix = rng.choice(("",) * 20 + PREFIXES)
    if rng.random() < 0.12:
        prefix = rng.choice(
            (f"{p.invented(rng, 1)}: ", f"[{p.invented(rng, 1)}] ", f"{rng.choice(FIELDS)}: ", rng.choice("<^~+%@"),
             f"{p.invented(rng, 1).upper()[:2]}  ", f"{rng.choice(FIELDS)}: [{p.invented(rng, 1)}] ")
        )  # fmt: skip
    style = Style(
        top=some(rng, TOP, 0, 5),
        before=some(rng, BEFORE, 0, 4),
        after=some(rng, AFTER, 0, 4),
        inside=[(name, rng.choice((0.05, 0.1, 0.3))) for name, _ in some(rng, INSIDE, 0, 2)],
        tail=some(rng, TAIL, 0, 4),
        bottom=some(rng, BOTTOM, 0, 3),
        gap=gap,
        between=rng.choice((0, gap, gap, gap + 1, gap + 2)),
        rule=rng.choice(RULES),
        rule_first=rng.random() < 0.4,
        width=rng.choice((0,) * 8 + (60, 66, 72, 76, 80)),
        title=rng.random() > 0.05,
        title_twice=rng.random() < 0.1,
        title_prefix=prefix,
        title_suffix=rng.choice(("",) * 30 + SUFFIXES),
        upper=rng.random() < 0.08,
        title_gap=rng.choice((-1, -1, -1, 0, 1)),
        title_under=rng.choice(("",) * 12 + ("=", "-", "~")),
        body_label=p.phrase(rng, FIELDS, 0.6) if rng.random() < 0.1 else "",
        second_label=p.phrase(rng, FIELDS, 0.6) if rng.random() < 0.05 else "",
        lead_prefix=f"{p.invented(rng, 1)}{rng.choice((': ', '  ', ' - '))}" if rng.random() < 0.04 else "",
        indent=rng.choice(("",) * 9 + ("   ", "    ", "\t")),
        glue=rng.choice(GLUE) if rng.random() < 0.2 else "",
    )
    # Without headline, rule or head nobody could tell where an article begins.
    style.title = style.title or not (style.before or style.rule)
    for layout in avoid:
        if layout in TRAITS:
            TRAITS[layout](style)
    return style


def _without(style: Style, *names: str) -> None:
    for plan in (style.top, style.before, style.after, style.inside, style.tail, style.bottom):
        plan[:] = [(name, chance) for name, chance in plan if name not in names]


def _plain(style: Style) -> None:
    if not (style.before or style.after or style.tail or style.title_prefix or style.title_suffix or style.rule):
        style.before = [("index", 1.0)]


def _set(**change: object) -> Callable[[Style], None]:
    def apply(style: Style) -> None:
        for name, value in change.items():
            setattr(style, name, value)

    return apply


def _unmarked(signs: str) -> Callable[[Style], None]:
    def apply(style: Style) -> None:
        if any(sign in style.title_prefix for sign in signs):
            style.title_prefix = ""

    return apply


#: What to take from a drawn layout so that a named one is truly left out.
TRAITS: dict[str, Callable[[Style], None]] = {
    "bare": _plain,
    "glued": _set(glue=""),
    "untitled": _set(title=True),
    "suffixed": _set(title_suffix=""),
    "numbered": _unmarked("{"),
    "markdown": _unmarked("#*"),
    "wrapped": _set(width=0, title_under=""),
    "theme": _set(title_twice=False),
    "teasers": lambda style: _without(style, "teasers", "teaser", "contents", "topics"),
    "gallery": lambda style: _without(style, "caption"),
    "forum": lambda style: _without(style, "comments"),
    "cuttings": lambda style: _without(style, "page_break"),
    "posts": lambda style: _without(style, "ending", "day"),
    "feeds": lambda style: _without(style, "blurb", "standfirst"),
    "export": lambda style: _without(style, "fields", "tail_fields", "search_terms", "codes", "values"),
}
