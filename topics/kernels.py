"""The compiled side of counting: when it is worth its start, how text reaches it, what is announced.

Owns: the door to numba, packing texts into bytes, folding tables, threads, the one-line notice before a first compile.
Does not know: what a term is (the plain-Python count in `terms` is the specification), what counts are used for.

The kernels read UTF-8 bytes. Lower-casing and "is this a word character" come from tables made by Python's own `str`,
so that both counts agree on every code point; the two code points whose lower case is not a table (U+0130 becomes
two, U+03A3 depends on its neighbors) are folded by Python before the bytes are made.
"""

from __future__ import annotations

import functools
import logging
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]

log = logging.getLogger("topics")

#: Characters from which the kernels pay: numba and the cached kernels start in 0.4 s, the Python count reads 3 to 6 MB/s.
WORTH = 3_000_000
#: The same where a larger input has started them before; texts that are counted in turn are added up.
WORTH_LOADED = 300_000
#: Characters that are packed at a time: large enough to hide the calls, small enough to stay in the cache and add no peak.
CHUNK = 2_000_000


def loaded() -> bool:
    """Say whether something has been counted with the kernels: then what follows need not be large to pay."""
    return "topics.kernels_terms" in sys.modules


@dataclass(slots=True)
class Asked:
    """How many characters have been counted with one vocabulary: it changes the time and nothing else."""

    characters: int = 0


def worth_it(texts: Sequence[str], before: Asked | None = None, effort: int = 1) -> bool:
    """Say whether `texts` are long enough for the kernels to pay, with what was counted `before` with the same vocabulary.

    effort: how many times as long as words alone the Python count takes.
    """
    least = min(WORTH, WORTH_LOADED) if loaded() else WORTH
    total = before.characters if before is not None else 0
    enough = False
    for text in texts:
        total += effort * len(text)
        enough = enough or total >= least
        if enough and before is None:
            break
    if before is not None:
        before.characters = total
    return enough


_seen = 0


def pays(characters: int) -> bool:
    """Say whether the kernels pay for a page of so many `characters`, after the pages asked about before it."""
    global _seen  # it changes the time and nothing else
    _seen += characters
    # To import numba takes most of the start: where something else has, the segmenter's kernels are there in 0.1 s.
    return _seen >= (min(WORTH, WORTH_LOADED) if "numba" in sys.modules else WORTH)


def compiled(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba has no types
    """Compile `function` at its first call and keep the result on disk.

    numba keeps it beside the module, or in the user's cache folder where an installed package is read-only, or in
    NUMBA_CACHE_DIR. Where none of these can be written, it is compiled anew in each process.
    """
    from numba import njit

    # error_model="numpy": with Python's, each division checks for zero and loops do not vectorize (4 times slower).
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:
        log.info("no folder for compiled kernels can be written; set NUMBA_CACHE_DIR to keep them")
        return njit(**options)(function)


def ready(*kernels: Any) -> None:  # noqa: ANN401
    """Announce the compilation that the first call of `kernels` is about to cause, if any."""
    missing = [k for k in kernels if k not in _asked and not k.signatures and not _on_disk(k)]
    _asked.update(kernels)
    if missing:
        log.warning("compiling %s for this machine, once; some seconds", ", ".join(k.py_func.__name__ for k in missing))


_asked: set[Any] = set()


def _on_disk(kernel: Any) -> bool:  # noqa: ANN401
    folder = kernel.stats.cache_path
    return bool(folder) and any(Path(folder).glob(f"*.{kernel.py_func.__name__}-*.nbi"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """How bytes and code points are read: 0 for what is not part of a word, else what is counted."""

    #: (2, 256) for a byte below 128; 255 leads to `points`. Row 0 folds case, row 1 takes text as it is.
    ascii: Bytes
    #: (2, 0x110000) for a code point.
    points: npt.NDArray[np.uint32]


@functools.cache
def tables(between_spaces: bool = False) -> Tables:
    """Return the tables of Python's word characters, or of all that is not white space (but U+0000, which stands for none)."""
    text = "".join(map(chr, range(0x110000)))
    # Lower case one by one, without the two that would move the rest.
    lower = text.replace("\u0130", " ").replace("\u03a3", " ").lower()
    points = np.zeros((2, 0x110000), np.uint32)
    for row, folded in enumerate((lower, text)):
        word = np.zeros(0x110000, bool)
        for run in re.finditer(r"[^\s\x00]+" if between_spaces else r"\w+", folded):
            word[run.start() : run.end()] = True
        codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
        points[row, word] = codes[word]
    ascii_table = np.full((2, 256), 255, np.uint8)
    ascii_table[:, :128] = points[:, :128]
    return Tables(ascii=ascii_table, points=points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Texts as bytes."""

    #: (n_bytes,) UTF-8; lone surrogates as three bytes each, which no table takes for a word.
    buffer: Bytes
    #: (n_texts + 1,) where each text begins.
    offsets: Longs
    #: (n_texts,) the table row to read each text with: 1 where Python has folded it.
    row: Bytes


def pack(texts: Sequence[str], *, lowercase: bool, fold: Callable[[str], str] | None) -> Packed:
    """Return `texts` as bytes. `fold` is what Python does to a text that is not ASCII (accents), if anything."""
    row = np.full(len(texts), 0 if lowercase else 1, np.uint8)
    if all(map(str.isascii, texts)):
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        raw = "".join(texts).encode("ascii")
    else:
        pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
        for i, text in enumerate(texts):
            if not text.isascii() and (fold is not None or (lowercase and ("\u0130" in text or "\u03a3" in text))):
                folded = text.lower() if lowercase else text
                pieces[i] = (fold(folded) if fold is not None else folded).encode("utf-8", "surrogatepass")
                row[i] = 1
        lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
        raw = b"".join(pieces)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return Packed(buffer=np.frombuffer(raw, np.uint8), offsets=offsets, row=row)


def chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield runs of `texts` of about CHUNK characters, in order."""
    begin = total = 0
    for i, text in enumerate(texts):
        total += len(text)
        if total >= CHUNK:
            yield texts[begin : i + 1]
            begin, total = i + 1, 0
    if begin < len(texts):
        yield texts[begin:]


def in_threads(work: Callable[[Any], Any], items: Iterator[Any], workers: int) -> Iterator[Any]:
    """Yield `work(item)` for each item, in order, at most `2 * workers` ahead; kernels let go of the interpreter's lock."""
    if workers <= 1:
        yield from map(work, items)
        return
    from concurrent.futures import ThreadPoolExecutor  # with logging 0.01 s, which a page must not wait for

    with ThreadPoolExecutor(workers) as pool:
        waiting = [pool.submit(work, item) for item in islice(items, 2 * workers)]
        while waiting:
            yield waiting.pop(0).result()
            waiting += [pool.submit(work, item) for item in islice(items, 1)]
