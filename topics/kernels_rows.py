# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernel: the counts of one text, marked as they come and read in the order of columns.

Owns: the two levels of bits that say which columns a text uses.
Does not know: what a column is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from topics.kernels import Ints, Longs, Words, compiled
from topics.kernels_bytes import trailing_zeros


@compiled
def add(column, counts, bits, bits_above):
    """Count one use of `column`.

    counts (n_columns,), bits (n_columns / 64 + 1,) and bits_above (n_columns / 4096 + 1,) are scratch space, all zero at
    the beginning of a text.
    """
    # Marked every time: asking whether it is the first would be guessed wrong half of the time.
    u = np.uint64(column)
    one, six, low = np.uint64(1), np.uint64(6), np.uint64(63)
    bits[u >> six] |= one << (u & low)
    bits_above[u >> np.uint64(12)] |= one << ((u >> six) & low)
    counts[column] += 1


@compiled
def drain(counts, bits, bits_above, indices, data, entries):
    """Write the columns, ascending, and counts from `entries` on; return their end. The scratch space is all zero again."""
    one, six = np.uint64(1), np.uint64(6)
    for a in range(bits_above.shape[0]):
        above = bits_above[a]
        while above != 0:
            b = (np.uint64(a) << six) | trailing_zeros(above)
            above &= above - one
            below = bits[b]
            bits[b] = 0
            while below != 0:
                found = np.int64((b << six) | trailing_zeros(below))
                below &= below - one
                indices[entries] = found
                data[entries] = counts[found]
                counts[found] = 0
                entries += 1
        bits_above[a] = 0
    return entries


def scratch(n_columns: int) -> tuple[Ints, Words, Words]:
    """Return counts, bits and bits_above for so many columns."""
    return (
        np.zeros(n_columns, np.int32),
        np.zeros((n_columns >> 6) + 1, np.uint64),
        np.zeros((n_columns >> 12) + 1, np.uint64),
    )


def joined(parts: Sequence[tuple[Longs, Ints, Ints]]) -> tuple[Longs, Ints, Ints]:
    """Return the rows of all parts, one below the other."""
    before = np.cumsum([0] + [len(indices) for _, indices, _ in parts])
    return (
        np.concatenate([np.zeros(1, np.int64)] + [p[1:] + b for (p, _, _), b in zip(parts, before, strict=False)]),
        np.concatenate([np.zeros(0, np.int32)] + [p for _, p, _ in parts]),
        np.concatenate([np.zeros(0, np.int32)] + [p for _, _, p in parts]),
    )
