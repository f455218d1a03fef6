"""Why an article has its topic and its stances: terms, sentences, latent topics.

Owns: gathering contributions with the places they come from. The numbers are the classifier's own: a term's
contributions and the intercept add up to the score that the label was given for.
Does not know: how explanations are painted (`report`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from topics.classify import UNKNOWN
from topics.documents import Document
from topics.pages import Span
from topics.predict import LabeledArticle, Model
from topics.tokens import term_spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one term adds to a score, and where on the page it stands."""

    term: str
    #: Below 0 it speaks against the topic.
    weight: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one article is labeled as it is."""

    labeled: LabeledArticle
    #: The topic explained: the one given, or the likeliest where the answer is "unknown"; None without a classifier.
    topic: str | None
    #: intercept + sum of the contributions' weights, to 1e-9.
    score: float
    intercept: float
    #: Every known term of the article, strongest first, for or against; ties by term.
    contributions: tuple[Contribution, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as one line of `topics explain` holds it."""
        return {
            **self.labeled.to_dict(),
            "explained": self.topic,
            "score": self.score,
            "intercept": self.intercept,
            "terms": [{"term": c.term, "weight": c.weight, "spans": c.spans} for c in self.contributions],
        }


def explain(model: Model, document: Document, target: str | None = None) -> Explanation:
    """Return why `model` labels `document` as it does."""
    (labeled,) = model.label([document], [target])
    classifier = model.classifier
    if classifier is None or not labeled.known_terms or labeled.topic is None:
        return Explanation(labeled=labeled, topic=None, score=0.0, intercept=0.0, contributions=())
    topic = labeled.topic.topics[0][0] if labeled.topic.label == UNKNOWN else labeled.topic.label
    _, weights = model.count([document])
    columns, values = weights.row(0)
    at = classifier.labels.index(topic)
    places = _places(model, document)
    contributions = [
        Contribution(term=term, weight=float(weight), spans=tuple(places[term]))
        for term, weight in zip(
            (model.vocabulary.terms[i] for i in columns), classifier.contributions(columns, values, topic), strict=True
        )
    ]
    return Explanation(
        labeled=labeled,
        topic=topic,
        score=float(classifier.scores(columns, values)[at]),
        intercept=float(classifier.intercept[at]),
        contributions=tuple(sorted(contributions, key=lambda c: (-abs(c.weight), c.term))),
    )


def _places(model: Model, document: Document) -> dict[str, list[Span]]:
    places: dict[str, list[Span]] = defaultdict(list)
    for term, start, end in term_spans(document.text, model.analysis):
        # A run of words may reach from one paragraph into the next, which need not follow one another on the page.
        if document.inside_one_piece(start, end):
            places[term].append(document.to_page(start, end))
    return places
