"""Articles of a corpus that need not fit into memory: kept in a temporary file, read back when they are asked for.

Owns: the file, and `Kept`, which stands for a document wherever one is used.
Does not know: how articles are read (`corpus`), what is learned from them.

An article takes about 400 bytes in memory (its place in the file, its group, where it was read) instead of its text twice.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, cast, overload

from topics.articles import Article
from topics.documents import Document
from topics.pages import Hint, Page, Span

if TYPE_CHECKING:
    from training.corpus import Example


_ARTICLE = tuple(field.name for field in fields(Article))


class Spool:
    """A temporary file of articles. It goes when the last of them does."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="newstopics-", buffering=1 << 20)  # noqa: SIM115 - closed with this object
        self._end = self._on_disk = 0
        self._pages: dict[str, tuple[Page, int, int]] = {}

    def keep(self, example: Example) -> Example:
        """Return `example` with its document in the file."""
        return replace(example, document=cast(Document, self._kept(example.document)))

    def _kept(self, document: Document) -> Kept:
        page, article = document.page, document.article
        # The articles of a page follow one another.
        if self._pages.get("last", (None,))[0] is not page:
            self._pages["last"] = (page, *self._write(json.dumps(_plain(page)).encode("ascii")))
        about = {
            "article": {name: getattr(article, name) for name in _ARTICLE},
            "name": document.name,
            "starts": document._starts,
            "origins": document._origins,
        }
        text = self._write(document.text.encode("utf-8", "surrogatepass"))
        return Kept(self, text, self._write(json.dumps(about).encode("ascii")), self._pages["last"][1:])

    def write(self, *pieces: bytes) -> int:
        """Write bytes one behind the other; return where they begin."""
        at = self._end
        for raw in pieces:
            self._file.write(raw)
            self._end += len(raw)
        return at

    def _write(self, raw: bytes) -> tuple[int, int]:
        return self.write(raw), len(raw)

    def read(self, place: tuple[int, int]) -> bytes:
        """Return the bytes at (begin, length)."""
        if place[0] + place[1] > self._on_disk:
            self._file.flush()
            self._on_disk = self._end
        return os.pread(self._file.fileno(), place[1], place[0])


class Kept:
    """A `Document` in a file: has all that one has."""

    __slots__ = ("_about", "_page", "_spool", "_text")

    def __init__(self, spool: Spool, text: tuple[int, int], about: tuple[int, int], page: tuple[int, int]) -> None:
        self._spool, self._text, self._about, self._page = spool, text, about, page

    @property
    def text(self) -> str:
        """Title and paragraphs, as `Document.text`."""
        return self._spool.read(self._text).decode("utf-8", "surrogatepass")

    @property
    def page(self) -> Page:
        """The page."""
        told = json.loads(self._spool.read(self._page))
        return Page(**{**told, "hints": tuple(Hint(kind, _span(span)) for kind, span in told["hints"])})

    @property
    def article(self) -> Article:
        """The article."""
        told = json.loads(self._spool.read(self._about))["article"]
        spans = {name: told[name] and _span(told[name]) for name in ("title_span", "source_span", "published_span")}
        return Article(**{**told, **spans, **{name: tuple(map(_span, told[name])) for name in ("body_spans", "parts")}})

    @property
    def name(self) -> int | str:
        """Number on its page, or id of its row."""
        return cast("int | str", json.loads(self._spool.read(self._about))["name"])

    def whole(self) -> Document:
        """Return the document itself."""
        told = json.loads(self._spool.read(self._about))
        places = {f"_{name}": tuple(told[name]) for name in ("starts", "origins")}
        return Document(page=self.page, article=self.article, name=told["name"], text=self.text, **places)

    def to_page(self, start: int, end: int) -> Span:
        """As `Document.to_page`."""
        return self.whole().to_page(start, end)

    def inside_one_piece(self, start: int, end: int) -> bool:
        """As `Document.inside_one_piece`."""
        return self.whole().inside_one_piece(start, end)


def _plain(page: Page) -> dict[str, Any]:
    return {name: getattr(page, name) for name in ("id", "text", "source", "published", "hints")}


def _span(span: Sequence[int]) -> Span:
    return span[0], span[1]


class Texts(Sequence[str]):
    """The texts of examples, each read when it is asked for."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.examples = examples
        self._text: Callable[[int], str] = getattr(examples, "text", lambda i: examples[i].document.text)

    def __len__(self) -> int:
        return len(self.examples)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> list[str]: ...
    def __getitem__(self, i: int | slice) -> str | list[str]:
        return list(map(self._text, range(len(self))[i])) if isinstance(i, slice) else self._text(i)

    def __iter__(self) -> Iterator[str]:
        return map(self._text, range(len(self)))
