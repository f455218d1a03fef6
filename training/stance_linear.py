"""Learn linear stances: a head for each target with examples of its own, and one for targets never seen.

Owns: which heads there are, the folds they are judged in, calibration, the report.
Does not know: how a head is fitted (`stance_fit`), how settings are tried (`stance_choose`), what a cue is (`topics/cues`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from topics.cues import CueReader, CueSettings, Head, softmax
from topics.sentences import SentenceSplitter
from topics.stance import StanceModel
from topics.targets import LinearStances
from training.settings import StanceSettings
from training.stance_choose import choose, listed
from training.stance_cues import count_cues, weigh, weights_of
from training.stance_examples import Floats, Ints, StanceExample, grouped_folds, measure
from training.stance_fit import fit_heads
from training.stance_words import WordSpace, learn_words

#: A target with this many examples may get a head of its own also in the kind "general".
FREQUENT = 20
#: Runs of characters gain 1 to 3 points on all sets of 578 to 17,000 examples, and lose 2 on the 264 of the starter corpus.
ENOUGH_FOR_CHARS, MANY_CHARS = 400, (2, 5)
#: So many heads at most: each stores a coefficient for each cue and label.
MOST_HEADS = 30


@dataclass(frozen=True, slots=True)
class _Learned:
    """Heads over one way of reading, and what is known of them."""

    judge: LinearStances
    report: dict[str, Any]
    #: (n, n_labels) scores of each example, by a model that has not seen its fold.
    held_out: Floats


def learn_linear(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    settings: StanceSettings,
    splitter: SentenceSplitter,
    seed: int,
    say: Callable[[str], None],
    texts: Iterable[str] = (),
) -> tuple[StanceModel, dict[str, Any]]:
    """Return the model and the report of `learn_stance` for the kinds "targets" and "general".

    A general model has a second one beside it for targets with many examples, which reads their mentions as they are,
    where that does better on held-out folds.
    """
    general = settings.kind == "general"
    patterns = {name: tuple(target.patterns) for name, target in settings.targets.items()}
    space = learn_words(texts, seed, say) if max(listed(settings.alike)) > 0 else None
    learned = _learn(examples, labels, patterns, settings, splitter, seed, say, space, pooled=general)
    judge, report = learned.judge, {"n": len(examples), "labels": list(labels), "metric": settings.metric, **learned.report}
    frequent = _frequent(examples) if general else []
    if frequent:
        rows = [i for i, e in enumerate(examples) if e.target in frequent]
        own = _learn([examples[i] for i in rows], labels, patterns, settings, splitter, seed, say, space, pooled=False)
        truth = np.array([labels.index(examples[i].label) for i in rows], np.int64)
        if own.report["score"] > measure(settings.metric, truth, learned.held_out[rows].argmax(axis=1), labels):
            judge, report = replace(judge, known=own.judge), report | {"known": own.report}
        else:
            say("stance: heads for frequent targets do no better than what carries over, and are left out")
    heads = [name for of in (judge, judge.known) if of is not None for name in of.heads if name]
    targets = {name: patterns.get(name, ()) for name in [*patterns, *(n for n in heads if n not in patterns)]}
    if not general:
        targets = {name: p for name, p in targets.items() if name in heads}
    model = StanceModel(
        kind=settings.kind,
        labels=labels,
        targets=targets,
        judge_by=judge,
        unknown_below=settings.unknown_below,
        splitter=splitter,
    )
    return model, report


def _learn(
    examples: Sequence[StanceExample],
    labels: tuple[str, ...],
    patterns: Mapping[str, tuple[str, ...]],
    settings: StanceSettings,
    splitter: SentenceSplitter,
    seed: int,
    say: Callable[[str], None],
    space: WordSpace | None,
    *,
    pooled: bool,
) -> _Learned:
    """Learn one head for all targets, mentions masked, judged on targets not fitted on; or one for each."""
    cue_settings = CueSettings(
        ngrams=(settings.ngrams[0], settings.ngrams[1]),
        chars=_characters(settings, len(examples)),
        skip=settings.skip,
        near=settings.near,
        mask=settings.mask or pooled,
    )
    corpus = count_cues(examples, labels, patterns, cue_settings, settings, splitter, space)
    say(f"stance: {len(examples)} examples of {len(corpus.names)} targets, {len(corpus.cues)} different cues")
    names = [""] if pooled else list(corpus.names)
    if pooled:
        corpus = corpus.pooled()
    folds = _folds_of_targets(examples, settings, seed) if pooled else grouped_folds(examples, settings.folds, seed)
    chosen = choose(corpus, folds, labels, settings, seed, say)
    kept, idf, unseen = weights_of(corpus, settings)
    matrix = weigh(corpus.counts, kept, idf, unseen, corpus.sorted_by(balance=chosen.choice.balance))
    cue_settings = replace(cue_settings, balance=chosen.choice.balance)
    likeness = None if corpus.likeness is None else corpus.likeness.take(kept)
    coef, intercept = fit_heads(matrix, corpus.carried(kept, settings.min_targets), corpus, chosen.choice, seed, likeness)
    sharpness = sharpness_of(chosen.held_out, corpus.label)
    guess = chosen.held_out.argmax(axis=1)
    heads, by_target = {}, {}
    for t, name in enumerate(names):
        mine = corpus.target == t
        heads[name] = Head(coef=np.ascontiguousarray(coef[t], np.float32), intercept=intercept[t], sharpness=sharpness)
        by_target[name or "any target"] = {
            "n": int(mine.sum()),
            "macro_f1": measure("macro_f1", corpus.label[mine], guess[mine], labels),
        }
    reader = CueReader(cues=tuple(corpus.cues[i] for i in kept), idf=idf, unseen=unseen, settings=cue_settings)
    return _Learned(
        judge=LinearStances(
            labels=labels,
            reader=reader,
            heads=heads,
            context=settings.context,
            seen=int(np.searchsorted(kept, corpus.n_seen)) if corpus.n_seen < len(corpus.cues) else None,
        ),
        report={
            "chosen": {**chosen.choice.to_dict(), "sharpness": sharpness},
            "score": chosen.score,
            "macro_f1": measure("macro_f1", corpus.label, guess, labels),
            "targets": by_target,
        },
        held_out=chosen.held_out,
    )


def _characters(settings: StanceSettings, n: int) -> tuple[int, int] | None:
    if isinstance(settings.chars, str):
        return MANY_CHARS if settings.chars == "auto" and n >= ENOUGH_FOR_CHARS else None
    return settings.chars[0], settings.chars[1]


def _frequent(examples: Sequence[StanceExample]) -> list[str]:
    """Return the targets with enough examples for a head of their own, in order of their names."""
    counts = Counter(e.target for e in examples)
    several = {target for target in counts if len({e.label for e in examples if e.target == target}) > 1}
    often = sorted((t for t in several if counts[t] >= FREQUENT), key=lambda t: (-counts[t], t))
    return sorted(often[:MOST_HEADS])


def _folds_of_targets(examples: Sequence[StanceExample], settings: StanceSettings, seed: int) -> Ints:
    """Return the fold of each example. What is learned for targets never seen is judged on targets not seen."""
    targets = len({e.target for e in examples})
    if targets > 1:
        return grouped_folds([replace(e, group=e.target) for e in examples], min(settings.folds, targets), seed)
    return grouped_folds(examples, settings.folds, seed)


def sharpness_of(scores: Floats, label: Ints) -> float:
    """Return the factor on held-out scores whose softmax makes the labels most likely (Guo et al. 2017).

    Each label is counted as right in all its examples but one of them and a bit, as Platt (1999) does: ten
    examples told apart without an error are no ground for 99.9 %. A factor moves no decision.
    """
    n_labels = scores.shape[1]
    wanted = np.zeros_like(scores)
    for i, n in enumerate(np.bincount(label, minlength=n_labels)):
        wanted[label == i] = 1.0 / (n + n_labels)
        wanted[label == i, i] = (n + 1.0) / (n + n_labels)
    grid = 0.1 * 1.05 ** np.arange(160)  # 0.1 to 230
    losses = [-(wanted * np.log(np.maximum(softmax(scores * factor), 1e-300))).sum() for factor in grid]
    return float(grid[int(np.argmin(losses))])
