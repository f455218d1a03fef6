"""Stance on the public sets: each config trained, its own measure on the test side, calibration, and evidence put to the test.

    python benchmarks/stance.py [NAME...]      names of configs, such as semeval-a fnc-1 starter; none: all

The sets are read from where the configs look for them; a set that is not there is skipped, saying so. Evidence is
tested by taking its sentences out: the label should become less probable, or the target should not be mentioned any more.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from topics.errors import TopicsError
from topics.loading import load
from topics.stance import Evidence, StanceModel
from training import train
from training.config import load_config
from training.corpus import load_corpus
from training.split import sides
from training.stance_examples import measure

CONFIGS = Path(__file__).parents[1] / "configs"
#: The measure each set is known by; p-stance's is the mean over its targets.
SETS = {
    "semeval-a": "semeval",
    "semeval-b": "semeval",
    "fnc-1": "fnc",
    "emergent": "macro_f1",
    "arc-stance": "fnc",
    "p-stance": "mean of targets",
    "gwsd": "macro_f1",
    "newsmtsc": "macro_f1",
    "persent": "macro_f1",
    "basil": "macro_f1",
    "starter": "macro_f1",
}
#: Articles whose evidence is taken out.
TRIED = 300


def without(text: str, evidence: Sequence[Evidence]) -> str:
    """Return `text` without its evidence sentences."""
    for sentence in sorted(evidence, key=lambda e: -e.start):
        text = text[: sentence.start] + text[sentence.end :]
    return text


def probability_of(model: StanceModel, text: str, target: str, label: str) -> float:
    """Return the probability of `label`; 0 where the target is not mentioned."""
    for name, mentions in model._mentioned(text, target):
        sentences = model.splitter.spans(text)
        if sentences:
            return float(model.judge_by.judge(text, sentences, mentions, name).probabilities[model.labels.index(label)])
    return 0.0


def evidence_holds(model: StanceModel, pairs: Sequence[tuple[str, str]]) -> tuple[int, int, int]:
    """Return how many stances were judged, how many show evidence, and how many of those become less probable without it."""
    judged = shown = held = 0
    for text, target in pairs:
        for stance in model.judge(text, target):
            judged += 1
            if stance.evidence and stance.label in model.labels:
                shown += 1
                held += probability_of(model, without(text, stance.evidence), target, stance.label) < stance.probability
    return judged, shown, held


def evidence_share(artifact: Path, config: Path) -> float:
    """Return the share, 0 to 1, of test stances with evidence whose label is less probable without it.

    artifact: a model trained from `config`; at most TRIED stances are tried, evenly spread over the test side.
    """
    model = load(artifact).stance
    _, shown, held = evidence_holds(model, tried(config))
    return held / max(1, shown)


def tried(config: Path) -> list[tuple[str, str]]:
    """Return texts of the test side of `config` with the targets they are labeled toward, at most about TRIED."""
    read = load_config(config)
    _, test = sides(load_corpus(read.corpus, config.parent), read.split, read.seed)
    pairs = [(e.document.text, target) for e in test for target in sorted(e.stances)]
    return pairs[:: max(1, len(pairs) // TRIED)]


def run(name: str) -> str:
    """Return a line for the table in docs/stance.md."""
    begin = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        result = train(CONFIGS / f"{name}.toml", out=Path(folder) / name)
        seconds = time.process_time() - begin
        model = load(result.path).stance
    figures = result.evaluation["stance"]
    labels, matrix = figures["confusion"]["labels"], np.array(figures["confusion"]["matrix"])
    truth, guess = (np.repeat(index.ravel(), matrix.ravel()) for index in np.indices(matrix.shape))
    if SETS[name] == "mean of targets":
        score = float(np.mean([target["macro_f1"]["value"] for target in figures["targets"].values()]))
    else:
        score = measure(SETS[name], truth, guess, labels)
    judged, shown, held = evidence_holds(model, tried(CONFIGS / f"{name}.toml"))
    macro_f1, accuracy = figures["macro_f1"]["value"], figures["accuracy"]["value"]
    return (
        f"{name:10} {SETS[name]:16} {score:.4f}  macro-F1 {macro_f1:.4f}  accuracy {accuracy:.4f}"
        f"  calibration error {figures['expected_calibration_error']:.3f}  {seconds:.0f} s of CPU, test side included"
        f"  evidence shown {shown}/{judged}, holds {held}/{shown}"
    )


def main(names: Sequence[str]) -> None:
    """Print a line for each set."""
    for name in names or SETS:
        try:
            print(run(name), flush=True)
        except TopicsError as error:
            print(f"{name}: skipped: {error}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
