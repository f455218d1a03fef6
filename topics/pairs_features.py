"""A claim beside a text, in numbers: how much of the claim the text holds, where, and what it does with it there.

Owns: `FEATURES`, their values, and which sentences each value was made by.
Does not know: labels, how the numbers are weighed (`trees`, `pairs`).

What is missing on purpose: ranks among the texts of one claim and latent semantic axes. Both look good in
cross-validation and cost 1 to 4 points on new stories (measured on fnc-1).
"""

from __future__ import annotations

import numpy as np

from topics.pairs_text import LEVELS, Floats, Terms, Text
from topics.pairs_words import KINDS

#: Words on either side of a claim's word in the text that are looked through for doubt, reports and so on.
NEAR = 6
#: A sentence is close to the claim when it is at least this similar, as a share of the most similar one.
CLOSE = 0.6
_LEVEL = (
    "cosine", "held", "best", "second", "top3", "first", "opening",
    "held_best", "held_opening", "held_most", "place", "many", "part",
)  # fmt: skip
_PLACES = ("claim", "count", "rate", "opening", "best", "around", "near", "matching", "end", "close")
_PAIR = ("match best", "match opening", "match spread", "match place")
_REST = (
    "names held", "names", "numbers held", "numbers", "claim words", "text words", "sentences", "quotes", "claim quotes",
    "claim words density", "claim words held",
)  # fmt: skip
#: Names of the numbers, in order.
FEATURES: tuple[str, ...] = (
    *(f"{level} {name}" for level in LEVELS for name in _LEVEL),
    *_PAIR,
    *(f"{kind} {place}" for place in _PLACES for kind in KINDS),
    *_REST,
)


def pair_features(claim: Text, text: Text) -> tuple[Floats, Floats]:
    """Return (n_features,) numbers and (n_sentences,) how similar each sentence is to the claim, 0 or more."""
    out: list[float] = []
    n = len(text.sentences)
    similar = np.zeros(n)
    for weight, c, t in zip((1.0, 0.5, 0.5), claim.levels, text.levels, strict=True):
        product, covered = _against(c, t, n)
        length = max(c.whole_length, 1e-9)
        cosine = product / (np.maximum(t.lengths, 1e-9) * length)
        share = covered / length**2
        dot, held = _whole(c, t)
        top = np.sort(cosine)[::-1]
        best = int(cosine.argmax())
        out += [
            dot / (length * max(t.whole_length, 1e-9)), held / length**2,
            top[0], top[1] if n > 1 else 0.0, top[:3].mean(), cosine[0], cosine[:3].max(),
            share[best], share[:3].max(), share.max(), best / n, (share > 0.5).sum(), (share > 0.3).mean(),
        ]  # fmt: skip
        similar += (cosine + share) * weight
    best = int(similar.argmax())
    weight_of = similar / max(similar.sum(), 1e-9)
    close = similar >= CLOSE * similar[best]
    out += [similar[best], similar[:2].max(), close.mean(), best / n]
    claim_words = claim.words[claim.words >= 0]
    hits = np.flatnonzero(np.isin(text.words, claim_words))
    low, high = np.maximum(hits - NEAR, 0), np.minimum(hits + NEAR + 1, text.n_words)
    near = (text.kinds[high] - text.kinds[low]).sum(axis=0) / max(1, len(hits))
    by_sentence, total = text.sentence_kinds, text.kinds[-1]
    out += [
        *claim.kinds[-1], *total, *(total / max(1, text.n_words) * 100), *by_sentence[:2].sum(axis=0), *by_sentence[best],
        *by_sentence[max(0, best - 1) : best + 2].sum(axis=0), *near, *(weight_of @ by_sentence), *by_sentence[-2:].sum(axis=0),
        *by_sentence[close].sum(axis=0),
    ]  # fmt: skip
    names, numbers = claim.names, claim.numbers
    out += [
        len(names & text.names) / max(1, len(names)), len(names),
        len(numbers & text.numbers) / max(1, len(numbers)) if numbers else -1.0, len(numbers),
        claim.n_words, np.log1p(text.n_words), n, text.quoted, claim.quoted,
        len(hits) / max(1, text.n_words), len(np.unique(text.words[hits])) / max(1, len(np.unique(claim_words))),
    ]  # fmt: skip
    return np.array(out, np.float64), similar


def made_by(text: Text, similar: Floats) -> Floats:
    """Return (n_features, n_sentences): the share of each sentence in making each number.

    A row sums to 1, or to 0 for what no sentence made: the claim's own words, lengths.
    """
    n, best = len(text.sentences), int(similar.argmax())
    alike = _shares(similar)
    opening, single, first = np.zeros(n), np.zeros(n), np.zeros(n)
    opening[:3], single[best], first[0] = similar[:3], 1.0, 1.0
    by_name = {"cosine": alike, "held": alike, "top3": alike, "many": alike, "part": alike, "first": first} | dict.fromkeys(
        ("opening", "held_opening"), _shares(opening)
    )
    rows = [by_name.get(name, single) for _ in LEVELS for name in _LEVEL]
    rows += [single, _shares(opening), alike, single]
    nothing = np.zeros(n)
    kinds = text.sentence_kinds
    masks = {place: np.ones(n) for place in ("count", "rate", "near", "matching")} | {
        "opening": (np.arange(n) < 2).astype(float),
        "best": single,
        "around": (abs(np.arange(n) - best) <= 1).astype(float),
        "end": (np.arange(n) >= n - 2).astype(float),
        "close": (similar >= CLOSE * similar[best]).astype(float),
    }
    for place in _PLACES:
        for k in range(len(KINDS)):
            rows.append(nothing if place == "claim" else _shares(masks[place] * kinds[:, k]))
    rows += [nothing] * len(_REST)
    return np.array(rows)


def _shares(values: Floats) -> Floats:
    total = values.sum()
    return values / total if total > 0 else np.zeros(len(values))


def _whole(claim: Terms, text: Terms) -> tuple[float, float]:
    """Return the dot product of claim and whole text, and the claim's squared weight that the text holds."""
    if not len(text.whole) or not len(claim.whole):
        return 0.0, 0.0
    at = np.minimum(np.searchsorted(text.whole, claim.whole), len(text.whole) - 1)
    hit = text.whole[at] == claim.whole
    mine = claim.whole_weights[hit]
    return float(mine @ text.whole_weights[at[hit]]), float(mine @ mine)


def _against(claim: Terms, text: Terms, n: int) -> tuple[Floats, Floats]:
    """Return for each sentence its dot product with the claim, and the claim's squared weight that it holds."""
    left = np.searchsorted(text.buckets, claim.whole, "left")
    counts = np.searchsorted(text.buckets, claim.whole, "right") - left
    total = int(counts.sum())
    if not total:
        return np.zeros(n), np.zeros(n)
    at = np.repeat(left - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(total)
    of_claim = np.repeat(claim.whole_weights, counts)
    sentences = text.sentences[at]
    product = np.bincount(sentences, weights=of_claim * text.weights[at], minlength=n)
    return product.astype(np.float64), np.bincount(sentences, weights=of_claim**2, minlength=n).astype(np.float64)
