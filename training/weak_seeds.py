"""Seeds: words and phrases that say a topic, and how often articles use them.

Owns: what `[classify.seeds]` and `taxonomy` mean together, plurals, counting seeds in articles.
Does not know: what is made of the counts (`weak`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from topics.errors import ConfigError, did_you_mean
from topics.terms import Counts, Ints, Vocabulary, count_terms
from topics.tfidf import Floats
from topics.tokens import Analysis, analyzer
from training.corpus import Example
from training.settings import ClassifySettings

#: A seed "iptc:sport" stands for all of the taxonomy's seeds of that topic.
PREFIX = "iptc:"
LONGEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """The seeds of all topics, in every form that is counted."""

    #: Topics, sorted.
    labels: tuple[str, ...]
    #: Forms (a seed, its plural), sorted.
    forms: tuple[str, ...]
    #: (n_forms, n_labels) a form's share in each topic's seeds: 1 where it is one topic's alone, 1/2 where it is two topics'.
    shares: Floats


@cache
def iptc() -> Mapping[str, tuple[str, ...]]:
    """Return our seeds for the 17 top-level topics of the IPTC Media Topics."""
    path = Path(__file__).parent / "starter" / "iptc.toml"
    return {topic: tuple(seeds) for topic, seeds in tomllib.loads(path.read_text("utf-8")).items()}


def seeds_of(settings: ClassifySettings, name: str = "config") -> dict[str, tuple[str, ...]]:
    """Return the seeds of each topic, sorted by topic; empty where the config asks for none.

    Seeds of a topic which the taxonomy has, too, are added to its own. Raises ConfigError for an unknown "iptc:" topic;
    `name` is what the message calls the config.
    """
    found: dict[str, list[str]] = {}
    if settings.taxonomy == "iptc":
        found = {topic: list(seeds) for topic, seeds in iptc().items()}
    problems = []
    if settings.multi_label and (found or settings.seeds):
        problems.append("classify.multi_label: seeds give each article one topic; leave out seeds and taxonomy, or this")
    for topic, given in settings.seeds.items():
        mine = found.setdefault(topic, [])
        for seed in given:
            theirs = seed.removeprefix(PREFIX).strip()
            if not seed.startswith(PREFIX):
                mine.append(seed)
            elif theirs in iptc():
                mine += iptc()[theirs]
            else:
                hint = did_you_mean(theirs, iptc()) or "; it has: " + "; ".join(iptc())
                problems.append(f"classify.seeds: {theirs!r} is no topic of the taxonomy{hint}")
    if problems:
        raise ConfigError(name, problems)
    return {topic: tuple(found[topic]) for topic in sorted(found)}


def all_for_learning(settings: ClassifySettings | None, examples: Sequence[Example]) -> bool:
    """Return whether topics come from seeds alone: then nothing could be tested, and no article is set aside for that."""
    seeded = settings is not None and bool(settings.seeds or settings.taxonomy)
    return seeded and not any(e.topics or e.stances for e in examples)


def read_seeds(given: Mapping[str, Sequence[str]], analysis: Analysis, name: str = "config") -> Seeds:
    """Return the forms of the given seeds, read as the articles are read, without stems and stop words.

    Raises ConfigError with every topic that has no usable seed and every seed that is no word or longer than three.
    """
    reading = _reading(analysis)
    words = analyzer(Analysis(ngrams=(1, 1), lowercase=reading.lowercase, strip_accents=reading.strip_accents))
    topics_of: dict[str, set[str]] = {}
    problems = []
    for topic, seeds in given.items():
        if not seeds:
            problems.append(f"classify.seeds: {topic!r} has no seed; name some words that say this topic")
        for seed in seeds:
            read = list(words(seed))
            if not 1 <= len(read) <= LONGEST:
                problems.append(f"classify.seeds: {seed!r} of {topic!r} is not one to {LONGEST} words of two letters or more")
                continue
            for form in plurals(" ".join(read)):
                topics_of.setdefault(form, set()).add(topic)
    if problems:
        raise ConfigError(name, problems)
    labels, forms = tuple(sorted(given)), tuple(sorted(topics_of))
    number = {label: j for j, label in enumerate(labels)}
    shares = np.zeros((len(forms), len(labels)))
    for i, form in enumerate(forms):
        for topic in topics_of[form]:
            shares[i, number[topic]] = 1.0 / len(topics_of[form])
    return Seeds(labels=labels, forms=forms, shares=shares)


def plurals(seed: str) -> tuple[str, ...]:
    """Return a seed and its regular English plural; a seed that ends in s stands alone."""
    if seed.endswith("s"):
        return (seed,)
    if seed.endswith("y") and seed[-2:-1] not in "aeiou":
        return seed, seed[:-1] + "ies"
    return seed, seed + ("es" if seed.endswith(("x", "ch", "sh", "z")) else "s")


def halves(seeds: Seeds, cuts: int, seed: int) -> list[Ints]:
    """Return 2 * `cuts` selections of forms, ascending columns: the seeds cut in two, anew each time.

    Every topic's seeds are cut evenly, a plural stays with its seed, and a topic's only seed is in both halves.
    """
    random = np.random.default_rng([seed, 43])
    found: list[Ints] = []
    for _ in range(cuts):
        inside = np.zeros((2, len(seeds.forms)), bool)
        for j in range(len(seeds.labels)):
            mine = np.flatnonzero(seeds.shares[:, j] > 0).tolist()
            units: list[list[int]] = []
            for i in mine:
                # A plural begins with its seed but for a y, and stands next to it or nearly so.
                if units and seeds.forms[i] in plurals(seeds.forms[units[-1][0]]):
                    units[-1].append(i)
                else:
                    units.append([i])
            for place, at in enumerate(random.permutation(len(units)).tolist()):
                inside[:, units[at]] |= np.array([place % 2 == 0, place % 2 == 1 or len(units) == 1])[:, None]
        found += [np.flatnonzero(side).astype(np.int32) for side in inside]
    return found


def count_seeds(texts: Sequence[str], seeds: Seeds, analysis: Analysis) -> Counts:
    """Return how often each text uses each form, (n_texts, n_forms). A phrase counts beside the words in it."""
    # Counted apart from the corpus' own terms: there, rare ones and phrases of three words may have been left out.
    ones = np.ones(len(seeds.forms), np.int64)
    vocabulary = Vocabulary(terms=seeds.forms, document_frequency=ones, n_documents=1)
    return count_terms(texts, vocabulary, _reading(analysis))


def _reading(analysis: Analysis) -> Analysis:
    return Analysis(ngrams=(1, LONGEST), lowercase=analysis.lowercase, strip_accents=analysis.strip_accents)
