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
LINK, _LINK = np.float32(6), re.compile(r"\[[^\]\n]{1,200}\]\([^)\s]*\)$")
_CAPTION = [k for k, (_, role, _) in enumerate(STATES) if role == "caption"]
_FURNITURE = [k for k, (_, role, _) in enumerate(STATES) if role == "furniture"]


def prior_scores(lines: Lines, shape: Shapes) -> Floats:
    """Return what to add to the scores of the lines: (n_lines, n_states)."""
    more = np.zeros((len(lines), len(STATES)), np.float32)
    length = lines.end - lines.start
    repeated = shape.values[:, shape.names.index("repeated at all")] > 0
    ends = shape.values[:, shape.names.index("ends like a sentence")] > 0
    many = shape.values[:, shape.names.index("words up to 12")] >= 1
    more[np.flatnonzero(repeated & (length < SHORT))[:, None], _BODY] -= REPEATED
    more[np.flatnonzero(~repeated & ends & many & (length >= LONG))[:, None], _FURNITURE] -= SENTENCE
    inner = shape.values[:, shape.names.index("sentence ends inside")] > 0
    more[np.flatnonzero(~repeated & ends & inner & (length >= WORDY))[:, None], _CAPTION] -= SENTENCE
    more[np.array(_links(lines, shape), np.int64)[:, None], _BODY] -= LINK
    return more


#: A page of which nothing would be text is read again with this much more for its long sentences, where they have at least so
#: many characters.
RESCUE, PROSE = np.float32(12), 300


def rescue(lines: Lines, shape: Shapes, score: Floats, path: Ints) -> Floats | None:
    """Return scores by which the long sentences of a page are text, where `path` finds no article; None for other pages.

    Letters, services and offers speak as comments and adverts do. A page of nothing else is kept for its reader to judge.
    """
    if np.isin(path, _BODY).any():
        return None
    length = lines.end - lines.start
    ends = shape.values[:, shape.names.index("ends like a sentence")] > 0
    prose = ends & (length >= LONG) & (shape.values[:, shape.names.index("repeated at all")] <= 0)
    if int(length[prose].sum()) < PROSE:
        return None
    score = score.copy()
    score[np.flatnonzero(prose)[:, None], _BODY] += RESCUE
    return score


def _links(lines: Lines, shape: Shapes) -> list[int]:
    """Return the lines that are nothing but a link in Markdown's form: "[Read more](https://example.org)"."""
    at = np.flatnonzero(shape.values[:, shape.names.index("begins with a bracket")] > 0)
    spans = zip(at.tolist(), lines.start[at].tolist(), lines.end[at].tolist(), strict=True)
    return [k for k, a, b in spans if b - a < 500 and _LINK.match("".join(map(chr, lines.codes[a:b].tolist())))]
