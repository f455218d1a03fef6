# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernels of the segmenter: lines, words and signs of a page, what lines share.

Owns: the compiled twins of what `lines` and `shapes*` do with numpy, the same numbers for the same page.
Does not know: what a feature means, when compiled code pays (`kernels`).

Bits of the class table are those of `lines`: 1 upper, 2 lower, 4 digit, 8 space, 16 break, 32 terminal, 64 sign, 128 letter.
"""

from __future__ import annotations

import numpy as np

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
def count_words(bits):
    """Return the number of runs of letters and digits."""
    found, inside = 0, False
    for i in range(bits.shape[0]):
        now = (bits[i] & 135) != 0
        found += now and not inside
        inside = now
    return found


@compiled
def read_words(codes, bits, lines, keys, kinds, factor, shift, line, start, length, key, kind, case, bounds):
    """Write every word: its line, place, length, key, kind and case (1 upper, 2 shouted, 4 digit); `lines` are line starts."""
    n, word, here = codes.shape[0], 0, -1
    i = 0
    while i < n:
        if not bits[i] & 135:
            i += 1
            continue
        while here + 1 < lines.shape[0] and lines[here + 1] <= i:
            here += 1
            bounds[here] = word
        packed = np.uint64(0)
        low = i
        while i < n and bits[i] & 135:
            if i - low < 7:
                code = np.uint64(codes[i] & 255)
                if bits[i] & 1 and codes[i] < 256:
                    code = (code + np.uint64(32)) & np.uint64(255)
                packed |= code << np.uint64(8 * (i - low))
            i += 1
        packed |= np.uint64(min(i - low, 255)) << np.uint64(56)
        line[word], start[word], length[word], key[word] = here, low, i - low, packed
        slot = (packed * factor) >> shift
        kind[word] = kinds[slot] if keys[slot] == packed else 0
        second = bits[min(low + 1, n - 1)]
        upper = bits[low] & 1
        case[word] = upper | (2 if upper and second & 1 and bits[i - 1] & 1 else 0) | (4 if bits[low] & 4 else 0)
        word += 1
    for k in range(here + 1, lines.shape[0] + 1):
        bounds[k] = word


@compiled
def read_signs(codes, bits, lines, table, colon, near, counts, early, clock, stops):
    """Count the signs of each line by group, its early colons, times of day and sentence ends inside; `colon` is a group."""
    n, here = codes.shape[0], 0
    last = table.shape[0] - 1
    for i in range(n):
        while here + 1 < lines.shape[0] and lines[here + 1] <= i:
            here += 1
        group = table[min(codes[i], last)]
        if group:
            counts[here, group] += 1
            if group == colon:
                if i - lines[here] < near:
                    early[here] = True
                if i > 0 and i + 1 < n and bits[i - 1] & 4 and bits[i + 1] & 4:
                    clock[here] = True
        if bits[i] & 32 and i + 2 < n and bits[i + 1] & 8 and not bits[i + 2] & 6:
            stops[here] += 1


@compiled
def mix_words(key, digit, bounds, hashes):
    """Write five hashes of each line's words that depend on their order: (n_lines, 5).

    Of all words; of all with numbers alike; of the first one and two with numbers alike; of the first five.
    """
    for k in range(bounds.shape[0] - 1):
        whole = like = one = two = five = np.uint64(0)
        for w in range(bounds[k], bounds[k + 1]):
            place = w - bounds[k]
            odd = np.uint64(2 * (place % 4096) + 1)
            value = key[w]
            mixed = (value ^ (value >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) * odd
            value = np.uint64(7) if digit[w] else value
            alike = (value ^ (value >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) * odd
            whole += mixed
            like += alike
            if place < 1:
                one += alike
            if place < 2:
                two += alike
            if place < 5:
                five += mixed
        last = np.uint64(0x94D049BB133111EB)
        hashes[k, 0], hashes[k, 1], hashes[k, 2] = whole * last, like * last, one * last
        hashes[k, 3], hashes[k, 4] = two * last, five * last


@compiled
def tie_lines(key, line, upper, content, near, slots, total, below, above, fresh, names, capitals, bridge):
    """Count for each line its content words, those that come again within `near` lines below or came above, and the new ones.

    slots: (a power of two) of -1, a table of the last word with each key. `bridge` gains 1 where a link begins and loses it
    where the link ends.
    """
    mask = slots.shape[0] - 1
    for w in range(key.shape[0]):
        if not content[w]:
            continue
        here = line[w]
        total[here] += 1
        capitals[here] += upper[w]
        value = key[w]
        at = np.int64(((value ^ (value >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & mask
        while slots[at] >= 0 and key[slots[at]] != value:
            at = (at + 1) & mask
        if slots[at] < 0:
            fresh[here] += 1
            names[here] += upper[w]
        else:
            before = line[slots[at]]
            if 0 < here - before <= near:
                below[before] += 1
                above[here] += 1
                bridge[before + 1] += 1
                bridge[here + 1] -= 1
        slots[at] = w


#: All of them; a page that is read by one is read by all.
ALL = (read_bits, read_lines, count_words, read_words, read_signs, mix_words, tie_lines)
