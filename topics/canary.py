"""A few answers stored with an artifact, to be asked again after it has traveled.

Owns: the texts, made from the vocabulary alone so that nothing of the corpus is stored, and the answers.
Does not know: files.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from topics.documents import Document, document_of
from topics.pages import Page
from topics.predict import Model
from topics.segment import Article

#: Terms in a text, and how many texts without labels to take them from.
N_TERMS, N_TEXTS = 24, 4
#: Topics and targets asked about: an artifact may have thousands.
MOST = 50
#: Answers may differ by this much: another processor may add up in another order.
TOLERANCE = 1e-6


def canary_texts(model: Model) -> list[str]:
    """Return texts that exercise the model: common terms, strong terms of each topic, a mention of each target with its cues."""
    vocabulary = model.vocabulary
    common = np.argsort(-vocabulary.document_frequency, kind="stable")
    texts = [" ".join(vocabulary.terms[i] for i in common[n::N_TEXTS][:N_TERMS]) for n in range(N_TEXTS)]
    if model.classifier is not None:
        strongest = [model.classifier.strongest_terms(label, vocabulary, N_TERMS) for label in model.classifier.labels[:MOST]]
        texts += [" ".join(term for term, _ in terms) for terms in strongest]
    if model.stance is not None:
        for target, patterns in itertools.islice(model.stance.targets.items(), MOST):
            mention = patterns[0] if patterns else target
            for mark in ("...", "*", "&"):
                mention = mention.replace(mark, " ")
            for cues in model.stance.strongest_cues(target, N_TERMS).values():
                texts.append(" ".join([*mention.split(), *cues]))
    return texts


def sayings(model: Model, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return each text with what the model says of it."""
    documents = [_document(text, n) for n, text in enumerate(texts, 1)]
    said = []
    for text, article in zip(texts, model.label(documents), strict=True):
        answer = article.to_dict()
        said.append({"text": text, **{key: answer[key] for key in ("topic", "stances", "mixture", "known_terms")}})
    return said


def differences(model: Model) -> list[str]:
    """Ask the canaries of the model's manifest again; return what differs, one line each. No canaries: no lines."""
    stored = model.manifest.get("canary", [])
    now = sayings(model, [canary["text"] for canary in stored])
    return [
        f"canary {n}: stored {_short(old)}, now {_short(new)}"
        for n, (old, new) in enumerate(zip(stored, now, strict=True), 1)
        if not _alike(old, new)
    ]


def _short(saying: dict[str, Any]) -> str:
    return str({key: saying[key] for key in ("topic", "known_terms")})


def _alike(old: Any, new: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(old, bool) or isinstance(new, bool) or not isinstance(old, int | float):
        if isinstance(old, dict) and isinstance(new, dict):
            return old.keys() == new.keys() and all(_alike(old[k], new[k]) for k in old)
        if isinstance(old, list | tuple) and isinstance(new, list | tuple):
            return len(old) == len(new) and all(map(_alike, old, new))
        return bool(old == new)
    return isinstance(new, int | float) and abs(old - new) <= TOLERANCE


def _document(text: str, number: int) -> Document:
    article = Article(id=f"canary#{number}", title="", title_span=None, body_spans=((0, len(text)),), why="canary")
    return document_of(Page(id="canary", text=text), article, number)
