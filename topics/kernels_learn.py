"""Count all terms of a corpus with the compiled kernels, before any is left out.

Owns: the order in which kernels are called, the numbers that are sorted, decoding terms.
Does not know: which terms are kept (`training/terms`), loops over letters and words (`kernels_words`, `kernels_terms`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from topics import kernels, kernels_terms, kernels_words
from topics.kernels import Bytes, Ints, Longs, Words
from topics.kernels_table import WordTable, lines

#: Bits of a sorting key.
KEY_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedWords:
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
    words, rank = ranked(table, word_map)
    del streams, lengths, table
    stream = rank[stream]
    if word_map is not None and (stream < 0).any():
        kept = stream >= 0
        before_ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
        stream, ends = stream[kept], before_ends[ends]
    return _group(stream, ends, words, ngrams)


def ranked(table: WordTable, word_map: Callable[[str], str | None] | None) -> tuple[RankedWords, Ints]:
    """Return the different words that are counted, and the rank of each word of `table` among them (or -1)."""
    if word_map is None:
        order = table.order()
        rank = np.empty(table.n, np.int32)
        rank[order] = np.arange(table.n, dtype=np.int32)
        return RankedWords(arena=table.arena, starts=table.starts, order=order), rank
    mapped = [word_map(w) for w in table.words()]
    ordered = sorted({w for w in mapped if w is not None})
    number: dict[str | None, int] = {w: i for i, w in enumerate(ordered)}
    number[None] = -1
    raw = [w.encode("utf-8", "surrogatepass") for w in ordered]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)))])
    words = RankedWords(arena=np.frombuffer(b"".join(raw), np.uint8), starts=starts, order=np.arange(len(raw)))
    return words, np.fromiter(map(number.__getitem__, mapped), np.int32, len(mapped))


def _group(stream: Ints, ends: Longs, words: RankedWords, ngrams: tuple[int, int]) -> Learned:
    """Sort all uses of all runs; see `kernels_terms`."""
    shortest, longest = ngrams
    row_bits = max(1, (len(ends) - 1).bit_length())
    last_bits = len(words.order).bit_length()
    last = stream + np.int32(1) if longest > 1 else stream
    # ranks[m - 1]: at each word, the rank of the run of m words that begins there, among runs of all lengths so far.
    ranks: list[Ints] = [stream]
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
        ranks = [np.searchsorted(codes, s).astype(np.int32) for s in shifted]
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
    n_columns, n_entries = kernels_terms.count_groups(keys, row_bits)
    codes, heads = np.empty(n_columns, np.uint64), np.empty(n_columns + 1, np.int64)
    rows, counts = np.empty(n_entries, np.int32), np.empty(n_entries, np.int32)
    kernels_terms.group_keys(keys, row_bits, rows, counts, heads, codes)
    del keys

    def terms(kept: Ints) -> list[str]:
        return _decode(codes[kept], words, steps, direct, last_bits)

    return Learned(
        heads=heads,
        entry_rows=rows,
        entry_counts=counts,
        n_rows=len(ends),
        terms=terms,
    )


def _decode(codes: Words, words: RankedWords, steps: list[Words], direct: bool, last_bits: int) -> list[str]:
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
    return lines(words.arena, words.starts, words.order, np.stack(parts[::-1], axis=1))
