"""Label articles with a trained model: topic, stances with their evidence, mixture of latent topics.

Owns: `Model`, which holds all that was learned, and `LabeledArticle`, what it says of one article.
Does not know: how it came from disk (`loading`), how files are read and written, how anything was learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from topics.artifact import Part
from topics.classify import LinearClassifier, Ranking, label_texts
from topics.documents import Document, documents_of
from topics.errors import UsageError
from topics.lda import LatentTopics
from topics.pages import Page, Span
from topics.predictions import Predictions
from topics.segment import Segmenter
from topics.sentences import SentenceSplitter
from topics.sources import Record
from topics.stance import StanceModel
from topics.terms import Counts, Vocabulary, count_terms
from topics.tfidf import Tfidf, Weights
from topics.tokens import Analysis

#: Latent topics with a smaller share are left out of the output.
LEAST_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stretch of the page that a stance rests on, and how much it adds to the score of its label."""

    span: Span
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabeledStance:
    """What an article says of a target."""

    target: str
    label: str
    probability: float
    evidence: tuple[Evidence, ...]
    #: Whose stance it is: "article", or the quoted speaker as written.
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabeledArticle:
    """What the model says of one article. Nothing known: no topic, no mixture, and `known_terms` is 0."""

    document: Document
    #: None where the artifact has no topic classifier.
    topic: Ranking | None
    stances: tuple[LabeledStance, ...]
    #: (k, share) of the latent topics with at least 1 %, largest first; empty where no term of theirs is there.
    mixture: tuple[tuple[int, float], ...]
    #: How many different terms of the article the vocabulary knows.
    known_terms: int

    def __repr__(self) -> str:
        topic = "" if self.topic is None else f", {self.topic.label} {self.topic.probability:.2f}"
        stances = "".join(f", {s.target}: {s.label} {s.probability:.2f}" for s in self.stances)
        return f"<LabeledArticle {self.document.page.id} #{self.document.name}{topic}{stances}>"

    def _repr_html_(self) -> str:
        from topics.cards import labeled_card  # in a notebook alone

        return labeled_card(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the article as one line of `topics predict` holds it."""
        article = self.document.article
        return {
            "page": self.document.page.id,
            "article": self.document.name,
            "title": article.title,
            "title_span": article.title_span,
            "body_spans": article.body_spans,
            "topic": None if self.topic is None else {"label": self.topic.label, "probability": _short(self.topic.probability)},
            "topics": [] if self.topic is None else [{"label": t, "probability": _short(p)} for t, p in self.topic.topics],
            "stances": [
                {
                    "target": stance.target,
                    "label": stance.label,
                    "probability": _short(stance.probability),
                    "by": stance.by,
                    "evidence": [{"start": e.span[0], "end": e.span[1], "weight": _short(e.weight)} for e in stance.evidence],
                }
                for stance in self.stances
            ],
            "mixture": [[k, _short(share)] for k, share in self.mixture],
            "known_terms": self.known_terms,
        }


def _short(value: float) -> float:
    """Return `value` to six places: what is shown does not hang on the last bit of a sum."""
    return round(float(value), 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """All that one training run learned; what its config left out is None."""

    vocabulary: Vocabulary
    analysis: Analysis
    tfidf: Tfidf
    classifier: LinearClassifier | None = None
    splitter: SentenceSplitter | None = None
    stance: StanceModel | None = None
    latent: LatentTopics | None = None
    segmenter: Segmenter | None = None
    #: The manifest it was loaded from; empty for a model that was never saved.
    manifest: Mapping[str, Any]

    def __repr__(self) -> str:
        rooms = {"topics": self.classifier, "stances": self.stance, "latent topics": self.latent}
        held = ", ".join(name for name, room in rooms.items() if room is not None)
        return f"<Model {self.manifest.get('name', 'not saved')}: {held or 'nothing'}; {len(self.vocabulary)} terms>"

    def _repr_html_(self) -> str:
        from topics.cards import model_card  # in a notebook alone

        return model_card(self)

    def predict(self, pages: str | Page | Iterable[str | Page]) -> Predictions:
        """Cut `pages` (or one page, or its text) into articles and label them."""
        several = [pages] if isinstance(pages, str | Page) else pages
        labeled = Predictions()
        for number, page in enumerate(several, 1):
            whole = page if isinstance(page, Page) else Page(id=f"page{number}", text=page)
            record = Record(page=whole, kind="page", file=whole.id, line=None, fields={}, title_span=None)
            labeled += self.label(list(documents_of(record, self.segmenter)))
        return labeled

    def count(self, documents: Sequence[Document]) -> tuple[Counts, Weights]:
        """Return the counts of the documents' terms, which serve every model, and their TF-IDF weights."""
        counts = count_terms([d.text for d in documents], self.vocabulary, self.analysis)
        return counts, self.tfidf.weigh(counts)

    def topics_of(self, texts: Sequence[str]) -> list[str]:
        """Return the topic alone of each text, "unknown" included: `label` without all else it says, many times as fast.

        Raises UsageError for a model without topics, or with several for an article.
        """
        if self.classifier is None or self.classifier.multi_label:
            raise UsageError("this model gives an article no single topic; see label")
        return label_texts(texts, self.vocabulary, self.analysis, self.tfidf, self.classifier)

    def label(self, documents: Sequence[Document], targets: Sequence[str | None] | None = None) -> list[LabeledArticle]:
        """Return what the model says of each document, whatever the others beside it.

        `targets`: for each document the one target to judge it toward, or None for all that it mentions. Raises
        UsageError for a target that the model cannot judge.
        """
        counts, weights = self.count(documents)
        mixtures = self._mixtures(counts)
        rankings = None if self.classifier is None else self.classifier.rank_rows(weights)
        labeled = []
        for i, document in enumerate(documents):
            known = int(counts.indptr[i + 1] - counts.indptr[i])
            labeled.append(
                LabeledArticle(
                    document=document,
                    topic=None if rankings is None else rankings[i],
                    stances=tuple(self.judge(document, targets[i] if targets else None)),
                    mixture=mixtures[i],
                    known_terms=known,
                )
            )
        return labeled

    def _mixtures(self, counts: Counts) -> list[tuple[tuple[int, float], ...]]:
        """Return the largest shares for each article; nothing where no term of it belongs to the latent topics."""
        if self.latent is None:
            return [()] * len(counts)
        # Stop words and rare terms are in the vocabulary, and say nothing here: the answer would be the prior.
        says_something = np.zeros(len(self.vocabulary), bool)
        says_something[self.latent.columns] = True
        mixtures = self.latent.mixtures(counts)
        return [tuple(_largest(mixture)) if says_something[counts.row(i)[0]].any() else () for i, mixture in enumerate(mixtures)]

    def judge(self, document: Document, target: str | None = None) -> list[LabeledStance]:
        """Return the stances alone; see `label`."""
        return [
            LabeledStance(
                target=stance.target,
                label=stance.label,
                probability=stance.probability,
                evidence=tuple(Evidence(span=document.to_page(e.start, e.end), weight=e.weight) for e in stance.evidence),
                by=stance.by,
            )
            for stance in (self.stance.judge(document.text, target) if self.stance is not None else ())
        ]

    def parts(self) -> dict[str, Part]:
        """Return what an artifact stores of this model, by folder."""
        parts = {
            "terms": Part(
                arrays={"document_frequency": self.vocabulary.document_frequency},
                settings={"n_documents": self.vocabulary.n_documents, **self.analysis.settings()},
            )
        }
        for name in ("tfidf", "classify", "sentences", "lda", "segment"):
            model = getattr(self, _FIELD[name])
            if model is not None:
                parts[name] = Part(arrays=model.arrays(), settings=model.settings())
        return parts | (self.stance.parts() if self.stance is not None else {})


_FIELD = {"tfidf": "tfidf", "classify": "classifier", "sentences": "splitter", "lda": "latent", "segment": "segmenter"}


def _largest(mixture: np.ndarray[Any, np.dtype[np.float64]]) -> Iterator[tuple[int, float]]:
    for k in np.argsort(-mixture, kind="stable"):
        if mixture[k] < LEAST_SHARE:
            return
        yield int(k), float(mixture[k])
