"""What the benchmarks of latent topics are run on, and the one judge of all learners.

Owns: public corpora shuffled and counted, held-out halves, perplexity, NPMI and diversity of top terms.
Does not know: who learns (`lda_peers`), what is printed (`lda_tables`).
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - threads are limited first

from topics.lda import LatentTopics  # noqa: E402
from topics.terms import Counts, Vocabulary, count_terms  # noqa: E402
from topics.tokens import analyzer  # noqa: E402
from training.coherence import coherence, count_articles, diversity  # noqa: E402
from training.lda_columns import choose_columns  # noqa: E402
from training.settings import LdaSettings, TermsSettings  # noqa: E402
from training.terms import analysis_of, learn_terms  # noqa: E402

DATA = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared")) / "datasets"
#: How top terms are chosen: the most probable ones, as every peer does, and by Blei and Lafferty's term score.
BY = ("probability", "score")


def texts_of(name):
    """Return (training texts, held-out texts), shuffled: the files are sorted by topic."""

    def read(file):
        with gzip.open(DATA / name / file, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    rng = np.random.default_rng(0)
    if name == "20newsgroups-bydate":
        from sklearn.datasets._twenty_newsgroups import strip_newsgroup_footer, strip_newsgroup_quoting

        train, test = (
            [strip_newsgroup_footer(strip_newsgroup_quoting(r["text"])) for r in read(f"{s}.jsonl.gz")] for s in ("train", "test")
        )
        return [train[i] for i in rng.permutation(len(train))], [test[i] for i in rng.permutation(len(test))[:2000]]
    rows = [f"{r['title']}\n\n{r['text']}" for r in read("train.jsonl.gz")]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    n = min(1500, len(rows) // 8)
    return rows[n:], rows[:n]


def prepare(name):
    """Return (counts, vocabulary of its columns' terms, held-out halves a and b)."""
    train, test = texts_of(name)
    terms = TermsSettings(ngrams=[1, 1], min_df=8, stop_words="english")
    vocabulary, counts = learn_terms(train, terms)
    columns, _ = choose_columns(counts, vocabulary, LdaSettings(), np.zeros((0, 3), np.int32))
    held = count_terms(test, vocabulary, analysis_of(terms)).columns(columns)
    names = [vocabulary.terms[c] for c in columns]
    known = counts.columns(columns)
    known = known.rows(np.flatnonzero(np.diff(known.indptr)))
    a = np.random.default_rng(1).binomial(held.data, 0.5).astype(np.int32)
    halves = []
    for data in (a, held.data - a):
        before = np.concatenate([[0], np.cumsum(data > 0)])
        halves.append(
            Counts(indptr=before[held.indptr], indices=held.indices[data > 0], data=data[data > 0], n_terms=held.n_terms)
        )
    both = np.flatnonzero((np.diff(halves[0].indptr) > 0) & (np.diff(halves[1].indptr) > 0))
    return known, names, halves[0].rows(both), halves[1].rows(both)


def prepare_octis(name):
    """Return (counts, terms, the terms of each text in order): terms in 0.5 % of the articles, stop words left out."""
    train, _ = texts_of(name)
    terms = TermsSettings(ngrams=[1, 1], min_df=0.005, stop_words="english")
    vocabulary, counts = learn_terms(train, terms)
    columns, _ = choose_columns(counts, vocabulary, LdaSettings(), np.zeros((0, 3), np.int32))
    names = [vocabulary.terms[c] for c in columns]
    kept, analyze = set(names), analyzer(analysis_of(terms))
    return counts.columns(columns), names, [[w for w in analyze(text) if w in kept] for text in train]


def top_terms(topic_term, names, by, n=10):
    """Return each latent topic's `n` best terms; the same measure for everyone."""
    phi = np.maximum(np.asarray(topic_term, np.float64), 1e-12)
    phi = phi / phi.sum(axis=1, keepdims=True)
    # A little of everything for all: to a term that a model rules out, a logarithm gives all the weight.
    phi = phi * (1 - 1e-7 * phi.shape[1]) + 1e-7
    log = np.log(phi)
    weights = phi if by == "probability" else phi * (log - log.mean(axis=0))
    return [[names[i] for i in np.argsort(-row, kind="stable")[:n]] for row in weights]


class Judge:
    """One perplexity and one coherence for everyone."""

    def __init__(self, counts, names, a, b):
        self.counts, self.names, self.a, self.b = counts, names, a, b
        self.vocabulary = Vocabulary(terms=tuple(names), document_frequency=counts.document_frequency(), n_documents=len(counts))

    def __call__(self, topic_term):
        phi = np.maximum(np.asarray(topic_term, np.float64), 1e-12)
        phi /= phi.sum(axis=1, keepdims=True)
        # A little of everything for all: a term that a model rules out would decide alone.
        phi = phi * (1 - 1e-7 * phi.shape[1]) + 1e-7
        K = len(phi)
        latent = LatentTopics(topic_term=phi, alpha=np.full(K, 0.1), columns=np.arange(phi.shape[1], dtype=np.int32))
        mixtures = latent.mixtures(self.a)
        rows = np.repeat(np.arange(len(self.b)), np.diff(self.b.indptr))
        found = 0.0
        for at in range(0, len(rows), 20000):
            s = slice(at, at + 20000)
            p = np.einsum("ik,ki->i", mixtures[rows[s]], phi[:, self.b.indices[s]])
            found += float((self.b.data[s] * np.log(p)).sum())
        npmi = []
        for by in BY:
            top = top_terms(topic_term, self.names, by)
            together = count_articles(self.counts, self.vocabulary, {w for t in top for w in t})
            npmi.append(float(np.mean(coherence("npmi", top, together))))
        different = diversity(top_terms(topic_term, self.names, "probability"))
        return np.exp(-found / self.b.data.sum()), *npmi, different
