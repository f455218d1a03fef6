# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""Kernel: linear support vector machines for all labels of a corpus at once.

Owns: dual coordinate descent for the squared hinge loss (Hsieh et al. 2008, alg. 1), one label against the rest; the
problem is that of scikit-learn's LinearSVC, its intercept regularized like a weight.
Does not know: how labels, costs and folds are chosen (`training/classify_fit`).

liblinear solves one label after the other and reads the whole corpus for each. Here an article is read once
for all labels: the weights of a term lie side by side, (n_terms, n_labels), so that each term of the article costs a few
cache lines instead of one for each label. Each label takes its own steps and stops on its own, so its
solution does not depend on which other labels are solved beside it.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled
from topics.kernels_slots import first_state, shuffle


@compiled
def solve(indptr, indices, data, rows, members, cost_in, cost_out, tolerance, most_epochs, seed, alpha, weights, intercept):
    """Solve for all labels; return the number of passes. alpha, weights and intercept are start and result.

    indptr, indices, data: weights of articles; rows: (m,) those to learn from; members: (n, n_labels) bool;
    cost_in, cost_out: (n_labels,) price of an error on an article with and without the label; alpha: (n, n_labels), 0 or
    above; weights: (n_terms, n_labels) and intercept: (n_labels,), which are the sums that alpha stands for.
    A label is done when its projected gradients span less than `tolerance` in one pass.
    """
    m, k = rows.shape[0], intercept.shape[0]
    norms = np.zeros(m)
    for i in range(m):
        total = 1.0
        for j in range(indptr[rows[i]], indptr[rows[i] + 1]):
            total += data[j] * data[j]
        norms[i] = total
    order = np.arange(m)
    steps, scores = np.zeros(k), np.zeros(k)
    moved = np.zeros(k, np.int64)
    highest, lowest = np.zeros(k), np.zeros(k)
    live = np.ones(k, np.bool_)
    state = first_state(seed)
    epoch = 0
    while epoch < most_epochs and live.any():
        epoch += 1
        state = shuffle(order, state)
        highest[:] = -np.inf
        lowest[:] = np.inf
        for at in range(m):
            i = order[at]
            row = rows[i]
            begin, end = indptr[row], indptr[row + 1]
            for c in range(k):
                scores[c] = intercept[c]
            for j in range(begin, end):
                value, term = data[j], indices[j]
                for c in range(k):
                    scores[c] += value * weights[term, c]
            n_moved = 0
            for c in range(k):
                if not live[c]:
                    continue
                inside = members[row, c]
                sign = 1.0 if inside else -1.0
                diagonal = 0.5 / (cost_in[c] if inside else cost_out[c])
                old = alpha[row, c]
                gradient = sign * scores[c] - 1.0 + diagonal * old
                if old > 0.0 or gradient < 0.0:
                    highest[c] = max(highest[c], gradient)
                    lowest[c] = min(lowest[c], gradient)
                    if gradient > 1e-12 or gradient < -1e-12:
                        new = max(old - gradient / (norms[i] + diagonal), 0.0)
                        step = (new - old) * sign
                        if step != 0.0:
                            alpha[row, c] = new
                            moved[n_moved] = c
                            steps[n_moved] = step
                            n_moved += 1
                else:
                    highest[c] = max(highest[c], 0.0)
                    lowest[c] = min(lowest[c], 0.0)
            if n_moved == 0:
                continue
            for q in range(n_moved):
                intercept[moved[q]] += steps[q]
            if n_moved == k:
                for j in range(begin, end):
                    value, term = data[j], indices[j]
                    for c in range(k):
                        weights[term, c] += value * steps[c]
            else:
                for j in range(begin, end):
                    value, term = data[j], indices[j]
                    for q in range(n_moved):
                        weights[term, moved[q]] += value * steps[q]
        for c in range(k):
            if live[c] and highest[c] - lowest[c] <= tolerance:
                live[c] = False
    return epoch
