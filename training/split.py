"""Set a test side apart so that it is new to what was learned.

Owns: near-duplicate grouping, and which groups are tested on.
Does not know: how articles were read or what they are tested for.

A page is never cut in two, and near-duplicates (syndicated copies, updates of one story) stay on one side:
a random split that ignores them measures memory. MinHash with banding: Broder 1997; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, ch. 3.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from topics.tokens import TOKEN
from training.corpus import Example
from training.settings import SplitSettings

#: 32 bands of 4 rows find 99.9 % of the pairs at a similarity of 0.7 and 88 % at 0.5; the rest is then compared exactly.
BANDS, ROWS = 32, 4
_PRIME = (1 << 61) - 1


def split_corpus(examples: Sequence[Example], settings: SplitSettings, seed: int) -> tuple[list[Example], list[Example]]:
    """Return (train, test). Groups are taken whole; topics keep their shares on both sides as far as groups allow.

    One group alone cannot be split: then everything is for training.
    """
    groups = grouped(examples, settings.near_duplicates)
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    order = _order(examples, members, settings, seed)
    total = Counter(topic for e in examples for topic in e.topics or ("",))
    quota = {topic: settings.test * count for topic, count in total.items()}
    wanted, taken = settings.test * len(examples), 0
    test: set[int] = set()
    for group in order:
        if len(members) < 2 or taken >= wanted or len(test) + len(members[group]) >= len(examples):
            break
        topics = Counter(topic for i in members[group] for topic in examples[i].topics or ("",))
        # By time or source the order itself is the point; at random a group comes in where its topics still have room.
        room = sum(min(count, quota[topic]) for topic, count in topics.items())
        if settings.by == "random" and room * 2 < sum(topics.values()):
            continue
        for topic, count in topics.items():
            quota[topic] -= count
        test.update(members[group])
        taken += len(members[group])
    return [e for i, e in enumerate(examples) if i not in test], [e for i, e in enumerate(examples) if i in test]


def _order(examples: Sequence[Example], members: dict[int, list[int]], settings: SplitSettings, seed: int) -> list[int]:
    names = sorted(members)
    shuffled = [names[i] for i in np.random.default_rng([seed, 1]).permutation(len(names))]
    if settings.by == "published":
        newest = {g: max(examples[i].document.article.published or "" for i in members[g]) for g in names}
        return sorted(shuffled, key=lambda g: newest[g], reverse=True)
    if settings.by == "source":
        # All of a publisher's groups follow one another, publishers in random order.
        first = {g: examples[members[g][0]].document.article.source or "" for g in names}
        rank: dict[str, int] = {}
        for g in shuffled:
            rank.setdefault(first[g], len(rank))
        return sorted(shuffled, key=lambda g: rank[first[g]])
    return shuffled


def grouped(examples: Sequence[Example], threshold: float) -> list[int]:
    """Return a group number for each example: one for a page, a story, and all their near-duplicates."""
    parent = list(range(len(examples)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[str, int] = {}
    pairs = [(first.setdefault(e.group, i), i) for i, e in enumerate(examples)]
    for left, right in pairs + near_duplicates([e.document.text for e in examples], threshold):
        a, b = sorted((root(left), root(right)))
        parent[b] = a
    return [root(i) for i in range(len(examples))]


def near_duplicates(texts: Sequence[str], threshold: float) -> list[tuple[int, int]]:
    """Return pairs (i, j), i < j, of texts whose sets of word triples have a Jaccard similarity of `threshold` or more."""
    triples = [_triples(text) for text in texts]
    multiply, add = _permutations()
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for i, found in enumerate(triples):
        if len(found):
            sketch = ((found[:, None] * multiply + add) % _PRIME).min(axis=0)
            for band, rows in enumerate(sketch.reshape(BANDS, ROWS)):
                buckets[band, rows.tobytes()].append(i)
    # Within a bucket each text is held against the first alone: copies of one story need one link, not all pairs.
    candidates = {(b[0], j) for b in buckets.values() for j in b[1:]}
    return sorted(pair for pair in candidates if _similarity(triples[pair[0]], triples[pair[1]]) >= threshold)


def _permutations() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    random = np.random.default_rng(0)  # part of the method, not of a run
    draw = random.integers(1, 1 << 29, size=(2, BANDS * ROWS), dtype=np.int64).astype(np.uint64)
    return draw[0], draw[1]


def _triples(text: str) -> npt.NDArray[np.uint64]:
    words = TOKEN.findall(text.lower())
    runs = zip(words, words[1:], words[2:], strict=False) if len(words) > 2 else [tuple(words)] if words else []
    return np.unique(np.array([zlib.crc32(" ".join(run).encode("utf-8", "surrogatepass")) for run in runs], np.uint64))


def _similarity(left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]) -> float:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / (len(left) + len(right) - shared)
