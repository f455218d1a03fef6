"""Terms of a corpus whose words have been read: the vocabulary and the counts, to what counting the texts gives.

Owns: sums over words, which of them are kept, counts in files.
Does not know: how words were read (`stream`), which settings keep a term (`terms`).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from topics.terms import Counts, Longs, Vocabulary
from training.lda_stream import array, let_go
from training.settings import TermsSettings
from training.stream import Stream
from training.terms import analysis_of, kept_terms


def learn_words(stream: Stream, which: Longs, settings: TermsSettings, folder: Path) -> tuple[Vocabulary, Counts]:
    """Return what `learn_terms` does of the texts `which`, ascending; counts lie in files of `folder`.

    Raises InputError where no term is left.
    """
    from topics import kernels
    from topics.kernels_learn import ranked
    from topics.kernels_rows import scratch
    from topics.kernels_stream import word_sums
    from topics.kernels_table import lines
    from topics.kernels_terms import count_runs

    kernels.ready(word_sums, count_runs)
    stream.close()
    words, rank = ranked(stream.table, analysis_of(settings).word_map())
    n_words, before = len(words.order), 0
    frequency, totals, seen = np.zeros(n_words, np.int64), np.zeros(n_words, np.int64), np.zeros(n_words, np.int32)
    for block, ends in stream.blocks(which):
        word_sums(rank[block], ends, before, seen, frequency, totals)
        before += len(ends)
    used = np.flatnonzero(frequency)
    kept = used[kept_terms(frequency[used], totals[used], len(which), settings)]
    column = np.full(n_words, -1, np.int32)
    column[kept] = np.arange(len(kept), dtype=np.int32)
    terms = tuple(lines(words.arena, words.starts, words.order, kept[:, None] + 1))
    vocabulary = Vocabulary(terms=terms, document_frequency=frequency[kept], n_documents=len(which))
    entries = int(frequency[kept].sum())
    indices, data = (array(folder, name, entries, np.int32) for name in ("indices", "data"))
    indptr, room, runs = np.zeros(len(which) + 1, np.int64), scratch(len(kept)), np.zeros(2, np.uint64)
    row = at = 0
    for block, ends in stream.blocks(which):
        own = np.zeros(len(ends) + 1, np.int64)
        n = count_runs(rank[block], ends, 1, n_words, runs, column, *room, own, indices[at:], data[at:])
        indptr[row + 1 : row + len(own)] = own[1:] + at
        row, at = row + len(ends), at + int(n)
        let_go(indices)
        let_go(data)
    return vocabulary, Counts(indptr=indptr, indices=indices, data=data, n_terms=len(kept))
