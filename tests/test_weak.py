"""Weak labels: seeds, their forms and worth, naive Bayes refined on all articles, and a whole run without a label."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import numpy as np
import pytest

from topics.errors import ConfigError, InputError
from topics.tokens import Analysis
from training import train
from training.classify import learn_classifier
from training.settings import ClassifySettings, TermsSettings, TfidfSettings
from training.terms import learn_terms
from training.tfidf import learn_tfidf
from training.weak import learn_weak, soften
from training.weak_seeds import count_seeds, halves, iptc, plurals, read_seeds, seeds_of

#: Each world's words never occur in the other; only every third article has a seed.
WORLDS = {"sea": ["boat", "tide", "harbor", "sail", "anchor", "gull"], "farm": ["plough", "cow", "barn", "wheat", "fence", "hen"]}
SEEDS = {"sea": ["boat"], "farm": ["plough"]}


def articles(n: int = 120) -> tuple[list[str], list[str]]:
    random = np.random.default_rng(3)
    texts, truth = [], []
    for i in range(n):
        topic = ("sea", "farm")[i % 2]
        words = [WORLDS[topic][0]] if i % 6 < 2 else []
        words += [WORLDS[topic][j] for j in random.integers(1, 6, size=5)]
        texts.append(" ".join(words))
        truth.append(topic)
    return texts, truth


def weak(texts, topics=None, seeds=SEEDS, seed=13):
    vocabulary, counts = learn_terms(texts, TermsSettings())
    return learn_weak(texts, counts, vocabulary, Analysis(), topics or [()] * len(texts), seeds, seed)


def test_the_taxonomy_has_a_hundred_terms_and_more_for_each_of_the_17_topics_of_the_gold():
    gold = {a["topic"] for line in _starter("gold.jsonl") for a in line["articles"]}
    assert set(iptc()) == gold
    assert len(gold) == 17
    for topic, seeds in iptc().items():
        assert len(seeds) == len(set(seeds)) >= 130, topic
        assert all(seed == seed.strip().lower() and 1 <= len(seed.split()) <= 3 for seed in seeds)
    assert len(read_seeds(iptc(), Analysis()).forms) > 3000  # every seed can be read


def test_no_term_of_the_taxonomy_stands_for_two_topics():
    tally = Counter(seed for seeds in iptc().values() for seed in seeds)
    assert not [seed for seed, n in tally.items() if n > 1]


def _starter(name):
    from training.layouts import STARTER

    return [json.loads(line) for line in (STARTER / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("seed", "forms"),
    [("goal", ("goal", "goals")), ("party", ("party", "parties")), ("play", ("play", "plays")), ("news", ("news",)),
     ("press box", ("press box", "press boxes")), ("coach", ("coach", "coaches"))],
)  # fmt: skip
def test_a_seed_counts_in_its_plural(seed, forms):
    assert plurals(seed) == forms


def test_seeds_and_taxonomy_come_together():
    assert seeds_of(ClassifySettings()) == {}
    assert set(seeds_of(ClassifySettings(taxonomy="iptc"))) == set(iptc())
    added = seeds_of(ClassifySettings(taxonomy="iptc", seeds={"sport": ["petanque"], "chess": ["gambit"]}))
    assert added["sport"] == (*iptc()["sport"], "petanque")
    assert added["chess"] == ("gambit",)
    mapped = seeds_of(ClassifySettings(seeds={"Sports": ["iptc:sport", "petanque"]}))
    assert mapped == {"Sports": (*iptc()["sport"], "petanque")}


def test_what_cannot_be_a_seed_is_said_all_at_once():
    with pytest.raises(ConfigError, match="did you mean 'sport'"):
        seeds_of(ClassifySettings(seeds={"Sports": ["iptc:sports"]}))
    with pytest.raises(ConfigError, match="multi_label"):
        seeds_of(ClassifySettings(seeds=SEEDS, multi_label=True))
    with pytest.raises(ConfigError) as error:
        read_seeds({"a": ["one two three four", "x"], "b": []}, Analysis())
    assert len(error.value.problems) == 3


def test_seeds_are_counted_as_phrases_and_words_whatever_the_vocabulary():
    seeds = read_seeds({"a": ["World Cup", "cup"]}, Analysis())
    assert seeds.forms == ("cup", "cups", "world cup", "world cups")
    counts = count_seeds(["The World Cup, and cups", "nothing here", ""], seeds, Analysis())
    assert [dict(zip(*map(list, counts.row(i)), strict=True)) for i in range(3)] == [{0: 1, 1: 1, 2: 1}, {}, {}]


def test_halves_cut_every_topic_and_keep_plurals_together():
    seeds = read_seeds({"a": ["goal", "match", "cup", "team"], "b": ["war"]}, Analysis())
    for left, right in zip(*[iter(halves(seeds, 3, 7))] * 2, strict=True):
        forms = [{seeds.forms[i] for i in side} for side in (left, right)]
        assert forms[0] | forms[1] == set(seeds.forms)
        assert forms[0] & forms[1] == {"war", "wars"}  # a topic's only seed
        assert all(("goal" in side) == ("goals" in side) for side in forms)
        assert len(forms[0]) == len(forms[1])


def test_two_worlds_are_found_from_one_word_each():
    texts, truth = articles()
    found, report = weak(texts)
    assert [row[0] for row in found.topics] == truth
    assert report["with_seed"] == 40
    assert report["topics"] == {"farm": 60, "sea": 60}


def test_an_article_without_any_evidence_gets_no_label():
    texts, _ = articles()
    found, report = weak([*texts, "", "zebra"])
    assert found.topics[-2:] == [(), ()]
    assert report["without_evidence"] == 2


def test_given_labels_are_kept_and_teach():
    texts, truth = articles()
    # A third world without seeds, known from three labeled articles alone.
    texts += ["steel press lathe bolt"] * 20
    topics = [()] * len(texts)
    topics[-3:] = [("works",)] * 3
    topics[0] = ("farm",)  # against its own words
    found, report = weak(texts, topics)
    assert found.labels == ("farm", "sea", "works")
    assert found.topics[0] == ("farm",)
    assert found.topics[-20:] == [("works",)] * 20
    assert [row[0] for row in found.topics[1:120]] == truth[1:]
    assert report["labeled"] == 4
    assert report["right_without_labels"] == 0.0


def test_a_seed_that_its_articles_contradict_is_weeded_out():
    texts, truth = articles()
    wrong = {"sea": ["boat", "harbor", "wheat"], "farm": ["plough", "barn", "cow"]}  # wheat is no word of the sea
    found, _ = weak(texts, seeds=wrong)
    assert [row[0] for row in found.topics] == truth


def test_same_articles_same_labels_whatever_the_order_of_seeds():
    texts, _ = articles()
    one, _ = weak(texts, seeds={"sea": ["boat", "tide"], "farm": ["plough", "cow"]})
    two, _ = weak(texts, seeds={"farm": ["cow", "plough"], "sea": ["tide", "boat"]})
    assert one.topics == two.topics
    assert one.sure.tobytes() == two.sure.tobytes()


def test_seeds_in_no_article_are_refused():
    with pytest.raises(InputError, match="none of 2 articles"):
        weak(["rien du tout", "rien de rien"])


def test_probabilities_allow_for_wrong_labels():
    texts, truth = articles()
    texts[:12] = [" ".join(word for world in WORLDS.values() for word in world)] * 12  # what cannot be told apart
    vocabulary, counts = learn_terms(texts, TermsSettings())
    weights = learn_tfidf(vocabulary, TfidfSettings()).weigh(counts)
    groups = [str(i) for i in range(len(texts))]
    classifier, report = learn_classifier(weights, [(t,) for t in truth], ClassifySettings(), groups, 13)
    bins = report["held_out"]["reliability"]
    scores = classifier.score_rows(weights)
    before = classifier.probabilities(scores)
    after = soften(classifier, np.full(len(texts), 0.8), bins).probabilities(scores)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert 0.5 < after.max(axis=1).mean() < before.max(axis=1).mean()
    same = soften(classifier, np.ones(len(texts)), bins).probabilities(scores)
    assert np.allclose(same, before, atol=1e-6)


def test_seeds_that_cannot_be_used_are_refused_before_anything_is_read(tmp_path):
    (tmp_path / "c.toml").write_text(
        'name = "w"\n[corpus]\ntrain = "none.jsonl"\n[classify]\nseeds = { a = ["iptc:sports"], b = ["b"] }\n', "utf-8"
    )
    with pytest.raises(ConfigError, match=r"c\.toml cannot be run:\n.*did you mean 'sport'"):
        train(tmp_path / "c.toml", out=tmp_path / "w")


def test_a_run_without_a_label(tmp_path):
    rows = [{"id": r["id"], "title": r["title"], "text": "\n\n".join(r["paragraphs"])} for r in _starter("articles.jsonl")]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "c.toml").write_text('name = "w"\n[corpus]\ntrain = "a.jsonl"\n[classify]\ntaxonomy = "iptc"\n', "utf-8")
    result = train(tmp_path / "c.toml", out=tmp_path / "w")
    again = train(tmp_path / "c.toml", out=tmp_path / "again")
    assert result.digest == again.digest
    manifest = json.loads((tmp_path / "w" / "manifest.json").read_text("utf-8"))
    assert sum(manifest["weak_labels"].values()) == len(rows)
    truth = {r["id"]: r["topic"] for r in _starter("articles.jsonl")}
    said = [result.model.predict(f"{row['title']}\n\n{row['text']}") for row in rows[:60]]
    right = [bool(labeled) and labeled[0].topic.label == truth[row["id"]] for labeled, row in zip(said, rows, strict=False)]
    assert np.mean(right) > 0.7


@pytest.mark.parametrize(("name", "file"), [("bbc-news", "train")])
def test_news_of_five_topics_without_a_label(datasets, name, file):
    with gzip.open(datasets / name / f"{file}.jsonl.gz", "rt") as stream:
        rows = [json.loads(line) for line in stream][:600]
    names = {"business": "economy, business and finance", "entertainment": "arts, culture, entertainment and media",
             "politics": "politics", "sport": "sport", "tech": "science and technology"}  # fmt: skip
    given = seeds_of(ClassifySettings(seeds={label: [f"iptc:{topic}"] for label, topic in names.items()}))
    found, _ = weak([f"{r['title']}\n\n{r['text']}" for r in rows], seeds=given)
    assert np.mean([row == (r["topic"],) for row, r in zip(found.topics, rows, strict=True)]) > 0.93
