"""Count what was published many times once: copies on the training side that say nothing new.

Owns: which copies are left out, and which equal texts contradict each other.
Does not know: how copies are found (`topics/duplicates`), what is learned.

A wire story that ten papers printed is one article, not ten: its terms would weigh ten times as much. A copy that adds a
topic, or a stance toward another target, is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from topics.duplicates import clusters_among, similarity_of
from topics.scheduler import Here
from topics.sketches import Sketcher, Sketches, sketches
from training.corpus import Example
from training.settings import CorpusSettings
from training.shelf import Shelf, taken
from training.spool import Texts

#: Shorter texts are copies only where they are equal: reports of goals and prices, made of one sentence and other numbers, share
#: most of their triples and none of their news.
LEAST_WORDS = 50
#: Texts that are sketched in one task.
TASK = 5_000


@dataclass(frozen=True, slots=True)
class Once:
    """A training side without copies."""

    examples: Sequence[Example]
    #: How many were left out.
    copies: int


def counted_once(examples: Sequence[Example], settings: CorpusSettings, threshold: float, sketch: Sketcher = sketches) -> Once:
    """Return `examples` without the copies that say nothing their cluster has not said, in order; all where copies are kept.

    threshold: the similarity, 0.3 to 1, from which an article is a copy (`split.near_duplicates`). sketch: what sketches
    texts, here or elsewhere.
    """
    if settings.copies == "keep":
        return Once(examples, 0)
    clusters = clusters_of(Texts(examples), threshold, sketch)
    size = defaultdict[int, int](int)
    for first in clusters:
        size[first] += 1
    kept: list[int] = []
    said: dict[int, list[Example]] = defaultdict(list)
    for i, first in enumerate(clusters):
        if size[first] > 1:
            example = examples[i]
            if any(_nothing_new(example, before) for before in said[first]):
                continue
            said[first].append(example)
        kept.append(i)
    return Once(examples if len(kept) == len(examples) else taken(examples, kept), len(examples) - len(kept))


def sketcher(each: Here) -> Sketcher:
    """Return what sketches texts: here, or in tasks where there is a cluster; where their words were read, it is done."""

    def known(texts: Sequence[str]) -> tuple[Sketches, npt.NDArray[np.bool_]]:
        shelf = texts.examples if isinstance(texts, Texts) else None
        if isinstance(shelf, Shelf) and shelf.store.stream is not None:
            return shelf.store.stream.sketches(shelf.places())
        return sketch(texts) if each.away else sketches(texts)

    def sketch(texts: Sequence[str]) -> tuple[Sketches, npt.NDArray[np.bool_]]:
        parts = list(each(sketches, (list(texts[first : first + TASK]) for first in range(0, len(texts), TASK))))
        return np.concatenate([found for found, _ in parts]), np.concatenate([filled for _, filled in parts])

    return known


def _nothing_new(copy: Example, before: Example) -> bool:
    return set(copy.topics) <= set(before.topics) and copy.stances.items() <= before.stances.items()


def clusters_of(texts: Sequence[str], threshold: float, sketch: Sketcher = sketches) -> list[int]:
    """Return for each text the first of its cluster: itself where it is like no other. Short texts must be equal."""
    alike = similarity_of(texts)

    def short(i: int) -> bool:
        return len(texts[i].split()) < LEAST_WORDS

    def exact(i: int, j: int) -> float:
        return float(texts[i] == texts[j]) if short(i) or short(j) else alike(i, j)

    firsts: list[int] = clusters_among(*sketch(texts), threshold, exact)[1].tolist()
    return firsts


def contradictions(examples: Sequence[Example]) -> Iterator[tuple[Example, Example, str]]:
    """Yield pairs of examples whose texts are equal and whose labels are not, and what differs."""
    first: dict[str, Example] = {}
    for example in examples:
        before = first.setdefault(example.document.text, example)
        if before is example or not example.document.text.strip():
            continue
        if before.topics and example.topics and set(before.topics) != set(example.topics):
            yield before, example, f"topic {', '.join(before.topics)!r} and {', '.join(example.topics)!r}"
        for target in sorted(before.stances.keys() & example.stances.keys()):
            if before.stances[target] != example.stances[target]:
                stances = f"{before.stances[target]!r} and {example.stances[target]!r}"
                yield before, example, f"stance toward {target!r}: {stances}"
