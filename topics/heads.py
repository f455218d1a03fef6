"""Which line of an article's head is its headline.

Owns: the comparison of the lines above a text, one by one; headlines under a name ("title: ...").
Does not know: how a start was found (`sequence`), what else the page's heads have in common (`habits`).

The best path weighs all lines of a head at once: a label far above the text becomes the headline where the lines between are
the more likely under a headline than above one. Which line looks most like a headline, in both readings, is right more often:
on every second page of a set of news pages (the half looked at while this was built) 254 times of 299 against 226.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from topics.habits import OUTSIDE, SAME, starts
from topics.lines import Ints
from topics.sequence import STATES, TITLE, Floats
from topics.shapes import Shapes
from topics.shapes_words import pack

#: What it counts that no other line above the text has as many of the text's words.
WORDS = 2.0
#: What it counts that the line says it is one ("title: ", "HD  "), where the page has such a line above its first text; where
#: it has them below each text alone, they name the article above.
TAGGED = 6.0
_TAGS = np.array([pack(word) for word in ("title", "headline", "heading", "hd", "ti")], np.uint64)
#: A text without headline gets one that looks like one at least so much.
SURE = -1.5
#: Lines above the text among which the headline is sought.
REACH = 60
_META = tuple(next(k for k, (_, r, p) in enumerate(STATES) if r == "meta" and p == place) for place in (0, 1))


def likeliest_headlines(shape: Shapes, score: Floats, first_score: Floats, path: Ints) -> Ints:
    """Return the path with each headline where the line above the text is that looks most like one.

    score, first_score: (n_lines, n_states) log probabilities of the second and the first reading.
    """
    words = shape.column("most words of the text below")
    title_score = score[:, TITLE] + first_score[:, TITLE] + np.float32(WORDS) * words
    found = starts(path)
    tagged = _tagged(shape)
    if found and tagged[: found[0][1]].any():
        title_score += np.float32(TAGGED) * tagged
    moved = path
    for title, first, top in found:
        top = max(top, first - REACH)
        if top >= first:
            continue
        best = top + int(title_score[top:first].argmax())
        if best == title or title_score[best] <= (SURE if title is None else title_score[title]):
            continue
        moved = path.copy() if moved is path else moved
        if title is not None:
            moved[title] = _META[1] if title > best else _META[0]
        moved[best] = TITLE
        for k in range(best if title is None else min(best, title), first):
            if k != best:
                moved[k] = (SAME if k > best else OUTSIDE).get(int(moved[k]), int(moved[k]))
    return moved


#: Share of the page's articles that must have one line with the name above their texts, and share of the articles that must
#: have their headline there.
NAMED, TAKEN = 0.8, 0.3


def named_headlines(shape: Shapes, path: Ints) -> Ints:
    """Return the path with the headline of each article on the line under the name that the page's other headlines have.

    A name is a first word ("title", "HD") that headlines of the page begin with and that stands once in nearly every head.
    """
    heads = starts(path)
    bounds = shape.words.bounds
    first_word = np.full(len(path), -1, np.int64)
    some = np.flatnonzero(np.diff(bounds) > 1)
    first_word[some] = np.where(shape.words.digit, np.uint64(0), shape.words.key).view(np.int64)[bounds[some]]
    found = Counter(int(first_word[title]) for title, _, _ in heads if title is not None)
    if not found:
        return path
    name, n = min(found.items(), key=lambda item: (-item[1], item[0]))
    named = first_word == name
    if name in (-1, 0) or n == len(heads) or n < max(2, TAKEN * len(heads)):
        return path
    lines_of = [(top + np.flatnonzero(named[top:first])).tolist() for _, first, top in heads]
    if sum(len(lines) == 1 for lines in lines_of) < NAMED * max(len(heads), int(named.sum())):
        return path
    path = path.copy()
    for (title, first, top), lines in zip(heads, lines_of, strict=True):
        if title in lines or len(lines) != 1:
            continue
        if title is not None:
            path[title] = _META[1]
        for k in range(top, first):
            path[k] = TITLE if k == lines[0] else (SAME if k > lines[0] else OUTSIDE).get(int(path[k]), int(path[k]))
    return path


def _tagged(shape: Shapes) -> npt.NDArray[np.bool_]:
    """Return which lines begin with a field's name for the headline, set off by more than a space, with words after it."""
    words = shape.words
    found = np.zeros(len(words.bounds) - 1, np.bool_)
    lines = np.flatnonzero(np.diff(words.bounds) >= 2)
    word = words.bounds[lines]
    named = (words.key[word][:, None] == _TAGS).any(axis=1)
    lines, word = lines[named], word[named]
    apart = words.start[word + 1] - words.start[word] - words.length[word] >= 2
    tab = shape.values[lines, shape.names.index("has a tab")] > 0
    found[lines] = apart | tab
    return found
