# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False, disallow-untyped-decorators=False
"""Count runs of characters within words: cut each different word once, then add up words.

Owns: which runs each different word has, the kernels that cut words and add runs up for each text.
Does not know: runs of words (`kernels_count`). `tokens.char_runs` is the specification of what a word is cut into.

News repeats its words: 20 MB of posts hold 3 million words of 0.3 million kinds.
numba finds the types of the kernels' arguments; those of arrays are in the docstrings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from topics import kernels
from topics.kernels import Ints, Longs, compiled
from topics.kernels_rows import add, drain, joined, scratch
from topics.kernels_table import WordTable, lines
from topics.kernels_words import enter, find, keys_of, mixed


@compiled
def cut_words(words, edges, shortest, longest, grow, slots, hashes, keys, starts, arena, begins, runs, state):  # noqa: ANN001, ANN201
    """Cut words into runs of `shortest` to `longest` characters, with a space on either side of the word.

    words (bytes), edges (n_words + 1,): the words. The runs of word w go to runs[begins[w] : begins[w + 1]], as numbers in
    the table (see `kernels_words.scan_words`); with `grow`, new ones get the next numbers, else -1. state: next word,
    number of runs in the table. Returns before a word whose runs might not fit into the table.
    """
    most = np.int64(0)
    for w in range(edges.shape[0] - 1):
        most = max(most, edges[w + 1] - edges[w])
    low, at = np.zeros(most + 32, np.uint8), np.zeros(most + 3, np.int64)
    n, written = state[1], begins[state[0]]
    for w in range(state[0], edges.shape[0] - 1):
        size = edges[w + 1] - edges[w] + 2
        new = size * (longest - shortest + 1)
        fits = 2 * (n + new) <= slots.shape[0] and n + new < starts.shape[0] and starts[n] + 4 * new * longest <= arena.shape[0]
        if grow and not fits:
            state[0], state[1] = w, n
            return
        low[0] = 32
        for q in range(size - 2):
            low[q + 1] = words[edges[w] + q]
        low[size - 1] = 32
        for q in range(size, size + 16):
            low[q] = 0
        n_characters = np.int64(0)
        for q in range(size):
            # Every byte but those that go on with a character.
            at[n_characters] = q
            n_characters += (low[q] & 0xC0) != 0x80
        at[n_characters] = size
        for length in range(shortest, longest + 1):
            for i in range(max(np.int64(1), n_characters - length + 1)):
                begin, end = at[i], at[i + length] if i + length < n_characters else size
                key0, key1 = keys_of(low, begin, end - begin)
                h = mixed(key0, key1)
                s, run = find(slots, keys, starts, arena, h, key0, key1, low, begin, end - begin)
                if run < 0 and grow:
                    run = n
                    enter(slots, hashes, keys, starts, arena, s, n, h, key0, key1, low, begin, end - begin)
                    n += 1
                runs[written] = run
                written += 1
            if n_characters <= length:
                break
        begins[w + 1] = written
    state[0], state[1] = edges.shape[0] - 1, n


@compiled
def enter_runs(buffer, offsets, slots, hashes, keys, starts, arena):  # noqa: ANN001, ANN201
    """Enter different runs, which stand in `buffer` with 16 zeros behind them, into an empty table that has room for them."""
    for i in range(offsets.shape[0] - 1):
        begin, length = offsets[i], offsets[i + 1] - offsets[i]
        key0, key1 = keys_of(buffer, begin, length)
        h = mixed(key0, key1)
        s, _ = find(slots, keys, starts, arena, h, key0, key1, buffer, begin, length)
        enter(slots, hashes, keys, starts, arena, s, i, h, key0, key1, buffer, begin, length)


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

    counts, bits and bits_above are scratch space (`kernels_rows.scratch`), all zero, and left so.
    """
    entries, begin = np.int64(0), np.int64(0)
    for d in range(ends.shape[0]):
        for i in range(begin, ends[d]):
            for j in range(starts[stream[i]], starts[stream[i] + 1]):
                if columns[j] >= 0:
                    add(np.int64(columns[j]), counts, bits, bits_above)
        begin = ends[d]
        entries = drain(counts, bits, bits_above, indices, data, entries)
        indptr[d + 1] = entries
    return entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Texts as numbers of their words between white space, and those words."""

    stream: Ints
    ends: Longs
    table: WordTable


def read_words(texts: Sequence[str], *, lowercase: bool, fold: Callable[[str], str] | None) -> Words | None:
    """Return the words of `texts`; None where a text holds U+0000, which the tables take for white space."""
    if any("\x00" in text for text in texts):
        return None
    table = WordTable.of_size(1 << 15)
    streams, lengths, before = [np.zeros(0, np.int32)], [np.zeros(0, np.int64)], 0
    for chunk in kernels.chunks(texts):
        stream, ends = table.scan(kernels.pack(chunk, lowercase=lowercase, fold=fold), grow=True, between_spaces=True)
        streams.append(stream.copy())
        lengths.append(ends + before)
        before += len(stream)
    return Words(stream=np.concatenate(streams), ends=np.concatenate(lengths), table=table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs of each different word: columns[starts[w] : starts[w + 1]]."""

    starts: Longs
    columns: Ints


def compile_runs(runs: Sequence[str]) -> WordTable:
    """Return a table of `runs`, all different, in which their numbers are their places."""
    pieces = [run.encode("utf-8", "surrogatepass") for run in runs]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.fromiter(map(len, pieces), np.int64, len(pieces)))])
    table = WordTable.of_size(len(pieces) + 1)
    table.arena = np.zeros(int(offsets[-1]) + 1, np.uint8)
    buffer = np.frombuffer(b"".join([*pieces, bytes(16)]), np.uint8)
    enter_runs(buffer, offsets, table.slots, table.hashes, table.keys, table.starts, table.arena)
    table.n = len(pieces)
    return table


def cut(words: WordTable, lengths: tuple[int, int], table: WordTable, *, grow: bool) -> Runs:
    """Cut words into runs, numbered by `table`; unknown runs get the next number with `grow`, else -1."""
    kernels.ready(cut_words)
    edges = words.starts[: words.n + 1]
    begins = np.zeros(words.n + 1, np.int64)
    runs = np.empty((int(edges[-1]) + 2 * words.n) * (lengths[1] - lengths[0] + 1), np.int32)
    state = np.array([0, table.n], np.int64)
    while True:
        cut_words(
            words.arena, edges, lengths[0], lengths[1], grow, table.slots, table.hashes, table.keys, table.starts,
            table.arena, begins, runs, state,
        )  # fmt: skip
        table.n = int(state[1])
        if state[0] == words.n:
            return Runs(starts=begins, columns=runs[: int(begins[-1])])
        size = int(edges[state[0] + 1] - edges[state[0]]) + 2
        table.grow(table.n, 4 * size * lengths[1] * (lengths[1] - lengths[0] + 1))


def names(table: WordTable, numbers: Longs) -> list[str]:
    """Return the runs of these numbers."""
    return lines(table.arena, table.starts, numbers, np.arange(1, len(numbers) + 1)[:, None])


def rows_of(words: Words, runs: Runs, n_columns: int) -> tuple[Longs, Ints, Ints]:
    """Return indptr, indices and data of the runs' counts."""
    kernels.ready(add_up)
    per_word = np.diff(runs.starts)
    most = np.concatenate([np.zeros(1, np.int64), np.cumsum(per_word[words.stream])])
    parts: list[tuple[Longs, Ints, Ints]] = []
    counts, bits, above = scratch(n_columns)
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
    return joined(parts)
