"""A page: the text of one scraped document, exactly as it came.

Owns: the `Page` type, spans, hints, and the decoding of bytes into text.
Does not know: file formats (`sources`), lines and articles (`blocks`, `segment`).
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
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
_NOT_CONTROLS = bytes(c for c in range(256) if c not in _CONTROLS)
#: The accented letters of each language that Windows-1252 serves.
_ALPHABETS = (
    "àâæçèéêëîïôœùûüÿ",  # French
    "äöüß",  # German
    "áéíñóúüªº",  # Spanish
    "àáâãçéêíóôõúüªº",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "àçèéíïòóúü",  # Catalan
    "àáèéìíòóùú",  # Gaelic
    "äåéöüšž",  # Swedish, Finnish
    "åæøéèêóòôâ",  # Danish, Norwegian
    "áæðéíóöúýþ",  # Icelandic
    "äõöüšž",  # Estonian
    "áèéêëíïóöü",  # Dutch
)
#: Signs that stand inside no word; other code pages have letters there (Polish ł is ³). The soft hyphen and the Catalan
#: middle dot are left out: they do.
_SIGN_IN_WORD = re.compile("(?<=[A-Za-z])[\xa1-\xac\xae-\xb6\xb8-\xbf](?=[A-Za-z])")


def _repair(data: bytes, name: str, bad: int) -> tuple[str, str]:
    """Decode bytes that are not UTF-8 but may be damaged UTF-8 or Windows-1252."""
    repaired = data.decode("utf-8", "replace")
    lost = repaired.count("\ufffd") - data.count("\ufffd".encode())
    # A page cut in the middle of a character, or with a foreign snippet in it: read as Windows-1252, every quote and
    # accent of the good part would come out as two or three wrong characters.
    good = len(repaired) - len(repaired.encode("ascii", "ignore")) - lost
    if good > lost:
        return repaired, f"{name}: {lost} damaged bytes in UTF-8 text (the first is byte {bad}), each read as U+FFFD"
    if not data.translate(None, _NOT_CONTROLS):
        try:
            read = data.decode("cp1252")
        except UnicodeDecodeError as error:
            bad = error.start  # a byte that Windows-1252 leaves undefined
        else:
            if _western(read):
                return read, f"{name}: not UTF-8 (byte {bad}); read as Windows-1252"
    raise InputError(f"neither UTF-8 nor another text encoding we can tell (byte {bad}); convert it to UTF-8", file=name)


def _western(text: str) -> bool:
    """Return whether bytes read as Windows-1252 came out as text of a language it serves.

    Its siblings (Polish, Czech, Hungarian, Turkish, Cyrillic, Greek) come out as letters, too: as a mixture of accents that
    no language has, with signs inside words, or as hardly anything but accents.
    """
    accents = Counter(c for c in re.findall("[^\0-\x7f]", text.lower()) if c.isalpha())
    total, letters = accents.total(), len(re.findall("[A-Za-z]", text))
    few = total <= 2 + letters // 30  # foreign names in English, of whatever languages
    known = max(sum(accents[c] for c in alphabet) for alphabet in _ALPHABETS)
    one_language = 20 * known >= 19 * total and 5 * total <= 2 * letters
    signs = len(text) - len(text.encode("ascii", "ignore")) - total
    return (few or one_language) and signs <= 4 + len(text) // 12 and len(_SIGN_IN_WORD.findall(text)) <= 1
