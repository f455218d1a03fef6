"""Counts that need not fit into memory: read in blocks, kept in files where asked to.

Owns: sums over columns, the choice of columns and phrases block by block, arrays that lie in a folder.
Does not know: which columns are chosen, what a fit does with them.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.lda import join_phrases
from topics.terms import Counts, Ints, Longs

#: Entries that are held at once, in about 60 bytes each while they are turned over.
BLOCK = 1 << 21


def blocks(counts: Counts) -> Iterator[Counts]:
    """Yield the rows of `counts` in order, at most BLOCK entries at once (or one row)."""
    first = 0
    while first < len(counts):
        last = int(np.searchsorted(counts.indptr, counts.indptr[first] + BLOCK, side="right")) - 1
        last = min(max(last, first + 1), len(counts))
        begin, end = int(counts.indptr[first]), int(counts.indptr[last])
        yield Counts(
            indptr=np.asarray(counts.indptr[first : last + 1]) - begin,
            indices=np.asarray(counts.indices[begin:end]),
            data=np.asarray(counts.data[begin:end]),
            n_terms=counts.n_terms,
        )
        first = last
        for values in (counts.indices, counts.data):
            let_go(values)


def column_sums(counts: Counts, phrases: Ints) -> tuple[Longs, Longs]:
    """Return (document frequency, occurrences) of each column, each (n_terms,), once `phrases` are joined."""
    frequency, totals = np.zeros(counts.n_terms, np.int64), np.zeros(counts.n_terms, np.int64)
    for block in blocks(counts):
        joined = join_phrases(block, phrases)
        frequency += joined.document_frequency()
        totals += np.bincount(joined.indices, weights=joined.data, minlength=counts.n_terms).astype(np.int64)
    return frequency, totals


def row_sums(counts: Counts) -> npt.NDArray[np.float64]:
    """Return how many occurrences each row holds, (n,)."""
    sums, first = np.zeros(len(counts)), 0
    for block in blocks(counts):  # at once, they would be copied as numbers of 64 bits
        filled = np.flatnonzero(np.diff(block.indptr))  # an empty row would take its neighbor's first entry
        if len(filled):
            sums[first + filled] = np.add.reduceat(block.data, block.indptr[filled], dtype=np.int64)
        first += len(block)
    return sums


def array(folder: Path | None, name: str, n: int, dtype: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - numpy's own
    """Return `n` zeros, in memory or in a new file of `folder`."""
    if folder is None or not n:
        return np.zeros(n, dtype)
    # A plain array over the mapped file: compiled loops take no subclasses.
    return np.asarray(np.memmap(folder / name, dtype=dtype, mode="w+", shape=(n,)))


def document_frequency(counts: Counts) -> Longs:
    """Return, for each column, in how many articles it occurs, as `Counts.document_frequency` does, block by block."""
    frequency = np.zeros(counts.n_terms, np.int64)
    for block in blocks(counts):
        frequency += np.bincount(block.indices, minlength=counts.n_terms)
        let_go(counts.indices)
    return frequency


#: Rows that are read before pages of mapped files are let go: each brings up to half a megabyte of pages around it with it.
AT_ONCE = 256


def rows_of(counts: Counts, which: Longs) -> Counts:
    """Return the counts of the articles `which`, as `counts.rows` does, with few pages of a mapped file resident at once."""
    parts = []
    for first in range(0, max(len(which), 1), AT_ONCE):
        parts.append(counts.rows(which[first : first + AT_ONCE]))
        let_go(counts.indices)
        let_go(counts.data)
    lengths = np.concatenate([np.diff(part.indptr) for part in parts])
    return Counts(
        indptr=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        indices=np.concatenate([part.indices for part in parts]),
        data=np.concatenate([part.data for part in parts]),
        n_terms=counts.n_terms,
    )


def let_go(values: npt.NDArray[Any]) -> None:
    """Have the pages of a mapped file leave this process; what memory is left keeps them for the system to give back."""
    of: Any = values
    while of is not None and not isinstance(of, mmap.mmap):
        of = getattr(of, "base", None)
    if of is not None and hasattr(mmap, "MADV_DONTNEED"):
        of.madvise(mmap.MADV_DONTNEED)


def choose(counts: Counts, columns: Ints, phrases: Ints, folder: Path | None) -> Counts:
    """Return the counts of `columns` with `phrases` joined, of the articles that have any; in files where a folder is given."""
    lengths = [np.diff(join_phrases(block, phrases).columns(columns).indptr) for block in blocks(counts)]
    filled = [each[each > 0] for each in lengths]
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate([np.zeros(0, np.int64), *filled]))])
    indices = array(folder, "indices", int(indptr[-1]), np.int32)
    data = array(folder, "data", int(indptr[-1]), np.int32)
    at = 0
    for block in blocks(counts):
        known = join_phrases(block, phrases).columns(columns)
        n = len(known.indices)
        indices[at : at + n], data[at : at + n] = known.indices, known.data
        at += n
        for values in (indices, data):
            let_go(values)
    return Counts(indptr=indptr, indices=indices, data=data, n_terms=len(columns))
