"""Articles in a file are the articles; a corpus that is kept there trains to the same artifact."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from topics.documents import documents_of
from topics.pages import Hint, Page
from topics.sources import Record, read
from training.config import load_config
from training.corpus import Example
from training.run import train
from training.shards import weigh_on_disk
from training.spool import Spool, Texts

ROOT = Path(__file__).parents[1]


def examples_of(records) -> list[Example]:
    found = [document for record in records for document in documents_of(record)]
    return [Example(document=d, topics=("a",), stances={}, group=d.page.id) for d in found]


@pytest.fixture(scope="module")
def examples(page) -> list[Example]:
    row = Page(id="row", text="Títle\n\nHalf \ud800 a text.", source="Post", published="2024", hints=(Hint("heading", (0, 5)),))
    rows = [
        Record(page=row, kind="article", file="f", title_span=(0, 5)),
        Record(page=Page(id="e", text=""), kind="article", file="f"),
    ]
    return [*examples_of(read([page], on_error=print)), *examples_of(rows)]


def test_what_is_kept_is_what_was_there(examples):
    spool = Spool()
    kept = [spool.keep(example) for example in examples]
    assert len(kept) > 3
    for before, after in zip(examples, kept, strict=True):
        one, other = before.document, after.document
        assert (one.text, one.page, one.article, one.name) == (other.text, other.page, other.article, other.name)
        assert asdict(one) == asdict(other.whole())
        for start, end in ((0, 1), (3, 40)):
            assert one.to_page(start, end) == other.to_page(start, end)
            assert one.inside_one_piece(start, end) == other.inside_one_piece(start, end)
    texts = Texts(kept)
    assert list(texts) == [example.document.text for example in examples]
    assert texts[1:3] == [texts[1], texts[2]]


CONFIG = """
name = "bounded"
[corpus]
train = "rows.jsonl"
[split]
test = 0.3
[classify]
model = "blend"
[lda]
n_topics = 4
iterations = 15
[evaluate]
bootstrap = 10
"""


def test_bounded_memory_makes_the_same_artifact(tmp_path, monkeypatch):
    from training import shards

    rows = map(json.loads, (ROOT / "training" / "starter" / "articles.jsonl").read_text("utf-8").splitlines())
    rows = [{"id": r["id"], "title": r["title"], "text": "\n\n".join(r["paragraphs"]), "topic": r["topic"]} for r in rows]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "c.toml").write_text(CONFIG)
    whole = train(tmp_path / "c.toml", out=tmp_path / "whole")
    monkeypatch.setattr(shards, "PER_CHARACTER", 500)  # several shards of so small a corpus
    monkeypatch.setattr(shards, "RANGE", 50_000)
    cuts = []
    monkeypatch.setattr(shards, "cuts_of", lambda *given, cut=shards.cuts_of: cuts.append(cut(*given)) or cuts[-1])
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    bounded = train(tmp_path / "c.toml", out=tmp_path / "bounded", overrides=["memory=128MB"])
    assert len(cuts[0]) > 3
    assert not list(tmp_path.glob("newstopics-*")), "nothing is left behind"
    assert bounded.digest == whole.digest


def test_weights_on_disk_are_those_in_memory(tmp_path, monkeypatch):
    from training import lda_stream
    from training.settings import TermsSettings, TfidfSettings
    from training.terms import learn_terms
    from training.tfidf import learn_tfidf

    random = np.random.default_rng(1)
    texts = [" ".join(f"w{k}" for k in random.zipf(1.3, 50) % 300) for _ in range(60)]
    vocabulary, counts = learn_terms(texts, TermsSettings())
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    monkeypatch.setattr(lda_stream, "BLOCK", 100)
    assert (weigh_on_disk(tfidf, counts, tmp_path).data == tfidf.weigh(counts).data).all()


def test_a_bound_that_is_no_size_is_refused(tmp_path):
    (tmp_path / "c.toml").write_text('name = "a"\nmemory = "much"\n[corpus]\ntrain = "x"\n')
    with pytest.raises(Exception, match="expected a size such as"):
        load_config(tmp_path / "c.toml")
