"""Latent topics applied: the mixture of each article, and the terms that describe a latent topic.

Owns: `LatentTopics`, how a mixture is found, when the compiled loop is worth its import.
Does not know: how latent topics are learned (`training/lda`), what an article is.

A mixture is the most probable theta given the article's counts and the latent topics: the fixed point of
theta_k = (alpha_k + sum_w n_w p(k | w, theta)) / (n + sum alpha). The objective is strictly concave, so there
is one answer, found from the prior; nothing is drawn at random, and no article sees another.

References: Blei, Ng and Jordan 2003, Latent Dirichlet allocation; Asuncion et al. 2009, On smoothing and
inference for topic models (the MAP and CVB0 updates).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import InputError
from topics.terms import Counts, Ints, Vocabulary

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

#: Most rounds for one article, and the largest change of a topic's share that ends them. On held-out 20 Newsgroups (K = 50)
#: shares are then within 0.003 of the fixed point for 95 % of the articles, and perplexity within 0.1 % of the limit's.
ITERATIONS, TOLERANCE = 200, np.float32(5e-4)
#: Every round goes this many times as far as the plain one would: a third fewer rounds. From 2 on it does not settle.
RELAX = np.float32(1.5)
#: Table look-ups (entries x K) from which importing numba (0.4 s) pays; below, numpy alone is faster.
WORTH_COMPILED = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentTopics:
    """K latent topics over some columns of a vocabulary."""

    #: (K, n_columns) float32, expected counts plus the term prior, above 0 (the papers' lambda; rows normalized: phi).
    topic_term: npt.NDArray[np.floating[Any]]
    #: (K,) float64, document prior, above 0.
    alpha: Floats
    #: (n_columns,) ascending columns of the vocabulary.
    columns: Ints
    #: (K,) a short name each, those of seeds among them; or none at all.
    names: tuple[str, ...] = ()
    #: (n_phrases, 3) columns of the vocabulary: a phrase that counts instead of its two words, and they.
    phrases: Ints = field(default_factory=lambda: np.zeros((0, 3), np.int32))
    #: (n_columns, K) float32, one column's numbers side by side; (K,) float32, 1 / row sums of topic_term.
    _term_topic: Singles = field(init=False, repr=False, compare=False)
    _scale: Singles = field(init=False, repr=False, compare=False)
    #: Row of each column of the vocabulary in _term_topic, or -1, by size of the vocabulary.
    _place: dict[int, Ints] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        K, n = self.topic_term.shape
        if K < 1 or n < 1 or self.alpha.shape != (K,) or self.columns.shape != (n,) or (self.names and len(self.names) != K):
            raise InputError(
                f"latent topics do not fit together: topic_term {self.topic_term.shape}, alpha {self.alpha.shape}, "
                f"columns {self.columns.shape}, {len(self.names)} names"
            )
        if self.phrases.ndim != 2 or self.phrases.shape[1] != 3 or (self.phrases < 0).any():
            raise InputError(f"phrases must be rows of three columns of the vocabulary; their shape is {self.phrases.shape}")
        term_topic = np.ascontiguousarray(np.asarray(self.topic_term, np.float32).T)
        object.__setattr__(self, "_term_topic", term_topic)
        object.__setattr__(self, "topic_term", term_topic.T)
        object.__setattr__(self, "_scale", (1.0 / np.add.reduce(term_topic, axis=0, dtype=np.float64)).astype(np.float32))

    def __repr__(self) -> str:
        return f"<LatentTopics: {self.n_topics} over {len(self.columns)} terms>"

    def _repr_html_(self) -> str:
        from topics.cards import latent_card  # in a notebook alone

        return latent_card(self)

    def map(self, vocabulary: Vocabulary | None = None) -> Any:  # noqa: ANN401 - an altair chart
        """Return the latent topics on a map (see `lda_map`) as an altair chart; with a vocabulary pointing shows terms."""
        from topics import charts
        from topics.lda_map import distances, places

        xy, _ = places(distances(self.topic_term))
        sizes = self.topic_term.sum(axis=1, dtype=np.float64)
        rows = [
            {
                "latent": k,
                "name": self.names[k] if self.names else str(k),
                "x": float(xy[k, 0]),
                "y": float(xy[k, 1]),
                "share": float(sizes[k] / sizes.sum()),
                "terms": "" if vocabulary is None else ", ".join(term for term, _ in self.top_terms(k, 8, vocabulary)),
            }
            for k in range(self.n_topics)
        ]
        return charts.latent_map(rows)

    def over_time(
        self, mixtures: Floats, published: Sequence[str | None], *, unit: str = "month", topics: Sequence[int] | None = None
    ) -> Any:  # noqa: ANN401 - an altair chart
        """Return the mean mixtures of each period with their intervals as an altair chart; of all latent topics or some.

        mixtures: (n_articles, K), as `mixtures` gives them; published: ISO dates, articles without one are left out.
        """
        from topics import charts
        from topics.lda_shares import period, shares

        names = [f"{k} {self.names[k]}" if self.names else str(k) for k in range(self.n_topics)]
        rows = shares(mixtures, [period(date, unit) for date in published]).rows(names)
        return charts.over_time([row for row in rows if topics is None or row["latent"] in topics])

    @property
    def n_topics(self) -> int:
        """K, the number of latent topics."""
        return len(self.alpha)

    @property
    def prior(self) -> Floats:
        """(K,) the mixture of an article that says nothing: alpha, normalized."""
        out: Floats = self.alpha / np.add.accumulate(self.alpha)[-1]
        return out

    def known(self, counts: Counts) -> Counts:
        """Return the counts of this model's own columns, phrases joined, renumbered from 0."""
        return join_phrases(counts, self.phrases).columns(self.columns)

    def mixtures(self, counts: Counts, *, workers: int = 1) -> Floats:
        """Return the mixtures (n_articles, K) of `counts` over the whole vocabulary; rows sum to 1.

        An article without known terms gets the normalized prior. The same article gets the same mixture, bit for
        bit, in any company and order, from any number of workers, compiled or not.
        """
        counts = join_phrases(counts, self.phrases)
        place = self._place.get(counts.n_terms)
        if place is None:
            place = np.full(counts.n_terms, -1, np.int32)
            place[self.columns] = np.arange(len(self.columns), dtype=np.int32)
            self._place[counts.n_terms] = place
        out = np.empty((len(counts), self.n_topics))
        if "topics.kernels_lda" in sys.modules or len(counts.indices) * self.n_topics >= WORTH_COMPILED:
            self._compiled(counts, place, workers, out)
        else:
            for i in range(len(counts)):
                columns, data = counts.row(i)
                rows = place[columns]
                out[i] = self._mixture(rows[rows >= 0], data[rows >= 0])
        return out

    def _compiled(self, counts: Counts, place: Ints, workers: int, out: Floats) -> None:
        from topics.kernels_lda import fold_in

        def part(begin: int, end: int) -> None:
            fold_in(counts.indptr, counts.indices, counts.data, place, self._term_topic, self._scale, self.alpha, begin, end,
                    ITERATIONS, TOLERANCE, RELAX, out)  # fmt: skip

        if workers == 1 or len(counts) < 2 * workers:
            part(0, len(counts))
            return
        from concurrent.futures import ThreadPoolExecutor

        ends = np.searchsorted(counts.indptr, np.linspace(0, counts.indptr[-1], workers + 1)[1:-1])
        bounds = [0, *(int(e) for e in ends), len(counts)]
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(part, bounds[:-1], bounds[1:]))

    def _mixture(self, rows: Ints, counts: Ints) -> Floats:
        """Return one article's mixture with numpy alone; `kernels_lda.fold_in` does the same in the same order."""
        if not len(rows):
            return self.prior
        by_term, c = self._term_topic[rows] * self._scale, counts.astype(np.float32)
        if len(c) == 1:  # one more row that counts nothing: numpy sums a single column in another order
            by_term, c = np.vstack([by_term, np.ones_like(by_term)]), np.append(c, np.float32(0))
        by_topic = np.ascontiguousarray(by_term.T)
        weighed, shared = np.empty_like(by_term), np.empty_like(by_topic)
        alpha = self.alpha.astype(np.float32)
        theta = self.prior.astype(np.float32)
        whole = np.float32(1.0 / (int(counts.sum()) + float(np.add.accumulate(self.alpha)[-1])))
        least = alpha * whole
        for _ in range(ITERATIONS):
            np.multiply(by_topic, theta[:, None], out=shared)
            np.multiply(by_term, (c / np.add.reduce(shared, axis=0))[:, None], out=weighed)
            step = (theta * np.add.reduce(weighed, axis=0) + alpha) * whole - theta
            theta = np.maximum(theta + step * RELAX, least)
            if np.max(np.abs(step)) < TOLERANCE:
                break
        exact = theta.astype(np.float64)
        out: Floats = exact / np.add.accumulate(exact)[-1]
        return out

    def top_columns(self, k: int, n: int) -> Ints:
        """Return the `n` columns of the vocabulary with the highest probability in latent topic `k`, ties to the earlier."""
        order = np.argsort(-self.topic_term[k], kind="stable")[:n]
        return self.columns[order]

    def top_terms(self, k: int, n: int, vocabulary: Vocabulary) -> list[tuple[str, float]]:
        """Return the `n` most probable terms of latent topic `k` with their probabilities, ties to the earlier term."""
        row = self.topic_term[k]
        order = np.argsort(-row, kind="stable")[:n]
        return [(vocabulary.terms[int(self.columns[i])], float(row[i] * self._scale[k])) for i in order]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is stored, by file name."""
        return {"term_topic": self._term_topic, "alpha": self.alpha, "columns": self.columns, "phrases": self.phrases}

    def settings(self) -> dict[str, Any]:
        """Return the settings that belong to the arrays."""
        return {"names": list(self.names)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], settings: Mapping[str, Any]) -> LatentTopics:
        """Rebuild from what `arrays` and `settings` returned."""
        return cls(
            topic_term=arrays["term_topic"].T,
            alpha=np.array(arrays["alpha"]),
            columns=np.array(arrays["columns"]),
            names=tuple(str(name) for name in settings["names"]),
            phrases=np.array(arrays["phrases"]),
        )


def join_phrases(counts: Counts, phrases: Ints) -> Counts:
    """Return `counts` with every occurrence of a phrase taken from its two words; phrases: (n_phrases, 3), see LatentTopics.

    Where phrases overlap ("a b", "b c"), a word is taken at most as often as it is there.
    """
    if not len(phrases):
        return counts
    if int(phrases.max()) >= counts.n_terms:
        raise InputError(f"the phrases are of another vocabulary: column {int(phrases.max())} of {counts.n_terms}")
    words = np.full((counts.n_terms, 2), -1, np.int64)
    words[phrases[:, 0]] = phrases[:, 1:]
    rows = np.repeat(np.arange(len(counts), dtype=np.int64), np.diff(counts.indptr))
    # Row by row and column by column: one ascending key for each entry.
    keys = rows * counts.n_terms + counts.indices
    at = np.flatnonzero(words[counts.indices, 0] >= 0)
    data = counts.data.copy()
    for side in (0, 1):
        wanted = rows[at] * counts.n_terms + words[counts.indices[at], side]
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        there = keys[place] == wanted
        np.subtract.at(data, place[there], counts.data[at[there]])
    keep = data > 0
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(keep)])
    return Counts(indptr=before[counts.indptr], indices=counts.indices[keep], data=data[keep], n_terms=counts.n_terms)
