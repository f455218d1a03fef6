"""Cutting by wording alone: known worlds, exact likelihoods, Choi's set."""

from __future__ import annotations

import gzip
import json
import math

import numpy as np
import pytest

from topics.wording import STOP, Wording, cut_by_wording, sentence_spans


def world(*vocabularies, sentences=8, words=7, seed=1):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(list(v), words)) for v in vocabularies for _ in range(sentences)]


SEA = str.split("harbour ferry pier captain sailor tide vessel anchor cargo deck")
MIND = str.split("therapy patient anxiety memory dream sleep neuron cortex trauma brain")
BREAD = str.split("flour oven yeast dough baker crust loaf butter kneading recipe")


def test_disjoint_vocabularies_are_cut_where_they_change():
    assert cut_by_wording(world(SEA, MIND, BREAD)) == [0, 8, 16]


def test_one_vocabulary_is_one_segment():
    assert cut_by_wording(world(SEA, sentences=24)) == [0]


@pytest.mark.parametrize("sentences", [[], ["Alone."], ["", ""], ["the of and", "to in a"]])
def test_edges(sentences):
    assert cut_by_wording(sentences) == [0][: len(sentences)]


def test_a_sentence_that_points_back_opens_no_segment():
    sentences = world(SEA, MIND)
    sentences[8] = "But they " + sentences[8]
    costly = Wording(back=(500.0, 0.0, 0.0))
    assert 8 not in cut_by_wording(sentences, costly)
    assert 8 in cut_by_wording(sentences, Wording(back=(0.0, 0.0, 0.0)))


def test_extra_costs_and_gains_move_the_cut():
    sentences = world(SEA, sentences=20)
    gain = np.zeros(20)
    gain[10] = -200
    assert cut_by_wording(sentences, extra=gain) == [0, 10]


def test_the_cut_is_the_best_of_all_cuts():
    """Against the Dirichlet-multinomial likelihood written out, over every possible cut."""
    sentences = world(SEA, MIND, sentences=5, words=4, seed=3)
    model = Wording(short=(), back=(0.0, 0.0, 0.0), stems=(6,))
    bags = [[w[:6] for w in s.split() if w not in STOP] for s in sentences]
    vocabulary = len({w for b in bags for w in b})
    price = model.penalty * math.log(sum(map(len, bags)))

    def value(cut):
        total = 0.0
        for low, high in zip(cut, [*cut[1:], len(bags)], strict=True):
            words = [w for b in bags[low:high] for w in b]
            size = model.alpha * vocabulary
            total += math.lgamma(size) - math.lgamma(size + len(words)) - price
            total += sum(math.lgamma(model.alpha + words.count(w)) - math.lgamma(model.alpha) for w in set(words))
        return total

    cuts = [[0, *(k for k in range(1, 10) if mask >> (k - 1) & 1)] for mask in range(2**9)]
    assert cut_by_wording(sentences, model) == max(cuts, key=value)


def test_sentences_end_where_sentences_end():
    text = "Mr. Smith of the U.S. Senate said: “It is over.” He left at 5 p.m. on Friday! Did J. K. stay? Yes."
    assert [text[a:b] for a, b in sentence_spans(text)] == [
        "Mr. Smith of the U.S. Senate said: “It is over.”",
        "He left at 5 p.m. on Friday!",
        "Did J. K. stay?",
        "Yes.",
    ]
    assert sentence_spans("") == []
    assert sentence_spans("no end") == [(0, 6)]


def test_choi_keeps_its_floor(datasets):
    from nltk.metrics.segmentation import pk, windowdiff

    with gzip.open(datasets / "choi" / "even.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = [d for d in map(json.loads, file) if d["part"] in (1, 2, 3)][::4]
    scores = []
    for d in documents:
        sizes = [len(s) for s in d["segments"]]
        ends = set(np.cumsum(sizes)[:-1].tolist())
        found = set(cut_by_wording([s for part in d["segments"] for s in part])[1:])
        gold, ours = ("".join("1" if i + 1 in cuts else "0" for i in range(sum(sizes))) for cuts in (ends, found))
        k = round(sum(sizes) / (2 * len(sizes)))
        scores.append((pk(gold, ours, k), windowdiff(gold, ours, k)))
    p, w = np.mean(scores, axis=0)
    assert p <= 0.095
    assert w <= 0.1
