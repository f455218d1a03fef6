"""The table of different words that the kernels fill and read.

Owns: its arrays, their growth, decoding and ordering words.
Does not know: how bytes are scanned (`kernels_words`), what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topics import kernels, kernels_terms, kernels_words
from topics.kernels import Bytes, Ints, Longs, Words


@dataclass(slots=True, kw_only=True)
class WordTable:
    """Words by number, in order of first use; see `kernels_words.scan_words`."""

    slots: Words
    hashes: Words
    keys: Words
    starts: Longs
    arena: Bytes
    n: int = 0

    @classmethod
    def of_size(cls, words: int) -> WordTable:
        """Return an empty table with room for about `words` words."""
        room = 1 << max(10, words.bit_length())
        return cls(
            slots=np.zeros(2 * room, np.uint64),
            hashes=np.zeros(room, np.uint64),
            keys=np.zeros(2 * room, np.uint64),
            starts=np.zeros(room + 1, np.int64),
            arena=np.zeros(8 * room, np.uint8),
        )

    def scan(self, packed: kernels.Packed, *, grow: bool, between_spaces: bool = False) -> tuple[Ints, Longs]:
        """Return the word numbers of the texts, one after the other, and where each text ends in them.

        With `between_spaces`, a word is whatever stands between white space.
        """
        tables = kernels.tables(between_spaces)
        stream = np.empty(len(packed.buffer) // 2 + len(packed.row) + 1, np.int32)
        ends = np.empty(len(packed.row), np.int64)
        state = np.array([0, self.n, 0], np.int64)
        while True:
            kernels_words.scan_words(
                packed.buffer, packed.offsets, packed.row, tables.ascii, tables.points, 1 if between_spaces else 2, grow,
                self.slots, self.hashes, self.keys, self.starts, self.arena, stream, ends, state,
            )  # fmt: skip
            if state[0] == len(ends):
                break
            self.grow(int(state[1]), int(packed.offsets[state[0] + 1] - packed.offsets[state[0]]))
        if grow:
            self.n = int(state[1])
        return stream[: int(state[2])], ends

    def grow(self, n: int, size: int) -> None:
        """Make room for the words of a text of `size` bytes, and for as many as there are."""
        room = max(2 * n, n + size // 3 + 2)
        while 2 * room > len(self.slots):
            self.slots = kernels_words.grown_slots(self.slots, self.hashes, n)
        more = room + 1 - len(self.starts)
        if more > 0:
            self.hashes = np.concatenate([self.hashes, np.zeros(more, np.uint64)])
            self.keys = np.concatenate([self.keys, np.zeros(2 * more, np.uint64)])
            self.starts = np.concatenate([self.starts, np.zeros(more, np.int64)])
        more = int(max(self.starts[n], 2 * size)) + size - len(self.arena) + int(self.starts[n])
        if more > 0:
            self.arena = np.concatenate([self.arena, np.zeros(more, np.uint8)])

    def words(self) -> list[str]:
        """Return the words, in order of number."""
        return lines(self.arena, self.starts, np.arange(self.n), np.arange(1, self.n + 1)[:, None])

    def order(self) -> Longs:
        """Return the numbers of the words in the order of their code points, which is that of their bytes."""
        first, second = (self.keys[at : 2 * self.n : 2].copy() for at in (0, 1))
        starts = self.starts[: self.n + 1]
        long = np.flatnonzero(np.diff(starts) > 16)
        for i in long:
            first[i], second[i] = np.frombuffer(self.arena[starts[i] : starts[i] + 16].tobytes(), "<u8")
        first, second = first.byteswap(), second.byteswap()
        order = np.lexsort((second, first))
        if len(long):
            # Words that share 16 bytes are few: Python puts each such run in order.
            same = (first[order][1:] == first[order][:-1]) & (second[order][1:] == second[order][:-1])
            edges = np.flatnonzero(np.diff(np.concatenate([[False], same, [False]]).astype(np.int8)))
            for begin, end in zip(edges[::2], edges[1::2] + 1, strict=True):
                order[begin:end] = sorted(order[begin:end], key=lambda w: self.arena[starts[w] : starts[w + 1]].tobytes())
        return order


def lines(arena: Bytes, starts: Longs, order: Longs, parts: Longs) -> list[str]:
    """Return terms as text: each row of `parts` (n, longest) holds ranks + 1 of words, 0 for none."""
    if not len(parts):
        return []
    joined = kernels_terms.write_terms(np.ascontiguousarray(parts, np.int64), arena, starts, order)
    # One decoding of all, a line each, is ten times faster than one for each; no word holds a line break.
    return str(joined.tobytes().decode("utf-8", "surrogatepass")).split("\n")[:-1]
