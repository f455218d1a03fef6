"""Compiled loop that finds the mixtures of many articles.

Owns: the same arithmetic as `topics.lda._mixture`, operation for operation, so that both give the same bits.
Does not know: models, vocabularies, when it pays to be used.

No fast-math here: every sum has one order, in which numpy's reduction along the first axis adds, too. Where
the order is changed in one of the two, `test_lda.py` fails.
"""

# numba infers the types of these loops; what they take is in their docstrings.
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
def fold_in(indptr, columns, counts, term_topic, scale, alpha, begin, end, iterations, tolerance, out):
    """Write the mixtures of rows `begin` to `end` into `out` (n_articles, K).

    term_topic: (n_columns, K) float32; scale: (K,) reciprocals of the latent topics' totals; alpha: (K,).
    """
    K = alpha.shape[0]
    longest = 0
    for d in range(begin, end):
        longest = max(longest, indptr[d + 1] - indptr[d])
    by_term = np.empty((longest, K))
    by_topic = np.empty((K, longest))
    share = np.empty(longest)
    theta = np.empty(K)
    mass = np.empty(K)
    prior = 0.0
    for k in range(K):
        prior += alpha[k]
    for d in range(begin, end):
        first = indptr[d]
        n = indptr[d + 1] - first
        tokens = 0.0
        for j in range(n):
            row = columns[first + j]
            tokens += np.float64(counts[first + j])
            for k in range(K):
                value = np.float64(term_topic[row, k]) * scale[k]
                by_term[j, k] = value
                by_topic[k, j] = value
        whole = 1.0 / (tokens + prior)
        for k in range(K):
            theta[k] = alpha[k] / prior
        if n:
            for _ in range(iterations):
                for j in range(n):
                    share[j] = 0.0
                for k in range(K):
                    t = theta[k]
                    for j in range(n):
                        share[j] += by_topic[k, j] * t
                for k in range(K):
                    mass[k] = 0.0
                for j in range(n):
                    r = np.float64(counts[first + j]) / share[j]
                    for k in range(K):
                        mass[k] += by_term[j, k] * r
                change = 0.0
                for k in range(K):
                    new = (theta[k] * mass[k] + alpha[k]) * whole
                    change = max(change, abs(new - theta[k]))
                    theta[k] = new
                if change < tolerance:
                    break
        total = 0.0
        for k in range(K):
            total += theta[k]
        for k in range(K):
            out[d, k] = theta[k] / total
