"""A text read once, to be held beside any number of claims.

Owns: `PairReader` and `Text`: hashed terms of each sentence, words by what they do, names and numbers.
Does not know: what is compared (`pairs_features`), labels.

Terms are hashed into buckets: nothing is kept of a term but how common it is, and a term never seen counts
as rare.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from topics.pages import Span
from topics.pairs_words import KINDS, STOP, WORD_KINDS, stem

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
#: Two to this power buckets for terms; a million words and word pairs leave few collisions that matter.
BITS = 18
#: What is hashed: stems, pairs of neighboring stems, runs of four characters.
LEVELS = ("words", "pairs", "runs")
_WORD = re.compile(r"\w+(?:['’]\w+)*|[?!]")
_NAME = re.compile(r"(?<![.!?“\"]\s)(?<!^)\b[A-Z][\w’'-]+")
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Terms:
    """Hashed terms of a text at one level: postings by bucket, ascending, with their sentence and weight."""

    buckets: Longs
    sentences: Longs
    #: (n,) idf weights of the occurrences, count folded in.
    weights: Floats
    #: (n_sentences,) Euclidean lengths
    lengths: Floats
    #: Distinct buckets, ascending, and their weights in the text as a whole.
    whole: Longs
    whole_weights: Floats
    whole_length: float


@dataclass(frozen=True, slots=True)
class Text:
    """A text read once, ready to be held beside any number of claims."""

    spans: tuple[Span, ...]
    levels: tuple[Terms, ...]
    #: (n_words,) bucket of each word's stem, -1 for small words; and its sentence
    words: Longs
    word_sentence: Longs
    #: (n_words + 1, n_kinds) running counts of words of each kind.
    kinds: Floats
    #: (n_sentences, n_kinds)
    sentence_kinds: Floats
    names: frozenset[str]
    numbers: frozenset[str]
    n_words: int
    quoted: float
    #: The stems of each sentence, small words too; and all of them.
    stems: tuple[tuple[str, ...], ...]
    all_stems: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReader:
    """How common each bucket's terms are."""

    #: (len(LEVELS), 2**BITS) inverse document frequencies
    idf: npt.NDArray[np.float32]

    def read(self, text: str, spans: Sequence[Span]) -> Text:
        """Return `text`, cut into the sentences `spans`, ready for `features`."""
        spans = tuple(spans) or ((0, len(text)),)
        word_lists = [words_of(text[a:b]) for a, b in spans]
        hashed = [hashed_levels(words) for words in word_lists]
        stems = tuple(tuple(map(_stem, words)) for words in word_lists)
        flat = [w for words in word_lists for w in words]
        kinds = np.zeros((len(flat) + 1, len(KINDS)))
        for i, word in enumerate(flat):
            for kind in WORD_KINDS.get(word, ()):
                kinds[i + 1, kind] = 1.0
        sentence = np.repeat(np.arange(len(spans)), [len(w) for w in word_lists])
        by_sentence = np.zeros((len(spans), len(KINDS)))
        np.add.at(by_sentence, sentence, kinds[1:])
        return Text(
            spans=spans,
            levels=tuple(_terms([h[level] for h in hashed], self.idf[level]) for level in range(len(LEVELS))),
            words=np.array([-1 if w in STOP else bucket(_stem(w)) for w in flat], np.int64),
            word_sentence=sentence,
            kinds=np.cumsum(kinds, axis=0),
            sentence_kinds=by_sentence,
            names=frozenset(m.lower() for m in _NAME.findall(text)),
            numbers=frozenset(_NUMBER.findall(text)),
            n_words=len(flat),
            quoted=sum(text.count(mark) for mark in '“"') / max(1, len(spans)),
            stems=stems,
            all_stems=frozenset(s for sentence in stems for s in sentence),
        )


def bucket(term: str) -> int:
    """Return the bucket of a term: a hash that is the same in every process."""
    return crc32(term.encode()) & ((1 << BITS) - 1)


#: Stem and buckets of words met so far; a word costs ten times as much the first time.
_CACHE: dict[str, tuple[int, tuple[int, ...], str]] = {}
_stem = lru_cache(maxsize=300_000)(stem)


def hashed_levels(words: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    """Return the buckets of a sentence's words, of pairs of neighbors, and of runs of characters."""
    singles: list[int] = []
    runs: list[int] = []
    stems: list[str] = []
    for word in words:
        if word in STOP:
            continue
        known = _CACHE.get(word)
        if known is None:
            s = _stem(word)
            ended = f"_{word}_"
            known = bucket(s), tuple(bucket(ended[i : i + 4]) for i in range(max(1, len(ended) - 3))), s
            if len(_CACHE) < 300_000:
                _CACHE[word] = known
        singles.append(known[0])
        runs += known[1]
        stems.append(known[2])
    return singles, [bucket(f"{a} {b}") for a, b in pairwise(stems)], runs


def words_of(sentence: str) -> list[str]:
    """Return the words of a sentence in lower case, question and exclamation marks among them."""
    return [w.lower().replace("’", "'") for w in _WORD.findall(sentence)]


def _terms(by_sentence: Sequence[Sequence[int]], idf: npt.NDArray[np.float32]) -> Terms:
    flat = np.array([b for sentence in by_sentence for b in sentence], np.int64)
    sentence = np.repeat(np.arange(len(by_sentence)), [len(s) for s in by_sentence])
    # One posting for each bucket and sentence: equal words in a sentence count by 1 + ln(count).
    key, counts = np.unique(flat * len(by_sentence) + sentence, return_counts=True)
    buckets, of = key // len(by_sentence), key % len(by_sentence)
    weights = (1.0 + np.log(counts)) * idf[buckets]
    lengths = np.sqrt(np.bincount(of, weights=weights**2, minlength=len(by_sentence)))
    whole, whole_counts = np.unique(flat, return_counts=True)
    whole_weights = (1.0 + np.log(whole_counts)) * idf[whole]
    return Terms(buckets, of, weights, lengths, whole, whole_weights, float(np.sqrt((whole_weights**2).sum())))
