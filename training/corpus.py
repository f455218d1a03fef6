"""The corpus of a config: articles with their labels, and every row that cannot be used.

Owns: file patterns, joining labels to the articles of pages, label fields of article files.
Does not know: file formats (`topics/sources`), how a test side is made (`split`).
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from topics.documents import Document, document_of, documents_of
from topics.errors import ConfigError, InputError
from topics.pages import Page, Span
from topics.segment import Article, Segmenter, segment
from topics.sources import Record, read
from training.settings import CorpusSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article with what is known of it."""

    document: Document
    #: Its topics; empty where it has no label.
    topics: tuple[str, ...]
    #: Stance label by target.
    stances: Mapping[str, str]
    #: Page or story: examples of one group stay on one side of any split.
    group: str


@dataclass(slots=True)
class Corpus:
    """Both sides of a corpus as the files give them. `test` is empty where the config names no test files."""

    train: list[Example] = field(default_factory=list)
    test: list[Example] = field(default_factory=list)
    #: Rows, pages and labels that could not be used, each with file and line.
    problems: list[str] = field(default_factory=list)
    #: SHA-256 over names and contents of all files read.
    digest: str = ""


def load_corpus(
    settings: CorpusSettings,
    base: Path,
    *,
    segmenter: Segmenter | None = None,
    progress: Callable[[str], None] | None = None,
) -> Corpus:
    """Read the files that `settings` name, relative to `base`.

    Raises ConfigError where a pattern matches nothing, InputError where no article is left to learn from.
    """
    corpus, digest = Corpus(), hashlib.sha256()
    labels = _Labels(settings, base, corpus.problems, digest)
    bodies = _bodies(settings, base, corpus.problems, digest)
    for side, patterns in (("train", settings.train), ("test", settings.test)):
        into: list[Example] = getattr(corpus, side)
        paths = [] if patterns is None else _expand(patterns, base, f"corpus.{side}")
        for path in paths:
            digest.update(_file_digest(path))
            for record in _records(path, settings, corpus.problems):
                into += _examples(record, settings, labels, bodies, segmenter, corpus.problems)
            if progress:
                progress(f"read {path.name}: {len(into)} articles on the {side} side so far")
    corpus.problems += labels.unused()
    corpus.digest = digest.hexdigest()
    if not corpus.train:
        first = f"; first problem: {corpus.problems[0]}" if corpus.problems else ""
        raise InputError(f"no article to learn from in {settings.train}{first}")
    return corpus


def _expand(patterns: str | Sequence[str], base: Path, setting: str) -> list[Path]:
    found: dict[Path, None] = {}
    missing = []
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        whole = base / pattern
        matches = [whole] if whole.exists() else sorted(Path(p) for p in glob.glob(str(whole), recursive=True))
        if not matches:
            missing.append(f"{setting}: nothing matches {pattern!r} in {base or Path()}; correct the path or the pattern")
        for match in matches:
            files = sorted(p for p in match.rglob("*") if p.is_file()) if match.is_dir() else [match]
            found.update(dict.fromkeys(files))
    if missing:
        raise ConfigError("config", missing)
    return list(found)


def _file_digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return path.name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.file_digest(file, "sha256").digest()


def _records(path: Path, settings: CorpusSettings, problems: list[str]) -> Iterable[Record]:
    fields = [settings.text] if isinstance(settings.text, str) else settings.text
    return read([str(path)], text_fields=tuple(fields), on_error=lambda error: problems.append(str(error)))


def _examples(
    record: Record,
    settings: CorpusSettings,
    labels: _Labels,
    bodies: Mapping[str, str],
    segmenter: Segmenter | None,
    problems: list[str],
) -> Iterable[Example]:
    if record.kind == "page":
        yield from labels.join(record.page, segmenter)
        return
    row = record.fields
    where = f"{record.file}, line {record.line}"
    if any(row.get(key) != value for key, value in settings.where.items()):
        return
    if bodies:
        body = bodies.get(str(row.get(settings.body_id)))
        if body is None:
            problems.append(f"{where}: no body {row.get(settings.body_id)!r} in corpus.bodies")
            return
        page = Page(id=record.page.id, text=body)
        record = Record(page=page, kind="article", file=record.file, line=record.line, fields=row, title_span=None)
    stances = {}
    if settings.stance and settings.target and row.get(settings.stance) and row.get(settings.target):
        stances = {str(row[settings.target]): str(row[settings.stance])}
    topics = _labels_in(row.get(settings.topic)) if settings.topic else ()
    group = str(row.get(settings.group)) if settings.group and row.get(settings.group) else record.page.id
    for document in documents_of(record):
        yield Example(document=document, topics=topics, stances=stances, group=group)


def _labels_in(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, list):
        return tuple(dict.fromkeys(str(v) for v in value if v not in (None, "")))
    return () if value in (None, "") else (str(value),)


def _bodies(settings: CorpusSettings, base: Path, problems: list[str], digest: Any) -> dict[str, str]:  # noqa: ANN401
    if settings.bodies is None:
        return {}
    bodies = {}
    for path in _expand(settings.bodies, base, "corpus.bodies"):
        digest.update(_file_digest(path))
        for record in _records(path, settings, problems):
            bodies[str(record.fields.get(settings.id, record.page.id))] = record.page.text
    return bodies


class _Labels:
    """The labels file: rows by page, joined to the articles that the segmenter finds there."""

    def __init__(self, settings: CorpusSettings, base: Path, problems: list[str], digest: Any) -> None:  # noqa: ANN401
        self._rows: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        self._problems = problems
        self._used: set[str] = set()
        self.present = settings.labels is not None
        if settings.labels is None:
            return
        (path, *_) = _expand(settings.labels, base, "corpus.labels")
        digest.update(_file_digest(path))
        for line, row in _json_lines(path, problems):
            where = f"{path.name}, line {line}"
            page = row.get("page")
            if not isinstance(page, str):
                problems.append(f"{where}: no 'page'; each label names the page file and the article on it")
                continue
            # One article a line, or one page a line with its articles.
            articles = row.get("articles", [row])
            for number, article in enumerate(articles if isinstance(articles, list) else [], 1):
                named = {"article": number, **article} if "articles" in row else article
                self._rows.setdefault(Path(page).name, []).append((where, named))

    def join(self, page: Page, segmenter: Segmenter | None) -> list[Example]:
        """Return the articles of `page` with their labels.

        A label with `body_spans` or `title_span` goes to the article found there; one with a number only,
        to the article of that number.
        """
        found = segment(page, segmenter=segmenter).articles
        documents = [document_of(page, article, n) for n, article in enumerate(found, 1)]
        name = Path(page.id).name
        self._used.add(name)
        topics: dict[int, tuple[str, ...]] = {}
        stances: dict[int, dict[str, str]] = {}
        for where, row in self._rows.get(name, []):
            at = _place(row, found)
            if at is None:
                self._problems.append(f"{where}: article {row.get('article', row.get('id'))!r} is not on {name}")
                continue
            topics[at] = _labels_in(row.get("topic"))
            given = row.get("stances") or {}
            if isinstance(given, list):
                given = {s.get("target"): s.get("label") for s in given if isinstance(s, dict)}
            stances[at] = {str(t): str(label) for t, label in given.items()}
        return [
            Example(document=document, topics=topics.get(i, ()), stances=stances.get(i, {}), group=page.id)
            for i, document in enumerate(documents)
        ]

    def unused(self) -> list[str]:
        return [
            f"{rows[0][0]}: labels for {page}, which is not in the corpus"
            for page, rows in self._rows.items()
            if page not in self._used
        ]


def _json_lines(path: Path, problems: list[str]) -> Iterable[tuple[int, Mapping[str, Any]]]:
    for record in read([str(path)], text_fields=(), on_error=lambda error: problems.append(str(error))):
        yield record.line or 0, record.fields


def _place(row: Mapping[str, Any], found: Sequence[Article]) -> int | None:
    """Return which of the articles `found` a label is for."""
    spans = row.get("body_spans")
    if spans:
        overlaps = [_overlap([(int(s), int(e)) for s, e in spans], article.body_spans) for article in found]
        best = max(range(len(found)), key=overlaps.__getitem__, default=None)
        # Less than half of the labeled text: the label would go to another article.
        whole = sum(int(e) - int(s) for s, e in spans)
        return best if best is not None and overlaps[best] * 2 > whole else None
    name = row.get("article", row.get("id"))
    if isinstance(name, int) and not isinstance(name, bool):
        return name - 1 if 1 <= name <= len(found) else None
    return next((i for i, article in enumerate(found) if article.id == name), None)


def _overlap(left: Sequence[Span], right: Sequence[Span]) -> int:
    return sum(max(0, min(e, f) - max(s, g)) for s, e in left for g, f in right)
