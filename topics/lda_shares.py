"""Latent topics by period and by source: how much of what was written is about them.

Owns: shares with bootstrap intervals, latent topics against labels as a table.
Does not know: how dates are read, how mixtures are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares of latent topics in groups of articles, such as months or publishers."""

    #: The groups, sorted.
    groups: tuple[str, ...]
    #: (n_groups,) how many articles each has.
    articles: npt.NDArray[np.int64]
    #: (n_groups, K) mean mixture of the group's articles; rows sum to 1.
    mean: Floats
    #: (n_groups, K) bounds of the interval; equal to `mean` where no samples were drawn or a group has one article.
    low: Floats
    high: Floats

    def rows(self, names: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return one row for each group and latent topic, as for a CSV file."""
        return [
            {
                "group": group,
                "articles": int(self.articles[g]),
                "latent": k,
                "name": names[k] if names else "",
                "share": round(float(self.mean[g, k]), 6),
                "low": round(float(self.low[g, k]), 6),
                "high": round(float(self.high[g, k]), 6),
            }
            for g, group in enumerate(self.groups)
            for k in range(self.mean.shape[1])
        ]


def period(published: str | None, unit: str = "month") -> str | None:
    """Return the year, month or day of an ISO date ("2024-03-09T10:00" -> "2024-03"); None where it has none."""
    length = {"year": 4, "month": 7, "day": 10}[unit]
    text = (published or "")[:length]
    parts = text.split("-")
    fits = (
        len(text) == length
        and all(p.isdecimal() and p.isascii() for p in parts)
        and [len(p) for p in parts] == [4, 2, 2][: len(parts)]
        # "2004-2005" names no month 20.
        and all(1 <= int(p) <= most for p, most in zip(parts[1:], (12, 31), strict=False))
    )
    return text if fits else None


def shares(mixtures: Floats, groups: Sequence[str | None], *, samples: int = 1000, level: float = 0.95, seed: int = 0) -> Shares:
    """Return the mean mixture of each group with percentile-bootstrap intervals over its articles.

    mixtures: (n_articles, K). An article whose group is None is left out. `samples` = 0 draws no intervals. A
    group's interval depends on its own articles, in their order, and `seed`, not on the other groups.
    """
    if len(groups) != len(mixtures):
        raise InputError(f"{len(mixtures)} mixtures and {len(groups)} groups: there must be one group for each article")
    rows: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        if group is not None:
            rows.setdefault(group, []).append(i)
    names = sorted(rows)
    K = mixtures.shape[1]
    mean, low, high = np.zeros((3, len(names), K))
    for g, name in enumerate(names):
        own = mixtures[rows[name]]
        mean[g] = low[g] = high[g] = np.add.reduce(own, axis=0) / len(own)
        if samples and len(own) > 1:
            rng = np.random.default_rng([seed, len(own)])
            drawn = np.empty((samples, K))
            for i in range(samples):
                drawn[i] = np.bincount(rng.integers(0, len(own), len(own)), minlength=len(own)) @ own / len(own)
            low[g], high[g] = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Shares(groups=tuple(names), articles=np.array([len(rows[n]) for n in names], np.int64), mean=mean, low=low, high=high)


def against_labels(mixtures: Floats, labels: Sequence[str | None]) -> tuple[tuple[str, ...], Floats]:
    """Return (labels, table (n_labels, K)): how the articles of each label spread over latent topics; rows sum to 1."""
    found = shares(mixtures, labels, samples=0)
    return found.groups, found.mean


def match_topics(one: Floats, other: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Match the rows of two tables of weights (K, n), best pair first, each once.

    Returns for each row of `one` the row of `other` (-1: none is left) and their similarity: the cosine of square
    roots of the normalized rows (1: the same distribution, 0: nothing in common).
    """
    roots = [np.sqrt(w / w.sum(axis=1, keepdims=True)) for w in (one, other)]
    similar = roots[0] @ roots[1].T
    matched, how = np.full(len(one), -1, np.int64), np.zeros(len(one))
    left = similar.copy()
    for _ in range(min(similar.shape)):
        i, j = np.unravel_index(int(np.argmax(left)), left.shape)
        matched[i], how[i] = j, similar[i, j]
        left[i, :] = left[:, j] = -1.0
    return matched, how
