"""What each line looks like by itself and by its place: length, case, punctuation, kinds of words, gaps and rhythm.

Owns: the features of the line model that need no comparison with other lines' words, and their names.
Does not know: what lines share (`shapes_page`, `shapes_runs`), roles (`segment`), how lines are found (`lines`).

Everything is counted with numpy over the whole page; no step walks through characters or lines in Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt

from topics.lines import DIGIT, LETTER, LOWER, TERMINAL, UPPER, Bools, Ints, Lines
from topics.shapes_page import Column, Columns
from topics.shapes_signs import GROUPS, find_signs
from topics.shapes_words import CLASSES, Words

_CLOSERS = "”\"'’»)]*"


SIZES = (12, 30, 60, 100, 160, 300, 1200)
COUNTS = (1, 3, 6, 12, 20, 40)
#: Four features of each kind of word, the last left out of those that say nothing at the end of a line.
NOT_LAST = ("speech word", "field word", "rights word")
_LEXICAL = [""] * 4
for _name in CLASSES[1:]:
    _LEXICAL += f"{_name}s", f"a {_name}", f"begins with a {_name}", "" if _name in NOT_LAST else f"ends with a {_name}"

#: Stretches of lines whose words are counted, from and to, seen from the line.
AROUND = {
    "words in the 4 lines before": (-4, 0), "words in the 4 lines after": (1, 5),
    "words in the 15 lines before": (-15, 0), "words in the 15 lines after": (1, 16),
}  # fmt: skip


def _sums(values: Column, words: Words) -> npt.NDArray[np.float64]:
    """Return the sum of a value per word over each line."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return total[words.bounds[1:]] - total[words.bounds[:-1]]


def lengths(found: Columns, lines: Lines, words: Words, count: Ints) -> None:
    size = lines.end - lines.start
    found[[f"length up to {limit}" for limit in SIZES]] = np.minimum(size[:, None] / np.array(SIZES), 1)
    found[[f"words up to {limit}" for limit in COUNTS]] = np.minimum(count[:, None] / np.array(COUNTS), 1)
    found["no word"] = count == 0
    found["one word"] = count == 1
    found["long words"] = np.minimum(_sums(words.length, words) / np.maximum(count, 1) / 10, 1)


def case(found: Columns, lines: Lines, words: Words, count: Ints) -> None:
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


#: What a line begins with, and what it ends with, by name.
OPENERS = {
    "quote": "“\"'‘«", "dash": "-–—", "bullet": "•*·»>+", "#": "#@", "bracket": "([{<", "sign": "|=_~§©",
}  # fmt: skip
ENDERS = {
    "question mark": "?", "exclamation mark": "!", "ellipsis": "…", "colon": ":", "comma": ",;", "dash": "-–—",
    "sign": "|=_~>»*→#",
}  # fmt: skip


@cache
def marks() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Return for the code points below U+2200 the bits of the openers and enders they are, and whether they close."""
    size = 0x2201
    openers, enders, closers = np.zeros(size, np.uint8), np.zeros(size, np.uint8), np.zeros(size, np.bool_)
    for table, groups in ((openers, OPENERS), (enders, ENDERS)):
        for k, chars in enumerate(groups.values()):
            for char in chars:
                table[ord(char)] |= 1 << k
    closers[[ord(char) for char in _CLOSERS]] = True
    return openers, enders, closers


def edges(found: Columns, lines: Lines) -> None:
    openers, enders, closers = marks()
    known = np.uint32(len(closers) - 1)
    at = lines.end - 1
    quoted = closers[np.minimum(lines.codes[at], known)] & (at > lines.start)
    at = at - quoted
    head, tail = lines.bits[lines.start], lines.bits[at]
    opener, ender = openers[np.minimum(lines.codes[lines.start], known)], enders[np.minimum(lines.codes[at], known)]
    cases = {"capital": UPPER, "small letter": LOWER, "digit": DIGIT}
    found[[f"begins with a {name}" for name in cases]] = _bits(head, cases.values())
    found[[f"begins with a {name}" for name in OPENERS]] = _bits(opener, (1 << k for k in range(len(OPENERS))))
    found["ends like a sentence"] = (tail & TERMINAL) != 0
    found["ends with a closing mark"] = quoted
    found[[f"ends with a {name}" for name in ENDERS]] = _bits(ender, (1 << k for k in range(len(ENDERS))))
    found["ends with a letter", "ends with a digit"] = _bits(tail, (UPPER | LOWER | LETTER, DIGIT))


def _bits(values: npt.NDArray[np.uint8], masks: Iterable[int]) -> Bools:
    """Return whether each value has a bit of each mask: (n_values, n_masks)."""
    return np.asarray((values[:, None] & np.fromiter(masks, np.uint8)) != 0)


def signs(found: Columns, lines: Lines) -> None:
    """Presence of telling characters, early colons, sentence ends inside."""
    held = find_signs(lines)
    found[[f"has {name}" for name in GROUPS]] = held.counts[:, 1:] > 0
    size = np.maximum(lines.end - lines.start, 1)
    found["many signs"] = np.minimum(held.counts.sum(axis=1) / size * 10, 1)
    found["an early colon"] = held.early_colon
    found["sentence ends inside"] = np.minimum(held.stops / 3, 1)
    found["a time of day"] = held.time_of_day


def lexical(found: Columns, words: Words, count: Ints) -> None:
    n = len(count)
    table = np.bincount(words.line * len(CLASSES) + words.kind, minlength=n * len(CLASSES)).reshape(n, len(CLASSES))
    share = table / np.maximum(count, 1)[:, None]
    first, last = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    some = count > 0
    first[some] = words.kind[words.bounds[:-1][some]]
    last[some] = words.kind[words.bounds[1:][some] - 1]
    kinds = np.arange(len(CLASSES), dtype=np.uint8)
    each = np.stack((share, table > 0, first[:, None] == kinds, last[:, None] == kinds), axis=2).reshape(n, len(_LEXICAL))
    found[[name for name in _LEXICAL if name]] = each[:, [k for k, name in enumerate(_LEXICAL) if name]]
    found["several function words"] = np.minimum(table[:, 1] / 6, 1)
    year = words.digit & (words.length == 4)
    found["a four-digit number"] = _sums(year, words) > 0
    found["a date"] = (table[:, CLASSES.index("month")] > 0) & (_sums(words.digit, words) > 0)


def rhythm(found: Columns, lines: Lines, count: Ints) -> None:
    n = len(lines)
    blank = lines.blank
    after = np.append(blank[1:], 3)
    found["0 blank lines before", "1 blank lines before", "2 blank lines before"] = blank[:, None] == np.arange(3)
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
    low, high = np.array(list(AROUND.values())).T
    within = total[np.clip(place[:, None] + high, 0, n)] - total[np.clip(place[:, None] + low, 0, n)]
    found[list(AROUND)] = np.minimum(within / (high - low) / 40, 1)
    middle = float(np.median(count[long])) if long.any() else 30.0
    found["length against the page's paragraphs"] = np.minimum(count / max(middle, 1.0), 2) / 2
