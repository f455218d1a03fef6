"""Naive Bayes that starts from votes and is refined on all articles, labeled or not.

Owns: which terms it looks at, expectation and maximization, how given labels weigh, when it has converged.
Does not know: where the votes come from (`weak_seeds`, `weak`).

Nigam, McCallum, Thrun and Mitchell 2000, Text classification from labeled and unlabeled documents using EM, sections 4
and 5; its lambda is the weight of labeled articles here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from topics.terms import Counts, Vocabulary
from topics.tfidf import Floats
from topics.tokens import MARKS
from training.stopwords import ENGLISH

#: A long article counts as so many different terms: naive Bayes takes each as independent news and would be certain of all.
LENGTH = 30.0
#: Pseudo-occurrences of a term, as a share of its occurrences in an average term's place; 0.02 to 0.5 differ by 0.001.
SMOOTHING = 0.3
#: A term that more articles have says nothing of their topics; one that fewer have, nothing that carries over.
MAX_SHARE, MIN_ARTICLES = 0.3, 3
#: Rounds at most, and the share of articles that change their topic below which it has converged.
ROUNDS, CHANGED = 20, 0.001
#: How far an article's own seed votes remain its prior: (share of the votes + ANCHOR). 0 would forbid topics without a vote.
ANCHOR = 0.1
#: The labeled articles together weigh at least this share of all articles (each at most TOP times), lest the many drown them.
LABELED_SHARE, TOP = 0.25, 10.0


def shares_of(votes: Floats) -> Floats:
    """Return each row as shares of its sum; a row without votes stays zero."""
    return np.asarray(votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-12))


def speaking(counts: Counts, vocabulary: Vocabulary) -> csr_matrix:
    """Return which articles have which of the terms that may say a topic: no stop words, not everywhere, not too rare."""
    often = vocabulary.document_frequency
    # A small corpus has hardly a term in three articles, and each is the better for it.
    least = MIN_ARTICLES if len(counts) >= 100 else 1
    speaks = (often >= least) & (often <= max(MAX_SHARE * vocabulary.n_documents, 1))
    for i, term in enumerate(vocabulary.terms):
        if speaks[i] and (term.startswith(MARKS) or not ENGLISH.isdisjoint(term.split())):
            speaks[i] = False
    kept = counts.columns(np.flatnonzero(speaks).astype(np.int32))
    return csr_matrix((np.ones(len(kept.data)), kept.indices, kept.indptr), shape=(len(kept), kept.n_terms))


def refine(data: csr_matrix, votes: Floats, true: npt.NDArray[np.int64]) -> tuple[Floats, int]:
    """Return how likely each topic is for each article, (n, n_labels), rows sum to 1; and how many rounds it took.

    data: (n, n_terms) ones; votes: (n, n_labels), 0 or more; true: (n,) the given topic's number, or -1.
    """
    n, k = votes.shape
    given = np.flatnonzero(true >= 0)
    certain = np.eye(k)[true[given]]
    weight = np.ones(n)
    if len(given):
        weight[given] = float(np.clip(LABELED_SHARE * n / len(given), 1.0, TOP))
    voted = shares_of(votes)
    topics = shares_of(voted**2)
    topics[given] = certain
    anchor = np.log(voted + ANCHOR)
    lengths = np.asarray(data.sum(axis=1)).ravel()
    tempered = np.minimum(1.0, LENGTH / np.maximum(lengths, 1.0))[:, None]
    everywhere = np.asarray(data.sum(axis=0)).ravel()
    background = SMOOTHING * everywhere / (float(everywhere.mean()) if len(everywhere) else 1.0)
    share = np.full(k, 1.0 / k)
    before = topics.argmax(axis=1)
    rounds = 0
    while rounds < ROUNDS:
        rounds += 1
        use = np.asarray(data.T @ (topics * weight[:, None])).T + background
        use /= np.maximum(use.sum(axis=1, keepdims=True), 1e-300)
        scores = np.asarray(data @ np.log(use).T) * tempered + np.log(share) + anchor
        topics = np.exp(scores - scores.max(axis=1, keepdims=True))
        topics /= topics.sum(axis=1, keepdims=True)
        topics[given] = certain
        # One article more for each topic: none dies out for want of articles in one round.
        share = (topics.sum(axis=0) + 1.0) / (n + k)
        now = topics.argmax(axis=1)
        changed = float((now != before).mean())
        before = now
        if changed <= CHANGED:
            break
    return topics, rounds
