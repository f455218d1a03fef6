"""Tokens set aside to see when latent topics have converged.

Owns: which articles give tokens, and how many.
Does not know: how perplexity is measured (`lda_cvb0`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics.terms import Counts
from training.lda_stream import rows_of

#: Articles needed before tokens are set aside at all.
FEWEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Tokens set aside to see when it has converged: row i belongs to article articles[i]."""

    articles: npt.NDArray[np.int64]
    counts: Counts
    tokens: int


def set_aside(counts: Counts, n: int, seed: int, *, in_place: bool = False) -> tuple[Counts, Held | None]:
    """Split off about half the tokens of at most `n` articles, a tenth of all at most; (rest, None) where there are too few."""
    n = min(n, len(counts) // 10) if len(counts) >= FEWEST else 0
    rng = np.random.default_rng([seed, 32])
    articles = np.sort(rng.permutation(len(counts))[:n])
    chosen = rows_of(counts, articles)
    held = rng.binomial(chosen.data, 0.5).astype(np.int32)
    if not n or not held.any():
        return counts, None
    lengths = np.diff(chosen.indptr)
    take = np.repeat(counts.indptr[articles] - chosen.indptr[:-1], lengths) + np.arange(len(held))
    data = counts.data if in_place else counts.data.copy()
    data[take] -= held
    rest = Counts(indptr=counts.indptr, indices=counts.indices, data=data, n_terms=counts.n_terms)
    aside = Counts(indptr=chosen.indptr, indices=chosen.indices, data=held, n_terms=counts.n_terms)
    return rest, Held(articles=articles, counts=aside, tokens=int(held.sum()))
