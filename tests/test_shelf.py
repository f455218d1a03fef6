"""Articles on a shelf are the articles, and words read once give the terms and sketches of the texts."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import kernels
from topics.sketches import sketches
from topics.tokens import Analysis
from training import stream
from training.config import parse_config
from training.corpus import load_corpus
from training.run import train
from training.settings import CorpusSettings, TermsSettings
from training.shelf import Shelf, facts_of, groups_of, taken, topics_of
from training.spool import Spool, Texts
from training.stream import Stream
from training.stream_terms import learn_words
from training.terms import learn_terms

ROWS = [
    {"id": "a", "title": "Ärger im Rat", "text": "Der Rat\n\nstritt.", "topic": "politics"},
    {
        "id": "b",
        "title": "  ",
        "text": "  Only text. \n",
        "topic": ["sport", "weather"],
        "source": "Post",
        "published": "2024-05-17",
    },
    {"id": 3, "title": " Padded ", "text": "\n Text with space around \n\n", "topic": "sport", "story": "s\0 1"},
    {"id": "d", "title": "A title alone", "text": "", "topic": None, "story": "s1", "stance": "favor", "target": "tax"},
    {"text": "no id, no title", "topic": "sport"},
    {"id": "f", "text": "", "topic": "sport"},
]


@pytest.fixture
def corpora(tmp_path, page):
    """The same rows and a page, in memory and on a shelf."""
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (tmp_path / "page.txt").write_bytes(Path(page).read_bytes())
    how = CorpusSettings(train=["rows.jsonl", "page.txt"], group="story")
    plain = load_corpus(how, tmp_path)
    return plain, load_corpus(how, tmp_path, spool=Spool(), stream=Stream.of(Analysis(ngrams=(1, 1))))


def test_examples_are_what_they_are_in_memory(corpora):
    plain, shelf = (corpus.train for corpus in corpora)
    assert isinstance(shelf, Shelf)
    assert len(shelf) == len(plain) > len(ROWS)
    for one, other in zip(plain, shelf, strict=True):
        left, right = one.document, other.document
        assert (left.text, left.page, left.article, left.name) == (right.text, right.page, right.article, right.name)
        assert (one.topics, dict(one.stances), one.group, one.where) == (
            other.topics,
            dict(other.stances),
            other.group,
            other.where,
        )
    assert corpora[0].digest == corpora[1].digest
    assert list(Texts(shelf)) == [example.document.text for example in plain]
    assert topics_of(shelf) == topics_of(plain)
    assert list(groups_of(shelf)) == list(groups_of(plain))
    assert [facts_of(shelf, i) for i in range(len(shelf))] == [facts_of(plain, i) for i in range(len(plain))]


def test_some_of_a_shelf_are_those(corpora):
    plain, shelf = (corpus.train for corpus in corpora)
    some, others = taken(shelf, [1, 3, 4]), taken(plain, [1, 3, 4])
    assert [e.where for e in some] == [e.where for e in others]
    assert [e.where for e in taken(some, [0, 2])] == [others[0].where, others[2].where]
    assert topics_of(some) == topics_of(others)
    assert Texts(some)[1] == others[1].document.text
    assert some[-1].where == others[-1].where
    assert [e.where for e in some[1:]] == [e.where for e in others[1:]]
    with pytest.raises(IndexError):
        some[3]


TEXTS = st.lists(st.text(max_size=80), max_size=12)


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.data())
def test_words_read_once_give_the_sketches_of_the_texts(texts, data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "CHUNK", 100)
        patch.setattr(stream, "BLOCK", 30)
        words = Stream()
        for text in texts:
            words.add(text)
        assert len(words) == len(texts)
        which = np.array(sorted(data.draw(st.sets(st.integers(0, len(texts) - 1)))) if texts else [], np.int64)
        for rows in (np.arange(len(texts)), which):
            found, expected = words.sketches(rows), sketches([texts[i] for i in rows])
            assert (found[0] == expected[0]).all()
            assert (found[1] == expected[1]).all()
        names = words.table.words()
        assert words._checksums[: len(names)].tolist() == [zlib.crc32(name.encode("utf-8")) for name in names]


SETTINGS = [{}, {"min_df": 1, "max_df": 0.5}, {"stop_words": ["w1", "w2"], "max_terms": 50}, {"stem": "english"}, {"min_df": 0}]


@pytest.mark.parametrize("how", SETTINGS, ids=str)
def test_words_read_once_give_the_terms_of_the_texts(how, tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "CHUNK", 900)
    monkeypatch.setattr(stream, "BLOCK", 200)
    random = np.random.default_rng(3)
    texts = [" ".join(f"W{k}" for k in random.zipf(1.4, 40) % 300) + (" cafés Straße" if i % 3 else "") for i in range(90)] + [
        "",
        "!",
    ]
    texts += ["elections elected electing"] * 3
    words, terms = Stream(), TermsSettings(ngrams=[1, 1], **how)
    for text in texts:
        words.add(text)
    for number, which in enumerate([np.arange(len(texts)), np.arange(3, len(texts), 2)]):
        (tmp_path / str(number)).mkdir()
        one, counts = learn_words(words, which, terms, tmp_path / str(number))
        other, expected = learn_terms([texts[i] for i in which], terms)
        assert (one.terms, one.n_documents) == (other.terms, other.n_documents)
        assert (one.document_frequency == other.document_frequency).all()
        for name in ("indptr", "indices", "data"):
            assert (getattr(counts, name) == getattr(expected, name)).all()
            assert getattr(counts, name).dtype == getattr(expected, name).dtype


@pytest.mark.parametrize("how", [{"chars": (2, 3)}, {"title": True}, {"lowercase": False}, {"strip_accents": True}])
def test_where_terms_are_read_in_another_way_there_is_no_stream(how):
    assert Stream.of(Analysis(**how)) is None


CONFIG = """
name = "bounded"
[corpus]
train = "rows.jsonl"
[split]
test = 0.3
[terms]
ngrams = [1, 1]
[classify]
[lda]
n_topics = 4
iterations = 10
[evaluate]
bootstrap = 10
keep_text = true
"""


def test_a_bounded_run_reads_words_once_and_makes_the_same_artifact(tmp_path):
    """Also with copies, which are left out, and a test side that is set apart."""
    path = Path(__file__).parents[1] / "training" / "starter" / "articles.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()[:150]]
    rows = [{"id": r["id"], "title": r["title"], "text": "\n\n".join(r["paragraphs"]), "topic": r["topic"]} for r in rows]
    rows += [{**row, "id": f"copy {row['id']}"} for row in rows[::10]]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    config = parse_config(CONFIG, "x")
    whole = train(config, base=tmp_path, out=tmp_path / "whole")
    bounded = train(config, base=tmp_path, out=tmp_path / "bounded", overrides=["memory=128MB"])
    assert bounded.digest == whole.digest
    assert json.loads((tmp_path / "bounded" / "manifest.json").read_text())["corpus"]["copies"] > 0
