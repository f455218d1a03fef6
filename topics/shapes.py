"""What each line looks like: length, case, punctuation, repetition, rhythm, shared words.

Owns: the features of the line model side by side, one row a line; which way they are made, with numpy or compiled.
Does not know: roles (`segment`), how lines are found (`lines`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from topics.lines import Ints, Lines, find_lines
from topics.shapes_own import (
    AROUND,
    COUNTS,
    ENDERS,
    NOT_LAST,
    OPENERS,
    SIZES,
    case,
    edges,
    lengths,
    lexical,
    marks,
    rhythm,
    signs,
)
from topics.shapes_page import EARLIEST, LATEST, NEAR, Columns, cohesion, glue, repetition
from topics.shapes_runs import APART, LARGE, TEXT, stretches
from topics.shapes_signs import COLON, EARLY, GROUPS, sign_table
from topics.shapes_words import CLASSES, Words, find_words, probe_table


@dataclass(frozen=True, slots=True)
class Shapes:
    """The features of a page's lines."""

    names: tuple[str, ...]
    #: (n_lines, n_features) float32, each about 0 to 1.
    values: npt.NDArray[np.float32]
    words: Words
    #: Equal for lines that hold the same words, digits aside.
    template: Ints
    #: Facts about each line for later kernels; no line where numpy read the page.
    facts: npt.NDArray[np.float64]

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """Return one feature of all lines."""
        return self.values[:, _columns()[name]]


def shapes(lines: Lines) -> Shapes:
    """Return the features of `lines`; none for a page without lines."""
    return _compiled_shapes(lines) if lines.fast and len(lines) else _plain_shapes(lines)


def _plain_shapes(lines: Lines) -> Shapes:
    """Return the features with numpy alone: the specification of the kernels, and the way for small pages."""
    words = find_words(lines)
    found = Columns()
    count = np.diff(words.bounds)
    lengths(found, lines, words, count)
    case(found, lines, words, count)
    edges(found, lines)
    signs(found, lines)
    lexical(found, words, count)
    rhythm(found, lines, count)
    template = repetition(found, lines, words, count)
    cohesion(found, words, len(lines))
    glue(found, lines, words, count)
    stretches(found, words, count)
    return Shapes(tuple(found.names), found.values(len(lines)), words, template, np.zeros((0, 0)))


@cache
def _names() -> tuple[str, ...]:
    return _plain_shapes(find_lines("")).names


@cache
def _columns() -> dict[str, int]:
    return {name: k for k, name in enumerate(_names())}


@cache
def _settings() -> tuple[npt.NDArray[np.generic], ...]:
    """Return what the kernel that reads lines one by one is told: tables, lists, numbers."""
    openers, enders, closers = marks()
    numbers = (len(GROUPS), COLON, EARLY, len(OPENERS), len(ENDERS), CLASSES.index("month"), EARLIEST, LATEST)
    return (
        sign_table(), np.stack((openers, enders)), closers, np.array([name in NOT_LAST for name in CLASSES]),
        np.array(SIZES), np.array(COUNTS), np.array(numbers),
    )  # fmt: skip


@cache
def _logs() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return log(1 + k) and log2(k), further than any feature grows; made by numpy, whose logarithms differ in the last bit."""
    k = np.arange(4096.0)
    return np.log1p(k), np.log2(np.maximum(k, 1))


def _compiled_shapes(lines: Lines) -> Shapes:
    """Return the features as `_plain_shapes` does."""
    from topics import kernels_alike, kernels_place, kernels_shapes, kernels_ties

    n, small = len(lines), np.zeros(len(lines.codes) + 8, np.uint8)
    count = kernels_shapes.fold(lines.codes, lines.bits, small)
    eight = np.ndarray(len(lines.codes) + 1, np.dtype("<u8"), small.data, strides=(1,))
    values = np.empty((n, len(_names())), np.float32)
    place, key, kind = np.empty((3, count), np.int64), np.empty(count, np.uint64), np.empty(count, np.uint8)
    cased, bounds, hashes = np.empty((3, count), np.bool_), np.empty(n + 1, np.int64), np.empty((n, 5), np.uint64)
    facts, template, identity = np.empty((n, kernels_shapes.FACTS)), np.empty(n, np.int64), np.empty(count, np.int64)
    sure, doubled = _logs()
    at = kernels_shapes.describe(
        lines.codes, lines.bits, eight, lines.start, lines.end, *probe_table(), *_settings(),
        place, key, kind, cased, bounds, hashes, facts, values,
    )  # fmt: skip
    around = np.array(list(AROUND.values()))
    at = kernels_place.place(lines.blank, lines.indent, lines.rows, facts, around, sure, lines.wrapped, values, at)
    at = kernels_alike.repeat(lines.codes, lines.start, lines.end, hashes, facts, doubled, template, values, at)
    at, many = kernels_ties.tie(place, key, kind, cased, NEAR, identity, values, at)
    at = kernels_place.glue(facts, values, at)
    at = kernels_ties.run(place, identity, many, facts, TEXT, APART, LARGE, sure, values, at)
    assert at == len(_names())
    words = Words(place[0], place[1], place[2], key, cased[0], cased[1], cased[2], kind, bounds)
    return Shapes(_names(), values, words, template, facts)
