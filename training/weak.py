"""Weak labels: topics of articles nobody labeled, from words that say a topic.

Owns: votes of seeds, their weeding, how far the labels hang on the choice of seeds, and what that takes from a
classifier's probabilities.
Does not know: what a seed is (`weak_seeds`), how votes are refined (`weak_em`), what is learned from the labels (`classify`).

    seeds ─▶ votes ─▶ weeded by what their articles say otherwise ─▶ naive Bayes ⇄ topics of all articles ─▶ labels

Seeds in place of labels: McCallum and Nigam 1999, Text classification by bootstrapping with keywords, EM and shrinkage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from topics.classify import LinearClassifier
from topics.errors import InputError
from topics.terms import Counts, Vocabulary
from topics.tfidf import Floats
from topics.tokens import Analysis
from training.weak_em import refine, shares_of, speaking
from training.weak_seeds import Seeds, count_seeds, halves, read_seeds

Progress = Callable[[str], None]

#: Times that seeds are held against the articles they are in. On the starter corpus (17 topics) macro-F1 of the votes rose
#: from 0.783 to 0.801 in two; on AG News, where the lists hardly overlap, it changed by 0.0005.
WEEDINGS = 2
#: Times that the seeds are cut in two halves, each of which labels all articles by itself. More cost time and say the same.
CUTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """A topic for each article that has evidence of one."""

    #: Topics, sorted.
    labels: tuple[str, ...]
    #: For each article its topic: the given one, or the likeliest; empty where no term speaks for any.
    topics: list[tuple[str, ...]]
    #: (n,) how likely that topic is, 0 to 1, when only half of the seeds are known; 1 where it was given.
    sure: Floats


def learn_weak(
    texts: Sequence[str],
    counts: Counts,
    vocabulary: Vocabulary,
    analysis: Analysis,
    topics: Sequence[tuple[str, ...]],
    given: Mapping[str, Sequence[str]],
    seed: int,
    progress: Progress | None = None,
) -> tuple[Weak, dict[str, Any]]:
    """Label articles by the seeds `given` for each topic, and by the topics that some of them have.

    texts, counts, topics: the n articles, their counts of `vocabulary`'s terms, and their topics (mostly none; of
    several the first counts). Returns the labels and what is worth reporting. Raises ConfigError for seeds that cannot
    be used, InputError where no article has any of them.
    """
    say = progress or (lambda line: None)
    seeds = read_seeds(given, analysis)
    known = {row[0] for row in topics if row}
    labels = tuple(sorted(known | set(seeds.labels)))
    number = {label: j for j, label in enumerate(labels)}
    true = np.array([number[row[0]] if row else -1 for row in topics], np.int64)
    uses = count_seeds(texts, seeds, analysis)
    votes = _votes(uses, seeds, labels)
    hit = votes.any(axis=1)
    if not hit.any():
        raise InputError(f"none of {len(texts)} articles has any of the seeds in [classify]; are they of the same language?")
    data = speaking(counts, vocabulary)
    probability, rounds = refine(data, votes, true)
    said = probability.argmax(axis=1)
    evidence = hit | (np.diff(data.indptr) > 0) | (true >= 0)
    sure = _sure(data, uses, seeds, labels, true, said, seed)
    weak = Weak(
        labels=labels,
        topics=[(labels[k],) if found else () for k, found in zip(said.tolist(), evidence.tolist(), strict=True)],
        sure=sure,
    )
    new = evidence & (true < 0)
    tally = Counter(said[new].tolist())
    used = uses.document_frequency() > 0
    report: dict[str, Any] = {
        "articles": len(texts),
        "labeled": int((true >= 0).sum()),
        "with_seed": int(hit.sum()),
        "without_evidence": int((~evidence).sum()),
        "rounds": rounds,
        "topics": {label: tally[j] for j, label in enumerate(labels)},
        "seeds_found": {label: int((used & (seeds.shares[:, j] > 0)).sum()) for j, label in enumerate(seeds.labels)},
        "sure": float(sure[new].mean()) if new.any() else 1.0,
    }
    if known:
        # What the seeds say of articles whose topic is known, had nobody told it, or that there are topics without seeds.
        seeded = np.array([labels.index(label) for label in seeds.labels])
        alone, _ = refine(data, votes[:, seeded], np.full(len(texts), -1, np.int64))
        report["right_without_labels"] = float((seeded[alone.argmax(axis=1)] == true)[true >= 0].mean())
    told = "; ".join(f"{label} {n}" for label, n in report["topics"].items())
    say(f"weak labels for {int(new.sum())} of {len(texts)} articles: {told}")
    for label, n in report["topics"].items():
        if not n and label not in known:
            say(f"no article for {label!r}: it cannot be learned; more of its words in [classify.seeds] may find some")
    return weak, report


def _votes(uses: Counts, seeds: Seeds, labels: tuple[str, ...]) -> Floats:
    """Return each article's votes for each of `labels`, (n, n_labels): of its forms, by rarity and worth."""
    weights = 1.0 + np.log(uses.data.astype(np.float64))
    matrix = csr_matrix((weights, uses.indices, uses.indptr), shape=(len(uses), uses.n_terms))
    there = csr_matrix((np.ones(len(weights)), uses.indices, uses.indptr), shape=matrix.shape)
    often = uses.document_frequency().astype(np.float64)
    # At least ln 2: where most articles are of one topic, its seeds are everywhere and still say it.
    rarity = np.log(1.0 + (len(uses) + 1.0) / (often + 1.0))
    worth = np.ones(len(often))
    for _ in range(WEEDINGS):
        worth = _worth(there, shares_of(matrix @ (seeds.shares * (rarity * worth)[:, None])), often, seeds)
    votes = np.zeros((len(uses), len(labels)))
    votes[:, [labels.index(label) for label in seeds.labels]] = matrix @ (seeds.shares * (rarity * worth)[:, None])
    return votes


def _worth(there: csr_matrix, topics: Floats, often: Floats, seeds: Seeds) -> Floats:
    """Return the worth of each form, 0 to 1: how far its articles lean to its own topics rather than another.

    Leaning is measured against the topic's share of all articles: a word of a large topic is not penalized for that.
    """
    lean = np.asarray(there.T @ topics) / np.maximum(often, 1.0)[:, None] / np.maximum(topics.mean(axis=0), 1e-9)
    own = (lean * seeds.shares).sum(axis=1) / np.maximum(seeds.shares.sum(axis=1), 1e-9)
    return np.asarray(np.clip(own / np.maximum(lean.max(axis=1), 1e-9), 0.0, 1.0) ** 2)


def _sure(
    data: csr_matrix,
    uses: Counts,
    seeds: Seeds,
    labels: tuple[str, ...],
    true: npt.NDArray[np.int64],
    said: npt.NDArray[np.int64],
    seed: int,
) -> Floats:
    """Return how likely what was said of each article is, (n,), by the mean of labelings from half of the seeds each.

    The posterior of naive Bayes itself is of no use: 0.999 on AG News, where 88 % of the labels are right; this one is
    0.97 there, and 0.85 for 84 % on the starter corpus.
    """
    total = np.zeros(len(said))
    parts = halves(seeds, CUTS, seed)
    for columns in parts:
        half = replace(seeds, forms=tuple(seeds.forms[i] for i in columns), shares=seeds.shares[columns])
        probability, _ = refine(data, _votes(uses.columns(columns), half, labels), true)
        total += probability[np.arange(len(said)), said]
    return np.asarray(total / len(parts))


def soften(classifier: LinearClassifier, sure: Floats, bins: Sequence[Mapping[str, float]]) -> LinearClassifier:
    """Return `classifier`, learned from weak labels, with probabilities that allow for their being wrong.

    What it learned from is held to be right with the mean of `sure`, (n,): the mean probability of the best topic is
    brought down by that factor, by one factor on all scores. `bins`: how many held-out "articles" had which
    "confidence", as the report of `learn_classifier` lists them under "reliability"; what is left of each is taken to be
    spread evenly over the other topics.
    """
    others = len(classifier.labels) - 1
    if classifier.multi_label or not bins or not others:
        return classifier
    articles = np.array([row["articles"] for row in bins], np.float64)
    confidence = np.clip(np.array([row["confidence"] for row in bins], np.float64), 1 / (others + 1), 1 - 1e-9)
    odds = np.log(confidence * others / (1 - confidence))
    wanted = float(sure.mean()) * float(np.average(confidence, weights=articles))
    low, high = 0.01, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        mean = float(np.average(1 / (1 + others * np.exp(-middle * odds)), weights=articles))
        low, high = (middle, high) if mean < wanted else (low, middle)
    center, sharpness, above = classifier.bend
    # Where scores bend moves with them: every scaled score is `high` times what it was.
    bend = (center * high, sharpness / high, above)
    return replace(classifier, scale=classifier.scale * high, shift=classifier.shift * high, bend=bend)
