"""What a command reads: records, the articles cut from them, and each article with the target asked about.

Owns: from the arguments of a command to documents; batches; one bad document becomes one message.
Does not know: what is done with a document (`commands`), file formats (`sources`).
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator

from topics.documents import Document, documents_of
from topics.errors import UsageError
from topics.failures import Failures
from topics.predict import LabeledArticle, Model
from topics.segment import Segmenter
from topics.sources import Record, read

#: An article and the target its stance is asked toward, if any.
Request = tuple[Document, str | None]

#: Articles labeled in one call: one call for 64 takes two thirds of the time of 64 calls, and more gain nothing.
#: The bound on characters keeps memory small where articles are long.
BATCH, BATCH_CHARACTERS = 64, 1_000_000


def read_records(arguments: Namespace, failures: Failures) -> Iterator[Record]:
    """Yield what the paths of a command line hold; what cannot be read goes to `failures`."""
    found = read(
        arguments.paths,
        as_pages=arguments.as_ == "page",
        text_fields=tuple(arguments.text or ("title", "text")),
        on_error=failures.add,
        warn=failures.progress.warn,
    )
    return failures.progress.track(found, None, "read")


def read_documents(
    arguments: Namespace, failures: Failures, segmenter: Segmenter | None
) -> Iterator[tuple[Record, list[Document]]]:
    """Yield what the paths of a command line hold, cut into articles; what fails goes to `failures`."""
    for record in read_records(arguments, failures):
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


def read_requests(arguments: Namespace, failures: Failures, model: Model) -> Iterator[Request]:
    """Yield every article of the input with the target that --target, or its row, names."""
    given = arguments.target
    if given is not None and model.stance is None:
        raise UsageError("--target is for artifacts that judge stances; this one has none, its config had no [stance]")
    if given is not None and model.stance is not None:
        model.stance.judge("", given)  # an unknown target is said at once, not once for each article
    for record, documents in read_documents(arguments, failures, model.segmenter):
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


def name_of(document: Document) -> str:
    """Return how messages name an article."""
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


def label_requests(requests: Iterable[Request], model: Model, failures: Failures) -> Iterator[LabeledArticle]:
    """Label in batches; where a batch fails, one by one, so that the article at fault is named and the others are labeled."""
    for batch in _batches(requests):
        try:
            yield from model.label([document for document, _ in batch], [target for _, target in batch])
        except Exception:  # the loop below finds out which article it was, and says so
            for document, target in batch:
                alone = failures.one(name_of(document), model.label, [document], [target])
                yield from alone or ()
