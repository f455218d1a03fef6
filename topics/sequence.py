"""The states of a line, and the best path through the page.

Owns: the states a line can be in, which may follow which, their log probabilities, the decoding.
Does not know: the network that scores the lines (`network`), how the arrays were learned (`training/segment.py`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from topics.network import FAR, WIDE, Floats, spread

__all__ = [
    "FAR", "FIRST", "MARGIN", "NEXT", "STATES", "STRETCH", "TITLE", "WIDE", "Floats", "allowed", "best_path", "log_chances",
    "spread",
]  # fmt: skip

#: State, role of the block, and place: outside articles (0), between headline and text (1), between paragraphs (2).
STATES: tuple[tuple[str, str, int], ...] = (
    ("furniture outside", "furniture", 0),
    ("meta outside", "meta", 0),
    ("caption outside", "caption", 0),
    ("title", "title", 1),
    ("furniture under the title", "furniture", 1),
    ("meta under the title", "meta", 1),
    ("caption under the title", "caption", 1),
    ("first paragraph", "body", 2),
    ("paragraph", "body", 2),
    ("furniture between paragraphs", "furniture", 2),
    ("meta between paragraphs", "meta", 2),
    ("caption between paragraphs", "caption", 2),
)
TITLE, FIRST, NEXT = 3, 7, 8
_NEVER = np.float32(-1e4)


def allowed() -> npt.NDArray[np.bool_]:
    """Return which state may follow which: (n_states, n_states), from row to column."""
    n = len(STATES)
    may = np.zeros((n, n), np.bool_)
    for a, (_, role_a, place_a) in enumerate(STATES):
        for b, (_, _, place_b) in enumerate(STATES):
            if place_a == 0:
                may[a, b] = place_b == 0 or b in (TITLE, FIRST)
            elif place_a == 1:
                may[a, b] = (place_b == 1 and b != TITLE) or b == FIRST
            elif role_a == "body":
                may[a, b] = place_b in (0, 2) or b == TITLE
            else:
                may[a, b] = place_b == 2 and b != FIRST
    return may


def log_chances(out: Floats) -> Floats:
    """Return (n_lines, n_states) log probabilities of the states of each line from what the network says of them."""
    out = out - out.max(axis=1, keepdims=True)
    out -= np.log(np.exp(out).sum(axis=1, keepdims=True))
    return np.asarray(out, np.float32)


# Long pages are decoded in stretches side by side; each looks this many lines beyond its ends, far longer than the
# memory of the states (tests/test_segment.py compares with decoding in one piece).
STRETCH, MARGIN = 128, 64


def best_path(emissions: Floats, transitions: Floats, start: Floats, *, fast: bool = False) -> npt.NDArray[np.int64]:
    """Return the most probable state of each line (Viterbi). Linear; ties go to the state listed first."""
    n = len(emissions)
    if n <= 2 * STRETCH:
        return _decode(emissions[None], transitions, start[None], fast)[0] if n else np.zeros(0, np.int64)
    states = emissions.shape[1]
    free = np.zeros((1, states), np.float32)
    cuts = np.arange(STRETCH, n - STRETCH // 2, STRETCH)  # where the stretches after the first begin
    path = np.empty(n, np.int64)
    path[:STRETCH] = _decode(emissions[None, : STRETCH + MARGIN], transitions, start[None], fast)[0, :STRETCH]
    middle = cuts[:-1]
    if len(middle):
        rows = middle[:, None] + np.arange(-MARGIN, STRETCH + MARGIN)[None]
        found = _decode(emissions[np.minimum(rows, n - 1)], transitions, np.repeat(free, len(middle), axis=0), fast)
        path[STRETCH : STRETCH * (len(middle) + 1)] = found[:, MARGIN : MARGIN + STRETCH].reshape(-1)
    last = int(cuts[-1])
    path[last:] = _decode(emissions[None, last - MARGIN :], transitions, free, fast)[0, MARGIN:]
    return path


def _decode(emissions: Floats, transitions: Floats, start: Floats, fast: bool) -> npt.NDArray[np.int64]:
    """Decode a batch of pages of equal length: emissions (pages, n, states), start (pages, states)."""
    pages, n, states = emissions.shape
    if fast:
        from topics import kernels_net

        path = np.empty((pages, n), np.int64)
        kernels_net.decode(np.ascontiguousarray(emissions), transitions, start, path)
        return path
    best = emissions[:, 0] + start
    back = np.zeros((n, pages, states), np.int8)
    into = np.ascontiguousarray(transitions.T)[None]  # (1, to, from)
    for k in range(1, n):
        total = best[:, None, :] + into
        back[k] = total.argmax(axis=2)
        best = total.max(axis=2) + emissions[:, k]
    path = np.zeros((pages, n), np.int64)
    path[:, -1] = best.argmax(axis=1)
    rows = np.arange(pages)
    for k in range(n - 1, 0, -1):
        path[:, k - 1] = back[k][rows, path[:, k]]
    return path
