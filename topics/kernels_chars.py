# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
"""Count runs of characters within words: cut each different word once, then add up words.

Owns: which runs each different word has, the kernels that add them up for each text.
Does not know: how a word is cut (`tokens.char_runs`), runs of words (`kernels_count`).

News repeats its words: 20 MB of posts hold 3 million words of 0.3 million kinds, so cutting is left to Python.
numba finds the types of the kernels' arguments; those of arrays are in the docstrings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from topics import kernels
from topics.kernels import Longs, compiled
from topics.kernels_table import Ints, WordTable
from topics.kernels_words import _trailing_zeros


@compiled
def frequency_of(stream, ends, starts, runs, n_runs):  # noqa: ANN001, ANN201
    """Return in how many texts each run occurs, and how often in all, (n_runs,) each.

    stream, ends: word numbers of the texts; runs[starts[w] : starts[w + 1]]: the runs of word w, with repeats.
    """
    frequency, totals = np.zeros(n_runs, np.int64), np.zeros(n_runs, np.int64)
    last = np.full(n_runs, -1, np.int64)
    begin = np.int64(0)
    for d in range(ends.shape[0]):
        for i in range(begin, ends[d]):
            for j in range(starts[stream[i]], starts[stream[i] + 1]):
                run = runs[j]
                totals[run] += 1
                if last[run] != d:
                    last[run] = d
                    frequency[run] += 1
        begin = ends[d]
    return frequency, totals


@compiled
def add_up(stream, ends, starts, columns, counts, bits, bits_above, indptr, indices, data):  # noqa: ANN001, ANN201
    """Write each text's columns, ascending, and counts; return the number of entries. A column below 0 is not counted.

    counts, bits and bits_above are scratch space as in `kernels_terms.count_runs`.
    """
    one, six, low = np.uint64(1), np.uint64(6), np.uint64(63)
    entries, begin = np.int64(0), np.int64(0)
    for d in range(ends.shape[0]):
        for i in range(begin, ends[d]):
            for j in range(starts[stream[i]], starts[stream[i] + 1]):
                c = columns[j]
                if c < 0:
                    continue
                if counts[c] == 0:
                    u = np.uint64(c)
                    bits[u >> six] |= one << (u & low)
                    bits_above[u >> np.uint64(12)] |= one << ((u >> six) & low)
                counts[c] += 1
        begin = ends[d]
        for a in range(bits_above.shape[0]):
            above = bits_above[a]
            while above != 0:
                b = (np.uint64(a) << six) | _trailing_zeros(above)
                above &= above - one
                below = bits[b]
                bits[b] = 0
                while below != 0:
                    found = np.int64((b << six) | _trailing_zeros(below))
                    below &= below - one
                    indices[entries] = found
                    data[entries] = counts[found]
                    counts[found] = 0
                    entries += 1
            bits_above[a] = 0
        indptr[d + 1] = entries
    return entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Texts as numbers of their words between white space, and those words."""

    stream: Ints
    ends: Longs
    words: list[str]


def read_words(texts: Sequence[str], *, lowercase: bool, fold: Callable[[str], str] | None) -> Words | None:
    """Return the words of `texts`; None where a text holds U+0000, which the tables take for white space."""
    if any("\x00" in text for text in texts):
        return None
    table = WordTable.of_size(1 << 15)
    streams, lengths, before = [], [], 0
    for chunk in kernels.chunks(texts):
        stream, ends = table.scan(kernels.pack(chunk, lowercase=lowercase, fold=fold), grow=True, between_spaces=True)
        streams.append(stream.copy())
        lengths.append(ends + before)
        before += len(stream)
    if not streams:
        return Words(stream=np.zeros(0, np.int32), ends=np.zeros(0, np.int64), words=[])
    return Words(stream=np.concatenate(streams), ends=np.concatenate(lengths), words=table.words())


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs of each different word: columns[starts[w] : starts[w + 1]]."""

    starts: Longs
    columns: Ints


def cut(words: Sequence[str], cut_word: Callable[[str], list[str]], number: dict[str, int], *, grow: bool) -> Runs:
    """Cut words into runs and number them by `number`; unknown runs get the next number with `grow`, else -1."""
    starts, columns = [0], list[int]()
    for word in words:
        if grow:
            columns += [number.setdefault(run, len(number)) for run in cut_word(word)]
        else:
            columns += [number.get(run, -1) for run in cut_word(word)]
        starts.append(len(columns))
    return Runs(starts=np.array(starts, np.int64), columns=np.array(columns, np.int32))


def rows_of(words: Words, runs: Runs, n_columns: int) -> tuple[Longs, Ints, Ints]:
    """Return indptr, indices and data of the runs' counts."""
    kernels.ready(add_up)
    per_word = np.diff(runs.starts)
    most = np.concatenate([np.zeros(1, np.int64), np.cumsum(per_word[words.stream])])
    parts: list[tuple[Longs, Ints, Ints]] = []
    counts = np.zeros(n_columns, np.int32)
    bits, above = np.zeros((n_columns >> 6) + 1, np.uint64), np.zeros((n_columns >> 12) + 1, np.uint64)
    begin, first = 0, 0
    while begin < len(words.ends):
        # As many texts at a time as may have 4 million runs, repeats counted: scratch memory has a bound.
        end = int(np.searchsorted(most[words.ends], most[first] + 4_000_000, "right"))
        end = min(max(end, begin + 1), len(words.ends))
        last = int(words.ends[end - 1])
        room = int(most[last] - most[first])
        indptr = np.zeros(end - begin + 1, np.int64)
        indices, data = np.empty(room, np.int32), np.empty(room, np.int32)
        entries = add_up(
            words.stream[first:last], words.ends[begin:end] - first, runs.starts, runs.columns,
            counts, bits, above, indptr, indices, data,
        )  # fmt: skip
        parts.append((indptr, indices[:entries].copy(), data[:entries].copy()))
        begin, first = end, last
    before = np.cumsum([0] + [len(indices) for _, indices, _ in parts])
    return (
        np.concatenate([np.zeros(1, np.int64)] + [p[1:] + b for (p, _, _), b in zip(parts, before, strict=False)]),
        np.concatenate([np.zeros(0, np.int32)] + [p for _, p, _ in parts]),
        np.concatenate([np.zeros(0, np.int32)] + [p for _, _, p in parts]),
    )
