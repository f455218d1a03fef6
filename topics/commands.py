"""The commands that apply: segment, predict, explain, show.

Owns: turning arguments into calls, rows into columns, and one bad document into one message.
Does not know: parsing of the command line (`cli`), file formats (`sources`, `output`), words for people (`report`).
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topics.documents import Document
from topics.errors import ArtifactError, one_line
from topics.failures import Failures
from topics.inputs import label_requests, name_of, read_documents, read_records, read_requests
from topics.loading import load
from topics.output import default_format, make_writer, open_output
from topics.predict import Model
from topics.progress import Progress
from topics.segment import Segmentation
from topics.segment import segment as segment_page

SEGMENT_COLUMNS = ("page", "article", "title", "title_span", "body_spans", "source", "published", "author", "parts", "why")
PREDICT_COLUMNS = (
    "page", "article", "title", "title_span", "body_spans", "topic", "topics", "stances", "mixture", "known_terms",
)  # fmt: skip
EXPLAIN_COLUMNS = (*PREDICT_COLUMNS, "explained", "score", "intercept", "terms")
#: What a form shows instead of all columns.
SEGMENT_TABLE = ("page", "article", "title", "published", "characters")
PREDICT_TABLE = ("page", "article", "title", "topic", "stances")
PREDICT_CSV = (*PREDICT_COLUMNS[:6], "probability", *PREDICT_COLUMNS[6:])


def segment(arguments: Namespace) -> None:
    """`topics segment`."""
    failures = Failures(Progress(quiet=arguments.quiet))
    if arguments.show or arguments.html:
        _paint(arguments, failures)
        return
    kind = arguments.format or default_format(arguments.out)
    columns = SEGMENT_TABLE if kind == "table" else _with_text(SEGMENT_COLUMNS, arguments)
    with open_output(arguments.out, force=arguments.force) as stream:
        with make_writer(kind, stream, columns) as writer:
            for _, documents in read_documents(arguments, failures, None):
                for document in documents:
                    row = _segment_row(document)
                    writer.write(_narrow(row) if kind == "table" else row)
                    failures.written += 1
        failures.check()
    failures.finish()


def _with_text(columns: tuple[str, ...], arguments: Namespace) -> tuple[str, ...]:
    return (*columns, "text") if arguments.with_text else columns


def _paint(arguments: Namespace, failures: Failures) -> None:
    """Show the pages themselves, in the terminal (--show) or as a page to open (--html FILE)."""
    from topics.paint import html_page, terminal_lines, wants_color

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
    failures.finish()


def _segment_row(document: Document) -> dict[str, Any]:
    article = document.article
    return {
        "page": document.page.id,
        "article": document.name,
        "title": article.title,
        "title_span": article.title_span,
        "body_spans": article.body_spans,
        "source": article.source,
        "published": article.published,
        "author": article.author,
        "parts": article.parts,
        "why": article.why,
        "characters": sum(end - start for start, end in article.body_spans),
        "text": document.text,
    }


def predict(arguments: Namespace) -> None:
    """`topics predict`."""
    model = load(arguments.artifact)
    failures = Failures(Progress(quiet=arguments.quiet))
    kind = arguments.format or default_format(arguments.out)
    columns = PREDICT_TABLE if kind == "table" else _with_text(PREDICT_CSV if kind == "csv" else PREDICT_COLUMNS, arguments)
    with open_output(arguments.out, force=arguments.force) as stream:
        with make_writer(kind, stream, columns) as writer:
            for labeled in label_requests(read_requests(arguments, failures, model), model, failures):
                row = {**labeled.to_dict(), "text": labeled.document.text}
                writer.write(row if kind == "jsonl" else flat(row) if kind == "csv" else _narrow(flat(row)))
                failures.written += 1
        failures.check()
    failures.finish()


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
    from topics.report import explained

    model = load(arguments.artifact)
    failures = Failures(Progress(quiet=arguments.quiet))
    kind = arguments.format or default_format(arguments.out)
    with open_output(arguments.out, force=arguments.force) as stream:
        writer = make_writer("jsonl", stream, EXPLAIN_COLUMNS)
        for document, target in read_requests(arguments, failures, model):
            why = failures.one(name_of(document), explain_one, model, document, target)
            if why is None:
                continue
            if kind == "jsonl":
                writer.write(why.to_dict())
            else:
                stream.write("\n".join([*explained(why), "", ""]))
            failures.written += 1
        failures.check()
    failures.finish()


def show(arguments: Namespace) -> None:
    """`topics show`."""
    model = load(arguments.artifact)
    with open_output(None) as stream:
        for line in _shown(arguments, model):
            stream.write(line + "\n")


def _shown(arguments: Namespace, model: Model) -> Iterable[str]:
    from topics import report

    if arguments.verify:
        return [_verified(arguments.artifact, model)]
    if arguments.contents:
        return report.contents(model)
    if arguments.topic is not None:
        return report.one_topic(model, arguments.topic)
    if arguments.latent is not None:
        return report.one_latent(model, arguments.latent)
    return report.overview(model)


def _verified(path: str, model: Model) -> str:
    from topics.canary import differences

    wrong: Sequence[str] = differences(model)
    if wrong:
        more = f"; {len(wrong) - 1} more differ" if wrong[1:] else ""
        raise ArtifactError(f"{one_line(path)}: {wrong[0]}{more}")
    files, canaries = len(model.manifest["files"]), len(model.manifest.get("canary", []))
    return (
        f"verified: {files} files match their hashes, {canaries} canaries answer as when they were stored; "
        f"digest {model.manifest['digest']}"
    )
