"""The best latent topics of several random starts, to go on from: with one start, some are two subjects in one.

Owns: how latent topics of different starts are compared and chosen.
Does not know: how a start is made and followed (`lda_cvb0`), mixtures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from topics.terms import Counts, Vocabulary
from training.coherence import coherence, count_articles

Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

#: Terms that a latent topic is judged by.
TOP = 10
#: Similarity (cosine of square roots) from which two latent topics are one, as long as there are others. BBC News as OCTIS
#: prepares it, four starts, NPMI of top terms: 0.132 with 0.4, 0.1425 with 0.6; 0.126 with the best start as it was.
ALIKE = 0.6


def choose_topics(tables: Sequence[Singles], counts: Counts, eta: float) -> Singles:
    """Return (V, K) expected counts: the K latent topics of `tables`, each (V, K), whose top terms go together best.

    How well they go together is the mean NPMI of their ten best terms by term score in the articles of `counts`. Of two
    that are alike the better is taken; ties go to the earlier start.
    """
    K = tables[0].shape[1]
    every = np.concatenate(tables, axis=1)
    worth = _worth(tables, counts, eta)
    roots = np.sqrt(every / np.maximum(np.add.reduce(every, axis=0, dtype=np.float64), 1e-12)).astype(np.float32)
    order = np.argsort(-worth, kind="stable")
    nearest = np.zeros(len(order))
    chosen: list[int] = []
    least = ALIKE
    while len(chosen) < K:
        for i in order.tolist():
            if len(chosen) < K and i not in chosen and nearest[i] < least:
                chosen.append(i)
                # Not through BLAS, whose order of additions depends on machine and threads.
                similar = np.add.reduce(roots * roots[:, i : i + 1], axis=0, dtype=np.float64)
                nearest = np.maximum(nearest, similar)
        least += 0.1
    out: Singles = np.ascontiguousarray(every[:, chosen])
    return out


def _worth(tables: Sequence[Singles], counts: Counts, eta: float) -> Doubles:
    """Return (n_tables * K,) the mean NPMI of each latent topic's best terms in whole articles."""
    tops: list[list[str]] = []
    names = tuple(str(column) for column in range(counts.n_terms))
    for table in tables:
        expected = table.astype(np.float64) + eta
        probability = expected / np.add.reduce(expected, axis=0)
        log = np.log(probability)
        score = probability * (log - np.add.reduce(log, axis=1)[:, None] / log.shape[1])
        best = np.argsort(-score, axis=0, kind="stable")[:TOP].T
        tops += [[names[i] for i in row] for row in best.tolist()]
    vocabulary = Vocabulary(terms=names, document_frequency=counts.document_frequency(), n_documents=len(counts))
    together = count_articles(counts, vocabulary, {name for top in tops for name in top})
    worth: Doubles = np.nan_to_num(coherence("npmi", tops, together), nan=-1.0, posinf=-1.0, neginf=-1.0)
    return worth
