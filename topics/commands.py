"""The commands that apply: segment, predict, explain, show.

Owns: turning arguments into calls, rows into columns, and one bad document into one message.
Does not know: parsing of the command line (`cli`), file formats (`sources`, `output`), words for people (`report`).
"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topics.documents import Document, documents_of
from topics.errors import ArtifactError, UsageError, one_line
from topics.failures import Failures
from topics.loading import load
from topics.output import default_format, make_writer, open_output
from topics.predict import LabeledArticle, Model
from topics.progress import Progress
from topics.segment import Segmentation, Segmenter
from topics.segment import segment as segment_page
from topics.sources import Record, read

#: An article and the target its stance is asked toward, if any.
Request = tuple[Document, str | None]

SEGMENT_COLUMNS = ("page", "article", "title", "title_span", "body_spans", "source", "published", "author", "parts", "why")
PREDICT_COLUMNS = (
    "page", "article", "title", "title_span", "body_spans", "topic", "topics", "stances", "mixture", "known_terms",
)  # fmt: skip
EXPLAIN_COLUMNS = (*PREDICT_COLUMNS, "explained", "score", "intercept", "terms")
#: What a form shows instead of all columns.
SEGMENT_TABLE = ("page", "article", "title", "published", "characters")
PREDICT_TABLE = ("page", "article", "title", "topic", "stances")
PREDICT_CSV = (*PREDICT_COLUMNS[:6], "probability", *PREDICT_COLUMNS[6:])

#: Articles labeled in one call: one call for 64 takes two thirds of the time of 64 calls, and more gain nothing.
#: The bound on characters keeps memory small where articles are long.
BATCH, BATCH_CHARACTERS = 64, 1_000_000


def _records(arguments: Namespace, failures: Failures) -> Iterator[Record]:
    """Yield what the paths of a command line hold; what cannot be read goes to `failures`."""
    found = read(
        arguments.paths,
        as_pages=arguments.as_ == "page",
        text_fields=tuple(arguments.text or ("title", "text")),
        on_error=failures.add,
        warn=failures.progress.warn,
    )
    return failures.progress.track(found, None, "read")


def _documents(arguments: Namespace, failures: Failures, segmenter: Segmenter | None) -> Iterator[tuple[Record, list[Document]]]:
    """Yield what the paths of a command line hold, cut into articles; what fails goes to `failures`."""
    for record in _records(arguments, failures):
        found = failures.one(record.page.id, _cut, record, segmenter)
        if found is None:
            continue
        failures.read += 1
        if not found:
            why = "no article found" if record.page.text.strip() else "empty, no text to cut"
            failures.progress.warn(f"{record.page.id}: {why}")
        yield record, found


def _cut(record: Record, segmenter: Segmenter | None) -> list[Document]:
    return list(documents_of(record, segmenter))


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
            for _, documents in _documents(arguments, failures, None):
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
        for record in _records(arguments, failures):
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


def _requests(arguments: Namespace, failures: Failures, model: Model) -> Iterator[Request]:
    """Yield every article of the input with the target that --target, or its row, names."""
    given = arguments.target
    if given is not None and model.stance is None:
        raise UsageError("--target is for artifacts that judge stances; this one has none, its config had no [stance]")
    if given is not None and model.stance is not None:
        model.stance.judge("", given)  # an unknown target is said at once, not once for each article
    for record, documents in _documents(arguments, failures, model.segmenter):
        target = given if given is not None else _target_in(record, model)
        for document in documents:
            yield document, target


def _target_in(record: Record, model: Model) -> str | None:
    """Return the target a row names, where the model can judge it; another model's targets are no error."""
    target = record.fields.get("target")
    if model.stance is None or not isinstance(target, str) or not target:
        return None
    try:
        model.stance.judge("", target)
    except UsageError:
        return None
    return target


def _name(document: Document) -> str:
    return f"{document.page.id}, article {document.name}"


def _batches(requests: Iterable[Request]) -> Iterator[list[Request]]:
    batch: list[Request] = []
    characters = 0
    for document, target in requests:
        batch.append((document, target))
        characters += len(document.text)
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _labeled(requests: Iterable[Request], model: Model, failures: Failures) -> Iterator[LabeledArticle]:
    """Label in batches; where a batch fails, one by one, so that the article at fault is named and the others are labeled."""
    for batch in _batches(requests):
        try:
            yield from model.label([document for document, _ in batch], [target for _, target in batch])
        except Exception:  # the loop below finds out which article it was, and says so
            for document, target in batch:
                alone = failures.one(_name(document), model.label, [document], [target])
                yield from alone or ()


def predict(arguments: Namespace) -> None:
    """`topics predict`."""
    model = load(arguments.artifact)
    failures = Failures(Progress(quiet=arguments.quiet))
    kind = arguments.format or default_format(arguments.out)
    columns = PREDICT_TABLE if kind == "table" else _with_text(PREDICT_CSV if kind == "csv" else PREDICT_COLUMNS, arguments)
    with open_output(arguments.out, force=arguments.force) as stream:
        with make_writer(kind, stream, columns) as writer:
            for labeled in _labeled(_requests(arguments, failures, model), model, failures):
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
        for document, target in _requests(arguments, failures, model):
            why = failures.one(_name(document), explain_one, model, document, target)
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
