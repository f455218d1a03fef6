"""Say which topic an article has, how sure that is, and which terms say so.

Owns: scores, calibrated probabilities, the ranking of topics, when the answer is "unknown", and the terms'
contributions to a score.
Does not know: how weights were learned (`training/classify`), what a term looks like (`terms`).

A score is a sum: an intercept and one contribution for each term of the article. Probabilities are the
softmax (one topic) or the logistic function (several topics) of scaled, bent and shifted scores, fitted on
articles that the weights had not seen (after Platt 1999; Guo et al. 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from topics import kernels
from topics.terms import Ints, Vocabulary, count_terms
from topics.tfidf import Floats, Tfidf, Weights
from topics.tokens import Analysis

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What a classifier says about one article."""

    #: The best topic, or "unknown" where none reaches its level or no term is known.
    label: str
    #: Probability of the best topic, whether it reaches the level or not; 0 where no term is known.
    probability: float
    #: Every topic with its probability, likeliest first, ties by name. Empty where no term is known.
    topics: tuple[tuple[str, float], ...]
    #: The topics that the article is given: at most one, or any number where several are allowed.
    assigned: tuple[str, ...]
    #: The topics that cannot be ruled out at the promised coverage (a conformal set), likeliest first;
    #: empty where no coverage was asked for.
    possible: tuple[str, ...] = ()


#: What is said of an article without a known term.
NOTHING = Ranking(label=UNKNOWN, probability=0.0, topics=(), assigned=())
#: Term weights times labels from which the compiled scores pay.
_WORTH = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearClassifier:
    """A linear classifier over term weights with calibrated probabilities."""

    #: (n_labels,) topics, sorted.
    labels: tuple[str, ...]
    #: (n_labels, n_terms); kept with a term's weights side by side, since an article needs few terms of all labels.
    coef: Floats
    #: (n_labels,)
    intercept: Floats
    #: (n_labels,) calibration: probability = link(bent(scale * score) + shift).
    scale: Floats
    #: (n_labels,)
    shift: Floats
    #: Where scaled scores bend, how sharply, and how steep they are above that, relative to below: beyond the margin, more
    #: score is little more evidence. With a last number of 1 nothing bends.
    bend: tuple[float, float, float] = (0.0, 1.0, 1.0)
    #: (n_labels,) the probability, 0 to 1, that a topic must reach to be given.
    levels: Floats
    #: The probability at which a topic enters the conformal set; above 1 where no coverage was asked for.
    possible_from: float = 2.0
    #: Several topics, or none, are allowed.
    multi_label: bool = False

    def scores(self, columns: Ints, weights: Floats) -> Floats:
        """Return the score of every label, (n_labels,), for an article with these terms: (n,) columns and weights."""
        # One term after the other, never through BLAS, whose order of additions depends on machine and threads.
        parts = self.coef.T[columns] * weights[:, None]
        return np.asarray(self.intercept + (np.add.accumulate(parts)[-1] if len(parts) else 0.0))

    def score_rows(self, weights: Weights) -> Floats:
        """Return the scores of many articles, (n, n_labels): for each the same bits as `scores`."""
        scores = np.empty((len(weights), len(self.labels)))
        if len(weights.data) * len(self.labels) < _WORTH and not kernels.loaded():
            rows = np.repeat(np.arange(len(weights)), np.diff(weights.indptr))
            for c in range(len(self.labels)):
                # bincount adds one term after the other, as `scores` does.
                parts = np.asarray(self.coef[c])[weights.indices] * weights.data
                scores[:, c] = self.intercept[c] + np.bincount(rows, weights=parts, minlength=len(weights))
            return scores
        from topics import kernels_scores

        kernels.ready(kernels_scores.score_rows)
        kernels_scores.score_rows(weights.indptr, weights.indices, weights.data, np.asarray(self.coef.T), self.intercept, scores)
        return scores

    def rank_rows(self, weights: Weights) -> list[Ranking]:
        """Rank the topics of many articles: for each what `rank` says of it."""
        known = np.diff(weights.indptr) > 0
        rankings = self._rankings(self.score_rows(weights))
        return [ranking if any_term else NOTHING for ranking, any_term in zip(rankings, known.tolist(), strict=True)]

    def probabilities(self, scores: Floats) -> Floats:
        """Return the probabilities, 0 to 1, that belong to `scores` (..., n_labels); they sum to 1 unless multi_label."""
        z = self.scale * scores
        center, sharpness, above = self.bend
        if above != 1.0:
            z = z - (1.0 - above) / sharpness * np.logaddexp(0.0, sharpness * (z - center))
        z = z + self.shift
        if self.multi_label:
            # Two forms of one function: neither lets exp overflow.
            small = np.exp(-np.abs(z))
            return np.where(z >= 0, 1.0 / (1.0 + small), small / (1.0 + small))
        z = np.exp(z - z.max(axis=-1, keepdims=True))
        return np.asarray(z / z.sum(axis=-1, keepdims=True))

    def rank(self, columns: Ints, weights: Floats) -> Ranking:
        """Rank the topics of an article. Nothing known, nothing claimed: without a known term the answer is "unknown"."""
        if not len(columns):
            return NOTHING
        return self.rank_scores(self.scores(columns, weights))

    def rank_scores(self, scores: Floats) -> Ranking:
        """Rank the topics of an article by its scores, (n_labels,)."""
        return self._rankings(scores[None, :])[0]

    def _rankings(self, scores: Floats) -> list[Ranking]:
        p = self.probabilities(scores)
        # Labels are sorted, so a stable sort breaks ties by name.
        order = np.argsort(-p, axis=1, kind="stable")
        descending = np.take_along_axis(p, order, axis=1)
        reached = descending >= self.levels[order]
        if not self.multi_label:
            # The best topic alone can be given.
            reached[:, 1:] = False
        n_given = reached.sum(axis=1).tolist()
        n_possible = (descending >= self.possible_from).sum(axis=1).tolist()
        # One flat list each: a list for every article is a load for the garbage collector, half of the time in all.
        numbers, values = order.ravel().tolist(), descending.ravel().tolist()
        flags = reached.ravel().tolist() if self.multi_label else []
        labels, k, rankings = self.labels, len(self.labels), []
        for i in range(len(p)):
            begin = i * k
            names = tuple([labels[j] for j in numbers[begin : begin + k]])
            shown = values[begin : begin + k]
            given = names[: n_given[i]]
            if self.multi_label:
                given = tuple(name for name, flag in zip(names, flags[begin : begin + k], strict=True) if flag)
            rankings.append(
                Ranking(
                    label=given[0] if given else UNKNOWN,
                    probability=shown[names.index(given[0])] if given else shown[0],
                    topics=tuple(zip(names, shown, strict=True)),
                    assigned=given,
                    possible=names[: n_possible[i]],
                )
            )
        return rankings

    def contributions(self, columns: Ints, weights: Floats, label: str) -> Floats:
        """Return what each term adds to the score of `label`, (n,); with the intercept they add up to the score."""
        return np.asarray(self.coef[self.labels.index(label)][columns] * weights)

    def strongest_terms(self, label: str, vocabulary: Vocabulary, n: int) -> list[tuple[str, float]]:
        """Return the `n` terms that speak most for `label`, with their weights, strongest first, ties by term."""
        row = np.asarray(self.coef[self.labels.index(label)])
        return [(vocabulary.terms[i], float(row[i])) for i in np.argsort(-row, kind="stable")[:n]]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name. `term_weights` is `coef` turned: (n_terms, n_labels)."""
        return {
            "term_weights": np.ascontiguousarray(self.coef.T),
            "intercept": self.intercept,
            "scale": self.scale,
            "shift": self.shift,
            "levels": self.levels,
        }

    def settings(self) -> dict[str, Any]:
        """Return the settings that belong to the arrays."""
        return {
            "labels": list(self.labels),
            "multi_label": self.multi_label,
            "possible_from": self.possible_from,
            "bend": list(self.bend),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]) -> LinearClassifier:
        """Rebuild from what `arrays` and `settings` returned; arrays may be memory-mapped.

        Raises ValueError where shapes do not fit each other.
        """
        labels = tuple(str(label) for label in settings["labels"])
        for name, array in arrays.items():
            if array.shape[-1:] != (len(labels),):
                raise ValueError(f"classify/{name}: expected a last axis of {len(labels)} labels, got shape {array.shape}")
        return cls(
            labels=labels,
            coef=arrays["term_weights"].T,
            # Small ones are read at once: each would otherwise stay a map of its own.
            intercept=np.array(arrays["intercept"]),
            scale=np.array(arrays["scale"]),
            shift=np.array(arrays["shift"]),
            levels=np.array(arrays["levels"]),
            bend=(float(settings["bend"][0]), float(settings["bend"][1]), float(settings["bend"][2])),
            possible_from=float(settings["possible_from"]),
            multi_label=bool(settings["multi_label"]),
        )


#: Characters that are labeled at a time: what they are counted in then stays in the cache.
_AT_A_TIME = 500_000


def score_texts(
    texts: Sequence[str], vocabulary: Vocabulary, analysis: Analysis, tfidf: Tfidf, classifier: LinearClassifier
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the scores of many texts, (n, n_labels), and which of them have a known term, (n,).

    For each text the same bits as by `count_terms`, `Tfidf.weigh` and `score_rows`, without the matrix of all.
    """
    scores, known = np.empty((len(texts), len(classifier.labels))), np.empty(len(texts), bool)
    begin = 0
    for part in _parts(texts):
        weights = tfidf.weigh(count_terms(part, vocabulary, analysis))
        end = begin + len(part)
        scores[begin:end], known[begin:end] = classifier.score_rows(weights), np.diff(weights.indptr) > 0
        begin = end
    return scores, known


def label_texts(
    texts: Sequence[str], vocabulary: Vocabulary, analysis: Analysis, tfidf: Tfidf, classifier: LinearClassifier
) -> list[str]:
    """Return the label of each text, "unknown" included: that of its `Ranking`, and nothing else of it.

    Raises ValueError for a classifier that gives several topics.
    """
    if classifier.multi_label:
        raise ValueError("a classifier that gives several topics has no single label; use rank_rows")
    scores, known = score_texts(texts, vocabulary, analysis, tfidf, classifier)
    if not len(scores):
        return []
    p = classifier.probabilities(scores)
    best = p.argmax(axis=1)
    given = known & (p[np.arange(len(p)), best] >= classifier.levels[best])
    return [classifier.labels[b] if yes else UNKNOWN for b, yes in zip(best.tolist(), given.tolist(), strict=True)]


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    # At first as much as makes the kernels start, if there is so much at all.
    least = _AT_A_TIME if kernels.loaded() else kernels.WORTH
    begin = size = 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= least:
            yield texts[begin : i + 1]
            begin, size, least = i + 1, 0, _AT_A_TIME
    if begin < len(texts):
        yield texts[begin:]
