"""Fit the line model's network: gradients by hand, Adam, everything from one seed.

Owns: initial weights, forward and backward pass, the transition scores.
Does not know: where pages come from (`segment`), how a line is described (`topics/shapes.py`).

In the literature: a convolutional tagger whose scores are decoded with Viterbi (Collobert et al. 2011); Adam after
Kingma & Ba 2015 with decoupled weight decay, cosine schedule, dropout on both hidden layers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from topics.sequence import FAR, FIRST, STATES, TITLE, WIDE, Floats, allowed, spread

Ints = npt.NDArray[np.int64]
Arrays = dict[str, Floats]
Wide = npt.NDArray[np.float64]
Example = tuple[Floats, Ints]

#: Lines of a page seen in one step; longer pages are cut anew each epoch.
PIECE = 400
#: Steps taken at least.
LEAST_STEPS = 120
#: Empty lines between pages of a batch: as far as the network looks to one side, so that pages do not meet.
PAD = 12


def begin(n_features: int, hidden: Sequence[int], rng: np.random.Generator) -> Arrays:
    """Return random weights (He et al. 2015) for `n_features` columns and three hidden layers."""

    def weights(*shape: int) -> Floats:
        return np.asarray(rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[:-1])), np.float32)

    one, two, three = hidden
    n = len(STATES)
    return {
        "own": weights(n_features, one),
        "own_bias": np.zeros(one, np.float32),
        "wide": weights(len(WIDE), one, two),
        "wide_bias": np.zeros(two, np.float32),
        "far": weights(len(FAR), two, three),
        "far_bias": np.zeros(three, np.float32),
        "out_own": weights(one, n) * np.float32(0.5),
        "out_wide": weights(two, n) * np.float32(0.5),
        "out_far": weights(three, n) * np.float32(0.5),
        "out_bias": np.zeros(n, np.float32),
    }


def _back(offsets: Sequence[int], weight: Floats, hidden: Floats, gradient: Floats, into: Floats) -> Floats:
    """Add to `into` what flows back to `hidden` through `spread`, and return the gradient of `weight`."""
    n = len(hidden)
    out = np.zeros_like(weight)
    for k, offset in enumerate(offsets):
        if abs(offset) >= n:
            continue
        here, there = (slice(offset, n), slice(0, n - offset)) if offset >= 0 else (slice(0, n + offset), slice(-offset, n))
        out[k] = hidden[here].T @ gradient[there]
        into[here] += gradient[there] @ weight[k].T
    return out


def step(arrays: Arrays, x: Floats, y: Ints, weight: Floats, rng: np.random.Generator, dropout: float) -> tuple[float, Arrays]:
    """Return the weighted cross-entropy of one batch and its gradient."""

    def mask(shape: tuple[int, ...]) -> Floats:
        return ((rng.random(shape, np.float32) >= dropout) / np.float32(1 - dropout)).astype(np.float32)

    # A feature now and then withheld from a whole batch: no single sign of a layout becomes indispensable.
    x = x * (rng.random((1, x.shape[1])) > 0.05).astype(np.float32)
    own = x @ arrays["own"] + arrays["own_bias"]
    own_mask = mask(own.shape)
    own_out = np.maximum(own, 0) * own_mask
    wide = spread(own_out, WIDE, arrays["wide"]) + arrays["wide_bias"]
    wide_mask = mask(wide.shape)
    wide_out = np.maximum(wide, 0) * wide_mask
    far = spread(wide_out, FAR, arrays["far"]) + arrays["far_bias"]
    far_out = np.maximum(far, 0)
    out = own_out @ arrays["out_own"] + wide_out @ arrays["out_wide"] + far_out @ arrays["out_far"] + arrays["out_bias"]
    out = np.exp(out - out.max(axis=1, keepdims=True))
    out /= out.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    total = float(weight.sum())
    loss = float(-(weight * np.log(out[rows, y] + 1e-9)).sum() / total)
    out[rows, y] -= 1
    error = (out * (weight / total)[:, None]).astype(np.float32)
    gradient = {
        "out_bias": error.sum(axis=0),
        "out_own": own_out.T @ error,
        "out_wide": wide_out.T @ error,
        "out_far": far_out.T @ error,
    }
    to_far = (error @ arrays["out_far"].T) * (far > 0)
    to_wide = error @ arrays["out_wide"].T
    gradient["far"] = _back(FAR, arrays["far"], wide_out, to_far, to_wide)
    gradient["far_bias"] = to_far.sum(axis=0)
    to_wide *= wide_mask * (wide > 0)
    to_own = error @ arrays["out_own"].T
    gradient["wide"] = _back(WIDE, arrays["wide"], own_out, to_wide, to_own)
    gradient["wide_bias"] = to_wide.sum(axis=0)
    to_own *= own_mask * (own > 0)
    gradient["own"] = x.T @ to_own
    gradient["own_bias"] = to_own.sum(axis=0)
    return loss, gradient


def fit(
    examples: Sequence[Example], *, hidden: Sequence[int], epochs: int, rate: float, batch: int, dropout: float, seed: int
) -> Arrays:
    """Return weights fitted to (features, states) of pages."""
    rng = np.random.default_rng(seed)
    width = examples[0][0].shape[1]
    arrays = begin(width, hidden, rng)
    first = {k: np.zeros_like(v) for k, v in arrays.items()}
    second = {k: np.zeros_like(v) for k, v in arrays.items()}
    # A handful of pages is gone through more often: the first steps are taken slowly, and too few lead nowhere.
    epochs = max(epochs, -(-LEAST_STEPS // -(-len(examples) // batch)))
    steps = epochs * -(-len(examples) // batch)
    done = 0
    for _ in range(epochs):
        order = rng.permutation(len(examples))
        for low in range(0, len(order), batch):
            x, y, weight = _batch([examples[k] for k in order[low : low + batch]], width, rng)
            _, gradient = step(arrays, x, y, weight, rng, dropout)
            done += 1
            now = rate * min(1.0, done / 50) * (0.5 + 0.5 * np.cos(np.pi * done / steps))
            for name, slope in gradient.items():
                first[name] = 0.9 * first[name] + 0.1 * slope
                second[name] = 0.999 * second[name] + 0.001 * slope**2
                move = first[name] / (1 - 0.9**done) / (np.sqrt(second[name] / (1 - 0.999**done)) + 1e-8)
                decay = 1e-3 * arrays[name] if arrays[name].ndim > 1 else 0.0
                arrays[name] = (arrays[name] - now * (move + decay)).astype(np.float32)
    return arrays


def _batch(pages: Sequence[Example], width: int, rng: np.random.Generator) -> tuple[Floats, Ints, Floats]:
    """Set pages one after the other. Headlines and first paragraphs count more than other lines, long pages less a line."""
    xs: list[Floats] = []
    ys: list[Ints] = []
    weights: list[Floats] = []
    for x, y in pages:
        if len(y) > PIECE:
            cut = int(rng.integers(0, len(y) - PIECE))
            x, y = x[cut : cut + PIECE], y[cut : cut + PIECE]
        weight = np.where((y == TITLE) | (y == FIRST), 2.5, 1.0) * (60 / max(len(y), 60)) ** 0.3
        xs += [x, np.zeros((PAD, width), np.float32)]
        ys += [y, np.zeros(PAD, np.int64)]
        weights += [weight.astype(np.float32), np.zeros(PAD, np.float32)]
    return np.concatenate(xs), np.concatenate(ys), np.concatenate(weights)


#: Steps and rate of Adam for the transitions, and how strongly they are drawn to 0, in lines.
_STEPS, _RATE, _DRAWN = 120, 0.1, 1.0


def transitions(paths: Sequence[tuple[Floats, Ints]]) -> tuple[Floats, Floats]:
    """Return what each state adds to the next one's score, and each state at the top of a page.

    paths: (scores, true states) of pages. Fitted to the likelihood of the whole path given the scores (a linear-chain
    conditional random field, Lafferty et al. 2001, with the network's scores held fixed). The network sees its neighbors, so
    little is left to add: log odds of how often states follow each other count the same evidence twice, and made a rare
    stretch (what stands under a headline) the more likely the longer it was; that cost a sixth of the headlines of web pages.
    """
    n = len(STATES)
    order = sorted(range(len(paths)), key=lambda k: -len(paths[k][1]))
    lengths = np.array([len(paths[k][1]) for k in order])
    active = [int((lengths > t).sum()) for t in range(int(lengths[0]))]  # pages that have a line t; a prefix, for longest first
    scores = [np.empty((size, n)) for size in active]
    seen, top = np.zeros((n, n)), np.zeros(n)
    for row, k in enumerate(order):
        score, path = paths[k]
        chance = np.exp((score - score.max(axis=1, keepdims=True)).astype(np.float64))
        for t in range(len(path)):
            scores[t][row] = chance[t]
        top[path[0]] += 1
        np.add.at(seen, (path[:-1], path[1:]), 1)
    may = allowed()
    opening = np.array([place == 0 or k in (TITLE, FIRST) for k, (_, _, place) in enumerate(STATES)])
    move, start = np.zeros((n, n)), np.zeros(n)
    slow = [np.zeros((n + 1, n)), np.zeros((n + 1, n))]
    for done in range(1, _STEPS + 1):
        expected, first = _expected(scores, np.where(may, np.exp(move), 0), np.where(opening, np.exp(start), 0))
        slope = np.vstack((np.where(may, seen - expected, 0) - _DRAWN * move, np.where(opening, top - first, 0) - _DRAWN * start))
        slope /= len(paths)
        slow[0] = 0.9 * slow[0] + 0.1 * slope
        slow[1] = 0.99 * slow[1] + 0.01 * slope**2
        step = _RATE * slow[0] / (1 - 0.9**done) / (np.sqrt(slow[1] / (1 - 0.99**done)) + 1e-8) * min(1.0, 2 - 2 * done / _STEPS)
        move, start = move + step[:n], start + step[n]
    between = np.where(may, move, -1e4)
    return between.astype(np.float32), np.where(opening, start, -1e4).astype(np.float32)


def _expected(scores: Sequence[Wide], move: Wide, start: Wide) -> tuple[Wide, Wide]:
    """Return how often each state is expected to follow each other, and to open a page: forward and backward sums."""
    ahead: list[Wide] = []
    sums: list[Wide] = []
    for t, chance in enumerate(scores):
        now = chance * (ahead[-1][: len(chance)] @ move if t else start)
        total = np.maximum(now.sum(axis=1, keepdims=True), 1e-300)
        ahead.append(now / total)
        sums.append(total)
    expected = np.zeros_like(move)
    back = np.ones_like(scores[-1])
    for t in range(len(scores) - 1, 0, -1):
        into = scores[t] * back / sums[t]
        expected += ahead[t - 1][: len(into)].T @ into
        back = np.ones((len(scores[t - 1]), len(start)))
        back[: len(into)] = into @ move.T
    return expected * move, (ahead[0] * back).sum(axis=0)
