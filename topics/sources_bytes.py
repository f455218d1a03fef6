"""Bytes on their way to a reader: decompressed, re-encoded, cut into lines, and bounded at every step.

Owns: gzip (truncated, corrupt, bombs), byte-order marks, universal line ends, the size limits.
Does not know: what the lines or bytes mean (`sources_tables`, `sources_warc`, `sources_html`).
"""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, NamedTuple

from topics.errors import InputError
from topics.pages import MARKS, decode_unmarked

#: Largest page, row or archive record, in bytes before decoding. News pages stay under 1 MB; with images inlined
#: HTML reaches a few tens. A row is held as bytes, as text (up to 4 bytes a character) and parsed: 32 MB keep
#: the worst of them near 300 MB.
MAX_BYTES = 32 << 20
#: Text shrinks 3 to 10 times under gzip, tables of repeated values 100 times, a bomb 1,000 times.
MAX_RATIO = 200
_CHUNK = 1 << 16
#: What a gzip member begins with.
_MEMBER = b"\x1f\x8b\x08"
NO_MEMORY = "needs more memory than there is"


class Line(NamedTuple):
    """One line of a file of rows."""

    #: Counted from 1; "\\n", "\\r\\n" and a lone "\\r" end a line.
    number: int
    #: With its line end; bytes that are not text stand as lone surrogates.
    text: str
    #: Why the line cannot be used, or None.
    problem: str | None
    #: Whether `text` is the whole line: a line over the limit is skipped, not kept.
    whole: bool = True


class _Chunks(io.RawIOBase):
    """An iterator of byte strings as a raw stream, for `io.BufferedReader`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        n = min(len(buffer), len(self._rest))
        buffer[:n] = self._rest[:n]
        self._rest = self._rest[n:]
        return n


def buffered(chunks: Iterator[bytes]) -> io.BufferedReader:
    """Return byte strings as one stream."""
    return io.BufferedReader(_Chunks(chunks), _CHUNK)


def plain(
    stream: io.BufferedReader,
    name: str,
    *,
    gz: bool,
    max_bytes: int = MAX_BYTES,
    lost: Callable[[InputError], None] | None = None,
) -> io.BufferedReader:
    """Return `stream`, decompressed where it is gzip; see `gunzip`. Raises InputError where `gz` is promised and is not so."""
    if stream.peek(2)[:2] == b"\x1f\x8b":
        return buffered(gunzip(stream, name, max_bytes, lost))
    if gz:
        raise InputError("is not gzip data, though its name ends in .gz", file=name)
    return stream


def gunzip(
    stream: BinaryIO, name: str, free: int = MAX_BYTES, lost: Callable[[InputError], None] | None = None
) -> Iterator[bytes]:
    """Yield the data of all gzip members, in pieces of bounded size; checksums are verified.

    lost: for archives that hold a member for each record: a corrupt one of at most `free` bytes is left out whole and told here.

    Raises InputError, after what could be read, for truncated or corrupt data, and for data that grows to more
    than `MAX_RATIO` times its compressed size (beyond the first `free` bytes).
    """
    inflate = None
    taken = made = 0
    search, rest = False, b""  # for the next member after a corrupt one
    hold = _Hold(free if lost is not None else -1)
    while data := stream.read(_CHUNK):
        taken += len(data)
        data, rest = rest + data, b""
        while data:
            if inflate is None:
                if search:
                    at = data.find(_MEMBER)
                    data, rest = (data[at:], b"") if at >= 0 else (b"", data[1 - len(_MEMBER) :])
                elif made or taken > _CHUNK:
                    data = data.lstrip(b"\0")  # tapes and some downloads pad with zeros
                inflate = zlib.decompressobj(wbits=31) if data else None
                hold.begin()
                continue
            try:
                piece = inflate.decompress(data, 4 * _CHUNK)
                data = inflate.unconsumed_tail
                while len(piece) == 4 * _CHUNK and not data and not inflate.eof:
                    made += len(piece)
                    yield from hold.add(piece)
                    piece = inflate.decompress(b"", 4 * _CHUNK)  # all input taken, output still waiting
            except zlib.error as error:
                if lost is None or hold.gone:
                    raise InputError(f"corrupt gzip data ({_reason(error)}); the rest is not read", file=name) from None
                if not search:
                    lost(InputError(f"a record is corrupt gzip data ({_reason(error)}); resumed at the next record", file=name))
                inflate, search, data = None, True, data[1:]
                continue
            made += len(piece)
            if made > free and made > MAX_RATIO * taken:
                raise InputError(
                    f"grows to more than {MAX_RATIO} times its size when decompressed, as gzip bombs do; "
                    "the rest is not read; decompress it first if it is genuine",
                    file=name,
                )
            if piece:
                yield from hold.add(piece)
            if inflate.eof:
                data, inflate, search = inflate.unused_data, None, False
                yield from hold.end()
    if inflate is not None:
        yield from hold.end()
        raise InputError("truncated gzip data; the rest is missing", file=name)


class _Hold:
    """The pieces of a gzip member, kept until it is known to be whole, or is larger than `most` bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.begin()

    def begin(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        #: Whether pieces of this member have gone out.
        self.gone = False

    def add(self, piece: bytes) -> Iterator[bytes]:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > self._most:
            yield from self.end()

    def end(self) -> Iterator[bytes]:
        self.gone = True
        yield from self._pieces
        self._pieces = []


def _reason(error: zlib.error) -> str:
    return str(error).rpartition(": ")[2]


def unmarked(stream: io.BufferedReader, name: str, warn: Callable[[str], None]) -> io.BufferedReader:
    """Return `stream` as UTF-8 without its byte-order mark; UTF-16 and UTF-32 with a mark are re-encoded."""
    head = stream.peek(4)[:4]
    for mark, encoding in MARKS:
        if head.startswith(mark):
            stream.read(len(mark))
            if encoding == "utf-8":
                return stream
            warn(f"{name}: read as {encoding}")
            return buffered(_recode(stream, encoding, name))
    return stream


def _recode(stream: BinaryIO, encoding: str, name: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while data := stream.read(_CHUNK):
            yield decoder.decode(data).encode("utf-8")
        yield decoder.decode(b"", final=True).encode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"starts with a {encoding} mark but is not {encoding}; the rest is not read", file=name) from None


def whole(stream: BinaryIO, name: str, max_bytes: int = MAX_BYTES) -> bytes:
    """Return all of `stream`. Raises InputError when it is larger than `max_bytes`."""
    data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise InputError(f"larger than {size(max_bytes)}, the most that one document may have", file=name)
    return data


def seekable(stream: BinaryIO, name: str, max_bytes: int = MAX_BYTES) -> IO[bytes]:
    """Return a copy of `stream` for readers that go back and forth: a nameless file, gone when it is closed.

    Raises InputError when the copy would grow beyond 64 times `max_bytes`.
    """
    import tempfile

    copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    taken = 0
    while data := stream.read(_CHUNK):
        taken += len(data)
        if taken > 64 * max_bytes:
            copy.close()
            raise InputError(f"more than {size(64 * max_bytes)} when decompressed; decompress it first", file=name)
        copy.write(data)
    copy.seek(0)
    return copy


def size(n: int) -> str:
    """Return `n` bytes for a person, such as "32 MB"."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if n >= step:
            return f"{n / step:.3g} {unit}"
    return f"{n} bytes"


def lines(stream: io.BufferedReader, name: str, warn: Callable[[str], None], max_bytes: int = MAX_BYTES) -> Iterator[Line]:
    """Yield the lines of a file of rows, none longer than `max_bytes`; warn, once, where some are not UTF-8."""
    number = legacy = 0
    while raw := stream.readline(max_bytes + 1):
        if len(raw) > max_bytes:
            number += 1
            while not raw.endswith(b"\n") and (raw := stream.readline(_CHUNK)):
                pass
            yield Line(number, "", f"longer than {size(max_bytes)}, the most that one row may have", whole=False)
            continue
        for piece in raw.splitlines(keepends=True):
            number += 1
            try:
                yield Line(number, piece.decode("utf-8"), None)
                continue
            except UnicodeDecodeError:
                pass
            try:
                text, note = decode_unmarked(piece, name)
            except InputError:
                yield Line(number, piece.decode("utf-8", "surrogateescape"), "not UTF-8, and no other encoding we can tell")
                continue
            legacy += 1
            if legacy == 1:
                warn(f"{name}, line {number}: {(note or '').removeprefix(f'{name}: ')}")
            yield Line(number, text, None)
    if legacy > 1:
        warn(f"{name}: {legacy:,} lines in all are not UTF-8")
