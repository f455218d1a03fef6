"""gensim's LdaModel as the second engine: its numbers, without its slow places.

Owns: the order of articles, the compiled E-step, numbers too small to matter set to zero.
Does not know: columns, mixtures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import MissingExtra
from topics.terms import Counts
from training.settings import LdaSettings

#: exp(E[log beta]) below this is taken for 0: a product with it changes no float64 sum, and denormal numbers take a
#: hundred times as long. With a small eta and K >= 50 most of the table is denormal.
NOTHING = 1e-200


def lda_model(**arguments: Any) -> Any:  # noqa: ANN401 - gensim has no types
    """Return a gensim LdaModel (float64) whose E-step is compiled. Raises MissingExtra where gensim is not installed."""
    try:
        from gensim.models import LdaModel
    except ImportError:
        raise MissingExtra("the gensim engine of [lda]", "gensim") from None
    from topics.kernels_vb import vb_e_step

    class CompiledLda(LdaModel):  # type: ignore[misc]  # gensim has no types
        """LdaModel with the same steps, from the same random gamma; one random number is drawn where gensim draws one."""

        def inference(self, chunk: Sequence[Any], collect_sstats: bool = False) -> tuple[Any, Any]:
            rows = list(chunk)
            indptr, columns, counts = _arrays(rows)
            gamma = self.random_state.gamma(100.0, 1.0 / 100.0, (len(rows), self.num_topics)).astype(np.float64)
            beta = np.ascontiguousarray(self.expElogbeta.T, dtype=np.float64)
            beta[beta < NOTHING] = 0.0
            sstats = np.zeros_like(beta if collect_sstats else beta[:0])
            vb_e_step(indptr, columns, counts, gamma, np.asarray(self.alpha, np.float64), beta, self.iterations,
                      float(self.gamma_threshold), float(np.finfo(self.dtype).eps), sstats)  # fmt: skip
            return gamma, np.ascontiguousarray((sstats * beta).T) if collect_sstats else None

    return CompiledLda(dtype=np.float64, **arguments)


def _arrays(rows: Sequence[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)]).astype(np.int64)
    flat = np.array([pair for row in rows for pair in row], np.float64).reshape(-1, 2)
    return indptr, flat[:, 0].astype(np.int64), np.ascontiguousarray(flat[:, 1])


def rows_of(counts: Counts) -> list[list[tuple[int, int]]]:
    """Return `counts` in gensim's form: (column, count) pairs for each article."""
    return [list(zip(*(part.tolist() for part in counts.row(i)), strict=True)) for i in range(len(counts))]


def learn_gensim(counts: Counts, settings: LdaSettings, seed: int) -> tuple[Any, Any, dict[str, Any]]:
    """Fit LdaModel (Hoffman, Blei and Bach 2010); return (lambda (K, V), alpha (K,), facts)."""
    # Sorted corpora mislead mini-batches; the order is part of the seed.
    rows = rows_of(counts)
    order = np.random.default_rng([seed, 31]).permutation(len(rows))
    model = lda_model(
        corpus=[rows[i] for i in order],
        num_topics=settings.n_topics,
        id2word={i: str(i) for i in range(counts.n_terms)},
        passes=settings.iterations,
        alpha="auto" if settings.alpha == "learned" else settings.alpha,
        eta="auto" if settings.eta == "learned" else settings.eta,
        random_state=seed,
        eval_every=None,
    )
    return model.state.get_lambda(), np.asarray(model.alpha, np.float64), {"passes": settings.iterations}
