"""Write results: a file that appears whole or not at all, or standard output.

Owns: temporary siblings, what a full disk or a closed pipe means, the form that is used when none is asked for.
Does not know: what is written, and how a form looks (`output_forms`).
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from topics.errors import OutputError, UsageError, did_you_mean
from topics.output_forms import FORMATS, Writer
from topics.siblings import lock, remove_stale, sibling

#: What a shell shows for a program that was ended by a closed pipe (128 + SIGPIPE).
CLOSED_PIPE_EXIT = 141


class _Sink(io.FileIO):
    """A file whose write errors say what was being written; after one, what is still buffered is let go."""

    def __init__(self, file: int | str, name: str, *, closefd: bool = True) -> None:
        super().__init__(file, "w", closefd=closefd)
        self.shown = name
        self.failed = False

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - any buffer
        if self.failed:
            return len(data)
        try:
            return super().write(data)
        except BrokenPipeError:
            self.failed = True
            raise SystemExit(CLOSED_PIPE_EXIT) from None
        except OSError as error:
            self.failed = True
            raise OutputError(f"{self.shown}: cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def open_output(path: str | os.PathLike[str] | None, *, force: bool = False) -> Iterator[TextIO]:
    """Give a UTF-8 text stream that becomes the file `path` when the block ends well, and leaves nothing when not.

    A name that ends in .gz is compressed. None is standard output; a device or pipe is written straight. Raises
    OutputError where `path` exists and `force` is not given, its folder is missing, or writing fails. A reader that
    closed the pipe ends the program quietly, with SystemExit(141).
    """
    if path is None:
        with _standard() as stream:
            yield stream
        return
    name = os.fspath(path)
    with _said(name):
        target = os.path.realpath(name)  # a link stays a link: what it points to is replaced
        mode = _check(name, target, force)
    if mode is not None and not stat.S_ISREG(mode):
        with _said(name), _Sink(target, name) as sink, _text(sink, gz=name.endswith(".gz")) as stream:
            yield stream
        return
    folder = os.path.dirname(target)
    remove_stale(target)
    new = sibling(target)
    with _said(name):
        fd, named = _open_new(folder, new)
    lock(fd)
    try:
        sink = _Sink(fd, name, closefd=False)
        with _text(sink, gz=name.endswith(".gz")) as stream:
            try:
                yield stream
            except BaseException:
                sink.failed = True  # what is still buffered is not wanted any more
                raise
        with _said(name):
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(fd, stat.S_IMODE(mode))  # a private file stays private
            os.fsync(fd)
            if not named:
                _give_name(fd, folder, new)
                named = True
            _publish(new, target, name, force)
    finally:
        os.close(fd)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(new)


@contextlib.contextmanager
def _said(name: str) -> Iterator[None]:
    """Say what was being written when the system refuses."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise OutputError(f"{name}: cannot be written: {getattr(error, 'strerror', error)}") from None


def _open_new(folder: str, new: str) -> tuple[int, bool]:
    """Return a new file to write, and whether it has its name already.

    Where Linux gives a file without a name, even a run that is killed leaves nothing behind.
    """
    if hasattr(os, "O_TMPFILE") and os.path.isdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # not on every file system
            return os.open(folder, os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0o666), False
    return os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), True


def _give_name(fd: int, folder: str, new: str) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        # With a folder to start from, Python calls linkat(2), which follows the link to the file; without, link(2).
        os.link(f"/proc/self/fd/{fd}", os.path.basename(new), dst_dir_fd=place, follow_symlinks=True)
    finally:
        os.close(place)


def _check(name: str, target: str, force: bool) -> int | None:
    """Return the mode of `target`, or None where there is nothing yet. Raises OutputError where it cannot be written."""
    try:
        mode = os.stat(target).st_mode
    except (FileNotFoundError, NotADirectoryError):
        folder = os.path.dirname(target)
        if not os.path.isdir(folder):
            raise OutputError(f"{name}: there is no folder {folder}; make it first") from None
        return None
    if stat.S_ISDIR(mode):
        raise OutputError(f"{name}: is a folder; name a file in it")
    if stat.S_ISREG(mode) and not force:
        raise OutputError(f"{name}: exists already; pass --force to replace it")
    return mode


@contextlib.contextmanager
def _text(sink: _Sink, encoding: str = "utf-8", *, gz: bool = False) -> Iterator[TextIO]:
    with contextlib.ExitStack() as stack:
        raw: Any = stack.enter_context(io.BufferedWriter(sink, 1 << 16))
        if gz:
            import gzip

            raw = stack.enter_context(gzip.GzipFile("", "wb", 6, raw, mtime=0))  # no time, no name: equal rows, equal bytes
        yield stack.enter_context(io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace", newline="\n"))


def _publish(new: str, target: str, name: str, force: bool) -> None:
    if force:
        os.replace(new, target)
        return
    try:
        os.link(new, target)  # unlike a rename, fails where the file has appeared in the meantime
    except FileExistsError:
        raise OutputError(f"{name}: exists already, since this run began; pass --force to replace it") from None
    except OSError:
        os.rename(new, target)  # no hard links on this file system


@contextlib.contextmanager
def _standard() -> Iterator[TextIO]:
    out = sys.stdout
    try:
        out.flush()
        fd = out.fileno()
    except (OSError, ValueError, AttributeError):
        yield out  # a notebook or a test has put something else there
        return
    sink = _Sink(fd, "standard output", closefd=False)
    with _text(sink, (out.encoding or "utf-8") if out.isatty() else "utf-8") as stream:
        yield stream


def default_format(path: str | os.PathLike[str] | None) -> str:
    """Return "table" for a terminal, "csv" for a file of that name, "jsonl" for everything else."""
    if path is None:
        return "table" if sys.stdout is not None and sys.stdout.isatty() else "jsonl"
    return "csv" if os.fspath(path).lower().endswith((".csv", ".csv.gz")) else "jsonl"


def make_writer(kind: str, stream: TextIO, columns: Sequence[str], *, formulas: bool = False) -> Writer:
    """Return a writer of `kind`, one of `FORMATS`, for rows with these `columns`. Raises UsageError for another.

    With `formulas`, CSV cells that a spreadsheet would run are left as they are.
    """
    if kind not in FORMATS:
        raise UsageError(f"no such format: {kind!r}; formats are {', '.join(FORMATS)}{did_you_mean(kind, FORMATS)}")
    return FORMATS["csv"](stream, columns, formulas=True) if formulas and kind == "csv" else FORMATS[kind](stream, columns)
