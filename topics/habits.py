"""What a page does before each of its articles, and starts that do not keep to it.

Owns: the habits of a page's heads (lines that come again, gaps, marks), withdrawn starts, headlines printed twice.
Does not know: how a start was found (`sequence`).

The line model looks a dozen lines far. Whether a short line is a sub-heading or the next headline is often
decided elsewhere on the page: where two articles open with "Document 1 of 9", a byline or a wider gap, a bare
line between two paragraphs opens none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from topics.lines import Ints, Lines
from topics.sequence import FIRST, NEXT, STATES, TITLE
from topics.shapes import Shapes
from topics.turns import Odds

#: Lines above the headline that can belong to its head.
ABOVE = 6
#: Share of the starts that make a habit, and the least number of them.
SHARE, LEAST = 0.5, 2
_ROLE = tuple(role for _, role, _ in STATES)


def starts(path: Sequence[int] | Ints) -> list[tuple[int | None, int, int]]:
    """Return (line of the headline or None, first body line, first line of the head) of each article."""
    # Step after step asks this of a path that most of them leave as it is.
    return list(_starts_of(path.tobytes())) if isinstance(path, np.ndarray) else _starts(path)


@lru_cache(maxsize=4)
def _starts_of(path: bytes) -> list[tuple[int | None, int, int]]:
    return _starts(np.frombuffer(path, np.int64).tolist())


def _starts(path: Sequence[int]) -> list[tuple[int | None, int, int]]:
    found: list[tuple[int | None, int, int]] = []
    title: int | None = None
    last = -1
    for k, state in enumerate(path):
        if state == TITLE:
            title = k
        elif state == FIRST:
            found.append((title, k, last + 1))
            title = None
            last = k
        elif state == NEXT:
            last = k
    return found


def _marks(
    lines: Lines, shape: Shapes, path: Sequence[int], title: int | None, first: int, head: int, usual: int
) -> set[Hashable]:
    """Return what this head shows that another may show too."""
    top = first if title is None else title
    found: set[Hashable] = set()
    words, low = shape.words, max(head, top - ABOVE)
    template, bounds = shape.template[low:first].tolist(), words.bounds[low : first + 1].tolist()
    for k in range(low, first):
        if k == title:
            continue
        side = k > top
        found.add(("line", template[k - low], side))
        word = bounds[k - low]
        if word < bounds[k - low + 1]:
            found.add(("begins", 0 if words.digit[word] else int(words.key[word]), _ROLE[path[k]], side))
            if int(words.kind[word]) in (2, 3):
                found.add(("dated", side))
    gap = max(lines.blank[low : top + 1].tolist()) if top >= head else 0
    if gap > usual:
        found.add(("gap", min(gap, 3)))
    if title is not None:
        if int(lines.blank[first]) != usual:
            found.add(("gap under the headline", int(lines.blank[first])))
        opener = lines.codes[lines.start[title] : lines.start[title] + 2].tolist()
        if chr(opener[0]) in "#*•»>=[(-–—":
            found.add(("mark", opener[0]))
        elif chr(opener[0]) in "0123456789" and chr(opener[-1]) in ".)0123456789":
            found.add(("number",))
        if int(lines.indent[title]) != int(lines.indent[first]):
            found.add(("indent", int(lines.indent[title]) > int(lines.indent[first])))
    return found


#: Log odds of the wording and the line model together from which a start stays, though it shows no habit of the page.
CERTAIN = 3.0


def keep_habits(lines: Lines, shape: Shapes, score: npt.NDArray[np.float32], path: npt.NDArray[np.int64]) -> tuple[Ints, bool]:
    """Return the path without the starts that show nothing of what the page's others have in common, and whether they have."""
    states = path.tolist()
    heads = starts(path)
    if not heads:
        return path, False
    usual = int(np.bincount(np.minimum(lines.blank, 3)).argmax())
    marks = [_marks(lines, shape, states, *head, usual) for head in heads]
    support = Counter(mark for found in marks for mark in found)
    habits = {mark for mark, n in support.items() if n >= max(LEAST, SHARE * len(heads))}
    if len(heads) == 1:
        return path, any(mark[0] in ("line", "begins") for mark in marks[0] if isinstance(mark, tuple))
    if not habits:
        return path, False
    if len(heads) == 2:
        return path, True
    odds: Odds | None = None
    kept = path.copy()
    # The first article of a page may stand under the page's own head; it is never withdrawn.
    for (title, first, head), found in zip(heads[1:], marks[1:], strict=True):
        if found & habits:
            continue
        if title is not None:
            odds = odds or Odds(shape, score, path, fast=lines.fast)
            if odds.of(title, head) > CERTAIN:
                continue
        kept[first] = NEXT
        for k in range(head, first):
            role = _ROLE[path[k]]
            kept[k] = NEXT if k == title else next(n for n, (_, r, place) in enumerate(STATES) if r == role and place == 2)
    return kept, True


#: How much better another line of the head must keep the page's habits to become the headline, out of 4.
BETTER = 0.7
#: What one nat of the line model counts against that.
TRUST = 0.6


def place_headlines(lines: Lines, shape: Shapes, score: npt.NDArray[np.float32], path: Ints) -> Ints:
    """Return the path with each headline where the page's other heads have theirs.

    Of a headline and its repetition, of a name above and a name below, the line model cannot always tell which is
    which; what stands above and below it in the other heads does. Of two headlines alike the lower one stays.
    """
    heads = [(title, first, top) for title, first, top in starts(path) if title is not None]
    if len(heads) < 2:
        return path
    body = ((path == FIRST) | (path == NEXT)).tolist()
    words, blank, bounds = shape.words, lines.blank.tolist(), shape.words.bounds.tolist()
    key = np.append(np.where(words.digit, np.uint64(0), words.key), np.zeros(1, np.uint64)).view(np.int64)
    begins = np.where(np.diff(words.bounds) > 0, key[words.bounds[:-1]], -shape.template - 2).tolist()

    def place(k: int) -> tuple[Hashable, ...]:
        above = "text" if k == 0 or body[k - 1] else begins[k - 1]
        under = "text" if k + 1 >= len(body) or body[k + 1] else begins[k + 1]
        return above, under, min(blank[k], 3), min(blank[k + 1], 3) if k + 1 < len(body) else 0

    places = [place(title) for title, _, _ in heads]
    support = [Counter(p[i] for p in places) for i in range(4)]
    usual = Counter(begins[k] for head in heads for k in range(max(head[2], head[1] - 12), head[1]) if k != head[0])
    likely = score[:, TITLE].tolist()
    path = path.copy()
    for (title, first, top), own in zip(heads, places, strict=True):
        assert title is not None
        kept = sum(support[i][own[i]] - 1 for i in range(4)) / (len(heads) - 1)
        kept += TRUST * max(likely[title], -8.0) - (usual[begins[title]] > 1)
        best, best_keep = title, kept
        for k in range(max(top, first - 12), first):
            if k == title or likely[k] < -8 or bounds[k + 1] - bounds[k] < 2 or usual[begins[k]] > 2:
                continue
            there = place(k)
            keep = sum(support[i][there[i]] - (there[i] == own[i]) for i in range(4)) / (len(heads) - 1)
            keep += TRUST * likely[k]
            if keep > best_keep + BETTER:
                best, best_keep = k, keep
        if best == title:
            continue
        path[best] = TITLE
        if title > best and title == first - 1 and usual[begins[title]] <= 1:
            path[title], path[first] = FIRST, NEXT
        else:
            path[title] = _META[1] if title > best else _META[0]
        for k in range(best + 1, title if title > best else first):
            if path[k] != FIRST:
                path[k] = SAME[int(path[k])]
    return path


_META = tuple(next(k for k, (_, r, p) in enumerate(STATES) if r == "meta" and p == place) for place in (0, 1))
SAME = {
    k: next((n for n, (_, r, p) in enumerate(STATES) if r == role and p == 1), k) if role not in ("body", "title") else k
    for k, (_, role, _) in enumerate(STATES)
}


def settle_doubles(lines: Lines, shape: Shapes, path: Ints) -> Ints:
    """Return the path with each headline that is printed twice at the place the page keeps for it.

    Where most articles print theirs twice, the copy next to the text is the headline. Where few do, the second
    copy belongs to their texts (some agencies and stations repeat the headline above the first picture).
    """
    heads = [(title, first, top) for title, first, top in starts(path) if title is not None]
    same = [
        [k for k in range(max(head[2], head[1] - 8), head[1] + 1) if shape.template[k] == shape.template[head[0]]]
        for head in heads
    ]
    twice = sum(len(copies) > 1 for copies in same)
    if not twice:
        return path
    path = path.copy()
    for (title, first, top), copies in zip(heads, same, strict=True):
        if len(copies) < 2:
            continue
        lower = copies[-1]
        follows = np.flatnonzero(path[first + 1 :] == NEXT)
        if lower == first and len(follows) and 2 * twice > len(heads) and twice > 1:
            path[title], path[first], path[first + 1 + follows[0]] = _META[0], TITLE, FIRST
            path[title + 1 : first] = [OUTSIDE[s] for s in path[title + 1 : first].tolist()]
            continue
        lower = [k for k in copies if k < first][-1]
        if 2 * twice > len(heads) and twice > 1:
            if lower != title:
                path[title], path[lower] = _META[0], TITLE
                path[title + 1 : lower] = [OUTSIDE[s] for s in path[title + 1 : lower].tolist()]
        elif (
            2 * twice <= len(heads)
            and len(heads) > 1
            and lower == title
            and (top > 0 or copies[0] == title - 1)  # above the first article may be a list of what follows
            and _close_above(lines, copies[0], title)
        ):
            if title == first - 1:
                path[title], path[first] = FIRST, NEXT
            else:
                path[title] = _META[1]
            path[copies[0]] = TITLE
            path[copies[0] + 1 : title] = [SAME[s] for s in path[copies[0] + 1 : title].tolist()]
    return path


#: A byline, an outlet or a date between two copies of a headline is shorter than this many characters; a headline in a list
#: of them is longer.
LABEL = 45


def _close_above(lines: Lines, upper: int, lower: int) -> bool:
    """Return whether nothing but short lines stands between two copies of a line, both without a sign before them."""
    between = slice(upper + 1, lower)
    same = lines.codes[lines.start[upper]] == lines.codes[lines.start[lower]]
    return bool(upper < lower and same and (lines.end[between] - lines.start[between] < LABEL).all())


def bare_copies(shape: Shapes, path: Ints) -> Ints:
    """Return the path with the headlines of a page that prints them twice, first with an addition ("Headline - Outlet").

    Where most articles do so, the bare one is the headline.
    """
    heads = [(title, first) for title, first, _ in starts(path) if title is not None]
    words = shape.words
    found: list[tuple[int, int]] = []
    for title, first in heads:
        low, high = int(words.bounds[title]), int(words.bounds[title + 1])
        for k in range(title + 1, first):
            a, b = int(words.bounds[k]), int(words.bounds[k + 1])
            if 3 <= b - a < high - low and np.array_equal(words.key[a:b], words.key[low : low + b - a]):
                found.append((title, k))
                break
    if len(found) < LEAST or 2 * len(found) < len(heads):
        return path
    path = path.copy()
    for title, bare in found:
        path[title], path[bare] = _META[0], TITLE
        path[title + 1 : bare] = [OUTSIDE[s] for s in path[title + 1 : bare].tolist()]
    return path


OUTSIDE = {k: next((n for n, (_, r, p) in enumerate(STATES) if r == role and p == 0), k) for k, (_, role, _) in enumerate(STATES)}
