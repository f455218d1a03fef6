"""Rows of article files: JSON Lines, CSV, TSV, Parquet.

Owns: one mapping for each row, with its number, or the reason why there is none. pyarrow enters here.
Does not know: which fields make up a text (`sources`), files and compression (`sources_bytes`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import IO, Any, NamedTuple

from topics.errors import InputError, MissingExtra
from topics.sources_bytes import MAX_BYTES, NO_MEMORY, Line, lines, size, unmarked

#: pandas writes NaN where a value is missing; JSON has null for that, and so has a row. Made once: `json.loads` with an argument
#: makes one for each row.
_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
#: Rows of a Parquet file that are turned into Python values at a time.
_BATCH = 256


class Row(NamedTuple):
    """One row: its fields, or what is wrong with it."""

    #: The line it begins on, counted from 1; in Parquet the row's number.
    line: int
    fields: dict[str, Any]
    problem: str | None = None


Warn = Callable[[str], None]


def read_jsonl(stream: io.BufferedReader, name: str, warn: Warn, max_bytes: int = MAX_BYTES) -> Iterator[Row]:
    """Yield a row for each line that is not blank."""
    for line in lines(unmarked(stream, name, warn), name, warn, max_bytes):
        if line.problem is None and not line.text.strip():
            continue
        fields, problem = {}, line.problem
        if problem is None:
            try:
                fields = _DECODER.decode(line.text)
            except RecursionError:
                problem = "not JSON that can be read: nested too deep"
            except MemoryError:  # thirty million brackets are a billion bytes of lists
                problem = f"{NO_MEMORY}; see --max-memory"
            except json.JSONDecodeError as error:
                problem = (
                    f"not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}; a line must be one object"
                )
            except ValueError:
                problem = "not JSON that can be read: a number of thousands of digits"
            else:
                if not isinstance(fields, dict):
                    problem = f'must be a JSON object such as {{"text": "..."}}. Got {_kind(fields)}'
        yield Row(line.number, {} if problem else fields, problem)


def _kind(value: object) -> str:
    return {list: "a list", str: "a string", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def read_csv(
    stream: io.BufferedReader, name: str, warn: Warn, max_bytes: int = MAX_BYTES, *, tabs: bool = False
) -> Iterator[Row]:
    """Yield a row for each record after the first, which names the columns.

    Quoting is that of RFC 4180, for tabs as well. A file without commas in its first line may be separated by
    semicolons or tabs, as spreadsheets write them. Raises InputError where there are no usable column names.
    """
    import csv

    if csv.field_size_limit() < max_bytes:
        csv.field_size_limit(max_bytes)  # for the whole process, and only ever raised; rows are bounded by `_Feed`
    feed = _Feed(lines(unmarked(stream, name, warn), name, warn, max_bytes), max_bytes)
    first = feed.peek()
    delimiter = "\t" if tabs else max(",;\t", key=lambda c: (c in first and c == ",", first.count(c), c == ","))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _BadLineError) as error:
            problem = "a quote opened in this row is never closed" if "unexpected end" in str(error) else str(error)
            lost = (
                isinstance(error, _BadLineError) and feed.line > feed.start
            )  # in the middle of a row: where does the next begin?
            problem += feed.extent() + ("; the rest is not read" if lost else "")
            if columns is None:
                raise InputError(f"the column names cannot be read: {problem}", file=name, line=feed.start) from None
            yield Row(feed.start, {}, f"not {'TSV' if tabs else 'CSV'}: {problem}")
            if lost:
                return
            continue
        if columns is None:
            columns = [cell.strip() for cell in cells]
            if columns:
                _check_columns(columns, name)
            else:
                columns = None  # blank lines before the names
        elif len(cells) == len(columns):
            yield Row(feed.start, dict(zip(columns, cells, strict=True)))
        elif cells:
            yield Row(feed.start, {}, f"expected {len(columns)} columns, as in the first row. Got {len(cells)}{feed.extent()}")


def _check_columns(columns: list[str], name: str) -> None:
    twice = sorted({c for c in columns if columns.count(c) > 1})
    if twice or not any(columns):
        why = f"{twice[0]!r} is the name of several" if any(columns) else "there are none"
        raise InputError(f"each column must have a name of its own, but {why}", file=name, line=1)


class _BadLineError(Exception):
    pass


class _Feed:
    """Lines for `csv.reader`, which pulls as many as a row spans; knows where the row began."""

    def __init__(self, source: Iterator[Line], max_bytes: int) -> None:
        self._source = source
        self._max = max_bytes
        self._ahead: Line | None = None
        self.line = self.start = self._held = 0

    def peek(self) -> str:
        self._ahead = next(self._source, None)
        return self._ahead.text if self._ahead else ""

    def begin(self) -> None:
        self.start = self._held = 0

    def extent(self) -> str:
        """Say which lines a bad row took with it, where it is more than one."""
        return f"; lines {self.start} to {self.line} are left out" if self.line > self.start else ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead or next(self._source)
        self._ahead = None
        self.line = line.number
        self.start = self.start or line.number
        self._held += len(line.text)
        if not line.whole:
            raise _BadLineError(line.problem)
        if self._held > self._max:
            raise _BadLineError(f"a row of more than {size(self._max)}, as if a quote were left open")
        return line.text


def read_parquet(stream: IO[bytes], name: str, max_bytes: int = MAX_BYTES) -> Iterator[Row]:
    """Yield the rows of a Parquet file, a batch at a time. Raises InputError for a damaged file, MissingExtra."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra("reading Parquet", "parquet") from None
    number = 0
    try:
        file = parquet.ParquetFile(stream)
        _check_columns(list(file.schema_arrow.names), name)
        for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
            for row in _python_rows(batch, number, max_bytes):
                number += 1
                yield row
    except (pa.ArrowException, OSError, ValueError) as error:
        why = " ".join(str(error).split())[:200]
        raise InputError(f"not Parquet that can be read ({why}); the rest is not read", file=name, line=number + 1) from None


def _python_rows(batch: Any, number: int, max_bytes: int) -> Iterator[Row]:  # noqa: ANN401 - a pyarrow.RecordBatch
    """Yield the rows of a batch that follows `number` others."""
    import pyarrow as pa

    for i, column in enumerate(batch.columns):
        if pa.types.is_timestamp(column.type):
            # As text, like in every other format; nanoseconds have no Python value, and news no use for them.
            text = column.cast(pa.timestamp("s", tz=column.type.tz), safe=False).cast(pa.string())
            batch = batch.set_column(i, batch.schema.names[i], text)
    if batch.nbytes <= max_bytes:
        try:
            yield from [Row(number + i + 1, fields) for i, fields in enumerate(batch.to_pylist())]
            return
        except (pa.ArrowException, ValueError, OverflowError):
            pass  # one value spoils the batch: the others are read one by one
    for i in range(batch.num_rows):
        row = batch.slice(i, 1)
        if row.nbytes > max_bytes:
            yield Row(number + i + 1, {}, f"larger than {size(max_bytes)}, the most that one row may have")
            continue
        try:
            yield Row(number + i + 1, row.to_pylist()[0])
        except (pa.ArrowException, ValueError, OverflowError) as error:
            yield Row(number + i + 1, {}, f"a value that cannot be read: {error}")
