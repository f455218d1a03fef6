"""Boosted trees as arrays, a linear model and a small network beside them, and what each number added to each score.

Owns: `Forest`: scores, and their attribution along the paths through the trees; `Line`: scores that are sums; `Network`.
Does not know: how they were fitted (`training/stance_trees`), what the numbers mean.

The attribution is Saabas' (2014): every split passes from the mean of a node to the mean of a child, and the
difference is the split feature's. Along a path the differences add up to the leaf, so over all trees
they add up, with the base, to the score exactly. It depends on the order of splits, as any path does. The network's is
DeepLIFT's rescale rule (Shrikumar, Greenside and Kundaje 2017) from the mean of all numbers: a unit passes on what it
gives beyond what it gave there, shared by what its inputs brought; the shares add up to the score as exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Spreads from the mean beyond which a number says no more: a body of ten thousand words is not a hundred times an ordinary one.
FARTHEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees of one or several scores, all nodes in one row of arrays."""

    #: (n_nodes,) the number looked at, -1 in a leaf.
    feature: npt.NDArray[np.int16]
    #: (n_nodes,) a number up to this goes left.
    threshold: Floats
    #: (n_nodes,) where left and right are; a leaf's are itself.
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    #: (n_nodes,) what a leaf adds; elsewhere the mean of the examples below.
    value: Floats
    #: (n_trees,) first nodes, and the score each tree belongs to.
    roots: npt.NDArray[np.int32]
    scores: npt.NDArray[np.int16]
    #: (n_scores,) what the trees add to.
    base: Floats

    def score(self, numbers: Floats) -> Floats:
        """Return the (n_scores,) scores of the (n_features,) numbers, without saying what made them."""
        at = np.asarray(self.roots, np.int64)
        while True:
            feature = self.feature[at]
            inner = feature >= 0
            if not inner.any():
                return np.asarray(self.base + np.bincount(self.scores, weights=self.value[at], minlength=len(self.base)))
            # A leaf's children are itself, whatever number it is asked about.
            at = np.where(numbers[feature] <= self.threshold[at], self.left[at], self.right[at]).astype(np.int64)

    def explain(self, numbers: Floats) -> tuple[Floats, Floats]:
        """Return (n_features, n_scores) what each of the (n_features,) numbers adds, and (n_scores,) the rest.

        The columns of the first plus the second are the scores.
        """
        added = np.zeros((len(numbers), len(self.base)))
        rest = self.base + np.bincount(self.scores, weights=self.value[self.roots], minlength=len(self.base))
        at, score = np.asarray(self.roots, np.int64), np.asarray(self.scores, np.int64)
        while True:
            inner = self.feature[at] >= 0
            if not inner.any():
                return added, rest
            at, score = at[inner], score[inner]
            feature = self.feature[at].astype(np.int64)
            child = np.where(numbers[feature] <= self.threshold[at], self.left[at], self.right[at]).astype(np.int64)
            np.add.at(added, (feature, score), self.value[child] - self.value[at])
            at = child

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Forest:
        """Rebuild from what `arrays` returned."""
        return cls(**{name: np.asarray(arrays[name]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A linear model over the same numbers, each brought to mean 0 and spread 1 and kept within FARTHEST."""

    #: (n_features,)
    mean: Floats
    spread: Floats
    #: (n_features, n_scores)
    coef: Floats
    #: (n_scores,)
    intercept: Floats

    def explain(self, numbers: Floats) -> tuple[Floats, Floats]:
        """Return what `Forest.explain` returns."""
        return self.standard(numbers)[:, None] * self.coef, self.intercept

    def score(self, numbers: Floats) -> Floats:
        """Return what `Forest.score` returns."""
        return np.asarray(self.standard(numbers) @ self.coef + self.intercept)

    def standard(self, numbers: Floats) -> Floats:
        """Return `numbers`, (n_features,) or rows of them, in spreads from the mean."""
        return standard(numbers, self.mean, self.spread)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Line:
        """Rebuild from what `arrays` returned."""
        return cls(**{name: np.array(arrays[name]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """One layer of units between the numbers, brought to mean 0 and spread 1 as a `Line` has them, and the scores."""

    #: (n_features,)
    mean: Floats
    spread: Floats
    #: (n_features, n_units)
    into: Floats
    #: (n_units,) what a unit starts from; below 0 it is silent.
    start: Floats
    #: (n_units, n_scores)
    out: Floats
    #: (n_scores,)
    intercept: Floats

    def explain(self, numbers: Floats) -> tuple[Floats, Floats]:
        """Return what `Forest.explain` returns."""
        x = standard(numbers, self.mean, self.spread)
        brought = x @ self.into
        silent = np.maximum(self.start, 0.0)
        gained = np.maximum(self.start + brought, 0.0) - silent
        # A unit that nothing was brought to passes nothing on, whatever its rate.
        rate = np.divide(gained, brought, out=np.zeros_like(gained), where=abs(brought) > 1e-12)
        return x[:, None] * (self.into @ (rate[:, None] * self.out)), silent @ self.out + self.intercept

    def score(self, numbers: Floats) -> Floats:
        """Return what `Forest.score` returns, for (n_features,) numbers or rows of them."""
        units = np.maximum(standard(numbers, self.mean, self.spread) @ self.into + self.start, 0.0)
        return np.asarray(units @ self.out + self.intercept)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Network:
        """Rebuild from what `arrays` returned."""
        return cls(**{name: np.array(arrays[name]) for name in cls.__slots__})


def standard(numbers: Floats, mean: Floats, spread: Floats) -> Floats:
    """Return `numbers`, (n_features,) or rows of them, in spreads from the mean."""
    return np.asarray(np.clip((numbers - mean) / spread, -FARTHEST, FARTHEST))
