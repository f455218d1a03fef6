"""Cut a page into blocks and articles.

Owns: the types `Article`, `Segmentation`, `Segmenter` and the call `segment`.
Does not know: file formats, how the shipped arrays were learned (`training/segment.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from topics.blocks import Block, tile
from topics.pages import Page, Span


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
        """Return the paragraphs, one a line pair, as the page has them."""
        return "\n\n".join(page_text[start:end] for start, end in self.body_spans)

    def text(self, page_text: str) -> str:
        """Return title and paragraphs separated by blank lines: what the models count terms in."""
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

    _arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    _settings: Mapping[str, Any] = field(default_factory=dict)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays by name; together with `settings` all that `from_arrays` needs."""
        return dict(self._arrays)

    def settings(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return dict(self._settings)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], settings: Mapping[str, Any]) -> Segmenter:
        """Return the segmenter that wrote `arrays` and `settings`."""
        return cls(dict(arrays), dict(settings))


_FORM = re.compile(r"data is processed|will not be published|Screenshot by|Try Our|Explore what")
_LINE = re.compile(r"[^\n\r]+")


def segment(page: Page | str, *, segmenter: Segmenter | None = None) -> Segmentation:
    """Return the blocks and the articles of a page. A page without text has none."""
    if isinstance(page, str):
        page = Page(id="page", text=page)
    text = page.text
    lines = []
    for match in _LINE.finditer(text):
        raw = match.group()
        if raw.strip():
            start = match.start() + len(raw) - len(raw.lstrip())
            lines.append((start, start + len(raw.strip())))
    strings = [text[s:e] for s, e in lines]
    keys = [re.sub(r"\W+", " ", re.sub(r"\d+", "0", s.lower())).strip() for s in strings]
    counts = Counter(keys)
    roles = ["furniture"] * len(lines)
    for i, s in enumerate(strings):
        ends = s.rstrip("\"'”’)]*").endswith((".", "!", "?", "…", ":"))
        if "©" in s or (i + 1 < len(lines) and "©" in strings[i + 1] and s[:20] == strings[i + 1][:20]):
            roles[i] = "caption"
        elif counts[keys[i]] == 1 and ((len(s) >= 40 and ends and not _FORM.search(s)) or len(s) >= 160):
            roles[i] = "body"
    articles: list[Article] = []
    body: list[int] = []
    title: int | None = None
    found: list[tuple[int | None, list[int]]] = []
    gap: list[int] = []
    for i, role in enumerate(roles):
        if role == "body":
            heads = [j for j in gap if roles[j] == "furniture" and len(strings[j].split()) >= 4 and len(strings[j]) < 160]
            twice = [j for j in heads if any(keys[j] == keys[k] for k in heads if k != j)]
            opens = twice[-1] if twice else heads[-1] if heads and (not body or len(gap) >= 4) else None
            if opens is not None or not found:
                title, body = opens, []
                if opens is not None:
                    roles[opens] = "title"
                found.append((title, body))
            body.append(i)
            gap = []
        else:
            gap.append(i)
    for n, (head, members) in enumerate(found, 1):
        articles.append(
            Article(
                id=f"{page.id}#{n}",
                title="" if head is None else " ".join(strings[head].split()),
                title_span=None if head is None else lines[head],
                body_spans=tuple(lines[j] for j in members),
                why="headline before running text",
            )
        )
    blocks = tile(len(text), [s for s, _ in lines], roles, ["shape of the line"] * len(lines))
    return Segmentation(page, blocks, tuple(articles))
