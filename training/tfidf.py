"""Learn inverse document frequencies."""

from __future__ import annotations

import numpy as np

from topics.terms import Vocabulary
from topics.tfidf import Tfidf
from training.settings import TfidfSettings


def learn_tfidf(vocabulary: Vocabulary, settings: TfidfSettings) -> Tfidf:
    """Return the weighting for `vocabulary`: idf = ln((n + s) / (df + s)) + 1, with s = 1 when smoothed, else 0."""
    smooth = 1.0 if settings.smooth_idf else 0.0
    frequency = vocabulary.document_frequency.astype(np.float64) + smooth
    idf = np.log((vocabulary.n_documents + smooth) / frequency) + 1.0
    n_chars, n_before = vocabulary.edges()
    # A block alone needs no share.
    alone = len({0, n_chars, n_before, len(vocabulary)}) == 2
    return Tfidf(
        idf=idf,
        sublinear=settings.sublinear,
        n_chars=0 if alone else n_chars,
        n_title=0 if alone else n_before - n_chars,
        title_share=settings.title_share,
    )
