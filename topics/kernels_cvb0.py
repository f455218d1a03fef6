"""Compiled sweeps of collapsed variational Bayes (CVB0).

Owns: the start (counter-based random numbers), one sweep over a shard of the corpus.
Does not know: how shards are made and merged (`training/lda_cvb0`).

Reference: Asuncion, Welling, Smyth and Teh 2009, On smoothing and inference for topic models, eq. 11.
"""

# numba infers the types of these loops; what they take is in their docstrings.
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, inline="always")
def mix(x):
    """Return 64 well-mixed bits for the counter `x` (the finalizer of splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True)
def start(counts, columns, seed, K, share, term_topic):
    """Give every entry to one latent topic at random: entry i's topic depends on `seed` and i only."""
    for i in range(len(counts)):
        k = np.int64(mix(np.uint64(seed) + np.uint64(i) * np.uint64(0x9E3779B97F4A7C15)) % np.uint64(K))
        share[i, k] = counts[i]
        term_topic[columns[i], k] += counts[i]


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def sweep(indptr, columns, counts, begin, end, share, term_topic, total, alpha, eta):
    """Update the shares of rows `begin` to `end`, and `term_topic` (V, K) and `total` (K,) with them.

    share: (n_entries, K) float32, expected counts; rows sum to the entry's count.
    """
    K = alpha.shape[0]
    smooth = np.float32(eta * term_topic.shape[0])
    e = np.float32(eta)
    mass = np.empty(K, np.float32)
    weight = np.empty(K, np.float32)
    inverse = np.empty(K, np.float32)
    zero = np.float32(0)
    for d in range(begin, end):
        for k in range(K):
            mass[k] = alpha[k]
            inverse[k] = np.float32(1) / (total[k] + smooth)
        for i in range(indptr[d], indptr[d + 1]):
            for k in range(K):
                mass[k] += share[i, k]
        for i in range(indptr[d], indptr[d + 1]):
            w = columns[i]
            one = np.float32(1) / counts[i]
            sum_ = zero
            for k in range(K):
                # The share of one occurrence is what is held out: an entry stands for `count` equal tokens.
                own = share[i, k] * one
                v = (mass[k] - own) * (term_topic[w, k] - own + e) * inverse[k]
                v = max(v, zero)
                weight[k] = v
                sum_ += v
            r = counts[i] / sum_
            for k in range(K):
                v = weight[k] * r
                difference = v - share[i, k]
                share[i, k] = v
                mass[k] += difference
                term_topic[w, k] += difference
                total[k] += difference
