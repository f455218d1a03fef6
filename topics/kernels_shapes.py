# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202
"""Kernels of the segmenter: words and signs of each line, and the features a line has by itself.

Owns: the compiled twin of `shapes`, `shapes_words` and `shapes_signs`, the same numbers for the same page.
Does not know: what a feature means; its place (`kernels_place`), what lines share (`kernels_alike`).

Columns are written one after the other in the order of `shapes`; `tests/test_kernels_lines.py` compares all of them.
Bits of the class table are those of `lines`: 1 upper, 2 lower, 4 digit, 8 space, 16 break, 32 terminal, 64 sign, 128 letter.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled

#: Facts of a line that later steps ask for, by column: words, then whether a headline may end in it (a full stop, a colon, a
#: sign, a gap after the first words), then capitals among the first words and after them.
FACTS = 7


@compiled
def fold(codes, bits, small):
    """Write the low byte of each code point, capital letters of Latin 1 as small ones; return the number of words."""
    found, before = 0, 0
    for i in range(codes.shape[0]):
        bit, code = bits[i], codes[i]
        small[i] = (code & 255) + (32 if bit & 1 and code < 256 else 0)
        now = 1 if bit & 135 else 0
        found += now & (1 - before)
        before = now
    return found


@compiled
def _mixed(value, place):
    return (value ^ (value >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) * np.uint64(2 * (place % 4096) + 1)


@compiled
def read_words(
    codes, bits, eight, low, high, keys, kinds, factor, shift, table, colon, near, here, word, words, key, kind, case, hashes,
    tally,
):  # fmt: skip
    """Read line `here`, which stands at low to high: write its words, its five hashes and its tally; return the next word.

    words: (3, n) line, place and length of each word; case: (3, n) upper, shouted, digit. hashes: of all words; of all, the
    first one and two with numbers alike; of the first five. tally: how often each group of signs (0: none) occurs, then
    an early colon, a time of day, sentence ends inside.
    """
    n, i, first = codes.shape[0], low, word
    last, mask = table.shape[0] - 1, np.uint64(keys.shape[0] - 1)
    whole = like = one = two = five = np.uint64(0)
    tally[:] = 0
    begins = low
    while begins < high and bits[begins] & 8:
        begins += 1
    while i < high:
        bit = bits[i]
        if not bit & 135:
            group = table[min(codes[i], last)]
            if group:
                tally[group] += 1
                if group == colon:
                    if i - begins < near:
                        tally[-3] = 1
                    if i > 0 and i + 1 < n and bits[i - 1] & 4 and bits[i + 1] & 4:
                        tally[-2] = 1
            if bit & 32 and i + 2 < n and bits[i + 1] & 8 and not bits[i + 2] & 6:
                tally[-1] += 1
            i += 1
            continue
        at = i
        while i < n and bits[i] & 135:
            i += 1
        kept = (np.uint64(1) << np.uint64(8 * min(i - at, 7))) - np.uint64(1)
        packed = (eight[at] & kept) | (np.uint64(min(i - at, 255)) << np.uint64(56))
        words[0, word], words[1, word], words[2, word], key[word] = here, at, i - at, packed
        slot = (packed * factor) >> shift
        while keys[slot] and keys[slot] != packed:
            slot = (slot + np.uint64(1)) & mask
        kind[word] = kinds[slot] if keys[slot] else 0
        second = bits[min(at + 1, n - 1)]
        case[0, word] = (bit & 1) != 0
        case[1, word] = (bit & second & bits[i - 1] & 1) != 0
        case[2, word] = (bit & 4) != 0
        place = word - first
        mixed = _mixed(packed, place)
        alike = _mixed(np.uint64(7), place) if bit & 4 else mixed
        whole, like = whole + mixed, like + alike
        if place < 1:
            one += alike
        if place < 2:
            two += alike
        if place < 5:
            five += mixed
        word += 1
    spread = np.uint64(0x94D049BB133111EB)
    hashes[here, 0], hashes[here, 1], hashes[here, 2] = whole * spread, like * spread, one * spread
    hashes[here, 3], hashes[here, 4] = two * spread, five * spread
    return word


@compiled
def read_edges(codes, bits, start, end, openers, enders, closers, sizes, out, c):
    """Write what a line begins and ends with; return the next column."""
    known = closers.shape[0] - 1
    at = end - 1
    quoted = closers[min(codes[at], known)] and at > start
    at -= quoted
    head, tail = bits[start], bits[at]
    opener, ender = openers[min(codes[start], known)], enders[min(codes[at], known)]
    out[c], out[c + 1], out[c + 2] = (head & 1) != 0, (head & 2) != 0, (head & 4) != 0
    c += 3
    for k in range(sizes[0]):
        out[c + k] = (opener >> k) & 1
    c += sizes[0]
    out[c], out[c + 1] = (tail & 32) != 0, quoted
    c += 2
    for k in range(sizes[1]):
        out[c + k] = (ender >> k) & 1
    c += sizes[1]
    out[c], out[c + 1] = (tail & 131) != 0, (tail & 4) != 0
    return c + 2


@compiled
def read_cases(low, high, length, case, kind, silent_last, month, out, c, table):
    """Write the columns of a line's words low to high: counts, cases and kinds; return the next column.

    Between the cases and the kinds stand the columns of edges and signs, which the caller writes: c is (cases, kinds).
    """
    count = high - low
    upper = shouted = digits = total = years = 0
    table[:] = 0
    for w in range(low, high):
        total += length[w]
        upper += case[0, w]
        shouted += case[1, w]
        digits += case[2, w]
        years += case[2, w] and length[w] == 4
        table[kind[w]] += 1
    n = max(count, 1)
    at = c[0]
    out[at], out[at + 1], out[at + 2] = count == 0, count == 1, min(total / n / 10, 1.0)
    capital, loud = upper / n, shouted / n
    out[at + 3], out[at + 4], out[at + 5], out[at + 6] = capital, loud, loud > 0.6 and count > 1, digits / n
    out[at + 7] = capital > 0.6 and count > 3
    out[at + 8] = capital * n <= 1.5 and count > 3
    first = case[0, low] if count else False
    out[at + 9] = max(capital * n - first, 0.0) / max(count - 1, 1)
    at = c[1]
    begins, ends = (kind[low], kind[high - 1]) if count else (0, 0)
    for k in range(1, table.shape[0]):
        out[at], out[at + 1], out[at + 2] = table[k] / n, table[k] > 0, begins == k
        at += 3
        if not silent_last[k]:
            out[at] = ends == k
            at += 1
    out[at], out[at + 1] = min(table[1] / 6, 1.0), years > 0
    out[at + 2] = table[month] > 0 and digits > 0
    return at + 3


@compiled
def read_glue(codes, bits, low, high, words, upper, span, facts):
    """Write the facts of a line that tell whether a headline and its text stand on it."""
    count = high - low
    facts[:] = 0
    facts[0] = count
    early, later = min(low + 8, high) - min(low + 1, high), min(low + 25, high) - min(low + 11, high)
    for w in range(min(low + 1, high), min(low + 8, high)):
        facts[5] += upper[w]
    for w in range(min(low + 11, high), min(low + 25, high)):
        facts[6] += upper[w]
    facts[5] /= max(early, 1)
    facts[6] /= max(later, 1)
    for w in range(low + span[0], min(low + span[1], high - 1)):
        at = words[1, w] + words[2, w]
        wide = words[1, w + 1] - at
        code, one, two = codes[at], bits[at], bits[min(at + 1, bits.shape[0] - 1)]
        spaced, then = (one & 8) != 0, (two & 8) != 0
        if one & 32 and then:
            facts[1] = 1
        if code == 58 and then:
            facts[2] = 1
        if spaced and wide >= 3 and not then:
            facts[3] = 1
        if code == 9 or (spaced and then):
            facts[4] = 1


@compiled
def describe(
    codes, bits, eight, start, end, keys, kinds, factor, shift, signs, marks, closers, lexicon, lengths, counts, numbers,
    words, key, kind, case, bounds, hashes, facts, out,
):  # fmt: skip
    """Write the words of all lines, and the features that a line has by itself; return the next column.

    eight: at each place the eight bytes of `fold` from there on. marks: (2, known) bits of openers and enders. lexicon: by
    kind of word whether it says nothing at the end of a line.
    numbers: groups of signs, the colon's, characters of an early colon, openers, enders, the kind of months, earliest and
    latest word before which a headline ends.
    """
    n = start.shape[0]
    tally, table = np.empty(numbers[0] + 4, np.int64), np.empty(lexicon.shape[0], np.int64)
    columns = np.empty(2, np.int64)
    word = column = 0
    for k in range(n):
        low, high = start[k] if k else 0, start[k + 1] if k + 1 < n else codes.shape[0]
        bounds[k] = word
        after = read_words(
            codes, bits, eight, low, high, keys, kinds, factor, shift, signs, numbers[1], numbers[2], k, word,
            words, key, kind, case, hashes, tally,
        )  # fmt: skip
        row, size, count = out[k], end[k] - start[k], after - word
        c = 0
        for limit in lengths:
            row[c] = min(size / limit, 1.0)
            c += 1
        for limit in counts:
            row[c] = min(count / limit, 1.0)
            c += 1
        columns[0] = c
        c = read_edges(codes, bits, start[k], end[k], marks[0], marks[1], closers, numbers[3:5], row, c + 10)
        total = 0
        for group in range(1, numbers[0] + 1):
            row[c] = tally[group] > 0
            total += tally[group]
            c += 1
        row[c], row[c + 1] = min(total / max(size, 1) * 10, 1.0), tally[-3]
        row[c + 2], row[c + 3] = min(tally[-1] / 3, 1.0), tally[-2]
        columns[1] = c + 4
        column = read_cases(word, after, words[2], case, kind, lexicon, numbers[5], row, columns, table)
        read_glue(codes, bits, word, after, words, case[0], numbers[6:8], facts[k])
        word = after
    bounds[n] = word
    return column


#: All of them; a page that is read by one is read by all.
ALL = (fold, describe)
