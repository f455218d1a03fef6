"""What a model says of an article, and where on the page it points."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import topics
from topics.documents import JOIN, Document, document_of, documents_of
from topics.errors import UsageError
from topics.loading import load
from topics.pages import Page
from topics.segment import Article
from topics.sources import Record, read


@pytest.fixture(scope="module")
def model(starter):
    return load(starter)


@pytest.fixture(scope="module")
def documents(model) -> list[Document]:
    """The articles of all test pages of the starter corpus."""
    from conftest import PAGES

    return [d for r in read([PAGES / "test"], on_error=pytest.fail) for d in documents_of(r, model.segmenter)]


def alone(text: str, name: int = 1) -> Document:
    article = Article(id="a", title="", title_span=None, body_spans=((0, len(text)),) if text else (), why="test")
    return document_of(Page(id="p", text=text), article, name)


def test_topics_alone_are_the_topics_of_all_that_is_said(model, documents):
    texts = [document.text for document in documents]
    assert model.topics_of(texts) == [labeled.topic.label for labeled in model.label(documents)]
    assert model.topics_of([]) == []
    with pytest.raises(UsageError, match="no single topic"):
        replace(model, classifier=None).topics_of(texts)


def test_evidence_lies_inside_its_article_and_holds_whole_sentences(model, documents):
    seen = 0
    for labeled in model.label(documents):
        page, article = labeled.document.page, labeled.document.article
        pieces = [*article.body_spans, *([article.title_span] if article.title_span else [])]
        for stance in labeled.stances:
            assert stance.label
            assert 0 < stance.probability <= 1
            for evidence in stance.evidence:
                start, end = evidence.span
                assert any(a <= start < end <= b for a, b in pieces)
                assert page.text[start:end].strip() == page.text[start:end]
                assert page.text[start:end] in labeled.document.text
                assert evidence.weight > 0
                seen += 1
    assert seen > 50


def test_probabilities_and_mixtures_sum_to_one(model, documents):
    counts, _ = model.count(documents)
    np.testing.assert_allclose(model.latent.mixtures(counts).sum(axis=1), 1.0)
    for labeled in model.label(documents):
        assert sum(p for _, p in labeled.topic.topics) == pytest.approx(1.0)
        assert labeled.topic.probability == labeled.topic.topics[0][1]
        shares = [share for _, share in labeled.mixture]
        assert shares == sorted(shares, reverse=True)
        assert all(share >= 0.01 for share in shares)
        assert sum(shares) <= 1 + 1e-9


def test_topics_are_mostly_those_of_the_gold(model, documents):
    from conftest import ROOT

    gold = {}
    for line in (ROOT / "training" / "starter" / "gold.jsonl").read_text().splitlines():
        page = json.loads(line)
        gold |= {(page["page"].split("/")[-1], a["title"]): a["topic"] for a in page["articles"]}
    right = total = 0
    for labeled in model.label(documents):
        key = (labeled.document.page.id.split("/")[-1], labeled.document.article.title)
        if key in gold:
            total += 1
            right += labeled.topic.topics[0][0] == gold[key]
    assert total > 120
    assert right / total > 0.7  # measured 0.83 on 153; a fall below this is a fault, not noise


def test_the_answer_does_not_depend_on_batch_or_order(model, documents):
    whole = {id(d): a.to_dict() for d, a in zip(documents, model.label(documents), strict=True)}
    shuffled = documents[:]
    random.Random(7).shuffle(shuffled)
    for size in (1, 7, 64):
        for at in range(0, len(shuffled), size):
            batch = shuffled[at : at + size]
            assert [a.to_dict() for a in model.label(batch)] == [whole[id(d)] for d in batch]


@pytest.mark.parametrize("text", ["", " \n\n ", "zxqw vbnm", "1 2 3 ...", "日本語の記事です。", "\ud800"[:0] + "😀 😀"])
def test_nothing_known_nothing_claimed(model, text):
    (labeled,) = model.label([alone(text)])
    row = labeled.to_dict()
    assert row["known_terms"] == 0
    assert row["topic"] == {"label": "unknown", "probability": 0.0}
    assert row["topics"] == row["stances"] == row["mixture"] == []


def test_words_that_no_latent_topic_knows_give_no_mixture(model):
    stop = next(t for t in ("the", "and", "of") if t in model.vocabulary.column)
    (labeled,) = model.label([alone(stop)])
    assert labeled.known_terms == 1
    assert labeled.mixture == ()


def test_no_document_no_answer(model):
    assert model.label([]) == []
    assert model.predict([]) == []
    assert model.predict("") == []


def test_the_library_labels_texts_and_pages(starter, page):
    model = topics.load(starter)
    text = page.read_text("utf-8")
    rows = [a.to_dict() for a in model.predict(text)]
    assert len(rows) > 1
    again = [a.to_dict() for a in model.predict([Page(id="other", text=text)])]
    assert [r | {"page": ""} for r in rows] == [r | {"page": ""} for r in again]
    json.dumps(rows, allow_nan=False)


def test_one_target_alone_and_an_unknown_one(model):
    text = "Donald Trump spoke in Ohio. The ceasefire in Gaza held. Aid to Ukraine went on."
    all_of_them = {s.target for s in model.label([alone(text)])[0].stances}
    assert {"Donald Trump", "ceasefire in Gaza"} <= all_of_them
    (labeled,) = model.label([alone(text)], ["Donald Trump"])
    assert [s.target for s in labeled.stances] == ["Donald Trump"]
    assert labeled.stances == tuple(s for s in model.label([alone(text)])[0].stances if s.target == "Donald Trump")
    with pytest.raises(UsageError, match=r"no stance was learned toward 'Donald Tramp'.*did you mean 'Donald Trump'"):
        model.label([alone(text)], ["Donald Tramp"])


# From the article back to the page

PIECES = st.lists(
    st.tuples(
        st.text(st.sampled_from("ab \r\n\t😀é\u2028"), max_size=4),
        st.text(st.sampled_from("ab .\r\n😀é"), min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=200)
@given(PIECES, st.booleans(), st.data())
def test_every_span_of_the_text_points_at_its_characters_on_the_page(pieces, titled, data):
    text, spans = "", []
    for gap, piece in pieces:
        text += gap
        spans.append((len(text), len(text) + len(piece)))
        text += piece
    title, body = (spans[0], spans[1:]) if titled else (None, spans)
    document = document_of(
        Page(id="p", text=text),
        Article(id="a", title="t", title_span=title, body_spans=tuple(body), why="test"),
        1,
    )
    assert document.text == JOIN.join(text[a:b] for a, b in spans)
    at = 0
    for a, b in spans:
        start = data.draw(st.integers(0, b - a - 1))
        end = data.draw(st.integers(start + 1, b - a))
        assert document.to_page(at + start, at + end) == (a + start, a + end)
        assert document.inside_one_piece(at + start, at + end)
        at += b - a + len(JOIN)
    first, last = spans[0], spans[-1]
    assert document.to_page(0, len(document.text)) == (first[0], last[1])
    assert document.inside_one_piece(0, len(document.text)) == (len(spans) == 1)


def test_an_article_without_text_has_an_empty_document():
    document = alone("")
    assert document.text == ""
    assert document.to_page(0, 0) == (0, 0)


ROWS = st.text(st.sampled_from("ab \r\n\t😀é"), max_size=12)


@settings(deadline=None, max_examples=100)
@given(ROWS, ROWS, ROWS)
def test_a_row_keeps_all_its_text(before, title, after):
    text = "\n\n".join([before, title, after])
    span = (len(before) + 2, len(before) + 2 + len(title))
    record = Record(page=Page(id="r", text=text), kind="article", file="f", line=1, fields={}, title_span=span)
    (document,) = documents_of(record)
    assert sorted("".join(document.text.split())) == sorted("".join(text.split()))
    for start, end in document.article.body_spans:
        assert text[start:end].strip() == text[start:end] != ""
