"""The commands that apply: segment, predict, explain, show.

Owns: turning arguments into calls, rows into columns, and one bad document into one message.
Does not know: parsing of the command line (`cli`), file formats (`sources`, `output`).
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from topics.documents import Document, documents_of
from topics.errors import InputError, PartialFailure, TopicsError
from topics.output import default_format, make_writer, open_output
from topics.predict import LabeledArticle, load
from topics.progress import Progress
from topics.segment import Article, Segmenter
from topics.sources import Record, read

SEGMENT_COLUMNS = ("page", "article", "title", "title_span", "body_spans", "source", "published", "author", "parts", "why")
PREDICT_COLUMNS = (
    "page", "article", "title", "title_span", "body_spans", "topic", "topics", "stances", "mixture", "known_terms",
)  # fmt: skip


class Failures:
    """Counts what went wrong, says it, and decides the exit code."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.failed = self.done = 0

    def add(self, error: Exception) -> None:
        """Report one document that failed."""
        self.failed += 1
        self.progress.warn(str(error))

    def finish(self, what: str) -> None:
        """Raise unless all went well: InputError where nothing could be used, PartialFailure where some could not."""
        if self.failed and not self.done:
            raise InputError(f"no input could be used: {self.failed} failed, see above")
        if self.failed:
            raise PartialFailure(f"{self.done} {what} written, {self.failed} failed, see above")


def records(arguments: Namespace, failures: Failures) -> Iterator[Record]:
    """Yield what the paths of a command line hold; what cannot be read goes to `failures`."""
    return read(
        arguments.paths,
        as_pages=arguments.as_ == "page",
        text_fields=tuple(arguments.text or ("title", "text")),
        on_error=failures.add,
        warn=failures.progress.warn,
    )


def _documents(arguments: Namespace, failures: Failures, segmenter: Segmenter | None) -> Iterator[tuple[Record, list[Document]]]:
    for record in failures.progress.track(records(arguments, failures), None, "read"):
        try:
            found = list(documents_of(record, segmenter))
        except Exception as error:  # noqa: BLE001 - one document must not stop the others; it is named and counted
            failures.add(InputError(f"could not be cut ({type(error).__name__}: {error})", file=record.page.id))
            continue
        failures.done += 1
        if not found:
            failures.progress.warn(
                f"{record.page.id}: " + ("no article found" if record.page.text.strip() else "empty, no text to cut")
            )
        yield record, found


def segment(arguments: Namespace) -> None:
    """`topics segment`."""
    progress = Progress(quiet=arguments.quiet)
    failures = Failures(progress)
    kind = arguments.format or default_format(arguments.out)
    with open_output(arguments.out, force=arguments.force) as stream:
        columns = ("page", "article", "title", "published", "characters") if kind == "table" else SEGMENT_COLUMNS
        with make_writer(kind, stream, columns) as writer:
            for record, documents in _documents(arguments, failures, None):
                for document in documents:
                    writer.write(_segment_row(record, document.article, document.name))
        failures_at_end(failures, "pages")
    failures.finish("pages")


def _segment_row(record: Record, article: Article, name: int | str) -> dict[str, Any]:
    return {
        "page": record.page.id,
        "article": name,
        "title": article.title,
        "title_span": article.title_span,
        "body_spans": article.body_spans,
        "source": article.source,
        "published": article.published,
        "author": article.author,
        "parts": article.parts,
        "why": article.why,
        "characters": sum(end - start for start, end in article.body_spans),
    }


def failures_at_end(failures: Failures, what: str) -> None:
    """Keep what was written also when some documents failed; give it up only when nothing could be used."""
    if failures.failed and not failures.done:
        failures.finish(what)


def _labeling(
    arguments: Namespace, columns: Mapping[str, Sequence[str]], rows: Callable[[Any, Document, str | None], Any]
) -> Failures:
    """Run `rows` over every article of the input and write what it gives."""
    model = load(arguments.artifact)
    progress = Progress(quiet=arguments.quiet)
    failures = Failures(progress)
    kind = arguments.format or default_format(arguments.out)
    with open_output(arguments.out, force=arguments.force) as stream:
        with make_writer(kind, stream, columns[kind]) as writer:
            for record, documents in _documents(arguments, failures, model.segmenter):
                target = arguments.target or _text(record.fields.get("target"))
                for document in documents:
                    try:
                        row = rows(model, document, target)
                    except TopicsError as error:
                        failures.add(InputError(str(error), file=f"{record.page.id}, article {document.name}"))
                        continue
                    writer.write(row if kind == "jsonl" else flat(row))
        failures_at_end(failures, "documents")
    return failures


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    return value if isinstance(value, str) and value else None


def predict(arguments: Namespace) -> None:
    """`topics predict`."""
    table = ("page", "article", "title", "topic", "probability", "stances", "latent")
    columns = {"jsonl": PREDICT_COLUMNS, "csv": (*PREDICT_COLUMNS[:6], "probability", *PREDICT_COLUMNS[6:]), "table": table}

    def row(model: Any, document: Document, target: str | None) -> dict[str, Any]:  # noqa: ANN401
        (labeled,) = model.label([document], [target])
        answer: LabeledArticle = labeled
        return answer.to_dict()

    _labeling(arguments, columns, row).finish("documents")


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `topics predict` for a table: topic and probability apart, stances and latent topics in words."""
    topic = row["topic"] or {"label": "", "probability": None}
    return {
        **row,
        "topic": topic["label"],
        "probability": topic["probability"],
        "stances": "; ".join(f"{s['target']}: {s['label']} {s['probability']:.2f}" for s in row["stances"]),
        "latent": ", ".join(f"{k} ({share:.2f})" for k, share in row["mixture"][:3]),
    }


def explain(arguments: Namespace) -> None:
    """`topics explain`."""
    from topics.explain import explain as explain_one

    kind = arguments.format or default_format(arguments.out)
    if kind == "jsonl":
        columns = {"jsonl": (*PREDICT_COLUMNS, "explained", "score", "intercept", "terms")}
        _labeling(arguments, columns, lambda m, d, t: explain_one(m, d, t).to_dict()).finish("documents")
        return
    from topics.report import explained

    model, progress = load(arguments.artifact), Progress(quiet=arguments.quiet)
    failures = Failures(progress)
    with open_output(arguments.out, force=arguments.force) as stream:
        for record, documents in _documents(arguments, failures, model.segmenter):
            for document in documents:
                target = arguments.target or _text(record.fields.get("target"))
                for line in explained(explain_one(model, document, target)):
                    stream.write(line + "\n")
                stream.write("\n")
    failures.finish("documents")


def show(arguments: Namespace) -> None:
    """`topics show`."""
    from topics import report
    from topics.canary import differences
    from topics.errors import ArtifactError

    model = load(arguments.artifact)
    if arguments.verify:
        wrong = differences(model)
        if wrong:
            raise ArtifactError(f"{arguments.artifact}: {wrong[0]}" + (f"; {len(wrong) - 1} more differ" if wrong[1:] else ""))
        files, canaries = len(model.manifest["files"]), len(model.manifest["canary"])
        print(f"verified: {files} files match their hashes, {canaries} canaries answer as when they were stored; "
              f"digest {model.manifest['digest']}")  # fmt: skip
        return
    if arguments.contents:
        for name, facts in model.manifest["files"].items():
            print(f"{name:50}  {facts.get('dtype', 'text'):5}  {facts.get('shape', '')}")
        return
    if arguments.topic is not None:
        lines = report.one_topic(model, arguments.topic)
    elif arguments.latent is not None:
        lines = report.one_latent(model, arguments.latent)
    else:
        lines = report.overview(model)
    for line in lines:
        print(line)
