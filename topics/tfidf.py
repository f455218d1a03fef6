"""From counts to TF-IDF weights, those of scikit-learn's `TfidfTransformer` with the same settings.

Owns: `Tfidf` (the inverse document frequencies) and `Weights` (its result).
Does not know: how frequencies were learned (`training/tfidf`).

Reference: Salton and Buckley 1988, Term-weighting approaches in automatic text retrieval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from topics import kernels
from topics.terms import Counts, Ints, Longs

Floats = npt.NDArray[np.float64]


#: Entries from which the compiled weighting pays.
_WORTH = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Term weights of articles as compressed sparse rows, each row of Euclidean length 1 (or empty)."""

    #: (n_articles + 1,) where each row begins.
    indptr: Longs
    #: (n_entries,) columns, ascending in each row.
    indices: Ints
    #: (n_entries,) weights above 0.
    data: Floats
    n_terms: int

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def row(self, i: int) -> tuple[Ints, Floats]:
        """Return the columns and the weights of article `i`."""
        at = slice(int(self.indptr[i]), int(self.indptr[i + 1]))
        return self.indices[at], self.data[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tfidf:
    """Turns counts into weights."""

    #: (n_terms,) inverse document frequencies, at least 1.
    idf: Floats
    #: 1 + ln(count) instead of the count.
    sublinear: bool
    #: The first so many columns are runs of characters. Words and runs of characters then have equal shares in a row, each
    #: of length 1 / sqrt(2): an article has ten times as many runs, and would otherwise be hardly its words.
    n_chars: int = 0
    #: So many columns behind them are terms of the title, whose share of a row, 0 to 1, is `title_share`.
    n_title: int = 0
    title_share: float = 0.25

    def blocks(self) -> tuple[tuple[int, int], Floats]:
        """Return where the columns of runs of characters and of the title end, and the length of each block in a row, (3,)."""
        text = 1.0 - self.title_share if self.n_title else 1.0
        chars = 0.5 * text if self.n_chars else 0.0
        shares = np.sqrt([chars, 1.0 - text, text - chars])
        return (self.n_chars, self.n_chars + self.n_title), shares

    def values(self, most: int) -> Floats:
        """Return what counts from 0 to `most` count as: looked up, a count has the same value wherever it stands."""
        tf = np.arange(most + 1, dtype=np.float64)
        if self.sublinear:
            tf[1:] = np.log(tf[1:]) + 1.0
        return tf

    def weigh(self, counts: Counts) -> Weights:
        """Return the weights of `counts`. An article without known terms has an empty row."""
        tf = self.values(int(counts.data.max(initial=1)))
        edges, shares = self.blocks()
        if len(counts.data) >= _WORTH or kernels.loaded():
            from topics import kernels_scores

            kernels.ready(kernels_scores.weigh_rows)
            data = np.empty(len(counts.data))
            kernels_scores.weigh_rows(counts.indptr, counts.indices, counts.data, tf, self.idf, *edges, shares, data)
        else:
            data = tf[counts.data] * self.idf[counts.indices]
            blocks = np.searchsorted(edges, counts.indices, "right")
            parts = 3 * np.repeat(np.arange(len(counts)), np.diff(counts.indptr)) + blocks
            # bincount adds one after the other; other sums are split differently for other lengths and neighbors.
            data /= np.sqrt(np.bincount(parts, weights=data * data, minlength=1))[parts]
            if self.n_chars or self.n_title:
                data *= shares[blocks]
        return Weights(indptr=counts.indptr, indices=counts.indices, data=data, n_terms=counts.n_terms)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {"idf": self.idf}

    def settings(self) -> dict[str, Any]:
        """Return the settings that belong to the arrays."""
        return {
            "sublinear": self.sublinear,
            "n_chars": self.n_chars,
            "n_title": self.n_title,
            "title_share": self.title_share,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]) -> Tfidf:
        """Rebuild from what `arrays` and `settings` returned."""
        return cls(
            idf=arrays["idf"],
            sublinear=bool(settings["sublinear"]),
            n_chars=int(settings.get("n_chars", 0)),
            n_title=int(settings.get("n_title", 0)),
            title_share=float(settings.get("title_share", 0.25)),
        )
