"""The sheet a layout writes on: text with the role of every stretch.

Owns: spans of what was written, hard wrapping, the gold of a page.
Does not know: layouts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Story:
    """What a layout is given to place: an article and what is said about it."""

    title: str
    paragraphs: list[str]
    source: str
    author: str
    date: str
    iso: str
    section: str
    #: Carried through to the gold: id, topic, stances.
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """Text written so far and what each stretch is."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    #: (start, end, role, article number or -1), in order, disjoint.
    spans: list[tuple[int, int, str, int]] = field(default_factory=list)
    gold: list[dict[str, Any]] = field(default_factory=list)
    #: Columns to wrap at (0: never) and what wrapped lines begin with.
    width: int = 0
    margin: str = ""

    def raw(self, text: str) -> None:
        """Write white space or other text that needs no role."""
        self.parts.append(text)
        self.length += len(text)

    def put(self, text: str, role: str, article: int = -1) -> tuple[int, int]:
        """Write `text` where the sheet ends and return its span."""
        span = (self.length, self.length + len(text))
        if text:
            self.raw(text)
            self.spans.append((*span, role, article))
        return span

    def line(
        self, text: str, role: str = "furniture", article: int = -1, *, prefix: str = "", suffix: str = "", end: str = "\n"
    ) -> None:
        """Write one line (wrapped if the sheet wraps); `prefix` and `suffix` are marks that belong to no article."""
        text = self.wrapped(text, len(prefix)) if self.width else text
        self.put(prefix, f"mark {role}")
        self.part(text, role, article)
        self.put(suffix, f"mark {role}")
        self.raw(end)

    def part(self, text: str, role: str, article: int = -1) -> None:
        """Write `text`, and enter it into its article's gold."""
        span = self.put(text, role, article)
        if article < 0 or span[0] == span[1]:
            return
        entry = self.gold[article]
        if role == "title":
            entry["title_span"] = list(span)
        elif role == "body":
            entry["body_spans"].append(list(span))
        elif role == "optional":
            entry["optional_spans"].append(list(span))

    def open(self, story: Story, *, source: bool = False, published: str | None = None) -> int:
        """Enter a new article into the gold and return its number on the page."""
        self.gold.append(
            {
                **story.extra,
                "title": story.title,
                "title_span": None,
                "body_spans": [],
                "optional_spans": [],
                "source": story.source if source else None,
                "published": published,
            }
        )
        return len(self.gold) - 1

    def wrapped(self, text: str, used: int = 0) -> str:
        """Return `text` broken at `width` columns."""
        lines: list[str] = []
        current, room = "", self.width - used
        for word in text.split(" "):
            if current and len(current) + 1 + len(word) > room:
                lines.append(current)
                current, room = self.margin + word, self.width
            else:
                current = f"{current} {word}" if current else word
        return "\n".join([*lines, current])

    def text(self) -> str:
        """Return everything written."""
        return "".join(self.parts)
