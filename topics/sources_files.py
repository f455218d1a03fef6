"""Which files are read, and as what.

Owns: formats by suffix, the files of a folder, what the first bytes of a nameless stream tell.
Does not know: how a format is read (`sources` and the modules beside it).
"""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from topics.errors import InputError

#: By suffix, each also with .gz.
FORMATS: Mapping[str, str] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".wet": "warc",
    ".warc": "warc",
}
#: What follows the path of a web address, and who asks, as addresses may name them.
_QUERY, _USER = re.compile(r"^(https?://[^?#]*)[?#].*", re.I | re.S), re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+://)[^/@]*@")
SUPPORTED = f"{' '.join(FORMATS)}, each also with .gz"


def format_of(path: str) -> tuple[str | None, bool]:
    """Return the format that the suffix of `path` stands for, or None, and whether it ends in .gz."""
    stem, suffix = os.path.splitext(_QUERY.sub(r"\1", path.lower()))
    gz = suffix == ".gz"
    if gz:
        suffix = os.path.splitext(stem)[1]
    return FORMATS.get(suffix), gz


def shown(path: str) -> str:
    """Return `path` as text that can be written anywhere: bytes of a file name that are no UTF-8 are escaped.

    Of an address without name, password and what follows a question mark, which may be a signature.
    """
    path = _USER.sub(r"\1", _QUERY.sub(r"\1", path))
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def walk(folder: str, on_error: Callable[[InputError], None], skipped: Counter[str]) -> Iterator[str]:
    """Yield the files in `folder` and below that have a format, in the order of their names; count the others by suffix.

    What begins with a dot is left out. A folder that cannot be read goes to `on_error`.
    """
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda e: e.name)
    except OSError as error:
        on_error(InputError(f"cannot be read: {error.strerror}", file=shown(folder)))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(entry.path, on_error, skipped)
        elif entry.is_file() and format_of(entry.name)[0]:
            yield entry.path
        else:
            # A link to a folder may lead round in a circle; a pipe or a device may never end.
            skipped["linked folders" if entry.is_dir() else shown(os.path.splitext(entry.name)[1]) or "without suffix"] += 1


def sniff(stream: io.BufferedReader, name: str) -> str:
    """Return the format of a stream whose name does not tell it, from its first bytes: text where they tell nothing.

    Raises InputError for JSON that is one array.
    """
    head = stream.peek(512)[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if re.match(rb"\[\s*\{", head):
        raise InputError("one JSON array, which is not read; write one object a line (jq -c '.[]' does), as .jsonl", file=name)
    if head.startswith(b"{"):
        return "jsonl"
    if head.startswith(b"warc/1."):
        return "warc"
    return "html" if head.startswith((b"<!doctype html", b"<html")) else "text"
