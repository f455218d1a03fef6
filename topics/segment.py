"""Cut a page into blocks and articles.

Owns: the types `Article`, `Segmentation`, `Segmenter` and the call `segment`.
Does not know: file formats, how the shipped arrays were learned (`training/segment.py`).

    text ─▶ lines ─▶ shapes ─▶ scores ─▶ best path ─▶ blocks ─▶ articles ─▶ headline, source, author, date, parts
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.blocks import Block, tile
from topics.habits import keep_habits, place_headlines, settle_doubles
from topics.headlines import trim, unglue
from topics.lines import Lines, find_lines
from topics.markup import articles_of, hint_scores
from topics.oneline import LONG, SHARE, cut_line
from topics.pages import Page, Span
from topics.sequence import FIRST, NEXT, STATES, TITLE, best_path, scores
from topics.shapes import shapes
from topics.turns import judge

_ROLES = tuple(role for _, role, _ in STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as spans on its page; nothing is copied or rewritten but the title."""

    #: "page#n", counted from 1 in reading order.
    id: str
    #: The headline with white space folded; empty where the page shows none.
    title: str
    title_span: Span | None
    #: Paragraphs in reading order; half-open, in code points of the page's text, disjoint.
    body_spans: tuple[Span, ...]
    source: str | None = None
    source_span: Span | None = None
    author: str | None = None
    #: ISO date where the page allows it ("2024-02-20"); a relative date stays text ("34 minutes ago").
    published: str | None = None
    published_span: Span | None = None
    #: Letters of a letters page, posts of a live blog: one span each; empty for an ordinary article.
    parts: tuple[Span, ...] = ()
    #: What opened this article, for a person.
    why: str

    def body(self, page_text: str) -> str:
        """Return the paragraphs as the page has them, blank lines between."""
        return "\n\n".join(page_text[start:end] for start, end in self.body_spans)

    def text(self, page_text: str) -> str:
        """Return title and paragraphs, blank lines between: what the models count terms in."""
        body = self.body(page_text)
        return f"{self.title}\n\n{body}" if self.title else body


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A page, the blocks that tile it, and its articles in reading order."""

    page: Page
    blocks: tuple[Block, ...]
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Segmenter:
    """The learned arrays `segment` decides with."""

    _arrays: Mapping[str, npt.NDArray[np.float32]] = field(default_factory=dict)
    _settings: Mapping[str, Any] = field(default_factory=dict)

    def arrays(self) -> dict[str, npt.NDArray[np.float32]]:
        """Return the arrays by name; together with `settings` all that `from_arrays` needs."""
        return dict(self._arrays)

    def settings(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return dict(self._settings)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[np.float32]], settings: Mapping[str, Any]) -> Segmenter:
        """Return the segmenter that wrote `arrays` and `settings`."""
        return cls(dict(arrays), dict(settings))


@cache
def default_segmenter() -> Segmenter:
    """Return the segmenter that ships with the package."""
    folder = resources.files("topics") / "data" / "segment"
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    arrays = {}
    for name in settings["arrays"]:
        with (folder / f"{name}.npy").open("rb") as file:
            arrays[name] = np.load(file, allow_pickle=False)
    return Segmenter.from_arrays(arrays, settings)


def segment(page: Page | str, *, segmenter: Segmenter | None = None) -> Segmentation:
    """Return the blocks and the articles of a page; a page of white space has one block and no article."""
    if isinstance(page, str):
        page = Page(id="page", text=page)
    segmenter = segmenter or default_segmenter()
    lines = find_lines(page.text)
    if not len(lines):
        return Segmentation(page, tile(len(page.text), [], [], []), ())
    shape = shapes(lines)
    score = scores(segmenter.arrays(), shape.values)
    if page.hints:
        score = score + hint_scores(page, lines)
        if articles_of(page):  # what the page says of its articles needs no guess from its habits
            return _read(page, lines, find_path(segmenter, score))
    path, habits = keep_habits(lines, shape, find_path(segmenter, score))
    if not habits:
        path = judge(shape.words, score, path)
    path = settle_doubles(shape, place_headlines(lines, shape, score, path))
    return _read(page, lines, path)


def find_path(segmenter: Segmenter, score: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """Return the state of each line.

    Where most articles of the page have a headline, text without one opens no article: the path is searched
    again without that possibility.
    """
    arrays = segmenter.arrays()
    transitions, start = arrays["transitions"], arrays["start"]
    path = best_path(score, transitions, start)
    first = np.flatnonzero(path == FIRST)
    headed = np.array([place == 1 for _, _, place in STATES])
    titled = int((headed[path[first - 1]] & (first > 0)).sum())
    if 0 < titled < len(first) and 2 * titled >= len(first):
        transitions, start = transitions.copy(), start.copy()
        transitions[~headed, FIRST] -= 30
        start[FIRST] -= 30
        path = best_path(score, transitions, start)
    return path


def _read(page: Page, lines: Lines, path: npt.NDArray[np.int64]) -> Segmentation:
    text = page.text
    starts, ends = lines.start.tolist(), lines.end.tolist()
    states = path.tolist()
    heads: list[int | None] = []
    bodies: list[list[int]] = []
    title: int | None = None
    for k, state in enumerate(states):
        if state == TITLE:
            title = k
        elif state == FIRST:
            heads.append(title)
            bodies.append([k])
            title = None
        elif state == NEXT and bodies:
            bodies[-1].append(k)
    spans: list[list[Span]] = [[(starts[k], ends[k]) for k in body] for body in bodies]
    titled = [k for k, head in enumerate(heads) if head is not None]
    title_spans: list[Span | None] = [None] * len(heads)
    strings = [text[starts[heads[k]] : ends[heads[k]]] for k in titled]  # type: ignore[index]
    for k, (a, b) in zip(titled, trim(strings, suffixes=True), strict=True):
        at = starts[heads[k]]  # type: ignore[index]
        title_spans[k] = (at + a, at + b) if b > a else (at, ends[heads[k]])  # type: ignore[index]
    firsts = [text[slice(*body[0])] for body in spans]
    if len(spans) == 1 and not titled and len(spans[0]) == 1:
        low, high = spans[0][0]
        if high - low >= LONG and high - low >= SHARE * len(text.strip()):
            cuts = cut_line(text[low:high])
            title_spans = [None if head is None else (low + head[0], low + head[1]) for head, _ in cuts]
            spans = [[(low + a, low + b)] for _, (a, b) in cuts]
            firsts = []
    glued = unglue(firsts) if len(firsts) >= 2 and 2 * len(titled) <= len(firsts) else None
    if glued:
        for k, (head, rest) in enumerate(glued):
            at = spans[k][0][0]
            if head[1] > head[0]:
                title_spans[k] = (at + head[0], at + head[1])
            spans[k][0] = (at + rest[0], at + rest[1])
    else:
        for k, (a, b) in enumerate(trim(firsts, suffixes=False)):
            at = spans[k][0][0]
            if b > a:
                spans[k][0] = (at + a, at + b)
    articles = []
    for n, (span, body) in enumerate(zip(title_spans, spans, strict=True), 1):
        articles.append(
            Article(
                id=f"{page.id}#{n}",
                title="" if span is None else " ".join(text[span[0] : span[1]].split()),
                title_span=span,
                body_spans=tuple(body),
                why="running text after a headline" if span else "running text after a break",
            )
        )
    blocks = tile(len(text), starts, [_ROLES[s] for s in states], [STATES[s][0] for s in states])
    return Segmentation(page, blocks, tuple(articles))
