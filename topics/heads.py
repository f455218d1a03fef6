"""Which line of an article's head is its headline, where the page's other heads do not tell.

Owns: the comparison of the lines above a text, one by one.
Does not know: how a start was found (`sequence`), what the page's heads have in common (`habits`).

The best path weighs all lines of a head at once: a label far above the text becomes the headline where the lines between are
the more likely under a headline than above one. Which line looks most like a headline, in both readings, is right more often:
on every second page of a set of news pages (the half looked at while this was built) 254 times of 299 against 226.
"""

from __future__ import annotations

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
    words = shape.values[:, shape.names.index("most words of the text below")]
    title_score = score[:, TITLE] + first_score[:, TITLE] + np.float32(WORDS) * words
    found = starts(path.tolist())
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


def _tagged(shape: Shapes) -> npt.NDArray[np.bool_]:
    """Return which lines begin with a field's name for the headline, set off by more than a space, with words after it."""
    words = shape.words
    found = np.zeros(len(words.bounds) - 1, np.bool_)
    lines = np.flatnonzero(np.diff(words.bounds) >= 2)
    word = words.bounds[lines]
    named = np.isin(words.key[word], _TAGS)
    lines, word = lines[named], word[named]
    apart = words.start[word + 1] - words.start[word] - words.length[word] >= 2
    tab = shape.values[lines, shape.names.index("has a tab")] > 0
    found[lines] = apart | tab
    return found
