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
#: A word with a capital that does not begin the sentence.
_NAME = re.compile(r"(?<!^)\b[A-Z][\w’'-]+")
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
class Sentence:
    """A sentence read once: all that is taken from its words."""

    span: Span
    words: tuple[str, ...]
    stems: tuple[str, ...]
    #: (n_words,) bucket of each word's stem, -1 for small words.
    numbered: tuple[int, ...]
    #: Buckets at each level.
    levels: tuple[list[int], list[int], list[int]]
    names: frozenset[str]
    numbers: frozenset[str]
    quotes: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text read once, ready to be held beside any number of claims."""

    sentences: tuple[Sentence, ...]
    levels: tuple[Terms, ...]
    #: (n_words,) bucket of each word's stem, -1 for small words.
    words: Longs
    #: (n_words + 1, n_kinds) running counts of words of each kind.
    kinds: Floats
    #: (n_sentences, n_kinds)
    sentence_kinds: Floats
    names: frozenset[str]
    numbers: frozenset[str]
    n_words: int
    #: Quotation marks for each sentence.
    quoted: float
    #: All stems, small words' too.
    stems: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReader:
    """How common each bucket's terms are."""

    #: (len(LEVELS), 2**BITS) inverse document frequencies
    idf: npt.NDArray[np.float32]

    def read(self, text: str, spans: Sequence[Span]) -> Text:
        """Return `text`, cut into the sentences `spans`, ready to be compared; no spans: one sentence, all of it."""
        return self.assemble([_sentence(text, span) for span in spans or [(0, len(text))]])

    def assemble(self, sentences: Sequence[Sentence]) -> Text:
        """Return the text that these sentences, at least one, make up."""
        lengths = [len(s.words) for s in sentences]
        flat = [w for s in sentences for w in s.words]
        kinds = np.zeros((len(flat) + 1, len(KINDS)))
        at = [(i + 1, kind) for i, word in enumerate(flat) if word in WORD_KINDS for kind in WORD_KINDS[word]]
        if at:
            kinds[tuple(np.array(at).T)] = 1.0
        kinds = np.cumsum(kinds, axis=0)
        ends = np.cumsum([0, *lengths])
        return Text(
            sentences=tuple(sentences),
            levels=tuple(_terms([s.levels[level] for s in sentences], self.idf[level]) for level in range(len(LEVELS))),
            words=np.array([n for s in sentences for n in s.numbered], np.int64),
            kinds=kinds,
            sentence_kinds=kinds[ends[1:]] - kinds[ends[:-1]],
            names=frozenset().union(*(s.names for s in sentences)),
            numbers=frozenset().union(*(s.numbers for s in sentences)),
            n_words=len(flat),
            quoted=sum(s.quotes for s in sentences) / len(sentences),
            stems=frozenset(stem for s in sentences for stem in s.stems),
        )


def _sentence(text: str, span: Span) -> Sentence:
    piece = text[span[0] : span[1]]
    words = words_of(piece)
    return Sentence(
        span=span,
        words=tuple(words),
        stems=tuple(map(_stem, words)),
        numbered=tuple(-1 if w in STOP else bucket(_stem(w)) for w in words),
        levels=hashed_levels(words),
        names=frozenset(name.lower() for name in _NAME.findall(piece)),
        numbers=frozenset(_NUMBER.findall(piece)),
        quotes=piece.count("“") + piece.count('"'),
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
