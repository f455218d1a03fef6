# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernel: bytes to a stream of word numbers.

Owns: hashing and interning words. A word is a run of at least two word characters, as the pattern `\\b\\w\\w+\\b` finds it.
numba finds the types of arguments; those of arrays are in the docstrings.
Does not know: how bytes are folded (`kernels_bytes`), runs of words, columns, counts (`kernels_terms`).

Words up to 16 bytes are compared as two numbers, without a look at their letters; word numbers are given out in order of
first use, so what is frequent lies close together. All words of a text are hashed before the first is looked up: look-ups
without work in between wait for memory side by side.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled
from topics.kernels_bytes import edges, fold_text, load8

_M1 = np.uint64(0x9E3779B97F4A7C15)
_M2 = np.uint64(0xFF51AFD7ED558CCD)
_TAG = np.uint64(0xFFFFFFFF00000000)
_NUMBER = np.uint64(0xFFFFFFFF)
#: What is kept of eight bytes, by how many of them belong to a word.
_MASKS = np.array([(1 << (8 * n)) - 1 for n in range(8)] + [(1 << 64) - 1] * 9, np.uint64)
#: The same for the next eight.
_MASKS_2 = np.array([0] * 9 + [(1 << (8 * n)) - 1 for n in range(1, 8)] + [(1 << 64) - 1], np.uint64)


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
        wide[s] = (h & _TAG) | np.uint64(word + 1)
    return wide


@compiled
def mixed(key0, key1):
    """Return the hash of a word by its two keys."""
    h = (key0 * _M1) ^ (key1 * _M2)
    h ^= h >> np.uint64(32)
    h *= _M2
    return h ^ (h >> np.uint64(29))


@compiled
def keys_of(low, begin, length):
    """Return the two numbers that stand for a word: its bytes, or beyond 16 a hash of them and their number."""
    if length <= 16:
        return load8(low, begin) & _MASKS[length], load8(low, begin + 8) & _MASKS_2[length]
    key = load8(low, begin) * _M1 ^ load8(low, begin + 8)
    for q in range(16, length):
        key = (key ^ np.uint64(low[begin + q])) * _M1
    return key, np.uint64(length)


@compiled
def find(slots, keys, starts, arena, h, key0, key1, low, begin, length):
    """Return the slot where a word is or belongs, and its number, -1 where it is not in the table."""
    mask = np.uint64(slots.shape[0] - 1)
    s = h & mask
    while True:
        slot = slots[s]
        if slot == 0:
            return s, np.int64(-1)
        if (slot ^ h) & _TAG == 0:
            found = np.int64(slot & _NUMBER) - 1
            if length <= 16:
                if keys[2 * found] == key0 and keys[2 * found + 1] == key1:
                    return s, found
            elif starts[found + 1] - starts[found] == length:
                same = True
                for q in range(length):
                    if arena[starts[found] + q] != low[begin + q]:
                        same = False
                        break
                if same:
                    return s, found
        s = (s + np.uint64(1)) & mask


@compiled
def enter(slots, hashes, keys, starts, arena, s, n, h, key0, key1, low, begin, length):
    """Write a new word, number `n`, into the free slot `s`; see `scan_words` for the table."""
    at = starts[n]
    for q in range(length):
        arena[at + q] = low[begin + q]
    starts[n + 1] = at + length
    hashes[n] = h
    keys[2 * n] = key0 if length <= 16 else np.uint64(0)
    keys[2 * n + 1] = key1 if length <= 16 else np.uint64(0)
    slots[s] = (h & _TAG) | np.uint64(n + 1)


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
    longest += longest // 2
    low = np.zeros(longest + 88, np.uint8)
    places = np.empty(longest + 2, np.int32)
    most = longest // 2 + 1
    begins, lengths, late = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most + 1, np.int32)
    first, second, codes = np.empty(most, np.uint64), np.empty(most, np.uint64), np.empty(most, np.uint64)
    n, written = state[1], state[2]
    for d in range(state[0], offsets.shape[0] - 1):
        size = offsets[d + 1] - offsets[d]
        most = n + size // 3 + 1
        if grow and (2 * most > slots.shape[0] or most >= starts.shape[0] or starts[n] + size + size // 2 > arena.shape[0]):
            state[0], state[1], state[2] = d, n, written
            return
        which = row[d]
        size = fold_text(buffer, offsets[d], offsets[d + 1], ascii_table[which], points[which], low, least > 1, which == 0)
        words = np.int64(0)
        for p in range(0, edges(low, size, places), 2):
            begin = np.int64(places[p])
            length = np.int64(places[p + 1]) - begin
            # What is passed over is written, too, and then written over: no branch that would be guessed wrong.
            begins[words], lengths[words] = begin, length
            if length <= 16:
                key0, key1 = load8(low, begin) & _MASKS[length], load8(low, begin + 8) & _MASKS_2[length]
            else:
                key0, key1 = keys_of(low, begin, length)
            first[words], second[words], codes[words] = key0, key1, mixed(key0, key1)
            lead = low[begin]
            one = length <= 1 + (lead >= 0xC0) + (lead >= 0xE0) + (lead >= 0xF0)
            words += not (one and least > 1)
        # Most words stand in the slot where the search for them begins: all are looked for there without a branch, and
        # what is not there is searched for afterwards.
        mask = np.uint64(slots.shape[0] - 1)
        missed = np.int64(0)
        for w in range(words):
            slot = slots[codes[w] & mask] & _NUMBER
            word = np.int64(slot) - (slot != 0)
            stream[written + w] = word
            late[missed] = w
            missed += not ((keys[2 * word] == first[w]) & (keys[2 * word + 1] == second[w]) & (lengths[w] <= 16))
        for m in range(missed):
            w = late[m]
            begin, length = np.int64(begins[w]), np.int64(lengths[w])
            s, word = find(slots, keys, starts, arena, codes[w], first[w], second[w], low, begin, length)
            if word < 0 and grow:
                word = n
                enter(slots, hashes, keys, starts, arena, s, n, codes[w], first[w], second[w], low, begin, length)
                n += 1
            stream[written + w] = word
        written += words
        ends[d] = written
    state[0], state[1], state[2] = offsets.shape[0] - 1, n, written
