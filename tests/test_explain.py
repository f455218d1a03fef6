"""Explanations can be replayed: contributions add up to the score, and point at what they speak of."""

from __future__ import annotations

import math

import pytest

from topics.documents import documents_of
from topics.explain import explain
from topics.loading import load
from topics.pages import Page
from topics.report import explained
from topics.sources import Record, read
from topics.tokens import analyzer


@pytest.fixture(scope="module")
def model(starter):
    return load(starter)


@pytest.fixture(scope="module")
def documents(model):
    from conftest import PAGES

    return [d for r in read([PAGES / "test"], on_error=pytest.fail) for d in documents_of(r, model.segmenter)][:40]


def article(text: str):
    record = Record(page=Page(id="a", text=text), kind="article", file="a", line=1, fields={}, title_span=None)
    (document,) = documents_of(record)
    return document


def test_contributions_and_intercept_are_the_score(model, documents):
    for document in documents:
        why = explain(model, document)
        assert why.intercept + math.fsum(c.weight for c in why.contributions) == pytest.approx(why.score, abs=1e-9)
        assert len(why.contributions) == why.labeled.known_terms
        assert why.topic == why.labeled.topic.topics[0][0]


def test_the_label_is_that_of_predict(model, documents):
    for document, labeled in zip(documents, model.label(documents), strict=True):
        assert explain(model, document).labeled == labeled


def test_spans_point_at_their_terms(model, documents):
    found = 0
    read_as = analyzer(model.analysis)
    for document in documents[:15]:
        pieces = [*document.article.body_spans, document.article.title_span or (0, 0)]
        for contribution in explain(model, document).contributions:
            for start, end in contribution.spans:
                assert contribution.term in read_as(document.page.text[start:end])
                assert any(a <= start < end <= b for a, b in pieces)
                found += 1
    assert found > 1000


def test_every_term_inside_one_paragraph_is_pointed_at(model):
    why = explain(model, article("The court heard the case. Judges of the court met."))
    spans = {c.term: c.spans for c in why.contributions}
    assert spans["court"] == ((4, 9), (40, 45))
    assert all(spans.values())


def test_strongest_come_first_and_ties_by_term(model, documents):
    for document in documents[:10]:
        keys = [(-abs(c.weight), c.term) for c in explain(model, document).contributions]
        assert keys == sorted(keys)


def test_without_its_strongest_words_the_score_falls(model, documents):
    fell = 0
    for document in documents:
        why = explain(model, document)
        strongest = [c for c in why.contributions if c.weight > 0 and c.spans][:3]
        text = list(document.page.text)
        for contribution in strongest:
            for start, end in contribution.spans:
                text[start:end] = " " * (end - start)
        start = min(a for a, _ in document.article.body_spans)
        end = max(b for _, b in document.article.body_spans)
        without = article("".join(text[start:end]))
        counts, weights = model.count([without])
        if not len(counts.row(0)[0]):
            continue
        at = model.classifier.labels.index(why.topic)
        fell += model.classifier.scores(*weights.row(0))[at] < why.score
    assert fell >= 0.9 * len(documents)


def test_nothing_known_nothing_explained(model):
    why = explain(model, article("zxqw vbnm"))
    assert (why.topic, why.contributions, why.score) == (None, (), 0.0)
    assert "no term of this article is known" in "\n".join(explained(why))


def test_the_words_for_a_person_hold_the_numbers(model, documents):
    why = next(w for d in documents if (w := explain(model, d)).labeled.stances)
    lines = list(explained(why))
    assert f"score {why.score:+.3f} = intercept {why.intercept:+.3f} + {len(why.contributions)} terms" in lines[1]
    assert any(line.strip().startswith("for:") for line in lines)
    assert any("stance toward" in line for line in lines)
    assert all(line.isprintable() for line in lines)


def test_hostile_text_reaches_no_terminal(model):
    lines = list(explained(explain(model, article("The court \x1b[2J heard\x07 Donald Trump\x9b on Monday."))))
    assert all(line.isprintable() for line in lines)
