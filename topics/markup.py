"""What the markup of an HTML page adds to the line model: more or less of each state for the lines it names.

Owns: how much each kind of hint is worth.
Does not know: HTML (`sources_html` finds the hints), how a path is searched (`sequence`).

Hints are evidence. Where the page says which stretch is an article, lines elsewhere are hardly one; which of an
article's lines are its text is still decided by the line model.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from topics.lines import TERMINAL, Lines
from topics.pages import Page, Span
from topics.sequence import FIRST, NEXT, STATES, TITLE

#: Decides unless everything else speaks against it; the line model's own scores differ by about 5 to 15.
SURE, LIKELY = np.float32(30), np.float32(4)
#: An <article> with less text is a teaser where the longest has this many times more, or at all.
TEASER, TIMES = 140, 12
#: Characters of a paragraph that is hardly a byline or a date: whatever its end, and where it ends like a sentence.
LONG, SHORT = 100, 40
_BODY = [k for k, (_, role, _) in enumerate(STATES) if role == "body"]
_CAPTION = [k for k, (_, role, _) in enumerate(STATES) if role == "caption"]
_FURNITURE = [k for k, (_, role, _) in enumerate(STATES) if role == "furniture"]


def articles_of(page: Page) -> list[Span]:
    """Return the stretches that the page marks as articles, in order: outermost ones, teasers left out."""
    outer: list[Span] = []
    for kind, (start, end) in page.hints:
        if kind == "article" and (not outer or start >= outer[-1][1]):
            outer.append((start, end))
    longest = max((end - start for start, end in outer), default=0)
    return [(s, e) for s, e in outer if e - s >= TEASER and (e - s) * TIMES >= longest]


def hint_scores(page: Page, lines: Lines) -> npt.NDArray[np.float32]:
    """Return what to add to the scores of the lines: (n_lines, n_states); zeros where the page has no hints."""
    more = np.zeros((len(lines), len(STATES)), np.float32)
    articles = articles_of(page)
    inside = np.zeros(len(lines), np.bool_)
    for span in articles:
        inside[_within(lines, span)] = True
    for kind, span in page.hints:
        at = _within(lines, span)
        if kind in ("nav", "aside") or (kind in ("header", "footer") and not inside[at].any()):
            more[at] -= SURE
            more[at[:, None], _FURNITURE] += SURE
        elif kind == "caption":
            more[at] -= SURE
            more[at[:, None], _CAPTION] += SURE
        elif kind == "heading":
            more[at, TITLE] += LIKELY
            more[at, FIRST] -= LIKELY
        elif kind == "paragraph":
            more[at, TITLE] -= LIKELY
    if articles:
        more[np.flatnonzero(~inside)[:, None], [TITLE, *_BODY]] -= SURE
    for span in articles:
        _one_article(page, lines, span, more)
    return more


def _one_article(page: Page, lines: Lines, span: Span, more: npt.NDArray[np.float32]) -> None:
    """Let one article begin within `span`: at its first heading, or at its first paragraph where it has none."""
    at = _within(lines, span)
    headings, paragraphs = _marked(page, lines, "heading", span), _marked(page, lines, "paragraph", span)
    if not len(paragraphs):
        return
    head = headings[:1] if len(headings) and headings[0] < paragraphs[-1] else headings[:0]
    below = paragraphs[paragraphs > head[0]] if len(head) else paragraphs
    # A byline is often marked as a paragraph, too: the text begins at the first sentence, if there is any.
    size, last = (lines.end - lines.start)[below], lines.bits[lines.end[below] - 1]
    sentences = below[(size >= LONG) | ((size >= SHORT) & ((last & TERMINAL) != 0))]
    first = sentences[:1] if len(sentences) else below[:1]
    more[at, TITLE] -= SURE
    more[at, FIRST] -= SURE
    more[head, TITLE] += 2 * SURE
    more[first, FIRST] += 2 * SURE
    more[at[at < first[0]][:, None], [NEXT, FIRST]] -= SURE


def _marked(page: Page, lines: Lines, kind: str, span: Span) -> npt.NDArray[np.int64]:
    found = [_within(lines, s) for k, s in page.hints if k == kind and span[0] <= s[0] and s[1] <= span[1]]
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _within(lines: Lines, span: Span) -> npt.NDArray[np.int64]:
    """Return the numbers of the lines that lie in `span`."""
    begin, end = np.searchsorted(lines.start, span[0]), np.searchsorted(lines.end, span[1], side="right")
    return np.arange(begin, max(begin, end))
