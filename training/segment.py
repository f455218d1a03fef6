"""Learn to cut pages: from generated layouts of the starter articles, and from a user's own gold pages.

Owns: the training pages, `fit_segmenter`, the command that makes the shipped arrays.
Does not know: gradients (`segment_net`), the states of gold pages' lines (`segment_states`), what a page looks like (`layouts`).

    python -m training.segment        writes topics/data/segment anew, the same bytes each time
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from topics.echoes import gathered, places
from topics.errors import InputError
from topics.lines import find_lines
from topics.network import Floats, network, read
from topics.pages import decode
from topics.segment import AGAIN, Segmenter
from topics.sequence import log_chances
from topics.shapes import shapes
from training.layouts import LAYOUTS, lay_out, read_articles
from training.layouts_sheet import Sheet
from training.segment_net import Ints, fit, transitions
from training.segment_states import line_states

if TYPE_CHECKING:
    from training.settings import SegmentSettings

SHIPPED = Path(__file__).parent.parent / "topics" / "data" / "segment"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnSettings:
    """What `fit_segmenter` is told. Defaults made the shipped segmenter."""

    #: Generated pages for each layout; 0 to learn from the given pages alone.
    pages_per_layout: int = 70
    #: Further pages in layouts drawn at random, and in the bare one, whose headlines are hardest to tell.
    drawn_pages: int = 2600
    bare_pages: int = 400
    #: Further pages of news sites, an article among much that is none.
    web_pages: int = 800
    #: Layouts to leave out, by name without "_squeezed": for measuring on layouts never seen.
    without: tuple[str, ...] = ()
    #: Sizes of the three hidden layers, of the first reading and of the second.
    hidden: tuple[int, int, int] = (40, 56, 40)
    hidden_again: tuple[int, int, int] = (32, 40, 32)
    epochs: int = 10
    epochs_again: int = 9
    #: For the two networks whose readings the second one learns from.
    epochs_across: int = 5
    learning_rate: float = 2e-3
    batch_pages: int = 24
    dropout: float = 0.15


def fit_segmenter(
    pages_with_gold: Iterable[tuple[str, Sequence[Mapping[str, Any]]]], settings: LearnSettings, seed: int
) -> Segmenter:
    """Return a segmenter learned from generated pages and from `pages_with_gold`.

    pages_with_gold: (text, gold articles with "title_span", "body_spans" and perhaps "optional_spans"); may be empty.
    What is in no span is furniture. One page of one's own counts as much as a generated one: repeat them to weigh more.
    Equal input gives equal arrays, whatever the number of threads.
    """
    pages = [
        page for k, (text, gold) in enumerate(pages_with_gold) if (page := _page(text, _gold_spans(gold), k % 2)) is not None
    ]
    pages += [page for half, sheet in generated(settings, seed) if (page := _page(sheet.text(), sheet.spans, half)) is not None]
    if not pages:
        raise InputError("nothing to learn from: no page has a line; give gold pages or set segment.pages_per_layout above 0")
    with threadpool_limits(1):
        arrays = _fit_twice(pages, settings, seed)
    return Segmenter.from_arrays(
        arrays, {"arrays": sorted(arrays), "seed": seed, "learned from pages": len(pages), **asdict(settings)}
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """A page to learn from; layouts are dealt to two halves."""

    values: Floats
    places: Ints
    states: Ints
    half: int


def _page(text: str, spans: Sequence[tuple[int, int, str, int]], half: int) -> _Page | None:
    lines = find_lines(text)
    if len(lines) < 2:
        return None
    shape = shapes(lines)
    return _Page(shape.values, places(lines, shape), line_states(lines, spans), half)


def _fit_twice(pages: Sequence[_Page], settings: LearnSettings, seed: int) -> dict[str, Floats]:
    """Return the arrays of both readings.

    The second reading learns from what the first makes of layouts it has not seen, as it will have to: from networks that
    learned from the other half of the layouts.
    """

    def learned(examples: Sequence[tuple[Floats, Ints]], hidden: tuple[int, int, int], epochs: int) -> dict[str, Floats]:
        return fit(
            examples, hidden=hidden, epochs=epochs, rate=settings.learning_rate, batch=settings.batch_pages,
            dropout=settings.dropout, seed=seed
        )  # fmt: skip

    first = learned([(p.values, p.states) for p in pages], settings.hidden, settings.epochs)
    halves = [[(p.values, p.states) for p in pages if p.half != half] for half in (0, 1)]
    across = [learned(half, settings.hidden, settings.epochs_across) if half else first for half in halves]
    again = [(np.concatenate((p.values, gathered(p.places, _read(across[p.half], p.values))), axis=1), p.states) for p in pages]
    second = learned(again, settings.hidden_again, settings.epochs_again)
    between, start = transitions([(_read(second, values), states) for values, states in again])
    return first | {"transitions": between, "start": start} | {f"{AGAIN}{name}": array for name, array in second.items()}


def _read(arrays: Mapping[str, Floats], values: Floats) -> Floats:
    return log_chances(read(network(arrays), values).out)


def learn_segmenter(
    settings: SegmentSettings, *, seed: int, progress: Callable[[str], None] | None = None
) -> tuple[Segmenter, dict[str, Any]]:
    """Return the segmenter that a config's [segment] asks for, and a report.

    Own gold pages are repeated until they are about half as many as the generated ones.
    """
    say = progress or (lambda line: None)
    files = settings.gold if isinstance(settings.gold, (list, tuple)) else [settings.gold] if settings.gold else []
    own = [page for file in files for page in read_gold(Path(file))]
    share = LearnSettings()
    parts = share.pages_per_layout * len(LAYOUTS) + share.drawn_pages + share.bare_pages + share.web_pages
    learn = LearnSettings(
        pages_per_layout=max(1, round(share.pages_per_layout * settings.layouts / parts)),
        drawn_pages=round(share.drawn_pages * settings.layouts / parts),
        bare_pages=round(share.bare_pages * settings.layouts / parts),
        web_pages=round(share.web_pages * settings.layouts / parts),
    )
    times = max(1, settings.layouts // (2 * len(own))) if own else 0
    segmenter = fit_segmenter(own * times, learn, seed)
    report = {"gold pages": len(own), "repeated": times, "pages learned from": segmenter.settings()["learned from pages"]}
    say(f"segmenter learned from {report['pages learned from']} pages, {len(own)} of them gold pages of your own")
    return segmenter, report


def read_gold(path: Path) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return (text, gold articles) of the pages a gold file names; they lie beside it.

    The file holds one page or a list of pages: {"page": file name, "articles": [{"title_span", "body_spans",
    "optional_spans"}]}, as JSON, or one page a line (.jsonl). Raises InputError for what cannot be read.
    """
    try:
        raw = path.read_text("utf-8")
        found = [json.loads(line) for line in raw.splitlines() if line.strip()] if path.suffix == ".jsonl" else json.loads(raw)
        pages = found if isinstance(found, list) else [found]
        out = []
        for page in pages:
            beside = path.parent / page["page"]
            file = beside if beside.exists() else path.parent / "pages" / page["page"]
            out.append((decode(file.read_bytes(), str(file))[0], list(page["articles"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"cannot be read as gold pages: {error}", file=str(path)) from None
    for text, gold in out:
        for start, end, *_ in _gold_spans(gold):
            if not 0 <= start < end <= len(text):
                raise InputError(f"a span [{start}, {end}) lies outside its page of {len(text)} characters", file=str(path))
    return out


def generated(settings: LearnSettings, seed: int) -> Iterable[tuple[int, Sheet]]:
    """Yield the generated training pages and which half their layout is dealt to; those drawn by lot are in both."""
    articles = read_articles()
    titles = [a["title"] for a in articles]
    names = [name for name in LAYOUTS if name != "oneline" and name.removesuffix("_squeezed") not in settings.without]
    counts = [(name, settings.pages_per_layout) for name in names]
    counts += [
        (name, n)
        for name, n in (("drawn", settings.drawn_pages), ("bare", settings.bare_pages), ("web", settings.web_pages))
        if name not in settings.without and settings.pages_per_layout
    ]
    kinds = sorted({name.removesuffix("_squeezed") for name, _ in counts})
    for part, (name, count) in enumerate(counts):
        family = name.removesuffix("_squeezed")
        for k in range(count):
            rng = random.Random(f"{name}/{seed}/{part}/{k}")
            merge = rng.choice((1, 1, 2, 3, 5))
            size = rng.randint(2, 5 if merge > 2 else 8)
            chosen = _choose(articles, size, merge, rng)
            half = k % 2 if family in ("drawn", "web") else kinds.index(family) % 2
            yield (
                half,
                lay_out(
                    chosen,
                    name,
                    rng.randrange(10**9),
                    headlines=rng.sample(titles, 24),
                    merge=merge,
                    avoid=settings.without,
                ),
            )


def _choose(articles: Sequence[Mapping[str, Any]], size: int, merge: int, rng: random.Random) -> list[Mapping[str, Any]]:
    """Return `size` runs of `merge` articles; a run shares its topic, on a third of the pages all runs do."""
    pool = list(articles)
    if rng.random() > 0.65:
        topic = rng.choice(pool)["topic"]
        same = [a for a in pool if a["topic"] == topic]
        pool = same if len(same) >= size * merge else pool
    out: list[Mapping[str, Any]] = []
    for lead in rng.sample(pool, size):
        like = [a for a in pool if a["topic"] == lead["topic"] and a is not lead]
        close = [a for a in like if a["stances"].keys() == lead["stances"].keys()]
        like = close if len(close) >= merge - 1 else like
        run = [lead, *rng.sample(like, min(merge - 1, len(like)))]
        out += run + [lead] * (merge - len(run))
    return out


def _gold_spans(gold: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, str, int]]:
    spans = []
    for n, article in enumerate(gold):
        if article["title_span"]:
            spans.append((*article["title_span"], "title", n))
        spans += [(start, end, "body", n) for start, end in article["body_spans"]]
        spans += [(start, end, "optional", n) for start, end in article.get("optional_spans", ())]
    return sorted(spans)


def save(segmenter: Segmenter, folder: Path) -> None:
    """Write arrays and settings where `topics.segment` looks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.npy"):
        old.unlink()
    for name, array in segmenter.arrays().items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
    (folder / "settings.json").write_text(json.dumps(segmenter.settings(), indent=1, sort_keys=True) + "\n", "utf-8")


def main() -> None:
    """Learn the shipped segmenter anew."""
    segmenter = fit_segmenter([], LearnSettings(), seed=13)
    save(segmenter, SHIPPED)
    print(f"learned from {segmenter.settings()['learned from pages']} pages; written to {SHIPPED}")


if __name__ == "__main__":
    main()
