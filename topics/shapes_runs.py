"""Where the page's running text lies, and which of its stretches a line stands in, above or below.

Owns: stretches of running text, their sizes against the page's largest, the words a line shares with the nearest large ones.
Does not know: what a line looks like by itself (`shapes`), repetition and near neighbors (`shapes_page`).

A blurb of two sentences is an article on a page of blurbs and none beside an article twenty times as long; a headline may
stand twenty short lines above its text, and what tells it from the lines between is that the text has its words.
"""

from __future__ import annotations

import numpy as np

from topics.lines import Ints
from topics.shapes_page import Columns
from topics.shapes_words import Words

#: Words of a line of running text, and how many other lines may stand between two of one stretch.
TEXT, APART = 12, 3
#: Share of the largest stretch's words from which on a stretch is a large one.
LARGE = 0.3


def stretches(found: Columns, words: Words, count: Ints) -> None:
    """How large the stretches of running text are around each line, and whose words it has."""
    n = len(count)
    at = np.flatnonzero(count >= TEXT)
    opens = np.concatenate((np.ones(min(len(at), 1), np.bool_), np.diff(at) > APART + 1))
    first = at[opens]
    last = at[np.concatenate((opens[1:], np.ones(min(len(at), 1), np.bool_)))] if len(at) else at
    total = np.concatenate(([0], np.cumsum(np.where(count >= TEXT, count, 0))))
    size = (total[last + 1] - total[first]).astype(np.float64)
    top = max(float(size.max()), 1.0) if len(size) else 1.0
    place = np.arange(n)
    # Sizes with a nothing before and after, so that a line may stand above the first and below the last.
    ringed = np.concatenate(([0.0], size, [0.0]))
    above = np.searchsorted(last, place)  # stretches that end before the line
    below = np.searchsorted(first, place, side="right")  # stretches that do not begin after it
    inside = np.where(below > above, ringed[below], 0.0)
    for name, near in (("this", inside), ("the last", ringed[above]), ("the next", ringed[below + 1])):
        found[f"words of {name} stretch of text"] = np.minimum(np.log1p(near) / 8, 1)
        found[f"share of {name} stretch of text in the largest"] = near / top
    large = size >= LARGE * top
    first, last = first[large], last[large]
    above, below = np.searchsorted(last, place), np.searchsorted(first, place, side="right")
    ends, begins = np.concatenate(([-200], last)), np.append(first, n + 200)
    until, since = begins[below] - place, place - ends[above]
    found["in a large stretch of text"] = below > above
    found["above the large stretches of text", "below the large stretches of text"] = np.stack(
        (below == 0, above == len(first)), axis=1
    )
    found["lines until a large stretch of text"] = np.minimum(np.log1p(until) / 5, 1)
    found["lines since a large stretch of text"] = np.minimum(np.log1p(since) / 5, 1)
    found["large stretches of text"] = np.full(n, min(np.log1p(len(first)) / 3, 1))
    found["words of the largest stretch of text"] = np.full(n, min(np.log1p(top) / 8, 1))
    _shared(found, words, n, first, last)


def _shared(found: Columns, words: Words, n: int, first: Ints, last: Ints) -> None:
    """Which share of a line's words the next large stretch below has, and the last one above; the best of its neighbors."""
    content = np.flatnonzero((words.kind == 0) & (words.length >= 4) & ~words.digit)
    line = words.line[content]
    total = np.bincount(line, minlength=n)
    _, word = np.unique(words.key[content], return_inverse=True) if len(content) else (content, content)
    most = len(first) + 2
    above, below = np.searchsorted(last, line), np.searchsorted(first, line, side="right")
    within = below > above
    held = np.unique(word[within] * most + below[within])  # (word, stretch counted from 1)
    for name, near in (("the next large", below + 1), ("the last large", above)):
        asked = word * most + near
        spot = np.minimum(np.searchsorted(held, asked), max(len(held) - 1, 0))
        has = held[spot] == asked if len(held) else np.zeros(len(asked), np.bool_)
        both = np.bincount(line[has], minlength=n)
        found[f"words that {name} stretch of text has"] = both / np.maximum(total, 1)
        if name == "the next large":
            zone = np.searchsorted(first, np.arange(n), side="right")
            worth = np.where(total > 0, both * both / np.maximum(total, 1), 0.0)
            worth = np.where(total > 30, 0.0, worth)
            best = np.zeros(most)
            np.maximum.at(best, zone, worth)
            found["most words of the text below"] = worth / np.maximum(best[zone], 1.0)
