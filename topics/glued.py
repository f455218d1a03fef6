"""Lines that hold headline and text at once: rows of tables, digests, articles squeezed onto one line.

Owns: where such a line is parted.
Does not know: which lines open an article (`segment`), marks and tags around headlines (`headlines`).

A separator is believed when nearly every first line of the page has it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from topics.datelines import WRITTEN_DATE
from topics.headlines import MARK
from topics.pages import Span

#: What may stand between a headline and its text on the same line, strongest first.
_BETWEEN = (
    "\t",
    " | ",
    "|",
    '","',
    '";"',
    "** ",
    " // ",
    " — ",
    " – ",
    " -- ",
    ".— ",
    " - ",
    " * ",
    ": ",
    "  ",
    ". ",
)
#: The end of a first sentence; a question mark stays with the headline.
_END = re.compile(r"[.?!]”?[\"']? +")


#: "By First Last" with or without a date, or a date alone, in the middle of a line. A third name is mostly the text's
#: first word.
_NAME = r"[A-Z][\w’'-]*[a-z](?: [A-Z]\.)? (?:de |van |von |al-|bin )?[A-Z][\w’'-]+"
_BY = rf"(?:By|BY) {_NAME}(?:,? (?:and|AND) {_NAME})?[\s,|–—•·-]*"
_HEAD = re.compile(rf"\s+(?:[-|–—•·]\s+)?(?:{_BY}(?:{WRITTEN_DATE})?|(?:{WRITTEN_DATE}))[\s,|–—•·:-]*")
#: A headline has so many words, and its line is read so far; the share of the lines that must show a byline or a date to be
#: parted there.
_FEWEST, _MOST, _FAR, _NEARLY = 2, 25, 240, 0.6
#: Words of a headline that ends as a sentence does.
_SAID = 12


def _inner_heads(lines: Sequence[str]) -> list[tuple[Span, Span]] | None:
    """Part lines at the byline or the date between headline and text."""
    found = [_HEAD.search(line, 8, _FAR) for line in lines]
    good = [
        m is not None and _FEWEST <= len(line[: m.start()].split()) <= _MOST and len(line) - m.end() > m.end()
        for line, m in zip(lines, found, strict=True)
    ]
    if sum(good) < max(2, _NEARLY * len(lines)):
        return None
    return [
        ((0, m.start()), (m.end(), len(line))) if fits and m is not None else ((0, 0), (0, len(line)))
        for line, m, fits in zip(lines, found, good, strict=True)
    ]


def _cut(line: str, separator: str) -> Span | None:
    """Return where headline and text part: the end of the one, the beginning of the other."""
    if separator != ". ":
        cut = line.find(separator, 8, _FAR)
        return (cut, cut + len(separator)) if cut > 0 else None
    end = _END.search(line, 8, _FAR)
    return (end.start() + (line[end.start()] != "."), end.end()) if end else None


def inner_head(line: str) -> bool:
    """Return whether a line goes on after two to 25 words with a byline or a date."""
    found = _HEAD.search(line, 8, _FAR)
    return found is not None and _FEWEST <= len(line[: found.start()].split()) <= _MOST and ". " not in line[: found.start()]


def unglue(lines: Sequence[str]) -> list[tuple[Span, Span]] | None:
    """Return (headline, text) spans for lines that each hold both, or None where the page shows no such habit.

    A separator counts when it stands after 2 to 25 words in nearly every line and much text follows it.
    """
    for separator in _BETWEEN[:5]:
        cells = _cells(lines, separator)
        if cells:
            return cells
    heads = _inner_heads(lines)
    if heads:
        return heads
    listed = all(map(MARK.match, lines))
    for separator in _BETWEEN[5:]:
        # The first sentence of a text is no headline, unless it is short or the page is a list.
        most = _MOST if separator != ". " or listed else _SAID
        cuts = [_cut(line, separator) for line in lines]
        good = [
            c is not None and _FEWEST <= len(line[: c[0]].split()) <= most and len(line) - c[1] > c[0]
            for c, line in zip(cuts, lines, strict=True)
        ]
        if len(lines) >= 2 and sum(good) >= 0.85 * len(lines):
            out = []
            for line, cut, fits in zip(lines, cuts, good, strict=True):
                mark = MARK.match(line)
                start = mark.end() if mark else 0
                out.append(
                    ((start, cut[0]), (cut[1], len(line))) if fits and cut and cut[0] > start else ((0, 0), (0, len(line)))
                )
            return out
    return None


def _cells(lines: Sequence[str], separator: str) -> list[tuple[Span, Span]] | None:
    """Read the lines as rows of a table: the longest cell is the text, the wordiest before it the headline."""
    rows = [_bounds(line, separator) for line in lines]
    widths = Counter(map(len, rows))
    width, usual = min(widths.items(), key=lambda item: (-item[1], item[0]))
    if width < 2 or usual < 0.8 * len(lines):
        return None
    out: list[tuple[Span, Span]] = []
    for line, row in zip(lines, rows, strict=True):
        text = max(range(len(row)), key=lambda k: row[k][1] - row[k][0])
        before = [k for k in range(text) if len(line[slice(*row[k])].split()) >= 2]
        head = max(before, key=lambda k: (len(line[slice(*row[k])].split()), -k)) if before else None
        span = row[head] if head is not None else (0, 0)
        # The first cell of a quoted row still carries the unquoted cells before it: 7,2024-05-01,"Headline
        opening = max(line.rfind(',"', *span), line.rfind(';"', *span))
        out.append(((opening + 2, span[1]) if opening >= 0 else span, row[text]))
    return out


def _bounds(line: str, separator: str) -> list[Span]:
    spans, start = [], 0
    while True:
        cut = line.find(separator, start)
        end = len(line) if cut < 0 else cut
        left, right = start, end
        while left < right and line[left] == " ":
            left += 1
        while right > left and line[right - 1] == " ":
            right -= 1
        if separator[0] == '"':  # the row's quotation marks, of which a cell has one, both or none
            while left < right and line[left] == '"':
                left += 1
            while right > left and line[right - 1] == '"':
                right -= 1
        elif (
            right - left > 2
            and line[left] == line[right - 1]
            and line[left] in "\"'"
            and line.count(line[left], left, right) == 2
        ):
            left, right = left + 1, right - 1
        spans.append((left, right))
        if cut < 0:
            return spans
        start = cut + len(separator)
