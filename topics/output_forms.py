"""Rows as text: JSON Lines, CSV, a table for the terminal.

Owns: what each form does with strings that would steer a terminal or run in a spreadsheet; widths, ellipsis, wide characters.
Does not know: files and streams (`output`), what the columns mean.
"""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self, TextIO

from topics.errors import one_line


class Writer(Protocol):
    """Writes rows; a context manager, since a table is laid out when its rows are known."""

    def write(self, row: Mapping[str, Any]) -> None:
        """Write the columns that were asked for, in that order; what a row does not have is empty (null)."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None: ...


class _Rows:
    """What all writers share."""

    def __init__(self, stream: TextIO, columns: Sequence[str]) -> None:
        self._stream = stream
        self._columns = tuple(columns)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        pass


#: JSON lets these stand as they are; some would steer a terminal (C1, bidirectional overrides), some end a line.
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def as_json(value: object) -> str:
    """Return compact JSON. Raises ValueError for NaN and infinity, which JSON does not have."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)
    return text if text.isascii() and "\x7f" not in text else _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    if hasattr(value, "tolist"):
        return value.tolist()  # numpy's numbers and arrays
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


class _Jsonl(_Rows):
    def write(self, row: Mapping[str, Any]) -> None:
        text = as_json({name: row.get(name) for name in self._columns})
        if getattr(self._stream, "encoding", None) not in (None, "utf-8"):  # a terminal of an older kind
            text = json.dumps(json.loads(text), separators=(",", ":"))
        self._stream.write(text + "\n")


class _Csv(_Rows):
    #: A spreadsheet runs a cell that begins so as a formula; full-width forms too, in some languages.
    _FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    _QUOTED = re.compile('[",\r\n]')

    def __init__(self, stream: TextIO, columns: Sequence[str], *, formulas: bool = False) -> None:
        super().__init__(stream, columns)
        self._formulas = formulas
        self._terminal = stream.isatty()
        self._line(columns)

    def write(self, row: Mapping[str, Any]) -> None:
        self._line([row.get(name) for name in self._columns])

    def _line(self, values: Sequence[object]) -> None:
        line = ",".join(map(self._cell, values))
        self._stream.write((line or '""') + "\n")  # one empty cell would be a blank line, which is no row

    def _cell(self, value: object) -> str:
        if value is None:
            return ""
        if hasattr(value, "tolist"):
            value = value.tolist()  # numpy's -0.5 is a number as well
        if isinstance(value, int | float) and not isinstance(value, bool):
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"{value} is not a number that can be written")
            return str(value)
        text = value if isinstance(value, str) else as_json(value)
        if not self._formulas and text.startswith(self._FORMULA):
            text = "'" + text
        if self._terminal:
            text = one_line(text)
        # Not csv.writer: with "\n" for a line end it leaves a lone "\r" unquoted (until Python 3.13).
        return '"' + text.replace('"', '""') + '"' if self._QUOTED.search(text) else text


class _Table(_Rows):
    """Aligned plain text. The first rows decide the widths, so that a long run shows its results as they come."""

    _SAMPLE = 100
    _LEAST = 6

    def __init__(self, stream: TextIO, columns: Sequence[str]) -> None:
        super().__init__(stream, columns)
        self._held: list[list[tuple[str, bool]]] = []
        self._widths: list[int] | None = None

    def write(self, row: Mapping[str, Any]) -> None:
        cells = [_table_cell(row.get(name)) for name in self._columns]
        if self._widths is not None:
            self._line(cells)
            return
        self._held.append(cells)
        if len(self._held) >= self._SAMPLE:
            self._lay_out()

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None and self._widths is None:
            self._lay_out()

    def _lay_out(self) -> None:
        total = shutil.get_terminal_size((120, 24)).columns
        natural = [max([_width(n), *(_width(row[i][0]) for row in self._held)]) for i, n in enumerate(self._columns)]
        self._widths = _fit(natural, total - 2 * (len(natural) - 1), self._LEAST)
        self._line([(one_line(name), False) for name in self._columns])
        self._line([("-" * width, False) for width in self._widths])
        for row in self._held:
            self._line(row)
        self._held.clear()

    def _line(self, cells: Sequence[tuple[str, bool]]) -> None:
        assert self._widths is not None
        shown = []
        for (text, number), width in zip(cells, self._widths, strict=True):
            text = _cut(text, width)
            pad = " " * (width - _width(text))
            shown.append(pad + text if number else text + pad)
        self._stream.write("  ".join(shown).rstrip() + "\n")


def _table_cell(value: object) -> tuple[str, bool]:
    """Return one line for a person, and whether it is a number."""
    if value is None:
        return "", False
    if isinstance(value, float):
        return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"), True
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value), True
    # White space first: a no-break space would be shown as an escape otherwise.
    return one_line(" ".join((value if isinstance(value, str) else as_json(value)).split())), False


def _width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _cut(text: str, width: int) -> str:
    if _width(text) <= width:
        return text
    while _width(text) > width - 1:
        text = text[: width - 1] if len(text) > width else text[:-1]
    return text + "…"


def _fit(widths: Sequence[int], total: int, least: int) -> list[int]:
    """Return widths that sum to at most `total` where that leaves each `least`: the widest give way first."""
    fitted = list(widths)
    while sum(fitted) > total and max(fitted) > least:
        widest = max(fitted)
        below = max([least, *(w for w in fitted if w < widest)])
        many = fitted.count(widest)
        give = max(1, min(widest - below, -(-(sum(fitted) - total) // many)))
        fitted = [w - give if w == widest else w for w in fitted]
    return fitted


FORMATS: Mapping[str, Callable[..., Writer]] = {"jsonl": _Jsonl, "csv": _Csv, "table": _Table}
