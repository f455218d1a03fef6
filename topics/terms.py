"""Counting terms: the vocabulary, and how often each article uses its terms.

Owns: `Vocabulary`, `Counts` (compressed sparse rows as three arrays) and the plain-Python count, which is
the specification of the compiled one (`kernels_count`).
Does not know: how a vocabulary is chosen (`training/terms`), what counts are used for.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from topics import kernels
from topics.errors import UsageError
from topics.tokens import CHARS, TITLE, Analysis, analyzer, title_of, without_accents

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
#: Entries that are looked at at a time.
PIECE = 1 << 22
#: Sorts behind all runs of characters and before all words.
AFTER_CHARS = chr(ord(CHARS) + 1)
#: Sorts behind all terms of the title and before all words.
AFTER_TITLE = chr(ord(TITLE) + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The terms that are counted, sorted by code point: a term's line number is its column."""

    terms: tuple[str, ...]
    #: (n_terms,) in how many of the articles learned from each term occurs.
    document_frequency: Longs
    #: How many articles were learned from.
    n_documents: int
    # Made when first asked for: the kernels need no dictionary, and small inputs no kernels.
    _column: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _asked: kernels.Asked = field(default_factory=kernels.Asked, init=False, repr=False, compare=False)
    _compiled: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.terms)

    def edges(self) -> tuple[int, int]:
        """Return where columns of runs of characters end, and where those of the title end; words come behind."""
        return bisect_left(self.terms, AFTER_CHARS), bisect_left(self.terms, AFTER_TITLE)

    @property
    def column(self) -> dict[str, int]:
        """The column of each term."""
        if not self._column:
            self._column.update(zip(self.terms, range(len(self.terms)), strict=True))
        return self._column


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Term counts of articles as compressed sparse rows; row order is article order, columns ascend."""

    #: (n_articles + 1,) where each row begins.
    indptr: Longs
    #: (n_entries,) columns.
    indices: Ints
    #: (n_entries,) how often.
    data: Ints
    n_terms: int

    def __len__(self) -> int:
        return len(self.indptr) - 1

    def row(self, i: int) -> tuple[Ints, Ints]:
        """Return the columns and the counts of article `i`."""
        at = slice(int(self.indptr[i]), int(self.indptr[i + 1]))
        return self.indices[at], self.data[at]

    def rows(self, which: Sequence[int] | npt.NDArray[np.integer]) -> Counts:
        """Return the counts of the articles `which`, in that order."""
        which = np.asarray(which, dtype=np.int64)
        lengths = self.indptr[which + 1] - self.indptr[which]
        indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        # Each entry's place in the old arrays: its row's old start plus its place in the row.
        take = np.repeat(self.indptr[which] - indptr[:-1], lengths) + np.arange(int(indptr[-1]))
        return Counts(indptr=indptr, indices=self.indices[take], data=self.data[take], n_terms=self.n_terms)

    def columns(self, which: Ints) -> Counts:
        """Return the counts of the ascending columns `which` alone, renumbered from 0."""
        renumber = np.full(self.n_terms, -1, dtype=np.int32)
        renumber[which] = np.arange(len(which), dtype=np.int32)
        new = renumber[self.indices]
        keep = new >= 0
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])
        return Counts(indptr=before[self.indptr], indices=new[keep], data=self.data[keep], n_terms=len(which))

    def document_frequency(self) -> Longs:
        """Return, for each column, in how many articles it occurs."""
        frequency = np.zeros(self.n_terms, np.int64)
        for first in range(0, len(self.indices), PIECE):  # counted in numbers of 64 bits, twice as large as they lie
            frequency += np.bincount(self.indices[first : first + PIECE], minlength=self.n_terms)
        return frequency


def count_terms(texts: Iterable[str], vocabulary: Vocabulary, analysis: Analysis, workers: int = 1) -> Counts:
    """Return the counts of `vocabulary`'s terms in `texts`; other terms are not counted. No text: no rows.

    Large inputs are counted by the compiled kernels, on `workers` threads, to the same result. Raises UsageError where the
    vocabulary holds runs of characters and `analysis` has none.
    """
    texts = texts if isinstance(texts, list | tuple) else list(texts)
    n_chars, n_before = vocabulary.edges()
    for what, setting, missing, at in (
        ("runs of characters", "chars", analysis.chars is None and n_chars > 0, 0),
        ("terms of titles", "title", not analysis.title and n_before > n_chars, n_chars),
    ):
        if missing:
            raise UsageError(
                f"the vocabulary holds {what} such as {vocabulary.terms[at]!r}, which this analysis does not count; "
                f"give it the `{setting}` that the vocabulary was learned with"
            )
    if kernels.worth_it(texts, vocabulary._asked, effort=1 if analysis.chars is None else 10):
        counts = _count_compiled(texts, vocabulary, analysis, workers)
        if counts is not None:
            return counts
    return count_plainly(texts, vocabulary, analysis)


def count_plainly(texts: Iterable[str], vocabulary: Vocabulary, analysis: Analysis) -> Counts:
    """Count as `count_terms` does, in plain Python: the specification of the kernels, and the way for small inputs."""
    analyze, column = analyzer(analysis), vocabulary.column
    indptr, indices, data = [0], [], []
    for text in texts:
        row: dict[int, int] = {}
        for term in analyze(text):
            at = column.get(term)
            if at is not None:
                row[at] = row.get(at, 0) + 1
        for at in sorted(row):
            indices.append(at)
            data.append(row[at])
        indptr.append(len(indices))
    return Counts(
        indptr=np.array(indptr, np.int64),
        indices=np.array(indices, np.int32),
        data=np.array(data, np.int32),
        n_terms=len(vocabulary),
    )


def _count_compiled(texts: Sequence[str], vocabulary: Vocabulary, analysis: Analysis, workers: int) -> Counts | None:
    """Count with the kernels; None where the vocabulary or a text holds what they cannot count."""
    from topics import kernels_chars, kernels_count

    fold = without_accents if analysis.strip_accents else None
    n_chars, n_before = vocabulary.edges()
    found: list[Counts] = []
    if n_chars and analysis.chars is not None:
        words = kernels_chars.read_words(texts, lowercase=analysis.lowercase, fold=fold)
        if words is None:
            return None
        if "chars" not in vocabulary._compiled:
            runs = [run[len(CHARS) :] for run in vocabulary.terms[:n_chars]]
            vocabulary._compiled["chars"] = kernels_chars.compile_runs(runs)
        cut = kernels_chars.cut(words.table, analysis.chars, vocabulary._compiled["chars"], grow=False)
        found.append(_counts(kernels_chars.rows_of(words, cut, n_chars), n_chars))
    for name, begin, end in (("title", n_chars, n_before), ("words", n_before, len(vocabulary))):
        if begin == end:
            continue
        key = (name, analysis.ngrams)
        if key not in vocabulary._compiled:
            terms = vocabulary.terms[begin:end]
            if name == "title":
                terms = tuple(term[len(TITLE) :] for term in terms)
            frequency = vocabulary.document_frequency[begin:end]
            vocabulary._compiled[key] = kernels_count.compile_vocabulary(terms, frequency, analysis.ngrams[1])
        if (tables := vocabulary._compiled[key]) is None:
            return None
        read = texts if name == "words" else list(map(title_of, texts))
        rows = kernels_count.count(
            read,
            tables,
            analysis.ngrams,
            lowercase=analysis.lowercase,
            fold=fold,
            word_map=analysis.word_map(),
            workers=workers,
        )
        found.append(_counts(rows, end - begin))
    return functools.reduce(beside, found) if found else None


def _counts(rows: tuple[Longs, Ints, Ints], n_terms: int) -> Counts:
    indptr, indices, data = rows
    return Counts(indptr=indptr, indices=indices, data=data, n_terms=n_terms)


def beside(left: Counts, right: Counts) -> Counts:
    """Return the counts of the same articles in both, the columns of `right` behind those of `left`."""
    indptr = left.indptr + right.indptr
    indices, data = np.empty(int(indptr[-1]), np.int32), np.empty(int(indptr[-1]), np.int32)
    for part, shift, offset in ((left, right.indptr[:-1], 0), (right, left.indptr[1:], left.n_terms)):
        # An entry moves back by what the other side holds before it.
        at = np.arange(len(part.data)) + np.repeat(shift, np.diff(part.indptr))
        indices[at] = part.indices + np.int32(offset)
        data[at] = part.data
    return Counts(indptr=indptr, indices=indices, data=data, n_terms=left.n_terms + right.n_terms)
