"""The words of a corpus as numbers, read once: what copies are found by and terms are counted from.

Owns: the table of different words, the temporary file of word numbers, sketches made on the way.
Does not know: where texts come from, which terms are kept (`stream_terms`).

A word takes 4 bytes in the file, an article's sketch 182 in another; in memory are the different words, about 60 bytes each.
Texts are read by the compiled kernels as soon as there are enough of them to pay.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from topics import kernels
from topics.sketches import SIZE, Sketches, sketches_of
from topics.terms import Ints, Longs
from topics.tokens import Analysis

#: Word numbers that are held at once.
BLOCK = 1 << 21


class Stream:
    """Word numbers of texts, in the order in which they came."""

    def __init__(self) -> None:
        """Begin without a text."""
        from topics.kernels_table import WordTable

        self.table = WordTable.of_size(1 << 15)
        self._file = tempfile.TemporaryFile(prefix="newstopics-", buffering=0)  # noqa: SIM115 - closed with this object
        self._sketch_file = tempfile.TemporaryFile(prefix="newstopics-", buffering=0)  # noqa: SIM115
        self._ends, self._waiting, self._characters = array("q", [0]), list[str](), 0
        self._checksums = np.zeros(0, np.uint32)
        self._checked = 0

    @classmethod
    def of(cls, analysis: Analysis) -> Stream | None:
        """Return an empty stream; None where words read once do not serve both terms and sketches.

        They do where terms are words, in lower case, with their accents.
        """
        serve = analysis.chars is None and not analysis.title and analysis.lowercase and not analysis.strip_accents
        return cls() if serve else None

    def __len__(self) -> int:
        return len(self._ends) - 1 + len(self._waiting)

    def add(self, text: str) -> None:
        """Take the next text."""
        self._waiting.append(text)
        self._characters += len(text)
        if self._characters >= kernels.CHUNK:
            self._read()

    def close(self) -> None:
        """Read what is left of the texts taken so far."""
        if self._waiting:
            self._read()

    def _read(self) -> None:
        from topics.kernels_stream import CRC, checksums

        texts, self._waiting, self._characters = self._waiting, [], 0
        words, ends = self.table.scan(kernels.pack(texts, lowercase=True, fold=None), grow=True)
        words.tofile(self._file)
        self._ends.extend((ends + self._ends[-1]).tolist())
        if self.table.n > len(self._checksums):
            self._checksums = np.concatenate([self._checksums, np.zeros(self.table.n, np.uint32)])
        checksums(self.table.arena, self.table.starts, self._checked, self.table.n, CRC, self._checksums)
        self._checked = self.table.n
        found, filled = sketches_of(self._checksums[words], ends)
        np.concatenate([found, filled.astype(np.uint16)[:, None]], axis=1).tofile(self._sketch_file)

    def sketches(self, which: Longs) -> tuple[Sketches, npt.NDArray[np.bool_]]:
        """Return the (n, SIZE) sketches of the texts `which`, ascending, and (n,) whether each holds a word."""
        self.close()
        rows = np.memmap(self._sketch_file, np.uint16, "r", shape=(len(self._ends) - 1, SIZE + 1)) if len(self) else None
        if rows is None:
            return np.zeros((0, SIZE), np.uint16), np.zeros(0, bool)
        whole = len(which) == len(rows)
        found = np.array(rows if whole else rows[which])
        return found[:, :SIZE], found[:, SIZE] > 0

    def blocks(self, which: Longs) -> Iterator[tuple[Ints, Longs]]:
        """Yield the word numbers of the texts `which`, ascending, and where each ends: at most BLOCK at once, or one text's."""
        self.close()
        ends = np.array(self._ends, np.int64)
        begins, lengths = ends[:-1][which], np.diff(ends)[which]
        sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        first = 0
        while first < len(which):
            last = int(np.searchsorted(sums, sums[first] + BLOCK, side="right")) - 1
            last = min(max(last, first + 1), len(which))
            low, high = int(begins[first]), int(begins[last - 1] + lengths[last - 1])
            words = np.frombuffer(os.pread(self._file.fileno(), 4 * (high - low), 4 * low), np.int32)
            own = sums[first + 1 : last + 1] - sums[first]
            if high - low > own[-1]:  # texts between are left out
                at = np.repeat(begins[first:last] - low - (own - lengths[first:last]), lengths[first:last]) + np.arange(own[-1])
                words = words[at]
            yield words, own
            first = last
