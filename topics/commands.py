"""The commands that apply: segment, predict, explain.

Owns: turning arguments into calls, rows into columns, and one bad document into one message.
Does not know: parsing of the command line (`cli`), file formats (`sources`, `output`), words for people (`report`).
"""

from __future__ import annotations

import contextlib
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TextIO

from topics.copies import FIELD, named, sketch_of
from topics.documents import Document
from topics.errors import UsageError
from topics.failures import Failures, failures_of, unforeseen
from topics.inputs import Answer, Input, cut, failed, read_records, rows_of
from topics.journal import Journal
from topics.loading import load
from topics.output import default_format, make_writer, open_output
from topics.predict import LabeledArticle, Model
from topics.progress import wants_color
from topics.segment import Segmentation
from topics.segment import segment as segment_page
from topics.sources import Record

if TYPE_CHECKING:
    from topics.explain import Explanation

SEGMENT_COLUMNS = ("page", "article", "title", "title_span", "body_spans", "source", "published", "author", "parts", "why")
PREDICT_COLUMNS = (
    "page", "article", "title", "title_span", "body_spans", "topic", "topics", "stances", "mixture", "known_terms",
)  # fmt: skip
EXPLAIN_COLUMNS = (*PREDICT_COLUMNS, "explained", "score", "intercept", "terms")
#: What a form shows instead of all columns.
SEGMENT_TABLE = ("page", "article", "title", "published", "characters")
PREDICT_TABLE = ("page", "article", "title", "topic", "stances")
PREDICT_CSV = (*PREDICT_COLUMNS[:6], "probability", *PREDICT_COLUMNS[6:])
#: Articles labeled in one call; more gain nothing and take more memory.
BATCH = 64


def segment(arguments: Namespace) -> None:
    """`topics segment`."""
    if arguments.show or arguments.html:
        with failures_of(arguments) as failures:
            _paint(arguments, failures)
        return
    kind = arguments.format or default_format(arguments.out)
    columns = _asked(SEGMENT_TABLE if kind == "table" else _with_text(SEGMENT_COLUMNS, arguments), arguments)

    def work(inputs: Sequence[Input]) -> Iterator[Answer]:
        answers, articles = cut(inputs, None)
        yield from answers
        for _, document in articles:
            yield ["row", _chosen(_segment_row(document) | sketch_of(document, arguments), columns)]

    with failures_of(arguments) as failures, open_output(arguments.out, force=arguments.force) as stream:
        with _writer(kind, stream, columns, arguments) as writer:
            for row in named(rows_of(arguments, failures, work, together=True), arguments):
                writer.write(_narrow(row) if kind == "table" else row)
        failures.check()


def _chosen(row: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in columns}


def _with_text(columns: tuple[str, ...], arguments: Namespace) -> tuple[str, ...]:
    return (*columns, "text") if arguments.with_text else columns


def _asked(columns: tuple[str, ...], arguments: Namespace) -> tuple[str, ...]:
    return columns if arguments.duplicates is None else (*columns, FIELD)


def _paint(arguments: Namespace, failures: Failures) -> None:
    """Show the pages themselves, in the terminal (--show) or as a page to open (--html FILE)."""
    from topics.paint import html_page, terminal_lines

    def cut() -> Iterator[Segmentation]:
        for record in read_records(arguments, failures):
            segmentation = failures.one(record.page.id, segment_page, record.page)
            if segmentation is not None:
                failures.read += 1
                failures.written += len(segmentation.articles)
                yield segmentation

    with open_output(arguments.html or arguments.out, force=arguments.force) as stream:
        if arguments.html:
            for piece in html_page(cut()):
                stream.write(piece)
        else:
            color = wants_color(stream)
            for segmentation in cut():
                for line in terminal_lines(segmentation, color=color):
                    stream.write(line + "\n")
        failures.check()


def _segment_row(document: Document) -> dict[str, Any]:
    size = sum(end - start for start, end in document.article.body_spans)
    return {**document.to_dict(), "characters": size, "text": document.text}


def predict(arguments: Namespace) -> None:
    """`topics predict`."""
    if arguments.resume and arguments.out is None:
        raise UsageError("--resume goes on with a file: name it with --out")
    model = load(arguments.artifact)
    _check_target(arguments, model)
    kind = arguments.format or default_format(arguments.out)
    columns = PREDICT_TABLE if kind == "table" else _with_text(PREDICT_CSV if kind == "csv" else PREDICT_COLUMNS, arguments)
    columns, kept = _asked(columns, arguments), _asked(_with_text(PREDICT_COLUMNS, arguments), arguments)

    def work(inputs: Sequence[Input]) -> Iterator[Answer]:
        answers, articles = cut(inputs, model.segmenter)
        yield from answers
        for labeled in _labeled(model, articles, arguments.target):
            if isinstance(labeled, LabeledArticle):
                row = {**labeled.to_dict(), "text": labeled.document.text, **sketch_of(labeled.document, arguments)}
                yield ["row", _chosen(row, kept)]
            else:
                yield labeled

    with contextlib.ExitStack() as stack:
        failures = stack.enter_context(failures_of(arguments))
        with open_output(arguments.out, force=arguments.force) as stream:
            journal = stack.enter_context(Journal(arguments.out, _about(arguments, model))) if arguments.resume else None
            with _writer(kind, stream, columns, arguments) as writer:
                for row in named(rows_of(arguments, failures, work, together=True, journal=journal), arguments):
                    writer.write(row if kind == "jsonl" else flat(row) if kind == "csv" else _narrow(flat(row)))
            failures.check()
        if journal is not None:
            journal.remove()


def _about(arguments: Namespace, model: Model) -> dict[str, Any]:
    """Return what the rows of a run hang on besides its input."""
    return {
        "artifact": model.manifest.get("digest"),
        "paths": arguments.paths,
        "--as": arguments.as_,
        "--text": arguments.text,
        "--target": arguments.target,
        "--with-text": arguments.with_text,
        "--max-memory": arguments.max_memory,
        "--duplicates": arguments.duplicates,
    }


def _check_target(arguments: Namespace, model: Model) -> None:
    """Raise UsageError for a --target that cannot be judged: once, not once for each article."""
    if arguments.target is not None and model.stance is None:
        raise UsageError("--target is for artifacts that judge stances; this one has none, its config had no [stance]")
    if arguments.target is not None and model.stance is not None:
        model.stance.judge("", arguments.target)


def _target_of(record: Record, model: Model, given: str | None) -> str | None:
    """Return the target given, or that of the row where the model can judge it; another model's targets are no error."""
    target = record.fields.get("target")
    if given is not None or model.stance is None or not isinstance(target, str) or not target:
        return given
    try:
        model.stance.judge("", target)
    except UsageError:
        return None
    return target


def _labeled(
    model: Model, articles: Sequence[tuple[Record, Document]], target: str | None
) -> Iterator[LabeledArticle | list[Any]]:
    """Label in batches; where a batch fails, one by one: the article at fault becomes a failure, the others are labeled."""
    for low in range(0, len(articles), BATCH):
        batch = articles[low : low + BATCH]
        targets = [_target_of(record, model, target) for record, _ in batch]
        try:
            yield from model.label([document for _, document in batch], targets)
        except Exception:  # the loop below finds out which article it was, and says so
            for (record, document), toward in zip(batch, targets, strict=True):
                try:
                    (alone,) = model.label([document], [toward])
                except Exception as error:
                    yield ["failed", failed(record, unforeseen(error), document)]
                else:
                    yield alone


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `topics predict` for a table: topic and probability apart, stances in words."""
    topic = row["topic"] or {"label": "", "probability": None}
    return {
        **row,
        "topic": topic["label"],
        "probability": topic["probability"],
        "stances": "; ".join(f"{s['target']}: {s['label']} {s['probability']:.2f}" for s in row["stances"]),
    }


def _narrow(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for a table: of the page its name alone, since folders would take the place of the rest."""
    narrow = {**row, "page": os.path.basename(row["page"]) or row["page"]}
    if row.get("probability") is not None:
        narrow["topic"] = f"{row['topic']} {row['probability']:.2f}"
    return narrow


def explain(arguments: Namespace) -> None:
    """`topics explain`."""
    from topics.explain import explain as explain_one

    model = load(arguments.artifact)
    _check_target(arguments, model)
    kind = arguments.format or default_format(arguments.out)
    as_words = _in_words(arguments)

    def work(inputs: Sequence[Input]) -> Iterator[Answer]:
        answers, articles = cut(inputs, model.segmenter)
        yield from answers
        for record, document in articles:
            try:
                why = explain_one(model, document, _target_of(record, model, arguments.target))
                row = why.to_dict() if kind == "jsonl" else {"lines": as_words(why)}
            except Exception as error:  # whatever it is: the others must go on
                yield ["failed", failed(record, unforeseen(error), document)]
            else:
                yield ["row", row]

    with failures_of(arguments) as failures, open_output(arguments.out, force=arguments.force) as stream:
        writer = make_writer("jsonl", stream, EXPLAIN_COLUMNS)
        for row in rows_of(arguments, failures, work):
            if kind == "jsonl":
                writer.write(row)
            else:
                stream.write("\n".join(row["lines"]))
        failures.check()


def _in_words(arguments: Namespace) -> Callable[[Explanation], list[str]]:
    """Return what puts an explanation into words: painted for a terminal, in plain lines for everything else."""
    if arguments.out is None and wants_color(sys.stdout):
        from topics import screen  # with rich, which a pipe need not wait for

        return lambda why: [screen.explained(why), ""]
    from topics.report import explained

    return lambda why: [*explained(why), "", ""]


def _writer(kind: str, stream: TextIO, columns: Sequence[str], arguments: Namespace) -> AbstractContextManager[Any]:
    """Return what writes rows: a table with colors on a terminal, else the plain forms."""
    if kind == "table" and arguments.out is None and wants_color(sys.stdout):
        from topics.screen import TableWriter  # with rich, which a pipe need not wait for

        return TableWriter(stream, columns)
    return make_writer(kind, stream, columns, formulas=arguments.keep_formulas)
