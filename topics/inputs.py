"""What a command reads, and the steps it works in: inputs in, rows and failures out.

Owns: from the arguments of a command to records; what is worked on together, what apart, what was done before.
Does not know: what is done with a record (`commands`), file formats (`sources`).

    paths ─▶ inputs (records, and errors in their place) ─▶ steps ─▶ answers ─▶ rows, failures, warnings

An answer is a list: ["row", {...}], ["failed", {...}] (see `failures`), ["warning", "..."] or ["read", 1]. All that is said
of an input is in its step's answers, so that a journal of them is all it takes to go on later.
"""

from __future__ import annotations

import hashlib
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from topics.amounts import Amount
from topics.apart import apart
from topics.documents import Document, documents_of
from topics.errors import InputError, UsageError
from topics.failures import Failures, refused, unforeseen
from topics.journal import Journal
from topics.memory import bound, half_of_machine, largest_document
from topics.segment import Segmentation, Segmenter, segment_all
from topics.sources import Record, read

Answer = Sequence[Any]
#: A record, or why there is none in this place.
Input = Record | InputError
Work = Callable[[Sequence[Input]], Iterable[Answer]]

#: Inputs of one step: articles are labeled together, one call for 64 takes two thirds of the time of 64 calls, and more
#: gain nothing. The bound on characters keeps memory small where texts are long.
STEP, STEP_CHARACTERS = 64, 1_000_000
#: A longer text is worked on in a process of its own, which takes 0.02 s: up to 500 bytes of memory for each of its
#: characters were measured (a page of four million lines of three letters), and news pages stay far below.
LARGE = 1_000_000


def read_inputs(arguments: Namespace, failures: Failures) -> Iterator[Input]:
    """Yield what the paths of a command line hold, and what cannot be read as errors, in their order."""
    bound(arguments.max_memory)
    wrong: list[InputError] = []
    found = read(
        arguments.paths,
        as_pages=arguments.as_ == "page",
        text_fields=tuple(arguments.text or ("title", "text")),
        on_error=wrong.append,
        warn=failures.progress.warn,
        max_bytes=largest_document(arguments.max_memory),
    )
    amount = Amount(arguments.paths)
    for record in failures.progress.track(found, amount.total, "read", amount.of):
        yield from _taken(wrong)
        yield record
    yield from _taken(wrong)


def _taken(errors: list[InputError]) -> Iterator[InputError]:
    while errors:
        yield errors.pop(0)


def read_records(arguments: Namespace, failures: Failures) -> Iterator[Record]:
    """Yield what the paths of a command line hold; what cannot be read goes to `failures`."""
    for found in read_inputs(arguments, failures):
        if isinstance(found, InputError):
            failures.add(found)
        else:
            yield found


def read_articles(
    arguments: Namespace, failures: Failures, segmenter: Segmenter | None
) -> Iterator[list[tuple[Record, Document]]]:
    """Yield the articles of each input that holds any, with their record; what fails goes to `failures`."""
    for found in read_inputs(arguments, failures):
        answers, articles = cut([found], segmenter)
        for _ in _taken_up(answers, failures):
            raise AssertionError("cutting makes no rows")
        if articles:
            yield articles


def rows_of(
    arguments: Namespace, failures: Failures, work: Work, *, together: bool = False, journal: Journal | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows that `work` makes of the input; what fails goes to `failures`.

    together: several inputs may be worked on in one call. journal: steps in it are not worked on again; the others are
    written into it.
    """
    inputs = _Inputs(read_inputs(arguments, failures), digested=journal is not None)
    if journal is not None:
        for before in journal.steps():
            inputs.skip(before.done, before.inputs, arguments.out)
            yield from _taken_up(before.values, failures)
    limit = arguments.max_memory or half_of_machine()
    for step, done, digest in _steps(inputs, STEP if together else 1):
        answers = _answers(work, step, limit)
        if journal is None:
            yield from _taken_up(answers, failures)
        else:
            yield from _taken_up(_noted(answers, journal), failures)
            journal.end_step(done, digest)


def _taken_up(answers: Iterable[Answer], failures: Failures) -> Iterator[dict[str, Any]]:
    for kind, value in answers:
        if kind == "row":
            yield value
            failures.written += 1
        elif kind == "failed":
            failures.take(value)
        elif kind == "warning":
            failures.progress.warn(value)
        else:
            failures.count(value)


def _noted(answers: Iterable[Answer], journal: Journal) -> Iterator[Answer]:
    for answer in answers:
        journal.note(answer)
        yield answer


def _answers(work: Work, inputs: Sequence[Input], limit: int | None) -> Iterator[Answer]:
    """Yield what `work` says of the inputs of a step; of a large one in a process of its own."""
    first = inputs[0]
    if not (isinstance(first, Record) and _is_large(first)):
        yield from work(inputs)
        return
    try:
        yield from apart(partial(work, inputs), limit)
    except InputError as error:
        yield ["failed", failed(first, error.reason)]


def _is_large(record: Record) -> bool:
    return len(record.page.text) > LARGE


class _Inputs:
    """Inputs, counted and digested as they are handed out, so that a later run can tell that they are the same."""

    def __init__(self, inputs: Iterator[Input], *, digested: bool) -> None:
        self._inputs = inputs
        self._running = hashlib.sha256() if digested else None
        self.done = 0

    def __iter__(self) -> Iterator[Input]:
        return self

    def __next__(self) -> Input:
        found = next(self._inputs)
        self.done += 1
        if self._running is not None:
            page = None if isinstance(found, InputError) else found.page
            text = str(found) if page is None else f"{page.id}\0{page.source}\0{page.published}\0{page.hints}\0{page.text}"
            self._running.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        return found

    @property
    def digest(self) -> str:
        return "" if self._running is None else self._running.hexdigest()

    def skip(self, done: int, digest: str, out: str) -> None:
        """Pass over inputs until `done` of them are handed out. Raises UsageError where they are not the same as before."""
        while self.done < done and next(self, None) is not None:
            pass
        if self.done != done or self.digest != digest:
            raise UsageError(
                f"{out}: the input is not the one that the run to be resumed had read; remove {out}.resume to begin anew"
            )


def _steps(inputs: _Inputs, most: int) -> Iterator[tuple[list[Input], int, str]]:
    """Yield inputs in the steps they are worked on in, a large one alone, and how far they reach."""
    step: list[Input] = []
    characters, done, digest = 0, 0, ""
    for found in inputs:
        large = isinstance(found, Record) and _is_large(found)
        if large and step:
            yield step, done, digest
            step, characters = [], 0
        step.append(found)
        done, digest = inputs.done, inputs.digest
        characters += len(found.page.text) if isinstance(found, Record) else 0
        if large or len(step) >= most or characters > STEP_CHARACTERS:
            yield step, done, digest
            step, characters = [], 0
    if step:
        yield step, done, digest


def failed(record: Record, reason: str, document: Document | None = None) -> dict[str, Any]:
    """Return the failure of a record, or of one article of it."""
    article = None if document is None else document.name
    return {"file": record.file, "line": record.line, "page": record.page.id, "article": article, "reason": reason}


def cut(inputs: Sequence[Input], segmenter: Segmenter | None) -> tuple[list[Answer], list[tuple[Record, Document]]]:
    """Return what is said of the inputs before anything is done with their articles, and the articles, each with its record."""
    answers: list[Answer] = []
    articles: list[tuple[Record, Document]] = []
    ahead = _cut_together(inputs, segmenter)
    for number, found in enumerate(inputs):
        if isinstance(found, InputError):
            answers.append(["failed", refused(found)])
            continue
        try:
            documents = list(documents_of(found, segmenter, ahead.get(number)))
        except Exception as error:  # whatever it is: the others must go on
            answers.append(["failed", failed(found, unforeseen(error))])
            continue
        answers.append(["read", 1])
        if not documents:
            why = "no article found" if found.page.text.strip() else "empty, no text to cut"
            answers.append(["warning", f"{found.page.id}: {why}"])
        articles += [(found, document) for document in documents]
    return answers, articles


def _cut_together(inputs: Sequence[Input], segmenter: Segmenter | None) -> dict[int, Segmentation]:
    """Return what is found on the pages among the inputs, by number; nothing where one of them cannot be cut."""
    pages = {k: found.page for k, found in enumerate(inputs) if not isinstance(found, InputError) and found.kind == "page"}
    if len(pages) < 2:
        return {}
    try:
        return dict(zip(pages, segment_all(pages.values(), segmenter=segmenter), strict=True))
    except Exception:  # whatever it is: each is cut by itself, and the one that it comes from fails alone
        return {}
