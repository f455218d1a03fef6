"""Count the terms of a known vocabulary with the compiled kernels: the plain count's result, sooner.

Owns: the vocabulary as the kernels read it, chunks and threads.
Does not know: loops over letters and words (`kernels_words`, `kernels_terms`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from topics import kernels, kernels_terms, kernels_words
from topics.kernels import Ints, Longs, Words
from topics.kernels_rows import joined, scratch
from topics.kernels_table import WordTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A vocabulary as the kernels read it."""

    words: WordTable
    #: Runs of words by key; see `kernels_terms.build_runs`.
    runs: Words
    #: Column of each word, -1 where it is no term itself.
    column: Ints
    n_terms: int


def compile_vocabulary(terms: Sequence[str], frequency: Longs, longest: int) -> Compiled | None:
    """Return the tables for `terms`, sorted runs of at most `longest` words; None where some are of another kind.

    frequency: (n_terms,) how common each is. Common words get low numbers, so that what is used often lies together.
    """
    words = WordTable.of_size(min(len(terms), 1 << 15))
    common = [terms[i] for i in np.argsort(-frequency, kind="stable") if " " not in terms[i]]
    for chunk in kernels.chunks(common):
        words.scan(kernels.pack(chunk, lowercase=False, fold=None), grow=True)
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
        entries = kernels_terms.count_runs(
            stream, ends, ngrams[1], vocabulary.words.n, vocabulary.runs, vocabulary.column,
            *scratch(vocabulary.n_terms), indptr, indices, data,
        )  # fmt: skip
        return indptr, indices[:entries].copy(), data[:entries].copy()

    # A growing table belongs to one thread.
    parts = list(kernels.in_threads(work, kernels.chunks(texts), workers if mapper is None else 1))
    return joined(parts)


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
