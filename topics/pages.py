"""A page: the text of one scraped document, exactly as it came.

Owns: the `Page` type, spans, and the decoding of bytes into text.
Does not know: file formats (`sources`), lines and articles (`blocks`, `segment`).
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from topics.errors import InputError

#: Half-open, in Unicode code points of the page's text, as Python indexes a `str`.
Span = tuple[int, int]


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


def decode(data: bytes, name: str) -> tuple[str, str | None]:
    """Return the text of `data` and a warning, or None where it is plain UTF-8.

    UTF-8 with or without a byte-order mark, and UTF-16 or UTF-32 with one, are read as they are. Other
    bytes are read as Windows-1252, with a warning, when at most one character in twenty is not ASCII
    text. Line ends are kept. Raises InputError, naming `name`, for binary data.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), None if encoding == "utf-8" else f"{name}: read as {encoding}"
            except UnicodeDecodeError as error:
                raise InputError(f"starts with a {encoding} mark but is not {encoding} (byte {error.start})", file=name) from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(data, name, error.start)
    # A NUL now and then is dirt and kept; a text made of control characters is a binary that happens to decode.
    if len(data) >= 16 and sum(text.count(c) for c in _CONTROLS) > len(text) // 20:
        raise InputError("binary data, not text; convert it to UTF-8 text first", file=name)
    return text, None


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = tuple(chr(c) for c in range(32) if chr(c) not in "\t\n\v\f\r\x1b")


def _decode_legacy(data: bytes, name: str, bad: int) -> tuple[str, str]:
    controls = sum(data.count(c.encode()) for c in _CONTROLS)
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    if controls == 0 and high * 20 <= len(data):
        try:
            return data.decode("cp1252"), f"{name}: not UTF-8 (byte {bad}); read as Windows-1252"
        except UnicodeDecodeError:
            pass  # a byte that Windows-1252 leaves undefined: refused below, with the byte named
    raise InputError(f"neither UTF-8 nor another text encoding we can tell (byte {bad}); convert it to UTF-8", file=name)
