"""The starter corpus keeps its promises: how much there is of what, that nothing repeats, that the gold is true."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict

import pytest
from conftest import PAGES, ROOT

STARTER = ROOT / "training" / "starter"
TARGETS = {
    "military aid to Ukraine",
    "ceasefire in Gaza",
    "immigration limits",
    "net-zero climate policy",
    "Scottish independence",
    "Donald Trump",
}
#: IPTC Media Topics, top level, by their English names.
TOPICS = {
    "arts, culture, entertainment and media",
    "conflict, war and peace",
    "crime, law and justice",
    "disaster, accident and emergency incident",
    "economy, business and finance",
    "education",
    "environment",
    "health",
    "human interest",
    "labour",
    "lifestyle and leisure",
    "politics",
    "religion",
    "science and technology",
    "society",
    "sport",
    "weather",
}


@pytest.fixture(scope="module")
def articles() -> list[dict]:
    return [json.loads(line) for line in (STARTER / "articles.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def gold() -> list[dict]:
    return [json.loads(line) for line in (STARTER / "gold.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def pages(gold) -> dict[str, str]:
    return {page["page"]: (STARTER / "pages" / page["page"]).read_bytes().decode("utf-8") for page in gold}


def body(article: dict) -> str:
    return "\n\n".join(article["paragraphs"])


def sentences(text: str) -> list[str]:
    """Return what stands between full stops, four words or more: less is a dateline ("TAMPA, Fla.") or an initial."""
    found = (re.findall(r"\w+", s.lower()) for s in re.split(r"(?<=[.!?])[\"”’']?\s+", text))
    return [" ".join(words) for words in found if len(words) >= 4]


def test_there_are_enough_articles_of_the_right_length(articles):
    assert len(articles) >= 340
    assert len({a["id"] for a in articles}) == len(articles)
    assert len({a["title"] for a in articles}) == len(articles)
    lengths = {a["id"]: len(body(a).split()) for a in articles}
    assert {i: n for i, n in lengths.items() if not 90 <= n <= 200} == {}


def test_every_topic_has_at_least_eighteen(articles):
    counts = Counter(a["topic"] for a in articles)
    assert set(counts) == TOPICS
    assert min(counts.values()) >= 18


def test_topics_are_named_as_iptc_names_them(datasets):
    names = set()
    for path in sorted((datasets / "iptc-media-topics").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            names |= {row["title"] for row in map(json.loads, file) if row.get("level") == 1 and not row.get("retired")}
    assert names
    assert names >= TOPICS


def test_every_target_has_fifteen_of_each_side(articles):
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        for target, label in article.get("stances", {}).items():
            counts[target][label] += 1
    assert set(counts) >= TARGETS
    for target in TARGETS:
        assert set(counts[target]) == {"favor", "against", "none"}
        assert min(counts[target].values()) >= 15, target
    assert sum(not a.get("stances") for a in articles) > 100, "articles that take no side at all"


def test_two_articles_share_no_sentence(articles):
    seen: dict[str, str] = {}
    for article in articles:
        for sentence in set(sentences(body(article))):
            assert sentence not in seen, (sentence, seen[sentence], article["id"])
            seen[sentence] = article["id"]


def test_two_articles_share_hardly_a_run_of_five_words(articles):
    """A template filled in twice shares dozens; two writers' articles share a set phrase now and then."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    size = []
    for i, article in enumerate(articles):
        words = re.findall(r"\w+", body(article).lower())
        runs = {tuple(words[k : k + 5]) for k in range(len(words) - 4)}
        size.append(len(runs))
        for run in runs:
            where[run].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for found in where.values():
        shared.update((i, j) for i in found for j in found if i < j)
    worst = max(shared.items(), key=lambda item: item[1] / min(size[item[0][0]], size[item[0][1]]))
    (i, j), n = worst
    assert n / min(size[i], size[j]) < 0.1, (articles[i]["title"], articles[j]["title"], n)


def test_there_are_enough_pages_in_enough_layouts(gold):
    assert len(gold) >= 80
    assert len({page["layout"] for page in gold}) >= 8
    assert min(len(page["articles"]) for page in gold) >= 2


def test_pages_are_split_whole(gold):
    files = {str(p.relative_to(PAGES)) for p in PAGES.rglob("*.txt")}
    assert files == {page["page"] for page in gold}
    for page in gold:
        assert page["page"].split("/")[0] == page["split"]
    sides = Counter(page["split"] for page in gold for _ in page["articles"])
    assert 0.15 < sides["test"] / sum(sides.values()) < 0.35
    ids = [a["id"] for page in gold for a in page["articles"]]
    assert len(ids) == len(set(ids)), "no article on two pages"
    for side in ("train", "test"):
        assert {a["topic"] for page in gold if page["split"] == side for a in page["articles"]} == TOPICS


def plain(text: str) -> str:
    """Marks of a layout taken off: emphasis, quotation signs, numbers of list items, white space."""
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def test_gold_spans_reproduce_titles_and_paragraphs(gold, pages, articles):
    by_id = {a["id"]: a for a in articles}
    checked = 0
    for page in gold:
        text, last = pages[page["page"]], 0
        for found in page["articles"]:
            written = by_id[found["id"]]
            assert found["topic"] == written["topic"]
            assert found["stances"] == written.get("stances", {})
            assert found["title"] == written["title"] or plain(found["title"]) == plain(written["title"])
            if found["title_span"]:
                assert plain(text[slice(*found["title_span"])]) == plain(written["title"])
            spans = found["body_spans"]
            assert spans == sorted(spans)
            assert all(last <= start < end for start, end in spans)
            assert plain(" ".join(text[a:b] for a, b in spans)) == plain(" ".join(written["paragraphs"])), found["id"]
            last = spans[-1][1]
            checked += 1
    assert checked == len({a["id"] for page in gold for a in page["articles"]})


def test_pages_hold_what_surrounds_articles(gold, pages):
    """Menus, captions, share bars, related headlines: a tenth of the characters at least, on most pages."""
    shares = []
    for page in gold:
        inside = sum(b - a for found in page["articles"] for a, b in found["body_spans"])
        shares.append(1 - inside / len(pages[page["page"]]))
    assert sorted(shares)[len(shares) // 2] > 0.1
