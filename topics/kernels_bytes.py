# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202, ARG001
"""Kernel: text as bytes, folded, and where its words begin and end.

Owns: reading eight bytes as one number, folding case, the edges of words.
numba finds the types of arguments; those of arrays are in the docstrings.
Does not know: which words there are (`kernels_words`).

A text is first folded into a small buffer that stays in the first cache: a byte of a word character, or 0.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from topics.kernels import compiled

_ONES = np.uint64(0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)
_GATHER = np.uint64(0x0102040810204080)


@intrinsic
def load8(typing_context, array, index):
    """Read eight bytes of `array` from `index`, wherever that is, as a little-endian number."""

    def generate(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        at = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(64).as_pointer())
        return builder.load(at, align=1)

    return types.uint64(array, types.int64), generate


@intrinsic
def store8(typing_context, array, index, value):
    """Write `value` as eight bytes into `array` from `index`."""

    def generate(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        at = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(64).as_pointer())
        builder.store(args[2], at, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), generate


@intrinsic
def trailing_zeros(typing_context, value):
    """Count the zero bits below the lowest one bit; `value` is not 0."""

    def generate(context, builder, signature, args):
        return builder.cttz(args[0], cgutils.true_bit)

    return types.uint64(types.uint64), generate


@compiled
def _all(byte):
    """Return a number of eight bytes, all of them `byte`."""
    return _ONES * np.uint64(byte)


@compiled
def fold_text(buffer, begin, end, ascii_table, points, low, letters, lowercase):
    """Write one text into `low`: word characters folded, everything else 0; 72 zeros at the end. Return the length.

    letters: the tables are those of word characters, which for ASCII can be had without them, eight bytes at a time.
    """
    i, p = begin, np.int64(0)
    while i < end:
        while letters and i + 8 <= end:
            x = load8(buffer, i)
            longer = x & _HIGHS
            # A byte below 128 is in lo..hi if adding 128 - lo sets its high bit and adding 127 - hi does not.
            upper = (x + _all(0x3F)) & ~(x + _all(0x25)) & _HIGHS
            if lowercase:
                x |= upper >> np.uint64(2)
                upper = np.uint64(0)
            lower = (x + _all(0x1F)) & ~(x + _all(0x05))
            digit = (x + _all(0x50)) & ~(x + _all(0x46))
            line = ~((x ^ _all(0x5F)) + _all(0x7F))
            word = ((upper | lower | digit | line) & _HIGHS) >> np.uint64(7)
            # From the first byte of a longer character on, this is overwritten by what comes next.
            store8(low, p, x & (word * np.uint64(0xFF)))
            if longer != 0:
                i += np.int64(trailing_zeros(longer) >> np.uint64(3))
                p += np.int64(trailing_zeros(longer) >> np.uint64(3))
                break
            i += 8
            p += 8
        if i >= end:
            break
        byte = ascii_table[buffer[i]]
        if byte != 255:
            low[p] = byte
            p += 1
            i += 1
            continue
        lead = np.uint32(buffer[i])
        if lead < 0xE0:
            point = ((lead & 0x1F) << 6) | (buffer[i + 1] & 0x3F)
            i += 2
        elif lead < 0xF0:
            point = ((lead & 0x0F) << 12) | (np.uint32(buffer[i + 1] & 0x3F) << 6) | (buffer[i + 2] & 0x3F)
            i += 3
        else:
            point = (
                ((lead & 0x07) << 18)
                | (np.uint32(buffer[i + 1] & 0x3F) << 12)
                | (np.uint32(buffer[i + 2] & 0x3F) << 6)
                | (buffer[i + 3] & 0x3F)
            )
            i += 4
        folded = points[point]
        if folded < 0x80:
            low[p] = folded
            p += 1
        elif folded < 0x800:
            low[p] = 0xC0 | (folded >> 6)
            low[p + 1] = 0x80 | (folded & 0x3F)
            p += 2
        elif folded < 0x10000:
            low[p] = 0xE0 | (folded >> 12)
            low[p + 1] = 0x80 | ((folded >> 6) & 0x3F)
            low[p + 2] = 0x80 | (folded & 0x3F)
            p += 3
        else:
            low[p] = 0xF0 | (folded >> 18)
            low[p + 1] = 0x80 | ((folded >> 12) & 0x3F)
            low[p + 2] = 0x80 | ((folded >> 6) & 0x3F)
            low[p + 3] = 0x80 | (folded & 0x3F)
            p += 4
    for q in range(72):
        low[p + q] = 0
    return p


@compiled
def edges(low, size, places):
    """Write where runs of bytes other than 0 begin and end in low[:size], in turn; return how many places that are.

    Sixty-four bytes become the bits of one number, and a bit that differs from the one before it is an edge: a loop
    over bytes would be guessed wrong at the end of each word.
    """
    n = np.int64(0)
    before = np.uint64(0)
    # One step beyond the end, whose zeros close the last run.
    for base in range(0, size + 1, 64):
        bits = np.uint64(0)
        for q in range(8):
            x = load8(low, base + 8 * q)
            filled = ((((x & ~_HIGHS) + ~_HIGHS) | x) & _HIGHS) >> np.uint64(7)
            # The multiplication gathers the lowest bit of each byte in the highest byte.
            bits |= ((filled * _GATHER) >> np.uint64(56)) << np.uint64(8 * q)
        changes = bits ^ ((bits << np.uint64(1)) | before)
        before = bits >> np.uint64(63)
        while changes != 0:
            places[n] = base + np.int64(trailing_zeros(changes))
            n += 1
            changes &= changes - np.uint64(1)
    return n
