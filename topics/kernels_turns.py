# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202
"""Kernels of the segmenter: how like a line is to the words above and below it.

Owns: the compiled twin of the likenesses in `turns`, the same numbers for the same page.
Does not know: what they weigh, which lines are doubtful.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled
from topics.kernels_slots import seat


@compiled
def stem(key, use, ids, weight, unit):
    """Number the first six letters of each word in use, others -1, and weigh each number; return how many there are."""
    bits = 4
    while 1 << bits < 2 * key.shape[0]:
        bits += 1
    slots, known = np.full(1 << bits, -1, np.int32), np.empty(key.shape[0], np.uint64)
    count, found = np.zeros(key.shape[0], np.int64), 0
    for w in range(key.shape[0]):
        ids[w] = -1
        if not use[w]:
            continue
        value = key[w] & np.uint64((1 << 48) - 1)
        at = seat(value, slots, known)
        if slots[at] < 0:
            slots[at], known[found] = found, value
            found += 1
        ids[w] = slots[at]
        count[slots[at]] += 1
    for k in range(found):
        weight[k] = np.rint(unit / np.sqrt(count[k] + 1.0))
    return found


@compiled
def _fill(ids, low, high, weight, count, touched):
    """Count the words low to high; return how many kinds there are and their weight."""
    kinds, total = 0, 0.0
    for w in range(low, high):
        k = ids[w]
        if k >= 0:
            if not count[k]:
                touched[kinds] = k
                kinds += 1
            count[k] += 1
            total += weight[k]
    return kinds, total


@compiled
def _empty(count, touched, kinds):
    for t in range(kinds):
        count[touched[t]] = 0


@compiled
def _like(count, touched, kinds, total, other, whole, weight):
    both = 0.0
    for t in range(kinds):
        k = touched[t]
        if other[k]:
            both += np.rint(np.sqrt(np.float64(count[k] * other[k])) * weight[k])
    return both / np.sqrt(total * whole) if both else 0.0


@compiled
def weigh(ids, weight, top, low, high, near, far, count, touched, out):
    """Write the likenesses of the text above and below the words low to high, of these and the text above, and the text below.

    The text above ends before `top`. count: (2, kinds) zeros, and again when this returns; touched: (2, words).
    """
    n = ids.shape[0]
    for step in range(3):
        begin, end = (max(0, top - near), top) if step == 0 else (low, high)
        kinds, total = _fill(ids, begin, end, weight, count[0], touched[0])
        begin, end = (max(0, top - far), top) if step == 1 else (high, min(high + (near if step == 0 else far), n))
        others, whole = _fill(ids, begin, end, weight, count[1], touched[1])
        out[step] = _like(count[0], touched[0], kinds, total, count[1], whole, weight)
        _empty(count[0], touched[0], kinds)
        _empty(count[1], touched[1], others)


#: All of them; a page that is read by one is read by all.
ALL = (stem, weigh)
