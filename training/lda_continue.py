"""New articles for latent topics that are already learned, and how far each topic has drifted.

Owns: carrying a model over to another vocabulary, drift.
Does not know: how a fit works (`lda_cvb0`), where artifacts lie.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from topics.errors import InputError
from topics.lda import LatentTopics
from topics.terms import Counts, Ints, Vocabulary
from training.lda_columns import choose_columns, choose_phrases
from training.lda_cvb0 import learn_cvb0
from training.lda_describe import describe
from training.lda_state import Given, Singles
from training.lda_stream import choose
from training.settings import LdaSettings


def continue_latent(
    latent: LatentTopics,
    old: Vocabulary,
    counts: Counts,
    vocabulary: Vocabulary,
    settings: LdaSettings,
    seed: int,
    *,
    weight: float = 1.0,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    checkpoint: Path | None = None,
) -> tuple[LatentTopics, dict[str, Any]]:
    """Return `latent` (over the vocabulary `old`) after learning from new articles `counts` (over `vocabulary`), and facts.

    What the old model expects counts `weight` times as prior counts: 1 is as if its articles were still there, less
    forgets them. Terms that are new join, terms that are gone stay with what they had, if the vocabulary has them;
    latent topics keep number and names. report["drift"]: for each topic 1 - its similarity before and after, 0 to 1.
    """
    if settings.engine != "cvb0":
        raise InputError('only lda.engine = "cvb0" goes on from a model')
    phrases = _joined(choose_phrases(counts, vocabulary, settings), latent.phrases, old, vocabulary)
    chosen, left_out = choose_columns(counts, vocabulary, settings, phrases)
    at = {old.terms[int(c)]: i for i, c in enumerate(latent.columns)}
    kept = np.array([vocabulary.column[term] for term in at if term in vocabulary.column], np.int32)
    columns = np.union1d(chosen, kept).astype(np.int32)
    base = _carried(latent, at, vocabulary, columns) * np.float32(weight)
    known = choose(counts, columns, phrases, None)
    settings = settings.model_copy(update={"n_topics": latent.n_topics})
    given = Given(owner=np.full(len(columns), -1, np.int32), base=base, alpha=latent.alpha, goes_on=True)
    topic_term, alpha, facts = learn_cvb0(known, settings, seed, workers, given, progress, checkpoint)
    after = LatentTopics(topic_term=topic_term, alpha=alpha, columns=columns, names=latent.names, phrases=phrases)
    before = base.T.astype(np.float64)
    roots = [
        np.sqrt(table / np.maximum(table.sum(axis=1, keepdims=True), 1e-300)) for table in (before, topic_term.astype(np.float64))
    ]
    described = describe(after, counts, vocabulary, workers=workers)
    return after, facts | {
        "articles": len(known),
        "columns": left_out | {"kept": len(columns), "new": len(columns) - len(kept)},
        "drift": [round(float(1 - d), 6) for d in (roots[0] * roots[1]).sum(axis=1)],
        "share": described.share,
        "articles_of": described.articles,
    }


def _joined(new: Ints, known: Ints, old: Vocabulary, vocabulary: Vocabulary) -> Ints:
    """Return (n, 3) the phrases of both: one that counted as a phrase before still does, where the vocabulary has it."""
    rows = {tuple(row) for row in new.tolist()}
    for row in known.tolist():
        terms = [old.terms[column] for column in row]
        if all(term in vocabulary.column for term in terms):
            rows.add(tuple(vocabulary.column[term] for term in terms))
    return np.array(sorted(rows), np.int32).reshape(-1, 3)


def _carried(latent: LatentTopics, at: dict[str, int], vocabulary: Vocabulary, columns: Ints) -> Singles:
    """Return (n_columns, K) what the old model expects of each column; 0 for a term it does not know."""
    expected = np.asarray(latent.topic_term, np.float32).T
    expected = expected - expected.min()
    out = np.zeros((len(columns), latent.n_topics), np.float32)
    for i, column in enumerate(columns.tolist()):
        j = at.get(vocabulary.terms[column])
        if j is not None:
            out[i] = expected[j]
    return out
