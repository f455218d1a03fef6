"""Say of each article of a stream whose copy it is: first seen wins.

Owns: names of articles seen, kept in a file; a sketch on its way through a row of JSON.
Does not know: how copies are found (`duplicates`), how rows are made and written (`commands`).

Articles are sketched where they are labeled, in whatever process, and compared in their order in one place: what a row says
does not hang on batches, shards or workers. Estimates decide, since texts are not kept: at a similarity of 0.5 they have
a standard error of 0.053.
"""

from __future__ import annotations

import json
from argparse import Namespace
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import Any

import numpy as np

from topics.documents import Document
from topics.duplicates import DuplicateIndex
from topics.sketches import sketches

#: The field of a row: first the sketch of its article, then whose copy it is.
FIELD = "duplicate_of"


def sketched(texts: Sequence[str]) -> list[str]:
    """Return the sketch of each text as letters, for a row; empty for a text without a word."""
    found, filled = sketches(texts)
    return [row.tobytes().hex() if has_words else "" for row, has_words in zip(found, filled.tolist(), strict=True)]


def sketch_of(document: Document, arguments: Namespace) -> dict[str, str]:
    """Return the field with the sketch of an article where a command line asks for copies."""
    return {} if arguments.duplicates is None else {FIELD: sketched([document.text])[0]}


def named(rows: Iterator[dict[str, Any]], arguments: Namespace) -> Iterator[dict[str, Any]]:
    """Yield rows, with the article each is a copy of where a command line asks for it; of a part, with its sketch."""
    return (
        rows if arguments.duplicates is None or getattr(arguments, "sketches", False) else Copies(arguments.duplicates).name(rows)
    )


class Copies:
    """The articles seen so far."""

    def __init__(self, threshold: float) -> None:
        """Take articles for copies that share `threshold`, 0.3 to 1, of their word triples."""
        self._index = DuplicateIndex(threshold)
        self._names = TemporaryFile(prefix="newstopics-")  # noqa: SIM115 - closed with this object
        self._ends = array("q", [0])

    def name(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield each row with its sketch replaced by the page and article it is a copy of; None where it is the first.

        The earliest article counts that is known to be like it, directly or by way of others.
        """
        for row in rows:
            i, letters = len(self._index), row[FIELD]
            sketch = np.frombuffer(bytes.fromhex(letters), np.uint16) if letters else np.zeros(0, np.uint16)
            self._index.add(sketch, filled=bool(letters))
            raw = json.dumps([row["page"], row["article"]]).encode("ascii")
            self._names.seek(self._ends[-1])
            self._names.write(raw)
            self._ends.append(self._ends[-1] + len(raw))
            first = self._index.first(i)
            yield {**row, FIELD: None if first == i else self._name_of(first)}

    def _name_of(self, i: int) -> dict[str, Any]:
        self._names.seek(self._ends[i])
        page, article = json.loads(self._names.read(self._ends[i + 1] - self._ends[i]))
        return {"page": page, "article": article}
