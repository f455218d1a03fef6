"""Count terms with the compiled kernels: the same result as the plain-Python count, sooner.

Owns: the order in which kernels are called, sizes of their tables, decoding words.
Does not know: loops over letters and words (`kernels_words`, `kernels_terms`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics import kernels, kernels_terms, kernels_words
from topics.kernels import Bytes, Longs

Ints = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]


#: Bits of a sorting key.
KEY_BITS = 64


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
            self._grow(int(state[1]), int(packed.offsets[state[0] + 1] - packed.offsets[state[0]]))
        if grow:
            self.n = int(state[1])
        return stream[: int(state[2])], ends

    def _grow(self, n: int, size: int) -> None:
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
        return _lines(self.arena, self.starts, np.arange(self.n), np.arange(1, self.n + 1)[:, None])

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


def _lines(arena: Bytes, starts: Longs, order: Longs, parts: Longs) -> list[str]:
    """Return terms as text: each row of `parts` (n, longest) holds ranks + 1 of words, 0 for none."""
    if not len(parts):
        return []
    joined = kernels_terms.write_terms(np.ascontiguousarray(parts, np.int64), arena, starts, order)
    # One decoding of all, a line each, is ten times faster than one for each; no word holds a line break.
    return str(joined.tobytes().decode("utf-8", "surrogatepass")).split("\n")[:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The different words that are counted: rank r is word order[r] of arena."""

    arena: Bytes
    starts: Longs
    order: Longs


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Everything that was counted, before terms are left out: columns in the order of their terms."""

    #: (n_columns + 1,) where the entries of each column begin.
    heads: Longs
    entry_rows: Ints
    entry_counts: Ints
    n_rows: int
    #: Terms of the columns asked for, in order.
    terms: Callable[[Ints], list[str]]

    def document_frequency(self) -> Longs:
        """Return in how many texts each column occurs, (n_columns,)."""
        return np.diff(self.heads)

    def totals(self) -> Longs:
        """Return how often each column occurs in all, (n_columns,)."""
        return np.asarray(kernels_terms.column_totals(self.heads, self.entry_counts))

    def rows(self, kept: Ints) -> tuple[Longs, Ints, Ints]:
        """Return indptr, indices and data of the ascending columns `kept`."""
        indptr, indices, data = kernels_terms.to_rows(kept, self.heads, self.entry_rows, self.entry_counts, self.n_rows)
        return indptr, indices, data


def learn(
    texts: Sequence[str],
    ngrams: tuple[int, int],
    *,
    lowercase: bool,
    fold: Callable[[str], str] | None,
    word_map: Callable[[str], str | None] | None,
) -> Learned:
    """Count all runs of ngrams[0] to ngrams[1] words in `texts`.

    fold: what is done to a text that is not ASCII, before words are found. word_map: what each different word is
    counted as, None for one left out; what it returns is taken as it is.
    """
    kernels.ready(kernels_words.scan_words, kernels_terms.term_keys, kernels_terms.group_keys, kernels_terms.to_rows)
    table = WordTable.of_size(1 << 15)
    streams, lengths = [], []
    before = 0
    for chunk in kernels.chunks(texts):
        stream, ends = table.scan(kernels.pack(chunk, lowercase=lowercase, fold=fold), grow=True)
        streams.append(stream.copy())
        lengths.append(ends + before)
        before += len(stream)
    stream = np.concatenate(streams) if streams else np.zeros(0, np.int32)
    ends = np.concatenate(lengths) if lengths else np.zeros(0, np.int64)
    words, rank = _ranked(table, word_map)
    del streams, lengths, table
    stream = rank[stream]
    if word_map is not None and (stream < 0).any():
        kept = stream >= 0
        before_ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
        stream, ends = stream[kept], before_ends[ends]
    return _group(stream, ends, words, ngrams)


def _ranked(table: WordTable, word_map: Callable[[str], str | None] | None) -> tuple[_Words, Ints]:
    """Return the different words that are counted, and the rank of each word of `table` among them (or -1)."""
    if word_map is None:
        order = table.order()
        rank = np.empty(table.n, np.int32)
        rank[order] = np.arange(table.n, dtype=np.int32)
        return _Words(arena=table.arena, starts=table.starts, order=order), rank
    mapped = [word_map(w) for w in table.words()]
    ordered = sorted({w for w in mapped if w is not None})
    number: dict[str | None, int] = {w: i for i, w in enumerate(ordered)}
    number[None] = -1
    raw = [w.encode("utf-8", "surrogatepass") for w in ordered]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)))])
    words = _Words(arena=np.frombuffer(b"".join(raw), np.uint8), starts=starts, order=np.arange(len(raw)))
    return words, np.fromiter(map(number.__getitem__, mapped), np.int32, len(mapped))


def _group(stream: Ints, ends: Longs, words: _Words, ngrams: tuple[int, int]) -> Learned:
    """Sort all uses of all runs; see `kernels_terms`."""
    shortest, longest = ngrams
    row_bits = max(1, (len(ends) - 1).bit_length())
    last_bits = len(words.order).bit_length()
    last = stream + np.int32(1)
    # ranks[m - 1]: at each word, the rank of the run of m words that begins there, among runs of all lengths so far.
    ranks: list[Longs] = [stream.astype(np.int64)]
    #: Codes by rank at each step: (rank of the words before, last word + 1).
    steps: list[Words] = []
    size = max(len(words.order), 1)
    for n in range(2, longest + 1):
        if n == longest and (size - 1).bit_length() + last_bits + row_bits <= KEY_BITS:
            break
        # The next word, or the article, does not fit behind: runs get dense ranks of their own first.
        shifted = [r.astype(np.uint64) << np.uint64(last_bits) for r in ranks]
        shifted.append(shifted[-1][: max(len(last) - n + 1, 0)] | last[n - 1 :].astype(np.uint64))
        codes = np.unique(np.concatenate(shifted))
        ranks = [np.searchsorted(codes, s).astype(np.int64) for s in shifted]
        steps.append(codes)
        size = len(codes)
    direct = len(ranks) < longest
    lengths = np.diff(ends, prepend=np.int64(0))
    keys = np.empty(sum(int(np.maximum(lengths - m + 1, 0).sum()) for m in range(shortest, longest + 1)), np.uint64)
    at = 0
    tail_bits = last_bits if direct else 0
    for m in range(shortest, longest + 1):
        use_last = direct and m == longest
        at = kernels_terms.term_keys(
            ranks[m - 2 if use_last else m - 1], last, m - 1, use_last, tail_bits + row_bits, row_bits, ends, keys, at
        )
    del ranks, last, stream
    keys.sort()
    codes = np.empty(len(keys), np.uint64)
    heads = np.empty(len(keys) + 1, np.int64)
    rows, counts = np.empty(len(keys), np.int32), np.empty(len(keys), np.int32)
    columns, entries = kernels_terms.group_keys(keys, row_bits, rows, counts, heads, codes)
    del keys
    codes = codes[:columns].copy()

    def terms(kept: Ints) -> list[str]:
        return _decode(codes[kept], words, steps, direct, last_bits)

    return Learned(
        heads=heads[: columns + 1].copy(),
        entry_rows=rows[:entries],
        entry_counts=counts[:entries],
        n_rows=len(ends),
        terms=terms,
    )


def _decode(codes: Words, words: _Words, steps: list[Words], direct: bool, last_bits: int) -> list[str]:
    """Return the terms of `codes` as text."""
    if not len(codes):
        return []
    low = np.uint64((1 << last_bits) - 1)
    parts: list[Longs] = []
    if direct:
        parts.append((codes & low).astype(np.int64))
        codes = codes >> np.uint64(last_bits)
    for step in reversed(steps):
        codes = step[codes.astype(np.int64)]
        parts.append((codes & low).astype(np.int64))
        codes = codes >> np.uint64(last_bits)
    parts.append(codes.astype(np.int64) + 1)
    return _lines(words.arena, words.starts, words.order, np.stack(parts[::-1], axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A vocabulary as the kernels read it."""

    words: WordTable
    #: Runs of words by key; see `kernels_terms.build_runs`.
    runs: Words
    #: Column of each word, -1 where it is no term itself.
    column: Ints
    n_terms: int


def compile_vocabulary(terms: Sequence[str], longest: int) -> Compiled | None:
    """Return the tables for `terms`, sorted runs of at most `longest` words; None where some are of another kind."""
    words = WordTable.of_size(min(len(terms), 1 << 15))
    streams, lengths = [], []
    before = 0
    for chunk in kernels.chunks(terms):
        packed = kernels.pack(chunk, lowercase=False, fold=None)
        stream, ends = words.scan(packed, grow=True)
        spaces = len(stream) - len(chunk)
        letters = int(np.diff(words.starts)[stream].sum())
        of_kind = spaces == np.count_nonzero(packed.buffer == 32) and letters + spaces == len(packed.buffer)
        if not of_kind or np.diff(ends, prepend=0).max(initial=1) > longest:
            return None
        streams.append(stream)
        lengths.append(ends + before)
        before += len(stream)
    if not streams:
        return None
    runs = np.zeros(2 << (2 * max(before - len(terms), 1)).bit_length() if longest > 1 else 2, np.uint64)
    column = np.full(words.n, -1, np.int32)
    kernels_terms.build_runs(np.concatenate(streams), np.concatenate(lengths), words.n, runs, column)
    return Compiled(words=words, runs=runs, column=column, n_terms=len(terms))


def count(
    texts: Sequence[str],
    vocabulary: Compiled,
    ngrams: tuple[int, int],
    *,
    lowercase: bool,
    fold: Callable[[str], str] | None,
    word_map: Callable[[str], str | None] | None,
    workers: int,
) -> tuple[Longs, Ints, Ints]:
    """Return indptr, indices and data of the counts of the vocabulary's terms in `texts`; see `learn`."""
    kernels.ready(kernels_words.scan_words, kernels_terms.count_runs)
    mapper = None if word_map is None else _Mapper(vocabulary, word_map)

    def work(chunk: Sequence[str]) -> tuple[Longs, Ints, Ints]:
        packed = kernels.pack(chunk, lowercase=lowercase, fold=fold)
        stream, ends = vocabulary.words.scan(packed, grow=False) if mapper is None else mapper.scan(packed)
        room = len(stream) * (ngrams[1] - ngrams[0] + 1)
        indptr = np.zeros(len(ends) + 1, np.int64)
        indices, data = np.empty(room, np.int32), np.empty(room, np.int32)
        scratch = np.zeros(vocabulary.n_terms, np.int32)
        bits = np.zeros((vocabulary.n_terms >> 6) + 1, np.uint64)
        above = np.zeros((vocabulary.n_terms >> 12) + 1, np.uint64)
        entries = kernels_terms.count_runs(
            stream, ends, ngrams[1], vocabulary.words.n, vocabulary.runs, vocabulary.column, scratch,
            bits, above, indptr, indices, data,
        )  # fmt: skip
        return indptr, indices[:entries].copy(), data[:entries].copy()

    # A growing table belongs to one thread.
    parts = list(kernels.in_threads(work, kernels.chunks(texts), workers if mapper is None else 1))
    if not parts:
        return np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32)
    before = np.cumsum([0] + [len(indices) for _, indices, _ in parts])
    return (
        np.concatenate([np.zeros(1, np.int64)] + [p[1:] + b for (p, _, _), b in zip(parts, before, strict=False)]),
        np.concatenate([p for _, p, _ in parts]),
        np.concatenate([p for _, _, p in parts]),
    )


class _Mapper:
    """Reads texts with a table of their own and takes each different word to the vocabulary's number."""

    def __init__(self, vocabulary: Compiled, word_map: Callable[[str], str | None]) -> None:
        self.table = WordTable.of_size(1 << 15)
        self.word_map = word_map
        self.number: dict[str, int] = {w: i for i, w in enumerate(vocabulary.words.words())}
        #: Number of each word of `table`: -1 unknown, -2 left out.
        self.mapped = np.zeros(0, np.int32)

    def scan(self, packed: kernels.Packed) -> tuple[Ints, Longs]:
        """Return the stream of the vocabulary's word numbers, without words that are left out, and its ends."""
        stream, ends = self.table.scan(packed, grow=True)
        fresh = []
        for word in self.table.words()[len(self.mapped) :]:
            new = self.word_map(word)
            fresh.append(-2 if new is None else self.number.get(new, -1))
        self.mapped = np.concatenate([self.mapped, np.array(fresh, np.int32)])
        stream = self.mapped[stream]
        kept = stream > -2
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
        return stream[kept], before[ends]
