"""Why a line got its role, in words.

Owns: the share of each feature in a decision of the line model, the sentences made of it.
Does not know: how to decide.

For each line the network is replaced by the linear function it is around that line (its rectifiers stay as they
are), for the score of the state chosen against the next best one. The product of weight and feature is the
feature's share; the two largest are named. The line's neighbors count into the score but are not named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from topics.echoes import FIRST_READING
from topics.lines import Bools, Ints
from topics.sequence import FAR, STATES, WIDE, Floats

#: Lines explained at a time: bounds the memory of a long page.
PIECE = 16384


def reasons(
    arrays: Mapping[str, Floats],
    features: Floats,
    hidden: tuple[Floats, Floats, Floats],
    path: Ints,
    names: Sequence[str],
    changed: Mapping[int, str],
) -> list[str]:
    """Return a sentence for each line; `changed` holds those that another step than the line model decided."""
    silent = np.array([name.startswith(FIRST_READING) for name in names])
    pairs = (
        np.concatenate([_shares(arrays, features, hidden, path, low, silent) for low in range(0, len(path), PIECE)])
        if len(path)
        else np.zeros((0, 2), np.int64)
    )
    told: dict[tuple[int, int, int], str] = {}
    out: list[str] = []
    for state, (one, two) in zip(path.tolist(), pairs.tolist(), strict=True):
        key = (state, one, two)
        text = told.get(key)
        if text is None:
            signs = " and ".join(names[k] for k in (one, two) if k >= 0)
            text = told[key] = f"{STATES[state][0]}: {signs or 'the lines around it'}"
        out.append(text)
    for line, why in changed.items():
        out[line] = f"{STATES[int(path[line])][0]}: {why}"
    return out


def _shares(
    arrays: Mapping[str, Floats],
    features: Floats,
    hidden: tuple[Floats, Floats, Floats],
    path: Ints,
    low: int,
    silent: Bools,
) -> npt.NDArray[np.int64]:
    """Return the two features with the largest shares for each line of a piece, -1 where none speaks for the state."""
    x, states = features[low : low + PIECE], path[low : low + PIECE]
    own, wide, far = (layer[low : low + PIECE] for layer in hidden)
    out = own @ arrays["out_own"] + wide @ arrays["out_wide"] + far @ arrays["out_far"] + arrays["out_bias"]
    out[np.arange(len(states)), states] = -np.inf
    other = out.argmax(axis=1)

    def toward(name: str) -> Floats:
        return np.asarray((arrays[name][:, states] - arrays[name][:, other]).T, np.float32)

    slope_wide = toward("out_wide") + ((far > 0) * toward("out_far")) @ arrays["far"][FAR.index(0)].T
    slope_own = toward("out_own") + ((wide > 0) * slope_wide) @ arrays["wide"][WIDE.index(0)].T
    share = (((own > 0) * slope_own) @ arrays["own"].T) * x
    # That a line was a headline in the first reading is no reason that tells anything.
    share[:, silent] = -np.inf
    first = share.argmax(axis=1)
    rows = np.arange(len(share))
    top = share[rows, first].copy()
    share[rows, first] = -np.inf
    second = share.argmax(axis=1)
    next_best = share[rows, second]
    return np.stack((np.where(top > 0, first, -1), np.where((top > 0) & (next_best > top / 4), second, -1)), axis=1)
