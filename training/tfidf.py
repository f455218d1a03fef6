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
    return Tfidf(idf=np.log((vocabulary.n_documents + smooth) / frequency) + 1.0, sublinear=settings.sublinear)
