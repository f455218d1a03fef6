# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernel: weights and scores of many articles, the same bits as one by one.

Owns: TF-IDF of sparse rows, sparse rows times a dense table of term weights, added in the order of the terms.
Does not know: probabilities.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled


@compiled
def weigh_rows(indptr, indices, counts, tf, idf, edge, share, weights):
    """Write tf[count] * idf into `weights`, each row's columns below `edge`, and those from it, scaled to length `share`."""
    for i in range(indptr.shape[0] - 1):
        begin, end = indptr[i], indptr[i + 1]
        below, above = 0.0, 0.0
        for j in range(begin, end):
            value = tf[counts[j]] * idf[indices[j]]
            weights[j] = value
            if indices[j] < edge:
                below += value * value
            else:
                above += value * value
        below, above = np.sqrt(below), np.sqrt(above)
        for j in range(begin, end):
            weights[j] /= below if indices[j] < edge else above
        if share != 1.0:
            for j in range(begin, end):
                weights[j] *= share


@compiled
def score_rows(indptr, indices, data, term_weights, intercept, scores):
    """Write intercept + the sum of data * term_weights, (n_terms, n_labels), into scores, (n, n_labels)."""
    k = intercept.shape[0]
    total = np.zeros(k)
    for i in range(indptr.shape[0] - 1):
        total[:] = 0.0
        for j in range(indptr[i], indptr[i + 1]):
            value, term = data[j], indices[j]
            for c in range(k):
                total[c] += value * term_weights[term, c]
        for c in range(k):
            scores[i, c] = intercept[c] + total[c]
