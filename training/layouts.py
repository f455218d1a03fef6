"""Flattened pages with gold, composed from articles: what the segmenter learns from and is measured on.

Owns: `render` (a page in a named layout), `lay_out` (the same with the role of every character), and the
composition of the starter corpus into pages (`python -m training.layouts`).
Does not know: what is learned from the pages (`training/segment.py`).

Every page is a function of (articles, layout, seed): the same call gives the same bytes, anywhere.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.layouts_sheet import Sheet
from training.layouts_special import LAYOUTS, write_drawn
from training.layouts_stories import headline, story, untidy

__all__ = ["LAYOUTS", "StarterPage", "compose_starter", "lay_out", "read_articles", "render"]

STARTER = Path(__file__).parent / "starter"
#: Layouts of the starter pages: those in which a person can still read an article.
STARTER_LAYOUTS = (
    "aggregator", "bare", "blog", "export", "extract", "forum", "gallery", "markdown", "newsletter", "numbered", "portal",
    "reader", "theme", "wrapped"
)  # fmt: skip


def read_articles(path: Path = STARTER / "articles.jsonl") -> list[dict[str, Any]]:
    """Return the starter articles: dicts with id, title, paragraphs, topic, stances."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def render(articles: Sequence[Mapping[str, Any]], layout: str, seed: int) -> tuple[str, list[dict[str, Any]]]:
    """Return a page that holds `articles` in `layout`, and its gold.

    Each article needs "title" and "paragraphs"; other keys travel into its gold entry, which has title, title_span,
    body_spans, optional_spans, source, published (and parts for letters and live pages), in page order.
    """
    sheet = lay_out(articles, layout, seed, tidy=True)
    return sheet.text(), sheet.gold


def lay_out(
    articles: Sequence[Mapping[str, Any]],
    layout: str,
    seed: int,
    *,
    tidy: bool = False,
    headlines: Sequence[str] = (),
    merge: int = 1,
    avoid: Collection[str] = (),
) -> Sheet:
    """Return the sheet of a page: text, gold, and the role of every stretch.

    tidy: keep the articles as they are; otherwise they are made as untidy as web articles, and `merge` of them
    in a row are run together into one long article.
    avoid: layouts whose traits a layout drawn by lot must not have.
    headlines: what may stand in lists of related articles; by default the page's own.
    """
    rng = random.Random(f"{layout}:{seed}")
    sheet = Sheet()
    style = rng.randrange(12)
    if tidy:
        stories = [
            story(a, rng, extra={k: v for k, v in a.items() if k not in ("title", "paragraphs")}, style=style) for a in articles
        ]
    else:
        # Not where nothing but length tells a headline from text: there short articles teach to cut long ones.
        way = "" if layout.startswith("bare") else rng.choices(("", "brief", "item", "mixed"), (82, 6, 6, 6))[0]
        stories = [
            untidy(
                articles[k : k + merge],
                rng,
                style,
                size=rng.choice(("", "brief", "item")) if way == "mixed" else way,
                edges=layout != "web",
            )
            for k in range(0, len(articles), merge)
        ]
    pool = list(headlines) or [a["title"] for a in articles]
    if not tidy:
        pool = [headline(t, rng) for t in pool]
    if avoid and layout.removesuffix("_squeezed") == "drawn":
        write_drawn(sheet, stories, pool, rng, squeezed=layout.endswith("_squeezed"), avoid=avoid)
    else:
        LAYOUTS[layout](sheet, stories, pool, rng)
    if layout == "oneline":
        sheet.parts = ["".join(sheet.parts).replace("\n", " ")]
    if rng.random() < 0.15:
        sheet.raw("\n")
    return sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterPage:
    """One page of the starter corpus."""

    name: str
    text: str
    layout: str
    #: "train" or "test"; a page is one or the other.
    split: str
    articles: list[dict[str, Any]]


def compose_starter(articles: Sequence[Mapping[str, Any]], seed: int) -> list[StarterPage]:
    """Spread `articles`, each exactly once, over pages of 4 to 9 in the layouts of `STARTER_LAYOUTS`.

    Topics are mixed on a page. About a quarter of the pages are test pages, and each topic and each stance toward
    each target that has at least two articles occurs on both sides.
    """
    rng = random.Random(f"starter:{seed}")
    order = _mixed(articles, rng)
    test = [a for k, a in enumerate(order) if k % 4 == 3]
    train = [a for k, a in enumerate(order) if k % 4 != 3]
    pages = [(split, group) for split, side in (("train", train), ("test", test)) for group in _groups(side, rng)]
    rng.shuffle(pages)
    made = []
    for n, (split, group) in enumerate(pages):
        layout = STARTER_LAYOUTS[n % len(STARTER_LAYOUTS)]
        others = [a["title"] for _, g in rng.sample(pages, min(4, len(pages))) if g is not group for a in g]
        sheet = lay_out(group, layout, rng.randrange(2**31), tidy=True, headlines=others)
        made.append(
            StarterPage(name=f"{split}/{layout}-{n:03d}.txt", text=sheet.text(), layout=layout, split=split, articles=sheet.gold)
        )
    return made


def _mixed(articles: Sequence[Mapping[str, Any]], rng: random.Random) -> list[Mapping[str, Any]]:
    """Return the articles so that each run of four neighbors has the same topic and, where it can, the same stance."""
    shuffled = list(articles)
    rng.shuffle(shuffled)
    return sorted(shuffled, key=lambda a: (sorted(a["stances"].items()), a["topic"]))


def _groups(side: Sequence[Mapping[str, Any]], rng: random.Random) -> list[list[Mapping[str, Any]]]:
    side = list(side)
    rng.shuffle(side)
    groups: list[list[Mapping[str, Any]]] = []
    while side:
        take = rng.randint(4, 8)
        if len(side) - take < 4:
            take = len(side) if len(side) <= 9 else len(side) // 2
        groups.append([side.pop() for _ in range(take)])
    return groups


def main() -> None:
    """Write training/starter/pages/*.txt and training/starter/gold.jsonl anew."""
    pages = compose_starter(read_articles(), seed=13)
    folder = STARTER / "pages"
    for side in ("train", "test"):
        (folder / side).mkdir(parents=True, exist_ok=True)
    for old in folder.rglob("*.txt"):
        old.unlink()
    with (STARTER / "gold.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for page in pages:
            (folder / page.name).write_bytes(page.text.encode("utf-8"))
            file.write(
                json.dumps(
                    {"page": page.name, "layout": page.layout, "split": page.split, "articles": page.articles}, ensure_ascii=False
                )
                + "\n"
            )
    print(f"{len(pages)} pages, {sum(len(p.articles) for p in pages)} articles in {folder}")


if __name__ == "__main__":
    main()
