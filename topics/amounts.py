"""How much there is to read, and how much of it a record is: what the time left is reckoned from.

Owns: sizes of files, what is told of a record in the middle of one.
Does not know: file formats, what is done with a record.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from topics.sources import Record
from topics.sources_files import walk


class Amount:
    """Bytes of the files that records come from. Within a file a record counts its characters, at its end all of it."""

    def __init__(self, paths: Sequence[str | os.PathLike[str]]) -> None:
        self._paths = [os.fspath(path) for path in paths]
        self._file: str | None = None
        #: Bytes of the file at hand, and those that were told.
        self._size = self._told = 0

    def total(self) -> int | None:
        """Return the bytes of all files; None where one is standard input, a pipe, or cannot be looked at."""
        whole = 0
        try:
            for path in self._paths:
                if os.path.isdir(path):
                    whole += sum(os.path.getsize(file) for file in walk(path, lambda error: None, Counter()))
                elif os.path.isfile(path):
                    whole += os.path.getsize(path)
                else:
                    return None
        except OSError:
            return None
        return whole

    def of(self, record: Record) -> int:
        """Return how many bytes further `record` is than the one before it."""
        further = 0
        if record.file != self._file:
            further = self._size - self._told
            self._file, self._told = record.file, 0
            try:
                self._size = os.path.getsize(record.file)
            except OSError:  # standard input has no size
                self._size = 0
        step = min(len(record.page.text), self._size - self._told)
        self._told += step
        return further + step
