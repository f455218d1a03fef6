"""Count a corpus that need not fit into memory: shard by shard, merged to what counting all of it at once gives.

Owns: counts of a shard with all its terms, the merging of shards in memory and on disk, which terms are kept of the whole.
Does not know: what a term is (`terms`), where texts come from, what the counts are used for.

Document frequencies and totals are sums of whole numbers, and terms have one order: merge(count(a), count(b)) is
count(a + b), bit for bit, however a corpus is cut. On disk, terms are merged range by range: each shard's terms are sorted, so
that a range of the alphabet is one piece of each file.
"""

from __future__ import annotations

import shutil
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from topics.errors import InputError
from topics.scheduler import Each
from topics.terms import Counts, Ints, Longs, Vocabulary
from topics.tfidf import Tfidf, Weights
from training.lda_stream import array, blocks, let_go
from training.settings import TermsSettings
from training.terms import kept_terms, learn_terms

#: Bytes of memory for each character of a shard, measured with pairs of words; a fifth of the bound is for counting.
PER_CHARACTER, PART = 60, 5
#: Bytes of terms that are merged at a time, in about ten times as many.
RANGE = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Everything that was counted in a part of a corpus, before any term is left out."""

    #: Sorted by code point; a term's place is its column.
    terms: Sequence[str]
    #: (n_terms,) in how many of the part's articles each occurs, and how often in all.
    frequency: Longs
    totals: Longs
    counts: Counts


def count_shard(texts: Sequence[str], settings: TermsSettings) -> Shard:
    """Count all terms of `texts`, whatever bounds the settings have."""
    unbounded = settings.model_copy(update={"min_df": 0, "max_df": 1.0, "max_terms": None})
    try:
        vocabulary, counts = learn_terms(list(texts), unbounded)
    except InputError:  # not one term in all of them, which only of the whole corpus is an error
        nothing = np.zeros(0, np.int32)
        counts = Counts(indptr=np.zeros(len(texts) + 1, np.int64), indices=nothing, data=nothing, n_terms=0)
        return Shard(terms=(), frequency=np.zeros(0, np.int64), totals=np.zeros(0, np.int64), counts=counts)
    totals = np.bincount(counts.indices, weights=counts.data, minlength=counts.n_terms).astype(np.int64)
    return Shard(terms=vocabulary.terms, frequency=vocabulary.document_frequency, totals=totals, counts=counts)


def merge(shards: Sequence[Shard]) -> Shard:
    """Return what counting the articles of all `shards` at once gives, in their order."""
    terms, columns = _union([shard.terms for shard in shards])
    frequency, totals = np.zeros(len(terms), np.int64), np.zeros(len(terms), np.int64)
    for shard, column in zip(shards, columns, strict=True):
        frequency[column] += shard.frequency
        totals[column] += shard.totals
    ends = np.cumsum([0, *(int(shard.counts.indptr[-1]) for shard in shards)])
    counts = Counts(
        indptr=np.concatenate([np.zeros(1, np.int64), *(s.counts.indptr[1:] + e for s, e in zip(shards, ends, strict=False))]),
        indices=_joined([column[shard.counts.indices] for shard, column in zip(shards, columns, strict=True)]),
        data=_joined([shard.counts.data for shard in shards]),
        n_terms=len(terms),
    )
    return Shard(terms=terms, frequency=frequency, totals=totals, counts=counts)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int32), *parts])


def _union(several: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], list[Ints]]:
    """Return the different terms of sorted lists, sorted, and for each list the places of its terms among them."""
    # Sorting runs that are sorted merges them.
    all_terms = [term for terms in several for term in terms]
    all_terms.sort()
    terms = tuple(dict.fromkeys(all_terms))
    place = dict(zip(terms, range(len(terms)), strict=True))
    return terms, [np.fromiter(map(place.__getitem__, part), np.int32, len(part)) for part in several]


def choose_terms(shard: Shard, settings: TermsSettings) -> tuple[Vocabulary, Counts]:
    """Return the vocabulary of a whole corpus and its counts: those of `learn_terms`. Raises InputError as that does."""
    n = len(shard.counts)
    kept = kept_terms(shard.frequency, shard.totals, n, settings)
    vocabulary = Vocabulary(terms=tuple(shard.terms[i] for i in kept), document_frequency=shard.frequency[kept], n_documents=n)
    return vocabulary, shard.counts.columns(kept)


# On disk


def save_shard(shard: Shard, folder: Path) -> None:
    """Write a shard into a new folder."""
    folder.mkdir()
    raw = [term.encode("utf-8", "surrogatepass") for term in shard.terms]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)) + 1)])
    (folder / "terms").write_bytes(b"".join(term + b"\n" for term in raw))
    arrays = {"starts": starts, "frequency": shard.frequency, "totals": shard.totals, "indptr": shard.counts.indptr}
    for name, values in (arrays | {"indices": shard.counts.indices, "data": shard.counts.data}).items():
        np.save(folder / name, values)


class _Saved:
    """A shard in a folder, mapped."""

    def __init__(self, folder: Path) -> None:
        self._raw = (folder / "terms").open("rb")
        self.starts, self.frequency, self.totals, self.indptr, self.indices, self.data = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("starts", "frequency", "totals", "indptr", "indices", "data")
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, i: int) -> str:
        return self.terms(i, i + 1)[0]

    def terms(self, first: int, last: int) -> list[str]:
        """Return the terms of columns `first` to `last`."""
        self._raw.seek(int(self.starts[first]))
        return self._raw.read(int(self.starts[last] - self.starts[first])).decode("utf-8", "surrogatepass").split("\n")[:-1]


def merge_saved(folders: Sequence[Path], settings: TermsSettings, into: Path) -> tuple[Vocabulary, Counts]:
    """Return the vocabulary and the counts of all shards in `folders`, as `choose_terms(merge(shards))` does.

    In memory are the kept terms, one number for each column of the shards, and a range of terms; counts lie in files of `into`.
    """
    shards = [_Saved(folder) for folder in folders]
    n = sum(len(shard.indptr) - 1 for shard in shards)
    # Frequencies and totals of all terms decide which are kept before any is held as text.
    frequency, totals = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    maps = [array(into, f"column{i}", len(shard), np.int32) for i, shard in enumerate(shards)]
    before = 0
    for pieces in _ranges(shards):
        terms, columns = _union([shard.terms(*piece) for shard, piece in zip(shards, pieces, strict=True)])
        sums = np.zeros((2, len(terms)), np.int64)
        for shard, column, of, (first, last) in zip(shards, columns, maps, pieces, strict=True):
            sums[0][column] += shard.frequency[first:last]
            sums[1][column] += shard.totals[first:last]
            of[first:last] = column + before
        frequency.append(sums[0])
        totals.append(sums[1])
        before += len(terms)
    kept = kept_terms(all_of := np.concatenate(frequency), np.concatenate(totals), n, settings)
    new = np.full(before, -1, np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    names: list[str] = [""] * len(kept)
    for shard, column in zip(shards, maps, strict=True):
        column[:] = new[column]
        for first in range(0, len(shard), 1 << 16):
            last = min(first + (1 << 16), len(shard))
            mine = column[first:last]
            for at, term in zip(mine.tolist(), shard.terms(first, last), strict=True):
                if at >= 0 and not names[at]:
                    names[at] = term
    vocabulary = Vocabulary(terms=tuple(names), document_frequency=all_of[kept], n_documents=n)
    return vocabulary, _counts(shards, maps, len(kept), into)


def _ranges(shards: Sequence[_Saved]) -> Iterator[list[tuple[int, int]]]:
    """Yield, range of terms by range, the columns of each shard in it."""
    size = sum(int(shard.starts[-1]) for shard in shards)
    largest = max(shards, key=len, default=None)
    if largest is None or not len(largest):
        yield [(0, len(shard)) for shard in shards]
        return
    n_ranges = size // RANGE + 1
    cuts = [largest[len(largest) * i // n_ranges] for i in range(1, n_ranges)]
    places = [[0, *(bisect_left(shard, cut) for cut in cuts), len(shard)] for shard in shards]
    yield from zip(*(list(pairwise(place)) for place in places), strict=True)


def _counts(shards: Sequence[_Saved], maps: Sequence[Ints], n_terms: int, into: Path) -> Counts:
    sizes = [int((column[shard.indices] >= 0).sum()) for shard, column in zip(shards, maps, strict=True)]
    indptr = np.zeros(sum(len(shard.indptr) - 1 for shard in shards) + 1, np.int64)
    indices, data = (array(into, name, sum(sizes), np.int32) for name in ("indices", "data"))
    row, at = 0, 0
    for shard, column, size in zip(shards, maps, sizes, strict=True):
        new = column[shard.indices]
        known = new >= 0
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(known)])
        n = len(shard.indptr) - 1
        indptr[row + 1 : row + n + 1] = before[shard.indptr[1:]] + at
        indices[at : at + size], data[at : at + size] = new[known], shard.data[known]
        row, at = row + n, at + size
    return Counts(indptr=indptr, indices=indices, data=data, n_terms=n_terms)


def cuts_of(lengths: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return the (first, last) articles of each shard: at most `most` characters, or one article."""
    cuts, first, total = [], 0, 0
    for i, length in enumerate(lengths):
        if total + length > most and i > first:
            cuts.append((first, i))
            first, total = i, 0
        total += length
    return [*cuts, (first, len(lengths))] if len(lengths) > first else cuts


def _count_task(task: tuple[list[str], TermsSettings]) -> Shard:
    return count_shard(*task)


def learn_terms_on_disk(
    texts: Sequence[str], settings: TermsSettings, memory: int, folder: Path, each: Each = map
) -> tuple[Vocabulary, Counts]:
    """Return what `learn_terms` does, with at most about `memory` bytes in memory; counts lie in files of `folder`.

    texts: asked for one shard at a time; may lie in a file. each: what counts the shards, here or elsewhere.
    """
    most = max(1, memory // PART // PER_CHARACTER)
    folders = []
    cuts = cuts_of([len(text) for text in texts], most)
    # Written in the order of the articles, whichever is counted first.
    for number, shard in enumerate(each(_count_task, ((list(texts[first:last]), settings) for first, last in cuts))):
        folders.append(folder / f"shard{number}")
        save_shard(shard, folders[-1])
    merged = merge_saved(folders, settings, folder)
    for each_folder in folders:  # what was merged is not needed again, and is as large as what was made of it
        shutil.rmtree(each_folder)
    return merged


def weigh_on_disk(tfidf: Tfidf, counts: Counts, folder: Path, dtype: type[np.floating[Any]] = np.float64) -> Weights:
    """Return what `tfidf.weigh` does, in a file of `folder`: rows do not see each other."""
    data = array(folder, "weights", len(counts.indices), dtype)
    at = 0
    for block in blocks(counts):
        data[at : at + len(block.indices)] = tfidf.weigh(block).data
        at += len(block.indices)
        for values in (data, counts.indices, counts.data):
            let_go(values)
    return Weights(indptr=counts.indptr, indices=counts.indices, data=data, n_terms=counts.n_terms)
