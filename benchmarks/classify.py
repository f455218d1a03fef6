"""Topic classification on public sets: accuracy, calibration and time, ours and scikit-learn's in one run.

    python benchmarks/classify.py                         every set, ours
    python benchmarks/classify.py ag-news reuters-r8      some of them
    python benchmarks/classify.py --peer ag-news          beside TfidfVectorizer (1-2-grams, sublinear, min_df 2) and
                                                          LinearSVC with C by 3-fold cross-validation

A set is a config of the same name. Its settings were chosen in cross-validation on the training side; the test side is
scored, not looked at. A set without a test side is scored by 5 outer folds. Seconds are CPU seconds of this process, from
texts to a model and its scores on the test side. Data: datasets/ in the folder that NEWSTOPICS_DATA names, or in ../shared.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - threads are limited first

from topics.terms import count_terms  # noqa: E402
from training.classify import learn_classifier  # noqa: E402
from training.classify_calibrate import reliability  # noqa: E402
from training.classify_folds import make_folds  # noqa: E402
from training.classify_target import Target, chosen  # noqa: E402
from training.config import Config, load_config  # noqa: E402
from training.terms import analysis_of, learn_terms  # noqa: E402
from training.tfidf import learn_tfidf  # noqa: E402

DATA = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared")) / "datasets"
SETS = (
    "20newsgroups-stripped", "20newsgroups", "reuters-r8", "reuters-r52", "reuters-90", "ag-news", "bbc-news", "iptc1",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """Texts and their topics."""

    texts: list[str]
    topics: list[tuple[str, ...]]
    #: What belongs together in folds: a thread, or each article alone.
    groups: list[str]

    def take(self, which: np.ndarray) -> Side:
        return Side([self.texts[i] for i in which], [self.topics[i] for i in which], [self.groups[i] for i in which])


def stripped(text: str) -> str:
    """Return a post without quoted lines and without its last block, where a line of dashes or nothing sets that apart."""
    quote = re.compile(r"(writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>)")
    lines = "\n".join(line for line in text.split("\n") if not quote.search(line)).strip().split("\n")
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].strip().strip("-") == "":
            return "\n".join(lines[:at]) if at > 0 else "\n".join(lines)
    return "\n".join(lines)


def read(config: Config, path: str, name: str) -> Side:
    fields = [config.corpus.text] if isinstance(config.corpus.text, str) else config.corpus.text
    texts, topics, groups = [], [], []
    with gzip.open(DATA / path.partition("datasets/")[2], "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            label = row[config.corpus.topic]
            if any(row.get(k) != v for k, v in config.corpus.where.items()) or label is None:
                continue
            text = "\n\n".join(row[f] for f in fields if row[f])
            texts.append(stripped(text) if name.endswith("stripped") else text)
            group = row.get(config.corpus.group) if config.corpus.group else None
            # A thread: the subject without the marks of an answer.
            groups.append(re.sub(r"(?i)^(re|fwd?)\s*:\s*", "", str(group)).strip() if group else f"#{len(texts)}")
            topics.append(tuple(label) if isinstance(label, list) else (label,))
    return Side(texts, topics, groups)


def sides(name: str, config: Config) -> list[tuple[Side, Side]]:
    train = read(config, str(config.corpus.train), name)
    if config.corpus.test is None:
        fold = make_folds(train.topics, train.groups, 5, config.seed)
        return [(train.take(np.flatnonzero(fold != f)), train.take(np.flatnonzero(fold == f))) for f in range(5)]
    test = read(config, str(config.corpus.test), name)
    if name == "reuters-90":
        both = {t for row in train.topics for t in row} & {t for row in test.topics for t in row}
        train, test = (Side(s.texts, [tuple(t for t in row if t in both) for row in s.topics], s.groups) for s in (train, test))
    return [(train, test)]


def ours(train: Side, test: Side, config: Config) -> tuple[Target, np.ndarray, dict[str, float]]:
    """Return the target of the test side, what we say (n, n_labels), and figures."""
    assert config.classify is not None
    vocabulary, counts = learn_terms(train.texts, config.terms)
    tfidf = learn_tfidf(vocabulary, config.tfidf)
    classifier, report = learn_classifier(tfidf.weigh(counts), train.topics, config.classify, train.groups, config.seed)
    weights = tfidf.weigh(count_terms(test.texts, vocabulary, analysis_of(config.terms)))
    p = classifier.probabilities(classifier.score_rows(weights))
    known = [tuple(t for t in row if t in classifier.labels) for row in test.topics]
    target = Target.of(known, classifier.labels, classifier.multi_label)
    figures: dict[str, float] = {"held out": report["held_out"]["accuracy"]}
    if classifier.multi_label:
        return target, p >= classifier.levels, figures
    figures["ECE"] = reliability(p.max(axis=1), p.argmax(axis=1) == target.numbers)["calibration_error"]
    figures["covered"] = float((p >= classifier.possible_from)[np.arange(len(p)), target.numbers].mean())
    return target, chosen(p), figures


def peers(train: Side, test: Side, target_labels: tuple[str, ...], multi_label: bool) -> np.ndarray:
    """Return what scikit-learn's pipeline says, (n, n_labels)."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import GridSearchCV
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    x, z = vectorizer.fit_transform(train.texts), vectorizer.transform(test.texts)
    if multi_label:
        y = Target.of(train.topics, target_labels, True).members
        return OneVsRestClassifier(LinearSVC(C=3.0, random_state=0)).fit(x, y).predict(z).astype(bool)
    y = [row[0] for row in train.topics]
    search = GridSearchCV(make_pipeline(LinearSVC(random_state=0)), {"linearsvc__C": [0.1, 0.3, 1.0, 3.0]}, cv=3).fit(x, y)
    said = search.predict(z)
    return np.array([[label == s for label in target_labels] for s in said])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS), metavar="SET", help=", ".join(SETS))
    parser.add_argument("--peer", action="store_true", help="run scikit-learn's pipeline, too")
    arguments = parser.parse_args()
    for name in arguments.sets:
        config = load_config(ROOT / "configs" / f"{name}.toml")
        assert config.classify is not None
        found: dict[str, list[float]] = {}
        for train, test in sides(name, config):
            begin = time.process_time()
            target, said, figures = ours(train, test, config)
            for key, value in (target.quality_of(said) | figures | {"seconds": time.process_time() - begin}).items():
                found.setdefault(key, []).append(value)
            if arguments.peer:
                begin = time.process_time()
                labels = tuple(sorted({t for row in train.topics for t in row}))
                quality = target.quality_of(peers(train, test, labels, config.classify.multi_label))
                quality["seconds"] = time.process_time() - begin
                for key, value in quality.items():
                    found.setdefault(f"peer {key}", []).append(value)
        print(f"{name:22}", *(f"{key} {np.mean(values):.4f}" for key, values in found.items()), flush=True)


if __name__ == "__main__":
    main()
