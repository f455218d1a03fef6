"""Set a test side apart so that it is new to what was learned.

Owns: groups of articles that belong together, and which groups are tested on.
Does not know: how near-duplicates are found (`topics/duplicates`), how articles were read or what they are tested for.

A page is never cut in two, and near-duplicates (syndicated copies, updates of one story) stay on one side:
a random split that ignores them measures memory.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from topics.duplicates import near_duplicates
from topics.errors import InputError
from topics.sketches import Sketcher, sketches
from training.corpus import Corpus, Example
from training.settings import SplitSettings
from training.shelf import groups_of, taken, topics_of
from training.spool import Texts

Sides = tuple[Sequence[Example], Sequence[Example]]
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def sides(corpus: Corpus, settings: SplitSettings, seed: int, sketch: Sketcher = sketches) -> Sides:
    """Return the training and the test side: the corpus' own, or a split of it. sketch: what sketches texts."""
    if corpus.test or not settings.test:
        return corpus.train, corpus.test
    return split_corpus(corpus.train, settings, seed, sketch)


def split_corpus(examples: Sequence[Example], settings: SplitSettings, seed: int, sketch: Sketcher = sketches) -> Sides:
    """Return (train, test), each in the order of `examples`.

    random: groups are taken whole, and topics keep their shares on both sides as far as groups allow. published: the
    newest groups. source: whole publishers; what is in one group with an article of theirs is left out of the
    training side, since a copy of it is tested on. One group alone cannot be split: then everything is for training.

    Raises InputError where no article has a date, or a publisher, to split by.
    """
    groups = np.array(grouped(examples, settings.near_duplicates, sketch), np.int64)
    if settings.by == "source":
        chosen = _publishers(examples, settings, seed)
    else:
        order = _newest(examples, groups) if settings.by == "published" else _shuffled(sorted(set(groups.tolist())), seed)
        chosen = _whole_groups(examples, groups, order, settings)
    touched = {group for group, test in zip(groups.tolist(), chosen, strict=True) if test}
    train = [i for i, group in enumerate(groups.tolist()) if group not in touched]
    if not train:
        return examples, []
    return taken(examples, train), taken(examples, [i for i, test in enumerate(chosen) if test])


def _shuffled(names: list[int], seed: int) -> list[int]:
    return [names[i] for i in np.random.default_rng([seed, 1]).permutation(len(names))]


def _whole_groups(
    examples: Sequence[Example], groups: npt.NDArray[np.int64], order: Sequence[int], settings: SplitSettings
) -> list[bool]:
    """Return which examples are tested on: groups in `order` until there are enough."""
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(groups.tolist()):
        members[group].append(i)
    topics_are = topics_of(examples)
    total = Counter(topic for topics in topics_are for topic in topics or ("",))
    quota = {topic: settings.test * count for topic, count in total.items()}
    wanted, taken = settings.test * len(examples), 0
    chosen = [False] * len(examples)
    for group in order:
        size = len(members[group])
        if taken >= wanted:
            break
        topics = Counter(topic for i in members[group] for topic in topics_are[i] or ("",))
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


def grouped(examples: Sequence[Example], threshold: float, sketch: Sketcher = sketches) -> list[int]:
    """Return a group number for each example: one for a page, a story, and all their near-duplicates."""
    parent = list(range(len(examples)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[str, int] = {}
    pairs = [(first.setdefault(group, i), i) for i, group in enumerate(groups_of(examples))]
    for left, right in pairs + near_duplicates(Texts(examples), threshold, sketch):
        a, b = sorted((root(left), root(right)))
        parent[b] = a
    return [root(i) for i in range(len(examples))]
