"""Starts that the line model missed: a line of one article's head comes again in what was taken for its text.

Owns: which lines of a head are its marks, and what must hold before one opens another article.
Does not know: how a start was found (`sequence`), how starts are withdrawn (`habits`).

The line model looks a dozen lines far and has seen few items of two or three sentences. Where "Jane Doe, The Mail / 3 hours
ago" stands under the page's first headline, the same line with another number under another short line is no part of the text.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from topics.glued import inner_head
from topics.habits import OUTSIDE, SAME, starts
from topics.lines import SPACE, Ints, Lines
from topics.sequence import FIRST, NEXT, STATES, TITLE, Floats
from topics.shapes import Shapes
from topics.shapes_words import pack
from topics.turns import Odds

#: Lines from the headline in which a mark is looked for; the characters of the longest mark, and of the shortest text under it.
REACH, LONGEST, TEXT = 2, 80, 40
#: Words of a headline.
FEWEST, MOST = 2, 25
#: Share of a mark's lines that must stand beside a possible headline, and least number of those.
SHARE, LEAST = 0.8, 2
#: Least log probability of a headline, both readings together, at a possible headline.
DOUBT = -16.0
#: Mean log odds, by their words and their room, of the headlines a mark would add; headlines of other articles inside a text
#: have less.
TURN = -6
_TITLE_ROLE = tuple(role == "title" for _, role, _ in STATES)


def open_missed(lines: Lines, shape: Shapes, score: Floats, first_score: Floats, path: Ints) -> Ints:
    """Return the path with another article at each line that repeats a line of an article's head, where a headline fits.

    score, first_score: (n_lines, n_states) log probabilities of the second and the first reading.
    """
    heads = [(title, first) for title, first, _ in starts(path) if title is not None]
    if not heads:
        return path
    n, words = len(path), shape.words
    length, count = lines.end - lines.start, np.diff(words.bounds)
    ends = shape.column("ends like a sentence") > 0
    fits = (count >= FEWEST) & (count <= MOST) & ~ends & (score[:, TITLE] + first_score[:, TITLE] > DOUBT)
    long = np.append(length >= TEXT, np.zeros(REACH + 1, np.bool_))
    opens = np.flatnonzero(path == FIRST)
    changed = path
    template = _templates(shape, length, ends)
    odds: Odds | None = None
    times = np.bincount(shape.template)
    # The lines of each form stand together: to seek each form through all lines would take the square of the page's length.
    order = np.argsort(template, kind="stable")
    ordered = template[order]
    for offset, marks in _marks(template, length, heads).items():
        for mark in sorted(mark for mark in marks if mark < 0 or times[mark] >= LEAST):
            places = order[np.searchsorted(ordered, mark) : np.searchsorted(ordered, mark, side="right")]
            places = places[length[places] <= LONGEST]
            if len(places) < LEAST:
                continue
            headline = places + offset
            good = (headline >= 0) & (headline < n)
            headline = np.minimum(np.maximum(headline, 0), n - 1)
            below = np.maximum(places, headline) + 1
            good &= fits[headline] & (template[headline] != mark) & (long[below] | long[below + 1])
            if good.sum() < LEAST or good.sum() < SHARE * len(places):
                continue
            missed = [k for k in headline[good].tolist() if changed[k] != TITLE]
            if not missed:
                continue
            odds = odds or Odds(shape, score, path, fast=lines.fast)
            if np.mean([odds.of(k) for k in missed]) < TURN:
                continue
            for title, low in zip(headline[good].tolist(), below[good].tolist(), strict=True):
                first = low if long[low] else low + 1
                if _TITLE_ROLE[changed[title]] or ((opens > title - REACH - 1) & (opens <= first + REACH)).any():
                    continue
                if not any(changed[k] == NEXT for k in range(first, min(n, first + 2))):
                    continue
                changed = changed.copy() if changed is path else changed
                changed[title], changed[first] = TITLE, FIRST
                for k in range(title + 1, first):
                    changed[k] = SAME[int(changed[k])] if int(changed[k]) not in (FIRST, NEXT, TITLE) else _META
                opens = np.append(opens, first)
    return changed


#: Characters of a line that can hold a headline and a text, and share of those lines that must show a byline or a date inside.
SQUEEZED, NEARLY = 150, 0.6


def open_squeezed(lines: Lines, path: Ints) -> Ints:
    """Return the path with an article at each long line, where all the page's long lines are articles of their own.

    So look pages whose articles were squeezed onto a line each, with a byline or a date after some words ("Council closes
    pool By Jane Doe March 3, 2014 The council ..."), and lists whose items all open with one mark ("* Council closes pool. The
    council ...") or are numbered.
    """
    body = (path == FIRST) | (path == NEXT)
    long = np.flatnonzero(body & (lines.end - lines.start >= SQUEEZED))
    if len(long) < LEAST:
        return path
    if len(long) == int(body.sum()) and _marked(lines, long):
        path = path.copy()
        path[: long[0]] = [_OUTSIDE[s] for s in path[: long[0]].tolist()]
        path[long] = FIRST
        return path
    if (path == TITLE).any():
        return path
    texts = ("".join(map(chr, lines.codes[low : low + 300].tolist())) for low in lines.start[long].tolist())
    found = long[np.fromiter(map(inner_head, texts), np.bool_, len(long))]
    if len(found) < max(LEAST, NEARLY * len(long)) or found[0] != np.flatnonzero(body)[0]:
        return path
    path = path.copy()
    path[found] = FIRST
    return path


#: Marks that open the items of a list.
_LIST = tuple(map(ord, "*•·-–—+>#»■●▪◦‣"))


def _marked(lines: Lines, chosen: Ints) -> bool:
    """Return whether the lines all open with the same mark of a list and a space, or are numbered upwards."""
    opening = lines.codes[lines.start[chosen]]
    if int(opening[0]) in _LIST:
        return bool((opening == opening[0]).all() and (lines.bits[lines.start[chosen] + 1] & SPACE).all())
    texts = ["".join(map(chr, lines.codes[low : low + 8].tolist())) for low in lines.start[chosen].tolist()]
    numbers = [int(m.group(1)) for text in texts if (m := _NUMBER.match(text))]
    return len(numbers) == len(texts) and all(b == a + 1 for a, b in pairwise(numbers))


_NUMBER = re.compile(r"[(\[]?(\d{1,3})[.)\]:]+\s")
#: The same role outside of articles; a headline above a list of articles is furniture.
_OUTSIDE = {k: OUTSIDE[k] if role != "title" else 0 for k, (_, role, _) in enumerate(STATES)}


def _templates(shape: Shapes, length: Ints, ends: npt.NDArray[np.bool_]) -> Ints:
    """Return the numbers of the lines' forms, one number for all bylines."""
    words, lines = shape.words, np.flatnonzero(np.diff(shape.words.bounds) > 1)
    template = shape.template.astype(np.int64)
    begins = lines[words.key[words.bounds[lines]] == np.uint64(pack("by"))]
    template[begins[(length[begins] <= LONGEST) & ~ends[begins]]] = -2
    return template


def _marks(template: Ints, length: Ints, heads: list[tuple[int, int]]) -> dict[int, set[int]]:
    """Return, by how many lines up or down its headline is, the forms of the short lines beside the headlines."""
    marks: dict[int, set[int]] = {}
    for title, first in heads:
        for k in range(max(0, title - REACH), min(first, title + REACH + 1)):
            if k != title and length[k] <= LONGEST and template[k] != template[title]:
                marks.setdefault(title - k, set()).add(int(template[k]))
    return marks


_META = next(k for k, (_, role, place) in enumerate(STATES) if role == "meta" and place == 1)
