"""Choose the articles whose labels would teach most, and take the labels that come back.

Owns: `Item` (an article on its way to a person and back), what is chosen next, the rows of a labels file.
Does not know: the forms of annotation tools (`annotate_forms`).

Uncertainty: Settles 2009, Active learning literature survey; chosen to differ, too: Brinker 2003, Incorporating diversity in
active learning with support vector machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from topics.classify import LinearClassifier
from topics.documents import JOIN, Document
from topics.errors import UsageError
from topics.pages import Span
from topics.predict import Model
from topics.tfidf import Floats, Weights

Flags = npt.NDArray[np.bool_]

#: Of so many times the articles asked for, the most uncertain ones, those are taken that differ most. With all articles to
#: choose from, the odd ones out would be: macro-F1 on R8 with 200 labels fell from 0.81 to 0.64 at 30 and a double say.
POOL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article as an annotator sees it."""

    page: str
    #: Number on its page, from 1.
    article: int
    #: Title and paragraphs, joined by empty lines.
    text: str
    #: Where they stand on the page.
    title_span: Span | None
    body_spans: tuple[Span, ...]
    #: The model's topic and its probability, 0 to 1; empty and 0 where it has none.
    guess: str = ""
    probability: float = 0.0
    #: What the annotator said; empty before, and where nothing was said.
    topics: tuple[str, ...] = ()
    #: What the annotator marked: start, end (offsets in `text`) and label.
    spans: tuple[tuple[int, int, str], ...] = ()

    def row(self) -> dict[str, Any]:
        """Return the line of a labels file, as `[corpus] labels` reads it; spans become offsets in the page."""
        row: dict[str, Any] = {"page": self.page, "article": self.article}
        if self.title_span is not None:
            row["title_span"] = list(self.title_span)
        row["body_spans"] = [list(span) for span in self.body_spans]
        row["topic"] = self.topics[0] if len(self.topics) == 1 else list(self.topics)
        if self.spans:
            at = [(*self._to_page(start, end), label) for start, end, label in self.spans]
            row["spans"] = [{"start": start, "end": end, "label": label} for start, end, label in at]
        return row

    def _to_page(self, start: int, end: int) -> Span:
        """Return the page's span of a span of `text`; one that reaches into the next piece covers what stands between."""
        pieces = ([self.title_span] if self.title_span else []) + list(self.body_spans)
        before, first, last = 0, start, end
        for begin, stop in pieces:
            if before <= start:
                first = begin + start - before
            if before < end:
                last = begin + end - before
            before += stop - begin + len(JOIN)
        return first, last


def item_of(document: Document, guess: str = "", probability: float = 0.0) -> Item:
    """Return the item of an article; a row of an article file is the first article of its page."""
    article = document.article
    return Item(
        page=document.page.id,
        article=document.name if isinstance(document.name, int) else 1,
        text=document.text,
        title_span=article.title_span,
        body_spans=article.body_spans,
        guess=guess,
        probability=round(probability, 6),
    )


def next_items(
    model: Model, documents: Sequence[Document], labeled: Sequence[bool], n: int, doubt: Floats | None = None
) -> list[Item]:
    """Return the `n` of `documents` to label next, the most telling first; those that are `labeled` are never among them.

    doubt: how open each one's topic is, (n_documents,), 0 to 1; left out, the model's `uncertainty`. Raises UsageError
    where the artifact has no topic classifier.
    """
    if model.classifier is None:
        raise UsageError("the artifact has no topic classifier, so nothing tells which label it lacks; train it with [classify]")
    _, weights = model.count(documents)
    if doubt is None:
        doubt = uncertainty(model.classifier, weights)
    chosen = choose_next(doubt, weights, np.array(labeled, bool), n)
    ranked = [model.classifier.rank(*weights.row(i)) for i in chosen]
    return [item_of(documents[i], r.topics[0][0] if r.topics else "", r.probability) for i, r in zip(chosen, ranked, strict=True)]


def choose_next(doubt: Floats, weights: Weights, labeled: Flags, n: int) -> list[int]:
    """Return up to `n` articles to label next, in the order of their use.

    doubt, weights, labeled: of all articles; one without a known term is taken last. Each next one is that of the most
    doubtful which has the largest doubt times (1 - its largest cosine with a labeled or a chosen one); ties go to the
    earlier one.
    """
    free = np.flatnonzero(~labeled)
    doubt = np.where(np.diff(weights.indptr) == 0, 0.0, doubt)
    pool = free[np.argsort(-doubt[free], kind="stable")[: POOL * n]]
    matrix = csr_matrix((weights.data, weights.indices, weights.indptr), shape=(len(weights), weights.n_terms))
    near = np.zeros(len(pool))
    if labeled.any():
        near = np.asarray((matrix[pool] @ matrix[np.flatnonzero(labeled)].T).max(axis=1).todense()).ravel()
    left = np.ones(len(pool), bool)
    chosen: list[int] = []
    for _ in range(min(n, len(pool))):
        at = int(np.where(left, doubt[pool] * (1.0 - np.minimum(near, 1.0)), -1.0).argmax())
        chosen.append(int(pool[at]))
        left[at] = False
        near = np.maximum(near, np.asarray((matrix[pool] @ matrix[pool[at]].T).todense()).ravel())
    return chosen


def uncertainty(classifier: LinearClassifier, weights: Weights) -> Floats:
    """Return how open the topic of each article is, (n,), 0 to 1: the entropy of its probabilities, as a share of the largest.

    With several topics allowed it is the mean entropy of each topic's yes or no.
    """
    p = np.clip(classifier.probabilities(classifier.score_rows(weights)), 1e-12, 1.0)
    if classifier.multi_label:
        q = np.clip(1.0 - p, 1e-12, 1.0)
        return np.asarray(-(p * np.log(p) + q * np.log(q)).mean(axis=1) / np.log(2.0))
    return np.asarray(-(p * np.log(p)).sum(axis=1) / np.log(max(p.shape[1], 2)))


def label_rows(items: Sequence[Item]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a labels file for the items that an annotator answered."""
    for item in items:
        if item.topics or item.spans:
            yield item.row()
