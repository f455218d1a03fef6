"""Measure the segmenter: gold pages, news pages of the web, layouts left out of training, pages on one line, Choi's set, growth.

usage: python benchmarks/segmentation.py [pages] [web] [layouts] [oneline] [choi] [growth]     (all, without arguments)

Needs the development data beside the checkout (in ../shared, or where NEWSTOPICS_DATA says); a part whose data is
missing says so. Article F1, titles, leak and loss are counted as the gold pages' own script counts them: an article is right
when the intersection over union of its characters with a gold article's is at least 0.9, white space aside.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from topics.segment import Segmenter, segment
from topics.wording import cut_by_wording
from training.layouts import LAYOUTS, lay_out
from training.segment import LearnSettings, fit_segmenter

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared"))
DATA, PAGES = SHARED / "datasets", SHARED / "pages"
GoldPage = tuple[str, str, list[dict]]


def characters(spans: Iterable[Sequence[int]], text: str) -> set[int]:
    return {i for start, end in spans for i in range(start, end) if not text[i].isspace()}


def score(text: str, gold: list[dict], segmenter: Segmenter | None = None) -> Counter[str]:
    """Return the counts of one page."""
    found = segment(text, segmenter=segmenter).articles
    free = set().union(*(characters(a.get("optional_spans", []), text) for a in gold))
    g = [characters(a["body_spans"], text) - free for a in gold]
    p = [characters(a.body_spans, text) - free for a in found]
    pairs = sorted(((len(a & b) / len(a | b), i, j) for i, a in enumerate(g) for j, b in enumerate(p) if a & b), reverse=True)
    count: Counter[str] = Counter(gold=len(g), found=len(p))
    seen_g: set[int] = set()
    seen_p: set[int] = set()
    for overlap, i, j in pairs:
        if i in seen_g or j in seen_p:
            continue
        seen_g.add(i)
        seen_p.add(j)
        count["hits"] += overlap >= 0.9
        span = found[j].title_span
        count["titles"] += gold[i]["title_span"] is None or (span is not None and list(span) == list(gold[i]["title_span"]))
    all_g, all_p = set().union(*g), set().union(*p)
    count.update(gold_chars=len(all_g), found_chars=len(all_p), leak=len(all_p - all_g), lost=len(all_g - all_p))
    return count


def line(name: str, c: Counter[str]) -> str:
    f1 = 2 * c["hits"] / max(1, c["gold"] + c["found"])
    return (
        f"| {name} | {f1:.3f} | {c['titles'] / max(1, c['gold']):.3f} | {c['leak'] / max(1, c['found_chars']):.3f} "
        f"| {c['lost'] / max(1, c['gold_chars']):.3f} | {c['gold']} |"
    )


HEAD = "| pages | article F1 | titles | leak | lost | articles |\n|---|---|---|---|---|---|"


def gold_pages() -> list[GoldPage]:
    """Return (layout, text, gold) of the real and the practice pages."""
    pages = [
        ("real", PAGES / g["page"], g["articles"])
        for f in sorted(PAGES.glob("*.gold.json"))
        for g in [json.loads(f.read_text("utf-8"))]
    ]
    practice = PAGES / "practice"
    if practice.exists():
        pages += [
            (g["layout"], practice / g["page"], g["articles"]) for g in json.loads((practice / "gold.json").read_text("utf-8"))
        ]
    return [(name, path.read_bytes().decode("utf-8"), gold) for name, path, gold in pages]


def web_articles(n: int, seed: int) -> list[dict]:
    """Return real web articles with their paragraphs as they are; never trained on."""
    path = DATA / "article-bias-prediction" / "train.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(row) for row in file]
    random.Random(seed).shuffle(rows)
    out: list[dict] = []
    for row in rows:
        paragraphs = [" ".join(t.split()) for t in row["text"].split("\n") if t.strip()]
        if len(paragraphs) >= 4 and 200 < sum(len(t.split()) for t in paragraphs) < 1500 and row["title"].strip():
            out.append({"title": " ".join(row["title"].split()), "paragraphs": paragraphs})
        if len(out) == n:
            break
    return out


def rendered(articles: list[dict], layout: str, count: int) -> Iterable[GoldPage]:
    for k in range(count):
        rng = random.Random(f"{layout}{k}")
        chosen = rng.sample(articles, rng.randint(2, 6))
        sheet = lay_out(chosen, layout, k + 5000, tidy=True, headlines=[a["title"] for a in rng.sample(articles, 15)])
        yield layout, sheet.text(), sheet.gold


def table(pages: Iterable[GoldPage], segmenter: Segmenter | None = None) -> dict[str, Counter[str]]:
    out: dict[str, Counter[str]] = defaultdict(Counter)
    for name, text, gold in pages:
        out[name] += score(text, gold, segmenter)
    return out


def pages() -> None:
    """Gold pages with the shipped segmenter."""
    found = table(gold_pages())
    if not found:
        print("pages: no gold pages beside the checkout")
        return
    print(HEAD)
    for name in sorted(found):
        print(line(name, found[name]))


#: Sets of web pages flattened to lines: file, label of a line of text, label of a headline, which pages.
#: Every second page of the first set was looked at while the generator was built; the other rows are held out.
WEB: dict[str, tuple[str, int, int | None, slice]] = {
    "l3s-gn1, even pages": ("l3s-gn1/pages.jsonl.gz", 2, 1, slice(0, None, 2)),
    "l3s-gn1, odd pages": ("l3s-gn1/pages.jsonl.gz", 2, 1, slice(1, None, 2)),
    "article-extraction-benchmark": ("article-extraction-benchmark/test.jsonl.gz", 1, None, slice(None)),
    "cleaneval, dev": ("cleaneval/dev.jsonl.gz", 1, None, slice(None)),
}


def web_page(lines: list[str], labels: list[int], text: int, title: int | None) -> Counter[str]:
    """Return the counts of one page: characters of text, articles, whether a headline lies on the headline's line."""
    page = "\n".join(lines)
    found = segment(page).articles
    starts = np.cumsum([0, *(len(row) + 1 for row in lines)])
    spans = [(int(start), int(start) + len(row), label) for start, row, label in zip(starts, lines, labels, strict=False)]
    gold, body = np.zeros(len(page), bool), np.zeros(len(page), bool)
    for low, high, label in spans:
        gold[low:high] = label == text
    for low, high in (span for a in found for span in a.body_spans):
        body[low:high] = True
    both, either = int((gold & body).sum()), int((gold | body).sum())
    heads = [(low, high) for low, high, label in spans if label == title]
    hit = any(a.title_span and any(a.title_span[0] < high and a.title_span[1] > low for low, high in heads) for a in found)
    return Counter(
        pages=1, both=both, gold=int(gold.sum()), body=int(body.sum()), close=both >= 0.9 * either, articles=len(found),
        one=len(found) == 1, heads=bool(heads), hits=bool(heads) and hit,
    )  # fmt: skip


def web() -> None:
    """Real web pages of one article each, with all that stands around it; measured, never learned from."""
    print("| pages | P | R | F | IoU 0.9 | articles a page | one article | headline hit | pages |")
    print("|---" * 9 + "|")
    for name, (file, text, title, which) in WEB.items():
        if not (DATA / file).exists():
            print(f"web: no {file}")
            continue
        with gzip.open(DATA / file, "rt", encoding="utf-8") as rows:
            read = [json.loads(row) for row in rows][which]
        c: Counter[str] = Counter()
        for row in read:
            c.update(web_page(row["lines"], row["labels"], text, title))
        precision, recall = c["both"] / max(1, c["body"]), c["both"] / max(1, c["gold"])
        f = 2 * c["both"] / max(1, c["body"] + c["gold"])
        hit = f"{c['hits'] / c['heads']:.3f}" if c["heads"] else ""
        print(
            f"| {name} | {precision:.3f} | {recall:.3f} | {f:.3f} | {c['close'] / c['pages']:.3f} "
            f"| {c['articles'] / c['pages']:.2f} | {c['one'] / c['pages']:.3f} | {hit} | {c['pages']} |",
            flush=True,
        )


#: Layouts are left out in so many groups: one training serves a group, and is harder than for one layout alone.
GROUPS = 4
#: Fewer pages and epochs than for the shipped segmenter: a third of the time, and a little worse.
LEARN = LearnSettings(pages_per_layout=36, drawn_pages=900, bare_pages=160, epochs=8, epochs_again=7, epochs_across=4)


def layouts() -> None:
    """Each layout with a segmenter that saw neither it nor the others of its group, filled with web articles."""
    articles = web_articles(600, 1)
    if not articles:
        print("layouts: no article-bias-prediction data")
        return
    families = sorted({name.removesuffix("_squeezed") for name in LAYOUTS} - {"drawn", "oneline"})
    found: dict[str, Counter[str]] = {}
    for group in range(GROUPS):
        without = tuple(families[group::GROUPS])
        left_out = fit_segmenter([], replace(LEARN, without=without), seed=13)
        names = [name for name in LAYOUTS if name.removesuffix("_squeezed") in without]
        found |= table((page for each in names for page in rendered(articles, each, 12)), left_out)
        print(f"left out together: {', '.join(without)}", flush=True)
    print(HEAD)
    total: Counter[str] = Counter()
    for name in sorted(found):
        print(line(name, found[name]))
        total += found[name]
    print(line("all", total))
    counts = found.values()
    f1 = np.mean([2 * c["hits"] / max(1, c["gold"] + c["found"]) for c in counts])
    print(f"| mean | {f1:.3f} | {np.mean([c['titles'] / max(1, c['gold']) for c in counts]):.3f} | | | |")


def oneline() -> None:
    """Web articles one after the other on a single line."""
    articles = web_articles(900, 11)
    if not articles:
        print("oneline: no article-bias-prediction data")
        return
    made = []
    for k in range(60):
        rng = random.Random(k + 8000)
        sheet = lay_out(rng.sample(articles, rng.randint(2, 7)), "bare", k + 8000, tidy=True)
        made.append(("one line", sheet.text().replace("\n", " "), sheet.gold))
    print(HEAD)
    for name, count in table(made).items():
        print(line(name, count))


def choi() -> None:
    """Pk and WindowDiff on Choi's documents: parts 1 and 3 by halves (the numbers were chosen on the first), part 4."""
    path = DATA / "choi" / "even.jsonl.gz"
    if not path.exists():
        print("choi: no data")
        return
    from nltk.metrics.segmentation import pk, windowdiff

    with gzip.open(path, "rt", encoding="utf-8") as file:
        documents = [json.loads(row) for row in file]
    chosen_on = {d["id"] for d in [d for d in documents if d["part"] in (1, 3)][::2]}
    results: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for d in documents:
        sizes = [len(s) for s in d["segments"]]
        ends = set(np.cumsum(sizes)[:-1].tolist())
        starts = set(cut_by_wording([s for part in d["segments"] for s in part])[1:])
        n = sum(sizes)
        gold, found = ("".join("1" if i + 1 in cuts else "0" for i in range(n)) for cuts in (ends, starts))
        k = round(n / (2 * len(sizes)))
        pair = pk(gold, found, k), windowdiff(gold, found, k)
        side = "part 4" if d["part"] == 4 else "chosen on" if d["id"] in chosen_on else "held out (parts 1-3)"
        results[side].append(pair)
        if d["part"] != 4:
            results["parts 1-3"].append(pair)
            results[f"parts 1-3, {d['lengths']} sentences"].append(pair)
    print("| Choi | Pk | WindowDiff | documents |\n|---|---|---|---|")
    for name in sorted(results):
        values = np.array(results[name])
        print(f"| {name} | {values[:, 0].mean():.4f} | {values[:, 1].mean():.4f} | {len(values)} |")


def growth() -> None:
    """Seconds for pages of one to sixteen times the length: the ratio of neighbors should stay near 2."""
    found = [text for _, text, _ in gold_pages()] or [
        sheet_text for _, sheet_text, _ in rendered(web_articles(50, 1), "portal", 20)
    ]
    page = "\n\n".join(found)
    print("| characters | seconds | ratio | MB/s |\n|---|---|---|---|")
    last = 0.0
    for times in (1, 2, 4, 8, 16):
        text = page * times
        begun = time.process_time()
        segment(text)
        spent = time.process_time() - begun
        print(f"| {len(text):,} | {spent:.2f} | {spent / last if last else 0:.2f} | {len(text.encode()) / 1e6 / spent:.1f} |")
        last = spent


if __name__ == "__main__":
    parts = {f.__name__: f for f in (pages, web, layouts, oneline, choi, growth)}
    for name in sys.argv[1:] or parts:
        print(f"\n## {name}\n")
        parts[name]()
