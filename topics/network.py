"""The network of the line model, computed without rounding between its sums.

Owns: the learned arrays as whole numbers, one reading of a page's lines.
Does not know: states and their order (`sequence`), what the columns mean (`shapes`, `echoes`), how arrays were learned.

    features ─▶ one hidden layer per line ─▶ 9 lines around ─▶ 5 lines around, 4 apart ─▶ a number for each state

A sum of floating-point numbers depends on its order, and a matrix product's order on the library, the machine, the number of
threads and the rows beside it. So features and hidden numbers are rounded to multiples of 2^-21 and weights to multiples of
2^-23: all products are multiples of 2^-44, and sums of them below 2^9 are exact in doubles (the shipped arrays
stay below 2^6). Whoever adds them up in whatever order gets the same bits; a near tie between two states or two reasons falls
the same way everywhere. The rounding itself is as fine as that of single precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.lines import Bools

Floats = npt.NDArray[np.float32]
#: Whole numbers, kept as doubles.
Doubles = npt.NDArray[np.float64]

#: Lines whose hidden numbers the second and the third layer see, from the line.
WIDE = (-4, -3, -2, -1, 0, 1, 2, 3, 4)
FAR = (-8, -4, 0, 4, 8)
#: Units in 1 of a feature or hidden number, and of a weight.
UNIT, WEIGHT = 2.0**21, 2.0**23
#: Lines read at a time where numpy reads them: bounds the memory of a long page.
_PIECE = 16384


@dataclass(frozen=True, slots=True)
class Network:
    """The weights in units of 1 / WEIGHT, biases in units of the sums; sizes of hidden layers padded to multiples of 4."""

    #: (n_features, a), (9, a, b), (5, b, c), and (a, states), (b, states), (c, states).
    own: Doubles
    wide: Doubles
    far: Doubles
    out_own: Doubles
    out_wide: Doubles
    out_far: Doubles
    own_bias: Doubles
    wide_bias: Doubles
    far_bias: Doubles
    out_bias: Doubles
    #: The weights of the line itself, from the later layer to the earlier one.
    own_back: Doubles
    wide_back: Doubles
    far_back: Doubles
    #: All of it as the kernel takes it: weights, biases, sizes and places of each.
    flat: tuple[npt.NDArray[Any], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network makes of the lines of a page."""

    #: (n_lines, n_states), before they become log probabilities.
    out: Floats
    #: (n_lines, a + b + c) whether each hidden number is above 0; no line where nobody asked.
    alive: Bools


#: The axes of each array that are hidden numbers.
_HIDDEN: dict[str, tuple[int, ...]] = {
    "own": (1,), "wide": (1, 2), "far": (1, 2), "out_own": (0,), "out_wide": (0,), "out_far": (0,),
    "own_bias": (0,), "wide_bias": (0,), "far_bias": (0,), "out_bias": (),
}  # fmt: skip


def network(arrays: Mapping[str, Floats]) -> Network:
    """Return the network of a segmenter's arrays."""

    def padded(name: str, unit: float) -> Doubles:
        array = arrays[name].astype(np.float64)
        more = [(0, -array.shape[axis] % 4 if axis in _HIDDEN[name] else 0) for axis in range(array.ndim)]
        return np.rint(np.pad(array, more) * unit)

    weights = {name: padded(name, WEIGHT) for name in ("own", "wide", "far", "out_own", "out_wide", "out_far")}
    biases = {name: padded(name, UNIT * WEIGHT) for name in ("own_bias", "wide_bias", "far_bias", "out_bias")}
    return Network(
        **weights,
        **biases,
        own_back=np.ascontiguousarray(weights["own"].T),
        wide_back=np.ascontiguousarray(weights["wide"][WIDE.index(0)].T),
        far_back=np.ascontiguousarray(weights["far"][FAR.index(0)].T),
        flat=_flat(list(weights.values()), list(biases.values())),
    )


def _flat(weights: list[Doubles], biases: list[Doubles]) -> tuple[npt.NDArray[Any], ...]:
    sizes = [array.size for array in weights]
    offsets = [(0,), WIDE, FAR, (0,), (0,), (0,)]
    far = max(map(abs, FAR))
    return (
        np.concatenate([array.ravel() for array in weights]),
        np.cumsum([0, *sizes[:-1]]),
        np.array([np.pad(bias, (0, max(map(len, biases)) - len(bias))) for bias in biases]),
        np.array([len(bias) for bias in biases]),
        np.array([(*offset, *(0,) * (len(WIDE) - len(offset))) for offset in offsets]),
        np.array([len(offset) for offset in offsets]),
        np.array([far + max(map(abs, WIDE)), far, 0, 0]),
    )


def read(net: Network, values: Floats, more: Floats | None = None, *, fast: bool = False, alive: bool = False) -> Reading:
    """Return what the network makes of lines.

    values, more: features side by side, (n_lines, n) and (n_lines, m), rows contiguous. alive: whether anybody asks for the
    hidden numbers.
    """
    n = len(values)
    if not n:
        return Reading(np.zeros((0, net.out_own.shape[1]), np.float32), np.zeros((0, 0), np.bool_))
    more = np.empty((n, 0), np.float32) if more is None else more
    if not fast:
        return _plain(net, values, more)
    from topics import kernels_net

    out = np.empty((n, net.out_own.shape[1]), np.float32)
    hidden = len(net.own_bias) + len(net.wide_bias) + len(net.far_bias)
    asked = np.empty((n if alive else 0, hidden), np.bool_)
    kernels_net.read(values, more, *net.flat, UNIT, WEIGHT, out, asked)
    return Reading(out, asked)


def spread(hidden: npt.NDArray[Any], offsets: tuple[int, ...], weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return, for each line, the weighted sum over the lines at `offsets` from it; beyond the page lies nothing.

    hidden (n, a), weights (len(offsets), a, b); returns (n, b).
    """
    n = len(hidden)
    out = np.zeros((n, weights.shape[2]), hidden.dtype)
    for offset, weight in zip(offsets, weights, strict=True):
        if abs(offset) >= n:
            continue
        if offset >= 0:
            out[: n - offset] += hidden[offset:] @ weight
        else:
            out[-offset:] += hidden[:offset] @ weight
    return out


def _plain(net: Network, values: Floats, more: Floats) -> Reading:
    """Read with numpy alone: the specification of the kernel, and the way for small pages."""
    n = len(values)
    reach = max(map(abs, WIDE)) + max(map(abs, FAR))
    out: list[Floats] = []
    alive: list[Bools] = []
    for low in range(0, n, _PIECE):
        first, last = max(low - reach, 0), min(low + _PIECE + reach, n)
        features = np.concatenate((values[first:last], more[first:last]), axis=1).astype(np.float64)
        own = _rectified(np.rint(features * UNIT) @ net.own + net.own_bias)
        wide = _rectified(spread(own, WIDE, net.wide) + net.wide_bias)
        far = _rectified(spread(wide, FAR, net.far) + net.far_bias)
        states = own @ net.out_own + wide @ net.out_wide + far @ net.out_far + net.out_bias
        kept = slice(low - first, min(low + _PIECE, n) - first)
        out.append((states[kept] * (1 / WEIGHT / UNIT)).astype(np.float32))
        alive.append(np.concatenate((own[kept], wide[kept], far[kept]), axis=1) > 0)
    return Reading(np.concatenate(out), np.concatenate(alive))


def _rectified(sums: Doubles) -> Doubles:
    return np.maximum(np.rint(sums * (1 / WEIGHT)), 0)
