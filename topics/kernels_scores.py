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
def weigh_rows(indptr, indices, counts, tf, idf, end_chars, end_title, shares, weights):
    """Write tf[count] * idf into `weights`, each of a row's three blocks of columns scaled to its length in `shares`."""
    for i in range(indptr.shape[0] - 1):
        j = indptr[i]
        for block in range(3):
            edge = end_chars if block == 0 else end_title if block == 1 else idf.shape[0]
            first, total = j, 0.0
            while j < indptr[i + 1] and indices[j] < edge:
                value = tf[counts[j]] * idf[indices[j]]
                weights[j] = value
                total += value * value
                j += 1
            norm = np.sqrt(total)
            for q in range(first, j):
                weights[q] /= norm
            if shares[block] != 1.0:
                for q in range(first, j):
                    weights[q] *= shares[block]


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
