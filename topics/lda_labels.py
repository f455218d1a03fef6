"""What a latent topic is about: terms that are probable, and terms that are its own.

Owns: probability, lift, relevance, FREX and term score of terms in latent topics, exclusivity.
Does not know: how latent topics were learned; articles.

References: Sievert and Shirley 2014, LDAvis (relevance); Bischof and Airoldi 2012, Summarizing topical content
with word frequency and exclusivity (FREX); Blei and Lafferty 2009, Topic models (term score).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from topics.errors import UsageError
from topics.lda import LatentTopics
from topics.terms import Vocabulary

Floats = npt.NDArray[np.float64]
MEASURES = ("probability", "score", "relevance", "frex", "lift")


def term_weights(latent: LatentTopics, measure: str, *, balance: float = 0.6) -> Floats:
    """Return (K, n_columns), higher for terms that describe a latent topic better.

    "probability": p(w | k). "lift": p(w | k) / p(w). "relevance": balance * ln p(w | k) + (1 - balance) * ln lift, where
    `balance` is the papers' lambda, 0 to 1 (0.6 agreed best with people). "frex": harmonic mean of a term's rank by
    exclusivity p(k | w), weighted by `balance`, and its rank by probability, both as shares of the terms, 0 to 1.
    "score": p(w | k) times how far ln p(w | k) lies above its mean over all latent topics.
    """
    if measure not in MEASURES:
        raise UsageError(f"no measure of terms {measure!r}; there are: {', '.join(MEASURES)}")
    if not 0 <= balance <= 1:
        raise UsageError(f"balance must be between 0 and 1; got {balance}")
    expected = np.asarray(latent.topic_term, np.float64)
    probability: Floats = expected / expected.sum(axis=1, keepdims=True)
    if measure == "probability":
        return probability
    if measure == "frex":
        exclusive = probability / probability.sum(axis=0, keepdims=True)
        frex: Floats = 1.0 / (balance / _rank(exclusive) + (1 - balance) / _rank(probability))
        return frex
    if measure == "score":
        log = np.log(probability)
        score: Floats = probability * (log - np.add.reduce(log, axis=0) / len(log))
        return score
    lift: Floats = probability / (expected.sum(axis=0) / expected.sum())
    if measure == "lift":
        return lift
    out: Floats = balance * np.log(probability) + (1 - balance) * np.log(lift)
    return out


def _rank(rows: Floats) -> Floats:
    """Return each number's rank in its row as a share of the row, above 0 to 1; equal numbers share the mean rank."""
    out = np.empty_like(rows)
    for row, ranks in zip(rows, out, strict=True):
        _, which, times = np.unique(row, return_inverse=True, return_counts=True)
        last = np.cumsum(times)
        ranks[:] = (last - (times - 1) / 2)[which] / len(row)
    return out


def describing_terms(
    latent: LatentTopics, vocabulary: Vocabulary, n: int = 10, *, measure: str = "relevance", balance: float = 0.6
) -> list[list[tuple[str, float]]]:
    """Return for each latent topic the `n` terms that describe it best, with their weights; ties to the earlier term."""
    weights = term_weights(latent, measure, balance=balance)
    best = np.argsort(-weights, axis=1, kind="stable")[:, :n]
    terms = [vocabulary.terms[int(c)] for c in latent.columns]
    return [[(terms[i], float(row[i])) for i in order] for row, order in zip(weights, best, strict=True)]


def exclusivity(latent: LatentTopics, n: int = 10) -> Floats:
    """Return (K,) how much of the `n` most probable terms of each latent topic is its own: their mean p(k | w), 0 to 1."""
    expected = np.asarray(latent.topic_term, np.float64)
    probability = expected / expected.sum(axis=1, keepdims=True)
    best = np.argsort(-probability, axis=1, kind="stable")[:, :n]
    exclusive = probability / probability.sum(axis=0, keepdims=True)
    out: Floats = np.take_along_axis(exclusive, best, axis=1).mean(axis=1)
    return out
