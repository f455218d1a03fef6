# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202
"""Kernels of the segmenter: the features of a line's place on the page, and of headlines on the line of their text.

Owns: the compiled twin of the rhythm in `shapes_own` and of the glue in `shapes_page`, the same numbers for the same page.
Does not know: what a feature means; what a line looks like by itself (`kernels_shapes`).
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled


@compiled
def _middle(facts, long):
    """Return the median number of words of lines that have `long` or more, 30 where there are none."""
    most = 0
    for k in range(facts.shape[0]):
        most = max(most, int(facts[k, 0]))
    having, lines = np.zeros(most + 1, np.int64), 0
    for k in range(facts.shape[0]):
        if facts[k, 0] >= long:
            having[int(facts[k, 0])] += 1
            lines += 1
    if not lines:
        return 30.0
    seen, lower = 0, -1
    for count in range(most + 1):
        seen += having[count]
        if lower < 0 and 2 * seen >= lines:
            lower = count
        if 2 * seen > lines:
            return (lower + count) / 2
    return 30.0


@compiled
def place(blank, indent, rows, facts, around, logs, wrapped, out, c):
    """Write the features of each line's place on the page: gaps, indents, running text around; return the next column.

    around: (stretches, 2) lines from and to whose words are counted. logs: log(1 + k) for k as far as it matters.
    """
    n, most = blank.shape[0], logs.shape[0] - 1
    having, empty, long = np.zeros(4, np.int64), 0, 0
    total = np.zeros(n + 1, np.int64)
    ahead = np.full(n + 1, n, np.int64)
    for k in range(n):
        having[min(blank[k], 3)] += 1
        empty += k > 0 and blank[k] > 0
        long += facts[k, 0] >= 18
        total[k + 1] = total[k] + min(int(facts[k, 0]), 60)
    for k in range(n - 1, -1, -1):
        ahead[k] = k if facts[k, 0] >= 18 else ahead[k + 1]
    usual = 0
    for gap in range(4):
        if having[gap] > having[usual]:
            usual = gap
    middle = max(_middle(facts, 18), 1.0)
    before = -1
    for k in range(n):
        row, gap, after = out[k], blank[k], blank[k + 1] if k + 1 < n else 3
        row[c], row[c + 1], row[c + 2], row[c + 3] = gap == 0, gap == 1, gap == 2, gap > 2
        row[c + 4], row[c + 5] = after == 0, min(after / 3, 1.0)
        row[c + 6], row[c + 7], row[c + 8] = gap > usual, gap < usual, after > usual
        row[c + 9], row[c + 10] = usual == 0, empty / (n - 1) if n > 1 else 0.0
        row[c + 11], row[c + 12] = indent[k] > 0, min(indent[k] / 20, 1.0)
        row[c + 13], row[c + 14], row[c + 15] = wrapped, rows[k] > 1, k == 0
        row[c + 16], row[c + 17] = max(1 - k / 12, 0.0), max(1 - (n - 1 - k) / 12, 0.0)
        row[c + 18] = long / n
        since, until = 40 if before < 0 else k - before, 40 if ahead[k + 1] >= n else ahead[k + 1] - k
        row[c + 19], row[c + 20] = min(logs[min(since, most)] / 4, 1.0), min(logs[min(until, most)] / 4, 1.0)
        for j in range(around.shape[0]):
            low, high = around[j, 0], around[j, 1]
            within = total[min(max(k + high, 0), n)] - total[min(max(k + low, 0), n)]
            row[c + 21 + j] = min(within / (high - low) / 40, 1.0)
        row[c + 21 + around.shape[0]] = min(facts[k, 0] / middle, 2.0) / 2
        if facts[k, 0] >= 18:
            before = k
    return c + 22 + around.shape[0]


@compiled
def glue(facts, out, c):
    """Write the features that tell whether a headline and its text stand on one line; return the next column."""
    n = facts.shape[0]
    long, holding = 0, np.zeros(4, np.int64)
    for k in range(n):
        if facts[k, 0] >= 25:
            long += 1
            for j in range(4):
                holding[j] += facts[k, 1 + j] > 0
    for k in range(n):
        count, early, later = facts[k, 0], facts[k, 5], facts[k, 6]
        out[k, c], out[k, c + 1] = early, max(early - later, 0.0) if count >= 16 else 0.0
        for j in range(4):
            out[k, c + 2 + 2 * j] = facts[k, 1 + j] > 0 and count >= 14
            out[k, c + 3 + 2 * j] = holding[j] / long if long else 0.0
    return c + 10


#: All of them; a page that is read by one is read by all.
ALL = (place, glue)
