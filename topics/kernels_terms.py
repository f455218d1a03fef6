# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202
"""Kernel: a stream of word numbers to counts of words and runs of words.

Owns: keys that sort as terms do, their grouping into columns and rows, the table of runs for a known vocabulary.
numba finds the types of arguments; those of arrays are in the docstrings.
Does not know: bytes (`kernels_words`), which terms are kept (`training/terms`).

Learning sorts instead of hashing: a use of a term is one number, (rank of its first words, rank of its last word,
article), and sorting these numbers puts terms into the order of their code points (a space comes before every
word character), articles in order within a term, and equal uses side by side. Millions of rare pairs each cost a
missed cache line in a hash table; numpy's vectorized sort of 6.8 million keys takes 0.07 s here.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled
from topics.kernels_rows import add, drain

_M1 = np.uint64(0x9E3779B97F4A7C15)


@compiled
def term_keys(prefix, last, follows, use_last, shift_prefix, shift_last, ends, keys, at):
    """Write the key of each run into `keys` from `at`; return where the next would go.

    prefix: (n_words,) rank of the run that begins at each word, or with `use_last` of all its words but the last;
    last: (n_words,) rank + 1 of each word; follows: the run's last word is this many places after its first;
    ends: (n_texts,) where texts end.
    """
    begin = np.int64(0)
    for d in range(ends.shape[0]):
        row = np.uint64(d)
        for i in range(begin, ends[d] - follows):
            tail = np.uint64(last[i + follows]) if use_last else np.uint64(0)
            keys[at] = (np.uint64(prefix[i]) << np.uint64(shift_prefix)) | (tail << np.uint64(shift_last)) | row
            at += 1
        begin = ends[d]
    return at


@compiled
def count_groups(keys, row_bits):
    """Return how many columns and entries sorted `keys` hold, so that `group_keys` gets arrays of the right size."""
    columns, entries = np.int64(0), np.int64(0)
    for i in range(keys.shape[0]):
        if i == 0 or keys[i] != keys[i - 1]:
            entries += 1
            if i == 0 or keys[i] >> np.uint64(row_bits) != keys[i - 1] >> np.uint64(row_bits):
                columns += 1
    return columns, entries


@compiled
def group_keys(keys, row_bits, entry_rows, entry_counts, heads, codes):
    """Fold sorted `keys` into entries (row, count) and columns.

    Column c is codes[c] (the key without its row), its entries are heads[c]..heads[c + 1].
    """
    columns, entries = np.int64(0), np.int64(0)
    mask = (np.uint64(1) << np.uint64(row_bits)) - np.uint64(1)
    i = np.int64(0)
    while i < keys.shape[0]:
        key = keys[i]
        j = i + 1
        while j < keys.shape[0] and keys[j] == key:
            j += 1
        code = key >> np.uint64(row_bits)
        if columns == 0 or codes[columns - 1] != code:
            codes[columns] = code
            heads[columns] = entries
            columns += 1
        entry_rows[entries] = np.int32(key & mask)
        entry_counts[entries] = np.int32(j - i)
        entries += 1
        i = j
    heads[columns] = entries


@compiled
def to_rows(kept, heads, entry_rows, entry_counts, n_rows):
    """Turn the entries of the `kept` columns into compressed sparse rows with ascending columns."""
    indptr = np.zeros(n_rows + 1, np.int64)
    for c in kept:
        for e in range(heads[c], heads[c + 1]):
            indptr[entry_rows[e] + 1] += 1
    for r in range(n_rows):
        indptr[r + 1] += indptr[r]
    at = indptr[:-1].copy()
    indices = np.empty(indptr[n_rows], np.int32)
    data = np.empty(indptr[n_rows], np.int32)
    for new in range(kept.shape[0]):
        c = kept[new]
        for e in range(heads[c], heads[c + 1]):
            r = entry_rows[e]
            indices[at[r]] = new
            data[at[r]] = entry_counts[e]
            at[r] += 1
    return indptr, indices, data


@compiled
def column_totals(heads, entry_counts):
    """Return how often each column is used in all."""
    totals = np.zeros(heads.shape[0] - 1, np.int64)
    for c in range(totals.shape[0]):
        for e in range(heads[c], heads[c + 1]):
            totals[c] += entry_counts[e]
    return totals


@compiled
def write_terms(parts, raw, starts, order):
    """Return the terms, a line each: parts (n_terms, n) ranks + 1 of their words, 0 for none; word order[rank] is in raw."""
    size = np.int64(0)
    for t in range(parts.shape[0]):
        for p in parts[t]:
            if p > 0:
                size += starts[order[p - 1] + 1] - starts[order[p - 1]] + 1
    out = np.empty(size, np.uint8)
    at = np.int64(0)
    for t in range(parts.shape[0]):
        for p in parts[t]:
            if p > 0:
                word = order[p - 1]
                for q in range(starts[word], starts[word + 1]):
                    out[at] = raw[q]
                    at += 1
                out[at] = 32
                at += 1
        out[at - 1] = 10
    return out


@compiled
def _home(key, mask):
    """Return the slot where the search for a run begins."""
    h = key * _M1
    h ^= h >> np.uint64(29)
    h *= _M1
    return (h >> np.uint64(20)) & mask


@compiled
def _find(table, key, mask):
    """Return the slot that holds the run `key`, or the free one where it belongs."""
    s = _home(key, mask)
    while table[2 * s + np.uint64(1)] != 0 and table[2 * s] != key:
        s = (s + np.uint64(1)) & mask
    return s


@compiled
def build_runs(stream, ends, n_words, table, column):
    """Enter the terms of a vocabulary, each a text of `stream`, into the table of runs.

    A node is a word (its number) or a run: n_words + its column, or beyond these where it is only the beginning of
    terms. column[word] is the column of a word, or -1. A slot of the table holds, side by side, a run's key (node of all
    words but the last above, last word below) and its node + 1, 0 where it is free.
    """
    mask = np.uint64(table.shape[0] // 2 - 1)
    inner = n_words + ends.shape[0]
    begin = np.int64(0)
    # Terms are sorted, so a run that is a term comes before the terms that go on from it.
    for t in range(ends.shape[0]):
        node = np.int64(stream[begin])
        for i in range(begin + 1, ends[t]):
            key = (np.uint64(node) << np.uint64(32)) | np.uint64(stream[i])
            s = _find(table, key, mask)
            if table[2 * s + np.uint64(1)] == 0:
                table[2 * s] = key
                if i + 1 == ends[t]:
                    table[2 * s + np.uint64(1)] = np.uint64(n_words + t + 1)
                else:
                    inner += 1
                    table[2 * s + np.uint64(1)] = np.uint64(inner)
            node = np.int64(table[2 * s + np.uint64(1)]) - 1
        if ends[t] - begin == 1:
            column[node] = t
        begin = ends[t]


@compiled
def count_runs(stream, ends, longest, n_words, table, column, counts, bits, bits_above, indptr, indices, data):
    """Count the terms of each text of `stream`, in which -1 is an unknown word; return the number of entries.

    counts, bits and bits_above are scratch space (`kernels_rows.scratch`), all zero, and left so.
    """
    most = np.int64(0)
    begin = np.int64(0)
    for d in range(ends.shape[0]):
        most = max(most, ends[d] - begin)
        begin = ends[d]
    homes, keys, firsts = np.zeros(most, np.uint64), np.zeros(most, np.uint64), np.zeros(2 * most, np.uint64)
    mask = np.uint64(table.shape[0] // 2 - 1)
    entries = np.int64(0)
    begin = np.int64(0)
    for d in range(ends.shape[0]):
        end = ends[d]
        if longest > 1:
            # Slots of all pairs are read at once, without a branch in between: the processor waits for
            # many of them at the same time. Pairs with an unknown word look up a key that no table holds.
            for i in range(begin, end - 1):
                key = (np.uint64(np.uint32(stream[i])) << np.uint64(32)) | np.uint64(np.uint32(stream[i + 1]))
                keys[i - begin] = key
                homes[i - begin] = _home(key, mask)
            for i in range(end - 1 - begin):
                firsts[2 * i] = table[2 * homes[i]]
                firsts[2 * i + 1] = table[2 * homes[i] + np.uint64(1)]
        for i in range(begin, end):
            if stream[i] < 0:
                continue
            c = np.int64(column[stream[i]])
            j = i
            node = np.int64(0)
            while True:
                if c >= 0:
                    add(c, counts, bits, bits_above)
                j += 1
                if j - i >= longest or j >= end or stream[j] < 0:
                    break
                if j == i + 1:
                    key, held = firsts[2 * (i - begin)], firsts[2 * (i - begin) + 1]
                    wanted = keys[i - begin]
                    if held != 0 and key != wanted:
                        held = table[2 * _find(table, wanted, mask) + np.uint64(1)]
                else:
                    wanted = (np.uint64(node) << np.uint64(32)) | np.uint64(stream[j])
                    held = table[2 * _find(table, wanted, mask) + np.uint64(1)]
                if held == 0:
                    break
                node = np.int64(held) - 1
                c = node - n_words
                if c >= counts.shape[0]:
                    c = np.int64(-1)
        begin = end
        entries = drain(counts, bits, bits_above, indices, data, entries)
        indptr[d + 1] = entries
    return entries
