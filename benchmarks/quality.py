"""Scores that must not fall: measured anew and held against benchmarks/floors.json.

    python benchmarks/quality.py [DATA]            exit code 1 when a score is under its floor
    python benchmarks/quality.py [DATA] --raise    raise floors to what was measured
    python benchmarks/quality.py [DATA] --lower    write what was measured, lower or not: say why in the commit

DATA is a folder with `datasets/` and `pages/`. Each floor names the digest of the data it was measured on; other data
is measured and shown, and fails nothing. What lies nowhere is skipped, saying so.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import classify
import starter as carried
from stance import evidence_share

from topics import Page, segment
from topics.loading import load
from training import train
from training.config import load_config

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
#: Measured scores may be this much under a floor: another processor may break a tie another way.
SLACK = 0.003


def digest(*paths: Path) -> str:
    """Return a digest of the contents of files, in order."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()[:16]


def segmentation(pages: Path) -> Iterator[tuple[str, str, float]]:
    """Article F1 and share of exact titles on pages with gold spans: the two real ones, then each practice layout."""
    golds = [json.loads(path.read_text("utf-8")) for path in sorted(pages.glob("*.gold.json"))]
    yield from _cut(pages, golds, "real pages")
    practice = json.loads((pages / "practice" / "gold.json").read_text("utf-8"))
    for layout in sorted({page["layout"] for page in practice}):
        yield from _cut(pages / "practice", [page for page in practice if page["layout"] == layout], f"practice pages, {layout}")


def _cut(folder: Path, golds: list[dict], name: str) -> Iterator[tuple[str, str, float]]:
    gold_n = found_n = hits = titles = 0
    for gold in golds:
        text = (folder / gold["page"]).read_bytes().decode("utf-8")
        found = segment(Page(id=gold["page"], text=text)).articles
        gold_n, found_n = gold_n + len(gold["articles"]), found_n + len(found)
        optional = set().union(*(_characters(a["optional_spans"], text) for a in gold["articles"]))
        bodies = [_characters(a["body_spans"], text) - optional for a in gold["articles"]]
        for article in found:
            body = _characters(article.body_spans, text) - optional
            best = max(range(len(bodies)), key=lambda i: len(bodies[i] & body), default=None)
            if best is not None and bodies[best] & body:
                hits += len(bodies[best] & body) >= 0.9 * len(bodies[best] | body)
                title = gold["articles"][best]["title_span"]
                titles += title is None or article.title_span == tuple(title)
    data = digest(*(folder / gold["page"] for gold in golds))
    yield f"segment: article F1, {name}", data, 2 * hits / (gold_n + found_n)
    yield f"segment: titles, {name}", data, min(1.0, titles / gold_n)


def _characters(spans: list, text: str) -> set[int]:
    return {i for start, end in spans for i in range(start, end) if not text[i].isspace()}


def starter_model(datasets: Path | None) -> Iterator[tuple[str, str, float]]:
    """The starter model on its own test pages, and on public sets it has never seen."""
    root = HERE.parent
    with tempfile.TemporaryDirectory() as folder:
        result = train(root / "configs" / "starter.toml", out=Path(folder) / "starter")
        own = digest(root / "training" / "starter" / "gold.jsonl")
        for room in ("topic", "stance"):
            yield f"starter: {room} accuracy, own test pages", own, result.evaluation[room]["accuracy"]["value"]
        yield (
            "starter: stances less probable without their evidence",
            own,
            evidence_share(result.path, root / "configs" / "starter.toml"),
        )
        if datasets is not None:
            for name, (file, *_) in carried.SETS.items():
                yield (
                    f"starter: topic accuracy, {name}",
                    digest(datasets / file),
                    carried.score(load(result.path), datasets, name)[0],
                )


#: Sets with a test side whose topics are learned in seconds; the others: benchmarks/classify.py.
TOPIC_SETS = ("reuters-r8", "reuters-r52", "ag-news")


def topic_sets(datasets: Path) -> Iterator[tuple[str, str, float]]:
    """Topics of public sets, learned on their training side by the config of their name."""
    classify.DATA = datasets
    for name in TOPIC_SETS:
        config = load_config(HERE.parent / "configs" / f"{name}.toml")
        ((learn, test),) = classify.sides(name, config)
        target, said, _ = classify.ours(learn, test, config)
        paths = [datasets / str(path).partition("datasets/")[2] for path in (config.corpus.train, config.corpus.test)]
        for measure, score in target.quality_of(said).items():
            yield f"topics: {measure.replace('_', '-')}, {name}", digest(*paths), score


def measured(data: Path) -> Iterator[tuple[str, str, float]]:
    """Yield (name, digest of the data, score) for everything that can be measured here."""
    for name in ("pages", "datasets"):
        if not (data / name).is_dir():
            print(f"skipped: no {data / name}")
    if (data / "pages").is_dir():
        yield from segmentation(data / "pages")
    yield from starter_model(data / "datasets" if (data / "datasets").is_dir() else None)
    if (data / "datasets").is_dir():
        yield from topic_sets(data / "datasets")


def main() -> int:
    """Measure, compare, and write floors where asked to."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    floors = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    fallen = 0
    for name, data, score in measured(Path(words[0] if words else HERE.parent.parent / "shared")):
        floor = floors.get(name)
        known = floor is not None and floor["data"] == data
        under = known and score < floor["floor"] - SLACK
        fallen += under
        print(
            f"{'UNDER ' if under else '      '}{name}: {score:.4f}"
            + (f" (floor {floor['floor']:.4f})" if known else " (no floor for this data)")
        )
        if "--lower" in sys.argv or ("--raise" in sys.argv and (not known or score > floor["floor"])):
            floors[name] = {"data": data, "floor": round(score, 4)}
    if {"--lower", "--raise"} & set(sys.argv):
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", "utf-8")
    return int(fallen > 0 and "--lower" not in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
