# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernels of the segmenter: where the lines of a page begin and end.

Owns: the compiled twin of `lines`, the same numbers for the same page.
Does not know: when compiled code pays (`kernels`), what a line looks like (`kernels_shapes`).

Bits of the class table are those of `lines`: 1 upper, 2 lower, 4 digit, 8 space, 16 break, 32 terminal, 64 sign, 128 letter.
"""

from __future__ import annotations

from topics.kernels import compiled


@compiled
def read_bits(codes, table, bits):
    """Write the class bits of `codes` into `bits` and return the number of line breaks."""
    last = table.shape[0] - 1
    breaks = 0
    for i in range(codes.shape[0]):
        bit = table[min(codes[i], last)]
        bits[i] = bit
        if bit & 16 and not (codes[i] == 13 and i + 1 < codes.shape[0] and codes[i + 1] == 10):
            breaks += 1
    return breaks


@compiled
def read_lines(codes, bits, start, end, blank, indent):
    """Write the lines that hold ink, at most one for each break and one more, and return their number."""
    n = codes.shape[0]
    found, first, ink, last, empty = 0, 0, -1, -1, 0
    for i in range(n + 1):
        if i == n or bits[i] & 16:
            if i < n and codes[i] == 13 and i + 1 < n and codes[i + 1] == 10:
                continue
            if ink >= 0:
                start[found], end[found], blank[found], indent[found] = ink, last + 1, empty, ink - first
                found, empty = found + 1, 0
            else:
                empty += 1
            first, ink = i + 1, -1
        elif not bits[i] & 8:
            if ink < 0:
                ink = i
            last = i
    return found


@compiled
def runs_on(bits, start, end, blank, indent, narrowest, widest):
    """Return how many lines end between two columns and run on into lower case: few, and the page is not hard-wrapped."""
    found = 0
    for k in range(1, start.shape[0]):
        edge = indent[k - 1] + end[k - 1] - start[k - 1]
        found += blank[k] == 0 and bits[start[k]] & 2 != 0 and narrowest <= edge <= widest
    return found


#: All of them; a page that is read by one is read by all.
ALL = (read_bits, read_lines, runs_on)
