# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202, ARG001
"""Kernel: bytes to a stream of word numbers.

Owns: scanning, hashing and interning words. A word is a run of at least two word characters, as the pattern
`\\b\\w\\w+\\b` finds it.
numba finds the types of arguments; those of arrays are in the docstrings.
Does not know: runs of words, columns, counts (`kernels_terms`).

A text is first folded into a small buffer that stays in the first cache: a byte of a word character, or 0. A word's end
is then found eight bytes at a time. Words up to 16 bytes are compared as two numbers, without a look at their
letters; word numbers are given out in order of first use, so what is frequent lies close together.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from topics.kernels import compiled

_M1 = np.uint64(0x9E3779B97F4A7C15)
_M2 = np.uint64(0xFF51AFD7ED558CCD)
_ONES = np.uint64(0x0101010101010101)
_HIGHS = np.uint64(0x8080808080808080)


@intrinsic
def _load8(typing_context, array, index):
    """Read eight bytes of `array` from `index`, wherever that is, as a little-endian number."""

    def generate(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        at = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(64).as_pointer())
        return builder.load(at, align=1)

    return types.uint64(array, types.int64), generate


@intrinsic
def _store8(typing_context, array, index, value):
    """Write `value` as eight bytes into `array` from `index`."""

    def generate(context, builder, signature, args):
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        at = builder.bitcast(builder.gep(data, [args[1]]), ir.IntType(64).as_pointer())
        builder.store(args[2], at, align=1)
        return context.get_dummy_value()

    return types.void(array, types.int64, types.uint64), generate


@intrinsic
def _trailing_zeros(typing_context, value):
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
    """Write one text into `low`: word characters folded, everything else 0; 24 zeros at the end. Return the length.

    letters: the tables are those of word characters, which for ASCII can be had without them, eight bytes at a time.
    """
    i, p = begin, 0
    while i < end:
        while letters and i + 8 <= end:
            x = _load8(buffer, i)
            if x & _HIGHS != 0:
                break
            # A byte below 128 is in lo..hi if adding 128 - lo sets its high bit and adding 127 - hi does not.
            upper = (x + _all(0x3F)) & ~(x + _all(0x25)) & _HIGHS
            if lowercase:
                x |= upper >> np.uint64(2)
                upper = np.uint64(0)
            lower = (x + _all(0x1F)) & ~(x + _all(0x05))
            digit = (x + _all(0x50)) & ~(x + _all(0x46))
            line = ~((x ^ _all(0x5F)) + _all(0x7F))
            word = ((upper | lower | digit | line) & _HIGHS) >> np.uint64(7)
            _store8(low, p, x & (word * np.uint64(0xFF)))
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
    for q in range(24):
        low[p + q] = 0
    return p


@compiled
def grown_slots(slots, hashes, n):
    """Return a table of twice the size that holds the same `n` words."""
    wide = np.zeros(slots.shape[0] * 2, np.uint64)
    mask = np.uint64(wide.shape[0] - 1)
    for word in range(n):
        h = hashes[word]
        s = h & mask
        while wide[s] != 0:
            s = (s + np.uint64(1)) & mask
        wide[s] = (h & np.uint64(0xFFFFFFFF00000000)) | np.uint64(word + 1)
    return wide


@compiled
def scan_words(buffer, offsets, row, ascii_table, points, least, grow, slots, hashes, keys, starts, arena, stream, ends, state):
    """Write the word numbers of texts into `stream`, and where each text ends into `ends`.

    Words shorter than `least` characters, 1 or 2, are passed over.

    With `grow`, words not seen before get the next numbers; else they are -1. The table: slots (hash above, number + 1
    below; 0 is free), hashes (n,), keys (2n,) the first 16 bytes, 0 for longer words, starts (n + 1,) into arena (bytes).
    state: next text, number of words in the table, number of words written. Returns before the last text where
    the next might not fit into the table: making arrays larger in here, inside the loop, made it 3.5 times slower.
    """
    longest = np.int64(0)
    for d in range(state[0], offsets.shape[0] - 1):
        longest = max(longest, offsets[d + 1] - offsets[d])
    # A folded code point takes at most one and a half times its bytes: U+023A, of two, becomes U+2C65, of three.
    low = np.zeros(longest + longest // 2 + 40, np.uint8)
    mask = np.uint64(slots.shape[0] - 1)
    n, written = state[1], state[2]
    for d in range(state[0], offsets.shape[0] - 1):
        size = offsets[d + 1] - offsets[d]
        most = n + size // 3 + 1
        if grow and (2 * most > slots.shape[0] or most >= starts.shape[0] or starts[n] + size + size // 2 > arena.shape[0]):
            state[0], state[1], state[2] = d, n, written
            return
        which = row[d]
        size = fold_text(buffer, offsets[d], offsets[d + 1], ascii_table[which], points[which], low, least > 1, which == 0)
        i = np.int64(0)
        while True:
            # On to the next byte that is not 0: usually one or two further, and a loop over them would be guessed wrong.
            ahead = _load8(low, i)
            filled = (((ahead & ~_HIGHS) + ~_HIGHS) | ahead) & _HIGHS
            while filled == 0 and i < size:
                i += 8
                ahead = _load8(low, i)
                filled = (((ahead & ~_HIGHS) + ~_HIGHS) | ahead) & _HIGHS
            if i >= size:
                break
            i += np.int64(_trailing_zeros(filled) >> np.uint64(3))
            if i >= size:
                break
            begin = i
            key0 = _load8(low, begin)
            zero = (key0 - _ONES) & ~key0 & _HIGHS
            key1 = np.uint64(0)
            if zero != 0:
                length = np.int64(_trailing_zeros(zero) >> np.uint64(3))
                # The zero byte is not the first: at least one byte is left, and a shift by 64 does not occur.
                key0 &= (np.uint64(1) << np.uint64(8 * length)) - np.uint64(1)
                i = begin + length
                if length == 1 and least > 1:
                    continue
                if least > 1 and length <= 4 and low[begin] >= 0xC0:
                    lead = low[begin]
                    if length == (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4):
                        continue
            else:
                key1 = _load8(low, begin + 8)
                zero = (key1 - _ONES) & ~key1 & _HIGHS
                if zero != 0:
                    length = np.int64(8) + np.int64(_trailing_zeros(zero) >> np.uint64(3))
                    key1 &= (np.uint64(1) << np.uint64(8 * (length - 8))) - np.uint64(1)
                    i = begin + length
                else:
                    i = begin + 16
                    key0 = key0 * _M1 ^ key1
                    while low[i] != 0:
                        key0 = (key0 ^ np.uint64(low[i])) * _M1
                        i += 1
                    length = i - begin
                    if length > 16:
                        key1 = np.uint64(length)
                    else:
                        key0 = _load8(low, begin)
            h = (key0 * _M1) ^ (key1 * _M2)
            h ^= h >> np.uint64(32)
            h *= _M2
            h ^= h >> np.uint64(29)
            tag = h & np.uint64(0xFFFFFFFF00000000)
            s = h & mask
            word = np.int64(-1)
            while True:
                slot = slots[s]
                if slot == 0:
                    break
                if slot & np.uint64(0xFFFFFFFF00000000) == tag:
                    found = np.int64(slot & np.uint64(0xFFFFFFFF)) - 1
                    if length <= 16:
                        if keys[2 * found] == key0 and keys[2 * found + 1] == key1:
                            word = found
                            break
                    elif starts[found + 1] - starts[found] == length:
                        same = True
                        for q in range(length):
                            if arena[starts[found] + q] != low[begin + q]:
                                same = False
                                break
                        if same:
                            word = found
                            break
                s = (s + np.uint64(1)) & mask
            if word < 0 and grow:
                word = n
                at = starts[n]
                for q in range(length):
                    arena[at + q] = low[begin + q]
                starts[n + 1] = at + length
                hashes[n] = h
                keys[2 * n] = key0 if length <= 16 else np.uint64(0)
                keys[2 * n + 1] = key1 if length <= 16 else np.uint64(0)
                slots[s] = tag | np.uint64(n + 1)
                n += 1
            stream[written] = word
            written += 1
        ends[d] = written
    state[0], state[1], state[2] = offsets.shape[0] - 1, n, written
