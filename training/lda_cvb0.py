"""Collapsed variational Bayes, our own engine: the same bits for any number of workers.

Owns: shards, their merging in one order, the learned document prior.
Does not know: how columns were chosen, the loop over entries (`topics/kernels_cvb0`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.terms import Counts
from training.settings import LdaSettings

#: The corpus is always cut into this many parts of equal size, whoever works on them; a small one is not cut.
SHARDS = 4
SMALL = 200_000


def learn_cvb0(
    counts: Counts, settings: LdaSettings, seed: int, workers: int, progress: Callable[[str], None] | None
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64], dict[str, Any]]:
    """Return (topic_term (K, V), alpha (K,), facts)."""
    from topics.kernels_cvb0 import start, sweep

    K, V = settings.n_topics, counts.n_terms
    alpha = np.full(K, 0.1 if settings.alpha == "learned" else settings.alpha, np.float32)
    eta = 0.01 if settings.eta == "learned" else settings.eta
    data = counts.data.astype(np.float32)
    share = np.zeros((len(data), K), np.float32)
    term_topic = np.zeros((V, K), np.float32)
    start(data, counts.indices, seed, K, share, term_topic)
    n_shards = 1 if len(data) < SMALL else SHARDS
    cuts = np.searchsorted(counts.indptr, np.linspace(0, len(data), n_shards + 1))
    cuts[0], cuts[-1] = 0, len(counts)

    def part(s: int) -> npt.NDArray[np.float32]:
        mine = term_topic.copy()
        sweep(counts.indptr, counts.indices, data, cuts[s], cuts[s + 1], share, mine, mine.sum(axis=0), alpha, eta)
        return mine

    with ThreadPoolExecutor(workers) as pool:
        for i in range(settings.iterations):
            parts = list(pool.map(part, range(n_shards)))
            merged = parts[0]
            for other in parts[1:]:
                merged += other - term_topic
            term_topic = merged
            if progress and (i + 1) % 10 == 0:
                progress(f"lda: sweep {i + 1} of {settings.iterations}")
    return np.maximum(term_topic, 0).T + np.float32(eta), alpha.astype(np.float64), {"sweeps": settings.iterations}
