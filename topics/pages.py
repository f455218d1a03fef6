"""A page: the text of one scraped document, exactly as it came.

Owns: the `Page` type, spans, hints, and the decoding of bytes into text.
Does not know: file formats (`sources`), lines and articles (`blocks`, `segment`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import NamedTuple

from topics.errors import InputError

#: Half-open, in Unicode code points of the page's text, as Python indexes a `str`.
Span = tuple[int, int]

#: What markup can say about a stretch of text.
HINTS = ("article", "heading", "paragraph", "caption", "nav", "header", "footer", "aside")


class Hint(NamedTuple):
    """What the markup of an HTML page said about a stretch of its text; flattened pages have none."""

    #: One of `HINTS`.
    kind: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. The text is never rewritten; everything downstream points into it."""

    #: Names the page in every output; usually the path it was read from.
    id: str
    text: str
    #: Who published the page, when the input says so.
    source: str | None = None
    #: When, as the input says it; an ISO date where it is one.
    published: str | None = None
    #: In order of their start, the outer before the inner; evidence, not truth.
    hints: tuple[Hint, ...] = ()


#: Byte-order marks. UTF-32 stands before UTF-16: its mark begins with UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes, name: str) -> tuple[str, str | None]:
    """Return the text of `data` and a warning, or None where it is plain UTF-8.

    UTF-8 with or without a byte-order mark, and UTF-16 or UTF-32 with one, are read as they are. UTF-8 with
    some damaged bytes is read with U+FFFD in their place, and bytes that look like Western European text as
    Windows-1252, both with a warning. Line ends are kept. Raises InputError, naming `name`, for anything else.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), None if encoding == "utf-8" else f"{name}: read as {encoding}"
            except UnicodeDecodeError as error:
                if encoding == "utf-8":
                    return decode_unmarked(data[len(mark) :], name)
                raise InputError(f"starts with a {encoding} mark but is not {encoding} (byte {error.start})", file=name) from None
    return decode_unmarked(data, name)


def decode_unmarked(data: bytes, name: str) -> tuple[str, str | None]:
    """Return what `decode` does for bytes whose first ones are not taken for a byte-order mark."""
    try:
        text, warning = data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        text, warning = _repair(data, name, error.start)
    # A control character now and then is dirt and kept; a text made of them is a binary that happens to decode.
    if len(data) >= 16 and len(data) - len(data.translate(None, _CONTROLS)) > len(text) // 20:
        raise InputError("binary data, not text; convert it to UTF-8 text first", file=name)
    return text, warning


_CONTROLS = bytes(c for c in range(32) if chr(c) not in "\t\n\v\f\r\x1b")
_HIGH_LETTERS = bytes(c for c in range(0xC0, 0x100) if c not in (0xD7, 0xF7))
_ASCII_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Signs that Western text does not put inside a word, but other code pages have letters there (Polish ł is ³).
#: The soft hyphen and the Catalan middle dot are left out: they do stand inside words.
_SIGN_IN_WORD = re.compile(rb"(?<=[A-Za-z])[\xa1-\xac\xae-\xb6\xb8-\xbf](?=[A-Za-z])")


def _repair(data: bytes, name: str, bad: int) -> tuple[str, str]:
    """Decode bytes that are not UTF-8 but may be damaged UTF-8 or Windows-1252."""
    repaired = data.decode("utf-8", "replace")
    lost = repaired.count("\ufffd") - data.count("\ufffd".encode())
    # A page cut in the middle of a character, or with a foreign snippet in it: read as Windows-1252, every quote and
    # accent of the good part would come out as two or three wrong characters.
    good = len(repaired) - len(repaired.encode("ascii", "ignore")) - lost
    if good > lost:
        return repaired, f"{name}: {lost} damaged bytes in UTF-8 text (the first is byte {bad}), each read as U+FFFD"
    # Accents are 2-7 % of the letters in the languages Windows-1252 serves (Icelandic excepted) and 8 % or more in
    # those its siblings serve (Polish, Czech, Hungarian, Turkish; Cyrillic and Greek: nearly all), which it would
    # read as nonsense. Two more are allowed, since a short text may hold "déjà vu" and little else.
    western = (
        _count(data, _HIGH_LETTERS) <= 2 + _count(data, _ASCII_LETTERS) // 12
        and _count(data, bytes(range(0x80, 0x100))) <= 4 + len(data) // 8
        and len(_SIGN_IN_WORD.findall(data)) <= 1
    )
    if western and not _count(data, _CONTROLS):
        try:
            return data.decode("cp1252"), f"{name}: not UTF-8 (byte {bad}); read as Windows-1252"
        except UnicodeDecodeError as error:
            bad = error.start  # a byte that Windows-1252 leaves undefined
    raise InputError(f"neither UTF-8 nor another text encoding we can tell (byte {bad}); convert it to UTF-8", file=name)


def _count(data: bytes, which: bytes) -> int:
    return len(data) - len(data.translate(None, which))
