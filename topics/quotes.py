"""Who is speaking: quoted stretches of an article and the speakers they are attributed to.

Owns: pairing quotation marks, finding the attribution beside a quote, and the speaker as written.
Does not know: what a quote says about a target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from topics.pages import Span

_VERB = (
    r"(?:said|says|saying|added|adds|argued|argues|warned|warns|told|tells|insisted|insists|claimed|claims|wrote|writes"
    r"|declared|declares|noted|notes|complained|complains|replied|admitted|admits|explained|explains|asked|asks|stressed"
    r"|urged|urges|reminded|joked|testified|recounted|confirmed|promised|vowed|predicted|acknowledged|concluded|tweeted|posted|according\s+to|countered|conceded|concedes|remarked|observed|recalled)"
)
_OPENING = {"“": "”", "«": "»", '"': '"', "‘": "’", "'": "'"}
# A straight or curly single mark opens only after a space or an opening bracket, or it would be an apostrophe.
_MARK = re.compile(r"[“«\"]|(?<![\w’'])[‘'](?=\w)")
#: Who they are stands further up, if anywhere.
_PRONOUNS = ("he", "she", "they")
_NOBODY = ("it", "one", "i", "we", "who", "which", "that", "you")
#: Nobody is quoted for longer without a paragraph in between; bounds the search for a mark that never comes.
MAX_CHARACTERS = 3000
#: A quote of fewer words is a title or a turn of phrase in quotation marks, not somebody speaking.
MIN_WORDS = 4
# “...,” said the mayor of Hull. | “...,” the mayor said on Monday
_AFTER = re.compile(
    rf"[\s,]*(?:(?:{_VERB})\s+(?P<after>(?!that\b|on\b|in\b|to\b|at\b|it\b)[^.,;:!?“”\"\n—]{{2,80}})"
    rf"|(?P<before>(?!and\b|but\b|as\b|which\b|in\b|on\b)[^.;:!?“”\"\n—]{{2,80}}?),?\s+(?:{_VERB})\b)",
    re.IGNORECASE,
)
# The mayor of Hull said: “... | As the mayor of Hull told reporters on Monday, “...
_BEFORE = re.compile(
    rf"(?:^|[.!?;:\n”\"]\s*)(?:as\s+|but\s+|and\s+)?(?P<before>[^.;:!?“”\"\n]{{2,80}}?),?\s+(?:{_VERB})\b[^.!?“”\"\n]{{0,60}}?[\s,:]*$",
    re.IGNORECASE,
)
# ..., the judge told her. | Sentencing her, the judge said that ...: whoever is said to speak, wherever it stands.
_SAYS = re.compile(
    rf"(?:^|[.!?;:,\n”\"]\s*)(?:as\s+|but\s+|and\s+)?(?P<who>(?!that\b|which\b)[^.,;:!?“”\"\n—]{{2,60}}?)\s+(?:{_VERB})\b",
    re.IGNORECASE,
)
#: How far back "she said" may look for the one who speaks.
_REACH = 400
_TAIL = re.compile(
    r"\s+(?:on|in|at|during|after|before|as|when|while|who|adding|told|to|yesterday|today|last|this|late|early|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b.*$"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quoted stretch, marks included, and who is said to speak it, as written."""

    span: Span
    #: "she" where the text names nobody; None where it does not say that somebody speaks.
    speaker: str | None


def find_quotes(text: str) -> list[Quote]:
    """Return the quotes of at least four words, in order; an unclosed one ends with its paragraph, or after 3,000 characters."""
    found: list[Quote] = []
    at = 0
    while (mark := _MARK.search(text, at)) is not None:
        begin = mark.start()
        paragraph = text.find("\n", begin)
        paragraph = min(len(text) if paragraph < 0 else paragraph, begin + MAX_CHARACTERS)
        end = _closing(text, begin + 1, paragraph, _OPENING[mark.group()])
        if end is None:
            # Curly and angled marks say which way they face; a straight one that is never closed says nothing.
            at = begin + 1
            if mark.group() not in "“«":
                continue
            end = paragraph
        if len(text[begin:end].split()) >= MIN_WORDS:
            speaker = _speaker(text, begin, end)
            if speaker is None or speaker.lower() in _PRONOUNS:
                speaker = _carried(text, begin, found) or (_last_to_speak(text, begin) or speaker if speaker else None)
            found.append(Quote((begin, end), speaker))
        at = end
    return found


# An apostrophe has letters on both sides; a closing mark does not.
_CLOSING = {mark: re.compile(re.escape(mark) + (r"(?![^\W_])" if mark in "’'" else "")) for mark in _OPENING.values()}


def _closing(text: str, begin: int, limit: int, mark: str) -> int | None:
    found = _CLOSING[mark].search(text, begin, limit)
    return None if found is None else found.end()


def _speaker(text: str, begin: int, end: int) -> str | None:
    after = _AFTER.match(text, end, min(len(text), end + 120))
    if after is not None:
        return _tidy(after.group("after") or after.group("before"))
    before = _BEFORE.search(text[max(0, begin - 160) : begin])
    return _tidy(before.group("before")) if before is not None else None


def _carried(text: str, begin: int, found: list[Quote]) -> str | None:
    """Return the speaker of the quote before, where nothing but space and an attribution stands between the two."""
    if not found:
        return None
    between = text[found[-1].span[1] : begin]
    return found[-1].speaker if len(between) <= 120 and not re.search(r"[.!?]\s+\S.*[.!?]\s", between) else None


def _last_to_speak(text: str, begin: int) -> str | None:
    """Return whom the paragraph says to have spoken before a quote by "he" or "she"; None where it says nobody."""
    from_ = max(text.rfind("\n", 0, begin) + 1, begin - _REACH)
    names = [_tidy(match.group("who")) for match in _SAYS.finditer(text[from_:begin])]
    return next((name for name in reversed(names) if name and name.lower() not in _PRONOUNS), None)


def _tidy(speaker: str) -> str | None:
    speaker = _TAIL.sub("", " ".join(speaker.split())).strip(" ,'’‘")
    words = speaker.split()
    return None if not words or len(words) > 12 or speaker.lower() in _NOBODY else speaker
