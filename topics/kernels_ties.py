# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202
"""Kernels of the segmenter: words that tie a line to those around it and to the page's stretches of running text.

Owns: the compiled twins of the cohesion in `shapes_page` and of `shapes_runs`, the same numbers for the same page.
Does not know: what a feature means; what a line looks like by itself (`kernels_shapes`).
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled
from topics.kernels_slots import seat


@compiled
def tie(words, key, kind, case, near, identity, out, c):
    """Write how strongly the words of each line tie it to those around; return the next column and the number of content words.

    identity: the number of each content word, counted from 0, -1 for other words.
    """
    n, count = out.shape[0], key.shape[0]
    bits = 4
    while 1 << bits < 2 * count:
        bits += 1
    slots = np.full(1 << bits, -1, np.int32)
    # Of each content word of the page: its key, the line it stood in last.
    known, last = np.empty(count, np.uint64), np.empty(count, np.int64)
    total, fresh, names, upper = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    down, up, bridge = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n + 1, np.int64)
    found = 0
    for w in range(count):
        identity[w] = -1
        if kind[w] != 0 or words[2, w] < 4 or case[2, w]:
            continue
        here, value, capital = words[0, w], key[w], case[0, w]
        total[here] += 1
        upper[here] += capital
        at = seat(value, slots, known)
        if slots[at] < 0:
            slots[at], known[found] = found, value
            found += 1
            fresh[here] += 1
            names[here] += capital
        else:
            before = last[slots[at]]
            if 0 < here - before <= near:
                down[before] += 1
                up[here] += 1
                bridge[before + 1] += 1
                bridge[here + 1] -= 1
        identity[w] = slots[at]
        last[slots[at]] = here
    over, smooth = np.empty(n, np.int64), np.zeros(n + 1, np.int64)
    links = 0
    for k in range(n):
        links += bridge[k]
        over[k] = links
        smooth[k + 1] = smooth[k] + links
    for k in range(n):
        row, many = out[k], max(total[k], 1)
        row[c], row[c + 1], row[c + 2] = down[k] / many, up[k] / many, fresh[k] / many
        row[c + 3] = min(over[k] / 30, 1.0)
        low, high = max(k - 6, 0), min(k + 7, n)
        mean = (smooth[high] - smooth[low]) / max(high - low, 1)
        row[c + 4] = min(max(1 - over[k] / max(mean, 1.0), -1.0), 1.0)
        row[c + 5] = names[k] / max(upper[k], 1)
    return c + 6, found


@compiled
def _share(words, identity, many, first, last, forward, both):
    """Count for each line the content words that the next large stretch below has (or the last one above: forward)."""
    count = identity.shape[0]
    # Of each word: the two stretches that had it last, on the way down the page or up.
    seen = np.full((many, 2), -1, np.int64)
    both[:] = 0
    stretch = 0 if forward else first.shape[0] - 1
    for step in range(count):
        w = step if forward else count - 1 - step
        if identity[w] < 0:
            continue
        line, word = words[0, w], identity[w]
        if forward:
            while stretch < last.shape[0] and last[stretch] < line:
                stretch += 1
            within, asked = stretch < first.shape[0] and first[stretch] <= line, stretch - 1
        else:
            while stretch >= 0 and first[stretch] > line:
                stretch -= 1
            within, asked = stretch >= 0 and last[stretch] >= line, stretch + 1
        if within and seen[word, 0] != stretch:
            seen[word, 1], seen[word, 0] = seen[word, 0], stretch
        if 0 <= asked < first.shape[0] and (seen[word, 0] == asked or seen[word, 1] == asked):
            both[line] += 1


@compiled
def run(words, identity, many, facts, text, apart, large, logs, out, c):
    """Write how large the stretches of running text are around each line, and whose words it has; return the next column.

    many: how many content words there are. text, apart: words of a line of running text, lines between two of one stretch.
    """
    n, most = facts.shape[0], logs.shape[0] - 1
    first, last, size = np.empty(n, np.int64), np.empty(n, np.int64), np.zeros(n + 1, np.int64)
    stretches, top = 0, 1
    for k in range(n):
        if facts[k, 0] >= text:
            if not stretches or k - last[stretches - 1] > apart + 1:
                first[stretches] = k
                stretches += 1
            last[stretches - 1] = k
            size[stretches - 1] += int(facts[k, 0])
            top = max(top, size[stretches - 1])
    # Of every line the stretch that ends before it, the one it stands in and the next one.
    below = 0
    for k in range(n):
        while below < stretches and last[below] < k:
            below += 1
        inside = below < stretches and first[below] <= k
        after = below + 1 if inside else below
        for j in range(3):
            at = below if j == 0 else below - 1 if j == 1 else after
            near = size[at] if (inside if j == 0 else 0 <= at < stretches) else 0
            out[k, c + 2 * j], out[k, c + 2 * j + 1] = min(logs[min(near, most)] / 8, 1.0), near / top
    kept = 0
    for j in range(stretches):
        if size[j] >= large * top:
            first[kept], last[kept] = first[j], last[j]
            kept += 1
    first, last = first[:kept], last[:kept]
    below = 0
    for k in range(n):
        while below < kept and last[below] < k:
            below += 1
        inside = below < kept and first[below] <= k
        after = below + 1 if inside else below
        until = (first[after] if after < kept else n + 200) - k
        since = k - (last[below - 1] if below > 0 else -200)
        row = out[k]
        row[c + 6], row[c + 7], row[c + 8] = inside, after == 0, below == kept
        row[c + 9], row[c + 10] = min(logs[min(until, most)] / 5, 1.0), min(logs[min(since, most)] / 5, 1.0)
        row[c + 11], row[c + 12] = min(logs[min(kept, most)] / 3, 1.0), min(logs[min(top, most)] / 8, 1.0)
    total, both = np.zeros(n, np.int64), np.empty(n, np.int64)
    for w in range(identity.shape[0]):
        total[words[0, w]] += identity[w] >= 0
    worth, best = np.zeros(n), np.zeros(kept + 1)
    _share(words, identity, many, first, last, False, both)
    zone = 0
    for k in range(n):
        while zone < kept and first[zone] <= k:
            zone += 1
        if 0 < total[k] <= 30:
            worth[k] = both[k] * both[k] / total[k]
        best[zone] = max(best[zone], worth[k])
        out[k, c + 13] = both[k] / max(total[k], 1)
    zone = 0
    for k in range(n):
        while zone < kept and first[zone] <= k:
            zone += 1
        out[k, c + 14] = worth[k] / max(best[zone], 1.0)
    _share(words, identity, many, first, last, True, both)
    for k in range(n):
        out[k, c + 15] = both[k] / max(total[k], 1)
    return c + 16


#: All of them; a page that is read by one is read by all.
ALL = (tie, run)
