"""What a terminal shows where it can show more than lines: tables, bars, and text with what counts in it painted.

Owns: colors and layout on a terminal, drawn by rich. Nothing of a page steers the terminal: control characters are escaped.
Does not know: whether there is a terminal (`progress.wants_color`), what the numbers mean.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from topics.classify import UNKNOWN
from topics.errors import one_line
from topics.explain import Explanation
from topics.pages import Span

#: Terms for and against that are listed, topics with their probabilities, rows that are laid out together.
TERMS, LIKELY, ROWS = 10, 3, 100
_SIDE = {"favor": "green", "for": "green", "agree": "green", "against": "red", "disagree": "red", "unknown": "dim"}


def rendered(*parts: RenderableType, width: int | None = None) -> str:
    """Return what rich makes of `parts` for a terminal of `width` columns, or of this one's."""
    held = io.StringIO()
    console = Console(
        file=held, force_terminal=True, width=width or shutil.get_terminal_size((100, 24)).columns, highlight=False, emoji=False
    )
    for part in parts:
        console.print(part)
    return held.getvalue()


def clean(text: str) -> str:
    """Return `text` in one line, white space folded, control characters escaped."""
    return one_line(" ".join(text.split()))


def bar(share: float, width: int = 14) -> str:
    """Return a bar of eighths of a character for a share of 0 to 1."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    return "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")


def explained(explanation: Explanation, width: int | None = None) -> str:
    """Return an explanation for a terminal: topic, terms for and against, stances with their sentences, the text painted."""
    labeled = explanation.labeled
    page, article = labeled.document.page, labeled.document.article
    parts: list[RenderableType] = [
        Rule(Text(f"{clean(page.id)} #{labeled.document.name}", "dim"), align="left", style="dim"),
        Text(clean(article.title) or "(no title)", "bold"),
    ]
    if not labeled.known_terms:
        return rendered(*parts, Text("no term of this article is known to the model: nothing is claimed", "yellow"), width=width)
    if labeled.topic is not None and explanation.topic is not None:
        parts += [_topics(explanation), _terms(explanation)]
    text = page.text
    for stance in labeled.stances:
        whose = "" if stance.by == "article" else f", says {clean(stance.by)}"
        label = Text(clean(stance.label), _side(stance.label))
        head = Text.assemble("stance toward ", (clean(stance.target), "bold"), ": ", label, f" {stance.probability:.2f}{whose}")
        quotes = [
            Padding(
                Text.assemble((f"{e.weight:+.3f} ", "dim"), (clean(text[slice(*e.span)]), f"italic {_side(stance.label)}")),
                (0, 0, 0, 2),
            )
            for e in stance.evidence
        ]
        parts.append(Group(head, *quotes))
    if labeled.mixture:
        shares = ", ".join(f"{k} ({share:.2f})" for k, share in labeled.mixture[:5])
        parts.append(Text(f"latent topics: {shares}", "dim"))
    return rendered(*parts, Padding(_painted(explanation), (1, 2)), width=width)


def _side(label: str) -> str:
    return _SIDE.get(label.lower(), "cyan")


def _topics(explanation: Explanation) -> Table:
    ranking = explanation.labeled.topic
    assert ranking is not None
    table = Table.grid(padding=(0, 1))
    for n, (topic, probability) in enumerate(ranking.topics[:LIKELY]):
        given = n == 0 and ranking.label != UNKNOWN
        table.add_row(
            Text(clean(topic), "bold cyan" if given else "dim"), f"{probability:.2f}", Text(bar(probability, 20), "cyan")
        )
    if ranking.label == UNKNOWN:
        table.add_row(Text("answer given: unknown", "yellow"), "", "")
    return table


def _terms(explanation: Explanation) -> Group:
    score = (
        f"score {explanation.score:+.3f} = intercept {explanation.intercept:+.3f} + {len(explanation.contributions)} terms, "
        f"for {clean(explanation.topic or '')}"
    )
    table = Table.grid(padding=(0, 1))
    most = max((abs(c.weight) for c in explanation.contributions), default=1.0) or 1.0
    sides = [[c for c in explanation.contributions if sign * c.weight > 0][:TERMS] for sign in (1, -1)]
    for i in range(max(map(len, sides))):
        row: list[RenderableType] = []
        for side, color in zip(sides, ("green", "red"), strict=True):
            one = side[i] if i < len(side) else None
            row += (
                [Text(clean(one.term), color), f"{one.weight:+.3f}", Text(bar(abs(one.weight) / most), color)]
                if one
                else ["", "", ""]
            )
        table.add_row(*row)
    return Group(Text(score, "dim"), Padding(table, (0, 0, 0, 2)))


def _painted(explanation: Explanation) -> Group:
    """Return the article with the terms for its topic in green, those against in red, and evidence underlined."""
    labeled = explanation.labeled
    styles: list[tuple[Span, str]] = []
    for sign, color in ((1, "green"), (-1, "red")):
        chosen = [c for c in explanation.contributions if sign * c.weight > 0][:TERMS]
        styles += [(span, color) for c in chosen for span in c.spans]
    styles += [(e.span, "underline") for stance in labeled.stances for e in stance.evidence]
    text = labeled.document.page.text
    return Group(*(_stretch(text, span, styles) for span in labeled.document.article.body_spans))


def _stretch(text: str, span: Span, styles: Sequence[tuple[Span, str]]) -> Text:
    low, high = span
    near = [((max(low, a), min(high, b)), style) for (a, b), style in styles if a < high and b > low]
    edges = sorted({low, high, *(edge for (a, b), _ in near for edge in (a, b))})
    out = Text()
    for start, end in pairwise(edges):
        piece = re.sub(r"\s+", " ", text[start:end])
        out.append(one_line(piece), " ".join(style for (a, b), style in near if a <= start and end <= b))
    return out


class TableWriter:
    """Rows as a table with colors. The first rows are laid out together, so that a long run shows its results as they come."""

    def __init__(self, stream: TextIO, columns: Sequence[str]) -> None:
        self._stream, self._columns = stream, columns
        self._held: list[Mapping[str, Any]] = []
        self._headed = False

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None and (self._held or not self._headed):
            self._lay_out()

    def write(self, row: Mapping[str, Any]) -> None:
        """Take one row."""
        self._held.append(row)
        if len(self._held) == ROWS:
            self._lay_out()

    def _lay_out(self) -> None:
        table = Table(box=None, show_header=not self._headed, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
        for name in self._columns:
            wide = name in ("title", "stances", "why")
            table.add_column(one_line(name), overflow="ellipsis", no_wrap=True, ratio=3 if wide else None)
        for row in self._held:
            table.add_row(*(_cell(name, row.get(name)) for name in self._columns))
        self._stream.write(rendered(table))
        self._stream.flush()
        self._held, self._headed = [], True


def _cell(name: str, value: object) -> Text:
    shown = clean("" if value is None else str(value))
    if name != "stances":
        return Text(shown, {"topic": "cyan", "page": "dim", "title": "bold"}.get(name, ""))
    out = Text()
    for n, part in enumerate(shown.split("; ") if shown else []):
        label = part.rpartition(": ")[2].partition(" ")[0]
        out.append("; " if n else "").append(part, _side(label))
    return out


def painted(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines of a report with their heads in bold, names in cyan and numbers plain; the words stay the same."""
    for line in lines:
        name = re.match(r"( {2,})(\S.*?)(  +)(?=\S)", line)
        if line and not line.startswith(" "):
            head, colon, rest = line.partition(":")
            yield f"\x1b[1m{head}{colon}\x1b[0m{rest}" if colon else f"\x1b[1m{line}\x1b[0m"
        elif name:
            yield f"{name[1]}\x1b[36m{name[2]}\x1b[0m{line[name.end(2) :]}"
        else:
            yield line
