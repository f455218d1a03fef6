"""Write a first config from the data that is there.

Owns: guessing which files hold pages, articles and labels, and which field means what.
Does not know: how a config is written out (`config`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from topics.errors import InputError
from topics.sources import Record, read
from topics.sources_files import format_of, walk
from training.config import Config, render_config
from training.settings import ClassifySettings, CorpusSettings, LdaSettings, StanceSettings, TermsSettings

#: Rows looked at in each file: enough to see its fields and labels.
ROWS = 500
_TEXT = ("text", "body", "content", "article", "description")
_TITLE = ("title", "headline")
_TOPIC = ("topic", "category", "label", "section", "class", "topics", "labels")
_TARGET = ("target", "claim", "entity", "headline")
_PUBLISHED = ("published", "date", "published_at", "publication_date", "pubdate")
_SOURCE = ("source", "publisher", "outlet", "publication")
#: Latent topics for this many articles each, within bounds.
_ARTICLES_PER_TOPIC, _FEWEST, _MOST = 10, 2, 50


@dataclass(frozen=True, slots=True)
class _Fields:
    """What the fields of article files seem to mean."""

    text: str | None = None
    title: str | None = None
    topic: str | None = None
    #: An article may have several topics.
    several: bool = False
    stance: str | None = None
    target: str | None = None
    published: str | None = None
    source: str | None = None


def config_for(data: Sequence[Path], folder: Path) -> str:
    """Return a commented config, to be saved in `folder`, that learns from `data`. Raises InputError for unusable data."""
    files = [path for named in data for path in _files(named)]
    peeked = {path: _peek(path) for path in files}
    labels = [path for path in files if _are_labels(path, peeked[path])]
    pairs = [path for path in files if any("body_id" in r.fields and not _text_in(r) for r in peeked[path])]
    bodies = [path for path in files if path not in labels and path not in pairs] if pairs else []
    learn = pairs or [path for path in data if path not in labels] or list(data)
    rows = [record for path in pairs or files if path not in labels for record in peeked[path]]
    if not rows:
        raise InputError(f"nothing to learn from in {', '.join(map(str, data))}; give pages (.txt) or articles (.jsonl, .csv)")
    fields = _fields([record.fields for record in rows if record.kind == "article"])
    if pairs:
        fields = replace(fields, text=next((t for path in bodies for r in peeked[path] if (t := _text_in(r))), "text"))
    corpus = CorpusSettings(
        train=[os.path.relpath(path, folder) for path in learn],
        labels=_relative(labels, folder),
        bodies=[os.path.relpath(path, folder) for path in bodies] or None,
        text=[f for f in (fields.title if fields.title != fields.target else None, fields.text) if f] or ["title", "text"],
        topic=fields.topic or "topic",
        stance=fields.stance or "stance",
        target=fields.target or "target",
        published=fields.published or "published",
        source=fields.source or "source",
    )
    config = Config(
        name=_name(data[0]),
        corpus=corpus,
        # Words of the title as terms of their own won up to two points in cross-validation on four sets and changed nothing on
        # two; a blend holds the support vector machine alone; weights for rare topics change nothing where all are of one size.
        terms=TermsSettings(title=fields.title is not None or not fields.text),
        classify=_classify(fields.several) if labels or fields.topic else None,
        # Named targets need patterns, which only a person can write; free-text targets stand in the rows.
        stance=StanceSettings(kind="pairs" if pairs else "general") if fields.stance else None,
        lda=LdaSettings(n_topics=min(_MOST, max(_FEWEST, len(rows) // _ARTICLES_PER_TOPIC))),
    )
    return render_config(config)


def _classify(several: bool) -> ClassifySettings:
    return ClassifySettings(model="svm" if several else "blend", class_weight="balanced", multi_label=several)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise InputError("no such file or folder", file=str(path))
    return [Path(p) for p in walk(str(path), _ignore, Counter())] if path.is_dir() else [path]


def _ignore(problem: InputError | str) -> None:
    """`topics check` reports what cannot be read; a first look goes on without it."""


def _peek(path: Path) -> list[Record]:
    problems: list[InputError] = []
    found = list(islice(read([path], text_fields=(), on_error=problems.append, warn=_ignore), ROWS))
    if problems and not found:
        raise problems[0]
    return found


def _text_in(record: Record) -> str | None:
    """Return the field of a row that holds its text."""
    return next((f for f in _TEXT if isinstance(record.fields.get(f), str)), None)


def _are_labels(path: Path, rows: Sequence[Record]) -> bool:
    """Return whether these are rows that name a page, without a text of their own."""
    if format_of(path.name)[0] != "jsonl":
        return False
    return bool(rows) and all("page" in record.fields and not _text_in(record) for record in rows)


def _relative(labels: Sequence[Path], folder: Path) -> str | None:
    if len(labels) > 1:
        raise InputError(f"several files look like labels of pages: {', '.join(map(str, labels))}; join them into one")
    return os.path.relpath(labels[0], folder) if labels else None


def _name(path: Path) -> str:
    name = (path.stem if path.is_file() else path.resolve().name).split(".")[0]
    return "".join(c if c.isalnum() or c in "_-" else "-" for c in name).strip("-_") or "news"


def _fields(rows: Sequence[Mapping[str, Any]]) -> _Fields:
    if not rows:
        return _Fields()
    counts = Counter(key for row in rows for key in row)

    def first(*names: str) -> str | None:
        return next((name for name in names if name in counts), None)

    text = first(*_TEXT) or max(counts, key=lambda name: sum(len(v) for row in rows if isinstance(v := row.get(name), str)))
    # A headline is a target only of what is called a stance: "headline, text, label" is a labeled article.
    target = first(*_TARGET) if "stance" in counts else first(*_TARGET[:-1])
    stance = first("stance", "label", "sentiment") if target else None
    topic, several = None, False
    for name in (n for n in _TOPIC if n in counts and n != stance):
        values = list(_labels(rows, name))
        # As many labels as rows: an identifier, or a text, and no topic.
        if 1 < len(set(values)) <= len(values) / 2:
            topic, several = name, any(isinstance(row.get(name), list) and len(row[name]) > 1 for row in rows)
            break
    title = first(*_TITLE)
    return _Fields(text, title if title != text else None, topic, several, stance, target, first(*_PUBLISHED), first(*_SOURCE))


def _labels(rows: Sequence[Mapping[str, Any]], name: str) -> Iterator[str]:
    for row in rows:
        value = row.get(name)
        yield from (str(v) for v in (value if isinstance(value, list) else [value]) if v not in (None, ""))
