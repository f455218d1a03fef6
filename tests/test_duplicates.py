"""Copies among many articles: the same ones, whatever reads the text and in whatever batches."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import duplicates, kernels
from topics.copies import Copies, sketched
from topics.duplicates import DuplicateIndex, near_duplicates
from topics.sketches import SIZE, estimate, similarity, sketches

WORDS = np.array([f"word{i}" for i in range(5000)])


def text(seed: int, n: int = 200) -> str:
    return " ".join(np.random.default_rng(seed).choice(WORDS, n))


def edited(original: str, share: float, seed: int) -> str:
    words = original.split()
    for i in np.random.default_rng(seed).choice(len(words), round(len(words) * share), replace=False):
        words[i] = f"other{seed}x{i}"
    return " ".join(words)


def firsts(texts: list[str], threshold: float, **how) -> list[int]:
    index = DuplicateIndex(threshold, **how)
    found, filled = sketches(texts)
    for sketch, has_words in zip(found, filled, strict=True):
        index.add(sketch, filled=bool(has_words))
    return [index.first(i) for i in range(len(index))]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_sketches_are_the_same_by_the_kernels_and_without(texts):
    plain = sketches(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "WORTH", 0)
        patch.setattr(kernels, "CHUNK", 50)
        compiled = sketches(texts)
    assert (plain[0] == compiled[0]).all()
    assert (plain[1] == compiled[1]).all()


def test_a_sketch_depends_on_its_text_alone():
    texts = [text(1), "", "two words", text(2), "Straße İstanbul Σίσυφος, one \ud800 two", "one"]
    together = sketches(texts)[0]
    assert all((sketches([t])[0] == row).all() for t, row in zip(texts, together, strict=True))
    assert sketches(texts)[1].tolist() == [True, False, True, True, True, True]
    assert sketches([])[0].shape == (0, SIZE)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_estimates_are_near_the_similarity(share):
    errors = []
    for seed in range(60):
        one, other = text(seed), edited(text(seed), share, seed)
        a, b = sketches([one, other])[0]
        errors.append(estimate(a, b[None])[0] - similarity(one, other))
    assert abs(np.mean(errors)) < 0.02, "no bias: its standard error is 0.006"
    assert np.std(errors) < 0.08


def test_similarity_is_that_of_sets_of_triples():
    assert similarity("a1 b1 c1 d1", "a1 b1 c1 x1") == pytest.approx(1 / 3)
    assert similarity("a1 b1 c1 a1 b1 c1", "a1 b1 c1 a1 b1 c1 a1 b1 c1") == 1.0
    assert similarity("one two", "One, two!") == 1.0
    assert similarity("", "") == 0.0


def test_planted_copies_are_found_and_others_are_not():
    originals = [text(i) for i in range(300)]
    copies = [edited(originals[i], 0.05, 1000 + i) for i in range(0, 300, 3)]
    found = firsts(originals + copies, 0.5)
    assert found[:300] == list(range(300))
    assert found[300:] == list(range(0, 300, 3))


def test_a_copy_of_a_copy_belongs_to_the_first_and_a_later_one_can_join_two():
    one, three = text(1, 100), text(2, 100)
    two = edited(one, 0.06, 5)
    both = f"{one} {three}"
    assert firsts([one, two, edited(two, 0.06, 6)], 0.5) == [0, 0, 0]
    index = DuplicateIndex(0.4)
    rows = sketches([one, three, both])[0]
    assert [index.add(row) for row in rows] == [[], [], [0, 1]]
    assert [index.first(i) for i in range(3)] == [0, 0, 0]


def test_empty_articles_are_copies_of_nothing():
    assert firsts(["", " ... ", "", text(1), text(1)], 0.5) == [0, 1, 2, 3, 3]


def test_tables_find_what_dictionaries_find(monkeypatch, tmp_path):
    """Also where they begin in the middle, grow, and lie in files."""
    texts = [edited(text(i % 70, 60), 0.03 * (i // 70), i) for i in range(420)]
    plain = {t: firsts(texts, t) for t in (0.4, 0.6, 0.9)}
    assert len(set(plain[0.6])) > 70, "some copies are too far from the first"
    monkeypatch.setattr(duplicates, "WORTH", 50)
    monkeypatch.setattr(duplicates, "LARGE", 1)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert {t: firsts(texts, t) for t in plain} == plain
    found, filled = sketches([*texts, "", *texts[:5]])
    for threshold, expected in plain.items():
        index = DuplicateIndex(threshold)
        pairs = index.add_all(found[:100], filled[:100]) + index.add_all(found[100:], filled[100:])
        assert [index.first(i) for i in range(420)] == expected
        alone = DuplicateIndex(threshold)
        assert pairs == [(j, i) for i in range(426) for j in alone.add(found[i], filled=bool(filled[i]))]
    assert not list(tmp_path.rglob("bands*")), "nothing is left behind"


def test_a_thousand_equal_articles_stand_in_a_bucket_once(monkeypatch):
    monkeypatch.setattr(duplicates, "WORTH_LOADED", duplicates.WORTH)
    index = DuplicateIndex(0.7)
    (row,) = sketches([text(3)])[0]
    for _ in range(1000):
        index.add(row)
    assert {index.first(i) for i in range(1000)} == {0}
    assert all(len(members) == 1 for band in index._stands.bands for members in band.values())


def test_exact_comparison_decides_where_texts_are_at_hand():
    texts = [text(1, 100), edited(text(1, 100), 0.1, 2)]
    assert near_duplicates(texts, similarity(*texts)) == [(0, 1)]
    assert near_duplicates(texts, similarity(*texts) + 0.001) == []


# In the rows of a stream


def rows_of(texts: list[str]) -> list[dict]:
    return [{"page": f"päge{i}", "article": i, "duplicate_of": s} for i, s in enumerate(sketched(texts))]


def test_a_row_names_the_first_article_it_is_a_copy_of():
    texts = [text(1), "", text(2), edited(text(1), 0.05, 1), "", text(3), edited(text(2), 0.05, 2), text(1)]
    found = list(Copies(0.5).name(rows_of(texts)))
    assert [row["duplicate_of"] and row["duplicate_of"]["article"] for row in found] == [None, None, None, 0, None, None, 2, 0]
    assert found[3] == {"page": "päge3", "article": 3, "duplicate_of": {"page": "päge0", "article": 0}}


def test_rows_do_not_hang_on_how_the_stream_is_cut():
    rows = rows_of([edited(text(i % 20, 80), 0.02 * (i // 20), i) for i in range(100)])
    copies = Copies(0.6)
    in_parts = [row for low in range(0, 100, 7) for row in copies.name(rows[low : low + 7])]
    assert in_parts == list(Copies(0.6).name(rows))


def test_commands_name_copies_on_request(tmp_path, starter, capsys):
    from topics.cli import run

    path = tmp_path / "rows.jsonl"
    texts = [text(1), text(2), edited(text(1), 0.1, 1)]
    path.write_text("".join(json.dumps({"id": f"row{i}", "text": t}) + "\n" for i, t in enumerate(texts)))
    for argv in (["segment", str(path)], ["predict", str(starter), str(path)]):
        assert run([*argv, "--format", "jsonl", "--duplicates", "0.5"]) == 0
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [row["duplicate_of"] for row in rows] == [None, None, {"page": "row0", "article": "row0"}]
        assert run([*argv, "--format", "jsonl"]) == 0
        assert "duplicate_of" not in capsys.readouterr().out
        assert run([*argv, "--duplicates", "0.1"]) == 2
        capsys.readouterr()
