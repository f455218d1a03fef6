"""Learn inverse document frequencies."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from topics.terms import AFTER_CHARS, Vocabulary
from topics.tfidf import Tfidf
from training.settings import TfidfSettings


def learn_tfidf(vocabulary: Vocabulary, settings: TfidfSettings) -> Tfidf:
    """Return the weighting for `vocabulary`: idf = ln((n + s) / (df + s)) + 1, with s = 1 when smoothed, else 0."""
    smooth = 1.0 if settings.smooth_idf else 0.0
    frequency = vocabulary.document_frequency.astype(np.float64) + smooth
    idf = np.log((vocabulary.n_documents + smooth) / frequency) + 1.0
    # Runs of characters come first: no word begins as they do, and none sorts before them.
    n_chars = bisect_left(vocabulary.terms, AFTER_CHARS)
    return Tfidf(idf=idf, sublinear=settings.sublinear, n_chars=n_chars if n_chars < len(vocabulary) else 0)
