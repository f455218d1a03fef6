"""Read examples into counts of cues, and counts into the weights that `topics.cues.CueReader` gives them.

Owns: which cues occur, which are kept, the weight of one never seen.
Does not know: labels' scores, fitting (`stance_linear`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from topics.cues import SORTS, CueSettings, cues_of, sort_of
from topics.mentions import Mentions, free_patterns, sentences_around
from topics.sentences import SentenceSplitter
from training.settings import StanceSettings
from training.stance_examples import Floats, Ints, StanceExample
from training.stance_words import WordSpace

#: Runs of characters occur with every target. Among fewer targets than this they tell targets apart, not sides:
#: on targets left out, a point worse with them at five targets, 1.5 points better at some thousands.
FEW_TARGETS = 20


@dataclass(frozen=True, slots=True)
class Likeness:
    """The vectors of cues that are words, plain or beside a mention."""

    #: (n_vectors, n_axes)
    vectors: npt.NDArray[np.float32]
    #: (n_cues,) the vector of each cue, -1 where it has none.
    row: Ints
    #: (n_cues,) 0 for a plain word, 1 for one before a mention, 2 for one after it; each has axes of its own.
    place: Ints

    def take(self, columns: Ints) -> Likeness:
        """Return the likeness of these cues, in that order."""
        return replace(self, row=self.row[columns], place=self.place[columns])

    def places(self) -> list[Ints]:
        """Return the columns with vectors at each place that has any."""
        there = [np.flatnonzero((self.row >= 0) & (self.place == place)) for place in range(3)]
        return [columns for columns in there if len(columns)]

    def project(self, matrix: sparse.csr_array) -> Floats:
        """Return (n, n_places * n_axes): the sums of the vectors of each row's cues, by their weights."""
        return np.hstack([matrix[:, at] @ self.vectors[self.row[at]].astype(np.float64) for at in self.places()])

    def fold(self, coef: Floats) -> Floats:
        """Return (n_labels, n_cues): what coefficients of the axes, (n_labels, n_places * n_axes), come to for each cue."""
        folded = np.zeros((len(coef), len(self.row)))
        axes = self.vectors.shape[1]
        for i, at in enumerate(self.places()):
            folded[:, at] = coef[:, i * axes : (i + 1) * axes] @ self.vectors[self.row[at]].T.astype(np.float64)
        return folded


@dataclass(frozen=True, slots=True)
class Cues:
    """Examples as counts of all cues that occur."""

    #: Those that occur in order, then words that only other texts taught.
    cues: tuple[str, ...]
    #: How many of them occur.
    n_seen: int
    #: (n, n_cues) counts
    counts: sparse.csr_array
    #: (n_cues,) sort of each cue
    sorts: Ints
    #: The targets there are.
    names: tuple[str, ...]
    #: (n,) number of the target that a head is for.
    target: Ints
    n_targets: int
    #: (n,) number of the label
    label: Ints
    n_labels: int
    #: (n_labels,) weight of an example in fitting
    label_weights: Floats
    #: (n,) number of the target in `names`, where one head is for all of them.
    spread: Ints | None = None
    #: What words like a cue's may say for it, where texts enough taught which are alike.
    likeness: Likeness | None = None

    def take(self, rows: Ints) -> Cues:
        """Return the examples `rows`, in that order."""
        spread = None if self.spread is None else self.spread[rows]
        return replace(self, counts=self.counts[rows], target=self.target[rows], label=self.label[rows], spread=spread)

    def sorted_by(self, *, balance: bool) -> Ints:
        """Return (n_cues,) the sort of each cue, all 0 where sorts are not balanced."""
        return self.sorts if balance else np.zeros_like(self.sorts)

    def pooled(self) -> Cues:
        """Return all examples as if of one target."""
        return replace(self, target=np.zeros_like(self.target), n_targets=1, spread=self.target)

    def carried(self, kept: Ints, least: int) -> npt.NDArray[np.bool_]:
        """Return which of the columns `kept` may say something about any target: those in examples of `least` targets or more.

        Where there are fewer targets, of all; and where there are few, no pieces of words. All columns where heads are
        for one target each.
        """
        if self.spread is None:
            return np.ones(len(kept), np.bool_)
        number = np.unique(self.spread, return_inverse=True)[1]
        n = int(number.max()) + 1
        of_target = sparse.csr_array((np.ones(len(number)), (number, np.arange(len(number)))), shape=(n, len(number)))
        there = sparse.csr_array(of_target @ self.counts[:, kept])
        carried = np.bincount(there.indices, minlength=len(kept)) >= min(least, n)
        if n < FEW_TARGETS:
            carried &= np.array([self.cues[i][0] != "~" for i in kept.tolist()], np.bool_)
        return np.asarray(carried)


def count_cues(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    patterns: Mapping[str, tuple[str, ...]],
    cue_settings: CueSettings,
    settings: StanceSettings,
    splitter: SentenceSplitter,
    space: WordSpace | None = None,
) -> Cues:
    """Return the counts of all cues in the sentences that are read of each example."""
    finders = {name: Mentions(p) for name, p in patterns.items()}
    number: dict[str, int] = {}
    indptr: list[int] = [0]
    indices: list[int] = []
    data: list[int] = []
    for example in examples:
        if example.target not in finders and settings.kind == "general":
            finders[example.target] = Mentions(free_patterns(example.target))
        finder = finders.get(example.target)
        mentions = finder.find(example.text) if finder else []
        sentences = splitter.spans(example.text)
        if mentions and settings.context >= 0:
            sentences = [sentences[i] for i in sentences_around(sentences, mentions, settings.context)]
        row: dict[int, int] = {}
        for cues in cues_of(example.text, sentences, cue_settings, mentions):
            for cue in cues:
                at = number.setdefault(cue, len(number))
                row[at] = row.get(at, 0) + 1
        indices.extend(row)
        data.extend(row.values())
        indptr.append(len(indices))
    cues = sorted(number)
    column = np.empty(len(cues), np.int32)
    column[[number[cue] for cue in cues]] = np.arange(len(cues), dtype=np.int32)
    n_seen = len(cues)
    if space is not None:
        cues += [word for word in space.words if word not in number]
    counts = sparse.csr_array(
        (np.array(data, np.float64), column[np.array(indices, np.int64)], np.array(indptr, np.int64)),
        shape=(len(examples), len(cues)),
    )
    counts.sort_indices()
    names = sorted({e.target for e in examples})
    of_target = {name: i for i, name in enumerate(names)}
    of_label = {label: i for i, label in enumerate(labels)}
    return Cues(
        cues=tuple(cues),
        n_seen=n_seen,
        counts=counts,
        names=tuple(names),
        target=np.array([of_target[e.target] for e in examples], np.int64),
        label=np.array([of_label[e.label] for e in examples], np.int64),
        sorts=np.array([sort_of(cue) for cue in cues], np.int64),
        n_targets=len(names),
        n_labels=len(labels),
        label_weights=np.array([settings.label_weights.get(label, 1.0) for label in labels]),
        likeness=None if space is None else _likeness(cues, space),
    )


def _likeness(cues: Sequence[str], space: WordSpace) -> Likeness:
    of_word = {word: i for i, word in enumerate(space.words)}
    words = [cue.lstrip("<>") for cue in cues]
    # A hashtag that other texts do not have may be a word there.
    row = [of_word.get(word, of_word.get(word[1:], -1) if word[:1] == "#" else -1) for word in words]
    place = [("<>".find(cue[0]) + 1) if word != cue else 0 for cue, word in zip(cues, words, strict=True)]
    return Likeness(space.vectors, np.array(row, np.int64), np.array(place, np.int64))


def weights_of(corpus: Cues, settings: StanceSettings) -> tuple[Ints, Floats, float]:
    """Return the kept columns, their inverse document frequencies, and the weight of a cue never seen."""
    counts = corpus.counts
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    often = frequency >= min(settings.min_df, max(1, counts.shape[0] // 2))
    if corpus.likeness is not None:
        often |= corpus.likeness.row >= 0  # a word like others needs no example of its own
    kept = np.flatnonzero(often)
    n = counts.shape[0] + 1.0
    return kept, np.log(n / (frequency[kept] + 1.0)) + 1.0, settings.unseen * float(np.log(n) + 1.0)


def weigh(counts: sparse.csr_array, kept: Ints, idf: Floats, unseen: float, sorts: Ints) -> sparse.csr_array:
    """Return (n, n_kept) TF-IDF rows of length 1, as `CueReader.read` makes them: cues left out lengthen their sort."""
    matrix = counts[:, kept]
    matrix.data = np.log(matrix.data) + 1.0
    matrix = sparse.csr_array(matrix @ sparse.diags_array(idf))
    n = counts.shape[0]
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr)) * SORTS + sorts[kept][matrix.indices]
    known = np.bincount(rows, minlength=n * SORTS)
    there = np.bincount(np.repeat(np.arange(n), np.diff(counts.indptr)) * SORTS + sorts[counts.indices], minlength=n * SORTS)
    squares = np.bincount(rows, weights=matrix.data**2, minlength=n * SORTS) + (there - known) * unseen**2
    lengths = np.sqrt(squares).reshape(n, SORTS)
    scale = lengths * np.sqrt(np.maximum(1, (lengths > 0).sum(axis=1)))[:, None]
    matrix.data /= scale.ravel()[rows]
    return matrix
