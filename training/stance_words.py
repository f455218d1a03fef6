"""Which words are alike: vectors of words from the company they keep in all texts at hand, labeled or not.

Owns: `WordSpace`, counting neighbors, the vectors.
Does not know: labels, how vectors help a fit (`stance_fit`).

Positive pointwise mutual information of words up to five apart, brought to a few axes (Levy and Goldberg 2014; Levy,
Goldberg and Dagan 2015). What a fit says of an axis is a sum over words: it is folded into their coefficients, words
without a labeled example included, so that labeling knows nothing of vectors and explanations stay exact.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from topics.cues import plain_words

#: Fewer words than this in all texts teach no likeness worth having; more than the most change nothing and take long.
LEAST_WORDS, MOST_WORDS = 500_000, 12_000_000
#: The commonest words get vectors, where so many texts at least hold them: a word of fewer would tell of the text.
WORDS, LEAST_TEXTS = 20_000, 5
AXES = 200
#: Neighbors count by one over their distance, up to this one.
WINDOW = 5
#: Words counted at a time: bounds the memory for pairs.
_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class WordSpace:
    """Words and their vectors."""

    #: The commonest first.
    words: tuple[str, ...]
    #: (n_words, AXES), each of length 1.
    vectors: npt.NDArray[np.float32]


def learn_words(texts: Iterable[str], seed: int, say: Callable[[str], None]) -> WordSpace | None:
    """Return vectors of the words in `texts`, or None where they are too few."""
    number: dict[str, int] = {}
    flat = array("i")
    gap = [-1] * WINDOW  # no word is another text's neighbor
    texts_with: Counter[int] = Counter()
    for text in texts:
        ids = [number.setdefault(word, len(number)) for word in plain_words(text)]
        texts_with.update(set(ids))
        flat.extend(ids)
        flat.extend(gap)
        if len(flat) > MOST_WORDS:
            break
    if len(flat) < LEAST_WORDS:
        return None
    words = np.frombuffer(flat, np.int32)
    frequency = np.bincount(words[words >= 0], minlength=len(number))
    names = list(number)
    known = (i for i, n in texts_with.items() if n >= LEAST_TEXTS)
    order = sorted(known, key=lambda i: (-frequency[i], names[i]))[:WORDS]
    if len(order) <= AXES:
        return None
    rank = np.full(len(number) + 1, -1, np.int32)
    rank[order] = np.arange(len(order))
    say(f"stance: {len(flat)} words of all texts teach which of the {len(order)} commonest are alike")
    with threadpool_limits(limits=1):  # sums must not depend on the number of threads
        return WordSpace(tuple(names[i] for i in order), _vectors(_information(rank[words], len(order)), seed))


def _information(ids: npt.NDArray[np.int32], n: int) -> sparse.csr_array:
    """Return the (n, n) positive pointwise mutual information of neighbors; ids: words in order of the texts, -1 for others."""
    together = sparse.csr_array((n, n), dtype=np.float32)
    for begin in range(0, len(ids), _BLOCK):
        block = ids[begin : begin + _BLOCK + WINDOW]
        pairs, weights = [], []
        for distance in range(1, WINDOW + 1):
            left, right = block[:_BLOCK][: len(block) - distance], block[distance:][:_BLOCK]
            both = np.flatnonzero((left >= 0) & (right >= 0))
            pairs.append(left[both].astype(np.int64) * n + right[both])
            weights.append(np.full(len(both), 1.0 / distance, np.float32))
        row, column = np.divmod(np.concatenate(pairs), n)
        together = together + sparse.coo_array((np.concatenate(weights), (row, column)), shape=(n, n)).tocsr()
    both_ways = sparse.coo_array(together + together.T)
    of_word = np.asarray(both_ways.sum(axis=1), np.float64).ravel()
    # Contexts to the power of 0.75: or rare neighbors would count as the most telling (Levy et al. 2015).
    of_context = of_word**0.75
    of_context *= of_word.sum() / of_context.sum()
    row, column = both_ways.coords
    telling = np.log(both_ways.data * of_word.sum() / (of_word[row] * of_context[column]))
    kept = telling > 0
    return sparse.csr_array((telling[kept].astype(np.float32), (row[kept], column[kept])), shape=(n, n))


def _vectors(information: sparse.csr_array, seed: int) -> npt.NDArray[np.float32]:
    """Return unit vectors on the strongest axes: randomized subspace iteration (Halko, Martinsson and Tropp 2011)."""
    n = information.shape[0]
    guess = np.random.default_rng([seed, 55]).standard_normal((n, AXES + 10), np.float32)
    turned = information.T.tocsr()
    basis = np.linalg.qr(information @ guess)[0]
    for _ in range(2):
        basis = np.linalg.qr(information @ np.linalg.qr(turned @ basis)[0])[0]
    u, strength, _ = np.linalg.svd((turned @ basis).T, full_matrices=False)
    vectors = (basis @ u)[:, :AXES] * np.sqrt(strength[:AXES])
    vectors -= vectors[: min(n, 5000)].mean(axis=0)  # what all common words share tells none apart
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
