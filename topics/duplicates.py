"""Find copies among many articles: which came first, and which are of one cluster.

Owns: bands of sketches and the articles that stand in them (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive
Datasets, ch. 3), clusters, what is kept in memory and what in a temporary file.
Does not know: what a sketch is made of (`sketches`), what is done with a copy.

Articles are taken in one order, and a copy belongs to the earliest article it is like, directly or by way of others. An
article takes 188 bytes in memory; bands of many articles lie in a temporary file, of which the system keeps
in memory what fits.
"""

from __future__ import annotations

import contextlib
import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from topics import kernels
from topics.sketches import SIZE, Sketcher, Sketches, similarity, sketches

Ints = npt.NDArray[np.int32]

#: (bands, rows) from a similarity on. 30 bands of 3 find 99.9 % of the pairs at a similarity of 0.6 and 98 % at 0.5; 45 of 2
#: find 98.6 % at 0.3, and among a million articles many more that are then compared in vain.
_BANDS = ((0.5, 30, 3), (0.0, 45, 2))
#: Below the threshold by how much an estimate may be for a pair to be compared word for word: four standard errors.
_MARGIN = 0.2
#: Articles from which the kernels pay: an article takes 0.11 ms without and 0.005 ms with them; they start in 0.4 s, once.
WORTH, WORTH_LOADED = 4_000, 200
#: Bytes from which tables lie in a file.
LARGE = 64 << 20
#: Articles that one article is compared with, at most.
_MOST = 4096


class DuplicateIndex:
    """Articles by bands of their sketches, in the order in which they came."""

    def __init__(self, threshold: float, *, exact: Callable[[int, int], float] | None = None) -> None:
        """Find pairs with a similarity of `threshold` (0.3 to 1) or more.

        `exact` tells the similarity of two articles by number; without it the estimate from their sketches decides.
        """
        self.threshold, self._exact = threshold, exact
        self.bands, self.rows = next((bands, rows) for least, bands, rows in _BANDS if threshold >= least)
        self._least = max(1, math.ceil((threshold - (_MARGIN if exact else 0.0)) * SIZE - 1e-9))
        self._n = 0
        self._sketches: Sketches = np.zeros((1024, SIZE), np.uint16)
        self._parent: Ints = np.arange(1024, dtype=np.int32)
        self._stands: _Buckets | _Tables = _Buckets(self.bands, self.rows)

    def __len__(self) -> int:
        return self._n

    def add(self, sketch: Sketches, *, filled: bool = True) -> list[int]:
        """Enter the next article; return the earlier ones it is like, one for each cluster that it joins, ascending.

        sketch: (SIZE,). An article without a word (`filled` is false) is like no other.
        """
        i = self._n
        if i == len(self._sketches):
            # In small steps: the system moves pages instead of copying them, and what is not yet used would count, too.
            self._grow(i + i // 16 + 1024)
        self._n += 1
        if not filled:
            return []
        self._sketches[i] = sketch
        if isinstance(self._stands, _Buckets) and i >= (min(WORTH, WORTH_LOADED) if kernels.loaded() else WORTH):
            self._stands = _Tables(self._stands, self._sketches, self.rows)
        return self._join(i, self._stands.search(self._sketches, i, self._least))

    def add_all(self, sketches: Sketches, filled: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
        """Enter many articles, as `add` does one by one; return pairs (earlier, later) of those that are alike.

        sketches: (n, SIZE); filled: (n,). Articles that are like no other, most of a corpus, are passed without a stop in Python.
        """
        pairs, begin = list[tuple[int, int]](), self._n
        end = begin + len(sketches)
        if end > len(self._sketches):
            self._grow(end)
        self._sketches[begin:end] = sketches
        while self._n < end:
            i, near = self._n, list[int]()
            if isinstance(self._stands, _Tables):
                i, near = self._stands.enter_while_alone(self._sketches, filled, begin, i, end, self._least, self._parent)
                self._n = i
            if near:
                self._n = i + 1
                pairs += [(j, i) for j in self._join(i, near)]
            elif i < end:
                pairs += [(j, i) for j in self.add(sketches[i - begin], filled=bool(filled[i - begin]))]
        return pairs

    def _grow(self, room: int) -> None:
        before = len(self._sketches)
        self._sketches.resize((room, SIZE), refcheck=False)
        self._parent.resize(room, refcheck=False)
        self._parent[before:] = np.arange(before, room, dtype=np.int32)

    def _join(self, i: int, near: list[int]) -> list[int]:
        """Join article `i` to the clusters of those it is like, of the candidates `near`, and enter it."""
        joined = []
        for j in sorted(near):
            if self.first(j) != self.first(i) and (self._exact is None or self._exact(j, i) >= self.threshold):
                one, other = sorted((self.first(i), self.first(j)))
                self._parent[other] = one
                joined.append(j)
        self._stands.enter(self._sketches, i, self._parent)
        return joined

    def first(self, i: int) -> int:
        """Return the first article, as known by now, of the cluster that article `i` is in: itself where it is no copy."""
        parent = self._parent
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = int(parent[i])
        return i


class _Buckets:
    """The articles that stand in each band, in dictionaries: the way for few articles, and what `_Tables` must agree with."""

    def __init__(self, bands: int, rows: int) -> None:
        self.rows = rows
        self.bands: list[dict[bytes, list[int]]] = [defaultdict(list) for _ in range(bands)]

    def _keys(self, all_sketches: Sketches, i: int) -> list[bytes]:
        raw, size = all_sketches[i].tobytes(), 2 * self.rows
        return [raw[at : at + size] for at in range(0, len(self.bands) * size, size)]

    def search(self, all_sketches: Sketches, i: int, least: int) -> list[int]:
        """Return the articles that share a band with article `i`, and at least `least` numbers of its sketch."""
        keys = self._keys(all_sketches, i)
        near = sorted({j for band, key in zip(self.bands, keys, strict=True) if key in band for j in band[key]})
        if not near:
            return []
        same = (all_sketches[near] == all_sketches[i]).sum(axis=1)
        return [j for j, n in zip(near, same.tolist(), strict=True) if n >= least]

    def enter(self, all_sketches: Sketches, i: int, parent: Ints) -> None:
        """Enter article `i` into every band where no article of its cluster stands yet: one speaks for all of them."""

        def root(j: int) -> int:
            while parent[j] != j:
                j = int(parent[j])
            return j

        for band, key in zip(self.bands, self._keys(all_sketches, i), strict=True):
            if all(root(j) != root(i) for j in band[key]):
                band[key].append(i)


class _Tables:
    """The same in tables for the kernels, which grow, and lie in a file when they are large."""

    def __init__(self, buckets: _Buckets, all_sketches: Sketches, rows: int) -> None:
        from topics import kernels_sketches

        kernels.ready(kernels_sketches.search, kernels_sketches.enter)
        self.kernels: Any = kernels_sketches
        self.rows, self.folder = rows, None  # type: int, TemporaryDirectory[str] | None
        self.found = np.zeros(_MOST, np.int32)
        self.stamp = np.zeros(len(all_sketches), np.int32)
        most = max(sum(map(len, band.values())) for band in buckets.bands)
        self.tables = self._new(len(buckets.bands), 4 << most.bit_length())
        self.entered = most
        for b, band in enumerate(buckets.bands):
            for members in band.values():
                for j in members:
                    self.kernels.put(all_sketches, j, b, self.tables, rows)

    def _new(self, bands: int, slots: int) -> Ints:
        if bands * slots * 4 < LARGE:
            return np.zeros((bands, slots), np.int32)
        if self.folder is None:
            self.folder = TemporaryDirectory(prefix="newstopics-")
        path = Path(self.folder.name) / f"bands-{slots}"
        table = np.memmap(path, dtype=np.int32, mode="w+", shape=(bands, slots))
        with contextlib.suppress(OSError):
            path.unlink()  # gone when the last reference is, however the run ends; not on every system
        return np.asarray(table)

    def search(self, all_sketches: Sketches, i: int, least: int) -> list[int]:
        """As `_Buckets.search`."""
        if len(self.stamp) < len(all_sketches):
            self.stamp.resize(len(all_sketches), refcheck=False)
        n = self.kernels.search(all_sketches, i, self.tables, self.rows, least, self.stamp, self.found)
        return list(map(int, self.found[:n]))

    def enter_while_alone(
        self, all_sketches: Sketches, filled: npt.NDArray[np.bool_], begin: int, i: int, end: int, least: int, parent: Ints
    ) -> tuple[int, list[int]]:
        """Enter articles `i` to `end` until one is like an earlier one or the tables must grow; return it and those it is like.

        filled: (end - begin,) which articles from `begin` on have words.
        """
        if len(self.stamp) < len(all_sketches):
            self.stamp.resize(len(all_sketches), refcheck=False)
        most = self.tables.shape[1] // 2 - self.entered - 1
        stopped, near, entered = self.kernels.enter_while_alone(
            all_sketches, filled, begin, i, end, self.tables, self.rows, least, self.stamp, self.found, parent, most
        )
        self.entered += entered
        return int(stopped), list(map(int, self.found[:near]))

    def enter(self, all_sketches: Sketches, i: int, parent: Ints) -> None:
        """As `_Buckets.enter`."""
        if 2 * (self.entered + 1) > self.tables.shape[1]:
            larger = self._new(self.tables.shape[0], 2 * self.tables.shape[1])
            self.kernels.enter_again(all_sketches, self.tables, larger, self.rows)
            self.tables = larger
        self.entered += bool(self.kernels.enter(all_sketches, i, self.tables, self.rows, parent))


def clusters_among(
    found: Sketches, filled: npt.NDArray[np.bool_], threshold: float, exact: Callable[[int, int], float]
) -> tuple[list[tuple[int, int]], Ints]:
    """Return what `DuplicateIndex.add_all` and `first` say of articles that are all there is: pairs, and (n,) firsts.

    found: (n, SIZE) sketches; filled: (n,). Most articles share no band with any other. These are found by sorting, band by band,
    and neither compared nor kept: a million articles took 13 s of processor time and half a gigabyte without that.
    """
    first = np.arange(len(found), dtype=np.int32)
    index = DuplicateIndex(threshold, exact=lambda i, j: exact(which[i], which[j]))
    some = np.zeros(len(found), bool)
    for band in range(index.bands):
        keys = _keys(found[:, band * index.rows : (band + 1) * index.rows])
        ordered = np.sort(keys[filled])
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        if len(twice):
            some |= np.isin(keys, twice)
    at = np.flatnonzero(some & filled)
    which = at.tolist()
    pairs = [(which[i], which[j]) for i, j in index.add_all(found[at], filled[at])]
    first[at] = at[[index.first(i) for i in range(len(which))]] if which else at
    return pairs, first


def _keys(band: Sketches) -> npt.NDArray[np.uint64]:
    """Return one number for each row of a band, at most four 16-bit numbers wide."""
    keys = np.zeros(len(band), np.uint64)
    for column in range(band.shape[1]):
        keys = (keys << np.uint64(16)) | band[:, column]
    return keys


def near_duplicates(texts: Sequence[str], threshold: float, sketch: Sketcher = sketches) -> list[tuple[int, int]]:
    """Return pairs (i, j), i < j, of texts whose sets of word triples have a Jaccard similarity of `threshold` or more.

    The pairs connect each cluster of such texts, one for each of its texts but the first; they are compared word for
    word. A text without a word has no double. `sketch` does what `sketches` does, here or elsewhere.
    """
    return sorted(clusters_among(*sketch(texts), threshold, similarity_of(texts))[0])


def similarity_of(texts: Sequence[str]) -> Callable[[int, int], float]:
    """Return the function from two numbers of texts to their similarity, word for word."""

    def exact(i: int, j: int) -> float:
        return 1.0 if texts[i] == texts[j] else similarity(texts[i], texts[j])

    return exact
