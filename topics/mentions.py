"""Where a text mentions a target.

Owns: the pattern language, and what counts as a mention of free text such as a name.
Does not know: sentences, stances.

A pattern is whole words, case folded; a hyphen and a space are the same, '*' at the end of a word stands
for any ending, and '...' for up to five words within a sentence: "aid ... to Ukrain*". After '&' stands what
else must be somewhere in the text: "ceasefire & Gaza" is mentioned by "ceasefire" where the text names Gaza.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from topics.errors import UsageError
from topics.pages import Span

_GAP = r"[\s\-‐‑–—]+"
_UP_TO_FIVE_WORDS = r"(?:[^\w.!?\n]+[\w’']+){0,5}?"
#: Words of a free-text target that mention nothing by themselves.
_SMALL = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from has have in is it of on or should that the this to was were with")
)


#: A piece that any match holds and the word it begins with, both in lower case, and the expression for the whole.
_Part = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Mentions:
    """The patterns of one target, ready to be looked for."""

    patterns: tuple[str, ...]
    #: For each pattern its parts between '&'.
    _compiled: tuple[tuple[_Part, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_compiled", tuple(_compile(p) for p in self.patterns))

    def find(self, text: str, lower: str | None = None) -> list[Span]:
        """Return the spans of `text` that mention the target, in order, overlapping ones joined.

        `lower` is `text.lower()`, for callers that look for many targets in one text.
        """
        lower = text.lower() if lower is None else lower
        found = sorted(
            span
            for first, *others in self._compiled
            if first[0] in lower and all(next(_matches(other, text, lower), None) for other in others)
            for span in _matches(first, text, lower)
        )
        joined: list[Span] = []
        for start, end in found:
            if joined and start < joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined


@cache
def _regex(expression: str) -> re.Pattern[str]:
    """Compile when a text first holds the piece: a hundred patterns would cost a short run 0.05 s."""
    return re.compile(expression, re.IGNORECASE)


def _matches(part: _Part, text: str, lower: str) -> Iterator[Span]:
    """Yield the matches of a part from left to right, apart from each other.

    A search for the fixed pieces costs a hundredth of the expression, which looks into every word; most texts hold none.
    """
    piece, first, expression = part
    if piece not in lower:
        return
    regex = _regex(expression)
    if len(lower) != len(text):  # a letter whose lower case is two
        yield from (match.span() for match in regex.finditer(text))
        return
    at = lower.find(first)
    while at >= 0:
        match = regex.match(text, at)
        if match is not None:
            yield match.span()
        at = lower.find(first, at + 1 if match is None else match.end())


def _compile(pattern: str) -> tuple[_Part, ...]:
    parts = [_compile_part(part) for part in pattern.split("&")]
    if None in parts:
        raise UsageError(
            f"the pattern {pattern!r} cannot be read: words, '*' at the end of a word, '...' between words, '&' between parts; "
            'an example: "aid ... to Ukrain*"'
        )
    return tuple(part for part in parts if part is not None)


def _compile_part(part: str) -> _Part | None:
    words = re.sub(r"\s*(?:\.\.\.|…)\s*", " … ", part).replace("-", " ").split()
    if not words or "…" in (words[0], words[-1]) or any(w.strip("*") == "" or "*" in w[:-1] for w in words):
        return None
    looked_for = [r"(?<!\w)"]
    for i, word in enumerate(words):
        if word == "…":
            looked_for.append(_UP_TO_FIVE_WORDS)
            continue
        if i:
            looked_for.append(_GAP if words[i - 1] != "…" else r"[^\w.!?\n]+")
        looked_for.append(re.escape(word[:-1]) + r"\w*" if word.endswith("*") else re.escape(word))
    looked_for.append(r"(?!\w)")
    piece = max((w.rstrip("*").lower() for w in words if w != "…"), key=len)
    return piece, words[0].rstrip("*").lower(), "".join(looked_for)


def free_patterns(target: str) -> tuple[str, ...]:
    """Return what mentions a target given as free text.

    A name ("Angela Merkel") is mentioned by all of it or by its last word; other text ("legalization of
    abortion") by any of its words of three letters or more, with any ending.
    """
    words = [w for w in re.findall(r"[\w’']+", target) if w.lower() not in _SMALL]
    if not words:
        return ()
    if all(w[:1].isupper() for w in words) and len(words) <= 4:
        return tuple(dict.fromkeys([" ".join(words), words[-1]]))
    return tuple(dict.fromkeys(p for w in words for p in _any_ending(w))) or (" ".join(words),)


def _any_ending(word: str) -> tuple[str, ...]:
    """Return patterns for a word of a phrase; a short one ("gun", "tax") begins too many others to stand for any ending."""
    if len(word) > 3:
        return (f"{word[:-2]}*" if len(word) > 6 else f"{word}*",)
    return (word, f"{word}s", f"{word}es") if len(word) == 3 else ()


def sentences_around(sentences: Sequence[Span], mentions: Sequence[Span], context: int) -> list[int]:
    """Return the ascending numbers of the sentences with a mention and of `context` on either side of each."""
    kept: set[int] = set()
    starts, ends = [start for start, _ in sentences], [end for _, end in sentences]
    for start, end in mentions:
        # The sentences that the mention touches: the first that ends after it begins, to the last that begins before it ends.
        first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
        if first <= last:
            kept.update(range(max(0, first - context), min(len(sentences), last + context + 1)))
    return sorted(kept)
