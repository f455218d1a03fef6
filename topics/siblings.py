"""Hidden files and folders beside a result, in which it is written before it takes its place.

Owns: their names, the lock that says that their writer lives, the removal of those whose writer was killed.
Does not know: what is written (`output`, `artifact`).

A writer locks what it writes; the system lets go of the lock when the writer ends, however it ends. So what carries our
kind of name and is not locked was left by a killed run. Where the system has no such locks, nothing is removed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

#: Longest part of the result's name that is in the sibling's: names end at 255 bytes.
_LONGEST = 200


def sibling(target: str) -> str:
    """Return a new name beside `target`: `.NAME.0123abcd.new`."""
    folder, base = os.path.split(target)
    return os.path.join(folder, f".{base[:_LONGEST]}.{os.urandom(4).hex()}.new")


def lock(fd: int) -> bool:
    """Say that whoever has `fd` open is writing it; return False where another one says so."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # no locks on this file system; `remove_stale` gets none there, either
    return True


def new_folder(target: str) -> tuple[str, int | None]:
    """Make a locked folder beside `target`; return its path and what keeps the lock, to be closed at the end."""
    while True:
        path = sibling(target)
        os.makedirs(path)
        if fcntl is None:
            return path, None
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        # Between making and locking it, another run may have taken it for a leftover.
        if lock(fd) and os.path.isdir(path):
            return path, fd
        os.close(fd)


def remove_stale(target: str) -> None:
    """Remove what killed runs left beside `target`; where one left the only copy, put it in its place.

    Removes only what has a name of ours for this very result, is no link, belongs to the user, and is not locked. What cannot
    be removed stays: this is housekeeping, and the result matters more.
    """
    if fcntl is None:
        return
    folder, base = os.path.split(target)
    name = re.compile(rf"\.{re.escape(base[:_LONGEST])}\.[0-9a-f]{{8}}\.(new|old)")
    try:
        with os.scandir(folder or ".") as found:
            left = sorted(entry.path for entry in found if name.fullmatch(entry.name))
    except OSError:
        return
    for path in left:
        with contextlib.suppress(OSError):
            _remove(path, target)


def _remove(path: str, target: str) -> None:
    assert fcntl is not None
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        kind = os.fstat(fd)
        if kind.st_uid != os.geteuid() or not (stat.S_ISREG(kind.st_mode) or stat.S_ISDIR(kind.st_mode)):
            return
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.endswith(".old") and not os.path.lexists(target):
            os.rename(path, target)  # killed between two renames, on a system that cannot exchange folders
        elif stat.S_ISDIR(kind.st_mode):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    finally:
        os.close(fd)


def take_place(new: Path, target: Path) -> None:
    """Let the folder `new` take the place of `target`; the old one, if any, may be left under the name `new`."""
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        _replace(new, target)


def _exchange(left: Path, right: Path) -> bool:
    """Let two folders change places in one step that no kill can halve; return False where the system has no such step."""
    try:
        import ctypes

        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (ImportError, OSError, AttributeError, TypeError):
        return False
    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE: Linux 3.15, not on every file system
    return bool(rename(here, os.fsencode(left), here, os.fsencode(right), exchange) == 0)


def _replace(new: Path, target: Path) -> None:
    """Let `new` take the place of `target` in two steps; killed between them, the next run puts the old one back."""
    old = new.with_suffix(".old")
    held = os.open(target, os.O_RDONLY)
    try:
        lock(held)
        target.rename(old)
        try:
            new.rename(target)
        except OSError:
            old.rename(target)
            raise
        shutil.rmtree(old)
    finally:
        os.close(held)
