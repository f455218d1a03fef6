"""Compiled loops of collapsed variational Bayes (CVB0) without a table of documents x topics.

Owns: the start, one sweep over a shard, the model made from expected counts, the fixed points of the priors,
the perplexity of set-aside tokens.
Does not know: how shards are made, merged and repeated (`training/lda_cvb0`).

CVB0 holds the expected topic of every entry, so that an entry's own count can be left out of what explains
it; that table takes documents x terms x topics. Here the own count is found again from the last sweep's
statistics: own = the entry's expected topic under everything, once; then the same with `own` left out. What
is kept between sweeps is each article's expected topic counts, and of those only what fits into as many
slots as the article has terms.

Reference: Asuncion, Welling, Smyth and Teh 2009, On smoothing and inference for topic models, eq. 11; the
fixed points: Minka 2000, Estimating a Dirichlet distribution, eq. 55.
"""

# numba infers the types of these loops; what they take is in their docstrings.
# ruff: noqa: ANN001, ANN201
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import math

import numpy as np
from numba import njit

#: Numbers between any two buffers. Compiled loops first compare addresses: of two buffers nearer than one round of a loop they
#: are not sure, and take a loop that sums in another order. With fast-math, bits then depend on what malloc returned.
APART = 256


@njit(cache=True, nogil=True, inline="always")
def mix(x):
    """Return 64 well-mixed bits for the counter `x` (the finalizer of splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def psi(x):
    """Return the digamma function of x > 0, to about 1e-9."""
    shift = 0.0
    while x < 6.0:
        shift -= 1.0 / x
        x += 1.0
    y = 1.0 / (x * x)
    return shift + math.log(x) - 0.5 / x - y * (1 / 12.0 - y * (1 / 120.0 - y * (1 / 252.0 - y * (1 / 240.0 - y / 132.0))))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def gain(count, prior, at_prior):
    """Return psi(count + prior) - psi(prior), interpolated between whole counts; at_prior: psi(prior).

    An expected count of 0.1 stands for one token in a tenth of all cases, not for a tenth of a token: the
    function itself, steep at 0, would make the prior several times too large.
    """
    if count < 1.0:
        return count / prior
    whole = math.floor(count)
    return psi(whole + prior) - at_prior + (count - whole) / (whole + prior)


@njit(cache=True, nogil=True, error_model="numpy")
def prior_below(tokens, whole):
    """Return the sum over articles of psi(tokens + whole) - psi(whole): what all topics share in the fixed point."""
    out = 0.0
    at = psi(whole)
    for d in range(len(tokens)):
        out += psi(tokens[d] + whole) - at
    return out


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def keep_slots(values, K, least, topics, kept, first, last):
    """Store those of the K numbers `values` above `least` in slots `first` to `last`; return the last used.

    Where there are too many, the largest are kept. What is kept is scaled to the sum of all.
    """
    room = last - first
    total = np.float32(0)
    for k in range(K):
        total += values[k]
    while True:
        n = 0
        held = np.float32(0)
        for k in range(K):
            if values[k] > least:
                n += 1
                held += values[k]
        if n <= room:
            break
        least = max(least * np.float32(1.3), np.float32(1e-3))
    at = first
    if held > 0:
        scale = total / held
        for k in range(K):
            if values[k] > least:
                topics[at] = k
                kept[at] = values[k] * scale
                at += 1
    return at


@njit(cache=True, nogil=True)
def start(indptr, columns, counts, begin, end, seed, K, seeded, slots, used, topics, kept, out):
    """Give every entry to one latent topic: a seeded term to its own, others by a hash of `seed` and the entry's number."""
    mass = np.zeros(K, np.float32)
    for d in range(begin, end):
        mass[:] = 0
        for i in range(indptr[d], indptr[d + 1]):
            k = seeded[columns[i]]
            if k < 0:
                k = np.int64(mix(np.uint64(seed) + np.uint64(i) * np.uint64(0x9E3779B97F4A7C15)) % np.uint64(K))
            mass[k] += counts[i]
            out[columns[i], k] += counts[i]
        used[d] = keep_slots(mass, K, np.float32(0), topics, kept, slots[d], slots[d + 1])


@njit(cache=True, nogil=True, fastmath=True, error_model="numpy")
def sweep_all(indptr, columns, counts, begin, end, phi, inverse, floor, alpha, slots, used, topics, kept, out, least_mass, above):
    """Go once through articles `begin` to `end` with every latent topic; add expected counts to `out` (V, P).

    Also adds to `above` (K,) float64 what the document prior is learned from: the sum of psi(n + alpha) - psi(alpha).

    phi: (V, P) float32, (expected count + prior) * inverse; inverse: (P,) 1 / (total + prior); floor: (P,) the
    least phi of a topic; alpha: (P,). P is K padded with zeros. slots, used, topics, kept: each article's counts.
    """
    P = phi.shape[1]
    K = floor.shape[0]
    zero = np.float32(0)
    mass, weight, new, least = np.zeros((4, P + APART), np.float32)
    least[:K] = floor
    at_alpha = np.zeros(K)
    for k in range(K):
        at_alpha[k] = psi(np.float64(alpha[k]))
    for d in range(begin, end):
        for k in range(P):
            mass[k] = alpha[k]
            new[k] = zero
        for s in range(slots[d], used[d]):
            mass[topics[s]] += kept[s]
        for i in range(indptr[d], indptr[d + 1]):
            w = columns[i]
            total = zero
            for k in range(P):
                v = mass[k] * phi[w, k]
                weight[k] = v
                total += v
            r = np.float32(1) / total
            total = zero
            for k in range(P):
                own = weight[k] * r
                v = max(mass[k] - own, alpha[k]) * max(phi[w, k] - own * inverse[k], least[k])
                weight[k] = v
                total += v
            r = np.float32(counts[i]) / total
            for k in range(P):
                v = weight[k] * r
                new[k] += v
                out[w, k] += v
        for k in range(K):
            above[k] += gain(new[k], alpha[k], at_alpha[k])
        used[d] = keep_slots(new, K, np.float32(least_mass), topics, kept, slots[d], slots[d + 1])


@njit(cache=True, nogil=True, error_model="numpy")
def make_phi(before, now, momentum, eta, base, K, phi, inverse, floor):
    """Fill phi (V, P), inverse (P,) and floor (K,) from expected counts, carried on by `momentum` times their last change.

    before, now: (V, P) expected counts of the last two sweeps; base: (V, P) prior counts beside eta, or (0, P).
    """
    V = now.shape[0]
    total = np.zeros(K, np.float64)
    m = np.float32(momentum)
    for w in range(V):
        for k in range(K):
            v = max(now[w, k] + m * (now[w, k] - before[w, k]), np.float32(0))
            phi[w, k] = v
            total[k] += v
        if base.shape[0]:
            for k in range(K):
                phi[w, k] += base[w, k]
                total[k] += base[w, k]
    for k in range(K):
        inverse[k] = 1.0 / (total[k] + V * eta)
        floor[k] = eta * inverse[k]
    e = np.float32(eta)
    for w in range(V):
        for k in range(K):
            phi[w, k] = (phi[w, k] + e) * inverse[k]


@njit(cache=True, nogil=True, error_model="numpy")
def learn_eta(now, K, eta, rounds):
    """Return the most likely symmetric term prior, `rounds` steps from `eta`."""
    V = now.shape[0]
    total = np.zeros(K)
    for w in range(V):
        for k in range(K):
            total[k] += now[w, k]
    for _ in range(rounds):
        above = 0.0
        at_eta = psi(eta)
        for w in range(V):
            for k in range(K):
                above += gain(now[w, k], eta, at_eta)
        below = 0.0
        for k in range(K):
            below += psi(total[k] + V * eta) - psi(V * eta)
        eta = min(max(eta * above / (V * below), 1e-4), 1.0)
    return eta


@njit(cache=True, nogil=True, error_model="numpy")
def log_likelihood(articles, indptr, columns, counts, phi, alpha, slots, used, topics, kept):
    """Return the sum of log p(w) over set-aside tokens: row i of (indptr, columns, counts) belongs to article articles[i]."""
    K = len(alpha)
    prior = 0.0
    for k in range(K):
        prior += alpha[k]
    mass = np.empty(K)
    found = 0.0
    for a in range(len(articles)):
        d = articles[a]
        whole = prior
        for k in range(K):
            mass[k] = alpha[k]
        for s in range(slots[d], used[d]):
            mass[topics[s]] += kept[s]
            whole += kept[s]
        for i in range(indptr[a], indptr[a + 1]):
            p = 0.0
            for k in range(K):
                p += mass[k] * phi[columns[i], k]
            found += counts[i] * math.log(max(p / whole, 1e-300))
    return found
