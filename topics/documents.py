"""An article as one text: what the models read, and the way back from there to the page.

Owns: how title and paragraphs are joined, and the map from offsets in the joined text to the page.
Does not know: files (`sources`), how pages are cut (`segment`), what is counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from topics.pages import Page, Span
from topics.segment import Article, Segmentation, Segmenter, segment
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

    def to_dict(self) -> dict[str, Any]:
        """Return what was found of the article: a row of `topics segment`."""
        article = self.article
        return {
            "page": self.page.id,
            "article": self.name,
            "title": article.title,
            "title_span": article.title_span,
            "body_spans": article.body_spans,
            "source": article.source,
            "published": article.published,
            "author": article.author,
            "parts": article.parts,
            "why": article.why,
        }

    def to_page(self, start: int, end: int) -> Span:
        """Return the span of the page for a span of `text`.

        A span inside one piece has the same characters there. One that reaches from a piece into the next goes from
        the page's place of its first character to that of its last: what stands between on the page is in it.
        """
        first, last = self._piece(start), self._piece(max(start, end - 1))
        return start + self._offset(first), end + self._offset(last)

    def inside_one_piece(self, start: int, end: int) -> bool:
        """Return whether a span of `text` lies in the title alone or in one paragraph alone."""
        return self._piece(start) == self._piece(max(start, end - 1))

    def _piece(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1)

    def _offset(self, piece: int) -> int:
        return self._origins[piece] - self._starts[piece] if self._starts else 0


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


def documents_of(
    record: Record, segmenter: Segmenter | None = None, segmentation: Segmentation | None = None
) -> Iterator[Document]:
    """Yield the articles of a page in reading order, or the one article that a row of an article file is.

    segmentation: of the page, where it is cut already.
    """
    page = record.page
    if record.kind == "page":
        found = segment(page, segmenter=segmenter) if segmentation is None else segmentation
        for number, article in enumerate(found, 1):
            yield document_of(page, article, number)
        return
    title = record.title_span
    if title is not None and not page.text[slice(*title)].strip():
        title = None
    # The title usually comes first; what stands before it, when fields are joined in another order, is text, too.
    around = [(0, len(page.text))] if title is None else [(0, title[0]), (title[1], len(page.text))]
    article = Article(
        id=page.id,
        title="" if title is None else " ".join(page.text[slice(*title)].split()),
        title_span=title,
        body_spans=tuple(span for start, end in around if (span := _stripped(page.text, start, end))),
        source=page.source,
        published=page.published,
        why="row of an article file",
    )
    yield document_of(page, article, page.id)


def text_of(record: Record) -> str:
    """Return the text of the article that a row is, as its document has it."""
    whole, title = record.page.text, record.title_span
    if title is None or not whole[slice(*title)].strip():
        return whole.strip()
    pieces = (piece.strip() for piece in (whole[: title[0]], whole[title[1] :]))
    return JOIN.join([whole[slice(*title)], *filter(None, pieces)])


def _stripped(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends, or None where nothing is left."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return (left, left + len(piece.strip())) if piece.strip() else None
