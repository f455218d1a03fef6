"""The map of latent topics: how far apart they are, how large, and the terms that tell them apart.

Owns: distances and places on the map, which terms go into the report so that every position of the slider has its own.
Does not know: how the map is drawn (`data/report/report.js`), articles.

References: Sievert and Shirley 2014, LDAvis (map, relevance, the two bars of a term); Torgerson 1952, Multidimensional
scaling (the places). Distances are Hellinger's: one matrix product for a thousand topics, and a metric.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from topics.lda import LatentTopics
from topics.terms import Vocabulary

Floats = npt.NDArray[np.float64]
#: Bars shown for one latent topic, and entries (latent topic x term) in a whole report: about 0.9 MB.
BARS, ENTRIES = 30, 40_000
#: Positions of the slider; terms are gathered for each.
POSITIONS = tuple(i / 10 for i in range(11))
NEAREST = 5


def distances(latent: LatentTopics) -> Floats:
    """Return (K, K) Hellinger distances between latent topics, 0 (the same words) to 1 (no word in common)."""
    expected = np.asarray(latent.topic_term, np.float64)
    root = np.sqrt(expected / expected.sum(axis=1, keepdims=True))
    square = np.clip(1.0 - root @ root.T, 0.0, 1.0)
    np.fill_diagonal(square, 0.0)
    out: Floats = np.sqrt((square + square.T) / 2)
    return out


def places(distance: Floats) -> tuple[Floats, float]:
    """Return (K, 2) places whose distances come nearest to `distance`, and how much of its variance they show, 0 to 1.

    Classical scaling. The sign of an axis is arbitrary: the place farthest from the middle is on its positive side.
    """
    K = len(distance)
    if K < 2:
        return np.zeros((K, 2)), 1.0
    center = np.eye(K) - 1.0 / K
    values, vectors = np.linalg.eigh(-0.5 * center @ (distance**2) @ center)
    top = np.argsort(-values, kind="stable")[:2]
    out: Floats = vectors[:, top] * np.sqrt(np.maximum(values[top], 0.0))
    for axis in range(out.shape[1]):
        if out[np.argmax(np.abs(out[:, axis]).round(9)), axis] < 0:
            out[:, axis] *= -1
    positive = float(np.maximum(values, 0.0).sum())
    return out, float(np.maximum(values[top], 0.0).sum()) / positive if positive else 1.0


def latent_data(latent: LatentTopics, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return what the map needs, JSON-able: for each latent topic its place, size, neighbors and terms.

    "words" and "p": the terms and their share of all words; "terms" of a topic: [number of the word, probability] in
    column order, enough for the best of every position of the slider.
    """
    expected = np.asarray(latent.topic_term, np.float64)
    sizes = expected.sum(axis=1)
    probability: Floats = expected / sizes[:, None]
    overall: Floats = expected.sum(axis=0) / expected.sum()
    bars = max(8, min(BARS, ENTRIES // (3 * latent.n_topics)))
    distance = distances(latent)
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
