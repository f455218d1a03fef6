"""What a line shares with the rest of its page: repetition, and words that tie it to the lines around.

Owns: line hashes, groups of equal lines, links between equal words.
Does not know: the features a line has by itself (`shapes`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics.lines import SPACE, TERMINAL, Ints, Lines
from topics.shapes_words import Keys, Words

Column = npt.NDArray[np.generic]


class Columns:
    """Features by name, one column or several at a time."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._parts: list[Column] = []

    def __setitem__(self, names: str | Sequence[str], part: Column) -> None:
        """Add a column (n_lines,) under its name, or several (n_lines, n_names) under theirs.

        Numbers are kept in single precision: a million lines have a gigabyte of features otherwise.
        """
        self.names += [names] if isinstance(names, str) else names
        self._parts.append(part if part.dtype == np.bool_ else np.asarray(part, np.float32))

    def values(self, n: int) -> npt.NDArray[np.float32]:
        """Return all columns side by side, (n, n_names)."""
        values = np.empty((n, len(self.names)), np.float32)
        at = 0
        for part in self._parts:
            if part.ndim == 1:
                values[:, at] = part
                at += 1
            else:
                values[:, at : at + part.shape[1]] = part
                at += part.shape[1]
        return values


def _hashes(words: Words) -> Keys:
    """Return five hashes of each line's words that depend on their order: (n_lines, 5).

    Of all words; of all, the first one and the first two with numbers alike; of the first five.
    """
    place = np.arange(len(words.key)) - np.repeat(words.bounds[:-1], np.diff(words.bounds))
    with np.errstate(over="ignore"):
        odd = 2 * (place % 4096).astype(np.uint64) + np.uint64(1)
        whole, alike = (
            (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) * odd
            for key in (words.key, np.where(words.digit, np.uint64(7), words.key))
        )
        columns = (whole, alike, *(np.where(place < most, alike, 0) for most in (1, 2)), np.where(place < 5, whole, 0))
        total = np.zeros((len(place) + 1, 5), np.uint64)
        for k, column in enumerate(columns):
            np.cumsum(column, out=total[1:, k])
        return np.asarray((total[words.bounds[1:]] - total[words.bounds[:-1]]) * np.uint64(0x94D049BB133111EB), np.uint64)


def _same(hashes: Keys) -> tuple[Ints, Ints, Ints, Ints]:
    """Return group number, group size, and the distance to the previous and next line of the group (large if none).

    Groups are numbered in the order of the page.
    """
    n = len(hashes)
    order = np.argsort(hashes, kind="stable")
    same = hashes[order[1:]] == hashes[order[:-1]]
    heads = np.flatnonzero(np.concatenate((np.ones(min(n, 1), np.bool_), ~same)))
    sizes = np.diff(np.append(heads, n))
    place = np.empty(len(heads), np.int64)
    place[np.argsort(order[heads])] = np.arange(len(heads))
    group, size = np.empty((2, n), np.int64)
    group[order], size[order] = np.repeat(place, sizes), np.repeat(sizes, sizes)
    before, after = np.full(n, 10**6), np.full(n, 10**6)
    gap = (order[1:] - order[:-1])[same]
    before[order[1:][same]] = gap
    after[order[:-1][same]] = gap
    return group, size, before, after


def repetition(found: Columns, lines: Lines, words: Words, count: Ints) -> Ints:
    """Which lines come again on the page, whole or in their beginning."""
    some = count > 0
    # Lines without words (rules, bullets) are told apart by their first character and length.
    bare = (
        (lines.codes[lines.start].astype(np.uint64) << np.uint64(8)) + np.minimum(lines.end - lines.start, 200).astype(np.uint64)
        if len(lines)
        else np.zeros(0, np.uint64)
    )
    hashes = _hashes(words)
    _, size, before, after = _same(np.where(some, hashes[:, 0], bare))
    group, like, _, _ = _same(np.where(some, hashes[:, 1], bare))
    found["repeated on the page"] = np.minimum(np.log2(size) / 3, 1)
    found["repeated at all"] = size > 1
    found["printed just twice"] = size == 2
    near = np.array((8, 2))
    found["comes again soon", "comes again next"] = after[:, None] <= near
    found["came shortly before", "came just before"] = before[:, None] <= near
    found["comes again far below"] = (after > 8) & (after < 10**6)
    found["came far above"] = (before > 8) & (before < 10**6)
    found["repeated but for its numbers"] = np.minimum(np.log2(like) / 3, 1)
    found["repeated at all but for its numbers"] = like > 1
    for most in (1, 2):
        _, size, _, _ = _same(np.where(some, hashes[:, 1 + most], bare))
        found[f"begins like other lines ({most})"] = np.minimum(np.log2(size) / 4, 1)
    five, size, _, _ = _same(np.where(count >= 5, hashes[:, 4], np.arange(len(lines), dtype=np.uint64)))
    found["begins like another line (5)"] = size > 1
    longest = np.zeros(len(lines), np.int64)
    np.maximum.at(longest, five, count)
    found["the beginning of a longer line"] = (size > 1) & (count < longest[five])
    found["the longest of lines that begin alike"] = (size > 1) & (count == longest[five]) & (count >= 5)
    return group


@dataclass(frozen=True, slots=True)
class _Ties:
    """For each line: content words, those that come again below, that came above, that are new, new ones with a capital."""

    total: Ints
    below: Ints
    above: Ints
    fresh: Ints
    names: Ints
    #: Capitalized content words.
    upper: Ints
    #: Links that reach over the gap above the line.
    over: Ints


#: Lines within which a word that comes again ties two lines together.
NEAR = 12


def _ties(words: Words, n: int) -> _Ties:
    """Count what ties each line to those around."""
    content = (words.kind == 0) & (words.length >= 4) & ~words.digit
    at = np.flatnonzero(content)
    key, line, capital = words.key[at], words.line[at], words.upper[at]
    order = np.argsort(key, kind="stable")
    sorted_key, sorted_line = key[order], line[order]
    same = sorted_key[1:] == sorted_key[:-1]
    gap = sorted_line[1:] - sorted_line[:-1]
    near = same & (gap > 0) & (gap <= NEAR)
    low, high = sorted_line[:-1][near], sorted_line[1:][near]
    fresh = np.ones(len(key), np.bool_)
    fresh[order[1:][same]] = False

    def counted(of: Ints) -> Ints:
        return np.bincount(of, minlength=n)

    bridge = np.bincount(low + 1, minlength=n + 1) - np.bincount(high + 1, minlength=n + 1)
    return _Ties(
        counted(line), counted(low), counted(high), counted(line[fresh]), counted(line[capital & fresh]), counted(line[capital]),
        np.cumsum(bridge)[:n],
    )  # fmt: skip


def cohesion(found: Columns, words: Words, n: int) -> None:
    """How strongly the words of a line tie it to the lines above and below."""
    ties = _ties(words, n)
    total = np.maximum(ties.total, 1)
    found["words that come again below"] = ties.below / total
    found["words that came above"] = ties.above / total
    found["words new to the page"] = ties.fresh / total
    found["words that bridge the gap above"] = np.minimum(ties.over / 30, 1)
    place = np.arange(n)
    smooth = np.concatenate(([0.0], np.cumsum(ties.over)))
    a, b = np.clip(place - 6, 0, n), np.clip(place + 7, 0, n)
    mean = (smooth[b] - smooth[a]) / np.maximum(b - a, 1)
    found["fewer bridging words than around"] = np.clip(1 - ties.over / np.maximum(mean, 1), -1, 1)
    found["names new to the page"] = ties.names / np.maximum(ties.upper, 1)


#: Words of a line among which a headline that stands on the same line as its text ends.
EARLIEST, LATEST = 2, 22


def _few(values: npt.NDArray[np.bool_], low: Ints, high: Ints) -> npt.NDArray[np.float64]:
    """Return the mean of a value per word over words low to high of each line; 0 where there are none."""
    total = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return np.asarray((total[high] - total[low]) / np.maximum(high - low, 1))


def glue(found: Columns, lines: Lines, words: Words, count: Ints) -> None:
    """What a line shows of holding a headline and its text: a sign after the first words, capitals that cease."""
    n = len(count)
    low, end = words.bounds[:-1], words.bounds[1:]
    early = _few(words.upper, np.minimum(low + 1, end), np.minimum(low + 8, end))
    later = _few(words.upper, np.minimum(low + 11, end), np.minimum(low + 25, end))
    found["capitals among the first words"] = early
    found["capitals that cease"] = np.where(count >= 16, np.maximum(early - later, 0), 0)
    long = count >= 25
    place = np.arange(len(words.line)) - np.repeat(low, count)
    inner = np.flatnonzero((place[:-1] >= EARLIEST) & (place[:-1] < LATEST) & (place[1:] > 0)) if len(place) else place
    at = words.start[inner] + words.length[inner]
    wide = words.start[inner + 1] - at if len(inner) else at
    one = lines.codes[at]
    bits_one, bits_two = lines.bits[at], lines.bits[np.minimum(at + 1, len(lines.bits) - 1)]
    spaced = (bits_one & SPACE) != 0
    kinds = (
        ("a full stop", ((bits_one & TERMINAL) != 0) & ((bits_two & SPACE) != 0)),
        ("a colon", (one == 58) & ((bits_two & SPACE) != 0)),
        ("a sign", spaced & (wide >= 3) & ((bits_two & SPACE) == 0)),
        ("a gap", (one == 9) | (spaced & ((bits_two & SPACE) != 0))),
    )
    for name, has in kinds:
        flag = np.zeros(n, np.bool_)
        flag[words.line[inner[has]]] = True
        found[f"{name} after the first words"] = flag & (count >= 14)
        found[f"share of long lines with {name} after the first words"] = np.full(n, flag[long].mean() if long.any() else 0.0)
