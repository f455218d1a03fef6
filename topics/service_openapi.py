"""The service's OpenAPI document: what may be asked, and what comes back.

Owns: the schemas of requests and rows.
Does not know: how a request is answered (`service`), HTTP (`serve`).
"""

from __future__ import annotations

from typing import Any

from topics import __version__
from topics.service import MOST_DOCUMENTS

Schema = dict[str, Any]

_NO_NUL = "^[^\\u0000]*$"
_STRING: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "number"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
_SPAN: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
_SPANS: Schema = {"type": "array", "items": _SPAN}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_NAMED = {
    "page": _STRING,
    "article": {"anyOf": [{"type": "integer", "minimum": 1}, _STRING]},
    "title": _STRING,
    "title_span": _or_null(_SPAN),
    "body_spans": _SPANS,
}
_EVIDENCE = _object(start={"type": "integer", "minimum": 0}, end={"type": "integer", "minimum": 0}, weight=_NUMBER)
_LABELED = {
    **_NAMED,
    "topic": _or_null(_object(label=_STRING, probability=_SHARE)),
    "topics": _list(_object(label=_STRING, probability=_SHARE)),
    "stances": _list(_object(target=_STRING, label=_STRING, probability=_SHARE, by=_STRING, evidence=_list(_EVIDENCE))),
    "mixture": _list({"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}),
    "known_terms": {"type": "integer", "minimum": 0},
}
_ROWS = {
    "predict": _object(**_LABELED),
    "segment": _object(
        **_NAMED,
        source=_or_null(_STRING),
        published=_or_null(_STRING),
        author=_or_null(_STRING),
        parts=_SPANS,
        why=_STRING,
    ),
    "explain": _object(
        **_LABELED,
        explained=_or_null(_STRING),
        score=_NUMBER,
        intercept=_NUMBER,
        terms=_list(_object(term=_STRING, weight=_NUMBER, spans=_SPANS)),
    ),
}
_SAYS = {
    "predict": "Cut pages into articles and label each: topic, stances with evidence, latent topics",
    "segment": "Cut pages into articles",
    "explain": "Label, and say why: every known term with its weight and its places",
}
_DIGEST = {"artifact-digest": {"description": "which artifact answered", "schema": _STRING}}
_REFUSALS = {
    "400": "the request is malformed",
    "404": "no such path, or a target that the artifact cannot judge",
    "405": "another method",
    "408": "the body did not come in time",
    "413": "the body is larger than is taken",
    "415": "the body is not application/json",
    "500": "a fault in the service",
    "503": "too many requests at a time",
    "504": "labeling took longer than is allowed",
}


def openapi(max_bytes: int) -> Schema:
    """Return the document of a service that takes bodies of at most `max_bytes`."""
    word = {"type": "string", "pattern": _NO_NUL}
    document: Schema = {
        "type": "object",
        "properties": {
            "id": _or_null({**word, "description": "names the document in the answer"}),
            "kind": {"enum": ["page", "article"], "default": "page", "description": "page: to be cut into articles"},
            "title": _or_null({**word, "description": "of an article"}),
            "text": {**word, "maxLength": max_bytes},
            "source": _or_null(word),
            "published": _or_null(word),
        },
        "required": ["text"],
        "additionalProperties": False,
        # A page is cut, and its titles are found.
        "if": {"required": ["kind"], "properties": {"kind": {"const": "article"}}},
        "else": {"properties": {"title": {"enum": [None, ""]}}},
    }
    documents = {"type": "array", "items": {"$ref": "#/components/schemas/Document"}, "minItems": 1, "maxItems": MOST_DOCUMENTS}
    target = {
        "type": "string",
        "pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$",
        "description": "judge stances toward this alone",
    }
    paths = {f"/{question}": {"post": _operation(question, documents, target)} for question in _SAYS}
    artifact = {"$ref": "#/components/schemas/Artifact"}
    health = _object(status={"const": "ok"}, artifact=artifact)
    paths["/health"] = {"get": {"operationId": "health", "summary": "Whether it is up", "responses": _responses(health, "500")}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "newstopics", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": {
                "Document": document,
                "Artifact": _object(name=_STRING, digest={"type": "string", "pattern": "^([0-9a-f]{64})?$"}),
                "Refusal": _object(error=_STRING),
            }
        },
    }


def _operation(question: str, documents: Schema, target: Schema) -> Schema:
    properties = {"documents": documents} | ({} if question == "segment" else {"target": _or_null(target)})
    body = {"type": "object", "properties": properties, "required": ["documents"], "additionalProperties": False}
    answer = _object(artifact={"$ref": "#/components/schemas/Artifact"}, articles=_list(_ROWS[question]))
    return {
        "operationId": question,
        "summary": _SAYS[question],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _responses(answer, *_REFUSALS),
    }


def _responses(answer: Schema, *refusals: str) -> Schema:
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {
        "200": {"description": "the answer", "headers": _DIGEST, "content": {"application/json": {"schema": answer}}},
        **{status: {"description": _REFUSALS[status], "headers": _DIGEST, "content": refusal} for status in refusals},
    }
