"""`topics annotate`: from an artifact and articles to a file to annotate, and from annotated files to labels.

Owns: which articles are asked about, and what is said of files that come back.
Does not know: how they are chosen (`annotate`), the files' forms (`annotate_forms`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from topics.artifact import CONFIG, read_artifact
from topics.errors import InputError, one_line
from topics.loading import model_of
from training.annotate import label_rows, next_items
from training.annotate_forms import read_items, write_items
from training.config import parse_config
from training.corpus import load_corpus
from training.weak import learn_weak
from training.weak_seeds import seeds_of

Say = Callable[[str], None]


def write_next(
    artifact: str,
    data: Sequence[str],
    stream: TextIO,
    *,
    n: int,
    form: str,
    labels: Sequence[str] = (),
    overrides: Sequence[str] = (),
    say: Say,
    warn: Say,
) -> None:
    """Write the `n` articles of `data` to label next. Articles with a topic, of their own or in `labels`, are not asked about.

    Fields are those of the artifact's config, with `overrides`. Raises InputError where no article is left.
    """
    read = read_artifact(artifact)
    model = model_of(read)
    config = parse_config(read.texts.get(CONFIG, ""), f"{artifact}/{CONFIG}", overrides)
    for path in (*data, *labels):
        if not Path(path).exists():
            raise InputError("no such file or folder", file=path)
    settings = config.corpus.model_copy(
        update={
            "train": [str(Path(path).absolute()) for path in data],
            "test": None,
            "labels": [str(Path(path).absolute()) for path in labels] or None,
        }
    )
    corpus = load_corpus(settings, Path(), segmenter=model.segmenter, progress=say)
    for problem in corpus.problems[:10]:
        warn(one_line(problem))
    labeled = [bool(e.topics) for e in corpus.train]
    if all(labeled):
        raise InputError(f"all {len(labeled)} articles have a topic already; nothing is left to label")
    documents = [e.document for e in corpus.train]
    doubt = None
    if config.classify is not None and (seeds := seeds_of(config.classify)):
        # The classifier has learned from labels of these very articles, most likely, and is sure of them all: what tells is
        # whether their labels hang on which seeds were named.
        counts, _ = model.count(documents)
        texts, topics = [d.text for d in documents], [e.topics for e in corpus.train]
        weak, _ = learn_weak(texts, counts, model.vocabulary, model.analysis, topics, seeds, config.seed)
        doubt = 1.0 - weak.sure
    items = next_items(model, documents, labeled, n, doubt)
    write_items(items, form, stream)
    guesses = Counter(item.guess or "no guess" for item in items)
    say(
        f"{len(items)} of {len(labeled) - sum(labeled)} articles without a topic, by the model's guess: "
        + "; ".join(f"{one_line(guess)} {k}" for guess, k in sorted(guesses.items()))
    )


def write_labels(paths: Sequence[str], stream: TextIO, *, say: Say, warn: Say) -> bool:
    """Write the labels in annotated files as `[corpus] labels` reads them; return whether everything could be used.

    An article in several files has the label of the last. Raises InputError where there is no label at all.
    """
    problems: list[str] = []
    answers: dict[tuple[str, int], str] = {}
    total = 0
    for path in paths:
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise InputError(f"cannot be read: {why}", file=path) from None
        items = read_items(text, path, problems)
        total += len(items)
        for item, row in zip((i for i in items if i.topics or i.spans), label_rows(items), strict=True):
            answers[item.page, item.article] = json.dumps(row, ensure_ascii=True)
    for problem in problems:
        warn(one_line(problem))
    if not answers:
        raise InputError(f"no label in {', '.join(paths)}: {total} articles, none with an answer")
    stream.writelines(line + "\n" for line in answers.values())
    say(f"{len(answers)} labels from {total} articles")
    return not problems
