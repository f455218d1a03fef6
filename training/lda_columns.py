"""Which columns of the vocabulary latent topics are learned from.

Owns: document-frequency bounds, stop words by column, why each column was left out.
Does not know: how latent topics are learned.
"""

from __future__ import annotations

import numpy as np

from topics.errors import InputError
from topics.terms import Counts, Ints, Vocabulary
from topics.tokens import MARKS
from training.lda_stream import column_sums
from training.settings import LdaSettings
from training.stopwords import stop_words
from training.terms import kept_columns


def choose_columns(counts: Counts, vocabulary: Vocabulary, settings: LdaSettings, phrases: Ints) -> tuple[Ints, dict[str, int]]:
    """Return the ascending columns to learn from once `phrases` are joined, and how many were left out for which reason.

    Single words and phrases only, where the vocabulary has any words: other runs of words would count their words
    twice. Raises InputError where nothing is left.
    """
    stop = stop_words(settings.stop_words)
    words = np.array([" " not in term and not term.startswith(MARKS) for term in vocabulary.terms], dtype=bool)
    if not words.any():
        words[:] = True
    words[phrases[:, 0]] = True
    stopped = np.array([any(part in stop for part in term.split(" ")) for term in vocabulary.terms], dtype=bool)
    frequency, totals = column_sums(counts, phrases)
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


def choose_phrases(counts: Counts, vocabulary: Vocabulary, settings: LdaSettings) -> Ints:
    """Return (n_phrases, 3): columns of the phrases that count instead of their two words, and of these words.

    A phrase is a run of two words, neither a stop word, whose normalized pointwise mutual information
    ln(p(ab) / (p(a) p(b))) / -ln p(ab) is at least `lda.phrases` (Bouma 2009; gensim's `Phrases` with "npmi").
    """
    if settings.phrases is None:
        return np.zeros((0, 3), np.int32)
    stop = stop_words(settings.stop_words)
    found = []
    for i, term in enumerate(vocabulary.terms):
        first, _, second = term.partition(" ")
        if second and " " not in second and not term.startswith(MARKS) and first not in stop and second not in stop:
            a, b = vocabulary.column.get(first), vocabulary.column.get(second)
            if a is not None and b is not None:
                found.append((i, a, b))
    pairs = np.array(found, np.int32).reshape(-1, 3)
    totals = column_sums(counts, np.zeros((0, 3), np.int32))[1].astype(np.float64)
    words = sum(
        float(n) for term, n in zip(vocabulary.terms, totals, strict=True) if " " not in term and not term.startswith(MARKS)
    )
    share = totals[pairs] / max(words, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.log(share[:, 0] / (share[:, 1] * share[:, 2])) / -np.log(share[:, 0])
    chosen: Ints = pairs[np.nan_to_num(npmi, nan=-1.0) >= settings.phrases]
    return chosen
