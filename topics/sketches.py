"""What an article looks like to a search for copies: 90 numbers that agree as often as its word triples do.

Owns: word triples as numbers, sketches (MinHash: Broder 1997, On the resemblance and containment of documents), the exact
similarity of two texts and its estimate from two sketches.
Does not know: how copies are found among many articles (`duplicates`).

A sketch depends on the text alone: not on other articles, batches, processes, or on whether it was compiled. Of each
smallest hash 16 bits are kept (Li and Koenig 2010, b-bit minwise hashing): two different ones agree once in 65,536 times.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from topics import kernels
from topics.tokens import TOKEN

Sketches = npt.NDArray[np.uint16]
Triples = npt.NDArray[np.uint32]
Longs = npt.NDArray[np.int64]
#: What `sketches` is, wherever it is done.
Sketcher = Callable[[Sequence[str]], tuple[Sketches, npt.NDArray[np.bool_]]]

#: Hashes in a sketch: 180 bytes. The estimate of a similarity of 0.5 has a standard error of 0.053, of 0.7 one of 0.048.
SIZE = 90
_SPREAD = np.uint32(0x7FEB352D)
_LAST = np.uint32(0x846CA68B)
_FIRST_WORD, _SECOND_WORD, _THIRD_WORD = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
#: Triples hashed at a time without the kernels: each takes 1 kB for a moment.
_AT_ONCE = 4096


def _draw() -> tuple[Triples, Triples]:
    random = np.random.default_rng(0)  # part of the method, not of a run
    draw = random.integers(0, 1 << 32, size=(2, SIZE), dtype=np.uint32)
    return draw[0] | np.uint32(1), draw[1]


_MULTIPLY, _ADD = _draw()


def sketches(texts: Sequence[str]) -> tuple[Sketches, npt.NDArray[np.bool_]]:
    """Return (n, SIZE) sketches of `texts`, and (n,) whether each holds a word: one without is no copy of anything.

    Long inputs are read by the compiled kernels, to the same result.
    """
    out = np.zeros((len(texts), SIZE), np.uint16)
    filled = np.zeros(len(texts), bool)
    if kernels.worth_it(texts):
        at = 0
        for chunk in kernels.chunks(texts):
            part = slice(at, at + len(chunk))
            out[part], filled[part] = sketches_of(*_read(chunk))
            at += len(chunk)
        return out, filled
    for i, text in enumerate(texts):
        found = _triples(text)
        if len(found):
            out[i] = _short(_smallest(found))
            filled[i] = True
    return out, filled


def sketches_of(words: Triples, ends: Longs) -> tuple[Sketches, npt.NDArray[np.bool_]]:
    """Return the sketches of texts whose words have been read: (n_words,) their checksums, (n,) where each text ends."""
    from topics import kernels_sketches

    kernels.ready(kernels_sketches.smallest)
    found, stops = _runs(words, ends)
    smallest = np.empty((len(ends), SIZE), np.uint32)
    kernels_sketches.smallest(found, stops, _MULTIPLY, _ADD, smallest)
    out, filled = np.zeros((len(ends), SIZE), np.uint16), np.diff(stops, prepend=0) > 0
    out[filled] = _short(smallest[filled])
    return out, filled


def similarity(left: str, right: str) -> float:
    """Return the share, 0 to 1, of the different word triples of two texts that both have (Jaccard); 0 where one has no word."""
    a, b = np.unique(_triples(left)), np.unique(_triples(right))
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(1, len(a) + len(b) - shared)


def estimate(one: Sketches, others: Sketches) -> npt.NDArray[np.float64]:
    """Return the estimated similarity of one sketch, (SIZE,), and others, (n, SIZE)."""
    return np.asarray((others == one).mean(axis=1))


def _triples(text: str) -> Triples:
    words = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in TOKEN.findall(text.lower())]
    return _runs(np.array(words, np.uint32), np.array([len(words)], np.int64))[0]


def _read(texts: Sequence[str]) -> tuple[Triples, Longs]:
    """Return the words of `texts` as numbers, one after the other, and where each text ends in them."""
    from topics.kernels_table import WordTable

    table = WordTable.of_size(1 << 15)
    stream, ends = table.scan(kernels.pack(texts, lowercase=True, fold=None), grow=True)
    number = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in table.words()]
    return np.array(number, np.uint32)[stream], ends


def _runs(words: Triples, ends: Longs) -> tuple[Triples, Longs]:
    """Return the word triples as numbers, and where each text ends in them; a shorter text is one run of all its words."""
    sizes = np.diff(ends, prepend=np.int64(0))
    wide = np.concatenate([words, np.zeros(2, np.uint32)]).astype(np.uint64)
    first, second, third = wide[:-2], wide[1:-1], wide[2:]
    # What a short text lacks is 0, not the next text's word.
    begins = ends - sizes
    if (short := (sizes > 0) & (sizes < 3)).any():
        second, third = second.copy(), third.copy()
        third[begins[short]] = 0
        second[begins[short & (sizes == 1)]] = 0
    mixed = first * _FIRST_WORD
    mixed ^= mixed >> np.uint64(29)
    mixed += second * _SECOND_WORD
    mixed ^= mixed >> np.uint64(31)
    mixed += third * _THIRD_WORD
    mixed *= _FIRST_WORD
    runs = (mixed >> np.uint64(32)).astype(np.uint32)
    # The last two words of a text begin no triple.
    keep = np.ones(len(words), bool)
    lengths = np.where(sizes > 2, sizes - 2, np.minimum(sizes, 1))
    for back in (1, 2):
        keep[(ends - back)[sizes > back]] = False
    return runs[keep], np.cumsum(lengths)


def _smallest(found: Triples) -> Triples:
    """Return the (SIZE,) smallest hashes of the triples `found`."""
    best = np.full(SIZE, 0xFFFFFFFF, np.uint32)
    for at in range(0, len(found), _AT_ONCE):
        x = (found[at : at + _AT_ONCE, None] + _ADD) * _MULTIPLY
        x ^= x >> np.uint32(15)
        x *= _SPREAD
        best = np.minimum(best, x.min(axis=0))
    return best


def _short(smallest: Triples) -> Sketches:
    """Return 16 bits of each smallest hash: mixed again, since the upper ones of a minimum are nearly all zero."""
    x = smallest ^ (smallest >> np.uint32(16))
    x = x * _LAST
    return (x >> np.uint32(16)).astype(np.uint16)
