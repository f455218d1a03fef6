"""Write results: a file that appears whole or not at all, or standard output.

Owns: temporary siblings, what a full disk or a closed pipe means; the forms jsonl, csv and table (`make_writer`).
Does not know: what is written.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self, TextIO

from topics.errors import OutputError, UsageError, did_you_mean, one_line
from topics.output_table import Rows, Table, compact_json

FORMATS = ("jsonl", "csv", "table")

#: What a shell shows for a program that was ended by a closed pipe (128 + SIGPIPE).
CLOSED_PIPE_EXIT = 141


class _Sink(io.FileIO):
    """A file whose write errors say what was being written; after one, what is still buffered is let go."""

    def __init__(self, file: int | str, name: str, mode: str = "w", *, closefd: bool = True) -> None:
        super().__init__(file, mode, closefd=closefd)
        self.shown = name
        self.failed = False

    def write(self, data: object, /) -> int:
        if self.failed:
            return len(memoryview(data).cast("B"))  # type: ignore[arg-type]
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            self.failed = True
            raise SystemExit(CLOSED_PIPE_EXIT) from None
        except OSError as error:
            self.failed = True
            raise OutputError(f"{self.shown}: cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def open_output(path: str | os.PathLike[str] | None, *, force: bool = False) -> Iterator[TextIO]:
    """Give a UTF-8 text stream that becomes the file `path` when the block ends well, and leaves nothing when not.

    None is standard output; a device or pipe is written straight. Raises OutputError where `path` exists and `force`
    is not given, its folder is missing, or writing fails. A reader that closed the pipe ends the program quietly,
    with SystemExit(141).
    """
    if path is None:
        with _standard() as stream:
            yield stream
        return
    name = os.fspath(path)
    target = os.path.realpath(name)  # a link stays a link: what it points to is replaced
    _check(name, target, force)
    if os.path.exists(target) and not os.path.isfile(target):
        with _text(_open(target, name, "w")) as stream:
            yield stream
        return
    folder, base = os.path.split(target)
    new = os.path.join(folder, f".{base[:200]}.{secrets.token_hex(4)}.new")
    try:
        sink = _open(new, name, "x")
        with _text(sink) as stream:
            yield stream
            stream.flush()
            os.fsync(sink.fileno())
        _publish(new, target, name, force)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)
        raise


def _check(name: str, target: str, force: bool) -> None:
    try:
        mode = os.stat(target).st_mode
    except (OSError, ValueError):
        folder = os.path.dirname(target)
        if not os.path.isdir(folder):
            raise OutputError(f"{name}: there is no folder {folder}; make it first") from None
        return
    if stat.S_ISDIR(mode):
        raise OutputError(f"{name}: is a folder; name a file in it")
    if stat.S_ISREG(mode) and not force:
        raise OutputError(f"{name}: exists already; pass --force to replace it")


def _open(path: str, name: str, mode: str) -> _Sink:
    try:
        return _Sink(path, name, mode)
    except (OSError, ValueError) as error:
        raise OutputError(f"{name}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def _text(sink: _Sink, encoding: str = "utf-8") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(sink, 1 << 16), encoding=encoding, errors="backslashreplace", newline="\n")


def _publish(new: str, target: str, name: str, force: bool) -> None:
    try:
        if force:
            os.replace(new, target)
            return
        try:
            os.link(new, target)  # unlike a rename, fails where the file has appeared in the meantime
            os.unlink(new)
        except FileExistsError:
            raise OutputError(f"{name}: exists already, since this run began; pass --force to replace it") from None
        except OSError:
            os.rename(new, target)  # no hard links on this file system
    except OSError as error:
        raise OutputError(f"{name}: cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _standard() -> Iterator[TextIO]:
    out = sys.stdout
    try:
        out.flush()
        fd = out.fileno()
    except (OSError, ValueError, AttributeError):
        yield out  # a notebook or a test has put something else there
        return
    stream = _text(_Sink(fd, "standard output", closefd=False), (out.encoding or "utf-8") if out.isatty() else "utf-8")
    with stream:
        yield stream


def default_format(path: str | os.PathLike[str] | None) -> str:
    """Return "table" for a terminal, "csv" for a file of that name, "jsonl" for everything else."""
    if path is None:
        return "table" if sys.stdout is not None and sys.stdout.isatty() else "jsonl"
    return "csv" if os.fspath(path).lower().endswith((".csv", ".csv.gz")) else "jsonl"


class Writer(Protocol):
    """Writes rows; a context manager, since a table is laid out when its rows are known."""

    def write(self, row: Mapping[str, Any]) -> None:
        """Write the columns that were asked for, in that order; what a row does not have is empty (null)."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None: ...


def make_writer(kind: str, stream: TextIO, columns: Sequence[str]) -> Writer:
    """Return a writer of `kind`, one of `FORMATS`, for rows with these `columns`. Raises UsageError for another."""
    known: dict[str, Callable[[TextIO, Sequence[str]], Writer]] = {"jsonl": _Jsonl, "csv": _Csv, "table": Table}
    if kind not in known:
        raise UsageError(f"no such format: {kind!r}; formats are {', '.join(FORMATS)}{did_you_mean(kind, FORMATS)}")
    return known[kind](stream, columns)


class _Jsonl(Rows):
    def write(self, row: Mapping[str, Any]) -> None:
        text = compact_json({name: row.get(name) for name in self._columns})
        if getattr(self._stream, "encoding", None) not in (None, "utf-8"):  # a terminal of an older kind
            text = json.dumps(json.loads(text), separators=(",", ":"))
        self._stream.write(text + "\n")


class _Csv(Rows):
    #: A spreadsheet runs a cell that begins so as a formula; full-width forms too, in some languages.
    _FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

    def __init__(self, stream: TextIO, columns: Sequence[str]) -> None:
        import csv

        super().__init__(stream, columns)
        self._terminal = stream.isatty()
        self._csv = csv.writer(stream, lineterminator="\n")
        self._csv.writerow([self._cell(name) for name in columns])

    def write(self, row: Mapping[str, Any]) -> None:
        self._csv.writerow([self._cell(row.get(name)) for name in self._columns])

    def _cell(self, value: object) -> str | int | float | None:
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        text = value if isinstance(value, str) else compact_json(value)
        if text.startswith(self._FORMULA):
            text = "'" + text
        return one_line(text) if self._terminal else text
