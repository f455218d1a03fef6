"""Choose how linear stance heads are fitted: by held-out folds, one question after the other.

Owns: `Choice`, the order in which settings are tried.
Does not know: what a fit is (`stance_fit`).

All combinations of four settings are too many for a large corpus, and a small one would choose by accident: each
setting is tried by itself, from a start that was best or close to it on all public sets (docs/stance.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from training.settings import StanceSettings
from training.stance_cues import Cues, weigh, weights_of
from training.stance_examples import Floats, Ints, measure
from training.stance_fit import Choice, fit_heads


@dataclass(frozen=True, slots=True)
class Chosen:
    """What cross-validation chose, and what it was chosen by."""

    choice: Choice
    #: By the config's measure, on folds not fitted on.
    score: float
    #: (n, n_labels) of each example, by a model that has not seen its fold.
    held_out: Floats


def choose(
    corpus: Cues, folds: Ints, labels: tuple[str, ...], settings: StanceSettings, seed: int, say: Callable[[str], None]
) -> Chosen:
    """Return the best choice on held-out folds; of equals the first tried."""
    best: Chosen | None = None
    tried: set[Choice] = set()
    start = _start(corpus, settings)
    for question in _QUESTIONS:
        for choice in question(start if best is None else best.choice, corpus, settings):
            if choice in tried:
                continue
            tried.add(choice)
            scores = held_out(corpus, folds, choice, settings, seed)
            score = measure(settings.metric, corpus.label, scores.argmax(axis=1), labels)
            say(f"stance: {choice}: {settings.metric} {score:.4f} on held-out folds")
            if best is None or score > best.score:
                best = Chosen(choice, score, scores)
    assert best is not None  # the settings hold at least one value each
    return best


def held_out(corpus: Cues, folds: Ints, choice: Choice, settings: StanceSettings, seed: int) -> Floats:
    """Return (n, n_labels) scores of each example by a model that has not seen its fold, cues and weights included."""
    scores, sorts = np.zeros((len(folds), corpus.n_labels)), corpus.sorted_by(balance=choice.balance)
    for fold in range(int(folds.max()) + 1):
        train, test = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(test) or not len(train):
            continue
        learned = corpus.take(train)
        kept, idf, unseen = weights_of(learned, settings)
        matrix = weigh(learned.counts, kept, idf, unseen, sorts)
        likeness = None if learned.likeness is None else learned.likeness.take(kept)
        coef, intercept = fit_heads(matrix, learned.carried(kept, settings.min_targets), learned, choice, seed, likeness)
        others = weigh(corpus.counts[test], kept, idf, unseen, sorts)
        for t in range(corpus.n_targets):
            rows = np.flatnonzero(corpus.target[test] == t)
            scores[test[rows]] = others[rows] @ coef[t] + intercept[t]
    return scores


def listed(value: float | list[float]) -> list[float]:
    """Return a setting that may be one value or several as a list."""
    return value if isinstance(value, list) else [value]


def _start(corpus: Cues, settings: StanceSettings) -> Choice:
    cs, shares = listed(settings.c), listed(settings.shared)
    return Choice(
        c=cs[len(cs) // 2],
        shared=shares[len(shares) // 2] if corpus.n_targets > 1 else 0.0,
        nb=(False, True) if isinstance(settings.nb, str) else (settings.nb,),
        balanced=settings.class_weight != "none",
        balance=settings.balance is not False,
        alike=max(listed(settings.alike)) if corpus.likeness is not None else 0.0,
    )


def _c(now: Choice, corpus: Cues, settings: StanceSettings) -> Iterator[Choice]:  # noqa: ARG001 - one of the questions
    yield now
    yield from (replace(now, c=c) for c in listed(settings.c))


def _nb(now: Choice, corpus: Cues, settings: StanceSettings) -> Iterator[Choice]:  # noqa: ARG001 - one of the questions
    if settings.nb == "auto":
        yield replace(now, nb=(False,))
        yield replace(now, nb=(True,))


def _shared(now: Choice, corpus: Cues, settings: StanceSettings) -> Iterator[Choice]:
    if corpus.n_targets > 1:
        yield from (replace(now, shared=shared) for shared in listed(settings.shared))


def _balanced(now: Choice, corpus: Cues, settings: StanceSettings) -> Iterator[Choice]:  # noqa: ARG001 - one of the questions
    if settings.class_weight == "auto":
        yield replace(now, balanced=False)


def _alike(now: Choice, corpus: Cues, settings: StanceSettings) -> Iterator[Choice]:
    if corpus.likeness is not None:
        yield from (replace(now, alike=alike) for alike in listed(settings.alike))


def _balance(now: Choice, corpus: Cues, settings: StanceSettings) -> Iterator[Choice]:  # noqa: ARG001 - one of the questions
    if settings.balance == "auto":
        yield replace(now, balance=False)


_QUESTIONS = (_c, _balance, _nb, _shared, _balanced, _alike)
