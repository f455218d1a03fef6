"""The map of latent topics: where they are, how large, and the terms that tell them apart.

Owns: which terms go into the report so that every position of the slider has its own.
Does not know: distances and places (`lda_map`), how the map is drawn (`data/report/report.js`), articles.

Reference: Sievert and Shirley 2014, LDAvis (map, relevance, the two bars of a term).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from topics.lda import LatentTopics
from topics.lda_map import distances, places
from topics.terms import Vocabulary

Floats = npt.NDArray[np.float64]
#: Bars shown for one latent topic, and bars of all latent topics together: about 1 MB, with all positions of the slider.
BARS, ALL_BARS = 30, 9_000
#: Positions of the slider; terms are gathered for each.
POSITIONS = tuple(i / 10 for i in range(11))
NEAREST = 5


def latent_data(latent: LatentTopics, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return what the map needs, JSON-able: for each latent topic its place, size, neighbors and terms.

    "words" and "p": the terms and their share of all words; "terms" of a topic: [number of the word, probability] in
    column order, enough for the best of every position of the slider.
    """
    expected = np.asarray(latent.topic_term, np.float64)
    sizes = expected.sum(axis=1)
    probability: Floats = expected / sizes[:, None]
    overall: Floats = expected.sum(axis=0) / expected.sum()
    bars = max(8, min(BARS, ALL_BARS // latent.n_topics))
    distance = distances(latent.topic_term)
    xy, shown = places(distance)
    number: dict[int, int] = {}
    topics = []
    for k in range(latent.n_topics):
        columns = _candidates(probability[k], overall, bars)
        near = [int(j) for j in np.argsort(distance[k], kind="stable") if j != k][:NEAREST]
        topics.append(
            {
                "name": latent.names[k] if latent.names else "",
                "share": round(float(sizes[k] / sizes.sum()), 5),
                "x": round(float(xy[k, 0]), 4),
                "y": round(float(xy[k, 1]), 4),
                "near": [[j, round(float(distance[k, j]), 3)] for j in near],
                "terms": [[number.setdefault(c, len(number)), float(f"{probability[k, c]:.5g}")] for c in columns],
            }
        )
    return {
        "topics": topics,
        "words": [vocabulary.terms[int(latent.columns[c])] for c in number],
        "p": [float(f"{overall[c]:.5g}") for c in number],
        "bars": bars,
        "shown": round(shown, 3),
    }


def _candidates(probability: Floats, overall: Floats, n: int) -> list[int]:
    """Return the columns that are among the `n` most relevant at any position of the slider, ascending."""
    log, lift = np.log(probability), np.log(probability / overall)
    chosen: set[int] = set()
    for balance in POSITIONS:
        weight = balance * log + (1 - balance) * lift
        chosen |= set((np.argpartition(-weight, n)[:n] if len(weight) > n else np.arange(len(weight))).tolist())
    return sorted(chosen)
