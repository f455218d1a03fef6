"""Many articles of a corpus in a temporary file, with 30 bytes in memory for each.

Owns: `Shelf`, which stands for a list of examples, and its columns: places in the file, topics by number.
Does not know: how articles are read (`corpus`), what is counted of them (`stream`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from topics.documents import documents_of, text_of
from topics.pages import Page
from topics.sources import Record
from training.spool import Spool

if TYPE_CHECKING:
    from training.corpus import Example
    from training.stream import Stream

Longs = npt.NDArray[np.int64]
Topics = tuple[str, ...]
#: Fields of what is said about an article, but for its group.
FIELDS = 6
#: Bytes of what is said about articles that are read at a time.
CHUNK = 1 << 18


class Row(NamedTuple):
    """An example that is a row of an article file, before its document is made."""

    record: Record
    topics: Topics
    stances: Mapping[str, str]
    group: str
    where: str

    def example(self) -> Example:
        """Return it as any other."""
        from training.corpus import Example

        (document,) = documents_of(self.record)
        return Example(document=document, topics=self.topics, stances=self.stances, group=self.group, where=self.where)


class Facts(NamedTuple):
    """What is known of an example beside its text."""

    published: str | None
    source: str | None
    topics: Topics
    stances: Mapping[str, str]


class Store:
    """The columns of all examples, in the order in which they came."""

    def __init__(self, spool: Spool, stream: Stream | None = None) -> None:
        """Keep examples in the file of `spool`; `stream` reads their texts on the way."""
        #: Texts, and what is said about them in a file of its own: it is asked for without the texts.
        self._spool, self._abouts, self.stream = spool, Spool(), stream
        self._place, self._length, self._about, self._code = array("q"), array("q"), array("q", [0]), array("i")
        self._number: dict[Topics, int] = {}
        self.kinds: list[Topics] = []
        self._stances: dict[int, Mapping[str, str]] = {}
        #: Articles of pages, whose documents are in the file, too.
        self._kept: dict[int, Example] = {}

    def __len__(self) -> int:
        return len(self._place)

    def add(self, found: Row | Example) -> None:
        """Take the next example."""
        if isinstance(found, Row):
            record, topics, stances, group, where = found
            page, title, text = record.page, record.title_span, text_of(record)
            whole = "" if text is page.text or text == page.text else page.text
            span = "" if title is None else f"{title[0]} {title[1]}"
            # No text, id, source or date that is read holds this character; a group may.
            about = "\0".join(
                (page.id, page.source or "", page.published or "", span, where, whole, "" if group == page.id else group)
            ).encode("utf-8", "surrogatepass")
        else:
            text, about, topics, stances = found.document.text, b"", found.topics, found.stances
            self._kept[len(self)] = self._spool.keep(found)
        raw = text.encode("utf-8", "surrogatepass")
        if stances:
            self._stances[len(self)] = stances
        code = self._number.get(topics)
        if code is None:
            code = self._number[topics] = len(self.kinds)
            self.kinds.append(topics)
        self._place.append(self._spool.write(raw))
        self._length.append(len(raw))
        self._about.append(self._abouts.write(about) + len(about))
        self._code.append(code)
        if self.stream is not None:
            self.stream.add(text)

    def add_all(self, found: Iterable[Row | Example]) -> None:
        """Take the next examples."""
        for one in found:
            self.add(one)

    def text(self, i: int) -> str:
        """Return the text of example `i`."""
        return self._spool.read((self._place[i], self._length[i])).decode("utf-8", "surrogatepass")

    def codes(self) -> npt.NDArray[np.int32]:
        """Return, (n,), the place of each example's topics in `kinds`."""
        return np.array(self._code, np.int32)

    def groups(self, which: Sequence[int]) -> Iterator[str]:
        """Yield the group of each of the examples `which`, ascending."""
        first, raw = 0, b""
        for i in which:
            if i in self._kept:
                yield self._kept[i].group
                continue
            begin, end = self._about[i], self._about[i + 1]
            if end > first + len(raw):
                first, raw = begin, self._abouts.read((begin, max(end - begin, min(CHUNK, self._about[-1] - begin))))
            fields = raw[begin - first : end - first].split(b"\0", FIELDS)
            yield (fields[-1] or fields[0]).decode("utf-8", "surrogatepass")

    def _fields(self, i: int) -> list[str]:
        place = self._about[i], self._about[i + 1] - self._about[i]
        return self._abouts.read(place).decode("utf-8", "surrogatepass").split("\0", FIELDS)

    def facts(self, i: int) -> Facts:
        """Return what is known of example `i` beside its text."""
        topics, stances = self.kinds[self._code[i]], self._stances.get(i, {})
        if i in self._kept:
            article = self._kept[i].document.article
            return Facts(article.published, article.source, topics, stances)
        fields = self._fields(i)
        return Facts(fields[2] or None, fields[1] or None, topics, stances)

    def example(self, i: int) -> Example:
        """Return example `i`."""
        if i in self._kept:
            return self._kept[i]
        page_id, source, published, span, where, whole, group = self._fields(i)
        page = Page(id=page_id, text=whole or self.text(i), source=source or None, published=published or None)
        title = tuple(map(int, span.split()))
        record = Record(page=page, kind="article", file="", title_span=(title[0], title[1]) if title else None)
        return Row(record, self.kinds[self._code[i]], self._stances.get(i, {}), group or page_id, where).example()


class Shelf(Sequence["Example"]):
    """Some examples of a store, in order."""

    def __init__(self, store: Store, which: Longs | None = None) -> None:
        """Show the examples `which`, or all of them, also those that are still to come."""
        self.store, self.which = store, which

    def __len__(self) -> int:
        return len(self.store) if self.which is None else len(self.which)

    @overload
    def __getitem__(self, i: int) -> Example: ...
    @overload
    def __getitem__(self, i: slice) -> list[Example]: ...
    def __getitem__(self, i: int | slice) -> Example | list[Example]:
        if isinstance(i, slice):
            return [self.store.example(j) for j in self.places()[i].tolist()]
        return self.store.example(self._place(i))

    def __iter__(self) -> Iterator[Example]:
        return map(self.store.example, self.places().tolist())

    def _place(self, i: int) -> int:
        n = len(self)
        if not -n <= i < n:
            raise IndexError(i)
        i %= n
        return i if self.which is None else int(self.which[i])

    def places(self) -> Longs:
        """Return, (n,), where each stands in the store."""
        return np.arange(len(self.store)) if self.which is None else self.which

    def take(self, which: Sequence[int] | Longs) -> Shelf:
        """Return the examples `which`, ascending."""
        return Shelf(self.store, self.places()[np.asarray(which, np.int64)])

    def text(self, i: int) -> str:
        """Return the text of example `i`."""
        return self.store.text(self._place(i))

    def facts(self, i: int) -> Facts:
        """Return what is known of example `i` beside its text."""
        return self.store.facts(self._place(i))


Examples = Sequence["Example"]


def taken(examples: Examples, which: Sequence[int]) -> Examples:
    """Return the examples `which`, ascending."""
    return examples.take(which) if isinstance(examples, Shelf) else [examples[i] for i in which]


def topics_of(examples: Examples) -> list[Topics]:
    """Return the topics of each example."""
    if isinstance(examples, Shelf):
        return [examples.store.kinds[code] for code in examples.store.codes()[examples.places()].tolist()]
    return [example.topics for example in examples]


def facts_of(examples: Examples, i: int) -> Facts:
    """Return what is known of example `i` beside its text."""
    if isinstance(examples, Shelf):
        return examples.facts(i)
    article = examples[i].document.article
    return Facts(article.published, article.source, examples[i].topics, examples[i].stances)


def groups_of(examples: Examples) -> Iterator[str]:
    """Yield the group of each example."""
    if isinstance(examples, Shelf):
        return examples.store.groups(examples.places().tolist())
    return (example.group for example in examples)
