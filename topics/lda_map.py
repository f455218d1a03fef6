"""How far apart latent topics are, and where that puts them on a map.

Owns: distances, places.
Does not know: terms, how a map is drawn.

References: Torgerson 1952, Multidimensional scaling (the places). Distances are Hellinger's: one matrix product for a
thousand topics, and a metric.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def distances(topic_term: npt.NDArray[np.floating[Any]]) -> Floats:
    """Return (K, K) Hellinger distances between the rows of (K, n) weights, 0 (the same words) to 1 (no word in common)."""
    expected = np.asarray(topic_term, np.float64)
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
