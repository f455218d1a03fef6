"""The corpus of a config: articles with their labels, and every row that cannot be used.

Owns: file patterns, which fields of an article's row are its labels, texts that stand in files of their own.
Does not know: file formats (`topics/sources`), labels of pages (`labels`), how a test side is made (`split`).
"""

from __future__ import annotations

import glob
import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from topics.documents import Document, document_of, documents_of
from topics.errors import ConfigError, InputError
from topics.scheduler import Here
from topics.segment import Segmenter, segment
from topics.sources import Record, read
from topics.sources_files import format_of, walk
from training.labels import Label, Labels, label_in, stances_in, topics_in
from training.settings import CorpusSettings
from training.spool import Spool

#: Seconds between two lines on how far reading has come.
INTERVAL = 10.0


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

    train: list[Example] = field(default_factory=list)
    test: list[Example] = field(default_factory=list)
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
    each: Here | None = None,
) -> Corpus:
    """Read the files that `settings` name, relative to `base`; `name` is what messages call the config.

    With `spool` the articles are kept in its file and not in memory. `each` reads and cuts several files as tasks (see
    `topics/scheduler`), which all its workers must see; the corpus is the same.

    Raises ConfigError where a pattern matches nothing, InputError where no article is left to learn from.
    """
    corpus = Corpus()
    files = _files(settings, base, name, corpus)
    labels = Labels(files["labels"], corpus.problems)
    bodies = _bodies(files["bodies"], settings, corpus) if settings.bodies is not None else None
    left_out = 0
    for side in ("train", "test"):
        into: list[Example] = getattr(corpus, side)
        last = time.monotonic()
        for done, part in enumerate(_parts(files[side], (settings, labels, bodies, segmenter), each or Here()), 1):
            for found in part.examples:
                into += found if spool is None else map(spool.keep, found)
            # Known when the last article was taken.
            corpus.problems += part.problems
            corpus.warnings += part.warnings
            left_out += part.left_out
            labels.use(part.used)
            if progress and (done == len(files[side]) or time.monotonic() - last > INTERVAL):
                last = time.monotonic()
                progress(f"{side}: {len(into)} articles in {done} of {len(files[side])} files")
    corpus.problems += labels.unused()
    corpus.digest = _digest(files)
    if not corpus.train:
        hint = f"; first problem: {corpus.problems[0]}" if corpus.problems else ""
        if left_out:
            hint = f"; corpus.where leaves out all {left_out} rows"
        raise InputError(f"no article to learn from in {settings.train}{hint}")
    return corpus


@dataclass(slots=True)
class _Part:
    """One file: its articles, record by record, and, when they were all taken, what was said of it."""

    examples: Iterable[Sequence[Example]] = ()
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left_out: int = 0
    used: list[tuple[str, int]] = field(default_factory=list)


#: What a file is read with: settings, labels, bodies by id, how pages are cut.
_With = tuple[CorpusSettings, Labels, Mapping[str, str] | None, Segmenter | None]


def _parts(files: Sequence[Path], given: _With, each: Here) -> Iterator[_Part]:
    """Yield the parts of `files`: read as their articles are taken, or each by a task."""
    if not each.away or len(files) < 2:
        return (_part(path, *given) for path in files)
    return each(_whole, [(os.getcwd(), path) for path in files], shared=given)


def _whole(task: tuple[str, Path], settings: CorpusSettings, labels: Labels, *given: Any) -> _Part:  # noqa: ANN401
    folder, path = task
    if not path.is_absolute():
        os.chdir(folder)  # pages are called by the path they were given by, and groups and folds by pages
    part = _part(path, settings, labels, *given)
    part.examples = list(part.examples)
    part.used = labels.used()
    return part


def _part(
    path: Path, settings: CorpusSettings, labels: Labels, bodies: Mapping[str, str] | None, segmenter: Segmenter | None
) -> _Part:
    part = _Part()
    labels = labels.noting(part.problems)
    # A row that refers to a body holds no text itself.
    records = _records(path, settings, part, settings.text if bodies is None else ())
    part.examples = (_examples(record, settings, labels, bodies, segmenter, part) for record in records)
    return part


def _files(settings: CorpusSettings, base: Path, name: str, corpus: Corpus) -> dict[str, list[Path]]:
    """Return the files of each setting. Raises ConfigError with all patterns that match nothing."""
    found: dict[str, list[Path]] = {}
    missing: list[str] = []
    for setting in ("labels", "bodies", "test", "train"):
        patterns = getattr(settings, setting)
        matches: dict[Path, None] = {}
        for pattern in [patterns] if isinstance(patterns, str) else patterns or []:
            new = list(_matches(pattern, base, corpus))
            if not new:
                missing.append(f"corpus.{setting}: nothing matches {pattern!r} in {base}; correct the path or the pattern")
            matches.update(dict.fromkeys(new))
        found[setting] = list(matches)
    if missing:
        raise ConfigError(name, missing)
    # What is named for one purpose serves no other: a folder of pages may hold its labels, "*.jsonl" the test side.
    for setting, before in (("test", ("labels", "bodies")), ("train", ("labels", "bodies", "test"))):
        taken = {os.path.realpath(path) for other in before for path in found[other]}
        kept = [path for path in found[setting] if os.path.realpath(path) not in taken]
        if found["test"] and len(kept) < len(found[setting]) and setting == "train":
            corpus.warnings.append(f"corpus.train: {len(found[setting]) - len(kept)} files that other settings name are left out")
        found[setting] = kept
    return found


def _matches(pattern: str, base: Path, corpus: Corpus) -> Iterator[Path]:
    """Yield the files of a pattern: itself, those in the folder that it names, or those that the glob matches."""
    whole = os.path.join(base, pattern)
    if os.path.exists(whole):
        matches = [whole]
    else:
        # root_dir, since the base may hold brackets; hidden files and, here, files of unknown kinds are not meant.
        found = sorted(glob.glob(pattern, root_dir=base, recursive=True))
        matches = [os.path.join(base, match) for match in found]
        matches = [match for match in matches if os.path.isdir(match) or format_of(match)[0]]
    for match in matches:
        if os.path.isdir(match):
            skipped = Counter[str]()
            yield from (Path(p) for p in walk(match, lambda error: corpus.problems.append(str(error)), skipped))
            if skipped:
                kinds = ", ".join(f"{n} {what}" for what, n in sorted(skipped.items()))
                corpus.warnings.append(f"{match}: skipped files that are not read: {kinds}")
        else:
            yield Path(match)


def _digest(files: Mapping[str, Sequence[Path]]) -> str:
    """Return the SHA-256 over names and contents; a file that cannot be read is a problem already."""
    digest = hashlib.sha256()
    for setting, paths in sorted(files.items()):
        for path in paths:
            digest.update(f"{setting}\0{path.name}\0".encode("utf-8", "surrogateescape"))
            try:
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            except OSError:
                digest.update(b"unreadable")
    return digest.hexdigest()


def _records(path: Path, settings: CorpusSettings, corpus: Corpus | _Part, text: str | Sequence[str]) -> Iterable[Record]:
    return read(
        [path],
        text_fields=[text] if isinstance(text, str) else text,
        id_field=settings.id,
        source_field=settings.source,
        published_field=settings.published,
        on_error=lambda error: corpus.problems.append(str(error)),
        warn=corpus.warnings.append,
    )


def _bodies(paths: Sequence[Path], settings: CorpusSettings, corpus: Corpus) -> dict[str, str]:
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
) -> Sequence[Example]:
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
    documents = list(documents_of(record))
    # A labels file may name rows, too: by the id of the row, as `topics annotate` gives it.
    theirs = labels.of(page.id, [d.article for d in documents]).get(0, label)
    label = Label(theirs.topics or label.topics, {**label.stances, **theirs.stances})
    at = f"{record.file}, line {record.line}"
    return [Example(document=d, topics=label.topics, stances=label.stances, group=group, where=at) for d in documents]


def _label(row: Mapping[str, Any], settings: CorpusSettings) -> Label:
    """Return what a row says of its article. Raises ValueError where that is no label."""
    topics = topics_in(row.get(settings.topic)) if settings.topic else ()
    given = row.get(settings.stance) if settings.stance else None
    if isinstance(given, dict):
        return Label(topics, stances_in(given))
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
