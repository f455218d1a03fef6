"""Labels of the articles of pages, from a file of their own.

Owns: the form of a labels file, and which article of a cut page a label is for.
Does not know: how pages are cut, what a label is used for.

    {"page": "pages/a.txt", "article": 2, "topic": "sport", "stances": {"net zero": "favor"}}
    {"page": "pages/a.txt", "body_spans": [[120, 480]], "topic": "sport"}
    {"page": "pages/a.txt", "articles": [{"topic": "sport"}, {"topic": "health"}]}
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from topics.pages import Span
from topics.segment import Article
from topics.sources import read


@dataclass(frozen=True, slots=True)
class Label:
    """What a labels file says of one article."""

    topics: tuple[str, ...] = ()
    #: Stance label by target.
    stances: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Row:
    """A label before it is known which article it is for."""

    #: File and line.
    where: str
    page: PurePosixPath
    label: Label
    #: The article's number from 1, its id, or where its text stands.
    number: int | None
    spans: tuple[Span, ...]
    used: bool = False


class Labels:
    """The rows of labels files, by page."""

    def __init__(self, paths: Iterable[Path | str], problems: list[str]) -> None:
        """Read `paths`, JSON Lines; what cannot be used goes to `problems`, by file and line."""
        self._problems = problems
        #: By the last part of the page's path, which most often decides alone.
        self._rows: dict[str, list[_Row]] = {}
        for path in paths:
            for record in read([path], text_fields=(), on_error=lambda e: problems.append(str(e)), warn=problems.append):
                self._add(record.fields, f"{os.path.basename(path)}, line {record.line}")

    def _add(self, row: Mapping[str, Any], where: str) -> None:
        page = row.get("page")
        if not isinstance(page, str) or not page:
            self._problems.append(f"{where}: no 'page'; each label names the page file and the article on it")
            return
        articles = row.get("articles")
        if articles is not None and not (isinstance(articles, list) and all(isinstance(a, dict) for a in articles)):
            self._problems.append(f"{where}: 'articles' must be a list of objects, one for each article of the page")
            return
        for number, article in enumerate([row] if articles is None else articles, 1):
            try:
                found = _Row(
                    where=where,
                    page=PurePosixPath(page),
                    label=Label(topics_in(article.get("topic")), stances_in(article.get("stances"))),
                    number=_number(article.get("article", article.get("id")), None if articles is None else number),
                    spans=_spans(article.get("body_spans")),
                )
            except ValueError as error:
                self._problems.append(f"{where}: {error}")
                continue
            self._rows.setdefault(found.page.name, []).append(found)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._rows)

    def of(self, page_id: str, found: Sequence[Article]) -> dict[int, Label]:
        """Return the labels of the articles `found` on a page, by place in `found`.

        A label with `body_spans` goes to the article that holds most of them, one with a number alone to the article
        of that number. What is for no article, or for one that has a label, is a problem.
        """
        path = PurePosixPath(page_id)
        wanted: list[tuple[int, int, _Row]] = []
        for row in self._rows.get(path.name, []):
            if not _same_page(row.page, path):
                continue
            row.used = True
            at, overlap = _place(row, found)
            if at is None:
                what = f"article {row.number}" if row.number is not None else "an article with these body_spans"
                self._problems.append(f"{row.where}: {what} was not found on {path.name}, which was cut into {len(found)}")
            else:
                wanted.append((at, overlap, row))
        labels: dict[int, tuple[Label, _Row]] = {}
        # Two articles on the page that were cut as one: the longer one names it.
        for at, _, row in sorted(wanted, key=lambda w: -w[1]):
            if at in labels:
                kept = labels[at][1].where
                self._problems.append(f"{row.where}: article {at + 1} of {path.name} has two labels; the other is kept ({kept})")
            else:
                labels[at] = row.label, row
        return {at: label for at, (label, _) in labels.items()}

    def noting(self, problems: list[str]) -> Labels:
        """Return the same labels, with what is wrong of them noted in `problems`; which are used is noted in both."""
        same = Labels((), problems)
        same._rows = self._rows
        return same

    def used(self) -> list[tuple[str, int]]:
        """Return which labels `of` was asked for, for `use`."""
        return [(name, i) for name, rows in self._rows.items() for i, row in enumerate(rows) if row.used]

    def use(self, used: Iterable[tuple[str, int]]) -> None:
        """Note that labels were asked for elsewhere."""
        for name, i in used:
            self._rows[name][i].used = True

    def unused(self) -> list[str]:
        """Return a line for each page with labels that `of` was never asked for."""
        pages: dict[PurePosixPath, str] = {}
        for rows in self._rows.values():
            for row in rows:
                if not row.used:
                    pages.setdefault(row.page, row.where)
        return [f"{where}: labels for {page}, which is not in the corpus" for page, where in pages.items()]


def topics_in(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever a row holds
    """Return the topics that a field holds: a label, a list of labels, or none. Raises ValueError for anything else."""
    if type(value) is str:  # nearly always
        return _one_topic(value)
    labels = [label_in(v) for v in value] if isinstance(value, list | tuple) else [label_in(value)]
    return tuple(dict.fromkeys(label for label in labels if label is not None))


@functools.lru_cache(1 << 12)
def _one_topic(value: str) -> tuple[str, ...]:
    label = label_in(value)
    return () if label is None else (label,)


def label_in(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    """Return a label as a string, None where the field is empty. Raises ValueError for what is no label."""
    if value is None or value != value:  # NaN is how some tables say "nothing"
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value).strip() or None
    raise ValueError(f"a label must be a string or a number, got {type(value).__name__}")


def stances_in(value: Any) -> dict[str, str]:  # noqa: ANN401 - whatever a row holds
    """Return stance labels by target: from an object, or a list of objects with target and label. Raises ValueError."""
    if value is None:
        return {}
    if isinstance(value, dict):
        pairs: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list) and all(isinstance(stance, dict) for stance in value):
        pairs = [(stance.get("target"), stance.get("label")) for stance in value]
    else:
        raise ValueError("'stances' must be an object of labels by target, or a list of objects with target and label")
    named = [(label_in(target), label_in(label)) for target, label in pairs]
    return {target: label for target, label in named if target is not None and label is not None}


def _number(value: Any, default: int | None) -> int | None:  # noqa: ANN401 - whatever a row holds
    """Return an article's number: 3, "3", or the end of an id such as "a.txt#3"."""
    if isinstance(value, str):
        value = value.rpartition("#")[2]
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def _spans(value: Any) -> tuple[Span, ...]:  # noqa: ANN401 - whatever a row holds
    if value is None:
        return ()
    try:
        spans = tuple((start, end) for start, end in value)
    except (TypeError, ValueError):
        spans = ((None, None),)
    if not all(type(n) is int and n >= 0 for span in spans for n in span):
        raise ValueError("'body_spans' must be a list of [start, end], whole numbers from 0")
    return spans


def _same_page(label: PurePosixPath, page: PurePosixPath) -> bool:
    """Return whether two paths agree as far as the shorter goes: a label may name the file alone, or its whole path."""
    ours, theirs = ([part for part in path.parts if part not in ("/", ".")] for path in (label, page))
    n = min(len(ours), len(theirs))
    return ours[-n:] == theirs[-n:]


def _place(row: _Row, found: Sequence[Article]) -> tuple[int | None, int]:
    """Return which of the articles `found` a label is for, and how many characters say so."""
    if row.spans:
        overlaps = [_overlap(row.spans, article.body_spans) for article in found]
        best = max(range(len(found)), key=overlaps.__getitem__, default=None)
        # Less than half of the labeled text: the label would go to another article.
        if best is None or overlaps[best] * 2 <= sum(end - start for start, end in row.spans):
            return None, 0
        return best, overlaps[best]
    if row.number is None or not 1 <= row.number <= len(found):
        return None, 0
    return row.number - 1, 0


def _overlap(left: Sequence[Span], right: Sequence[Span]) -> int:
    return sum(max(0, min(e, f) - max(s, g)) for s, e in left for g, f in right)
