"""Read examples into counts of cues, and counts into the weights that `topics.cues.CueReader` gives them.

Owns: which cues occur, which are kept, the weight of one never seen.
Does not know: labels' scores, fitting (`stance_linear`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from topics.cues import CueSettings, cues_of
from topics.mentions import Mentions, free_patterns, sentences_around
from topics.sentences import SentenceSplitter
from training.settings import StanceSettings
from training.stance_examples import Floats, Ints, StanceExample


@dataclass(frozen=True, slots=True)
class Cues:
    """Examples as counts of all cues that occur."""

    cues: tuple[str, ...]
    #: (n, n_cues) counts
    counts: sparse.csr_array
    #: (n,) number of the target
    target: Ints
    #: (n,) number of the label
    label: Ints
    n_targets: int
    n_labels: int
    #: (n_labels,) weight of an example in fitting
    label_weights: Floats


def count_cues(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    names: list[str],
    patterns: dict[str, tuple[str, ...]],
    cue_settings: CueSettings,
    settings: StanceSettings,
    splitter: SentenceSplitter,
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
    counts = sparse.csr_array(
        (np.array(data, np.float64), column[np.array(indices, np.int64)], np.array(indptr, np.int64)),
        shape=(len(examples), len(cues)),
    )
    counts.sort_indices()
    of_target = {name: i for i, name in enumerate(names)}
    of_label = {label: i for i, label in enumerate(labels)}
    return Cues(
        cues=tuple(cues),
        counts=counts,
        target=np.array([of_target["" if names == [""] else e.target] for e in examples], np.int64),
        label=np.array([of_label[e.label] for e in examples], np.int64),
        n_targets=len(names),
        n_labels=len(labels),
        label_weights=np.array([settings.label_weights.get(label, 1.0) for label in labels]),
    )


def weights_of(counts: sparse.csr_array, settings: StanceSettings) -> tuple[Ints, Floats, float]:
    """Return the kept columns, their inverse document frequencies, and the weight of a cue never seen."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(frequency >= min(settings.min_df, max(1, counts.shape[0] // 2)))
    n = counts.shape[0] + 1.0
    return kept, np.log(n / (frequency[kept] + 1.0)) + 1.0, settings.unseen * float(np.log(n) + 1.0)


def weigh(counts: sparse.csr_array, kept: Ints, idf: Floats, unseen: float) -> sparse.csr_array:
    """Return (n, n_kept) TF-IDF rows of length 1, as `CueReader.read` makes them: cues left out add to the length."""
    matrix = counts[:, kept]
    matrix.data = np.log(matrix.data) + 1.0
    matrix = matrix @ sparse.diags_array(idf)
    left_out = np.diff(counts.indptr) - np.diff(matrix.indptr)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel() + left_out * unseen**2)
    return sparse.csr_array(sparse.diags_array(1.0 / np.where(length > 0, length, 1.0)) @ matrix)
