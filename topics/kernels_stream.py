# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernel: what is asked of a stream of word numbers, once the text has been read.

Owns: checksums of words as sketches need them, in how many articles words occur and how often.
numba finds the types of arguments; those of arrays are in the docstrings.
Does not know: how a stream comes to be (`kernels_words`), terms, columns.
"""

from __future__ import annotations

import zlib

import numpy as np

from topics.kernels import compiled

#: The step of a checksum by its lowest byte: what zlib's does to one byte, without its first and last inversion.
CRC = np.array([zlib.crc32(bytes([i ^ 0xFF])) ^ 0xFF000000 for i in range(256)], np.uint32)


@compiled
def checksums(arena, starts, first, last, crc, out):
    """Write zlib's checksums of words `first` to `last` of a table into `out` (n_words,) uint32."""
    for word in range(first, last):
        c = np.uint32(0xFFFFFFFF)
        for q in range(starts[word], starts[word + 1]):
            c = crc[(c ^ np.uint32(arena[q])) & np.uint32(255)] ^ (c >> np.uint32(8))
        out[word] = c ^ np.uint32(0xFFFFFFFF)


@compiled
def word_sums(stream, ends, before, seen, frequency, totals):
    """Add up in how many articles each word occurs, and how often in all; -1 in the stream is no word.

    stream: (n_uses,) word numbers; ends: (n,) where articles end; before: how many articles came before; seen: (n_words,)
    the last article + 1 that held each word.
    """
    begin = np.int64(0)
    for d in range(ends.shape[0]):
        for i in range(begin, ends[d]):
            word = stream[i]
            if word >= 0:
                totals[word] += 1
                frequency[word] += seen[word] != before + d + 1
                seen[word] = before + d + 1
        begin = ends[d]
