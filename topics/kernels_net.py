# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernels of the line model: one reading of a page by the network, the shares of features in a decision, the best path.

Owns: the compiled twins of `network`, `reasons` and the decoding in `sequence`, the same numbers for the same page.
Does not know: what a feature or a state means, when compiled code pays (`kernels`).

Numbers are whole, kept as doubles (`network` says why), so that no order of sums changes a bit of the answer.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled

#: Lines read at a time; with the lines around them what is between two layers stays in the cache.
_PIECE = 256


@compiled
def _weigh(values, weights, skip, width, unit, out, begin, where, found):  # noqa: ANN202
    """Add to each line's `width` numbers in out[begin:] the weighted sum of its row of `values`; few of these are not 0.

    weights: flat, the first column's `skip` rows down.
    """
    wide = np.uint64(width)
    for i in range(values.shape[0]):
        n = 0
        for k in range(values.shape[1]):
            where[n], found[n] = k, np.rint(values[i, k] * unit)
            n += values[i, k] != 0
        while n & 3:
            where[n], found[n] = 0, 0.0
            n += 1
        line = np.uint64(begin + i * width)
        for t in range(0, n, 4):
            a, b, c, d = found[t], found[t + 1], found[t + 2], found[t + 3]
            p, q = np.uint64(where[t] + skip) * wide, np.uint64(where[t + 1] + skip) * wide
            r, s = np.uint64(where[t + 2] + skip) * wide, np.uint64(where[t + 3] + skip) * wide
            for j in range(wide):
                out[line + j] += (a * weights[p + j] + b * weights[q + j]) + (c * weights[r + j] + d * weights[s + j])


@compiled
def _blend(rows, begin, size, offsets, few, weights, skip, width, into, n):  # noqa: ANN202
    """Add to n lines in rows[into:] the weighted sums of the first `few` lines at `offsets` from each in rows[begin:].

    Four lines and four numbers at a time: size is a multiple of 4, up to three lines more are written.
    """
    z, w = np.uint64(size), np.uint64(width)
    one, two, three = np.uint64(1), np.uint64(2), np.uint64(3)
    for o in range(few):
        for i in range(0, n, 4):
            at = np.uint64(begin + (i + offsets[o]) * size)
            at2, at3, at4 = at + z, at + z + z, at + z + z + z
            line = np.uint64(into + i * width)
            line2, line3, line4 = line + w, line + w + w, line + w + w + w
            for t in range(np.uint64(0), z, np.uint64(4)):
                a, b, c, d = rows[at + t], rows[at + t + one], rows[at + t + two], rows[at + t + three]
                a2, b2, c2, d2 = rows[at2 + t], rows[at2 + t + one], rows[at2 + t + two], rows[at2 + t + three]
                a3, b3, c3, d3 = rows[at3 + t], rows[at3 + t + one], rows[at3 + t + two], rows[at3 + t + three]
                a4, b4, c4, d4 = rows[at4 + t], rows[at4 + t + one], rows[at4 + t + two], rows[at4 + t + three]
                p = np.uint64(skip) + (np.uint64(o) * z + t) * w
                q, r, s = p + w, p + w + w, p + w + w + w
                for j in range(w):
                    e, f, g, h = weights[p + j], weights[q + j], weights[r + j], weights[s + j]
                    rows[line + j] += (a * e + b * f) + (c * g + d * h)
                    rows[line2 + j] += (a2 * e + b2 * f) + (c2 * g + d2 * h)
                    rows[line3 + j] += (a3 * e + b3 * f) + (c3 * g + d3 * h)
                    rows[line4 + j] += (a4 * e + b4 * f) + (c4 * g + d4 * h)


@compiled
def read(values, more, weights, skips, biases, widths, offsets, fews, reaches, unit, weight, out, alive):
    """Write what the network makes of each line: out (n, states), and which hidden numbers are above 0.

    values, more: (n, features) side by side; `more` may have no column. weights: all layers, flat, beginning at `skips`:
    own, wide, far, and from each of these to the states. biases: (4, most) of the three layers and the states; widths: how many
    of each. offsets: (6, most) lines around that each of the weights counts, `fews` of them; reaches: how far beyond
    the lines in question the lines of each layer are needed. unit, weight: units of a feature and of a weight in 1. alive:
    (n, all hidden), or no line at all where nobody asks.
    """
    n = values.shape[0]
    piece = min(_PIECE, (n + 3) // 4 * 4)
    # The lines of each layer stand in `rows`, the first of them `reaches` lines above the piece.
    begin = np.zeros(5, np.int64)
    for layer in range(4):
        begin[layer + 1] = begin[layer] + (piece + 2 * reaches[layer] + 8) * widths[layer]
    rows = np.empty(begin[4])
    most = values.shape[1] + more.shape[1] + 4
    where, found = np.empty(most, np.int64), np.empty(most)
    scale = 1 / weight
    for low in range(0, n, piece):
        high = min(low + piece, n)
        for layer in range(4):
            for i in range(begin[layer], begin[layer + 1], widths[layer]):
                for j in range(widths[layer]):
                    rows[i + j] = biases[layer, j]
        for step in range(6):
            layer = min(step, 3)
            top, width = low - reaches[layer], widths[layer]
            first, last = max(top, 0), min(high + reaches[layer], n)
            into = begin[layer] + (first - top) * width
            if step == 0:
                for part in range(2):
                    features = values if part == 0 else more
                    skip = 0 if part == 0 else values.shape[1]
                    if features.shape[1]:
                        _weigh(features[first:last], weights, skip, width, unit, rows, into, where, found)
            else:
                source = step - 1 if step < 3 else step - 3
                at = begin[source] + (first - low + reaches[source]) * widths[source]
                _blend(rows, at, widths[source], offsets[step], fews[step], weights, skips[step], width, into, last - first)
            if step < 3:  # beyond the page lies nothing
                after = into + (last - first) * width
                rows[begin[layer] : into] = 0
                for i in range(into, after):
                    rows[i] = max(np.rint(rows[i] * scale), 0.0)
                rows[after : begin[layer + 1]] = 0
        for i in range(low, high):
            for j in range(out.shape[1]):
                out[i, j] = rows[begin[3] + (i - low) * widths[3] + j] * (scale / unit)
            if alive.shape[0]:
                column = 0
                for layer in range(3):
                    line = begin[layer] + (i - low + reaches[layer]) * widths[layer]
                    for j in range(widths[layer]):
                        alive[i, column] = rows[line + j] > 0
                        column += 1


@compiled
def explain(values, more, spoken, path, out, alive, own_back, wide_back, far_back, out_own, out_wide, out_far, weight, told):
    """Write the two features with the largest shares in each line's decision, -1 where none speaks for it.

    told: (n,) as one number: (state * (features + 1) + first + 1) * (features + 1) + second + 1. spoken: of each feature 1, or
    0 where it is never named.
    own_back: (all hidden of the first layer, features), wide_back and far_back: the weights of the line itself, from the
    later layer to the earlier one; out_*: (hidden, states).
    """
    a, b, c, d = out_own.shape[0], out_wide.shape[0], out_far.shape[0], out.shape[1]
    first, width = values.shape[1], own_back.shape[1]
    to_wide, to_own, share = np.empty(b), np.empty(a + 4), np.empty(width)
    at = np.empty(a + 4, np.int64)
    for i in range(path.shape[0]):
        state, other = path[i], -1
        for s in range(d):
            if s != state and (other < 0 or out[i, s] > out[i, other]):
                other = s
        to_wide[:] = 0
        for k in range(c):
            if alive[i, a + b + k]:
                slope = out_far[k, state] - out_far[k, other]
                for j in range(b):
                    to_wide[j] += slope * far_back[k, j]
        to_own[:] = 0
        for k in range(b):
            if alive[i, a + k]:
                slope = np.rint(to_wide[k] / weight) + (out_wide[k, state] - out_wide[k, other])
                for j in range(a):
                    to_own[j] += slope * wide_back[k, j]
        n = 0
        for k in range(a):
            if alive[i, k]:
                at[n], to_own[n] = k, np.rint(to_own[k] / weight) + (out_own[k, state] - out_own[k, other])
                n += 1
        while n & 3:
            at[n], to_own[n] = 0, 0.0
            n += 1
        share[:] = 0
        for t in range(0, n, 4):
            e, f, g, h = to_own[t], to_own[t + 1], to_own[t + 2], to_own[t + 3]
            p, q, r, s = own_back[at[t]], own_back[at[t + 1]], own_back[at[t + 2]], own_back[at[t + 3]]
            for j in range(width):
                share[j] += (e * p[j] + f * q[j]) + (g * r[j] + h * s[j])
        for k in range(first):
            share[k] *= values[i, k]
        for k in range(width - first):
            share[first + k] *= more[i, k]
        for k in range(width):
            share[k] *= spoken[k]
        top, second = 0.0, 0.0
        one, two = -1, -1
        for k in range(width):
            if share[k] > second:
                if share[k] > top:
                    second, two = top, one
                    top, one = share[k], k
                else:
                    second, two = share[k], k
        told[i] = (state * (width + 1) + one + 1) * (width + 1) + (two + 1 if second > top / 4 else 0)


@compiled
def decode(emissions, transitions, start, path):
    """Write the best path of each page of a batch: emissions (pages, n, states), start (pages, states), path (pages, n)."""
    pages, n, states = emissions.shape
    best, following = np.empty(states, np.float32), np.empty(states, np.float32)
    back = np.empty((n, states), np.int8)
    for page in range(pages):
        for s in range(states):
            best[s] = emissions[page, 0, s] + start[page, s]
        for k in range(1, n):
            for s in range(states):
                top, origin = best[0] + transitions[0, s], 0
                for r in range(1, states):
                    total = best[r] + transitions[r, s]
                    if total > top:
                        top, origin = total, r
                following[s] = top + emissions[page, k, s]
                back[k, s] = origin
            best, following = following, best
        state = 0
        for s in range(1, states):
            if best[s] > best[state]:
                state = s
        for k in range(n - 1, -1, -1):
            path[page, k] = state
            state = back[k, state] if k else state


#: All of them; a page that is read by one is read by all.
ALL = (read, explain, decode)
