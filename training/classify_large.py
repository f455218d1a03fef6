"""Fit linear models to so many articles that their rows are read block by block: from memory, or from a file.

Owns: blocks and shards of rows, passes over them and when they end, support vector machines and naive Bayes on them.
Does not know: which model is best (`classify_choose`), the loops over entries (`topics/kernels_lanes`).

In memory are the rows of one block, the weights of all terms (32-bit), and one multiplier for each article and label. Rows are
cut into shards by the number of their entries alone. Shards of one pass do not see each other: each begins at the same weights
and feels its own steps as if every shard took them, and what they come to is added up in the order of the shards (Ma et al.
2015, Adding vs. averaging in distributed primal-dual optimization: sigma' = number of shards). So a shard may be solved by
whichever thread or machine, to the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from topics.scheduler import Here
from topics.terms import Ints, Longs
from topics.tfidf import Floats, Weights
from training.classify_fit import Fit, Solution, complement_coefficients, prices
from training.lda_stream import let_go

Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

#: Articles from which a corpus is fitted here: those that docs/topics.md measures have half as many at most.
LARGE = 50_000
#: Entries of a block, within which rows are taken in random order: 2 MB, which stay in the cache. Rows in random order over all
#: 200,000 articles took twice as long and came no nearer. A block is made of strips from all over its shard: where a file
#: lists one topic after the other, blocks of neighbors alone ended at an accuracy of 0.918 instead of 0.943.
BLOCK, STRIP = 1 << 18, 1 << 12
#: Blocks after which pages of mapped files are let go. A strip brings up to half a megabyte of pages around it with it: with 32
#: blocks two gigabytes of files were resident at a million articles of 450 words.
HELD_BLOCKS = 4
#: Entries of a shard: 450,000 articles of 200 words are the first that need two.
SHARD = 1 << 26
#: Span of the projected gradients at which a label is done, and passes at most. On 200,000 articles
#: accuracy was within 0.001 of its end from a span of 1.4 on.
TOLERANCE, MOST_PASSES = 1.0, 15
#: The span at which machines are done that go on from those of nine tenths of the articles.
AGAIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """Machines of all labels: sums over rows, and the multipliers they are made of."""

    #: (n_terms, width) by frequency of the terms, and (width,)
    weights: Singles
    intercept: Singles
    #: (n, n_labels), 0 or above.
    alpha: Singles


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is learned from: all rows of a corpus."""

    weights: Weights
    #: (n, n_labels)
    members: Flags
    #: (n_terms,) rank of each term, the most frequent first: what is used often lies close together.
    place: Ints
    #: (n,) squared lengths + 1, 32-bit.
    norms: Singles

    @classmethod
    def of(cls, weights: Weights, members: Flags) -> Rows:
        """Look once at all rows. Weights of 64 bits are copied."""
        if weights.data.dtype != np.float32:
            weights = replace(weights, data=weights.data.astype(np.float32))
        frequency, norms = np.zeros(weights.n_terms, np.int64), np.ones(len(weights), np.float32)
        for first, last, indptr, indices, values in blocks(weights):
            frequency += np.bincount(indices, minlength=weights.n_terms)
            filled = np.flatnonzero(np.diff(indptr))
            if len(filled):
                norms[first:last][filled] += np.add.reduceat(values * values, indptr[filled])
        place = np.empty(weights.n_terms, np.int32)
        place[np.argsort(-frequency, kind="stable")] = np.arange(weights.n_terms, dtype=np.int32)
        return cls(weights=weights, members=members, place=place, norms=norms)

    def taken(self, which: Longs) -> Rows:
        """Return the rows `which` alone, copied."""
        w = self.weights
        lengths = np.diff(w.indptr)[which]
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        at = np.repeat(w.indptr[which] - indptr[:-1], lengths) + np.arange(indptr[-1])
        mine = Weights(indptr=indptr, indices=w.indices[at], data=w.data[at], n_terms=w.n_terms)
        return Rows(weights=mine, members=self.members[which], place=self.place, norms=self.norms[which])


def blocks(weights: Weights) -> Iterator[tuple[int, int, Longs, Ints, Singles]]:
    """Yield blocks of neighboring rows: first and last row, where each begins in the block, columns and values."""
    for number, (begin, end) in enumerate(_cuts(weights.indptr, BLOCK), 1):
        low, high = int(weights.indptr[begin]), int(weights.indptr[end])
        values: Any = weights.data[low:high]
        yield begin, end, weights.indptr[begin : end + 1] - low, weights.indices[low:high], values
        if number % HELD_BLOCKS == 0:
            _let_go(weights)
    _let_go(weights)


def _let_go(weights: Weights) -> None:
    let_go(weights.indices)
    let_go(weights.data)


def _cuts(indptr: Longs, most: int) -> list[tuple[int, int]]:
    """Cut rows into runs of at most `most` entries, or one row."""
    cuts, first, last = list[tuple[int, int]](), 0, len(indptr) - 1
    while first < last:
        end = min(max(int(np.searchsorted(indptr, indptr[first] + most, side="right")) - 1, first + 1), last)
        cuts.append((first, end))
        first = end
    return cuts


def shards(indptr: Longs) -> list[Longs]:
    """Return the strips, (m, 2) first and last row, of each shard: by the number of entries alone, each from all over."""
    strips = np.array(_cuts(indptr, STRIP), np.int64).reshape(-1, 2)
    n = max(1, -(-int(indptr[-1]) // SHARD))
    return [strips[i::n] for i in range(n)]


def _rows_of(strips: Longs) -> Longs:
    return np.concatenate([np.arange(a, b) for a, b in strips.tolist()] or [np.zeros(0, np.int64)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What one pass over a shard needs, beside the machines: here with all rows, elsewhere with its own alone."""

    rows: Rows
    #: (m, 2) strips of `rows`.
    strips: Longs
    #: (n,) and (n, n_labels); changed where the shard is solved in this process.
    left_out: Flags
    alpha: Singles
    #: Where random numbers come from.
    seed: tuple[int, ...]

    def own(self) -> tuple[Longs, Longs]:
        """Return its rows, and its strips among these alone."""
        lengths = self.strips[:, 1] - self.strips[:, 0]
        ends = np.cumsum(lengths)
        return _rows_of(self.strips), np.stack([ends - lengths, ends], axis=1)

    def alone(self) -> Shard:
        """Return it with its own rows, to be sent."""
        which, strips = self.own()
        return replace(self, rows=self.rows.taken(which), strips=strips, left_out=self.left_out[which], alpha=self.alpha[which])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What all shards of one pass have in common."""

    weights: Singles
    intercept: Singles
    #: (n_labels,) labels that are not done; price of an error on an article with the label, and without.
    live: Flags
    inside: Singles
    outside: Singles
    #: How many shards there are.
    apart: int


def solve(rows: Rows, fit: Fit, left_out: Flags, start: Large | None = None, each: Here | None = None) -> Large:
    """Return the machines of all labels on the rows that are not `left_out`, (n,).

    `start`: those of fewer of these rows, to go on from. `each` solves the shards, here or elsewhere.
    """
    from topics import kernels, kernels_lanes
    from training.classify_shards import shards_elsewhere

    kernels.ready(kernels_lanes.dual_pass)
    n, k = rows.members.shape
    inside, outside = (price.astype(np.float32) for price in prices(rows.members[~left_out], fit))
    weights = kernels_lanes.table(rows.weights.n_terms, k)
    intercept, alpha = np.zeros(weights.shape[1], np.float32), np.zeros((n, k), np.float32)
    if start is not None:
        weights[:], intercept[:], alpha[:] = start.weights, start.intercept, start.alpha
    cuts, live = shards(rows.weights.indptr), np.ones(k, bool)
    if each is None or len(cuts) < 2:
        each = Here()
    run: Callable[..., Any] = solve_shard
    for number in range(MOST_PASSES):
        common = Pass(weights=weights, intercept=intercept, live=live, inside=inside, outside=outside, apart=len(cuts))
        tasks: Any = (
            Shard(rows=rows, strips=strips, left_out=left_out, alpha=alpha, seed=(fit.seed, 43, number, i))
            for i, strips in enumerate(cuts)
        )
        if each.away:
            tasks, run = shards_elsewhere(list(tasks), each, first=number == 0)
        # What a pass begins with is read by every shard: the sum is another table.
        weights, intercept = np.zeros_like(weights), np.zeros_like(intercept)
        highest, lowest = np.full(k, -np.inf), np.full(k, np.inf)
        for strips, done in zip(cuts, each(run, tasks, shared=(common,)), strict=True):
            steps, intercept_steps, multipliers, high, low = done
            weights += steps
            intercept += intercept_steps
            highest, lowest = np.maximum(highest, high), np.minimum(lowest, low)
            if each.away:
                alpha[_rows_of(strips)] = multipliers
        weights += common.weights
        intercept += common.intercept
        live = live & (highest - lowest > (TOLERANCE if start is None else AGAIN))
        if not live.any():
            break
    return Large(weights=weights, intercept=intercept, alpha=alpha)


def solve_shard(shard: Shard, common: Pass) -> tuple[Singles, Singles, Singles, Singles, Singles]:
    """Go once over a shard; return the steps of weights and intercept, its multipliers, and the span of gradients."""
    from topics import kernels_lanes

    own, rows = kernels_lanes.table(*common.weights.shape), shard.rows
    own[:] = common.weights
    intercept = common.intercept.copy()
    apart = np.float32(common.apart)
    high, low = np.full(len(common.live), -np.inf, np.float32), np.full(len(common.live), np.inf, np.float32)
    random = np.random.default_rng(shard.seed)
    order = random.permutation(len(shard.strips))
    together = BLOCK // STRIP
    for number, first in enumerate(range(0, len(order), together), 1):
        some = _rows_of(shard.strips[order[first : first + together]])
        some = some[~shard.left_out[some]]
        kernels_lanes.dual_pass(
            rows.weights.indptr, rows.weights.indices, rows.weights.data, some, rows.place, rows.members,
            rows.norms, common.inside, common.outside, common.live, apart, int(random.integers(1 << 30)), shard.alpha,
            own, intercept, high, low,
        )  # fmt: skip
        if number % HELD_BLOCKS == 0:
            _let_go(rows.weights)
    _let_go(rows.weights)
    own -= common.weights
    return own / apart, (intercept - common.intercept) / apart, shard.alpha, high, low


def solution(large: Large, rows: Rows) -> Solution:
    """Return the weights as other models give them."""
    k = rows.members.shape[1]
    return Solution(coef=large.weights[rows.place, :k].astype(np.float64).T, intercept=large.intercept[:k].astype(np.float64))


def naive_bayes(rows: Rows, smoothing: float, left_out: Flags) -> Solution:
    """Return complement naive Bayes on the rows that are not `left_out`, (n,)."""
    k = rows.members.shape[1]
    inside, whole = np.zeros((rows.weights.n_terms, k)), np.zeros(rows.weights.n_terms)
    for first, last, indptr, indices, values in blocks(rows.weights):
        block = csr_matrix((values.astype(np.float64), indices, indptr), shape=(last - first, rows.weights.n_terms))
        learned = ~left_out[first:last]
        inside += block.T @ (rows.members[first:last] & learned[:, None]).astype(np.float64)
        whole += block.T @ learned.astype(np.float64)
    return Solution(coef=complement_coefficients(inside, whole, smoothing), intercept=np.zeros(k))


def scores_of(weights: Weights, which: Ints, found: Solution) -> Floats:
    """Return the scores (len(which), n_labels) of the rows `which`, ascending."""
    from topics import kernels, kernels_scores

    kernels.ready(kernels_scores.score_rows)
    out = np.empty((len(which), len(found.intercept)))
    turned = np.ascontiguousarray(found.coef.T)
    for first, last, indptr, indices, values in blocks(weights):
        at = slice(*np.searchsorted(which, [first, last]).tolist())
        mine = which[at] - first
        lengths = np.diff(indptr)[mine]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        take = np.repeat(indptr[mine] - ends[:-1], lengths) + np.arange(ends[-1])
        kernels_scores.score_rows(ends, indices[take], values[take].astype(np.float64), turned, found.intercept, out[at])
    return out
