"""HTML elements made from values: whatever is not markup already is escaped, so no text of a page can become markup.

Owns: escaping, which characters are shown, how attributes are written.
Does not know: what a page or a report looks like.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable

#: What is shown as U+FFFD: control characters, halves of surrogate pairs, and what turns the direction of the text around it.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
#: Elements without an end.
_VOID = frozenset({"br", "col", "hr", "input", "link", "meta"})


class Html(str):
    """Text that is markup already, made by `tag` or written in the program."""

    __slots__ = ()


#: What an element may hold.
Child = str | int | float | None | Iterable["Child"]


def shown(text: str) -> str:
    """Return `text` with every character that a browser must not act upon replaced by U+FFFD; line ends are kept."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """Return `text` as it may stand in an element or in a quoted attribute."""
    return html.escape(shown(text))


def join(*children: Child) -> Html:
    """Return children one after the other: markup as it is, everything else escaped."""
    return Html("".join(_pieces(children)))


def _pieces(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Html):
            yield child
        elif isinstance(child, str | int | float):
            yield escape(str(child))
        else:
            yield from _pieces(child)


def tag(name: str, *children: Child, **attributes: str | float | bool | None) -> Html:
    """Return an element. Attributes: `class_` is class, `aria_label` aria-label; None and False are left out.

    `name` and the names of attributes are written in the program, never taken from a text.
    """
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return Html(f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{join(*children)}</{name}>")


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{escape(str(value) if isinstance(value, str | int) else format(value, ".6g"))}"'


def data(name: str, value: object) -> Html:
    """Return a script element that holds `value` as JSON and runs nothing; no text in it can end the element."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return Html(f'<script type="application/json" id="{escape(name)}">{_HIDDEN.sub(chr(0xFFFD), written)}</script>')


def table(head: Iterable[Child], rows: Iterable[Iterable[Child]], *, caption: str, class_: str | None = None) -> Html:
    """Return a table inside a stretch that scrolls sideways by keyboard, its first column the heads of the rows."""
    lines = [
        tag("tr", [c if isinstance(c, Html) and c.startswith(("<td", "<th")) else tag("td", c) for c in row]) for row in rows
    ]
    return tag(
        "div",
        tag(
            "table",
            tag("caption", caption),
            tag("thead", tag("tr", [tag("th", c, scope="col") for c in head])),
            tag("tbody", lines),
            class_=class_,
        ),
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=caption,
    )


def row_head(child: Child, **attributes: str | float | bool | None) -> Html:
    """Return the head of a row."""
    return tag("th", child, scope="row", **attributes)
