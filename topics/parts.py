"""Parts of one article: the letters of a letters page, the posts of a live page.

Owns: sign-offs, times of day that open a post.
Does not know: articles (`segment`); it is given one article's text spans.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from topics.datelines import CLOCK, CLOCK_LENGTH
from topics.pages import Span

_NAME = r"[A-Z][\w.’'-]*"
_OPENER = (
    r"(?:If|The|A|An|In|On|At|It|I|We|As|For|When|With|While|This|That|There|Your|Sir|Dear|My|Our|He|She|They|What|Why|How|Who|Since|After|Before|Having|May|Is|Are|So|Not|No|But|One)\b|"
    r"[A-Z][A-Z’']{2,}\b"
)
#: A name and a place after the last sentence of a letter: "Ivor Example Upper Town, Fife", "Name and address supplied".
_SIGNED = re.compile(
    rf"(?<=[.!?’'\"”)])\s+(?P<who>(?:[Nn]ame and address supplied|(?!{_OPENER}){_NAME}(?:,?\s+(?!{_OPENER}\s)(?:{_NAME}|of|"
    rf"and|de|van)){{1,8}}(?:,?\s+(?:via|by)\s+e-?mail)?))"
    rf"(?=\s+(?:{_OPENER})|\s*$)"
)
_SIGNED_LINE = re.compile(
    rf"(?:{_NAME}(?:,?\s+(?:{_NAME}|of|and|de|van)){{1,8}}(?:,?\s+(?:via|by)\s+e-?mail)?|Name and address supplied)\.?$"
)
#: "Batley", "Upper Denby, Fife" on a line of its own under the name.
_PLACE_LINE = re.compile(rf"{_NAME}(?:,?\s+(?:{_NAME}|of|the|on)){{0,5}}\.?$")
#: A letters page has at least this many letters; fewer sign-offs may be anything.
LETTERS = 2
POSTS = 3


def find_parts(page: str, body: Sequence[Span], between: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return one span per letter or post, in order; empty for an ordinary article.

    body: the article's paragraphs. between: lines that stand between them and are none (a live page's times).
    """
    if not body:
        return ()
    return _letters(page, body) or _posts(page, body, between)


def _letters(page: str, body: Sequence[Span]) -> tuple[Span, ...]:
    # Letters end in a name: where the last one does not, names further up are something else.
    start, end = body[-2] if len(body) > 1 and _place(page, body, len(body) - 1) else body[-1]
    if page[end - 1] in '.!?…”"' or not (_SIGNED_LINE.match(page[start:end]) or _SIGNED.search(page, max(start, end - 160), end)):
        return ()
    ends: list[tuple[int, int]] = []  # paragraph, end of its sign-off
    for k, (start, end) in enumerate(body):
        if end - start <= 80 and k and _SIGNED_LINE.match(page[start:end]) and page[body[k - 1][1] - 1] in ".!?’'\"”":
            ends.append((k, end))
        else:
            ends += [(k, start + match.end()) for match in _SIGNED.finditer(page[start:end])]
    ends = [(k + 1, body[k + 1][1]) if end == body[k][1] and _place(page, body, k + 1) else (k, end) for k, end in ends]
    if len(ends) < LETTERS or body[-1][1] - ends[-1][1] > 2:
        return ()
    parts: list[Span] = []
    at = body[0][0]
    for k, end in ends:
        parts.append((at, end))
        rest = next((i for i in range(end, body[k][1]) if not page[i].isspace()), None)
        at = rest if rest is not None else body[k + 1][0] if k + 1 < len(body) else end
    return tuple(parts)


def _place(page: str, body: Sequence[Span], k: int) -> bool:
    """Return whether paragraph `k` is a place under the name a letter is signed with, and no sub-heading of the next."""
    if k >= len(body) or k < 2 or body[k][1] - body[k][0] > 40 or not _PLACE_LINE.match(page[slice(*body[k])]):
        return False
    signed = _SIGNED_LINE.match(page[slice(*body[k - 1])]) and page[body[k - 2][1] - 1] in ".!?’'\"”"
    # A place stands under every name, a sub-heading above every letter but the first: after the last name stands a place alone.
    return bool(signed) and (k == len(body) - 1 or _place(page, body, len(body) - 1))


def _posts(page: str, body: Sequence[Span], between: Sequence[Span]) -> tuple[Span, ...]:
    opens = sorted(start for start, end in [*between, *body] if end - start <= CLOCK_LENGTH and CLOCK.fullmatch(page[start:end]))
    if len(opens) < POSTS:
        return ()
    ends = [
        max((b for _, b in body if b <= after), default=start)
        for start, after in zip(opens, [*opens[1:], body[-1][1] + 1], strict=True)
    ]
    return tuple((a, b) for a, b in zip(opens, ends, strict=True) if b > a)
