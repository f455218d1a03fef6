"""Learn stances from examples: one call for the three kinds of task.

Owns: `StanceExample`, the folds that keep a page or a story on one side, how probabilities are calibrated.
Does not know: how cues are read (`topics/cues`), what a stance looks like (`topics/stance`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from topics.errors import InputError
from topics.sentences import SentenceSplitter
from topics.stance import StanceModel
from training.settings import StanceSettings
from training.stance_examples import StanceExample
from training.stance_linear import learn_linear
from training.stance_pairs import learn_pairs

#: Each target stores a coefficient for each cue and label: 200 of them take about 100 MB.
MOST_TARGETS = 200

__all__ = ["StanceExample", "learn_stance"]


def learn_stance(
    examples: Sequence[StanceExample],
    settings: StanceSettings,
    splitter: SentenceSplitter,
    seed: int,
    workers: int = 1,  # noqa: ARG001 - every learn function takes it; liblinear uses one core
    progress: Callable[[str], None] | None = None,
    texts: Iterable[str] = (),
) -> tuple[StanceModel, dict[str, Any]]:
    """Return a model of the stances in `examples` and a report for evaluation.json.

    `texts` are all articles at hand, labeled or not: from 500,000 words on they teach which words are alike.

    The report holds what cross-validation chose and measured: "n", "labels", "chosen", "score", "metric", and
    for each target with examples its "n" and macro-F1. Raises InputError where fewer than two labels are left.
    """
    say = progress or (lambda line: None)
    labels = tuple(sorted({e.label for e in examples}))
    if len(labels) < 2:
        raise InputError(f"stances need at least two labels to tell apart, the examples have {list(labels)}; see corpus.stance")
    if settings.kind == "pairs":
        judge, report = learn_pairs(examples, labels, settings, splitter, seed, say)
        model = StanceModel(
            kind="pairs", labels=labels, targets={}, judge_by=judge, unknown_below=settings.unknown_below, splitter=splitter
        )
        return model, report
    targets = {e.target for e in examples}
    if settings.kind == "targets" and len(targets) > MOST_TARGETS:
        raise InputError(
            f'{len(targets)} different targets, and kind "targets" learns a model for each, up to {MOST_TARGETS}; '
            'set stance.kind = "general" where targets are free text, "pairs" where they are claims'
        )
    return learn_linear(examples, labels, settings, splitter, seed, say, texts)
