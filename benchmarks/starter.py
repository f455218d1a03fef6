"""How far a model trained on the starter corpus carries: accuracy on public sets whose labels map to IPTC.

    python benchmarks/starter.py ARTIFACT [DATASETS]

Each set is scored twice: with all 17 topics to choose from, and among the topics that the set has. Nothing is
fitted on these sets.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from topics.documents import documents_of
from topics.loading import load
from topics.predict import Model
from topics.sources import read
from training import metrics

ARTS, CONFLICT, CRIME = "arts, culture, entertainment and media", "conflict, war and peace", "crime, law and justice"
ECONOMY, POLITICS, SCIENCE, SPORT = "economy, business and finance", "politics", "science and technology", "sport"

#: For each set: file, field of the label, its label for each of our topics ("" where it has none).
BBC = {ARTS: "entertainment", ECONOMY: "business", POLITICS: "politics", SPORT: "sport", SCIENCE: "tech"}
#: AG News files under "World" what is none of the other three.
AG = {SPORT: "Sports", ECONOMY: "Business", SCIENCE: "Sci/Tech"}
SETS: dict[str, tuple[str, str, Mapping[str, str], str | None]] = {
    "bbc-news": ("bbc-news/train.jsonl.gz", "topic", BBC, None),
    "ag-news": ("ag-news/test.jsonl.gz", "topic", AG, "World"),
    "article-bias-prediction, iptc1": ("article-bias-prediction/train.jsonl.gz", "iptc1", {}, None),
}


def probabilities(model: Model, path: Path, field: str) -> tuple[list[str], np.ndarray]:
    """Return the labels of the set's rows that have one, and the model's probabilities (n, n_topics)."""
    assert model.classifier is not None
    truth, rows = [], []
    for record in read([str(path)], on_error=lambda error: None):
        label = record.fields.get(field)
        if not label:
            continue
        (document,) = documents_of(record)
        _, weights = model.count([document])
        rows.append(model.classifier.probabilities(model.classifier.scores(*weights.row(0))))
        truth.append(str(label))
    return truth, np.array(rows)


def score(model: Model, folder: Path, name: str) -> tuple[float, float, float, float, int]:
    """Return accuracy and macro-F1 with all topics to choose from, the same among the set's own, and the number of rows."""
    assert model.classifier is not None
    file, field, table, rest = SETS[name]
    truth, p = probabilities(model, folder / file, field)
    ours = [table.get(label, rest or label) if table else label for label in model.classifier.labels]
    among = [i for i, label in enumerate(ours) if label in set(truth)]
    free = [ours[i] for i in p.argmax(axis=1)]
    restricted = [ours[among[i]] for i in p[:, among].argmax(axis=1)]
    return (*figures(truth, free), *figures(truth, restricted), len(truth))


def figures(truth: list[str], guess: list[str]) -> tuple[float, float]:
    """Return accuracy, and macro-F1 over the set's labels."""
    names = sorted({*truth, *guess})
    matrix = metrics.confusion(metrics.numbered(truth, names), metrics.numbered(guess, names), len(names))
    _, _, f1 = metrics.per_label(matrix)
    own = [i for i, name in enumerate(names) if name in set(truth)]
    return metrics.accuracy(matrix), float(f1[own].mean())


def main() -> None:
    """Print the table."""
    model = load(sys.argv[1])
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "../shared/datasets")
    print("| set | articles | accuracy, 17 topics | macro-F1 | accuracy, the set's own topics | macro-F1 |")
    print("|---|---|---|---|---|---|")
    for name in SETS:
        *four, n = score(model, folder, name)
        print(f"| `{name}` | {n:,} | " + " | ".join(f"{value:.3f}" for value in four) + " |")


if __name__ == "__main__":
    main()
