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

from topics.terms import Counts, Ints, Longs

Floats = npt.NDArray[np.float64]


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

    def weigh(self, counts: Counts) -> Weights:
        """Return the weights of `counts`. An article without known terms has an empty row."""
        if self.sublinear:
            # Logarithms are looked up, so that a count has the same one wherever it stands.
            data = (np.log(np.arange(1, int(counts.data.max(initial=1)) + 1, dtype=np.float64)) + 1.0)[counts.data - 1]
        else:
            data = counts.data.astype(np.float64)
        data *= self.idf[counts.indices]
        lengths = np.diff(counts.indptr)
        # bincount adds one after the other; other sums are split differently for other lengths and neighbors.
        rows = np.repeat(np.arange(len(lengths)), lengths)
        norms = np.sqrt(np.bincount(rows, weights=data * data, minlength=len(lengths)))
        data /= norms[rows]
        return Weights(indptr=counts.indptr, indices=counts.indices, data=data, n_terms=counts.n_terms)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {"idf": self.idf}

    def settings(self) -> dict[str, Any]:
        """Return the settings that belong to the arrays."""
        return {"sublinear": self.sublinear}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]) -> Tfidf:
        """Rebuild from what `arrays` and `settings` returned."""
        return cls(idf=arrays["idf"], sublinear=bool(settings["sublinear"]))
