"""The state of a fit of latent topics, and what is given before it begins.

Owns: the fields and shapes of `Progress` and `Given`.
Does not know: what a sweep does with them (`lda_cvb0`), how a state is kept on disk (`lda_checkpoint`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


@dataclass(slots=True, kw_only=True)
class Progress:
    """All that changes between sweeps, and so all that a checkpoint holds."""

    sweeps: int
    #: (V, P) float32, expected counts after the last two sweeps; P is K padded to whole vectors.
    now: Singles
    before: Singles
    #: (n_articles,) end of each article's used slots; (n_slots,) their topics and expected counts.
    used: npt.NDArray[np.int64]
    topics: npt.NDArray[np.uint16]
    kept: Singles
    alpha: Doubles
    eta: float
    #: (sweep, held-out perplexity) measured so far.
    curve: list[tuple[int, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known of latent topics before the fit."""

    #: (V,) the latent topic that a term starts in, -1 for a random one.
    owner: npt.NDArray[np.int32]
    #: (V, K) float32, prior counts beside eta.
    base: Singles | None = None
    #: (K,) document prior to start from.
    alpha: Doubles | None = None
    #: `base` is a whole model that the fit goes on from, without a random start.
    goes_on: bool = False


def table(V: int, P: int) -> Singles:
    """Return zeros (V, P) with room behind them (see `topics.kernels_cvb0.APART`)."""
    from topics.kernels_cvb0 import APART

    return np.zeros(V * P + APART, np.float32)[: V * P].reshape(V, P)
