"""Objects show themselves: plain in a console, escaped in a notebook, as tables and charts when asked for."""

from __future__ import annotations

import builtins
import json

import numpy as np
import pytest
from conftest import PAGES
from test_report_html import HOSTILE

import topics
from topics.artifact import EVALUATION
from topics.errors import MissingExtra, UsageError
from topics.evaluation import Evaluation
from topics.tables import frame


@pytest.fixture(scope="module")
def model(starter):
    return topics.load(starter)


@pytest.fixture(scope="module")
def evaluation(starter):
    return Evaluation(json.loads((starter / EVALUATION).read_text("utf-8"))["test"])


@pytest.fixture(scope="module")
def found(model):
    return model.predict([topics.Page(id="<p>", text=(PAGES / "test" / "portal-080.txt").read_text("utf-8")), HOSTILE])


def test_plain_words_are_short_and_hold_no_text(model, found, evaluation):
    cut = topics.segment(topics.Page(id="page", text=(PAGES / "test" / "portal-080.txt").read_text("utf-8")))
    for thing in (cut, cut.articles[0], found, found[0], model, model.latent, evaluation):
        assert len(repr(thing)) < 400
        assert repr(thing).startswith("<")
        assert "array(" not in repr(thing)
    assert repr(cut) == f"<Segmentation of page: {len(cut)} articles, {len(cut.blocks)} blocks>"
    assert "topic accuracy 0." in repr(evaluation)


def test_everything_shows_itself_in_a_notebook_and_nothing_becomes_markup(model, found, evaluation):
    cut = topics.segment(HOSTILE)
    hostile = [cut, *cut.articles, found, *found]
    for thing in (*hostile, model, model.latent, evaluation):
        shown = thing._repr_html_()
        assert "<script" not in shown
        assert "<img" not in shown
        assert shown.count("<div") == shown.count("</div>") > 0
    assert "&lt;script&gt;" in cut._repr_html_()
    assert "&lt;p&gt;" in found._repr_html_()


def test_a_cut_page_shows_all_of_its_text():
    import html
    import re

    text = (PAGES / "test" / "portal-080.txt").read_text("utf-8")
    shown = html.unescape(re.sub("<[^>]+>", "", topics.segment(text)._repr_html_()))
    for n in range(1, 5):
        shown = shown.replace(f"article {n}", "", 1)
    assert text in shown


def test_evidence_is_quoted_with_its_article(found):
    labeled = next(one for one in found if one.stances)
    start, end = labeled.stances[0].evidence[0].span
    assert topics.predict.LabeledArticle is type(labeled)
    assert "<blockquote" in labeled._repr_html_()
    assert " ".join(labeled.document.page.text[start:end].split())[:20] in labeled._repr_html_().replace("&#x27;", "'")


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_tables_come_as_asked_for(kind, found, evaluation):
    library = pytest.importorskip(kind, reason=f"needs the extra that brings {kind}")
    cut = topics.segment((PAGES / "test" / "portal-080.txt").read_text("utf-8"))
    for table, rows in ((found.table(kind), len(found)), (cut.table(kind), len(cut)), (evaluation.table(kind), 17)):
        assert isinstance(table, library.DataFrame)
        assert len(table) == rows
    assert list(found.table(kind)["topic"]) == [one.topic.label for one in found]
    assert len(frame([], kind)) == 0


def test_another_kind_of_table_is_refused(found):
    with pytest.raises(UsageError, match="pandas, polars"):
        found.table("excel")


def test_charts_hold_the_numbers(model, evaluation):
    pytest.importorskip("altair", reason="needs the extra notebooks")
    drawn = evaluation.confusion().to_dict()
    cells = drawn["layer"][0]["data"]["values"] if "data" in drawn["layer"][0] else next(iter(drawn["data"].values()))
    assert sum(cell["n"] for cell in cells) == evaluation["topic"]["n"]
    assert {len(evaluation["stance"]["targets"])} == {6}
    target = next(iter(evaluation["stance"]["targets"]))
    mixtures = np.eye(model.latent.n_topics)[:6]
    dates = ["2024-01-05", "2024-01-06", "2024-02-01", "2024-02-02", None, "yesterday"]
    for chart in (
        evaluation.confusion("stance", target),
        evaluation.reliability(),
        evaluation.coverage("stance"),
        model.latent.map(model.vocabulary),
        model.latent.map(),
        model.latent.over_time(mixtures, dates, topics=[0, 1]),
    ):
        assert chart.to_dict()
        assert "http" not in json.dumps({k: v for k, v in chart.to_dict().items() if k != "$schema"})
    with pytest.raises(UsageError, match="toward 'net zero'"):
        evaluation.confusion("stance", "net zero")
    with pytest.raises(UsageError, match="no figures of 'latents'"):
        evaluation.confusion("latents")


@pytest.mark.parametrize(("library", "extra"), [("altair", "notebooks"), ("pandas", "notebooks"), ("polars", "polars")])
def test_what_is_not_installed_is_named_with_its_extra(library, extra, evaluation, monkeypatch):
    there = builtins.__import__

    def missing(name, *given, **named):
        if name.split(".")[0] == library:
            raise ImportError(name)
        return there(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtra, match=rf"newstopics\[{extra}\]"):
        evaluation.confusion() if library == "altair" else evaluation.table(library)
