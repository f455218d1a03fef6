"""A large fit begins with what a sample taught: a sweep over all articles then changes details only.

Owns: how large a sample is, how what it taught becomes a beginning, sweeps until a fit has converged.
Does not know: what a sweep is (`lda_cvb0`).

100,000 made articles of 450 words, K = 100: perplexity 5,892 after 30 sweeps over all of them; after 30 over a third and 3 over
all, where it stops, 5,912, after 10 over all 5,839.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from training.lda_state import Progress
from training.lda_stream import rows_of

if TYPE_CHECKING:
    from training.lda_cvb0 import Cvb0

#: Entries from which a fit begins with a sample, and how many the sample has.
LARGE, SAMPLE = 20_000_000, 8_000_000
#: How often perplexity is measured, in sweeps; of a fit that began with a sample, after each.
EVERY = 5
#: Such a fit has converged when a sweep brings less than this many times the tolerance.
ENOUGH = 2.0


def follow(
    fit: Cvb0,
    pool: ThreadPoolExecutor,
    progress: Callable[[str], None] | None,
    save: Callable[[Progress, Callable[[], None]], None] | None = None,
    name: str = "lda",
) -> bool:
    """Make sweeps until a fit has converged, or as many as are asked for; return whether it has."""
    most, stopped = fit.settings.iterations, fit.converged()
    while fit.state.sweeps < most and not stopped:
        fit.step(pool)
        if fit.state.sweeps % fit.every == 0 or fit.state.sweeps == most:
            perplexity = fit.note()
            stopped = fit.converged()
            if progress and fit.state.sweeps % (2 * EVERY if fit.every > 1 else 1) == 0:
                said = "" if perplexity is None else f", held-out perplexity {perplexity:.1f}"
                progress(f"{name}: sweep {fit.state.sweeps} of at most {most}{said}")
            if save:
                save(fit.state, fit.fetch)
    return stopped


def prepare(
    fit: Cvb0, pool: ThreadPoolExecutor, progress: Callable[[str], None] | None, send: Callable[[Cvb0], None] = lambda fit: None
) -> None:
    """Give `fit` the latent topics and priors of a sample of its articles, evenly over the corpus, once they have converged.

    send: what has the sweeps of a fit made elsewhere, where there is a cluster.
    """
    step = -(-len(fit.counts.indices) // SAMPLE)
    # Of the counts without what is set aside: no article is tested on words that a beginning was learned from.
    counts = rows_of(fit.counts, np.arange(0, len(fit.counts), step))
    sample = type(fit)(counts, fit.settings, fit.seed, fit.workers, fit.given)
    send(sample)
    follow(sample, pool, progress, name=f"lda, {len(counts)} of {len(fit.counts)} articles")
    if sample.elsewhere is not None:
        sample.elsewhere.remove()
    fit.state.now[:] = sample.state.now * np.float32(fit.tokens.sum() / max(1.0, sample.tokens.sum()))
    fit.state.before[:] = fit.state.now
    fit.state.alpha[:], fit.state.eta = sample.state.alpha, sample.state.eta
