"""A trained model that goes on with new articles: its latent topics learn, its topics and stances stay.

Owns: which config fits a model that goes on, the vocabulary of both corpora, what is refused.
Does not know: how latent topics go on (`lda_continue`), files.

Topics and stances were learned from labeled articles that are no longer there; they say what they said before. A
classifier weighs the terms of its vocabulary, which therefore stays as it is; without one, new terms come in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from topics.errors import UsageError
from topics.predict import Model
from topics.terms import Vocabulary, count_terms
from training.config import Config
from training.corpus import Example
from training.lda_continue import continue_latent
from training.overview import corpus_facts
from training.terms import analysis_of, learn_terms
from training.tfidf import learn_tfidf


def check_update(config: Config, before: Model, name: str) -> None:
    """Raise UsageError where `before`, called `name`, cannot go on with what `config` asks for."""
    if before.latent is None:
        raise UsageError(f"{name} has no latent topics to go on with: its config had no [lda]")
    if config.lda is None or config.lda.engine != "cvb0":
        raise UsageError('--continue learns latent topics: the config needs [lda], with engine = "cvb0"')
    if analysis_of(config.terms) != before.analysis:
        raise UsageError(
            f"[terms] reads texts otherwise than {name} did; take ngrams, chars, stop_words, stem and case from its config.toml"
        )
    for section, part in (("classify", before.classifier), ("stance", before.stance), ("segment", before.segmenter)):
        if getattr(config, section) is not None and part is None:
            raise UsageError(
                f"[{section}]: {name} has none, and --continue learns latent topics alone; leave the section out, or train anew"
            )


def update_model(
    before: Model,
    config: Config,
    examples: Sequence[Example],
    *,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    checkpoint: Path | None = None,
) -> tuple[Model, dict[str, Any]]:
    """Return `before` with latent topics that have learned from `examples`, too, and a report by room. See `check_update`."""
    assert before.latent is not None and config.lda is not None  # noqa: PT018 - check_update has been asked
    say = progress or (lambda line: None)
    texts = [e.document.text for e in examples]
    old = before.vocabulary
    found = learn_terms(texts, config.terms)[0].terms
    new = sorted(set(found) - old.column.keys())
    terms = old.terms if before.classifier is not None else tuple(sorted({*old.terms, *new}))
    counts = count_terms(
        texts, Vocabulary(terms=terms, document_frequency=np.zeros(len(terms), np.int64), n_documents=0), before.analysis, workers
    )
    frequency = counts.document_frequency()
    frequency[[i for i, term in enumerate(terms) if term in old.column]] += np.asarray(old.document_frequency)
    vocabulary = Vocabulary(terms=terms, document_frequency=frequency, n_documents=old.n_documents + len(examples))
    say(
        f"new terms left out: {len(new)}; topics are judged by the terms they were learned with"
        if before.classifier is not None
        else f"{len(terms)} terms, {len(new)} of them new"
    )
    latent, report = continue_latent(
        before.latent, old, counts, vocabulary, config.lda, config.seed, workers=workers, progress=progress, checkpoint=checkpoint
    )
    model = replace(
        before,
        vocabulary=vocabulary,
        tfidf=before.tfidf if before.classifier is not None else learn_tfidf(vocabulary, config.tfidf),
        latent=latent,
        manifest={},
    )
    facts = {"terms": len(terms), "new": len(terms) - len(old.terms), "articles": len(texts), "entries": len(counts.data)}
    return model, {"terms": facts, "lda": report, "corpus": corpus_facts(examples, counts, latent, workers)}


def drift_lines(report: dict[str, Any], model: Model) -> list[str]:
    """Return how far each latent topic has drifted, the farthest first."""
    drift, names = report["drift"], model.latent.names if model.latent is not None else ()
    order = sorted(range(len(drift)), key=lambda k: (-drift[k], k))
    return [
        "Drift of each latent topic (0: none, 1: another topic)",
        *(f"  {k:3d}  {drift[k]:.3f}  {names[k] if names else ''}".rstrip() for k in order),
    ]
