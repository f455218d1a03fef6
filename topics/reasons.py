"""Why a line got its role, in words.

Owns: the share of each feature in a decision of the line model, the sentences made of it.
Does not know: how to decide.

For each line the network is replaced by the linear function it is around that line (its rectifiers stay as they
are), for the score of the state chosen against the next best one. The product of weight and feature is the
feature's share; the two largest are named. The line's neighbors count into the score but are not named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from topics.echoes import FIRST_READING
from topics.lines import Bools, Ints
from topics.network import WEIGHT, Doubles, Floats, Network, Reading
from topics.sequence import STATES

#: Lines explained at a time: bounds the memory of a long page.
PIECE = 16384


def reasons(
    net: Network,
    values: Floats,
    more: Floats,
    reading: Reading,
    path: Ints,
    names: Sequence[str],
    changed: Mapping[int, str],
    *,
    fast: bool = False,
) -> list[str]:
    """Return a sentence for each line; `changed` holds those that another step than the line model decided.

    values, more: the features side by side, as the network read them; names: of their columns.
    """
    spoken, told = _known(tuple(names))
    width = len(names) + 1
    decisions = np.empty(len(path), np.int64)
    if fast:
        from topics import kernels_net

        kernels_net.explain(
            values, more, spoken, path, reading.out, reading.alive, net.own_back, net.wide_back, net.far_back,
            net.out_own, net.out_wide, net.out_far, WEIGHT, decisions,
        )  # fmt: skip
    else:
        for low in range(0, len(path), PIECE):
            part = slice(low, low + PIECE)
            features = np.concatenate((values[part], more[part]), axis=1)
            first, second = _shares(net, features, reading.out[part], reading.alive[part], path[part], spoken > 0)
            decisions[part] = (path[part] * width + first + 1) * width + second + 1
    out: list[str] = []
    for decision in decisions.tolist():
        text = told.get(decision)
        if text is None:
            (state, one), two = divmod(decision // width, width), decision % width
            signs = " and ".join(names[k - 1] for k in (one, two) if k)
            if len(told) >= MOST:
                told.clear()
            text = told[decision] = f"{STATES[state][0]}: {signs or 'the lines around it'}"
        out.append(text)
    for line, why in changed.items():
        out[line] = f"{STATES[int(path[line])][0]}: {why}"
    return out


#: Sentences kept for the next page.
MOST = 20_000


@cache
def _known(names: tuple[str, ...]) -> tuple[Doubles, dict[int, str]]:
    """Return 1 for each feature that is named and 0 for others, and the sentences made so far, by what they say.

    That a line was a headline in the first reading is no reason that tells anything.
    """
    return np.array([0.0 if name.startswith(FIRST_READING) else 1.0 for name in names]), {}


def _shares(net: Network, features: Floats, out: Floats, alive: Bools, states: Ints, spoken: Bools) -> tuple[Ints, Ints]:
    """Return the two features with the largest shares for each line, -1 where none speaks for the state.

    With numpy alone: the specification of the kernel. All sums are of whole numbers, as in `network`.
    """
    a, b = len(net.own_bias), len(net.wide_bias)
    own, wide, far = alive[:, :a], alive[:, a : a + b], alive[:, a + b :]
    rows = np.arange(len(states))
    out = out.copy()
    out[rows, states] = -np.inf
    other = out.argmax(axis=1)

    def toward(weights: Doubles) -> Doubles:
        return np.asarray((weights[:, states] - weights[:, other]).T)

    slope_wide = np.rint((far * toward(net.out_far)) @ net.far_back / WEIGHT) + toward(net.out_wide)
    slope_own = np.rint((wide * slope_wide) @ net.wide_back / WEIGHT) + toward(net.out_own)
    share = ((own * slope_own) @ net.own_back) * features
    share[:, ~spoken] = -np.inf
    first = share.argmax(axis=1)
    top = share[rows, first].copy()
    share[rows, first] = -np.inf
    second = share.argmax(axis=1)
    next_best = share[rows, second]
    return np.where(top > 0, first, -1), np.where((top > 0) & (next_best > top / 4), second, -1)
