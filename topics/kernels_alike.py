# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernels of the segmenter: lines that come again, and lines that stand alike.

Owns: the compiled twins of the repetition in `shapes_page` and of `echoes`, the same numbers for the same page.
Does not know: what a feature means; what a line looks like by itself (`kernels_shapes`).
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled
from topics.kernels_slots import seat


@compiled
def number(key, slots, of_line, size, previous):
    """Number equal keys in the order of the page; return how many there are.

    slots: a power of two of them, more than keys; of_line: the number of each line; size: how many lines have a number;
    previous: the line before with the same number, -1 where there is none.
    """
    found = 0
    slots[:] = -1
    last = np.empty(key.shape[0], np.int64)
    for k in range(key.shape[0]):
        at = seat(np.uint64(key[k]), slots, key)
        if slots[at] < 0:
            slots[at], of_line[k], size[found], previous[k] = k, found, 1, -1
            found += 1
        else:
            of_line[k] = of_line[slots[at]]
            previous[k] = last[of_line[k]]
            size[of_line[k]] += 1
        last[of_line[k]] = k
    return found


@compiled
def repeat(codes, start, end, hashes, facts, logs, template, out, c):
    """Write the features of lines that come again, whole or in their beginning; return the next column.

    logs: log2(k) for k as far as it matters. template: the number of lines with the same words, digits aside.
    """
    n, most = start.shape[0], logs.shape[0] - 1
    bits = 4
    while 1 << bits < 2 * n:
        bits += 1
    slots = np.empty(1 << bits, np.int32)
    key, of_line = np.empty(n, np.uint64), np.empty(n, np.int64)
    size, previous, following = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for way in range(5):
        for k in range(n):
            if way == 4:
                key[k] = hashes[k, 4] if facts[k, 0] >= 5 else np.uint64(k)
            elif facts[k, 0] > 0:
                key[k] = hashes[k, way]
            else:
                key[k] = (np.uint64(codes[start[k]]) << np.uint64(8)) + np.uint64(min(end[k] - start[k], 200))
        found = number(key, slots, of_line, size, previous)
        if way == 0:
            following[:] = 10**6
            for k in range(n):
                if previous[k] >= 0:
                    following[previous[k]] = k - previous[k]
            for k in range(n):
                row, many, after = out[k], size[of_line[k]], following[k]
                before = k - previous[k] if previous[k] >= 0 else 10**6
                row[c], row[c + 1], row[c + 2] = min(logs[min(many, most)] / 3, 1.0), many > 1, many == 2
                row[c + 3], row[c + 4], row[c + 5], row[c + 6] = after <= 8, after <= 2, before <= 8, before <= 2
                row[c + 7], row[c + 8] = 8 < after < 10**6, 8 < before < 10**6
        elif way == 1:
            template[:] = of_line
            for k in range(n):
                many = size[of_line[k]]
                out[k, c + 9], out[k, c + 10] = min(logs[min(many, most)] / 3, 1.0), many > 1
        elif way < 4:
            for k in range(n):
                out[k, c + 9 + way] = min(logs[min(size[of_line[k]], most)] / 4, 1.0)
        else:
            longest = np.zeros(found, np.int64)
            for k in range(n):
                longest[of_line[k]] = max(longest[of_line[k]], int(facts[k, 0]))
            for k in range(n):
                shared, top = size[of_line[k]] > 1, longest[of_line[k]]
                out[k, c + 13], out[k, c + 14] = shared, shared and facts[k, 0] < top
                out[k, c + 15] = shared and facts[k, 0] == top and facts[k, 0] >= 5
    return c + 16


@compiled
def stand(codes, bits, blank, indent, start, end, facts, key, digit, bounds, values, cases, lengths, first, form):
    """Write a number for the first word of each line, and one for its form (length, gaps, indent, case, first and last sign).

    cases: the columns of a line all in capitals and of one in title case. lengths: where one length in words ends and the next
    begins.
    """
    n = start.shape[0]
    for k in range(n):
        if facts[k, 0] > 0:
            w = bounds[k]
            first[k] = 0 if digit[w] else np.int64(key[w] & np.uint64((1 << 62) - 1))
        else:
            first[k] = -1 - np.int64(codes[start[k]])
        head, tail = bits[start[k]], bits[end[k] - 1]
        opening = 1 if head & 4 else 2 if head & 2 else 0 if head & 135 else 3 + int(codes[start[k]]) % 61
        closing = 1 if tail & 32 else 2 if tail & 4 else 0 if tail & 135 else 3 + int(codes[end[k] - 1]) % 61
        out = 0
        for limit in lengths:
            out += limit <= facts[k, 0]
        after = blank[k + 1] if k + 1 < n else 3
        out = ((out * 4 + min(blank[k], 3)) * 4 + min(after, 3)) * 2 + min(indent[k], 1)
        out = (out * 64 + opening) * 64 + closing
        form[k] = (out * 2 + (values[k, cases[0]] > 0)) * 2 + (values[k, cases[1]] > 0)


@compiled
def gather(template, first, form, chance, groups, unit, many, out):
    """Write what a line's likes were taken for, of each way of standing alike in turn, the line itself left out.

    chance: (n, states) probabilities. groups: of each state the group it belongs to. many: what so many likes, the line
    counted, are written as. out: (n, ways * (groups + 1)).
    """
    n, last, kinds = template.shape[0], many.shape[0] - 1, 0
    for group in groups:
        kinds = max(kinds, group + 1)
    bits = 4
    while 1 << bits < 2 * n:
        bits += 1
    slots, key = np.empty(1 << bits, np.int32), np.empty(n, np.uint64)
    of_line, size, previous = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    held, total = np.zeros((n, kinds)), np.empty((n, kinds))
    for k in range(n):
        for s in range(groups.shape[0]):
            held[k, groups[s]] += np.rint(chance[k, s] * unit)
    for way in range(9):
        for k in range(n):
            if way == 0:
                value = template[k]
            elif way == 1:
                value = first[k]
            elif way == 6:
                value = form[k]
            else:
                near = k - 1 if way in (2, 4, 7) else k + 1
                value = -7 if not 0 <= near < n else template[near] if way < 4 else first[near] if way < 6 else form[near]
                if way > 6:
                    value = form[k] * 100_003 + value
            key[k] = np.uint64(value)
        found = number(key, slots, of_line, size, previous)
        total[:found] = 0
        for k in range(n):
            at = of_line[k]
            for j in range(kinds):
                total[at, j] += held[k, j]
        c = way * (kinds + 1)
        for k in range(n):
            at = of_line[k]
            for j in range(kinds):
                out[k, c + j] = (total[at, j] - held[k, j]) / size[at] / unit
            out[k, c + kinds] = many[min(size[at], last)]


#: All of them; a page that is read by one is read by all.
ALL = (repeat, stand, gather)
