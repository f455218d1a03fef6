"""Which columns of the vocabulary latent topics are learned from.

Owns: document-frequency bounds, stop words by column, why each column was left out.
Does not know: how latent topics are learned.
"""

from __future__ import annotations

import numpy as np

from topics.errors import InputError
from topics.terms import Counts, Ints, Vocabulary
from topics.tokens import CHARS
from training.settings import LdaSettings
from training.stopwords import stop_words
from training.terms import kept_columns


def choose_columns(counts: Counts, vocabulary: Vocabulary, settings: LdaSettings) -> tuple[Ints, dict[str, int]]:
    """Return the ascending columns to learn from, and how many were left out for which reason.

    Single words only, where the vocabulary has any: a run of words would count its words twice. Raises
    InputError where nothing is left.
    """
    stop = stop_words(settings.stop_words)
    words = np.array([" " not in term and not term.startswith(CHARS) for term in vocabulary.terms], dtype=bool)
    if not words.any():
        words[:] = True
    stopped = np.array([any(part in stop for part in term.split(" ")) for term in vocabulary.terms], dtype=bool)
    frequency = counts.document_frequency()
    totals = np.bincount(counts.indices, weights=counts.data, minlength=counts.n_terms).astype(np.int64)
    bounded = np.zeros(len(vocabulary), dtype=bool)
    bounded[kept_columns(frequency, totals, len(counts), settings.min_df, settings.max_df, None)] = True
    bounded &= frequency > 0
    usable = words & ~stopped & bounded
    # The cap counts columns that passed everything else.
    capped = np.where(usable, frequency, 0)
    kept = kept_columns(capped, totals, len(counts), 1, len(counts), settings.max_terms)
    if not len(kept):
        raise InputError(
            f"no term is left for latent topics: {len(vocabulary)} terms, {int((words & stopped).sum())} stop words, "
            f"{int((words & ~stopped & ~bounded).sum())} outside lda.min_df = {settings.min_df} and max_df = {settings.max_df}"
        )
    return kept, {
        "kept": len(kept),
        "runs_of_words": int((~words).sum()),
        "stop_words": int((words & stopped).sum()),
        "outside_df_bounds": int((words & ~stopped & ~bounded).sum()),
        "beyond_max_terms": int(usable.sum()) - len(kept),
    }
