"""Lines of a page: where they break, and which of them were one line before somebody wrapped the text.

Owns: line breaks, white space, hard-wrap detection, the arrays of `Lines`.
Does not know: what a line is for (`shapes`, `segment`).

A line ends at \\n, \\r, \\r\\n, vertical tab, form feed, NEL, U+2028 or U+2029. The information separators
U+001C–U+001E, which `str.splitlines` also breaks at, are white space here: they come from broken
encodings, in the middle of sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from topics import kernels

Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.uint32]

UPPER, LOWER, DIGIT, SPACE, BREAK, TERMINAL, SIGN, LETTER = (1 << k for k in range(8))
#: Code points from here on are looked up as one letter without case (CJK and beyond).
_KNOWN = 0x3000
_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_INVISIBLE = "\u200b\u200c\u200d\u2060\u200e\u200f\u00ad"


@cache
def classes() -> npt.NDArray[np.uint8]:
    """Return the class bits of the code points below U+3000, and at the end those of all others."""
    table = np.zeros(_KNOWN + 1, np.uint8)
    chars = "".join(map(chr, range(_KNOWN)))
    for bit, test in (
        (UPPER, str.isupper),
        (LOWER, str.islower),
        (DIGIT, str.isdigit),
        (SPACE, str.isspace),
        (LETTER, str.isalpha),
    ):
        table[:-1] |= np.fromiter(map(test, chars), np.bool_, _KNOWN).astype(np.uint8) * np.uint8(bit)
    for text, bit in ((_BREAKS, BREAK | SPACE), (_INVISIBLE, SPACE), (".!?…", TERMINAL)):
        for char in text:
            table[ord(char)] |= bit
    table[:-1] |= np.where(table[:-1] & (UPPER | LOWER | DIGIT | SPACE | LETTER), 0, SIGN).astype(np.uint8)
    table[-1] = LETTER
    return table


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a page that hold more than white space, wrapped lines joined; one row a line."""

    #: Code points of the page, and their class bits.
    codes: Codes
    bits: npt.NDArray[np.uint8]
    #: First character, and one past the last, without surrounding white space.
    start: Ints
    end: Ints
    #: Blank lines before (on the first row: from the top of the page).
    blank: Ints
    #: Columns of white space before the first character.
    indent: Ints
    #: Lines of the page that make up this one (1 unless joined).
    rows: Ints
    #: Whether the page is hard-wrapped.
    wrapped: bool
    #: Whether the compiled kernels read this page; it changes the time and nothing else.
    fast: bool = False

    def __len__(self) -> int:
        return len(self.start)


def code_points(text: str) -> Codes:
    """Return the code points of `text`; lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def find_lines(text: str) -> Lines:
    """Return the lines of `text`. Linear in its length; a text of white space has none."""
    codes = code_points(text)
    read = _compiled_lines if kernels.pays(len(codes)) else _plain_lines
    lines = read(codes)
    bare = _without_margin(lines)
    if bare is not None:
        without = read(bare)
        if len(without):  # a page of nothing but such signs stays as it is
            lines = replace(without, indent=np.maximum(without.indent - int(np.median(without.indent)), 0))
    return _unwrap(lines) if not lines.fast or _may_be_wrapped(lines) else lines


#: Signs that mail programs put before each line of what is passed on, and the share of a page's lines that must have them.
_MARGIN, _NEARLY_ALL = (ord(">"), ord("|")), 0.8


def _without_margin(lines: Lines) -> Codes | None:
    """Return the code points with spaces in place of the sign that nearly all lines begin with ("> "), None for other pages."""
    n = len(lines)
    if n < FEWEST or int(lines.codes[lines.start[n // 2]]) not in _MARGIN:
        return None
    sign = lines.codes[lines.start[n // 2]]
    marked = lines.start[lines.codes[lines.start] == sign]
    if len(marked) < _NEARLY_ALL * n:
        return None
    codes = lines.codes.copy()
    while len(marked):  # "> > " is a margin of two
        codes[marked] = ord(" ")
        marked = np.minimum(marked + 1, len(codes) - 1)
        marked = np.where(codes[marked] == ord(" "), np.minimum(marked + 1, len(codes) - 1), marked)
        marked = marked[codes[marked] == sign]
    return codes


def _compiled_lines(codes: Codes) -> Lines:
    """Return the lines as `_plain_lines` does."""
    from topics import kernels_alike, kernels_lines, kernels_net, kernels_place, kernels_shapes, kernels_ties, kernels_turns

    rooms = (kernels_lines, kernels_shapes, kernels_place, kernels_alike, kernels_ties, kernels_net, kernels_turns)
    kernels.ready(*(kernel for room in rooms for kernel in room.ALL))
    bits = np.empty(len(codes), np.uint8)
    most = kernels_lines.read_bits(codes, classes(), bits) + 1
    start, end, blank, indent = (np.empty(most, np.int64) for _ in range(4))
    n = kernels_lines.read_lines(codes, bits, start, end, blank, indent)
    return Lines(codes, bits, start[:n], end[:n], blank[:n], indent[:n], np.ones(n, np.int64), False, True)


def _may_be_wrapped(lines: Lines) -> bool:
    """Return whether enough lines run on into the next; a quick no to what `_unwrap` asks first."""
    from topics import kernels_lines

    found = kernels_lines.runs_on(lines.bits, lines.start, lines.end, lines.blank, lines.indent, NARROWEST, WIDEST)
    return bool(found >= FEWEST)


def _plain_lines(codes: Codes) -> Lines:
    """Return the lines, none joined: the specification of the kernels, and the way for small pages."""
    bits = classes()[np.minimum(codes, _KNOWN)]
    breaks = np.flatnonzero(bits & BREAK)
    if len(breaks) and (codes[breaks] == 13).any():
        pair = np.zeros(len(breaks), np.bool_)
        pair[:-1] = (codes[breaks[:-1]] == 13) & (codes[breaks[1:]] == 10) & (np.diff(breaks) == 1)
        breaks = breaks[~pair]
    first = np.concatenate(([0], breaks + 1))
    last = np.concatenate((breaks, [len(codes)]))
    ink = np.flatnonzero(~bits & SPACE)
    low, high = np.searchsorted(ink, first), np.searchsorted(ink, last)
    kept = np.flatnonzero(high > low)
    start = ink[low[kept]] if len(kept) else np.zeros(0, np.int64)
    end = ink[high[kept] - 1] + 1 if len(kept) else np.zeros(0, np.int64)
    blank = np.diff(kept, prepend=-1) - 1
    indent = start - first[kept]
    return Lines(codes, bits, start, end, blank, indent, np.ones(len(kept), np.int64), False)


# A page is taken for hard-wrapped when the lines that run on into lower case end between these columns. Editors wrap
# at 60 to 80, some lists at 50, some archives at 120.
NARROWEST, WIDEST = 40, 132
#: Fewest such lines of a hard-wrapped page.
FEWEST = 3
#: Share of full lines that must run on into a line that begins in lower case. Wrapped English has 0.75 to 0.9; a page
#: of headlines or one-sentence paragraphs has under 0.1.
RUNNING_ON = 0.35


def _unwrap(lines: Lines) -> Lines:
    """Join the lines of a hard-wrapped page into the lines they were."""
    n = len(lines)
    if n < 4:
        return lines
    bits, start = lines.bits, lines.start
    edge = lines.indent + lines.end - lines.start
    close = lines.blank[1:] == 0
    lower = (
        close
        & (bits[start[1:]] & LOWER).astype(np.bool_)
        & ~_addresses(lines)[1:]
        & (edge[:-1] >= NARROWEST)
        & (edge[:-1] <= WIDEST)
    )
    found = int(lower.sum())
    if found < FEWEST:
        return lines
    ends = np.flatnonzero(np.diff(np.concatenate(((bits & SPACE).astype(np.int8), [SPACE]))) > 0) + 1
    word = ends[np.searchsorted(ends, start, side="right")] - start
    # Where a line breaks in mid-sentence the next word would not have fitted: the width lies between the longest
    # line and the least of these sums, a few outliers aside (titles with a suffix, addresses, hyphens).
    needed = edge[:-1] + 1 + word[1:]
    width = int(np.partition(needed[lower], found // 25)[found // 25])
    longest = int(np.partition(edge[:-1][lower], found - 1 - found // 25)[found - 1 - found // 25])
    full = close & (needed >= width) & (edge[:-1] <= width + 40)
    if longest > width + 4 or (full & lower).sum() < RUNNING_ON * full.sum():
        return lines
    # Another indent than that of the lines that run on opens a paragraph.
    margin = int(np.median(lines.indent[1:][lower]))
    joint = full & (lower | (lines.indent[1:] == margin) | ((lines.indent[1:] == 0) & (lines.indent[:-1] == 0)))
    # A line of signs underlines a headline or parts articles.
    letters = np.concatenate(([0], np.cumsum((bits & np.uint8(UPPER | LOWER | LETTER | DIGIT)) != 0)))
    signs = letters[lines.end] == letters[start]
    joint &= ~signs[1:] & ~signs[:-1]
    joint &= ~_addresses(lines)[1:]
    # A line that stands out over the right edge was never wrapped: what follows it begins anew.
    joint &= lower | (edge[:-1] <= width + 4)
    joint &= ~_bylines(lines)[1:]
    # "Message-ID: ..." is a field of its own, however full the line above it.
    joint &= ~((lines.codes[start[1:] + word[1:] - 1] == ord(":")) & ((bits[start[1:]] & UPPER) != 0))
    heads = np.flatnonzero(np.concatenate(([True], ~joint)))
    tails = np.concatenate((heads[1:], [n])) - 1
    return Lines(
        lines.codes,
        bits,
        start[heads],
        lines.end[tails],
        lines.blank[heads],
        lines.indent[heads],
        tails - heads + 1,
        True,
        lines.fast,
    )


def _bylines(lines: Lines) -> Bools:
    """Return whether each line begins with "By" or "BY" and a capital."""
    last = len(lines.codes) - 1
    first, second, third, fourth = (np.minimum(lines.start + k, last) for k in range(4))
    said = (lines.codes[first] == ord("B")) & ((lines.codes[second] | 32) == ord("y")) & (lines.codes[third] == ord(" "))
    return np.asarray(said & ((lines.bits[fourth] & UPPER) != 0))


def _addresses(lines: Lines) -> Bools:
    """Return whether each line begins with a web address: it goes on no sentence, small as its first letter is."""
    last = len(lines.codes) - 1
    first, *then = (lines.codes[np.minimum(lines.start + k, last)] for k in range(6))
    web = (first == ord("h")) & ((then[3] == ord(":")) | (then[4] == ord(":")))
    return np.asarray(web | ((first == ord("w")) & (then[0] == ord("w")) & (then[2] == ord("."))))
