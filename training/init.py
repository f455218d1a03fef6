"""Write a first config from the data that is there.

Owns: guessing which files hold pages, articles and labels, and which field means what.
Does not know: how a config is written out (`config`).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from topics.errors import InputError
from topics.sources import Record, read
from training.config import Config, render_config
from training.settings import ClassifySettings, CorpusSettings, LdaSettings, StanceSettings

#: Rows looked at in each file: enough to see its fields and labels.
ROWS = 500
_TEXT = ("text", "body", "content", "article", "description")
_TITLE = ("title", "headline")
_TOPIC = ("topic", "category", "label", "section", "class", "topics")
_STANCE = ("stance", "label", "sentiment")
_TARGET = ("target", "claim", "headline", "entity")


def config_for(data: Sequence[Path], folder: Path) -> str:
    """Return a commented config, to be saved in `folder`, that learns from `data`. Raises InputError for unusable data."""
    files = list(_files(data))
    labels = [path for path in files if _is_labels(path)]
    learn = [path for path in data if path not in labels] or list(data)
    rows = [record for path in files if path not in labels for record in _peek(path)]
    if not rows:
        raise InputError(f"nothing to learn from in {', '.join(map(str, data))}")
    articles = [record.fields for record in rows if record.kind == "article"]
    corpus, n_topics, has_stance = _corpus(articles, learn, labels, folder)
    name = (data[0].stem if data[0].is_file() else data[0].resolve().name).split(".")[0] or "news"
    config = Config(
        name="".join(c if c.isalnum() or c in "_-" else "-" for c in name).strip("-_") or "news",
        corpus=corpus,
        classify=ClassifySettings() if labels or n_topics > 1 else None,
        # Named targets need patterns, which only a person can write; free-text targets stand in the rows.
        stance=StanceSettings(kind="general") if has_stance else None,
        lda=LdaSettings(n_topics=min(50, max(5, len(rows) // 10))),
    )
    return render_config(config)


def _files(data: Sequence[Path]) -> Iterable[Path]:
    for path in data:
        if not path.exists():
            raise InputError("no such file or folder", file=str(path))
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _peek(path: Path, text_fields: Sequence[str] = ()) -> list[Record]:
    problems: list[InputError] = []
    found = list(islice(read([str(path)], text_fields=text_fields, on_error=problems.append, warn=lambda line: None), ROWS))
    if problems and not found:
        raise problems[0]
    return found


def _is_labels(path: Path) -> bool:
    if ".jsonl" not in path.suffixes:
        return False
    rows = _peek(path)
    return bool(rows) and all("page" in r.fields and not any(f in r.fields for f in _TEXT) for r in rows)


def _corpus(
    articles: Sequence[Mapping[str, Any]], learn: Sequence[Path], labels: Sequence[Path], folder: Path
) -> tuple[CorpusSettings, int, bool]:
    counts = Counter(key for row in articles for key in row)
    known = list(counts)
    text = next((f for f in _TEXT if f in counts), None)
    if articles and text is None:
        longest = max(known, key=lambda f: sum(len(str(row.get(f, ""))) for row in articles))
        text = longest
    title = next((f for f in _TITLE if f in counts), None)
    target = next((f for f in _TARGET if f in counts), None)
    stance = next((f for f in _STANCE if f in counts and target), None)
    topic = next((f for f in _TOPIC if f in counts and f != stance), None)
    topics = {str(row.get(topic)) for row in articles if row.get(topic)} if topic else set()
    settings = CorpusSettings(
        train=[os.path.relpath(path, folder) for path in learn],
        labels=os.path.relpath(labels[0], folder) if labels else None,
        text=[f for f in (title if title != target else None, text) if f] or ["title", "text"],
        topic=topic or "topic",
        stance=stance or "stance",
        target=target or "target",
    )
    return settings, len(topics), bool(stance and target)
