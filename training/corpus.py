"""The corpus of a config: articles with their labels, and every row that cannot be used.

Owns: file patterns, which fields of an article's row are its labels, texts that stand in files of their own.
Does not know: file formats (`topics/sources`), labels of pages (`labels`), how a test side is made (`split`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from topics.documents import Document, document_of, documents_of
from topics.errors import InputError
from topics.scheduler import Here
from topics.segment import Segmenter, segment
from topics.sources import Record, read
from topics.sources_files import format_of
from training.files import File, digest_of, files_of
from training.labels import Label, Labels, label_in, stances_in, topics_in
from training.settings import CorpusSettings
from training.shelf import Row, Shelf, Store
from training.spool import Spool
from training.stream import Stream

#: Seconds between two lines on how far reading has come.
INTERVAL = 10.0
#: Formats of pages, one or many to a file.
PAGES = ("text", "html", "warc")


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
    #: File, and line or article, for a person to find it by.
    where: str = ""


@dataclass(slots=True)
class Corpus:
    """Both sides of a corpus as the files give them. `test` is empty where the config names no test files."""

    train: Sequence[Example] = ()
    test: Sequence[Example] = ()
    #: Rows, pages and labels that could not be used, each with file and line.
    problems: list[str] = field(default_factory=list)
    #: What was used all the same, or left out on purpose: encodings, repeated ids, files that are not read.
    warnings: list[str] = field(default_factory=list)
    #: SHA-256 over names and contents of all files read.
    digest: str = ""


def load_corpus(
    settings: CorpusSettings,
    base: Path,
    *,
    name: str = "config",
    segmenter: Segmenter | None = None,
    progress: Callable[[str], None] | None = None,
    spool: Spool | None = None,
    stream: Stream | None = None,
    each: Here | None = None,
) -> Corpus:
    """Read the files that `settings` name, relative to `base`; `name` is what messages call the config.

    With `spool` the articles are kept in its file and not in memory; `stream` reads the words of the training side on the way.
    `each` reads and cuts several files as tasks, which all its workers must see (see `topics/scheduler`).

    Raises ConfigError where a pattern matches nothing, InputError where no article is left to learn from.
    """
    corpus = Corpus()
    files = files_of(settings, base, name, corpus)
    labels = Labels(files["labels"], corpus.problems)
    bodies = _bodies(files["bodies"], settings, corpus) if settings.bodies is not None else None
    left_out = 0
    for side in ("train", "test"):
        into: list[Example] = []
        store = None if spool is None else Store(spool, stream if side == "train" else None)
        setattr(corpus, side, into if store is None else Shelf(store))
        last = time.monotonic()
        for done, part in enumerate(_parts(files[side], (settings, labels, bodies, segmenter), each or Here()), 1):
            for found in part.examples:
                if store is None:
                    into += [one.example() if isinstance(one, Row) else one for one in found]
                else:
                    store.add_all(found)
            # Known when the last article was taken.
            corpus.problems += part.problems
            corpus.warnings += part.warnings
            left_out += part.left_out
            labels.use(part.used)
            if progress and (done == len(files[side]) or time.monotonic() - last > INTERVAL):
                last = time.monotonic()
                progress(f"{side}: {len(getattr(corpus, side))} articles in {done} of {len(files[side])} files")
    corpus.problems += labels.unused()
    corpus.digest = digest_of(files)
    if not corpus.train:
        hint = f"; first problem: {corpus.problems[0]}" if corpus.problems else ""
        if left_out:
            hint = f"; corpus.where leaves out all {left_out} rows"
        raise InputError(f"no article to learn from in {settings.train}{hint}")
    return corpus


@dataclass(slots=True)
class _Part:
    """One file: its articles, record by record, and, when they were all taken, what was said of it."""

    examples: Iterable[Sequence[Example | Row]] = ()
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: int = 0
    used: list[tuple[str, int]] = field(default_factory=list)


#: What a file is read with: settings, labels, bodies by id, how pages are cut.
_With = tuple[CorpusSettings, Labels, Mapping[str, str] | None, Segmenter | None]


def _parts(files: Sequence[File], given: _With, each: Here) -> Iterator[_Part]:
    """Yield the parts of `files`, in their order: read as their articles are taken, or each by a task.

    Tasks read pages, which take time to cut. Rows take as long to be sent as to be read, so they are read here.
    """
    pages = {path for path in files if format_of(os.fspath(path))[0] in PAGES}
    if not each.away or len(pages) < 2:
        pages = set()
    made = each(_whole, [(os.getcwd(), path) for path in files if path in pages], shared=given if pages else ())
    for path in files:
        yield next(made) if path in pages else _part(path, *given)


def _whole(task: tuple[str, File], settings: CorpusSettings, labels: Labels, *given: Any) -> _Part:  # noqa: ANN401
    folder, path = task
    if isinstance(path, Path) and not path.is_absolute():
        os.chdir(folder)  # pages are called by the path they were given by, and groups and folds by pages
    part = _part(path, settings, labels, *given)
    part.examples = list(part.examples)
    part.used = labels.used()
    return part


def _part(
    path: File, settings: CorpusSettings, labels: Labels, bodies: Mapping[str, str] | None, segmenter: Segmenter | None
) -> _Part:
    part = _Part()
    labels = labels.noting(part.problems)
    # A row that refers to a body holds no text itself.
    records = _records(path, settings, part, settings.text if bodies is None else ())
    part.examples = (_examples(record, settings, labels, bodies, segmenter, part) for record in records)
    return part


def _records(path: File, settings: CorpusSettings, corpus: Corpus | _Part, text: str | Sequence[str]) -> Iterable[Record]:
    return read(
        [path],
        text_fields=[text] if isinstance(text, str) else text,
        id_field=settings.id,
        source_field=settings.source,
        published_field=settings.published,
        on_error=lambda error: corpus.problems.append(str(error)),
        warn=corpus.warnings.append,
    )


def _bodies(paths: Sequence[File], settings: CorpusSettings, corpus: Corpus) -> dict[str, str]:
    """Return the texts that rows refer to, by id: the field `corpus.id` of their files, or `corpus.body_id`."""
    bodies: dict[str, str] = {}
    for path in paths:
        for record in _records(path, settings, corpus, settings.text):
            row = record.fields
            bodies[str(row.get(settings.id, row.get(settings.body_id, record.page.id)))] = record.page.text
    return bodies


def _examples(
    record: Record,
    settings: CorpusSettings,
    labels: Labels,
    bodies: Mapping[str, str] | None,
    segmenter: Segmenter | None,
    part: _Part,
) -> Sequence[Example | Row]:
    """Return the articles of a page or a row, with their labels; a row that cannot be used is one of the part's problems."""
    page, row = record.page, record.fields
    if record.kind == "page":
        found = segment(page, segmenter=segmenter).articles
        known = labels.of(page.id, found)
        pairs = [(document_of(page, article, n), known.get(n - 1, Label())) for n, article in enumerate(found, 1)]
        return [
            Example(document=d, topics=told.topics, stances=told.stances, group=page.id, where=f"{record.file}, article {n}")
            for n, (d, told) in enumerate(pairs, 1)
        ]
    if not all(_equal(row.get(key), value) for key, value in settings.where.items()):
        part.left_out += 1
        return []
    group = page.id
    try:
        label = _label(row, settings)
        if bodies is not None:
            group = str(row.get(settings.body_id))
            if group not in bodies:
                raise ValueError(f"no body {group!r} in corpus.bodies")
            record = replace(record, page=replace(page, text=bodies[group]), title_span=None)
        if settings.group is not None:
            group = label_in(row.get(settings.group)) or group
    except ValueError as error:
        part.problems.append(f"{record.file}, line {record.line}: {error}")
        return []
    if labels:
        # A labels file may name rows, too: by the id of the row, as `topics annotate` gives it.
        theirs = labels.of(page.id, [d.article for d in documents_of(record)]).get(0, label)
        label = Label(theirs.topics or label.topics, {**label.stances, **theirs.stances})
    return [Row(record, label.topics, label.stances, group, f"{record.file}, line {record.line}")]


def _label(row: Mapping[str, Any], settings: CorpusSettings) -> Label:
    """Return what a row says of its article. Raises ValueError where that is no label."""
    topics = topics_in(row.get(settings.topic)) if settings.topic else ()
    given = row.get(settings.stance) if settings.stance else None
    if isinstance(given, dict):
        return Label(topics, stances_in(given))
    if given is None and settings.target not in row:
        return Label(topics)
    stance = label_in(given)
    target = label_in(row.get(settings.target)) if settings.target else None
    if stance is not None and target is None and settings.target in row:
        raise ValueError(f"a stance without a target: field {settings.target!r} is empty")
    return Label(topics, {} if stance is None or target is None else {target: stance})


def _equal(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - whatever a row and a config hold
    """Return whether a field has the value; in a table of strings, "true" and "2024" are true and 2024."""
    if isinstance(found, str) and isinstance(wanted, bool | int | float):
        return found.strip().lower() == str(wanted).lower()
    return bool(found == wanted) and isinstance(found, bool) == isinstance(wanted, bool)
