"""The words that tell a stance, and what they say: linear models on TF-IDF, replayed sentence by sentence.

Owns: `CueReader` (from sentences to counted cues) and `Head` (from cues to scores, shares adding up exactly).
Does not know: where a target is mentioned (`mentions`), how heads were fitted (`training/stance`).

Cues are words with their hashtags and marks, runs of them, pairs with words in between, runs of characters
within words, and words beside a mention by their side. None crosses sentences, so that every occurrence, and
with it every share of a score, belongs to one sentence.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.pages import Span
from topics.sentences import pack, unpack

Floats = npt.NDArray[np.float64]
#: Stands where the target is mentioned, when targets are masked.
TARGET = "⟨target⟩"
#: Stands between the words of a pair with other words in between.
GAP = " … "
_WORD = re.compile(r"[#@]?\w+(?:['’]\w+)*|[!?]+")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_end = itemgetter(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSettings:
    """What is a cue."""

    #: Shortest and longest run of words.
    ngrams: tuple[int, int] = (1, 2)
    #: Shortest and longest run of characters within a word, or None.
    chars: tuple[int, int] | None = None
    #: Words at most between the two of a pair that is counted as such; 0: none.
    skip: int = 0
    #: Words on either side of a mention that are counted once more, marked with their side, and those twice as far; 0: none.
    near: int = 0
    #: Read mentions of the target as one and the same word.
    mask: bool = False
    #: Words, characters and the words beside mentions weigh alike in every text, however many cues of each there are.
    balance: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The cues of a text, weighed: one entry for each known cue of each sentence."""

    #: (n,) columns.
    columns: npt.NDArray[np.int64]
    #: (n,) number of the sentence among those read.
    sentences: npt.NDArray[np.int64]
    #: (n,) TF-IDF weights; a cue's weight is shared evenly among its occurrences.
    weights: Floats
    n_sentences: int


def cues_of(text: str, spans: Iterable[Span], settings: CueSettings, mentions: Sequence[Span] = ()) -> list[list[str]]:
    """Return the cues of each sentence, in reading order."""
    found = []
    for start, end in spans:
        words = _words(text, start, end, settings, mentions)
        pieces = [run for word in words for run in _runs(word, settings)]
        found.append(_cues(words, settings) + pieces)
    return found


def plain_words(text: str) -> list[str]:
    """Return the words of a text as cues know them: in lower case, marks among them, hashtags whole."""
    return _WORD.findall(text.lower().replace("’", "'"))


def _words(text: str, start: int, end: int, settings: CueSettings, mentions: Sequence[Span]) -> list[str]:
    words: list[str] = []
    last = None
    for match in _WORD.finditer(text, start, end):
        if settings.mask:
            # Mentions are in order and apart: the first that ends after the word begins is the only one it can be in.
            at = bisect_right(mentions, match.start(), key=_end)
            inside = mentions[at] if at < len(mentions) and mentions[at][0] < match.end() else None
            if inside is not None:
                if inside != last:
                    words.append(TARGET)
                last = inside
                continue
        word = match.group()
        words.append(word.lower().replace("’", "'"))
        if word[0] == "#":
            pieces = [p.lower() for p in _HUMPS.findall(word)]
            words += pieces if len(pieces) > 1 else [word[1:].lower()]
    return words


def _cues(words: list[str], settings: CueSettings) -> list[str]:
    """Return the cues of a sentence but for runs of characters."""
    shortest, longest = settings.ngrams
    found = list(words) if shortest == 1 else []
    for n in range(max(shortest, 2), longest + 1):
        found += map(" ".join, zip(*(words[i:] for i in range(n)), strict=False))
    for gap in range(2, settings.skip + 2):
        found += [f"{a}{GAP}{b}" for a, b in zip(words, words[gap:], strict=False)]
    if settings.near and TARGET in words:
        near, far = settings.near, 2 * settings.near
        for i, word in enumerate(words):
            if word == TARGET:
                found += [f"<<{w}" for w in words[max(0, i - near) : i]] + [f">>{w}" for w in words[i + 1 : i + 1 + near]]
                found += [f"<{w}" for w in words[max(0, i - far) : i]] + [f">{w}" for w in words[i + 1 : i + 1 + far]]
    return found


def _runs(word: str, settings: CueSettings) -> list[str]:
    """Return the runs of characters in a word, its ends shown by underscores; "~" sets them off from words."""
    if settings.chars is None or word == TARGET:
        return []
    ended, (shortest, longest) = f"_{word}_", settings.chars
    return ["~" + ended[i : i + n] for n in range(shortest, longest + 1) for i in range(len(ended) - n + 1)]


def sort_of(cue: str) -> int:
    """Return the sort of a cue: words and runs 0, characters 1, words beside a mention 2, the closest 3, pairs with a gap 4."""
    first = cue[0]  # no word begins with such marks
    if first == "~":
        return 1
    if first in "<>":
        return 3 if cue[1] == first else 2
    return 4 if GAP in cue else 0


#: How many sorts of cues there are.
SORTS = 5
#: Sentences, and words with their runs of characters, kept in memory.
REMEMBERED, WORDS_REMEMBERED = 1000, 20_000
#: Columns of the known cues, in reading order, and the unknown ones of each sort.
_Sentence = tuple[npt.NDArray[np.int64], tuple[set[str], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CueReader:
    """The known cues and their weights."""

    cues: tuple[str, ...]
    #: (n_cues,) inverse document frequencies.
    idf: Floats
    #: Weight of a cue never seen: it lengthens a text without saying anything, so texts far from those learned from score near 0.
    unseen: float
    settings: CueSettings
    _column: dict[str, int] = field(init=False, repr=False, compare=False)
    #: (n_cues,) sort of each cue; all 0 where the sorts are not balanced.
    _sorts: npt.NDArray[np.int8] = field(init=False, repr=False, compare=False)
    #: Sentences read last: an article is judged toward several targets, and most of its sentences serve all of them.
    _read: dict[tuple[str, Span], _Sentence] = field(init=False, repr=False, compare=False, default_factory=dict)
    #: The runs of characters in words met last: the columns of those known, and the others.
    _runs: dict[str, tuple[array[int], set[str]]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_column", {cue: i for i, cue in enumerate(self.cues)})
        balance = self.settings.balance
        object.__setattr__(self, "_sorts", np.array([sort_of(cue) if balance else 0 for cue in self.cues], np.int8))

    def read(self, text: str, spans: Sequence[Span], mentions: Sequence[Span] = ()) -> Reading:
        """Return the weighed cues of the sentences `spans`; nothing known, nothing in it."""
        # Only a mask reads a sentence otherwise for one target than for another.
        seen = [self._sentence(text, span, mentions if self.settings.mask else ()) for span in spans]
        columns = np.concatenate([np.zeros(0, np.int64), *(known for known, _ in seen)])
        sentences = np.repeat(np.arange(len(spans)), [len(known) for known, _ in seen])
        unseen = np.array([len(frozenset().union(*(unknown[sort] for _, unknown in seen))) for sort in range(SORTS)])
        return self._weigh(columns, sentences, unseen * self.unseen**2, len(spans))

    def _sentence(self, text: str, span: Span, mentions: Sequence[Span]) -> _Sentence:
        """Return the columns of a sentence's known cues, and the others by sort."""
        key = (text, span)
        sentence = None if mentions else self._read.get(key)
        if sentence is None:
            words = _words(text, *span, self.settings, mentions)
            known = array("q")
            unknown: tuple[set[str], ...] = tuple(set() for _ in range(SORTS))
            self._look_up(_cues(words, self.settings), known, unknown)
            if self.settings.chars:
                beside = unknown[1 if self.settings.balance else 0]
                for word in words:
                    of_word = self._runs.get(word)
                    if of_word is None:
                        of_word = self._of_word(word)
                    known += of_word[0]
                    if of_word[1]:
                        beside |= of_word[1]
            sentence = np.array(known, np.int64), unknown
            if not mentions:
                if len(self._read) >= REMEMBERED:
                    self._read.clear()
                self._read[key] = sentence
        return sentence

    def _of_word(self, word: str) -> tuple[array[int], set[str]]:
        known = array("q")
        unknown: tuple[set[str], ...] = tuple(set() for _ in range(SORTS))
        self._look_up(_runs(word, self.settings), known, unknown)
        if len(self._runs) >= WORDS_REMEMBERED:
            self._runs.clear()
        self._runs[word] = known, unknown[1 if self.settings.balance else 0]
        return self._runs[word]

    def _look_up(self, cues: Iterable[str], known: array[int], unknown: tuple[set[str], ...]) -> None:
        """Add the columns of the cues that are known to `known`, and the others to those of their sort."""
        get = self._column.get
        for cue in cues:
            at = get(cue)
            if at is not None:
                known.append(at)
            elif self.unseen:
                unknown[sort_of(cue) if self.settings.balance else 0].add(cue)

    def _weigh(
        self, columns: npt.NDArray[np.int64], sentences: npt.NDArray[np.int64], unseen: Floats, n_sentences: int
    ) -> Reading:
        """`unseen`: (SORTS,) what cues never seen add to the squared length of each sort."""
        counts = np.bincount(columns, minlength=len(self.idf))[columns]
        weights = (np.log(counts) + 1.0) * self.idf[columns]
        sorts = self._sorts[columns]
        # A cue stands here as often as it occurs, and counts once.
        lengths: Floats = np.asarray(np.bincount(sorts, weights=weights**2 / counts, minlength=SORTS) + unseen, np.float64) ** 0.5
        # Each sort has length 1, and so has the whole of those that are there.
        scale = lengths * max(1, int(np.count_nonzero(lengths))) ** 0.5
        return Reading(columns, sentences, weights / (np.where(scale > 0, scale, 1.0)[sorts] * counts), n_sentences)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {"cues": pack(self.cues), "idf": self.idf}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], unseen: float, settings: CueSettings) -> CueReader:
        """Rebuild from what `arrays` returned, with the settings."""
        return cls(cues=tuple(unpack(arrays["cues"])), idf=np.array(arrays["idf"]), unseen=unseen, settings=settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the cues say about one target."""

    #: (n_cues, n_labels); each row sums to 0 over the labels.
    coef: npt.NDArray[Any]
    #: (n_labels,)
    intercept: Floats
    #: Scores are multiplied by this before they become probabilities; learned from articles not fitted on.
    sharpness: float

    def shares(self, reading: Reading) -> Floats:
        """Return (n_sentences + 1, n_labels): what each sentence adds to the scores, and last the intercept.

        The column sums are the scores.
        """
        shares = np.zeros((reading.n_sentences + 1, len(self.intercept)))
        added = self.coef[reading.columns].astype(np.float64) * reading.weights[:, None]
        # Cues come sentence by sentence.
        there, begin = np.unique(reading.sentences, return_index=True)
        if len(there):
            shares[there] = np.add.reduceat(added, begin, axis=0)
        shares[-1] = self.intercept
        return shares

    def probabilities(self, scores: Floats) -> Floats:
        """Return (n_labels,) probabilities that sum to 1."""
        return softmax(scores * self.sharpness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgment of a text toward a target, by any kind of model."""

    #: Number of the label; not always the most probable one where a model decides in steps.
    label: int
    #: (n_labels,), summing to 1.
    probabilities: Floats
    #: The sentences read.
    read: tuple[Span, ...]
    #: (n_read,) what each adds to the score that decided for the label.
    shares: Floats
    #: What no sentence adds: with the shares it sums to the score.
    rest: float
    #: Numbers of the sentences to show, the weightiest first.
    evidence: tuple[int, ...] = ()


def softmax(scores: Floats) -> Floats:
    """Return e**scores / sum, over the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
