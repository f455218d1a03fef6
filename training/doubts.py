"""Training rows whose label is probably wrong.

Owns: confident learning on held-out probabilities, and the lines of `topics check --doubts`.
Does not know: how held-out probabilities are made (`classify_choose`, `classify_calibrate`), where rows come from (`corpus`).

Northcutt, Jiang and Chuang 2021, Confident learning: estimating uncertainty in dataset labels, sections 3.1 and 3.2
("prune by noise rate" is what is used here; the order is that of the normalized margin).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.classify import LinearClassifier
from topics.errors import ConfigError, one_line
from topics.tfidf import Floats
from training import classify_calibrate as calibrate
from training.classify_choose import choose
from training.classify_fit import matrix
from training.classify_folds import make_folds
from training.classify_target import Target
from training.config import Config
from training.corpus import Example
from training.split import grouped
from training.terms import learn_terms
from training.tfidf import learn_tfidf

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A row whose label is probably wrong."""

    #: Its place among the rows.
    row: int
    #: Number of the label it has, and of the one it should probably have.
    given: int
    likely: int
    #: Held-out probability of the one minus that of the other: above 0, and the larger the more doubtful.
    margin: float


def find_doubts(probability: Floats, given: npt.NDArray[np.int64]) -> list[Doubt]:
    """Return the rows whose label is probably wrong, most doubtful first, ties in the order of the rows.

    probability: (n, n_labels), of models that had not seen the row; given: (n,) label numbers. A row counts as confidently
    of a label when its probability reaches the mean that the label's own rows have; the counts of given against confident
    labels, scaled to the given ones, say how many rows of each label are wrong towards which other; so many with the
    largest margins are returned.
    """
    n, k = probability.shape
    own = probability[np.arange(n), given]
    often = np.bincount(given, minlength=k)
    # A label without rows has no threshold: nothing is confidently of it.
    threshold = np.where(often > 0, np.bincount(given, weights=own, minlength=k) / np.maximum(often, 1), 2.0)
    reached = np.where(probability >= threshold, probability, -1.0)
    confident = np.where((reached >= 0).any(axis=1), reached.argmax(axis=1), -1)
    joint = np.zeros((k, k))
    np.add.at(joint, (given[confident >= 0], confident[confident >= 0]), 1.0)
    total = joint.sum(axis=1, keepdims=True)
    wrong = np.where(total > 0, joint / np.maximum(total, 1.0), np.eye(k)) * often[:, None]
    found: dict[int, Doubt] = {}
    for i in range(k):
        rows = np.flatnonzero(given == i)
        for j in range(k):
            margin = probability[rows, j] - probability[rows, i]
            many = int(np.floor(wrong[i, j] + 0.5)) if i != j else 0
            for at in np.argsort(-margin, kind="stable")[:many]:
                row, by = int(rows[at]), float(margin[at])
                if by > 0 and (row not in found or by > found[row].margin):
                    found[row] = Doubt(row=row, given=i, likely=j, margin=by)
    return sorted(found.values(), key=lambda doubt: (-doubt.margin, doubt.row))


def doubt_lines(config: Config, examples: Sequence[Example], workers: int = 1, progress: Progress | None = None) -> Iterator[str]:
    """Yield the lines of `topics check --doubts`: rows whose topic is probably wrong, by file and row, most doubtful first.

    Raises ConfigError where the config has no [classify], or allows several topics.
    """
    settings = config.classify
    if settings is None or settings.multi_label:
        raise ConfigError("config", ["--doubts asks for wrong topics: it needs [classify] with one topic for each article"])
    rows = [e for e in examples if e.topics]
    labels = tuple(sorted({e.topics[0] for e in rows}))
    if len(labels) < 2:
        yield f"doubtful topics: none can be told with {len(labels)} topics"
        return
    firsts = [e.topics[:1] for e in rows]
    # Copies of an article in two folds would vouch for each other's label.
    groups = [str(group) for group in grouped(rows, config.split.near_duplicates)]
    vocabulary, counts = learn_terms([e.document.text for e in rows], config.terms)
    weights = learn_tfidf(vocabulary, config.tfidf).weigh(counts)
    target = Target.of(firsts, labels, False)
    fold = make_folds(firsts, groups, settings.folds, config.seed)
    best, _ = choose(matrix(weights), target, fold, settings, config.seed, workers, progress or (lambda _: None))
    doubts = find_doubts(_probabilities(labels, best, target), target.numbers)
    yield f"doubtful topics: {len(doubts)} of {len(rows)} rows" + (", most doubtful first" if doubts else "")
    for doubt in doubts:
        example = rows[doubt.row]
        topics = f"{labels[doubt.given]}, rather {labels[doubt.likely]}"
        beginning = " ".join(example.document.text[:80].split())
        yield one_line(f"  {doubt.margin:.3f}  {example.where}: {topics}: {beginning}")


def _probabilities(labels: tuple[str, ...], best: Any, target: Target) -> Floats:  # noqa: ANN401
    link = calibrate.fit_softmax(best.held_out, target.numbers, shifts=False)
    classifier = LinearClassifier(
        labels=labels,
        coef=best.coef,
        intercept=best.intercept,
        scale=link.scale,
        shift=link.shift,
        bend=link.bend,
        levels=np.zeros(len(labels)),
    )
    return classifier.probabilities(best.held_out)
