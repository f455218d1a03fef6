"""Set a test side apart so that it is new to what was learned.

Owns: near-duplicate grouping, and which groups are tested on.
Does not know: how articles were read or what they are tested for.

A page is never cut in two, and near-duplicates (syndicated copies, updates of one story) stay on one side:
a random split that ignores them measures memory. MinHash with banding: Broder 1997; Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, ch. 3.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from topics.errors import InputError
from topics.tokens import TOKEN
from training.corpus import Corpus, Example
from training.settings import SplitSettings

#: (bands, rows) from a similarity on. 32 bands of 4 rows find 99.98 % of the pairs at a similarity of 0.7 and 98 % at
#: 0.6; below, 64 bands of 2 rows find 99.8 % at 0.3, and more pairs that are then compared in vain.
_BANDS = ((0.6, 32, 4), (0.0, 64, 2))
#: Triples sketched at a time: a page of a million characters has 170,000, and each takes 1 kB for a moment.
_AT_ONCE = 4096
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def sides(corpus: Corpus, settings: SplitSettings, seed: int) -> tuple[list[Example], list[Example]]:
    """Return the training and the test side: the corpus' own, or a split of it."""
    if corpus.test or not settings.test:
        return corpus.train, corpus.test
    return split_corpus(corpus.train, settings, seed)


def split_corpus(examples: Sequence[Example], settings: SplitSettings, seed: int) -> tuple[list[Example], list[Example]]:
    """Return (train, test), each in the order of `examples`.

    random: groups are taken whole, and topics keep their shares on both sides as far as groups allow. published: the
    newest groups. source: whole publishers; what is in one group with an article of theirs is left out of the
    training side, since a copy of it is tested on. One group alone cannot be split: then everything is for training.

    Raises InputError where no article has a date, or a publisher, to split by.
    """
    groups = np.array(grouped(examples, settings.near_duplicates), np.int64)
    if settings.by == "source":
        chosen = _publishers(examples, settings, seed)
    else:
        order = _newest(examples, groups) if settings.by == "published" else _shuffled(sorted(set(groups.tolist())), seed)
        chosen = _whole_groups(examples, groups, order, settings)
    touched = {group for group, test in zip(groups.tolist(), chosen, strict=True) if test}
    train = [e for e, group in zip(examples, groups.tolist(), strict=True) if group not in touched]
    if not train:
        return list(examples), []
    return train, [e for e, test in zip(examples, chosen, strict=True) if test]


def _shuffled(names: list[int], seed: int) -> list[int]:
    return [names[i] for i in np.random.default_rng([seed, 1]).permutation(len(names))]


def _whole_groups(
    examples: Sequence[Example], groups: npt.NDArray[np.int64], order: Sequence[int], settings: SplitSettings
) -> list[bool]:
    """Return which examples are tested on: groups in `order` until there are enough."""
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(groups.tolist()):
        members[group].append(i)
    total = Counter(topic for e in examples for topic in e.topics or ("",))
    quota = {topic: settings.test * count for topic, count in total.items()}
    wanted, taken = settings.test * len(examples), 0
    chosen = [False] * len(examples)
    for group in order:
        size = len(members[group])
        if taken >= wanted:
            break
        topics = Counter(topic for i in members[group] for topic in examples[i].topics or ("",))
        # By time the order itself is the point; at random a group comes in where its topics still have room.
        room = sum(min(count, quota[topic]) for topic, count in topics.items())
        if settings.by == "random" and room * 2 < sum(topics.values()):
            continue
        for topic, count in topics.items():
            quota[topic] -= count
        for i in members[group]:
            chosen[i] = True
        taken += size
    return chosen


def _newest(examples: Sequence[Example], groups: npt.NDArray[np.int64]) -> list[int]:
    """Return the groups, newest first; a group is as new as its newest article, one without an ISO date is the oldest."""
    newest: dict[int, str] = {}
    for example, group in zip(examples, groups.tolist(), strict=True):
        published = example.document.article.published or ""
        date = published if _ISO_DATE.match(published) else ""
        newest[group] = max(newest.get(group, ""), date)
    if not any(newest.values()):
        raise InputError("split.by is 'published', and no article has a date such as 2024-05-17; see corpus.published")
    return sorted(sorted(newest), key=newest.__getitem__, reverse=True)


def _publishers(examples: Sequence[Example], settings: SplitSettings, seed: int) -> list[bool]:
    sources = [example.document.article.source or "" for example in examples]
    size = Counter(sources)
    names = sorted(name for name in size if name)  # whose an article without a publisher is, nobody knows
    if not names or len(size) < 2:
        raise InputError("split.by is 'source', and the articles do not have two publishers or more; see corpus.source")
    test: set[str] = set()
    taken, wanted = 0, settings.test * len(examples)
    for name in (names[i] for i in _shuffled(list(range(len(names))), seed)):
        # A publisher that overshoots by more than is missing would make the test side worse, not better.
        if taken < wanted and taken + size[name] - wanted <= wanted - taken:
            test.add(name)
            taken += size[name]
    # All publishers are larger than what is wanted: the smallest one.
    if not test and wanted:
        test = {min(names, key=lambda name: (size[name], name))}
    return [source in test for source in sources]


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
    """Return pairs (i, j), i < j, of texts whose sets of word triples have a Jaccard similarity of `threshold` or more.

    Of texts that are all alike each is paired with the first, not with every other. A text without a word has no double.
    """
    bands, rows = next((bands, rows) for least, bands, rows in _BANDS if threshold >= least)
    first: dict[str, int] = {}
    equal = [(first.setdefault(text, i), i) for i, text in enumerate(texts)]  # a body stands in many pairs, word for word
    triples = {i: _triples(text) for text, i in first.items()}
    permutations = _permutations(bands * rows)
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for i, found in triples.items():
        if len(found):
            for band, part in enumerate(_sketch(found, *permutations).reshape(bands, rows)):
                buckets[band, part.tobytes()].append(i)
    alike: dict[tuple[int, int], bool] = {}
    for bucket in buckets.values():
        # Those that are not alike any before them stand for the rest: comparing all pairs of a story's thousand copies
        # would find nothing more.
        standing: list[int] = []
        for j in bucket:
            for i in standing:
                if (i, j) not in alike:
                    alike[i, j] = _similarity(triples[i], triples[j]) >= threshold
                if alike[i, j]:
                    break
            else:
                standing.append(j)
    doubles = [(i, j) for i, j in equal if i != j and len(triples[i])]
    return sorted([*doubles, *(pair for pair, is_alike in alike.items() if is_alike)])


def _permutations(n: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    random = np.random.default_rng(0)  # part of the method, not of a run
    draw = random.integers(0, 1 << 64, size=(2, n), dtype=np.uint64)
    return draw[0] | np.uint64(1), draw[1]


def _sketch(
    found: npt.NDArray[np.uint64], multiply: npt.NDArray[np.uint64], add: npt.NDArray[np.uint64]
) -> npt.NDArray[np.uint64]:
    """Return the (n_permutations,) smallest hashes of the triples `found`, which are below 2**32.

    Multiply-shift (Dietzfelbinger 1996): the product must overflow 64 bits, as it does, for the upper half to be a hash.
    """
    smallest = [
        ((found[at : at + _AT_ONCE, None] * multiply + add) >> np.uint64(32)).min(axis=0) for at in range(0, len(found), _AT_ONCE)
    ]
    return np.asarray(np.min(smallest, axis=0))


def _triples(text: str) -> npt.NDArray[np.uint64]:
    words = TOKEN.findall(text.lower())
    runs = zip(words, words[1:], words[2:], strict=False) if len(words) > 2 else [tuple(words)] if words else []
    return np.unique(np.array([zlib.crc32(" ".join(run).encode("utf-8", "surrogatepass")) for run in runs], np.uint64))


def _similarity(left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]) -> float:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / (len(left) + len(right) - shared)
