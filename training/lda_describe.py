"""Names and examples for latent topics, from the articles they were learned from.

Owns: short names from phrases, representative articles, how much of the corpus each latent topic has.
Does not know: how mixtures are found (`topics/lda`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topics.lda import Floats, LatentTopics
from topics.lda_labels import describing_terms
from topics.scheduler import Here
from topics.terms import Counts, Ints, Vocabulary
from topics.tokens import MARKS
from training.lda_stream import document_frequency, rows_of

#: A phrase must stand in this many articles, or one article's name becomes a topic's.
PHRASE_ARTICLES = 3
#: Least share of a phrase's occurrences that belong to the latent topic it names.
PHRASE_SHARE = 0.3
#: Articles whose mixtures are held at once, and those looked at, evenly over the corpus: shares do not get better with more.
BLOCK, MOST = 10_000, 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said about latent topics beside their terms."""

    #: (K,) a short name each: a phrase, or the two most relevant terms; seeds' names stay.
    names: list[str]
    #: (K,) share of the known words that each latent topic has.
    share: list[float]
    #: For each latent topic the rows of the articles that say most of it, the first the most.
    articles: list[list[int]]


def describe(
    latent: LatentTopics,
    counts: Counts,
    vocabulary: Vocabulary,
    *,
    examples: int = 3,
    workers: int = 1,
    each: Here | None = None,
) -> Description:
    """Describe latent topics by the articles of `counts` (n_articles, n_terms); `each` finds their mixtures."""
    phrases = _phrases(latent, vocabulary)
    known = np.zeros(counts.n_terms, bool)
    known[latent.columns] = True
    standing = np.zeros((len(phrases), latent.n_topics))
    share = np.zeros(latent.n_topics)
    best: list[list[tuple[float, int]]] = [[] for _ in range(latent.n_topics)]
    looked_at = np.unique(np.linspace(0, len(counts) - 1, min(MOST, len(counts))).round().astype(np.int64))
    parts = [looked_at[first : first + BLOCK] for first in range(0, len(looked_at), BLOCK)]
    # Cut twice, here and for the task: blocks that wait for a worker would have to be kept.
    found = (each or Here())(_mixtures, (rows_of(counts, part) for part in parts), shared=(latent, workers))
    for rows, mixtures in zip(parts, found, strict=True):
        block = rows_of(counts, rows)
        words = np.where(known[block.indices], block.data, 0)
        before = np.concatenate([[0], np.cumsum(words)])
        tokens = (before[block.indptr[1:]] - before[block.indptr[:-1]]).astype(np.float64)
        among = block.columns(phrases)
        for d in range(len(block)):  # row after row: one order of sums
            share += tokens[d] * mixtures[d]
            columns, n = among.row(d)
            standing[columns] += np.minimum(n, 3)[:, None] * mixtures[d]
        weight = mixtures * np.log1p(tokens)[:, None]
        for k in range(latent.n_topics):
            top = np.argsort(-weight[:, k], kind="stable")[:examples]
            best[k] = sorted(best[k] + [(-float(weight[d, k]), int(rows[d])) for d in top])[:examples]
    share = share / max(float(np.add.accumulate(share)[-1]), 1e-12)
    often = document_frequency(counts)[phrases] >= PHRASE_ARTICLES
    return Description(
        names=_names(latent, vocabulary, phrases[often], standing[often], share),
        share=[round(float(s), 6) for s in share],
        articles=[[d for _, d in rows] for rows in best],
    )


def _mixtures(block: Counts, latent: LatentTopics, workers: int) -> Floats:
    return latent.mixtures(block, workers=workers)


def _phrases(latent: LatentTopics, vocabulary: Vocabulary) -> Ints:
    """Return the columns of runs of words all of which latent topics know."""
    known = {vocabulary.terms[int(c)] for c in latent.columns}
    return np.array(
        [
            i
            for i, term in enumerate(vocabulary.terms)
            if " " in term and not term.startswith(MARKS) and all(word in known for word in term.split(" "))
        ],
        np.int32,
    )


def _names(latent: LatentTopics, vocabulary: Vocabulary, phrases: Ints, standing: Floats, share: Floats) -> list[str]:
    """Name latent topics: where a phrase stands, times how much of it is the topic's, times ln(lift)."""
    of_phrase = standing / np.maximum(standing.sum(axis=1, keepdims=True), 1e-12)
    lift = np.log(np.maximum(of_phrase, 1e-12) / np.maximum(share, 1e-12))
    worth = np.where(of_phrase >= PHRASE_SHARE, standing * of_phrase * lift, 0.0)
    relevant = describing_terms(latent, vocabulary, 15, balance=0.4)
    names = [", ".join(term for term, _ in best[:2]) for best in relevant]
    for k, best in enumerate(relevant):
        words = {term for term, _ in best}
        for i in np.argsort(-worth[:, k], kind="stable")[:30]:
            phrase = vocabulary.terms[int(phrases[i])]
            if worth[i, k] > 0 and words & set(phrase.split(" ")):
                names[k] = phrase
                break
    return [given or name for given, name in zip(latent.names or [""] * len(names), names, strict=True)]
