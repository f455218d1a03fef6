"""How many latent topics? Fits with several numbers and seeds, compared by what they are good for.

Owns: what is measured for each number, the recommendation and its words.
Does not know: how a fit or a measure works.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations, islice
from pathlib import Path
from typing import Any

import numpy as np

from topics.errors import InputError, UsageError
from topics.lda import LatentTopics
from topics.lda_labels import exclusivity
from topics.lda_shares import match_topics
from topics.scheduler import Here
from topics.terms import Counts, Vocabulary
from topics.tokens import analyzer
from training.coherence import WINDOWS, coherence, count_articles, count_windows, diversity
from training.config import Config
from training.copies import counted_once
from training.corpus import load_corpus
from training.lda import learn_latent
from training.lda_columns import choose_columns, choose_phrases
from training.settings import LdaSettings
from training.split import sides
from training.terms import analysis_of, learn_terms

#: Terms of each latent topic that are judged.
TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One number of latent topics, judged over the seeds: means."""

    n_topics: int
    #: Of set-aside tokens; lower is better. None where the corpus is too small to set any aside.
    perplexity: float | None
    #: -1 to 1, in whole articles, and its standard deviation over the seeds.
    npmi: float
    npmi_deviation: float
    #: 0 to 1, in windows of 110 words; None where no texts were given.
    c_v: float | None
    #: Mean p(k | w) of the top terms, 0 to 1.
    exclusivity: float
    #: Share of different words among all top terms, 0 to 1.
    diversity: float
    #: Mean similarity of the best-matching latent topics of two seeds, 0 to 1; None with one seed.
    stability: float | None
    sweeps: float

    def row(self) -> dict[str, Any]:
        """Return the numbers as a row, rounded for people."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def search_topics(
    counts: Counts,
    vocabulary: Vocabulary,
    settings: LdaSettings,
    numbers: Sequence[int],
    *,
    seeds: Sequence[int] = (1, 2, 3),
    texts: Sequence[Sequence[str]] | None = None,
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    each: Here | None = None,
) -> list[Candidate]:
    """Fit each of `numbers` latent topics with each seed and return a Candidate for each number, ascending.

    `texts`: the words of the articles in reading order, for C_v. `each` runs the fits, one task each (see
    `topics/scheduler`), with the same result. Raises UsageError without numbers or seeds.
    """
    if not numbers or not seeds:
        raise UsageError("a search needs at least one number of latent topics and one seed")
    columns = len(choose_columns(counts, vocabulary, settings, choose_phrases(counts, vocabulary, settings))[0])
    if max(numbers) > columns:  # said before hours of fits, not after them
        raise InputError(
            f"{max(numbers)} latent topics from {columns} terms: search among fewer, or keep more terms (lda.min_df)"
        )
    found = []
    trials = [(settings.model_copy(update={"n_topics": n}), seed, workers) for n in sorted(set(numbers)) for seed in seeds]
    made = (each or Here())(_trial, trials, shared=(counts, vocabulary))
    for n_topics in sorted(set(numbers)):
        fits = list(islice(made, len(seeds)))
        found.append(_judge(fits, counts, vocabulary, texts))
        if progress:
            progress(f"lda: {n_topics} latent topics: {_said(found[-1])}")
    return found


def _trial(trial: tuple[LdaSettings, int, int], counts: Counts, vocabulary: Vocabulary) -> tuple[LatentTopics, dict[str, Any]]:
    settings, seed, workers = trial
    return learn_latent(counts, vocabulary, settings, seed, workers=workers)


def search_config(
    config: Config,
    base: Path,
    numbers: Sequence[int],
    *,
    seeds: Sequence[int],
    name: str = "config",
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
    each: Here | None = None,
) -> list[Candidate]:
    """Search over the training side of a config's corpus, whose file names are relative to `base`; see `search_topics`.

    C_v is measured in the words that latent topics are learned from; not where phrases count, which windows do not hold.
    """
    settings = config.lda or LdaSettings()
    corpus = load_corpus(config.corpus, base, name=name, progress=progress)
    learned = corpus.train if corpus.test else sides(corpus, config.split, config.seed)[0]
    learned = counted_once(learned, config.corpus, config.split.near_duplicates).examples
    texts = [e.document.text for e in learned]
    vocabulary, counts = learn_terms(texts, config.terms)
    words = None
    if settings.phrases is None:
        kept = {
            vocabulary.terms[int(c)]
            for c in choose_columns(counts, vocabulary, settings, choose_phrases(counts, vocabulary, settings))[0]
        }
        single = analysis_of(config.terms.model_copy(update={"ngrams": [1, 1], "chars": None}))
        analyze = analyzer(single)
        words = [[word for word in analyze(text) if word in kept] for text in texts]
    return search_topics(
        counts, vocabulary, settings, numbers, seeds=seeds, texts=words, workers=workers, progress=progress, each=each
    )


def _judge(
    fits: Sequence[tuple[LatentTopics, dict[str, Any]]],
    counts: Counts,
    vocabulary: Vocabulary,
    texts: Sequence[Sequence[str]] | None,
) -> Candidate:
    tops = [[[t for t, _ in latent.top_terms(k, TOP, vocabulary)] for k in range(latent.n_topics)] for latent, _ in fits]
    words = sorted({term for top in tops for terms in top for term in terms})
    articles = count_articles(counts, vocabulary, words)
    npmi = [float(np.nanmean(coherence("npmi", top, articles))) for top in tops]
    c_v = None
    if texts is not None:
        windows = count_windows(texts, words, WINDOWS["c_v"])
        c_v = float(np.mean([np.nanmean(coherence("c_v", top, windows)) for top in tops]))
    curves = [report.get("held_out", {}).get("perplexity") for _, report in fits]
    tables = [np.asarray(latent.topic_term, np.float64) for latent, _ in fits]
    similar = [float(match_topics(one, other)[1].mean()) for one, other in combinations(tables, 2)]
    return Candidate(
        n_topics=fits[0][0].n_topics,
        perplexity=float(np.mean([curve[-1][1] for curve in curves])) if all(curves) else None,
        npmi=float(np.mean(npmi)),
        npmi_deviation=float(np.std(npmi)),
        c_v=c_v,
        exclusivity=float(np.mean([exclusivity(latent, TOP).mean() for latent, _ in fits])),
        diversity=float(np.mean([diversity(top) for top in tops])),
        stability=float(np.mean(similar)) if similar else None,
        sweeps=float(np.mean([report.get("sweeps", report.get("passes", 0)) for _, report in fits])),
    )


def recommend(candidates: Sequence[Candidate]) -> tuple[int, str]:
    """Return the number of latent topics with the best mean rank, ties to the smaller, and why, in a sentence.

    Ranked are held-out perplexity, coherence (C_v where there is one, else NPMI), diversity and stability: the first
    wants many topics, the others want topics that people can tell apart and find again.
    """
    measures: list[tuple[str, list[float]]] = [("diversity", [-c.diversity for c in candidates])]
    if all(c.perplexity is not None for c in candidates):
        measures.append(("held-out perplexity", [c.perplexity or 0.0 for c in candidates]))
    if all(c.c_v is not None for c in candidates):
        measures.append(("coherence", [-(c.c_v or 0.0) for c in candidates]))
    else:
        measures.append(("coherence", [-c.npmi for c in candidates]))
    if all(c.stability is not None for c in candidates):
        measures.append(("stability", [-(c.stability or 0.0) for c in candidates]))
    ranks = np.array([[sum(other < value for other in values) + 1 for value in values] for _, values in measures])
    best = int(np.argmin(ranks.mean(axis=0)))
    chosen = candidates[best]
    firsts = [name for (name, _), rank in zip(measures, ranks, strict=True) if rank[best] == 1]
    others = [f"{name} (place {rank[best]})" for (name, _), rank in zip(measures, ranks, strict=True) if rank[best] > 1]
    why = f"best of {len(candidates)} by {', '.join(firsts)}" if firsts else f"the best balance of {len(candidates)}"
    rest = f", then {', '.join(others)}" if others else ""
    return chosen.n_topics, f"{chosen.n_topics} latent topics: {why}{rest}; {_said(chosen)}"


def _said(candidate: Candidate) -> str:
    parts = [] if candidate.perplexity is None else [f"held-out perplexity {candidate.perplexity:.0f}"]
    parts.append(f"NPMI {candidate.npmi:.3f}")
    parts += [] if candidate.c_v is None else [f"C_v {candidate.c_v:.3f}"]
    parts += [f"exclusivity {candidate.exclusivity:.2f}", f"diversity {candidate.diversity:.2f}"]
    parts += [] if candidate.stability is None else [f"stability {candidate.stability:.2f}"]
    return ", ".join(parts)
