"""An article as one text: what the models read, and the way back from there to the page.

Owns: how title and paragraphs are joined, and the map from offsets in the joined text to the page.
Does not know: files (`sources`), how pages are cut (`segment`), what is counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from topics.pages import Page, Span
from topics.segment import Article, Segmenter, segment
from topics.sources import Record

#: Stands between title and paragraphs; no sentence and no run of words reaches across it in a splitter's eyes.
JOIN = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article, ready to be read by the models."""

    page: Page
    article: Article
    #: Number on its page, from 1; the row's own id for a row of an article file.
    name: int | str
    #: Title and paragraphs exactly as on the page, joined by empty lines.
    text: str
    #: (n_pieces,) where each piece begins in `text`, and where in the page.
    _starts: tuple[int, ...]
    _origins: tuple[int, ...]

    def to_page(self, start: int, end: int) -> Span:
        """Return the span of the page for a span of `text` that lies inside one piece."""
        i = max(0, bisect_right(self._starts, start) - 1)
        offset = self._origins[i] - self._starts[i]
        return start + offset, end + offset


def document_of(page: Page, article: Article, name: int | str) -> Document:
    """Return the document of one article of a page."""
    spans = ([article.title_span] if article.title_span else []) + list(article.body_spans)
    starts, at = [], 0
    for start, end in spans:
        starts.append(at)
        at += end - start + len(JOIN)
    return Document(
        page=page,
        article=article,
        name=name,
        text=JOIN.join(page.text[start:end] for start, end in spans),
        _starts=tuple(starts),
        _origins=tuple(start for start, _ in spans),
    )


def documents_of(record: Record, segmenter: Segmenter | None = None) -> Iterator[Document]:
    """Yield the articles of a page in reading order, or the one article that a row of an article file is."""
    page = record.page
    if record.kind == "page":
        for number, article in enumerate(segment(page, segmenter=segmenter).articles, 1):
            yield document_of(page, article, number)
        return
    title_end = record.title_span[1] if record.title_span else 0
    rest = page.text[title_end:]
    start = title_end + len(rest) - len(rest.lstrip())
    end = title_end + len(rest.rstrip())
    article = Article(
        id=page.id,
        title=" ".join(page.text[slice(*record.title_span)].split()) if record.title_span else "",
        title_span=record.title_span,
        body_spans=((start, end),) if end > start else (),
        source=page.source,
        published=page.published,
        why="row of an article file",
    )
    yield document_of(page, article, page.id)
