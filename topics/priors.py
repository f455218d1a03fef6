"""What holds on any page, whatever the line model learned: two corrections to its scores.

Owns: the corrections and how much they weigh.
Does not know: how scores are made (`sequence`), how a path is searched.

The starter articles have three or more paragraphs, so the line model expects a third one even where an article
ends after two. Both corrections were set on the two real pages and the practice pages (article F1 on one layout
0.967 to 0.983, the others unchanged). Now that pages of news sites are learned from, any weight of the
second from 0 to 3 gives the same there, and 1 to 2 the best on web pages (docs/segment.md).
"""

from __future__ import annotations

import re

import numpy as np

from topics.lines import Ints, Lines
from topics.sequence import STATES, Floats
from topics.shapes import Shapes

#: A short line that stands on the page more than once is not text.
REPEATED, SHORT = np.float32(4), 80
#: A long line that ends like a sentence and stands there once is not furniture.
SENTENCE, LONG = np.float32(2), 100
#: A longer one with a sentence end inside is no caption either: pages that print captions keep them to one sentence.
WORDY = 160
_BODY = [k for k, (_, role, _) in enumerate(STATES) if role == "body"]
#: A link alone on its line leads away from the text.
LINK, _LINK = np.float32(6), re.compile(r"!?\[[^\]\n]{0,200}\]\([^)\s]*\)$")
#: A line that says whose the rights are, and a line of signs alone, are no text.
#: So is the name of what a reader may do with the page; it has fewer characters than this.
TOOL, _TOOL = (
    32,
    re.compile(
        r"(?:print|e-?mail|share|save|tweet|text size|reprints?)(?: (?:this|the)(?: (?:article|page|story|post))?)?",
        re.IGNORECASE,
    ),
)
RIGHTS = re.compile(r"(?:©|\([cC]\)|Copyright\b|COPYRIGHT\b)")
_CAPTION = [k for k, (_, role, _) in enumerate(STATES) if role == "caption"]
_FURNITURE = [k for k, (_, role, _) in enumerate(STATES) if role == "furniture"]


def prior_scores(lines: Lines, shape: Shapes) -> Floats:
    """Return what to add to the scores of the lines: (n_lines, n_states)."""
    length = lines.end - lines.start
    repeated = shape.column("repeated at all") > 0
    once = ~repeated & (shape.column("ends like a sentence") > 0)
    links = np.zeros(len(lines), np.bool_)
    links[_links(lines, shape)] = True
    holds = np.empty((len(lines), len(_MORE)), np.float32)
    holds[:, 0] = repeated & (length < SHORT)
    holds[:, 1] = once & (length >= LONG) & (shape.column("words up to 12") >= 1)
    holds[:, 2] = once & (length >= WORDY) & (shape.column("sentence ends inside") > 0)
    holds[:, 3] = links
    return holds @ _MORE


#: What each of the four adds to the scores of the states; whole numbers.
_MORE = np.zeros((4, len(STATES)), np.float32)
for _row, (_states, _weight) in enumerate(((_BODY, REPEATED), (_FURNITURE, SENTENCE), (_CAPTION, SENTENCE), (_BODY, LINK))):
    _MORE[_row, _states] = -_weight


#: A page of which nothing would be text is read again with this much more for its long sentences, where they have at least so
#: many characters.
RESCUE, PROSE = np.float32(12), 300


def rescue(lines: Lines, shape: Shapes, score: Floats, path: Ints) -> Floats | None:
    """Return scores by which the long sentences of a page are text, where `path` finds no article; None for other pages.

    Letters, services and offers speak as comments and adverts do. A page of nothing else is kept for its reader to judge.
    """
    if ((path == _BODY[0]) | (path == _BODY[1])).any():
        return None
    length = lines.end - lines.start
    ends = shape.column("ends like a sentence") > 0
    prose = ends & (length >= LONG) & (shape.column("repeated at all") <= 0)
    if int(length[prose].sum()) < PROSE:
        return None
    score = score.copy()
    score[np.flatnonzero(prose)[:, None], _BODY] += RESCUE
    return score


def _links(lines: Lines, shape: Shapes) -> list[int]:
    """Return the short lines that are nothing but a link in Markdown's form, a claim of rights, signs, or a tool's name."""
    length = lines.end - lines.start
    first = lines.codes[lines.start]
    opens = _OPENS[np.minimum(first, len(_OPENS) - 1)]
    at = np.flatnonzero(((opens == 1) & (length < 500)) | ((opens == 2) & (length < TOOL)))
    spans = zip(at.tolist(), lines.start[at].tolist(), lines.end[at].tolist(), strict=True)
    texts = ((k, "".join(map(chr, lines.codes[a:b].tolist()))) for k, a, b in spans)
    bounds = shape.words.bounds
    return [
        k
        for k, text in texts
        if _LINK.match(text)
        or (len(text) < SHORT and (RIGHTS.match(text) or bounds[k] == bounds[k + 1]))
        or (len(text) < TOOL and _TOOL.fullmatch(text))
    ]


#: First characters of such lines.
_OPENS = np.zeros(0x2030, np.int8)
_OPENS[[ord(char) for char in "PpEeSsTtRr"]] = 2
_OPENS[[ord(char) for char in "![(©C-–—*_=~#+.•·|/"]] = 1
