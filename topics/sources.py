"""Read what a user has: pages and articles, from files, folders and standard input.

Owns: which file is read how, the `Record` type, what makes a row an article; every problem is reported, none is silent.
Does not know: bytes (`sources_bytes`), rows (`sources_tables`), markup (`sources_html`), archives (`sources_warc`).

Problems of one file, row or page go to `on_error`, and reading goes on; warnings go to `warn`.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, BinaryIO, Literal

from topics.errors import InputError
from topics.pages import Page, Span, decode
from topics.sources_bytes import MAX_BYTES, NO_MEMORY, buffered, plain, seekable, whole
from topics.sources_files import SUPPORTED, format_of, shown, sniff
from topics.sources_remote import files_in, is_folder, opened, there
from topics.sources_tables import Row, read_csv, read_jsonl, read_parquet
from topics.sources_warc import Document, read_warc

STDIN = "standard input"
TITLE_FIELDS = ("title", "headline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One page or one article as it was read."""

    page: Page
    #: "page": to be cut into articles; "article": the page is one article.
    kind: Literal["page", "article"]
    #: As it was given, or found in a folder.
    file: str
    #: Of a row, counted from 1: the line it begins on (in Parquet its number). None for pages.
    line: int | None = None
    #: The row as it was read; empty for pages.
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: Where the title stands in the page's text.
    title_span: Span | None = None


OnError = Callable[[InputError], None]
Warn = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """The arguments of `read`, for the functions below it."""

    kind: Literal["page", "article"]
    text_fields: Sequence[str]
    id_field: str
    source_field: str
    published_field: str
    on_error: OnError
    warn: Warn
    max_bytes: int


def read(
    paths: Sequence[str | os.PathLike[str]],
    *,
    as_pages: bool = False,
    text_fields: Sequence[str] = ("title", "text"),
    id_field: str = "id",
    source_field: str = "source",
    published_field: str = "published",
    on_error: OnError,
    warn: Warn = warnings.warn,
    stdin: BinaryIO | None = None,
    max_bytes: int = MAX_BYTES,
) -> Iterator[Record]:
    """Yield the pages and articles of `paths`, in order, holding one at a time.

    paths: files, folders (read recursively, in the order of their names), addresses of either (see `sources_remote`), or "-" for
    standard input.
    as_pages: rows of article files are pages to be cut, not articles.
    text_fields: joined by a blank line they are the text of a row; all but a title must be there.
    on_error: called with each row, page or file that cannot be read; reading goes on after it.
    stdin: what "-" reads, `sys.stdin.buffer` by default.
    max_bytes: largest page, row or archive record, before decoding.

    Raises InputError at once, before anything is read, when a path does not exist; MissingExtra where a format needs
    a package that is not installed. No paths, no records.
    """
    if isinstance(text_fields, str):
        text_fields = (text_fields,)
    names = [os.fspath(p) for p in paths]
    missing = [p for p in names if p != "-" and not there(p)]
    if missing:
        more = f" (and {len(missing) - 1} more that do not exist)" if len(missing) > 1 else ""
        raise InputError(f"no such file or folder{more}", file=shown(missing[0]))
    how = _How(
        kind="page" if as_pages else "article",
        text_fields=tuple(text_fields),
        id_field=id_field,
        source_field=source_field,
        published_field=published_field,
        on_error=lambda error: on_error(_bare(error)),
        warn=warn,
        max_bytes=max_bytes,
    )
    return _unique(_records(names, how, stdin), warn)


def _bare(error: InputError) -> InputError:
    """Return `error` without the frames it was raised in: who collects a million errors should not keep a million rows."""
    error.__traceback__ = error.__context__ = None
    return error


def _unique(records: Iterable[Record], warn: Warn) -> Iterator[Record]:
    """Pass all records on; warn of ids that come again."""
    seen: set[int] = set()
    again = 0
    for record in records:
        key = hash(record.page.id)  # 8 bytes for an id of any length: a million ids take 60 MB, not 200
        if key in seen:
            again += 1
            if again <= 3:
                where = record.file if record.line is None else f"{record.file}, line {record.line}"
                warn(f"{where}: the id {record.page.id!r} was there before; both are kept")
        seen.add(key)
        yield record
    if again > 3:
        warn(f"{again:,} ids in all were there before; all are kept")


def _records(paths: Sequence[str], how: _How, stdin: BinaryIO | None) -> Iterator[Record]:
    for path in paths:
        if path == "-":
            yield from _stdin(stdin, how)
        elif is_folder(path):
            skipped: Counter[str] = Counter()
            for file in files_in(path, how.on_error, skipped):
                yield from _file(file, how)
            if skipped:
                kinds = ", ".join(f"{n:,} {what}" for what, n in sorted(skipped.items()))
                how.warn(f"{shown(path)}: skipped files that are not read: {kinds}")
        else:
            yield from _file(path, how)


def _stdin(stdin: BinaryIO | None, how: _How) -> Iterator[Record]:
    if stdin is None and sys.stdin is not None:
        stdin = sys.stdin.buffer
    if stdin is None or stdin.closed:
        how.on_error(InputError("is closed", file=STDIN))
        return
    # Not `io.BufferedReader(stdin)`: that would close standard input when it is let go.
    yield from _stream(buffered(iter(partial(getattr(stdin, "read1", stdin.read), 1 << 16), b"")), STDIN, None, False, how)


def _file(path: str, how: _How) -> Iterator[Record]:
    try:
        stream, is_file = opened(path)  # closed below; only opening it is tried here
    except OSError as error:
        how.on_error(InputError(f"cannot be read: {error.strerror}", file=shown(path)))
        return
    with stream:
        kind, gz = format_of(path)
        yield from _stream(stream, shown(path), kind, gz, how, is_file=is_file)


def _stream(
    stream: io.BufferedReader, name: str, kind: str | None, gz: bool, how: _How, *, is_file: bool = False
) -> Iterator[Record]:
    """Yield the records of one stream; what goes wrong in the whole of it is reported here."""
    known = True
    try:
        if kind == "parquet" and is_file and not gz:
            yield from _rows(read_parquet(stream, name, how.max_bytes), name, how)
            return
        lost = how.on_error if kind == "warc" else None
        stream = plain(stream, name, gz=gz, max_bytes=how.max_bytes, lost=lost)
        if kind is None:
            kind, known = sniff(stream, name), False
        if kind == "jsonl":
            yield from _rows(read_jsonl(stream, name, how.warn, how.max_bytes), name, how)
        elif kind in ("csv", "tsv"):
            yield from _rows(read_csv(stream, name, how.warn, how.max_bytes, tabs=kind == "tsv"), name, how)
        elif kind == "parquet":
            with seekable(stream, name, how.max_bytes) as copy:
                yield from _rows(read_parquet(copy, name, how.max_bytes), name, how)
        elif kind == "warc":
            for found in read_warc(stream, name, how.warn, how.max_bytes):
                yield from _page(found, name, how)
        else:
            data = whole(stream, name, how.max_bytes)
            if not known and kind == "text":
                _check_text(data, name)
            yield from _page(Document(_id(name), None, kind == "html", data, None), name, how)
    except InputError as error:
        how.on_error(error)
    except OSError as error:
        how.on_error(InputError(f"cannot be read: {error.strerror}; the rest is not read", file=name))
    except MemoryError:
        how.on_error(InputError(f"{NO_MEMORY}; the rest is not read; see --max-memory", file=name))


def _check_text(data: bytes, name: str) -> None:
    try:
        decode(data, name)
    except InputError:
        raise InputError(f"is not text, and its name tells no format; what is read: {SUPPORTED}", file=name) from None


def _id(name: str) -> str:
    return "stdin" if name == STDIN else name


def _page(found: Document | InputError, name: str, how: _How) -> Iterator[Record]:
    try:
        if isinstance(found, InputError):
            raise found
        where = name if found.id == _id(name) else f"{name}: {found.id}"
        if found.html:
            from topics.sources_web import read_html  # starts processes; most input is not HTML

            page = read_html(found.data, where, how.warn, page_id=found.id, charset=found.charset)
        else:
            text, warning = decode(found.data, where)
            page = Page(id=found.id, text=text)
            if warning:
                how.warn(warning)
        record = Record(page=replace(page, source=page.source or found.source), kind="page", file=name)
    except InputError as error:
        how.on_error(error)
    except MemoryError:
        how.on_error(InputError(f"{NO_MEMORY}; see --max-memory", file=name if isinstance(found, InputError) else where))
    else:
        yield record  # outside of the tries above: what its reader does wrong is not this page's fault


def _rows(rows: Iterable[Row], name: str, how: _How) -> Iterator[Record]:
    for row in rows:
        try:
            yield _record(row, name, how)
        except InputError as error:
            how.on_error(error)


def _record(row: Row, name: str, how: _How) -> Record:
    """Return the article of a row. Raises InputError, with file and line, where it has none."""

    def refuse(why: str) -> InputError:
        return InputError(why, file=name, line=row.line)

    if row.problem is not None:
        raise refuse(row.problem)
    parts: list[str] = []
    title_span = None
    for column in how.text_fields:
        value = row.fields.get(column)
        if value is None:
            if column in TITLE_FIELDS and len(how.text_fields) > 1:
                continue
            has = ", ".join(sorted(map(str, row.fields))[:12]) or "none"
            raise refuse(f"no text in field {column!r}; its fields are: {has}")
        if not isinstance(value, str):
            raise refuse(f"field {column!r} must be a string. Got {type(value).__name__}")
        if value:
            if column in TITLE_FIELDS and title_span is None:
                start = sum(len(p) + 2 for p in parts)
                title_span = (start, start + len(value))
            parts.append(value)
    page = Page(
        id=_label(row.fields.get(how.id_field)) or f"{_id(name)}:{row.line}",
        text="\n\n".join(parts),
        source=_label(row.fields.get(how.source_field)),
        published=_label(row.fields.get(how.published_field)),
    )
    for text in (page.text, page.id, page.source or "", page.published or ""):
        if "\0" in text:
            raise refuse("a NUL character in the text, id, source or date")
        if not text.isascii():
            try:
                text.encode("utf-8")
            except UnicodeEncodeError:
                raise refuse("half a character (a lone surrogate) or bytes that are not UTF-8 in its text or id") from None
    return Record(page=page, kind=how.kind, file=name, line=row.line, fields=row.fields, title_span=title_span)


def _label(value: object) -> str | None:
    """Return an id, source or date as text; None where there is none or it is a list or an object."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return str(value.isoformat()) if hasattr(value, "isoformat") else None
