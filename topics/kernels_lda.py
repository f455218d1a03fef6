"""Compiled loop that finds the mixtures of many articles.

Owns: the same arithmetic as `topics.lda._mixture`, operation for operation, so that both give the same bits.
Does not know: models, vocabularies, when it pays to be used.

No fast-math here: every sum has one order, in which numpy's reduction along the first axis adds, too. Eight
terms of a sum are taken at a time, in that order, which spares seven in eight loads and stores. Where the
order is changed in one of the two, `test_lda.py` fails.
"""

# numba infers the types of these loops; what they take is in their docstrings.
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def fold_in(indptr, indices, data, place, term_topic, scale, alpha, begin, end, iterations, tolerance, relax, out):
    """Write the mixtures of rows `begin` to `end` of (indptr, indices, data) into `out` (n_articles, K) float64.

    place: (n_terms,) row of each column in `term_topic` (n_columns, K) float32, or -1; scale: (K,) float32,
    reciprocals of the latent topics' totals; alpha: (K,) float64.
    """
    K = alpha.shape[0]
    P = -(-K // 8) * 8
    zero = np.float32(0)
    longest = 0
    for d in range(begin, end):
        longest = max(longest, indptr[d + 1] - indptr[d])
    room = -(-longest // 16) * 16
    by_term = np.zeros((room, P), np.float32)
    by_topic = np.zeros((P, room), np.float32)
    count, share, ratio = np.zeros((3, room), np.float32)
    theta, mass, prior, least = np.zeros((4, P), np.float32)
    whole_prior = 0.0
    for k in range(K):
        whole_prior += alpha[k]
        prior[k] = alpha[k]
    for d in range(begin, end):
        n = 0
        tokens = 0.0
        for i in range(indptr[d], indptr[d + 1]):
            row = place[indices[i]]
            if row >= 0:
                tokens += data[i]
                count[n] = data[i]
                for k in range(K):
                    by_term[n, k] = term_topic[row, k] * scale[k]
                n += 1
        if n == 0:
            for k in range(K):
                out[d, k] = alpha[k] / whole_prior
            continue
        m = -(-n // 16) * 16
        for j in range(n, m):
            ratio[j] = zero
            for k in range(K):
                by_term[j, k] = zero
        for b in range(0, m, 16):
            for k in range(K):
                for j in range(16):
                    by_topic[k, b + j] = by_term[b + j, k]
        whole = np.float32(1.0 / (tokens + whole_prior))
        for k in range(K):
            theta[k] = alpha[k] / whole_prior
            least[k] = prior[k] * whole
        for _ in range(iterations):
            for j in range(m):
                share[j] = zero
            for k in range(0, P, 8):
                t0, t1, t2, t3 = theta[k], theta[k + 1], theta[k + 2], theta[k + 3]
                t4, t5, t6, t7 = theta[k + 4], theta[k + 5], theta[k + 6], theta[k + 7]
                for j in range(m):
                    s = share[j]
                    s += by_topic[k, j] * t0
                    s += by_topic[k + 1, j] * t1
                    s += by_topic[k + 2, j] * t2
                    s += by_topic[k + 3, j] * t3
                    s += by_topic[k + 4, j] * t4
                    s += by_topic[k + 5, j] * t5
                    s += by_topic[k + 6, j] * t6
                    s += by_topic[k + 7, j] * t7
                    share[j] = s
            for j in range(n):
                ratio[j] = count[j] / share[j]
            for k in range(P):
                mass[k] = zero
            for j in range(0, m, 8):
                r0, r1, r2, r3 = ratio[j], ratio[j + 1], ratio[j + 2], ratio[j + 3]
                r4, r5, r6, r7 = ratio[j + 4], ratio[j + 5], ratio[j + 6], ratio[j + 7]
                for k in range(P):
                    s = mass[k]
                    s += by_term[j, k] * r0
                    s += by_term[j + 1, k] * r1
                    s += by_term[j + 2, k] * r2
                    s += by_term[j + 3, k] * r3
                    s += by_term[j + 4, k] * r4
                    s += by_term[j + 5, k] * r5
                    s += by_term[j + 6, k] * r6
                    s += by_term[j + 7, k] * r7
                    mass[k] = s
            change = zero
            for k in range(P):
                step = (theta[k] * mass[k] + prior[k]) * whole - theta[k]
                change = max(change, abs(step))
                theta[k] = max(theta[k] + step * relax, least[k])
            if change < tolerance:
                break
        total = 0.0
        for k in range(K):
            total += np.float64(theta[k])
        for k in range(K):
            out[d, k] = np.float64(theta[k]) / total
