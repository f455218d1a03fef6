"""What each line looks like: length, case, punctuation, repetition, rhythm, shared words.

Owns: the features of the line model, one row a line, and their names.
Does not know: roles (`segment`), how lines are found (`lines`).

Everything is counted with numpy over the whole page; no step walks through characters or lines in Python.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics.lines import DIGIT, LETTER, LOWER, SPACE, TERMINAL, UPPER, Ints, Lines
from topics.shapes_page import cohesion, repetition
from topics.shapes_words import CLASSES, Words, find_words

Column = npt.NDArray[np.generic]

_CLOSERS = "”\"'’»)]*"
#: Characters whose presence in a line is a feature of its own.
_SIGNS = {
    "|": "a bar", "•": "a bullet", "·": "a bullet", "›": "an arrow", "»": "an arrow", ">": "an arrow", "→": "an arrow",
    "/": "a slash", "@": "an @", "©": "a ©", ":": "a colon", "–": "a dash",
    "—": "a dash", "“": "a quote", "\"": "a quote", "#": "a #", "\t": "a tab", "(": "a bracket", "[": "a square bracket",
    "{": "a brace", "=": "an equals sign", "_": "an underscore", ";": "a semicolon",
    ",": "a comma", "$": "a currency sign", "£": "a currency sign", "*": "an asterisk", "…": "an ellipsis", "%": "a percent sign",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shapes:
    """The features of a page's lines."""

    names: tuple[str, ...]
    #: (n_lines, n_features) float32, each about 0 to 1.
    values: npt.NDArray[np.float32]
    words: Words
    #: Equal for lines that hold the same words, digits aside.
    template: Ints


class _Columns(dict[str, Column]):
    """Columns by name; numbers are kept in single precision: a million lines have a gigabyte of features otherwise."""

    def __setitem__(self, name: str, column: Column) -> None:
        super().__setitem__(name, column if column.dtype == np.bool_ else np.asarray(column, np.float32))


def shapes(lines: Lines) -> Shapes:
    """Return the features of `lines`; none for a page without lines."""
    words = find_words(lines)
    found: dict[str, Column] = _Columns()
    count = np.diff(words.bounds)
    _lengths(found, lines, words, count)
    _case(found, lines, words, count)
    _edges(found, lines)
    _signs(found, lines)
    _lexical(found, words, count)
    _rhythm(found, lines, count)
    template = repetition(found, lines, words, count)
    cohesion(found, words, len(lines))
    values = np.empty((len(lines), len(found)), np.float32)
    for k, column in enumerate(found.values()):
        values[:, k] = column
    return Shapes(tuple(found), values, words, template)


def _sums(values: Column, words: Words) -> npt.NDArray[np.float64]:
    """Return the sum of a value per word over each line."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return total[words.bounds[1:]] - total[words.bounds[:-1]]


def _lengths(found: dict[str, Column], lines: Lines, words: Words, count: Ints) -> None:
    size = lines.end - lines.start
    for limit in (12, 30, 60, 100, 160, 300, 1200):
        found[f"length up to {limit}"] = np.minimum(size / limit, 1)
    for limit in (1, 3, 6, 12, 20, 40):
        found[f"words up to {limit}"] = np.minimum(count / limit, 1)
    found["no word"] = count == 0
    found["one word"] = count == 1
    found["long words"] = np.minimum(_sums(words.length, words) / np.maximum(count, 1) / 10, 1)


def _case(found: dict[str, Column], lines: Lines, words: Words, count: Ints) -> None:
    n = np.maximum(count, 1)
    upper, shouted, digit = (_sums(v, words) / n for v in (words.upper, words.shouted, words.digit))
    found["capitalized words"] = upper
    found["shouted words"] = shouted
    found["all in capitals"] = (shouted > 0.6) & (count > 1)
    found["numbers"] = digit
    found["title case"] = (upper > 0.6) & (count > 3)
    found["small letters but for the first word"] = (upper * n <= 1.5) & (count > 3)
    rest = np.maximum(count - 1, 1)
    first = np.zeros(len(lines))
    some = count > 0
    first[some] = words.upper[words.bounds[:-1][some]]
    found["capitalized words after the first"] = np.maximum(upper * n - first, 0) / rest


def _edges(found: dict[str, Column], lines: Lines) -> None:
    if not len(lines):
        head = tail = np.zeros(0, np.uint8)
        opener = closer = np.zeros(0, np.uint32)
        quoted = np.zeros(0, np.bool_)
    else:
        opener, head = lines.codes[lines.start], lines.bits[lines.start]
        at = lines.end - 1
        quoted = np.isin(lines.codes[at], _codes(_CLOSERS)) & (at > lines.start)
        closer, tail = lines.codes[at - quoted], lines.bits[at - quoted]
    for name, bit in (("capital", UPPER), ("small letter", LOWER), ("digit", DIGIT)):
        found[f"begins with a {name}"] = (head & bit) != 0
    for name, chars in (
        ("quote", "“\"'‘«"),
        ("dash", "-–—"),
        ("bullet", "•*·»>+"),
        ("#", "#@"),
        ("bracket", "([{<"),
        ("sign", "|=_~§©"),
    ):
        found[f"begins with a {name}"] = np.isin(opener, _codes(chars))
    found["ends like a sentence"] = (tail & TERMINAL) != 0
    found["ends with a closing mark"] = quoted
    for name, chars in (
        ("question mark", "?"),
        ("exclamation mark", "!"),
        ("ellipsis", "…"),
        ("colon", ":"),
        ("comma", ",;"),
        ("dash", "-–—"),
        ("sign", "|=_~>»*→#"),
    ):
        found[f"ends with a {name}"] = np.isin(closer, _codes(chars))
    found["ends with a letter"] = (tail & (UPPER | LOWER | LETTER)) != 0
    found["ends with a digit"] = (tail & DIGIT) != 0


def _codes(chars: str) -> npt.NDArray[np.uint32]:
    return np.fromiter(map(ord, chars), np.uint32, len(chars))


def _signs(found: dict[str, Column], lines: Lines) -> None:
    """Presence of telling characters, early colons, sentence ends inside, runs of spaces."""
    n = len(lines)
    groups = sorted(set(_SIGNS.values()))
    table = np.zeros(0x2200, np.uint8)
    for char, name in _SIGNS.items():
        table[ord(char)] = groups.index(name) + 1
    kind = table[np.minimum(lines.codes, 0x21FF)]
    at = np.flatnonzero(kind)
    line = np.searchsorted(lines.start, at, side="right") - 1
    counts = np.bincount(line.clip(0) * (len(groups) + 1) + kind[at], minlength=n * (len(groups) + 1))[
        : n * (len(groups) + 1)
    ].reshape(n, len(groups) + 1)
    for k, name in enumerate(groups, 1):
        found[f"has {name}"] = counts[:, k] > 0
    size = np.maximum(lines.end - lines.start, 1)
    found["many signs"] = np.minimum(counts[:, 1:].sum(axis=1) / size * 10, 1)
    colon = at[kind[at] == groups.index("a colon") + 1]
    early = colon[(colon - lines.start[(np.searchsorted(lines.start, colon, side="right") - 1).clip(0)]) < 22] if n else colon
    flag = np.zeros(n, np.bool_)
    flag[(np.searchsorted(lines.start, early, side="right") - 1).clip(0)[: len(early)]] = True
    found["an early colon"] = flag
    bits = lines.bits
    stop = np.flatnonzero(bits[:-2] & TERMINAL) if len(bits) > 2 else np.zeros(0, np.int64)
    stop = stop[((bits[stop + 1] & SPACE) != 0) & ((bits[stop + 2] & (LOWER | DIGIT)) == 0)]
    inner = np.bincount((np.searchsorted(lines.start, stop, side="right") - 1).clip(0), minlength=n)[:n] if n else np.zeros(0)
    within = np.minimum(inner / 3, 1)
    found["sentence ends inside"] = within
    clock = at[(kind[at] == groups.index("a colon") + 1)]
    clock = clock[(clock > 0) & (clock + 1 < len(bits))]
    clock = clock[((bits[clock - 1] & DIGIT) != 0) & ((bits[clock + 1] & DIGIT) != 0)]
    flag = np.zeros(n, np.bool_)
    flag[(np.searchsorted(lines.start, clock, side="right") - 1).clip(0)[: len(clock)]] = True
    found["a time of day"] = flag


def _lexical(found: dict[str, Column], words: Words, count: Ints) -> None:
    n = len(count)
    table = np.bincount(words.line * len(CLASSES) + words.kind, minlength=n * len(CLASSES)).reshape(n, len(CLASSES))
    share = table / np.maximum(count, 1)[:, None]
    first, last = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    some = count > 0
    first[some] = words.kind[words.bounds[:-1][some]]
    last[some] = words.kind[words.bounds[1:][some] - 1]
    for k, name in enumerate(CLASSES):
        if k == 0:
            continue
        found[f"{name}s"] = share[:, k]
        found[f"a {name}"] = table[:, k] > 0
        found[f"begins with a {name}"] = first == k
        if name not in ("speech word", "field word", "rights word"):
            found[f"ends with a {name}"] = last == k
    found["several function words"] = np.minimum(table[:, 1] / 6, 1)
    year = words.digit & (words.length == 4)
    found["a four-digit number"] = _sums(year, words) > 0
    found["a date"] = (table[:, CLASSES.index("month")] > 0) & (_sums(words.digit, words) > 0)


def _rhythm(found: dict[str, Column], lines: Lines, count: Ints) -> None:
    n = len(lines)
    blank = lines.blank
    after = np.append(blank[1:], 3)
    for k in (0, 1, 2):
        found[f"{k} blank lines before"] = blank == k
    found["many blank lines before"] = blank > 2
    found["no blank line after"] = after == 0
    found["blank lines after"] = np.minimum(after / 3, 1)
    usual = int(np.bincount(np.minimum(blank, 3), minlength=1).argmax()) if n else 0
    found["wider gap than usual before"] = blank > usual
    found["narrower gap than usual before"] = blank < usual
    found["wider gap than usual after"] = after > usual
    found["page without blank lines"] = np.full(n, usual == 0)
    found["share of blank lines"] = np.full(n, np.minimum(blank[1:], 1).mean() if n > 1 else 0.0)
    found["indented"] = lines.indent > 0
    found["deep indent"] = np.minimum(lines.indent / 20, 1)
    found["page is wrapped"] = np.full(n, lines.wrapped)
    found["was wrapped"] = lines.rows > 1
    place = np.arange(n)
    found["first line"] = place == 0
    found["top of the page"] = np.maximum(1 - place / 12, 0)
    found["end of the page"] = np.maximum(1 - (n - 1 - place) / 12, 0)
    long = count >= 18
    found["share of long lines"] = np.full(n, long.mean() if n else 0.0)
    here = np.where(long, place, -1)
    before = np.concatenate(([-1], np.maximum.accumulate(here)))[:-1] if n else here
    ahead = np.where(long, place, n)
    ahead = np.minimum.accumulate(ahead[::-1])[::-1]
    ahead = np.append(ahead[1:], n) if n else ahead
    since, until = place - before, ahead - place
    found["lines since running text"] = np.minimum(np.log1p(np.where(before < 0, 40, since)) / 4, 1)
    found["lines until running text"] = np.minimum(np.log1p(np.where(ahead >= n, 40, until)) / 4, 1)
    total = np.concatenate(([0], np.cumsum(np.minimum(count, 60))))
    for name, low, high in (
        ("words in the 4 lines before", -4, 0),
        ("words in the 4 lines after", 1, 5),
        ("words in the 15 lines before", -15, 0),
        ("words in the 15 lines after", 1, 16),
    ):
        a, b = np.clip(place + low, 0, n), np.clip(place + high, 0, n)
        found[name] = np.minimum((total[b] - total[a]) / (high - low) / 40, 1)
    middle = float(np.median(count[long])) if long.any() else 30.0
    found["length against the page's paragraphs"] = np.minimum(count / max(middle, 1.0), 2) / 2
