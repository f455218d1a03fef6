"""What the line model took a page's other lines for that stand where this line stands.

Owns: when two lines of a page stand alike, and the columns that say what a line's likes were taken for.
Does not know: how the first reading was made (`sequence`), what the second makes of it (`segment`).

A page sets its articles alike: what follows "LP" in four records follows it in the fifth; where nine lines of one
length after two blank lines are headlines, the tenth is. The line model looks a dozen lines far and cannot see that.
So it reads a page twice, and the second time each line comes with what its likes were taken for the first time; a
line never counts for itself.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from topics.lines import DIGIT, LETTER, LOWER, TERMINAL, UPPER, Ints, Lines
from topics.sequence import FIRST, NEXT, STATES, TITLE, Floats
from topics.shapes import Shapes

#: Groups of states that are told apart.
_GROUPS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("headlines", (TITLE,)),
    ("first paragraphs", (FIRST,)),
    ("paragraphs", (NEXT,)),
    ("meta", tuple(k for k, (_, role, _) in enumerate(STATES) if role in ("meta", "caption"))),
    ("furniture", tuple(k for k, (_, role, _) in enumerate(STATES) if role == "furniture")),
)
#: Ways in which two lines stand alike.
_WAYS = (
    "lines with the same words", "lines with the same first word", "lines under the same line", "lines above the same line",
    "lines under the same first word", "lines above the same first word", "lines of the same form",
    "lines of the same form under the same form", "lines of the same form above the same form",
)  # fmt: skip
#: Columns that say what the line itself was taken for begin like this.
FIRST_READING = "first reading"
NAMES = (
    *(f"{FIRST_READING}: {name}" for name, _, _ in STATES),
    *(f"{way} are {group}" for way in _WAYS for group in (*(name for name, _ in _GROUPS), "many")),
)
#: Words of a line: where one length ends and the next begins.
_LENGTHS = (1, 3, 7, 17, 31)


#: Units in 1 of a probability: sums of whole numbers are the same in any order.
_UNIT = 2.0**30
#: The group of each state.
_GROUP = np.array([next(k for k, (_, states) in enumerate(_GROUPS) if state in states) for state in range(len(STATES))])


def echoes(lines: Lines, shape: Shapes, score: Floats) -> Floats:
    """Return the columns `NAMES` of each line from the first reading's log probabilities: (n_lines, len(NAMES))."""
    if not lines.fast:
        return gathered(places(lines, shape), score)
    from topics import kernels_alike

    n, words = len(lines), shape.words
    first, form = np.empty(n, np.int64), np.empty(n, np.int64)
    cases = np.array([shape.names.index("all in capitals"), shape.names.index("title case")])
    kernels_alike.stand(
        lines.codes, lines.bits, lines.blank, lines.indent, lines.start, lines.end, shape.facts, words.key, words.digit,
        words.bounds, shape.values, cases, np.array(_LENGTHS), first, form,
    )  # fmt: skip
    out = np.empty((n, len(NAMES)), np.float32)
    out[:, : len(STATES)] = np.maximum(score, -8) / 8 + 1
    kernels_alike.gather(shape.template, first, form, np.exp(score), _GROUP, _UNIT, _many(), out[:, len(STATES) :])
    return out


@cache
def _many() -> Floats:
    """Return how many lines stand alike as a feature, the line itself counted, as far as it grows."""
    return np.minimum(np.log2(np.maximum(np.arange(18, dtype=np.float32), 1)) / 4, np.float32(1))


def gathered(keys: Ints, score: Floats) -> Floats:
    """Return what `echoes` does from the `places` of the lines, with numpy alone."""
    n = len(score)
    out = np.zeros((n, len(NAMES)), np.float32)
    if not n:
        return out
    chance = np.rint(np.exp(score).astype(np.float64) * _UNIT)
    out[:, : len(STATES)] = np.maximum(score, -8) / 8 + 1
    group = np.stack([chance[:, list(states)].sum(axis=1) for _, states in _GROUPS], axis=1)
    out[:, len(STATES) :] = _others(keys, group).reshape(n, -1)
    return out


def _others(keys: Ints, group: npt.NDArray[np.float64]) -> Floats:
    """Return the mean of `group` over the other lines with the same key, drawn to 0 where they are few, and how many.

    Of each way in turn, all ways in one pass: (n_lines, n_ways, n_groups + 1).
    """
    ways, n = keys.shape
    order = np.argsort(keys, axis=1, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=1)
    new = np.ones((ways, n), np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    begin = np.flatnonzero(new)
    size = np.diff(np.append(begin, ways * n))
    rows = order.ravel()
    of_rows = group[rows]
    total = np.add.reduceat(of_rows, begin, axis=0)
    alike = np.repeat(size, size)
    out = np.empty((n, ways, group.shape[1] + 1), np.float32)
    way = np.repeat(np.arange(ways), n)
    out[rows, way, :-1] = (np.repeat(total, size, axis=0) - of_rows) / alike[:, None] / _UNIT
    out[rows, way, -1] = _many()[np.minimum(alike, len(_many()) - 1)]
    return out


def places(lines: Lines, shape: Shapes) -> Ints:
    """Return a number for where each line stands, in each of the ways two lines can stand alike: (n_ways, n_lines)."""
    if not len(lines):
        return np.zeros((len(_WAYS), 0), np.int64)
    words = shape.words
    count = np.diff(words.bounds)
    some = count > 0
    first = -1 - lines.codes[lines.start].astype(np.int64)
    begins = words.bounds[:-1][some]
    first[some] = np.where(words.digit[begins], 0, words.key[begins].view(np.int64) & ((1 << 62) - 1))
    form = _forms(lines, shape, count)
    template = shape.template.astype(np.int64)
    keys = (
        template, first, _before(template), _after(template), _before(first), _after(first),
        form, form * 100_003 + _before(form), form * 100_003 + _after(form),
    )  # fmt: skip
    return np.stack(keys)


def _forms(lines: Lines, shape: Shapes, count: Ints) -> Ints:
    """Return a number for each line's length, gaps, indent, case, first and last sign."""
    bits, codes = lines.bits, lines.codes
    known = UPPER | LOWER | DIGIT | LETTER
    head, tail = bits[lines.start], bits[lines.end - 1]
    opening = np.where(head & known, np.where(head & DIGIT, 1, np.where(head & LOWER, 2, 0)), 3 + codes[lines.start] % 61)
    closing = np.where(tail & TERMINAL, 1, np.where(tail & DIGIT, 2, np.where(tail & known, 0, 3 + codes[lines.end - 1] % 61)))
    after = np.append(lines.blank[1:], 3)
    shouted = shape.values[:, shape.names.index("all in capitals")] > 0
    titled = shape.values[:, shape.names.index("title case")] > 0
    out = np.searchsorted(np.array(_LENGTHS), count, side="right").astype(np.int64)
    for part, size in (
        (np.minimum(lines.blank, 3), 4), (np.minimum(after, 3), 4), (np.minimum(lines.indent, 1), 2),
        (opening, 64), (closing, 64), (shouted, 2), (titled, 2),
    ):  # fmt: skip
        out = out * size + part.astype(np.int64)
    return out


def _before(key: Ints) -> Ints:
    return np.concatenate((np.full(1, -7, np.int64), key[:-1]))


def _after(key: Ints) -> Ints:
    return np.concatenate((key[1:], np.full(1, -7, np.int64)))
