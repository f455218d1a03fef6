# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, SIM110 - numba makes a loop of a loop, and of all() something slower
"""Kernel: the smallest hashes of many texts, and the search for articles that share a band of a sketch.

Owns: loops over triples and over the slots of bands' tables.
numba finds the types of arguments; those of arrays are in the docstrings.
Does not know: what a triple or a sketch means (`sketches`), what is done with what is found (`duplicates`).
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled

_SPREAD = np.uint32(0x7FEB352D)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@compiled
def smallest(found, ends, multiply, add, out):
    """Write the smallest hashes of each text into `out` (n, size): found (n_triples,) uint32, ends (n,)."""
    size = multiply.shape[0]
    begin = np.int64(0)
    for d in range(ends.shape[0]):
        for k in range(size):
            out[d, k] = np.uint32(0xFFFFFFFF)
        for i in range(begin, ends[d]):
            t = found[i]
            for k in range(size):
                x = np.uint32(np.uint32(t + add[k]) * multiply[k])
                x = np.uint32(x ^ (x >> np.uint32(15)))
                x = np.uint32(x * _SPREAD)
                out[d, k] = min(out[d, k], x)
        begin = ends[d]


@compiled
def slot_of(sketch, band, rows, mask):
    """Return the slot in the table of `band` where the search for `sketch` begins."""
    h = np.uint64(band + 1)
    for r in range(band * rows, (band + 1) * rows):
        h = (h ^ np.uint64(sketch[r])) * _MIX
        h ^= h >> np.uint64(29)
    return np.int64((h * _MIX) >> np.uint64(20)) & mask


@compiled
def agree_in(sketches, i, j, band, rows):
    """Say whether two sketches are equal in a band."""
    for r in range(band * rows, (band + 1) * rows):
        if sketches[i, r] != sketches[j, r]:
            return False
    return True


@compiled
def root_of(parent, i):
    """Return the first article of the cluster that `i` is in; parent: (n,) an earlier article of it, or itself."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def search(sketches, i, tables, rows, least, stamp, found):
    """Write into `found` the articles that share a band with article `i`, and at least `least` numbers of its sketch.

    tables: (n_bands, n_slots) article + 1, 0 for a free slot; stamp: (n,) last article that looked at each.
    Returns how many there are; when `found` is full, no more are written.
    """
    mask = np.int64(tables.shape[1] - 1)
    n = 0
    for band in range(tables.shape[0]):
        s = slot_of(sketches[i], band, rows, mask)
        while tables[band, s] != 0:
            j = tables[band, s] - 1
            if stamp[j] != i + 1 and agree_in(sketches, i, j, band, rows):
                stamp[j] = i + 1
                same = 0
                for k in range(sketches.shape[1]):
                    same += sketches[i, k] == sketches[j, k]
                if same >= least and n < found.shape[0]:
                    found[n] = j
                    n += 1
            s = (s + 1) & mask
    return n


@compiled
def enter(sketches, i, tables, rows, parent):
    """Enter article `i` into every band where no article of its cluster stands yet; return how many bands that are."""
    mask = np.int64(tables.shape[1] - 1)
    entered = 0
    for band in range(tables.shape[0]):
        s = slot_of(sketches[i], band, rows, mask)
        stands = False
        while tables[band, s] != 0 and not stands:
            j = tables[band, s] - 1
            stands = agree_in(sketches, i, j, band, rows) and root_of(parent, j) == root_of(parent, i)
            s = (s + 1) & mask
        if not stands:
            tables[band, s] = i + 1
            entered += 1
    return entered


@compiled
def enter_while_alone(sketches, filled, begin, i, n, tables, rows, least, stamp, found, parent, most):
    """Enter articles from `i` to `n` until one is like an earlier one, or `most` are entered.

    filled: (n - begin,) which of the articles from `begin` on have words.

    Returns the article it stopped at, how many are in `found` for it, and how many were entered.
    """
    entered = 0
    while i < n:
        if filled[i - begin]:
            if entered >= most:
                return i, 0, entered
            near = search(sketches, i, tables, rows, least, stamp, found)
            if near > 0:
                return i, near, entered
            entered += enter(sketches, i, tables, rows, parent) > 0
        i += 1
    return i, 0, entered


@compiled
def enter_again(sketches, old, new, rows):
    """Enter what stands in the tables `old` into the larger tables `new`."""
    mask = np.int64(new.shape[1] - 1)
    for band in range(old.shape[0]):
        for at in range(old.shape[1]):
            if old[band, at] != 0:
                s = slot_of(sketches[old[band, at] - 1], band, rows, mask)
                while new[band, s] != 0:
                    s = (s + 1) & mask
                new[band, s] = old[band, at]


@compiled
def put(sketches, i, band, tables, rows):
    """Enter article `i` into one band."""
    mask = np.int64(tables.shape[1] - 1)
    s = slot_of(sketches[i], band, rows, mask)
    while tables[band, s] != 0:
        s = (s + 1) & mask
    tables[band, s] = i + 1
