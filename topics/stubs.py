"""What looks like an article or its first paragraph and is none: posts, labels under labels, captions.

Owns: starts that are posts of a live page, texts too short to be one, captions above a picture's credit.
Does not know: how a start was found (`sequence`), what the page's heads have in common (`habits`).
"""

from __future__ import annotations

import numpy as np

from topics.datelines import CLOCK, CLOCK_LENGTH, SIGNED, is_credit, is_signed
from topics.habits import OUTSIDE, SAME, starts
from topics.lines import Ints, Lines
from topics.sequence import FIRST, NEXT, STATES, TITLE
from topics.shapes import Shapes

#: A page with this many texts that open with nothing but a time of day is a live page: they are posts of one article.
POSTS = 3


def join_posts(lines: Lines, path: Ints) -> Ints:
    """Return the path without the starts that have no headline and nothing but a time of day above them, where many do."""
    heads = starts(path)

    def timed(k: int) -> bool:
        low, high = int(lines.start[k]), int(lines.end[k])
        return high - low <= CLOCK_LENGTH and bool(CLOCK.fullmatch("".join(map(chr, lines.codes[low:high].tolist()))))

    posts = [(first, top) for title, first, top in heads[1:] if title is None and first > top and timed(first - 1)]
    if len(posts) < POSTS:
        return path
    path = path.copy()
    for first, top in posts:
        path[top:first] = [_BETWEEN[s] for s in path[top:first].tolist()]
        path[first] = NEXT
    return path


_BETWEEN = {
    k: next((n for n, (_, r, p) in enumerate(STATES) if r == role and p == 2), NEXT) if role != "title" else NEXT
    for k, (_, role, _) in enumerate(STATES)
}

#: A text of fewer words that is no sentence is no article beside one of `MUCH` words.
LITTLE, MUCH = 15, 60


def drop_stubs(shape: Shapes, path: Ints) -> Ints:
    """Return the path without articles that are a label under a label ("Try our app" / "Find out what it can do:").

    Only where furniture follows: among nothing but text such lines are text.
    """
    heads = starts(path)
    if not heads:
        return path
    count = np.diff(shape.words.bounds)
    body = (path == FIRST) | (path == NEXT)
    ends = shape.column("ends like a sentence") > 0
    last = [top for _, _, top in heads[1:]] + [len(path)]
    total = np.concatenate(([0], np.cumsum(np.where(body, count, 0))))
    sizes = [int(total[end] - total[first]) for (_, first, _), end in zip(heads, last, strict=True)]
    if max(sizes, default=0) < MUCH or min(sizes) >= LITTLE:
        return path
    path = path.copy()
    for (title, first, _), end, size in zip(heads, last, sizes, strict=True):
        if size >= LITTLE:
            continue
        text = first + np.flatnonzero(body[first:end])
        after = int(text[-1]) + 1
        if not ends[text].any() and after < len(path) and path[after] not in _TEXT:
            low = first if title is None else title
            path[low : text[-1] + 1] = [OUTSIDE.get(s, 0) if s not in _TEXT else 0 for s in path[low : text[-1] + 1].tolist()]
    return path


def unsign(lines: Lines, path: Ints) -> Ints:
    """Return the path without lines that say by whom or when, or who made a picture, as first lines of texts with a headline."""
    n = len(path)
    signed: dict[int, int] = {}
    for title, first, _ in starts(path):
        if title is None or first + 1 >= n or path[first + 1] != NEXT:
            continue
        text = _text(lines, first)
        if is_signed(text) or is_credit(text):
            signed[first] = _UNDER if is_signed(text) else _CAPTION[1]
    if not signed:
        return path
    path = path.copy()
    for first, state in signed.items():
        path[first], path[first + 1] = state, FIRST
    return path


def _text(lines: Lines, line: int) -> str:
    return "".join(map(chr, lines.codes[lines.start[line] : min(lines.end[line], lines.start[line] + SIGNED + 1)].tolist()))


_UNDER = next(k for k, (_, role, place) in enumerate(STATES) if (role, place) == ("meta", 1))
_TEXT = (TITLE, FIRST, NEXT)
#: A sentence up to this long under the headline, above a line of up to so many characters that names a picture's maker.
CAPTION, CREDIT = 200, 80


def lead_captions(lines: Lines, shape: Shapes, path: Ints) -> Ints:
    """Return the path with a first paragraph that stands above a picture's credit as the caption it is."""
    size = lines.end - lines.start
    ends = shape.column("ends like a sentence") > 0
    credit = shape.column("has a slash") + shape.column("a picture word") > 0
    at = np.flatnonzero((path[:-1] == FIRST) & (path[1:] == _CAPTION[2]) & credit[1:] & ~ends[1:] & (size[1:] < CREDIT))
    path = path.copy()
    for k in at[size[at] < CAPTION].tolist():
        after = np.flatnonzero(path[k:] == NEXT)
        if len(after) and not (path[k + 1 : k + after[0]] == TITLE).any():
            first = k + int(after[0])
            path[first] = FIRST
            path[k:first] = [SAME.get(s, s) if s not in _TEXT else _CAPTION[1] for s in path[k:first].tolist()]
    return path


_CAPTION = tuple(next(k for k, (_, r, p) in enumerate(STATES) if r == "caption" and p == place) for place in (0, 1, 2))
