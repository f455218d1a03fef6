"""What a line shares with the rest of its page: repetition, and words that tie it to the lines around.

Owns: line hashes, groups of equal lines, links between equal words.
Does not know: the features a line has by itself (`shapes`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from topics.lines import Ints, Lines
from topics.shapes_words import Words

Column = npt.NDArray[np.generic]


def _mix(words: Words, count: Ints, key: npt.NDArray[np.uint64], most: int | None = None) -> npt.NDArray[np.uint64]:
    """Return a hash of each line's word keys (of its first `most` words) that depends on their order."""
    place = np.arange(len(key)) - np.repeat(words.bounds[:-1], count)
    with np.errstate(over="ignore"):
        mixed = (
            (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) * (2 * (place % 4096).astype(np.uint64) + np.uint64(1))
        )
        if most is not None:
            mixed = np.where(place < most, mixed, np.uint64(0))
        total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)))
        return (total[words.bounds[1:]] - total[words.bounds[:-1]]) * np.uint64(0x94D049BB133111EB)


def _same(hashes: npt.NDArray[np.uint64]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return group number, group size, and the distance to the previous and next line of the group (large if none)."""
    n = len(hashes)
    _, group, size = np.unique(hashes, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    before, after = np.full(n, 10**6), np.full(n, 10**6)
    if n > 1:
        same = group[order[1:]] == group[order[:-1]]
        gap = order[1:] - order[:-1]
        before[order[1:][same]] = gap[same]
        after[order[:-1][same]] = gap[same]
    return group, size[group], before, after


def repetition(found: dict[str, Column], lines: Lines, words: Words, count: Ints) -> Ints:
    """Which lines come again on the page, whole or in their beginning."""
    some = count > 0
    digitless = np.where(words.digit, np.uint64(7), words.key)
    # Lines without words (rules, bullets) are told apart by their first character and length.
    bare = (
        (lines.codes[lines.start].astype(np.uint64) << np.uint64(8)) + np.minimum(lines.end - lines.start, 200).astype(np.uint64)
        if len(lines)
        else np.zeros(0, np.uint64)
    )
    _, size, before, after = _same(np.where(some, _mix(words, count, words.key), bare))
    group, like, _, _ = _same(np.where(some, _mix(words, count, digitless), bare))
    found["repeated on the page"] = np.minimum(np.log2(size) / 3, 1)
    found["repeated at all"] = size > 1
    found["printed just twice"] = size == 2
    found["comes again soon"] = after <= 8
    found["comes again next"] = after <= 2
    found["came shortly before"] = before <= 8
    found["came just before"] = before <= 2
    found["comes again far below"] = (after > 8) & (after < 10**6)
    found["came far above"] = (before > 8) & (before < 10**6)
    found["repeated but for its numbers"] = np.minimum(np.log2(like) / 3, 1)
    found["repeated at all but for its numbers"] = like > 1
    for most in (1, 2):
        _, size, before, after = _same(np.where(some, _mix(words, count, digitless, most), bare))
        found[f"begins like other lines ({most})"] = np.minimum(np.log2(size) / 4, 1)
    _, size, before, after = _same(np.where(count >= 5, _mix(words, count, words.key, 5), np.arange(len(lines), dtype=np.uint64)))
    found["begins like another line (5)"] = size > 1
    longest = np.zeros(len(lines), np.int64)
    _, inverse = np.unique(
        np.where(count >= 5, _mix(words, count, words.key, 5), np.arange(len(lines), dtype=np.uint64)), return_inverse=True
    )
    np.maximum.at(longest, inverse, count)
    found["the beginning of a longer line"] = (size > 1) & (count < longest[inverse])
    found["the longest of lines that begin alike"] = (size > 1) & (count == longest[inverse]) & (count >= 5)
    return group


def cohesion(found: dict[str, Column], words: Words, n: int) -> None:
    """How strongly the words of a line tie it to the lines above and below."""
    content = np.flatnonzero((words.kind == 0) & (words.length >= 4) & ~words.digit)
    key, line = words.key[content], words.line[content]
    order = np.argsort(key, kind="stable")
    sorted_key, sorted_line = key[order], line[order]
    same = sorted_key[1:] == sorted_key[:-1]
    gap = sorted_line[1:] - sorted_line[:-1]
    linked = same & (gap > 0)
    low, high = sorted_line[:-1][linked], sorted_line[1:][linked]
    near = (high - low) <= 12
    total = np.maximum(np.bincount(line, minlength=n), 1)
    found["words that come again below"] = np.bincount(low[near], minlength=n) / total
    found["words that came above"] = np.bincount(high[near], minlength=n) / total
    fresh = np.ones(len(key), np.bool_)
    fresh[order[1:][same]] = False
    found["words new to the page"] = np.bincount(line[fresh], minlength=n) / total
    bridge = np.zeros(n + 1)
    np.add.at(bridge, low[near] + 1, 1)
    np.add.at(bridge, high[near] + 1, -1)
    over = np.cumsum(bridge)[:n]
    found["words that bridge the gap above"] = np.minimum(over / 30, 1)
    place = np.arange(n)
    smooth = np.concatenate(([0.0], np.cumsum(over)))
    a, b = np.clip(place - 6, 0, n), np.clip(place + 7, 0, n)
    mean = (smooth[b] - smooth[a]) / np.maximum(b - a, 1)
    found["fewer bridging words than around"] = np.clip(1 - over / np.maximum(mean, 1), -1, 1)
    upper = words.upper[content]
    names = np.maximum(np.bincount(line[upper], minlength=n), 1)
    found["names new to the page"] = np.bincount(line[upper & fresh], minlength=n) / names
