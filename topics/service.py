"""What a service answers: a request's JSON in, an answer's JSON out.

Owns: the form of requests, what is refused and in which words, which artifact answered.
Does not know: HTTP (`serve`), how anything is labeled.

    {"documents": [{"id": "a", "text": "..."}, {"kind": "article", "title": "...", "text": "..."}], "target": "..."}

An answer holds the rows that the command of the same name writes, in the order of the documents.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from topics.documents import Document, documents_of
from topics.errors import TopicsError, UsageError, did_you_mean, one_line
from topics.explain import explain
from topics.pages import Page
from topics.predict import Model
from topics.sources import Record

#: Documents in one request.
MOST_DOCUMENTS = 100
FIELDS = ("id", "kind", "title", "text", "source", "published")
Answer = dict[str, Any]


class Refused(TopicsError):
    """A request that cannot be answered; `status` is what HTTP calls it."""

    def __init__(self, message: str, status: int = 400) -> None:
        self.status = status
        super().__init__(one_line(message))


class Service:
    """Answers with one model. Has no state: the same request gets the same answer."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.about = {"name": str(model.manifest.get("name", "")), "digest": str(model.manifest.get("digest", ""))}
        self._answers: Mapping[str, Callable[[list[Record], str | None], Iterator[Answer]]] = {
            "predict": self._predict,
            "segment": self._segment,
            "explain": self._explain,
        }

    def answer(self, question: str, raw: bytes) -> Answer:
        """Return the answer to a request: question "predict", "segment" or "explain", and JSON. Raises Refused."""
        records, target = _asked(raw)
        if target is not None:
            self._check(target)
        return {"artifact": self.about, "articles": list(self._answers[question](records, target))}

    def health(self) -> Answer:
        """Return what is told of a service that is up."""
        return {"status": "ok", "artifact": self.about}

    def _check(self, target: str) -> None:
        if self.model.stance is None:
            raise Refused("'target' is for artifacts that judge stances; this one does not", 404)
        try:
            self.model.stance.judge("", target)
        except UsageError as error:
            raise Refused(str(error), 404) from None

    def _documents(self, records: list[Record]) -> Iterator[Document]:
        for record in records:
            yield from documents_of(record, self.model.segmenter)

    def _predict(self, records: list[Record], target: str | None) -> Iterator[Answer]:
        documents = list(self._documents(records))
        for labeled in self.model.label(documents, [target] * len(documents)):
            yield labeled.to_dict()

    def _explain(self, records: list[Record], target: str | None) -> Iterator[Answer]:
        for document in self._documents(records):
            yield explain(self.model, document, target).to_dict()

    def _segment(self, records: list[Record], target: str | None) -> Iterator[Answer]:
        if target is not None:
            raise Refused("'target' is for /predict and /explain: cutting a page has none")
        for document in self._documents(records):
            yield document.to_dict()


def _asked(raw: bytes) -> tuple[list[Record], str | None]:
    """Return the documents of a request and the target asked about. Raises Refused."""
    try:
        body = json.loads(raw, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise Refused(f"the body is not JSON ({why})") from None
    if not isinstance(body, dict):
        raise Refused("the body must be an object with 'documents'")
    _known(body, ("documents", "target"), "the request")
    documents, target = body.get("documents"), body.get("target")
    if not isinstance(documents, list) or not 1 <= len(documents) <= MOST_DOCUMENTS:
        raise Refused(f"'documents' must be a list of 1 to {MOST_DOCUMENTS} objects with 'text'")
    if target is not None:
        target = _text(target, "'target'")
        if not target.strip():
            raise Refused("'target' is empty; leave it out")
    return [_record(document, n) for n, document in enumerate(documents, 1)], target


def _no_number(name: str) -> float:
    raise ValueError(name)


def _known(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in names:
            raise Refused(f"{where} has a field {name[:50]!r}; known are {', '.join(names)}{did_you_mean(name[:50], names)}")


def _record(document: Any, number: int) -> Record:  # noqa: ANN401 - whatever JSON holds
    where = f"document {number}"
    if not isinstance(document, dict):
        raise Refused(f"{where} must be an object with 'text'")
    _known(document, FIELDS, where)
    kind = document.get("kind", "page")
    if kind not in ("page", "article"):
        raise Refused(f"{where}: 'kind' must be 'page' (to be cut) or 'article'")
    told = {name: _text(document[name], f"{where}: {name!r}") for name in FIELDS if document.get(name) is not None}
    if "text" not in told:
        raise Refused(f"{where} has no 'text'")
    title = told.get("title", "")
    if title and kind == "page":
        raise Refused(f"{where}: 'title' is for kind 'article'; a page is cut, and its titles found")
    page = Page(
        id=told.get("id") or f"document{number}",
        text=f"{title}\n\n{told['text']}" if title else told["text"],
        source=told.get("source"),
        published=told.get("published"),
    )
    span = (0, len(title)) if title else None
    return Record(page=page, kind="article" if kind == "article" else "page", file=page.id, title_span=span)


def _text(value: Any, what: str) -> str:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(value, str):
        raise Refused(f"{what} must be a string")
    if "\0" in value:
        raise Refused(f"{what} holds a NUL character")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise Refused(f"{what} holds half a character (a lone surrogate)") from None
    return value
