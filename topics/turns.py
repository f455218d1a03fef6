"""Whether the wording turns at a short line: headline or sub-heading, where the page gives no other sign.

Owns: the likeness of a line to the words above and below it, and the verdict on doubtful headlines.
Does not know: habits of the page (`habits`), pages without lines (`wording`).

The words of a headline come again below it and not above; those of a sub-heading come in both; and the text
above and below a sub-heading is about the same people. Measured on doubtful lines of web articles set one after
the other without any mark: the line model alone tells 87 % right, with these likenesses 96 %.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log1p, sqrt

import numpy as np
import numpy.typing as npt

from topics.lines import Ints
from topics.sequence import FIRST, NEXT, STATES, TITLE
from topics.shapes import Shapes
from topics.shapes_words import Words

#: Words compared on either side, function words included: about three paragraphs, and about half an article.
NEAR, FAR = 150, 400
#: What one unit of each evidence adds to the log odds that a line is a headline, and the odds to begin with. Set by logistic
#: regression from 8,426 doubtful lines of 840 pages without any mark, of web articles and of a broadcaster's (none of them
#: shipped): 96.4 % come out right in five-fold cross-validation, 86.8 % by the line model alone. Names, and the text just
#: above the line, added nothing.
#: The line model's log odds of a headline; that the line is the first paragraph rather than a later one.
LINE_MODEL = (0.57, -0.28)
#: The likeness of the text above and below; of the line and the text above; of the line and the text below, and that again
#: up to a limit.
LIKENESS = (-41.5, -37.5, 3.3, 28.0)
LIMIT = 0.15
#: The logarithm of the words since the headline above, up to a limit, and until the next one below.
ROOM = (1.1, 0.28)
ROOMY = 4.5
#: The line is in quotation marks from end to end, as sub-headings are.
QUOTED = -4.5
BIAS = -7.3
#: The line is printed twice in a row, as some agencies and stations print headlines and none prints sub-headings; it has at
#: least so many words.
TWICE, FEW = 4.0, 4
#: The line model's word counts up to this many nats.
MOST = 7.0
#: Log probability of the line model under which a line is not doubted but left what it is.
DOUBT = float(np.log(0.004))
#: Log probability from which a line that was taken for furniture is doubted, too; lines between a headline and a name under it.
LIKELY, REACH = -2.0, 3

_STEM = np.uint64((1 << 48) - 1)


#: Units in 1 of a stem's weight: sums of whole numbers are the same in any order.
_UNIT = 2.0**30


@dataclass(frozen=True, slots=True)
class Stems:
    """The content words of a page by number; -1 for words that tell nothing. Lists: they are read a few at a time."""

    id: list[int]
    #: Weight of each stem: rare ones on this page tell more. Whole numbers.
    weight: list[float]


@dataclass(frozen=True, slots=True)
class CompiledStems:
    """The same as arrays for the kernel, and room to count in."""

    id: Ints
    weight: npt.NDArray[np.float64]
    count: Ints
    touched: Ints


def stems(words: Words, *, fast: bool = False) -> Stems | CompiledStems:
    """Return the first six letters of each content word as a number."""
    use = (words.kind != 1) & (words.kind < 15) & (words.length >= 3) & ~words.digit
    if fast:
        from topics import kernels_turns

        number, weight = np.empty(len(use), np.int64), np.empty(len(use))
        n = kernels_turns.stem(words.key, use, number, weight, _UNIT)
        room = min(len(use), 2 * FAR)
        touched = np.empty((2, max(room, int(np.diff(words.bounds).max(initial=0)))), np.int64)
        return CompiledStems(number, weight[:n], np.zeros((2, n), np.int64), touched)
    number = np.full(len(use), -1)
    _, number[use], count = np.unique(words.key[use] & _STEM, return_inverse=True, return_counts=True)
    weight = np.rint(_UNIT / np.sqrt(count + 1.0))
    return Stems(number.tolist(), weight.tolist())


def evidence(words: Words, stem: Stems | CompiledStems, line: int, top: int) -> tuple[float, float, float, float]:
    """Return the likenesses that `LIKENESS` weighs.

    The text above ends before line `top`: what stands between it and the line belongs to neither, and a headline printed
    twice would be like itself.
    """
    a, b, end = int(words.bounds[line]), int(words.bounds[line + 1]), int(words.bounds[top])
    if isinstance(stem, CompiledStems):
        from topics import kernels_turns

        out = np.empty(3)
        kernels_turns.weigh(stem.id, stem.weight, end, a, b, NEAR, FAR, stem.count, stem.touched, out)
        around, above, below = out.tolist()
    else:
        ids, weight = stem.id, stem.weight
        own = _bag(ids[a:b], weight)
        around = _likeness(_bag(ids[max(0, end - NEAR) : end], weight), _bag(ids[b : b + NEAR], weight), weight)
        above = _likeness(own, _bag(ids[max(0, end - FAR) : end], weight), weight)
        below = _likeness(own, _bag(ids[b : b + FAR], weight), weight)
    return around, above, below, min(below, LIMIT)


class Odds:
    """The log odds that lines of a page are headlines, found line by line."""

    def __init__(self, shape: Shapes, score: npt.NDArray[np.float32], path: Ints, *, fast: bool = False) -> None:
        body = (path == NEXT) | (path == FIRST)
        self.words, self.stems = shape.words, stems(shape.words, fast=fast)
        self.above = np.maximum.accumulate(np.where(body, np.arange(len(path)), -1))
        self.heads = np.flatnonzero(path == TITLE)
        self.known = _line_odds(shape, score)

    def of(self, line: int, top: int | None = None) -> float:
        """Return the log odds of one line. The text above ends before line `top`, without one where the page's text does."""
        end = int(self.above[line - 1]) + 1 if line else 0
        top = end if top is None else min(top, end)
        odds = float(self.known[line]) + float(np.dot(ROOM, _room(self.words, self.heads, line)))
        return odds + float(np.dot(LIKENESS, evidence(self.words, self.stems, line, top)))


def _copies(words: Words, line: int) -> tuple[int, int]:
    """Return the first and the last of the copies of a line around it, a name or two between them."""
    bounds, low, high = words.bounds, line, line
    own = words.key[bounds[line] : bounds[line + 1]]
    for k in range(max(0, line - REACH), min(len(bounds) - 1, line + REACH + 1)):
        if bounds[k + 1] - bounds[k] == len(own) and np.array_equal(words.key[bounds[k] : bounds[k + 1]], own):
            low, high = min(low, k), max(high, k)
    return low, high


def judge(shape: Shapes, score: npt.NDArray[np.float32], path: Ints, *, fast: bool = False) -> Ints:
    """Return the path with each doubtful headline after the first article's either made one or made a paragraph."""
    first = np.flatnonzero(path == FIRST)
    if not len(first):
        return path
    words = shape.words
    below = np.arange(len(path)) > first[0]
    body = (path == NEXT) | (path == FIRST)
    # A headline that the page prints twice in a row looks like furniture.
    taken = body | (path == TITLE) | (score[:, TITLE] > LIKELY)
    doubtful = np.flatnonzero(below & taken & (score[:, TITLE] > DOUBT) & (np.diff(words.bounds) > 0))
    if not len(doubtful):
        return path
    found = Odds(shape, score, path, fast=fast)
    path = path.copy()
    words_of, n = np.diff(words.bounds), len(path)
    for line in doubtful.tolist():
        upper, last = _copies(words, line)
        again = upper < line and path[upper] == TITLE
        # The line is no text above itself.
        odds = -np.inf if again else found.of(line, upper) + (TWICE if upper < last and words_of[line] >= FEW else 0.0)
        text = next((k for k in range(line + 1, n) if path[k] in (FIRST, NEXT)), n)
        if text == n:
            break
        lower = next((k for k in range(line + 1, min(text, line + REACH + 1)) if path[k] == TITLE), None)
        if odds > 0 and path[line] not in (FIRST, TITLE) and path[text] == NEXT and path[line - 1] not in _HEAD:
            path[line], path[text] = TITLE, FIRST
            path[line + 1 : text] = [_MOVED[s] for s in path[line + 1 : text].tolist()]
        elif lower is not None and path[line] == NEXT and path[text] == FIRST and odds > max(0.0, found.of(lower, line)):
            path[line], path[lower] = TITLE, _PLACES["meta", 1]  # a name under the headline was taken for it
            path[line + 1 : text] = [_MOVED[s] for s in path[line + 1 : text].tolist()]
        elif odds <= 0 and path[line] == TITLE:
            path[line] = NEXT
            path[line + 1 : text + 1] = [_INSIDE[s] for s in path[line + 1 : text + 1].tolist()]
    return path


def _line_odds(shape: Shapes, score: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Return what the line model and the line itself add to the odds of each line."""
    title = np.minimum(score[:, TITLE].astype(np.float64), -1e-4)
    odds = np.clip(title - np.log1p(-np.exp(title)), -MOST, MOST)
    opens = np.clip(score[:, FIRST] - score[:, NEXT], -MOST, MOST)
    quoted = np.array([shape.column(name) for name in _QUOTED]).all(axis=0)
    return np.asarray(LINE_MODEL[0] * odds + LINE_MODEL[1] * opens + QUOTED * quoted + BIAS, np.float64)


def _room(words: Words, heads: Ints, line: int) -> tuple[float, float]:
    """Return the logarithms of the words from the headline above to the line, up to a limit, and on to the next headline."""
    at = int(np.searchsorted(heads, line))
    begin = int(words.bounds[heads[at - 1]]) if at else 0
    at += at < len(heads) and int(heads[at]) == line
    end = int(words.bounds[heads[at]]) if at < len(heads) else int(words.bounds[-1])
    return min(log1p(int(words.bounds[line]) - begin), ROOMY), log1p(end - int(words.bounds[line + 1]))


_QUOTED = ("begins with a quote", "ends with a closing mark")
_PLACES = {(role, place): k for k, (_, role, place) in enumerate(STATES) if role not in ("title", "body")}
_HEAD = tuple(k for k, (_, _, place) in enumerate(STATES) if place == 1)
#: The same role between paragraphs, and under a headline.
_INSIDE = {k: NEXT if role in ("body", "title") else _PLACES[role, 2] for k, (_, role, _) in enumerate(STATES)}
_MOVED = {k: k if role in ("body", "title") else _PLACES[role, 1] for k, (_, role, _) in enumerate(STATES)}
#: How often each stem occurs, and the sum of these counts, weighted.
_Bag = tuple[Counter[int], float]


def _bag(ids: list[int], weight: list[float]) -> _Bag:
    count = Counter(ids)
    count.pop(-1, None)
    return count, sum([n * weight[k] for k, n in count.items()])


def _likeness(a: _Bag, b: _Bag, weight: list[float]) -> float:
    """Return the cosine of the square roots of two counts, weighted; 0 where one is empty."""
    one, other = (a[0], b[0]) if len(a[0]) <= len(b[0]) else (b[0], a[0])
    both = float(sum([round(sqrt(n * other[k]) * weight[k]) for k, n in one.items() if k in other]))
    return both / sqrt(a[1] * b[1]) if both else 0.0
