"""The test side: new to what was learned, by page, by story, by time, by publisher."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.documents import document_of
from topics.duplicates import near_duplicates
from topics.errors import InputError
from topics.pages import Page
from topics.segment import Article
from training.corpus import Example
from training.settings import SplitSettings
from training.split import grouped, split_corpus

WORDS = np.array([f"word{i}" for i in range(3000)])


def text(seed: int, n: int = 60) -> str:
    return " ".join(np.random.default_rng(seed).choice(WORDS, n))


def example(text: str, group: str, topic: str | None = None, published: str | None = None, source: str | None = None) -> Example:
    article = Article(
        id=group, title="", title_span=None, body_spans=((0, len(text)),), published=published, source=source, why="test"
    )
    document = document_of(Page(id=group, text=text), article, 1)
    return Example(document=document, topics=(topic,) if topic else (), stances={}, group=group)


def corpus(n: int, per_page: int = 5, topics: str = "abcd") -> list[Example]:
    return [example(text(i), f"page{i // per_page}", topics[i % len(topics)]) for i in range(n)]


def changed(original: str, share: float, seed: int = 0) -> str:
    words = original.split()
    for i in np.random.default_rng(seed).choice(len(words), round(len(words) * share), replace=False):
        words[i] = f"new{i}"
    return " ".join(words)


def test_sides_hold_every_example_once_in_order():
    examples = corpus(100)
    train, test = split_corpus(examples, SplitSettings(), 13)
    assert len(train) + len(test) == 100
    places = {id(e): i for i, e in enumerate(examples)}
    for side in (train, test):
        found = [places[id(e)] for e in side]
        assert found == sorted(found)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_the_share_is_kept_within_a_page_or_two(share):
    for seed in range(5):
        _, test = split_corpus(corpus(200), SplitSettings(test=share), seed)
        assert abs(len(test) - 200 * share) <= 10


def test_topics_keep_their_shares():
    examples = [example(text(i), f"p{i}", "rare" if i % 10 == 0 else "common") for i in range(200)]
    _, test = split_corpus(examples, SplitSettings(test=0.25), 3)
    assert Counter(e.topics[0] for e in test) == {"common": 45, "rare": 5}


def test_a_page_is_never_cut_in_two():
    train, test = split_corpus(corpus(120), SplitSettings(), 5)
    assert test
    assert not {e.group for e in train} & {e.group for e in test}


def test_near_duplicates_are_never_on_two_sides():
    examples = [example(changed(text(i % 50), 0.02 * (i // 50), i), f"p{i}", "ab"[i % 2]) for i in range(150)]
    for seed in range(3):
        train, test = split_corpus(examples, SplitSettings(test=0.3), seed)
        assert test
        assert {int(e.group[1:]) % 50 for e in train}.isdisjoint(int(e.group[1:]) % 50 for e in test)


def test_equal_seeds_give_equal_sides_and_others_differ():
    examples = corpus(200)

    def sides(seed):
        return [e.group for e in split_corpus(examples, SplitSettings(), seed)[1]]

    assert sides(1) == sides(1)
    assert sides(1) != sides(2)


@pytest.mark.parametrize("by", ["random", "published"])
def test_one_group_alone_is_for_training(by):
    examples = [example(text(i), "page", "a", "2024-01-01") for i in range(10)]
    assert split_corpus(examples, SplitSettings(by=by), 0) == (examples, [])
    assert split_corpus([], SplitSettings(), 0) == ([], [])


def test_nothing_is_tested_on_where_nothing_is_wanted():
    examples = corpus(20)
    assert split_corpus(examples, SplitSettings(test=0.0), 0) == (examples, [])


def test_by_time_the_newest_are_tested_on():
    examples = [example(text(i), f"p{i}", "a", f"2024-{i % 12 + 1:02d}-10") for i in range(120)]
    examples += [example(text(500 + i), f"q{i}", "a", when) for i, when in enumerate([None, "yesterday", "9 May"])]
    train, test = split_corpus(examples, SplitSettings(by="published", test=0.25), 0)
    assert len(test) in (30, 31)
    known = [e.document.article.published or "" for e in train]
    assert min(e.document.article.published for e in test) >= max(d for d in known if d.startswith("2024"))
    with pytest.raises(InputError, match=r"split\.by is 'published', and no article has a date"):
        split_corpus(corpus(9), SplitSettings(by="published"), 0)


def test_by_source_publishers_are_whole_and_their_copies_not_learned_from():
    examples = [example(text(i), f"p{i}", "a", source=f"paper{i % 10}") for i in range(100)]
    examples += [example(text(i), f"copy{i}", "a", source=f"paper{(i + 1) % 10}") for i in range(10)]
    train, test = split_corpus(examples, SplitSettings(by="source", test=0.2), 0)
    assert len({e.document.article.source for e in test}) == 2
    assert not {e.document.article.source for e in train} & {e.document.article.source for e in test}
    assert not {e.document.text for e in train} & {e.document.text for e in test}
    assert len(train) + len(test) < 110, "copies of what is tested on are left out"
    for sources in ([None] * 4, ["one"] * 4):
        with pytest.raises(InputError, match="do not have two publishers"):
            split_corpus([example(text(i), f"p{i}", source=s) for i, s in enumerate(sources)], SplitSettings(by="source"), 0)


def test_one_large_publisher_does_not_empty_a_side():
    examples = [example(text(i), f"p{i}", "a", source="large" if i < 90 else "small") for i in range(100)]
    for seed in range(4):
        train, test = split_corpus(examples, SplitSettings(by="source", test=0.2), seed)
        assert (len(train), len(test)) == (90, 10)


# Near-duplicates


def exact(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    def triples(t):
        words = t.split()
        return {tuple(words[i : i + 3]) for i in range(len(words) - 2)} if len(words) > 2 else {tuple(words)}

    sets = [triples(t) for t in texts]
    return {(i, j) for j in range(len(texts)) for i in range(j) if len(sets[i] & sets[j]) >= threshold * len(sets[i] | sets[j])}


@pytest.mark.parametrize("threshold", [0.35, 0.7, 0.95, 1.0])
def test_groups_are_those_of_the_exact_comparison(threshold):
    texts = [changed(text(i % 40, 120), 0.015 * (i // 40), i) for i in range(160)]
    examples = [example(t, f"p{i}") for i, t in enumerate(texts)]
    found = grouped(examples, threshold)
    parent = list(range(len(texts)))
    for i, j in sorted(exact(texts, threshold)):
        root = min(parent[i], parent[j])
        parent = [root if p in (parent[i], parent[j]) else p for p in parent]
    assert found == parent


def test_pairs_are_alike_and_equal_texts_all_found():
    texts = [text(1), text(2), text(1), text(1), changed(text(2), 0.01), "", "", "one", "one"]
    pairs = near_duplicates(texts, 0.7)
    assert {(0, 2), (0, 3), (1, 4), (7, 8)} <= set(pairs)
    assert not any(5 in pair or 6 in pair for pair in pairs), "a text without a word has no double"
    assert set(pairs) <= exact(texts, 0.7)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=40), max_size=8), st.floats(0.3, 1.0))
def test_any_texts_can_be_compared(texts, threshold):
    for i, j in near_duplicates(texts, threshold):
        assert 0 <= i < j < len(texts)
