"""Compiled E-step of variational Bayes, with gensim's steps and stops.

Owns: the update of gamma for each article, and the statistics that lambda is made from.
Does not know: gensim, mini-batches, learning rates (`training/lda_gensim`).

Reference: Hoffman, Blei and Bach 2010, Online learning for latent Dirichlet allocation, algorithm 2.
"""

# numba infers the types of these loops; what they take is in their docstrings.
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")
def psi(x):
    """Return the digamma function of x > 0, to about 1e-13: six steps up by one division, then the series."""
    a, b, c = x * (x + 5.0), (x + 1.0) * (x + 4.0), (x + 2.0) * (x + 3.0)
    below = (2.0 * x + 5.0) * (b * c + a * c + a * b) / (a * b * c)
    z = x + 6.0
    i = 1.0 / z
    y = i * i
    tail = y * (1 / 12.0 - y * (1 / 120.0 - y * (1 / 252.0 - y * (1 / 240.0 - y * (1 / 132.0 - y * (691 / 32760.0 - y / 12.0))))))
    return math.log(z) - 0.5 * i - tail - below


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def vb_e_step(indptr, columns, counts, gamma, alpha, beta, iterations, threshold, epsilon, sstats):
    """Move `gamma` (n_articles, K) to its fixed point; add to `sstats` (V, K), unless it has no rows. Return how many converged.

    beta: (V, K) exp(E[log beta]), a term's numbers side by side. An article stops when gamma's mean change is below `threshold`.
    """
    K = alpha.shape[0]
    longest = 0
    for d in range(len(gamma)):
        longest = max(longest, indptr[d + 1] - indptr[d])
    theta = np.empty(K)
    mass = np.empty(K)
    ratio = np.empty(longest)
    converged = 0
    for d in range(len(gamma)):
        first, n = indptr[d], indptr[d + 1] - indptr[d]
        explain(gamma[d], theta, columns, counts, first, n, beta, epsilon, ratio)
        for _ in range(iterations):
            for k in range(K):
                mass[k] = 0.0
            for j in range(n):
                w = columns[first + j]
                for k in range(K):
                    mass[k] += ratio[j] * beta[w, k]
            change = 0.0
            for k in range(K):
                new = alpha[k] + theta[k] * mass[k]
                change += abs(new - gamma[d, k])
                gamma[d, k] = new
            explain(gamma[d], theta, columns, counts, first, n, beta, epsilon, ratio)
            if change / K < threshold:
                converged += 1
                break
        if len(sstats):
            for j in range(n):
                w = columns[first + j]
                for k in range(K):
                    sstats[w, k] += theta[k] * ratio[j]
    return converged


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def explain(gamma, theta, columns, counts, first, n, beta, epsilon, ratio):
    """Fill `theta` with exp(E[log theta]) and `ratio` with count / p(term), both up to the scale that cancels."""
    K = len(theta)
    whole = 0.0
    for k in range(K):
        whole += gamma[k]
    at_whole = psi(whole)
    for k in range(K):
        theta[k] = math.exp(psi(gamma[k]) - at_whole)
    for j in range(n):
        w = columns[first + j]
        p = epsilon
        for k in range(K):
            p += theta[k] * beta[w, k]
        ratio[j] = counts[first + j] / p
