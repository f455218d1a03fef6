"""Web archives (WARC, ISO 28500; WET, the text of pages as Common Crawl extracts it), record by record.

Owns: record headers, HTTP responses inside records, what counts as a page.
Does not know: charsets and markup (`sources_web`), compression of the archive (`sources_bytes`).
"""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

from topics.errors import InputError
from topics.sources_bytes import MAX_BYTES, buffered, size

#: Longest header line and longest header, in bytes; the longest seen in Common Crawl are cookies of 8 KB.
_LINE, _HEADER = 1 << 16, 1 << 18
_HTML = ("text/html", "application/xhtml+xml")


class Document(NamedTuple):
    """One page of an archive, before it is decoded."""

    #: Where it was fetched, from WARC-Target-URI; the number of its record where that is missing.
    id: str
    #: The host it was fetched from.
    source: str | None
    html: bool
    data: bytes
    #: What the server said.
    charset: str | None


def read_warc(
    stream: io.BufferedReader, name: str, warn: Callable[[str], None], max_bytes: int = MAX_BYTES
) -> Iterator[Document | InputError]:
    """Yield the pages of an archive, and an error for each that cannot be read.

    Pages are the texts of WET files and the responses and resources with HTML or plain text; requests, metadata, redirects,
    error pages and repeated visits are not. Other kinds of content are counted and warned of at the end. Raises
    InputError for what is not an archive.
    """
    skipped: Counter[str] = Counter()
    number = 0
    while (headers := _next_record(stream, name, number)) is not None:
        number += 1
        where = f"record {number}"
        try:
            if uri := headers.get("warc-target-uri", "").strip("<> "):
                where += f" ({uri[:200]})"
            length = headers.get("content-length", "")
            if not (length.isascii() and length.isdigit() and len(length) < 19):
                raise InputError(
                    f"{where}: Content-Length must be a number. Got {length[:40]!r}; resumed at the next record", file=name
                )
            remaining = int(length)
            kind, content = headers.get("warc-type", "").lower(), headers.get("content-type", "")
            if kind not in ("conversion", "response", "resource") or (kind == "response" and "http" not in content):
                _skip(stream, remaining, where, name)
                continue
            if remaining > max_bytes:
                _skip(stream, remaining, where, name)
                raise InputError(f"{where}: larger than {size(max_bytes)}, the most that one document may have", file=name)
            data = stream.read(remaining)
            if (at := _next_inside(data, stream, remaining)) is not None:
                stream = buffered(chain([data[at:]], iter(partial(stream.read, 1 << 16), b"")))
                raise InputError(f"{where}: Content-Length reaches into the next record; resumed there", file=name)
            if len(data) < remaining:
                raise InputError(f"{where}: cut off; the archive is truncated", file=name)
            if kind == "response":
                status, headers, data = _http(data, where, name, max_bytes)
                content = headers.get("content-type", "")
                if status != "200":
                    continue
            media, _, parameters = content.partition(";")
            media = media.strip().lower()
            if media not in _HTML and not (media == "text/plain" or (kind == "conversion" and not media)):
                skipped[media or "unnamed type"] += 1
                continue
            yield Document(uri or f"{name}:{number}", _host(uri), media in _HTML, data, _charset(parameters))
        except InputError as error:
            yield error
    if skipped:
        kinds = ", ".join(f"{n:,} {media}" for media, n in skipped.most_common(5))
        warn(f"{name}: skipped {skipped.total():,} records that are neither HTML nor plain text ({kinds})")


def _next_inside(data: bytes, stream: io.BufferedReader, length: int) -> int | None:
    """Return where the next record begins within what should be one, where that is not followed by the end of a record."""
    if len(data) == length and stream.peek(1)[:1] in (b"\r", b"\n", b""):
        return None
    # Not where it begins just behind: some writers leave out the blank lines.
    at = (data + stream.peek(8)[:8]).find(b"\nWARC/1.") + 1
    return at if 0 < at < len(data) else None


def _next_record(stream: io.BufferedReader, name: str, number: int) -> dict[str, str] | None:
    """Return the headers of the next record, names in lower case; None at the end of the archive."""
    line = b"\n"
    while line and not line.startswith(b"WARC/"):
        # Blank lines part the records; anything else is the rest of a damaged one, until the next begins.
        if line.strip() and number == 0:
            raise InputError("is not a WARC or WET archive: it does not begin with WARC/", file=name)
        line = stream.readline(_LINE)
    if not line:
        return None
    return _headers(stream, f"record {number + 1}", name)


def _headers(stream: io.BufferedReader | io.BytesIO, where: str, name: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    taken, last = 0, ""
    while (line := stream.readline(_LINE)).strip():
        taken += len(line)
        if taken > _HEADER:
            raise InputError(f"{where}: a header of more than {size(_HEADER)}; the rest is not read", file=name)
        text = line.decode("utf-8", "replace").replace("\0", "\ufffd")
        if text[0] in " \t" and last:
            headers[last] += " " + text.strip()
            continue
        key, _, value = text.partition(":")
        last = key.strip().lower()
        headers[last] = value.strip()
    return headers


def _skip(stream: io.BufferedReader, length: int, where: str, name: str) -> None:
    while length > 0:
        got = len(stream.read(min(length, 1 << 16)))
        if not got:
            raise InputError(f"{where}: cut off; the archive is truncated", file=name)
        length -= got


def _http(data: bytes, where: str, name: str, max_bytes: int) -> tuple[str, dict[str, str], bytes]:
    """Return status, headers and body of an HTTP response, the body as it was before it was packed for the way."""
    stream = io.BytesIO(data)
    status = [*stream.readline(_LINE).split(maxsplit=2), b"", b""][1].decode("ascii", "replace")
    headers = _headers(stream, where, name)
    body = stream.read()
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    packing = headers.get("content-encoding", "").lower().strip()
    if packing in ("gzip", "x-gzip", "deflate"):
        body = _unpacked(body, packing, where, name, max_bytes)
    elif packing not in ("", "identity", "utf-8", "none"):
        raise InputError(f"{where}: packed as {packing[:40]!r}, which is not read", file=name)
    return status, headers, body


def _joined(body: bytes) -> bytes:
    """Return the chunks of a chunked body in one piece; a body that is not chunked, as some archives store it, as it is."""
    stream = io.BytesIO(body)
    parts: list[bytes] = []
    while True:
        try:
            length = int(stream.readline(1024).split(b";")[0], 16)
        except ValueError:
            return body if not parts else b"".join([*parts, stream.read()])
        if length <= 0:
            return b"".join(parts)
        parts.append(stream.read(length))
        stream.readline(16)


def _unpacked(body: bytes, packing: str, where: str, name: str, max_bytes: int) -> bytes:
    if packing != "deflate" and not body.startswith(b"\x1f\x8b"):
        return body  # some archives unpack the body and keep the header
    for wbits in (47, -15):  # gzip or zlib by their heads; deflate without one, as some servers send it
        inflate = zlib.decompressobj(wbits=wbits)
        try:
            unpacked = inflate.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        if len(unpacked) > max_bytes:
            raise InputError(f"{where}: larger than {size(max_bytes)} when unpacked", file=name)
        if inflate.eof:
            return unpacked
    raise InputError(f"{where}: corrupt or truncated {packing} data", file=name)


def _host(uri: str) -> str | None:
    from urllib.parse import urlsplit

    try:
        return urlsplit(uri).hostname
    except ValueError:
        return None


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip("\"' ") or None
    return None
