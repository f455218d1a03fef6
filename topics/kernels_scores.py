# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernel: scores of many articles, the same bits as one by one.

Owns: sparse rows times a dense table of term weights, added in the order of the terms.
Does not know: probabilities.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled


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
