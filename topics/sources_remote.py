"""Files at addresses, such as s3://bucket/rows.jsonl, where fsspec is installed. The door to fsspec.

Owns: what is an address, whether something is there, the files below one, streams of them; paths of this machine pass through.
Does not know: formats (`sources_files`), what is done with the bytes.

Nothing is fetched but what a command line or a config names. Which addresses there are is fsspec's to say: memory:// and file://
come with it, https:// with aiohttp, s3:// with s3fs, gs:// with gcsfs.
"""

from __future__ import annotations

import io
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from topics.errors import InputError, MissingExtra, UsageError, one_line
from topics.sources_files import format_of, shown, walk

#: Two letters at least: C:// is a drive.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
#: Bytes fetched ahead.
_AHEAD = 1 << 20


def is_address(path: str) -> bool:
    """Return whether `path` is an address and not a path of this machine."""
    return _ADDRESS.match(path) is not None


def there(path: str) -> bool:
    """Return whether a file or folder is there. Raises InputError where that cannot be found out, and as `opened` does."""
    if not is_address(path):
        return os.path.exists(path)
    system, inner = _system(path)
    return bool(_asked(path, system.exists, inner))


def is_folder(path: str) -> bool:
    """Return whether `path` is a folder. Web servers have none."""
    if not is_address(path):
        return os.path.isdir(path)
    if format_of(path)[0] or path.lower().startswith("http"):
        return False
    system, inner = _system(path)
    return bool(_asked(path, system.isdir, inner))


def files_in(folder: str, on_error: Callable[[InputError], None], skipped: Counter[str]) -> Iterator[str]:
    """Do what `walk` does, also for the folder at an address."""
    if not is_address(folder):
        yield from walk(folder, on_error, skipped)
        return
    system, inner = _system(folder)
    for file in sorted(_asked(folder, system.find, inner) or []):
        if any(part.startswith(".") for part in os.path.relpath(file, inner).split("/")):
            continue
        if format_of(file)[0]:
            yield system.unstrip_protocol(file)
        else:
            skipped[os.path.splitext(file)[1] or "without suffix"] += 1


def matches(pattern: str) -> list[str]:
    """Return the addresses that a pattern with * stands for, or the one it is, sorted; none where nothing is there."""
    system, inner = _system(pattern)
    if not re.search(r"[*\[]", inner):
        return [pattern] if there(pattern) else []
    return sorted(system.unstrip_protocol(file) for file in _asked(pattern, system.glob, inner) or [])


def opened(path: str) -> tuple[io.BufferedReader, bool]:
    """Return the bytes of a file, and whether one can go back and forth in them.

    Raises OSError where it cannot be read, MissingExtra without the extra `remote`, UsageError for an address of no kind that
    is known, or that needs another package.
    """
    if not is_address(path):
        stream = open(path, "rb")  # noqa: SIM115 - the caller closes it
        return stream, stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    system, inner = _system(path)
    raw = _Raw(_reached(lambda: system.open(inner, "rb")))
    return io.BufferedReader(raw, _AHEAD), raw.seekable()


def _system(address: str) -> tuple[Any, str]:
    """Return fsspec's file system of an address, and the address within it."""
    scheme = address.partition("://")[0]
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise MissingExtra(f"reading {one_line(shown(address))}", "remote") from None
    try:
        system, inner = url_to_fs(address)
    except ImportError as error:
        raise UsageError(f"{one_line(shown(address))}: {error}") from None
    except ValueError as error:
        raise UsageError(f"{one_line(shown(address))}: {scheme}:// is no address that can be read ({error})") from None
    return system, inner


def _asked(address: str, question: Callable[[str], Any], inner: str) -> Any:  # noqa: ANN401 - fsspec has no types
    try:
        return _reached(lambda: question(inner))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot be reached: {error.strerror}", file=shown(address)) from None


def _reached(ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - fsspec has no types
    """Return what `ask` does; what goes wrong in whatever library is an OSError with a line of text."""
    try:
        return ask()
    except FileNotFoundError:
        raise FileNotFoundError(2, "no such file") from None
    except Exception as error:
        line = one_line(str(error).strip().partition("\n")[0][:200]) or "no reason given"
        raise OSError(0, f"{type(error).__name__}, {line}") from None


class _Raw(io.RawIOBase):
    """A file of fsspec as a raw stream, all of whose failures are OSErrors."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - fsspec has no types
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        data = _reached(lambda: self._file.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return int(_reached(lambda: self._file.seek(offset, whence)))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
