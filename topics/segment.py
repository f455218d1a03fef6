"""Cut a page into blocks and articles.

Owns: the calls `segment` and `segment_all`, the order of its steps, `Segmenter`.
Does not know: file formats, how the shipped arrays were learned (`training/segment.py`).

    text ─▶ lines ─▶ shapes ─▶ first reading ─▶ echoes ─▶ second reading ─▶ best path ─▶ habits of the page ─▶ blocks, articles
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from topics.articles import Article, Segmentation, read_articles
from topics.blocks import tile
from topics.echoes import NAMES, echoes
from topics.errors import ArtifactError
from topics.habits import bare_copies, keep_habits, place_headlines, settle_doubles
from topics.heads import likeliest_headlines, named_headlines
from topics.lines import Ints, Lines, find_lines
from topics.markup import articles_of, hint_scores
from topics.network import Network, network, read
from topics.openings import open_missed, open_squeezed
from topics.pages import Page
from topics.priors import prior_scores, rescue
from topics.reasons import reasons
from topics.sequence import FIRST, STATES, Floats, best_path, log_chances
from topics.shapes import Shapes, shapes
from topics.stubs import drop_stubs, join_posts, lead_captions, unsign
from topics.turns import judge

__all__ = ["Article", "Segmentation", "Segmenter", "default_segmenter", "segment", "segment_all"]

#: Arrays of a segmenter, and on how many axes.
_ARRAYS = {
    "own": 2, "own_bias": 1, "wide": 3, "wide_bias": 1, "far": 3, "far_bias": 1,
    "out_own": 2, "out_wide": 2, "out_far": 2, "out_bias": 1, "transitions": 2, "start": 1,
}  # fmt: skip
#: The second reading has arrays of the same kinds, but no transitions of its own.
AGAIN = "again_"
_ARRAYS |= {AGAIN + name: axes for name, axes in _ARRAYS.items() if name not in ("transitions", "start")}
#: A page of one line with fewer words holds no article.
FEWEST_WORDS = 30


@dataclass(frozen=True, slots=True)
class Segmenter:
    """The learned arrays `segment` decides with."""

    _arrays: Mapping[str, Floats] = field(default_factory=dict)
    _settings: Mapping[str, Any] = field(default_factory=dict)
    #: Of the first reading and of the second.
    _networks: tuple[Network, ...] = field(default=(), repr=False, compare=False)

    def arrays(self) -> dict[str, Floats]:
        """Return the arrays by name; together with `settings` all that `from_arrays` needs."""
        return dict(self._arrays)

    def settings(self) -> dict[str, Any]:
        """Return what JSON holds."""
        return dict(self._settings)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Floats], settings: Mapping[str, Any]) -> Segmenter:
        """Return the segmenter that wrote `arrays` and `settings`. Raises ArtifactError where they cannot be one's."""
        wrong = [name for name, axes in _ARRAYS.items() if name not in arrays or arrays[name].ndim != axes]
        if wrong:
            raise ArtifactError(
                f"the segmenter's arrays {', '.join(wrong)} are missing or have a wrong number of axes; train it again"
            )
        n_features, n_states = arrays["own"].shape[0], arrays["out_bias"].shape[0]
        n_again = arrays[f"{AGAIN}own"].shape[0]
        if n_features != len(_names()) or n_again != n_features + len(NAMES) or n_states != len(STATES):
            raise ArtifactError(
                f"the segmenter was learned for {n_features} features and {n_states} states of a line, "
                f"this version has {len(_names())} and {len(STATES)}; train it again"
            )  # fmt: skip
        second = {name.removeprefix(AGAIN): array for name, array in arrays.items() if name.startswith(AGAIN)}
        return cls(dict(arrays), dict(settings), (network(arrays), network(second)))

    def networks(self) -> tuple[Network, ...]:
        """Return the network of the first reading and that of the second."""
        return self._networks


@cache
def _names() -> tuple[str, ...]:
    return shapes(find_lines("")).names


@cache
def default_segmenter() -> Segmenter:
    """Return the segmenter that ships with the package."""
    folder = Path(__file__).parent / "data" / "segment"
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    arrays = {}
    for name in settings["arrays"]:
        with (folder / f"{name}.npy").open("rb") as file:
            arrays[name] = np.load(file, allow_pickle=False)
    return Segmenter.from_arrays(arrays, settings)


def segment(page: Page | str, *, segmenter: Segmenter | None = None) -> Segmentation:
    """Return the blocks and the articles of a page; a page of white space has one block and no article.

    The answer depends on the page's text and the segmenter alone. Linear in the length of the text.
    """
    (found,) = _cut([_page(page)], segmenter or default_segmenter())
    return found


def segment_all(pages: Iterable[Page | str], *, segmenter: Segmenter | None = None) -> Iterator[Segmentation]:
    """Yield what `segment` returns of each page, in order, in about three quarters of the time.

    Pages are taken from `pages` a few at a time, and each step is done for all of these before the next step.
    """
    segmenter = segmenter or default_segmenter()
    waiting: list[Page] = []
    for page in pages:
        waiting.append(_page(page))
        if len(waiting) == TOGETHER or sum(len(other.text) for other in waiting) >= CHARACTERS:
            yield from _cut(waiting, segmenter)
            waiting = []
    yield from _cut(waiting, segmenter)


#: Pages that take each step together: enough for the code and the tables of a step to stay in the processor's caches, few
#: enough for their features to. Measured on pages of 18 kB: 8 pages gain 19 % over one, 16 pages 22 %, 77 pages 24 %.
TOGETHER, CHARACTERS = 16, 400_000


def _page(page: Page | str) -> Page:
    return Page(id="page", text=page) if isinstance(page, str) else page


def _cut(pages: Sequence[Page], segmenter: Segmenter) -> list[Segmentation]:
    """Return what is found on each page; step by step, each for all pages."""
    arrays, (once, again) = segmenter.arrays(), segmenter.networks()
    all_lines = [find_lines(page.text) for page in pages]
    empty = {k: Segmentation(page, tile(len(page.text), [], [], []), ()) for k, page in enumerate(pages) if not len(all_lines[k])}
    pages = [page for k, page in enumerate(pages) if k not in empty]
    lines = [of_page for of_page in all_lines if len(of_page)]
    shape = [shapes(page) for page in lines]
    every = range(len(pages))
    first = [log_chances(read(once, shape[k].values, fast=lines[k].fast).out) for k in every]
    heard = [echoes(lines[k], shape[k], first[k]) for k in every]
    reading = [read(again, shape[k].values, heard[k], fast=lines[k].fast, alive=True) for k in every]
    score = [log_chances(reading[k].out) + prior_scores(lines[k], shape[k]) for k in every]
    path = [_decide(arrays, pages[k], score[k], lines[k], shape[k], first[k]) for k in every]
    names = (*shape[0].names, *NAMES) if pages else ()
    whys = [
        reasons(again, shape[k].values, heard[k], reading[k], path[k][0], names, path[k][1], fast=lines[k].fast) for k in every
    ]
    found = iter([read_articles(pages[k], lines[k], path[k][0].tolist(), whys[k]) for k in every])
    return [empty[k] if k in empty else next(found) for k in range(len(all_lines))]


def _decide(
    arrays: Mapping[str, Floats], page: Page, score: Floats, lines: Lines, shape: Shapes, first: Floats
) -> tuple[Ints, dict[int, str]]:
    """Return what `find_path` does, with what the page's markup says."""
    marked = score + hint_scores(page, lines) if page.hints else score
    if not articles_of(page):
        return find_path(arrays, marked, lines, shape, first)
    # What the page says of its articles needs no guess from its habits.
    path = _decode(arrays, marked, lines.fast)
    said = np.flatnonzero(path != _decode(arrays, score, lines.fast)).tolist()
    return path, dict.fromkeys(said, "the page's markup says so")


def find_path(
    arrays: Mapping[str, Floats], score: Floats, lines: Lines, shape: Shapes, first: Floats
) -> tuple[Ints, dict[int, str]]:
    """Return the state of each line, and the reason for those that the line model alone did not decide.

    score, first: (n_lines, n_states) of the second reading, corrected, and of the first.
    """
    if len(lines) == 1 and len(shape.words.line) >= FEWEST_WORDS:
        return np.array([FIRST]), {0: "the only line, and a long one"}
    changed: dict[int, str] = {}

    def note(before: Ints, after: Ints, why: str) -> Ints:
        if after is before:
            return after
        for line in np.flatnonzero(before != after).tolist():
            changed[line] = why
        return after

    path = _decode(arrays, score, lines.fast)
    rescued = rescue(lines, shape, score, path)
    if rescued is not None:
        score = rescued
        path = note(path, _decode(arrays, score, lines.fast), "no sentence of the page would be left")
    path = note(path, drop_stubs(shape, path), "too little for an article, and no sentence")
    path = note(path, join_posts(lines, path), "a time of day opens a post, not an article")
    path = note(path, unsign(lines, path), "it says by whom or when, under the headline")
    path = note(
        path, open_missed(lines, shape, score, first, path), "a line beside it stands beside another headline of the page"
    )
    path = note(
        path, open_squeezed(lines, path), "a headline, a byline or date, and text on one line, as on the page's other lines"
    )
    kept, habits = keep_habits(lines, shape, score, path)
    path = note(path, kept, "it does not open as the page's other articles do")
    if not habits:
        path = note(path, judge(shape, score, path, fast=lines.fast), "its words and those above and below it")
    path = note(path, likeliest_headlines(shape, score, first, path), "the line above the text that looks most like a headline")
    path = note(path, place_headlines(lines, shape, score, path), "the page's other headlines stand in this place")
    path = note(path, named_headlines(shape, path), "the page's other headlines stand under this name")
    path = note(path, settle_doubles(lines, shape, path), "the headline is printed twice")
    path = note(path, bare_copies(shape, path), "the headline is printed twice, here without an addition")
    return note(path, lead_captions(lines, shape, path), "it stands above a picture's credit"), changed


def _decode(arrays: Mapping[str, Floats], score: Floats, fast: bool) -> Ints:
    """Return the best path.

    Where most articles of the page have a headline, text without one opens no article: the path is searched
    again without that possibility.
    """
    transitions, start = arrays["transitions"], arrays["start"]
    path = best_path(score, transitions, start, fast=fast)
    first = np.flatnonzero(path == FIRST)
    headed = np.array([place == 1 for _, _, place in STATES])
    titled = int((headed[path[first - 1]] & (first > 0)).sum())
    if 0 < titled < len(first) and 2 * titled >= len(first):
        transitions, start = transitions.copy(), start.copy()
        transitions[~headed, FIRST] -= 30
        start[FIRST] -= 30
        path = best_path(score, transitions, start, fast=fast)
    return path
