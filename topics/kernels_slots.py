# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
# ruff: noqa: ANN001, ANN201
"""What several kernels do alike: a place in a table of slots, an order by lot.

Owns: the look-up of a number among numbers, the shuffle that is the same on every platform and version.
Does not know: what is numbered, what is shuffled.
"""

from __future__ import annotations

import numpy as np

from topics.kernels import compiled


@compiled
def seat(value, slots, known):
    """Return the slot of `value`, which holds its number, or -1 where it is new. slots: a power of two; known: values."""
    mask = slots.shape[0] - 1
    at = np.int64(((value ^ (value >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)) & mask
    while slots[at] >= 0 and np.uint64(known[slots[at]]) != value:
        at = (at + 1) & mask
    return at


@compiled
def first_state(seed):
    """Return the state a generator begins with."""
    return np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)


@compiled
def shuffle(order, state):
    """Put `order` into an order by lot, by xorshift: a generator of three lines. Returns its next state."""
    for i in range(order.shape[0] - 1, 0, -1):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        other = np.int64((state >> np.uint64(11)) % np.uint64(i + 1))
        order[i], order[other] = order[other], order[i]
    return state
