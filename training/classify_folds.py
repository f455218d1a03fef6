"""Cut a training side into folds for cross-validation, or hold a part of a large one out.

Owns: which fold or part an article is in. Articles of one group (near-duplicates, one page) share a fold, topics are
spread evenly, and the folds depend on seed and group names only, not on anything random in between.
Does not know: what is fitted on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from topics.terms import Ints


def make_folds(topics: Sequence[tuple[str, ...]], groups: Sequence[str], folds: int, seed: int) -> Ints:
    """Return the fold, 0 to folds - 1, of each article, (n,).

    Groups are dealt out like cards: within the rarest topic of their first article, in a seeded order, each to the
    fold that holds fewest articles of that topic so far, then fewest in all, then the first.
    """
    members: dict[str, list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    often: dict[str, int] = defaultdict(int)
    for row in topics:
        for topic in row:
            often[topic] += 1
    names = sorted(members)
    order = np.random.default_rng([seed, 41]).permutation(len(names))
    # Large groups first: what comes late and is small fills the gaps.
    dealt = sorted((names[i] for i in order), key=lambda name: -len(members[name]))
    by_topic: dict[str, list[int]] = defaultdict(lambda: [0] * folds)
    total = [0] * folds
    fold = np.zeros(len(topics), np.int32)
    for name in dealt:
        rows = members[name]
        topic = min((t for i in rows for t in topics[i]), key=lambda t: (often[t], t), default="")
        held = by_topic[topic]
        at = min(range(folds), key=lambda f: (held[f], total[f], f))
        held[at] += len(rows)
        total[at] += len(rows)
        fold[rows] = at
    return fold


#: Articles of a large corpus that are held out to calibrate on, and the largest share they may be. Ten numbers are fitted on
#: them, and the calibration error measured.
HELD, MOST = 20_000, 0.2


def held_part(topics: Sequence[tuple[str, ...]], groups: Sequence[str], parts: int, seed: int, multi_label: bool) -> Ints:
    """Return, (n,), in which of the `parts` of what is held out each article is, -1 for those only learned from.

    -2 for those without a topic, unless several are allowed. A group is held out or not as its name says, whatever else there is.
    """
    least = min(MOST, HELD / max(len(groups), 1)) * 2.0**64
    key = seed.to_bytes(8, "little")
    part = np.full(len(groups), -1, np.int32)
    for i, (row, group) in enumerate(zip(topics, groups, strict=True)):
        if not row and not multi_label:
            part[i] = -2
            continue
        number = int.from_bytes(blake2b(group.encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest(), "little")
        if number < least:
            part[i] = number % parts
    return part
