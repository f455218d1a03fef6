"""HTML as text: every word in reading order, and what the markup says about it.

Owns: which elements are blocks and which are not text. lxml enters here.
Does not know: which of the text is an article (`segment`), bytes and charsets, limits (`sources_web`).

    a block element (p, h1, div, li, td, ...) begins and ends a paragraph: an empty line between two
    <br> and table rows and list items begin a line; cells of a row are parted by a tab; <pre> keeps its lines
    script, style, template, noscript, svg and the like are not text; everything else is, hidden or not
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from topics.errors import MissingExtra
from topics.pages import Hint

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
    }
    | {"fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html"}
    | {"legend", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "select", "summary", "table", "tbody", "textarea"}
    | {"tfoot", "thead", "ul"}
)
_LINES = frozenset({"br", "tr", "li", "option", "button"})
_CELLS = frozenset({"td", "th"})
_NO_TEXT = frozenset(
    {"script", "style", "template", "noscript", "head", "title", "svg", "math", "iframe", "object", "embed", "applet", "audio"}
    | {"video", "canvas", "map", "datalist", "noframes"}
)
_HINTS = {
    "article": "article",
    **{f"h{n}": "heading" for n in range(1, 7)},
    "p": "paragraph",
    "figcaption": "caption",
    "nav": "nav",
    "header": "header",
    "footer": "footer",
    "aside": "aside",
}
_ROLES = {"article": "article", "heading": "heading", "navigation": "nav", "complementary": "aside", "contentinfo": "footer"}
_DATES = frozenset({"article:published_time", "datepublished", "parsely-pub-date", "date", "dc.date.issued"})
_SPACES = re.compile(r"[ \t\n\f\r]+")


def html_to_text(html: str) -> tuple[str, tuple[Hint, ...]]:
    """Return the text of a page and what its markup says about it; ("", ()) for a page without text.

    Parses in this process, without limits; for pages of the web there is `sources_web.parse`. Raises MissingExtra.
    """
    text, hints, _ = parse_html(html)
    return text, hints


def parse_html(html: str) -> tuple[str, tuple[Hint, ...], dict[str, str]]:
    """Return text, hints, and what the head says of "source" and "published"."""
    etree = lxml_etree()
    target = _Target()
    # Events, not a tree: a tenth of the time and memory, and a tree has a greatest depth below which text is lost.
    parser = etree.HTMLParser(target=target, encoding="utf-8", huge_tree=True)
    # HTML shows a NUL, and half a character, as U+FFFD; parsers differ in what they make of them.
    etree.fromstring(html.replace("\0", "\ufffd").encode("utf-8", "replace") or b" ", parser)
    return (*target.text.finish(), target.facts)


def lxml_etree() -> Any:  # noqa: ANN401 - a module without types
    """Return lxml.etree. Raises MissingExtra where it is not installed."""
    try:
        from lxml import etree
    except ImportError:
        raise MissingExtra("reading HTML", "html") from None
    return etree


class _Target:
    """What the parser tells, as it goes."""

    def __init__(self) -> None:
        self.text = _Text()
        #: Who published the page and when, where its head says so.
        self.facts: dict[str, str] = {}
        self._unseen = 0  # depth of elements without text

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            self._note(attributes)
        self._unseen += tag in _NO_TEXT
        if not self._unseen:
            self.text.open(tag, attributes.get("role", ""))

    def end(self, tag: str) -> None:
        if not self._unseen:
            self.text.close(tag)
        self._unseen -= tag in _NO_TEXT

    def data(self, text: str) -> None:
        if not self._unseen:
            self.text.add(text)

    def close(self) -> None:
        pass

    def _note(self, attributes: Mapping[str, str]) -> None:
        name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
        value = " ".join(attributes.get("content", "").split())
        if value and name == "og:site_name":
            self.facts.setdefault("source", value)
        elif value and name in _DATES:
            self.facts.setdefault("published", value)


#: What may stand between two words, from the weakest wish to the strongest.
_GAPS = ("", " ", "\t", "\n", "\n\n")
_SPACE, _CELL, _LINE, _BLOCK = 1, 2, 3, 4


class _Text:
    """Text as it is laid out: white space folded, paragraphs apart, hints opened and closed on the way."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._gap = 0
        self._kept = 0  # depth of <pre> and <textarea>, whose white space is kept
        #: Kind, number and start of every open element; the start is -1 until its first word comes.
        self._open: list[tuple[str, int, int]] = []
        self._opened = 0
        #: With the number of the element, so that the outer of two equal spans comes first.
        self._hints: list[tuple[int, Hint]] = []

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._kept:
            self._put(text.replace("\r\n", "\n").replace("\r", "\n"))
            return
        text = _SPACES.sub(" ", text)
        if text[0] == " ":
            self._ask(_SPACE)
        if text != " ":
            self._put(text.strip(" "))
            if text[-1] == " ":
                self._ask(_SPACE)

    def _put(self, text: str) -> None:
        gap = _GAPS[self._gap] if self._length else ""
        self._gap = 0
        self._parts += (gap, text)
        self._length += len(gap)
        if not text.isspace():
            for i in range(len(self._open) - 1, -1, -1):
                kind, number, start = self._open[i]
                if start >= 0:
                    break
                self._open[i] = (kind, number, self._length)
        self._length += len(text)

    def _ask(self, gap: int) -> None:
        self._gap = max(self._gap, gap)

    def open(self, tag: str, role: str) -> None:
        # Two <br> in a row are how much of the web writes a paragraph.
        self._ask(_BLOCK if tag == "br" and self._gap == _LINE else _gap_of(tag))
        self._opened += 1
        self._open.append((_ROLES.get(role) or _HINTS.get(tag, ""), self._opened, -1))
        self._kept += tag in ("pre", "textarea")

    def close(self, tag: str) -> None:
        kind, number, start = self._open.pop() if self._open else ("", 0, -1)
        if kind and start >= 0:
            self._hints.append((number, Hint(kind, (start, self._length))))
        self._kept -= tag in ("pre", "textarea")
        if tag != "br":
            self._ask(_gap_of(tag))

    def finish(self) -> tuple[str, tuple[Hint, ...]]:
        hints = sorted(self._hints, key=lambda h: (h[1].span[0], -h[1].span[1], h[0]))
        return "".join(self._parts), tuple(hint for _, hint in hints)


def _gap_of(tag: str) -> int:
    return _BLOCK if tag in _BLOCKS else _LINE if tag in _LINES else _CELL if tag in _CELLS else 0
