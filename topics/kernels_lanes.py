# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201, ANN202, ARG001
"""Kernel: linear support vector machines of a large corpus, a block of rows at a time, eight labels in one register.

Owns: steps of dual coordinate descent (Hsieh et al. 2008, alg. 1) on some rows, one label against the rest.
Does not know: which rows are taken together, and when it is done (`training/classify_large`); small corpora (`kernels_svm`).

The weights of a term lie side by side, 32-bit, padded to whole registers of eight labels: a term of an article costs one load,
one multiplication and one addition for all of them. On 200,000 articles of 130 terms and 5 labels a pass takes a fifth of what
`kernels_svm` takes, with the same accuracy. Products are rounded before they are added (no fused operations): the same
bits on every machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from topics.kernels import compiled
from topics.kernels_slots import first_state, shuffle

#: Labels in one register.
LANES = 8
#: Bytes that rows of weights are aligned to, so that none lies across two cache lines.
_LINE = 64


def table(n_terms: int, n_labels: int) -> npt.NDArray[np.float32]:
    """Return zeros, (n_terms, n_labels padded to whole registers), aligned."""
    width = -(-n_labels // LANES) * LANES
    raw = np.zeros(n_terms * width + _LINE // 4, np.float32)
    skip = (-raw.ctypes.data % _LINE) // 4
    return raw[skip : skip + n_terms * width].reshape(n_terms, width)


def _pointers(context, builder, signature, args):
    """Return the data pointers of the array arguments."""
    return [
        context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
        for kind, value in zip(signature.args, args, strict=True)
    ]


_VECTOR = ir.VectorType(ir.FloatType(), LANES)


def _lanes(builder, pointer, at):
    return builder.bitcast(builder.gep(pointer, [at]), _VECTOR.as_pointer())


def _splat(builder, value):
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


@intrinsic
def add_products(typing_context, places, values, begin, n, weights, group, scores):
    """Add values[begin + j] * weights[places[j] + group : + LANES] to scores[group : + LANES] for all j below n."""

    def generate(context, builder, signature, args):
        places_, values_, begin_, n_, weights_, group_, scores_ = _pointers(context, builder, signature, args)
        total = cgutils.alloca_once(builder, _VECTOR)
        out = _lanes(builder, scores_, group_)
        builder.store(builder.load(out, align=4), total)
        with cgutils.for_range(builder, n_) as loop:
            place = builder.sext(builder.load(builder.gep(places_, [loop.index])), ir.IntType(64))
            value = _splat(builder, builder.load(builder.gep(values_, [builder.add(begin_, loop.index)])))
            row = builder.load(_lanes(builder, weights_, builder.add(place, group_)), align=4)
            builder.store(builder.fadd(builder.load(total), builder.fmul(value, row)), total)
        builder.store(builder.load(total), out, align=4)
        return context.get_dummy_value()

    return types.void(places, values, types.int64, types.int64, weights, types.int64, scores), generate


@intrinsic
def add_steps(typing_context, places, values, begin, n, weights, group, steps):
    """Add values[begin + j] * steps[group : + LANES] to weights[places[j] + group : + LANES] for all j below n."""

    def generate(context, builder, signature, args):
        places_, values_, begin_, n_, weights_, group_, steps_ = _pointers(context, builder, signature, args)
        step = builder.load(_lanes(builder, steps_, group_), align=4)
        with cgutils.for_range(builder, n_) as loop:
            place = builder.sext(builder.load(builder.gep(places_, [loop.index])), ir.IntType(64))
            value = _splat(builder, builder.load(builder.gep(values_, [builder.add(begin_, loop.index)])))
            row = _lanes(builder, weights_, builder.add(place, group_))
            builder.store(builder.fadd(builder.load(row, align=4), builder.fmul(value, step)), row, align=4)
        return context.get_dummy_value()

    return types.void(places, values, types.int64, types.int64, weights, types.int64, steps), generate


@compiled
def dual_pass(
    indptr, indices, values, rows, place, members, norms, cost_in, cost_out, live, apart, seed, alpha, weights, intercept,
    highest, lowest,
):  # fmt: skip
    """Go once through `rows`, (m,), in a random order; rows, alpha, weights and intercept are changed.

    indptr, indices, values (float32): all rows; place: (n_terms,) row of each term in `weights` (n_terms, width) float32;
    members: (n, k) bool; norms: (n,) float32, squared lengths + 1;
    cost_in, cost_out: (k,) price of an error on a row with and without the label; live: (k,) labels that are not done;
    apart: in how many shards the rows are solved side by side, 1 for all at once (see `training/classify_large`);
    alpha: (n, k) float32, 0 or above; intercept: (width,) float32; highest, lowest: (k,), the span of projected gradients.
    """
    k = members.shape[1]
    width = weights.shape[1]
    longest = np.int64(0)
    for i in rows:
        longest = max(longest, indptr[i + 1] - indptr[i])
    flat = weights.reshape(weights.shape[0] * width)
    places = np.empty(longest, np.int32)
    scores, steps = np.zeros(width, np.float32), np.zeros(width, np.float32)
    shuffle(rows, first_state(seed))
    zero, one = np.float32(0), np.float32(1)
    for i in rows:
        begin = indptr[i]
        n = indptr[i + 1] - begin
        for j in range(n):
            places[j] = place[indices[begin + j]] * width
        scores[:] = intercept
        for g in range(0, width, 8):
            add_products(places, values, begin, n, flat, g, scores)
        moved = False
        for c in range(k):
            steps[c] = zero
            if not live[c]:
                continue
            inside = members[i, c]
            sign = one if inside else -one
            diagonal = np.float32(0.5) / (cost_in[c] if inside else cost_out[c])
            old = alpha[i, c]
            gradient = sign * scores[c] - one + diagonal * old
            if old > zero or gradient < zero:
                highest[c] = max(highest[c], gradient)
                lowest[c] = min(lowest[c], gradient)
                new = max(old - gradient / (norms[i] * apart + diagonal), zero)
                if new != old:
                    alpha[i, c] = new
                    # Other shards move at the same time: a step is felt here as if all of them took it.
                    steps[c] = (new - old) * sign * apart
                    moved = True
            else:
                highest[c] = max(highest[c], zero)
                lowest[c] = min(lowest[c], zero)
        if moved:
            for c in range(k):
                intercept[c] += steps[c]
            for g in range(0, width, 8):
                add_steps(places, values, begin, n, flat, g, steps)
