"""How much memory a run may take.

Owns: sizes as people write them, the system's bound on this process, what it means for a single document.
Does not know: what the memory is used for.

On Linux the bound is RLIMIT_DATA: what a process may allocate, which is at least what of it is resident. Mapped arrays of an
artifact are not in it: the system takes them back when memory is short. Other systems know no such bound; there
`--max-memory` still bounds the largest document.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys

from topics.sources_bytes import MAX_BYTES

#: The interpreter, numpy and a small model take 60 MB; below twice that nothing useful can be done.
LEAST = 128 << 20
#: A row is held as bytes, as text and parsed: its bound is this part of the whole.
PART = 16
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def size_of(text: str) -> int:
    """Read a size such as "600MB", "1.5G" or "268435456", in bytes. Raises argparse.ArgumentTypeError."""
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?", text.strip().lower(), re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError(f"expected a size such as 600MB or 2GB, got {text!r}")
    size = int(float(found[1]) * _UNITS[found[2]])
    if size < LEAST:
        raise argparse.ArgumentTypeError(f"expected at least {LEAST >> 20}MB, got {text!r}")
    return size


def largest_document(limit: int | None) -> int:
    """Return how many bytes a page or row may have where the run may take `limit` bytes (None: no bound was asked for)."""
    return MAX_BYTES if limit is None else min(MAX_BYTES, limit // PART)


def bound(limit: int | None) -> None:
    """Let this process allocate no more than `limit` bytes, and those it starts; beyond, MemoryError is raised. None: no bound.

    For the rest of the process. Does nothing on systems without such a bound.
    """
    if limit is None or not sys.platform.startswith("linux"):
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def in_use() -> int:
    """Return how many bytes this process has allocated, as the bound counts them; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def half_of_machine() -> int | None:
    """Return half of the machine's memory in bytes, None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, ValueError, OSError):
        return None
