"""Who, when and where from: source, author and date in the lines around a headline.

Owns: the forms of dates, bylines, source lines and picture credits.
Does not know: which lines belong to an article's head (`segment`). Nothing is guessed: what is not written is None.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from topics.pages import Span

_MONTHS = {name: number for number, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
     "september sept sep", "october oct", "november nov", "december dec"), 1
) for name in names.split()}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: A day, month and year as written, without groups, for other patterns to hold.
_WRITTEN_MONTH = "|".join(f"{name.title()}|{name.upper()}" for name in sorted(_MONTHS, key=len, reverse=True))
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:19|20)\d\d"
WRITTEN_DATE = rf"(?:{_WRITTEN_MONTH})\.? {_DAY},? {_YEAR}|{_DAY} (?:{_WRITTEN_MONTH})\.?,? {_YEAR}|{_YEAR}-\d\d-\d\d"
_DATES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<name>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
)
#: A time of day, or an age, that stands alone on its line and opens a post of a live page.
CLOCK = re.compile(
    r"(?:(?:posted|updated)(?: at)? )?[\[(]?(?:\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?)[\])]?"
    r"(?:\s*[A-Z]{2,4})?|\d{1,2} ?(?:min|minutes?|h|hours?) ago", re.IGNORECASE
)  # fmt: skip
#: As many characters has the longest of them.
CLOCK_LENGTH = 24
_RELATIVE = re.compile(
    r"\b(?:(?:\d{1,3}|an?|one|two|three)\s*(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|h|d|m)\s+ago|just now|"
    r"yesterday|\d{1,2}(?:h|d|min))\b", re.IGNORECASE
)  # fmt: skip
_BYLINE = re.compile(
    r"^\W*(?:(?:written |posted |published |filed |story |report |reported )?by|byline|author|"
    r"au)\b\s*[:=]?[\s*_]*(?P<who>[A-Z][\w.'’-]+(?:\s+(?:[A-Z][\w.'’-]*|and|de|van|von|al|bin|&)){1,7})", re.IGNORECASE
)  # fmt: skip
_SOURCE = re.compile(
    r"^\W*(?:source|publication|publisher|from|via|sn|newspaper|outlet)\s*(?::|=|\s{2,}|\t|(?<=from)\s|(?<=via)\s|(?<=From)\s)\s*(?P<who>[\w&][^|•·]{1,60}?)\W*$",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"(?:copyright|©|\(c\))\s*(?:©|\(c\))?\s*(?:(?:19|20)\d\d)?,?\s*(?P<who>[A-Z][^.|]{1,50}?)\s*(?:(?:19|20)\d\d)?\s*(?:\.|$)",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"\b(?:news|times|post|herald|guardian|gazette|journal|tribune|press|telegraph|chronicle|observer|daily|weekly|bbc|cnn|reuters|ap|afp|npr|politico|bloomberg|echo|mail|star|sun|mirror|"
    r"independent|standard|courier|argus|sentinel|dispatch|wire|today|network|magazine|review|mercury|bulletin|ledger|"
    r"national|hill|examiner|inquirer|globe|register)\b", re.IGNORECASE
)  # fmt: skip


_AGENCY = (
    r"(?:getty(?: images)?|ap|afp|reuters|pa(?: wire| media)?|epa|dpa|upi|xinhua|shutterstock|alamy(?: stock photo)?|istock|"
    r"anadolu(?: agency)?|zuma(?: press)?|rex(?: features)?|handout|file(?: photo| picture)?|screenshot|supplied|"
    r"staff photographer|associated press|bloomberg|flickr|wikimedia(?: commons)?)"
)
_PERSON = r"(?:the\s)?[A-Z][\w.’'-]*(?:[ /,&]+(?:of|via|for|and|[A-Z][\w.’'-]*)){0,6}"
_CREDIT = re.compile(
    rf"^\W*(?:(?i:photo(?:graph)?s?|pictures?|images?|photographer|illustration|graphic|credit)"
    rf"(?:\s+(?i:by|credit|courtesy of|via)\s*[:/]?|\s*[:/])"
    rf"\s*{_PERSON}|(?i:courtesy of)\s.{{2,60}}|"
    rf"(?:©\s*|\(c\)\s*)?(?:{_PERSON}(?:/|\svia\s|,\s*))?(?i:{_AGENCY})(?:\s*(?:/|via)\s*(?i:{_AGENCY}))?)\W*$"
)


def is_credit(text: str) -> bool:
    """Return whether a caption says nothing but who made the picture: "Photo: Reuters", "Jane Doe/AP"."""
    return len(text) <= 90 and _CREDIT.match(text) is not None


#: "Friday, December 28", "Dec. 28": a day without its year, alone on its line.
_DAY_ALONE = re.compile(
    rf"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+"
    rf"(?:{_MONTH})\.?)(?:,?\s+\d{{1,2}}[:.]\d\d.{{0,12}})?", re.IGNORECASE
)  # fmt: skip
#: A line that says by whom or when has at most so many characters.
SIGNED = 80


def is_signed(text: str) -> bool:
    """Return whether a line says by whom or when a text was written, and is no sentence: "By Jane Doe", "Reuters / 3h ago"."""
    if len(text) > SIGNED or text[-1:] in '.!?:”"':
        return False
    return _BYLINE.match(text) is not None or find_date(text) is not None or _DAY_ALONE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the lines of a head say; spans into the page."""

    source: str | None = None
    source_span: Span | None = None
    author: str | None = None
    published: str | None = None
    published_span: Span | None = None


#: Without one of these there is no date, and no relative one; quickly seen.
_ANY_YEAR, _RECENT = re.compile(r"(?:19|20)\d\d"), re.compile(r"\d[hdm]|ago|now|yesterday", re.IGNORECASE)


def find_date(text: str) -> tuple[str, Span] | None:
    """Return the first date of `text`, ISO where day, month and year are written, else the relative words; and its span."""
    best: tuple[str, Span] | None = None
    for form in _DATES if _ANY_YEAR.search(text) else ():
        for match in form.finditer(text):
            parts = match.groupdict()
            month = int(parts["m"]) if parts.get("m") else _MONTHS[parts["name"].lower()]
            try:
                found = date(int(parts["y"]), month, int(parts["d"])).isoformat()
            except ValueError:
                continue  # 31 June: not a date
            if best is None or match.start() < best[1][0]:
                best = found, match.span()
            break
    if best is None and _RECENT.search(text) and (relative := _RELATIVE.search(text)):
        best = relative.group(), relative.span()
    return best


def _bare(text: str) -> str:
    """Return a name without the signs around it: "- Reuters", "[Reuters]", but "The Courier (Dundee)"."""
    name = text.strip(" -–—[](){}:•|*_").strip()
    return f"{name})" if name.count("(") > name.count(")") and f"{name})" in text else name


_SECTIONS = frozenset(
    str.split(
        "home news sport sports weather business politics opinion world uk us local culture lifestyle life tech technology "
        "health money video live more menu search travel food science education entertainment arts shop jobs latest today top"
    )
)


def _menu(name: str) -> bool:
    """Return whether a line names sections of a site one after the other."""
    words = name.lower().split()
    return len(words) > 1 and all(word in _SECTIONS for word in words)


def _named(name: str) -> bool:
    """Return whether a line could be a name: no small word but those that join ("The Sound of the North")."""
    return all(
        word[0].isupper() or not word[0].isalpha() or word in ("of", "the", "and", "for", "on", "in", "de", "du", "la")
        for word in name.split()
    )


def _claims(text: str) -> bool:
    """Return whether a line may say who has its rights: a quick no to most."""
    small = text.lower()
    return "copyr" in small or "©" in small or "(c)" in small


def read_head(page: str, above: Sequence[Span], below: Sequence[Span], after: Sequence[Span] = ()) -> Dateline:
    """Return what the lines above and below a headline, and those after the text, say.

    A line of its own is taken for the source when it is said twice ("Reuters", "- Reuters"), stands in the
    copyright line after the text, or is short and has an outlet's word in it.
    """
    lines = [*below, *reversed(above)]  # nearest first
    texts = [page[a:b] for a, b in lines]
    source = author = published = None
    source_span = published_span = None
    for text, (start, _) in zip(texts, lines, strict=True):
        if len(text) > 200:
            continue
        if published is None and (found := find_date(text)):
            published, (low, high) = found
            published_span = (start + low, start + high)
        if author is None and (match := _BYLINE.match(text)):
            day = re.search(WRITTEN_DATE, text)  # "By Jane Doe March 3, 2014": the month is no name
            who = text[match.start("who") : min(match.end("who"), day.start() if day else len(text))]
            author = re.split(r"\s+(?:and agencies|in|on|at)\b", who)[0].strip(" ,.") or None
        if source is None and (match := _SOURCE.match(text)):
            if "@" in match["who"]:  # "From: Jane Doe <jane@example.org>" is who wrote a message
                author = author or match["who"].split("<")[0].strip(" \"'") or None
            else:
                source, source_span = match["who"], (start + match.start("who"), start + match.end("who"))
    if source is None:
        rights = {m["who"].strip().lower() for a, b in after if _claims(text := page[a:b]) and (m := _RIGHTS.search(text))}
        bare = [_bare(text) for text in texts]
        for text, name, (start, _) in zip(texts, bare, lines, strict=True):
            if (
                not 2 <= len(name) <= 40
                or not name[0].isupper()
                or len(name.split()) > 5
                or any(map(str.isdigit, name))
                or _BYLINE.match(text)
                or _menu(name)
            ):
                continue
            if (bare.count(name) > 1 and _named(name)) or name.lower() in rights or _OUTLET.search(name):
                if name.lower() in (
                    "news",
                    "daily",
                    "press",
                    "sun",
                    "star",
                    "today",
                    "national",
                    "magazine",
                    "review",
                    "network",
                ):
                    continue
                low = text.find(name)
                source, source_span = name, (start + low, start + low + len(name))
                break
    return Dateline(source, source_span, author, published, published_span)
