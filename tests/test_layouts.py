"""Generated pages: gold that is true to the letter, the same bytes each time, the starter corpus composed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict

import pytest

from training.layouts import LAYOUTS, STARTER, compose_starter, lay_out, read_articles, render


def fold(text):
    return " ".join(text.split())


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_gold_spans_hold_the_articles_they_name(layout):
    articles = read_articles()[10:16]
    for seed in range(3):
        text, gold = render(articles, layout, seed)
        found = {g["id"]: fold(" ".join(text[a:b] for a, b in g["body_spans"])) for g in gold}
        assert found, "a page has articles"
        for g in gold:
            if g["title_span"]:
                assert fold(text[slice(*g["title_span"])]) == fold(g["title"])
        if layout == "web":  # the other articles are blurbs
            assert set(found) < {a["id"] for a in articles}
            assert all(len(text) > 200 for text in found.values())
        elif layout == "items":  # their beginnings
            full = {a["id"]: fold(" ".join(a["paragraphs"])) for a in articles}
            assert all(full[k].startswith(text) and text for k, text in found.items())
        elif layout not in ("letters", "live"):  # these run several articles into one
            assert found == {a["id"]: fold(" ".join(a["paragraphs"])) for a in articles}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_page_is_a_function_of_articles_layout_and_seed(layout):
    articles = read_articles()[:6]
    assert render(articles, layout, 4) == render(articles, layout, 4)
    assert lay_out(articles, layout, 4, merge=2).text() == lay_out(articles, layout, 4, merge=2).text()


def test_roles_lie_in_order_inside_the_page():
    for layout in LAYOUTS:
        sheet = lay_out(read_articles()[20:26], layout, 2, merge=2)
        assert all(a[1] <= b[0] for a, b in zip(sheet.spans, sheet.spans[1:], strict=False))
        assert sheet.spans[-1][1] <= len(sheet.text())


def test_layouts_differ():
    articles = read_articles()[:5]
    pages = {name: render(articles, name, 1)[0] for name in LAYOUTS}
    assert len(set(pages.values())) == len(pages) >= 30


@pytest.fixture(scope="module")
def starter():
    return compose_starter(read_articles(), seed=13)


def test_the_starter_pages_are_composed_anew_to_the_byte(starter):
    shipped = [json.loads(line) for line in (STARTER / "gold.jsonl").read_text("utf-8").splitlines()]
    made = [{"page": p.name, "layout": p.layout, "split": p.split, "articles": p.articles} for p in starter]
    assert made == shipped
    assert {p.relative_to(STARTER / "pages").as_posix() for p in (STARTER / "pages").rglob("*.txt")} == {p.name for p in starter}
    for page in starter:
        assert (STARTER / "pages" / page.name).read_bytes() == page.text.encode("utf-8")


def test_each_article_is_on_exactly_one_page(starter):
    ids = [a["id"] for p in starter for a in p.articles]
    assert sorted(ids) == sorted(a["id"] for a in read_articles())
    assert len(starter) >= 90
    assert len({p.layout for p in starter}) >= 10
    assert all(4 <= len(p.articles) <= 9 for p in starter)


def test_every_topic_and_stance_is_on_both_sides(starter):
    sides = defaultdict(set)
    for p in starter:
        for a in p.articles:
            sides[a["topic"]].add(p.split)
            for pair in a["stances"].items():
                sides[pair].add(p.split)
    assert all(found == {"train", "test"} for found in sides.values())
    split = Counter(p.split for p in starter)
    assert 0.15 <= split["test"] / len(starter) <= 0.35
    assert sum(len({a["topic"] for a in p.articles}) > 1 for p in starter) > 0.9 * len(starter)
