"""Learn latent topics from counts: the door to both engines.

Owns: what is checked before a fit, the choice of engine, what is reported.
Does not know: how a mixture of a new article is found (`topics/lda`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from topics.errors import InputError
from topics.lda import LatentTopics
from topics.scheduler import Here
from topics.terms import Counts, Vocabulary
from training.lda_columns import choose_columns, choose_phrases
from training.lda_cvb0 import learn_cvb0
from training.lda_describe import describe
from training.lda_gensim import learn_gensim
from training.lda_seeds import seed_terms
from training.lda_stream import choose, let_go
from training.settings import LdaSettings


def learn_latent(
    counts: Counts,
    vocabulary: Vocabulary,
    settings: LdaSettings,
    seed: int,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    checkpoint: Path | None = None,
    each: Here | None = None,
) -> tuple[LatentTopics, dict[str, Any]]:
    """Return the latent topics of `counts` (n_articles, n_terms), and facts about the fit.

    `checkpoint`: a folder in which the fit leaves its state now and then, and from which it goes on when one is
    there; `lda_checkpoint.forget` it when the fit is done. A fit that was killed and goes on ends in the same bits.

    `each` runs sweeps and mixtures as tasks (see `topics/scheduler`); sweeps only where there is a checkpoint, whose folder
    all workers must see.

    The result depends on counts, settings and seed, never on `workers` or `each`. Raises InputError where no article
    holds a usable term, or more latent topics are asked for than terms are left.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="newstopics-"))) if settings.stream else None
        return _learn(counts, vocabulary, settings, seed, workers, progress, checkpoint, folder, each)


def _learn(
    counts: Counts,
    vocabulary: Vocabulary,
    settings: LdaSettings,
    seed: int,
    workers: int,
    progress: Callable[[str], None] | None,
    checkpoint: Path | None,
    folder: Path | None,
    each: Here | None,
) -> tuple[LatentTopics, dict[str, Any]]:
    phrases = choose_phrases(counts, vocabulary, settings)
    columns, left_out = choose_columns(counts, vocabulary, settings, phrases)
    if settings.n_topics > len(columns):
        raise InputError(
            f"lda.n_topics = {settings.n_topics} latent topics from {len(columns)} terms: "
            "ask for fewer, or keep more terms (lda.min_df, lda.max_df, lda.max_terms)"
        )
    known = choose(counts, columns, phrases, folder)
    report: dict[str, Any] = {
        "engine": settings.engine,
        "articles": len(known),
        "articles_without_terms": len(counts) - len(known),
        "tokens": int(known.data.sum()),
        "columns": left_out,
        "phrases": len(phrases),
    }
    let_go(known.data)
    given, names, missing = seed_terms(known, columns, vocabulary, settings)
    if missing:
        report["seeds_not_found"] = missing
    if settings.engine == "gensim":
        if settings.seeds:
            raise InputError('lda.seeds needs lda.engine = "cvb0"; gensim\'s would not keep the names to their topics')
        topic_term, alpha, facts = learn_gensim(known, settings, seed)
    else:
        topic_term, alpha, facts = learn_cvb0(known, settings, seed, workers, given, progress, checkpoint, folder, each)
    latent = LatentTopics(topic_term=topic_term, alpha=alpha, columns=columns, names=names, phrases=phrases)
    described = describe(latent, counts, vocabulary, workers=workers, each=each)
    report |= facts | {"share": described.share, "articles_of": described.articles, "seeded": [name for name in names if name]}
    return replace(latent, names=tuple(described.names)), report
