"""The report is one file that asks for nothing; it shows what is there, says what is not, and every text is text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from conftest import PAGES

from topics.artifact import EVALUATION, write_artifact
from topics.cli import run
from topics.documents import documents_of
from topics.lda import LatentTopics
from topics.lda_labels import term_weights
from topics.lda_map import distances, places
from topics.loading import load
from topics.pages import Page
from topics.report_html import report_html
from topics.report_map import POSITIONS, latent_data
from topics.report_seen import ROOM, Seen
from topics.sources import Record
from topics.terms import Vocabulary

HOSTILE = (
    "<script>document.title = 'owned'</script> Ministers debate net zero\n"
    "The <img src=x onerror=alert(1)> minister said on Monday that the net zero climate target must stay, “whatever it costs”.\n"
    "Families & firms would pay, critics said; the government’s “own” figures show </span></mark></script> that they gain.\n"
)


@pytest.fixture(scope="module")
def model(starter):
    return load(starter)


@pytest.fixture(scope="module")
def evaluation(starter):
    return json.loads((starter / EVALUATION).read_text("utf-8"))


def looked(model, *pages: Page) -> Seen:
    seen = Seen()
    for page in pages:
        record = Record(page=page, kind="page", file=page.id, line=None, fields={}, title_span=None)
        seen.add(record, model.label(list(documents_of(record, model.segmenter))), model)
    return seen


def page_of(name: str) -> Page:
    return Page(id=name, text=(PAGES / "test" / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def seen(model) -> Seen:
    return looked(model, *(page_of(p.name) for p in sorted((PAGES / "test").glob("*.txt"))[:6]), Page(id="hostile", text=HOSTILE))


@pytest.fixture(scope="module")
def report(model, evaluation, seen) -> str:
    return "".join(report_html(model, evaluation, seen))


class Outline(HTMLParser):
    """Elements, the text of each painted page, and whether all that is opened is closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.papers: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag in ("meta", "input"):
            return
        self.open.append((tag, attributes.get("class") or ""))
        if attributes.get("class") == "paper":
            self.papers.append("")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        classes = [name for _, name in self.open]
        if "paper" in classes and "badge" not in classes:
            self.papers[-1] += data


def test_every_section_is_there_and_every_element_is_closed(report):
    outline = Outline(report)
    assert not outline.open
    named = [attributes["id"] for tag, attributes in outline.elements if tag == "h2"]
    assert named == ["overview", "topics", "quality", "latent", "corpus", "groups", "stances", "pages"]
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {a["href"] for tag, a in outline.elements if tag == "a"}
    assert all(link.startswith("#") and link[1:] in ids for link in links)


def test_nothing_is_asked_for_and_only_its_own_script_runs(report):
    outline = Outline(report)
    assert not [tag for tag, a in outline.elements if tag in ("link", "img", "iframe", "object", "base", "form") or "src" in a]
    assert not re.search(r"url\(|@import", report)
    (policy,) = [a["content"] for tag, a in outline.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'sha256-" in policy
    assert not [name for _, a in outline.elements for name in a if name.startswith("on")]


def test_a_painted_page_holds_every_character_once(report, seen):
    papers = Outline(report).papers
    texts = [*(page_of(name).text for _, name, _ in seen.index[:-1]), HOSTILE]
    assert papers == texts


def test_markup_on_a_page_is_shown_as_text(report):
    assert "<img" not in report
    assert "&lt;script&gt;document.title" in report
    assert report.count("<script") == 2  # its own, and the data of the map


def test_evidence_is_marked_where_it_stands(report, model, seen):
    marked = re.findall(r"<mark [^>]*>(.*?)</mark>", report, flags=re.S)
    assert marked
    assert len(seen.evidence) > 2
    assert "blockquote class" in report


def test_same_input_same_bytes(report, model, evaluation):
    pages = [*(page_of(p.name) for p in sorted((PAGES / "test").glob("*.txt"))[:6]), Page(id="hostile", text=HOSTILE)]
    assert "".join(report_html(model, evaluation, looked(model, *pages))) == report


def test_what_the_artifact_does_not_hold_is_said(model):
    bare = "".join(report_html(model, {}))
    assert 'id="quality"' not in bare
    assert "Not in this artifact: figures of topics on a test side" in bare
    named = re.findall(r'<h2 id="(\w+)"', bare)
    assert named == ["overview", "topics", "latent", "stances"]


def test_where_articles_have_several_topics_each_topic_has_its_row(model, evaluation):
    labels = {f"topic {n}": {"n": n, "precision": 0.5, "recall": 1.0, "f1": 0.67} for n in range(60)}
    bins = [{"probability": 0.5, "right": 0.4, "n": 10}]
    several = {"n": 99, "micro_f1": 0.6, "macro_f1": 0.5, "labels": labels, "reliability": bins}
    markup = "".join(report_html(model, {"test": {"topic": several}}))
    assert "Each topic, the most frequent first" in markup
    assert markup.count('<th scope="row">topic ') == 60
    assert "Reliability" in markup
    assert "a confusion matrix" not in markup


def test_a_report_of_many_pages_stays_small_and_says_what_it_leaves_out(model, evaluation):
    page = page_of("portal-080.txt")
    many = looked(model, *(Page(id=f"p{n}", text=page.text * 8) for n in range(10)))
    markup = "".join(report_html(model, evaluation, many))
    assert len(markup.encode()) < 3_000_000
    left = 10 - len(many.painted)
    assert 0 < left < 10
    assert f"{left} are not painted" in markup
    assert sum(len(p.encode()) for p in many.painted) <= ROOM


def test_terms_are_those_of_relevance_at_every_position(model):
    latent, found = model.latent, latent_data(model.latent, model.vocabulary)
    share = dict(zip(found["words"], found["p"], strict=True))
    columns = [model.vocabulary.terms[int(c)] for c in latent.columns]
    for balance in POSITIONS:
        weights = term_weights(latent, "relevance", balance=balance)
        for k, topic in enumerate(found["topics"]):
            ours = {
                found["words"][w]: balance * np.log(p) + (1 - balance) * np.log(p / share[found["words"][w]])
                for w, p in topic["terms"]
            }
            best = sorted(ours.values(), reverse=True)[: found["bars"]]
            np.testing.assert_allclose(best, np.sort(weights[k])[::-1][: found["bars"]], atol=2e-4)
            assert set(ours) <= set(columns)


def test_distances_and_places_of_known_topics():
    rows = np.array([[1.0, 1.0, 0, 0], [1.0, 1.0, 0, 0], [0, 0, 1.0, 1.0]]) + 1e-9
    found = distances(rows)
    assert found[0, 1] == pytest.approx(0, abs=1e-3)
    assert found[0, 2] == pytest.approx(1, abs=1e-3)
    xy, shown = places(found)
    assert np.hypot(*(xy[0] - xy[2])) == pytest.approx(1, abs=1e-3)
    assert shown == pytest.approx(1, abs=1e-3)


def test_a_thousand_latent_topics_fit():
    rng = np.random.default_rng(1)
    n = 1500
    latent = LatentTopics(
        topic_term=rng.gamma(0.1, size=(1000, n)) + 1e-6, alpha=np.full(1000, 0.1), columns=np.arange(n, dtype=np.int32)
    )
    vocabulary = Vocabulary(terms=tuple(f"term{i:05d}" for i in range(n)), document_frequency=np.ones(n, np.int64), n_documents=n)
    assert len(json.dumps(latent_data(latent, vocabulary))) < 1_500_000


def test_by_command(starter, page, tmp_path, capsys):
    out = tmp_path / "report.html"
    assert run(["report", str(starter), str(page), "--out", str(out), "-q"]) == 0
    assert out.read_text("utf-8").startswith("<!doctype html>")
    assert run(["report", str(starter), "--out", str(out), "-q"]) == 2  # it is there already
    assert "--force" in capsys.readouterr().err
    assert run(["report", str(starter), str(tmp_path / "none.txt"), "--out", str(tmp_path / "other.html"), "-q"]) == 3
    assert not (tmp_path / "other.html").exists()


def test_an_evaluation_that_nobody_wrote_is_refused(model, starter, tmp_path, capsys):
    texts = {"terms.txt": (starter / "terms.txt").read_text("utf-8"), "config.toml": ""}
    for n, text in enumerate(('{"test": {"topic": {"reliability": [1]}}}', "[]", "{")):
        write_artifact(tmp_path / f"a{n}", model.parts(), texts | {EVALUATION: text}, {"name": "a"})
        assert run(["report", str(tmp_path / f"a{n}"), "--out", str(tmp_path / "r.html"), "-q"]) == 5
        assert EVALUATION in capsys.readouterr().err


def test_the_report_loads_nothing_heavy(starter, page, tmp_path):
    call = ["report", str(starter), str(page), "--out", str(tmp_path / "report.html"), "-q"]
    heavy = {"altair", "pandas", "scipy", "sklearn", "rich", "numba", "pydantic"}
    code = f"from topics.cli import run\nassert run({call!r}) == 0\nimport sys\nprint({heavy!r} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
