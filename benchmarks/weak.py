"""Topics without labels, and which labels to ask for: macro-F1 on test sides.

    python benchmarks/weak.py DATASETS [weak] [annotate]

weak: trained on the articles of a training side without their labels, by the seeds of training/starter/iptc.toml, whose
lists are given to a set's topics by name. annotate: 200 labels chosen by `topics annotate`, twenty at a time from twenty
random ones on, against 200 random ones. Labels of a test side are looked at for the figures alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from topics.terms import count_terms
from topics.tfidf import Weights
from training.annotate import choose_next, uncertainty
from training.classify import learn_classifier
from training.classify_calibrate import reliability
from training.config import Config
from training.corpus import Example, load_corpus
from training.run import fit
from training.settings import ClassifySettings, CorpusSettings, TermsSettings, TfidfSettings
from training.terms import analysis_of, learn_terms
from training.tfidf import learn_tfidf
from training.weak_seeds import iptc

ARTS, ECONOMY, SCIENCE = "arts, culture, entertainment and media", "economy, business and finance", "science and technology"
CONFLICT, DISASTER = "conflict, war and peace", "disaster, accident and emergency incident"
BBC = {"business": [ECONOMY], "entertainment": [ARTS], "politics": ["politics"], "sport": ["sport"], "tech": [SCIENCE]}
AG = {"Business": [ECONOMY], "Sci/Tech": [SCIENCE], "Sports": ["sport"], "World": [CONFLICT, DISASTER, "politics"]}
#: Few words each, written as a user would, to see how much hangs on the long lists.
AG_FEW = {
    "World": ["war", "iraq", "president", "minister", "troops", "killed", "election", "nuclear"],
    "Sports": ["game", "season", "team", "coach", "cup", "olympic", "win", "league"],
    "Business": ["stocks", "profit", "oil prices", "shares", "economy", "company", "sales", "dollar"],
    "Sci/Tech": ["software", "internet", "microsoft", "space", "computer", "scientists", "nasa", "web"],
}
RUNS, LABELS, STEP = 5, 200, 20


def examples(path: Path, field: str, **where: object) -> list[Example]:
    """Return the rows of a file."""
    return load_corpus(CorpusSettings(train=str(path), topic=field, where=where), path.parent).train


def halved(rows: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return a random 70 % and the rest."""
    order = np.random.default_rng(5).permutation(len(rows))
    cut = int(0.7 * len(rows))
    return [rows[i] for i in sorted(order[:cut])], [rows[i] for i in sorted(order[cut:])]


def mapped(lists: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return seeds that bring our lists."""
    return {label: [f"iptc:{name}" for name in names] for label, names in lists.items()}


def without_labels(name: str, train: Sequence[Example], test: Sequence[Example], seeds: dict[str, list[str]]) -> None:
    """Train on articles stripped of their labels; print what comes of it on the test side."""
    bare = [Example(document=e.document, topics=(), stances={}, group=e.group) for e in train]
    config = Config(name="weak", corpus=CorpusSettings(train="-"), classify=ClassifySettings(model="blend", seeds=seeds))
    begin = time.perf_counter()
    model, report = fit(config, bare)
    took = time.perf_counter() - begin
    assert model.classifier is not None
    test = [e for e in test if e.topics]
    _, weights = model.count([e.document for e in test])
    p = model.classifier.probabilities(model.classifier.score_rows(weights))
    said, true = np.array(model.classifier.labels)[p.argmax(axis=1)], np.array([e.topics[0] for e in test])
    macro = f1_score(true, said, average="macro", labels=sorted(set(true)), zero_division=0)
    error = reliability(p.max(axis=1), said == true)["calibration_error"]
    sure = report["classify"]["weak"]["sure"]
    print(
        f"{name:44} {len(bare):6} {len(test):5}  accuracy {np.mean(said == true):.3f}  macro-F1 {macro:.3f}  "
        f"held to be right {sure:.2f}  calibration error {error:.3f}  {took:5.1f} s",
        flush=True,
    )


def taken(weights: Weights, which: Sequence[int]) -> Weights:
    """Return the rows `which`."""
    parts = [weights.row(i) for i in which]
    indptr = np.cumsum([0, *(len(columns) for columns, _ in parts)]).astype(np.int64)
    columns, data = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    return Weights(indptr=indptr, indices=columns, data=data, n_terms=weights.n_terms)


def chosen_labels(name: str, pool: Sequence[Example], test: Sequence[Example]) -> None:
    """Print macro-F1 with chosen and with random labels. Terms are those of the whole pool, as in training."""
    texts, truth = [e.document.text for e in pool], [e.topics[:1] for e in pool]
    vocabulary, counts = learn_terms(texts, TermsSettings())
    tfidf = learn_tfidf(vocabulary, TfidfSettings())
    weights = tfidf.weigh(counts)
    aside = tfidf.weigh(count_terms([e.document.text for e in test], vocabulary, analysis_of(TermsSettings())))
    true = np.array([e.topics[0] for e in test])
    settings = ClassifySettings(folds=3)

    def learned(rows: list[int]):
        return learn_classifier(taken(weights, rows), [truth[i] for i in rows], settings, [str(i) for i in rows], 13)[0]

    def quality(rows: list[int]) -> float:
        classifier = learned(rows)
        said = np.array(classifier.labels)[classifier.score_rows(aside).argmax(axis=1)]
        return float(f1_score(true, said, average="macro", labels=sorted(set(true)), zero_division=0))

    figures: dict[str, list[float]] = {"random": [], "chosen": []}
    for run in range(RUNS):
        order = np.random.default_rng([run, 1]).permutation(len(pool)).tolist()
        figures["random"].append(quality(order[:LABELS]))
        rows = order[:STEP]
        while len(rows) < LABELS:
            known = np.zeros(len(pool), bool)
            known[rows] = True
            rows = rows + choose_next(uncertainty(learned(rows), weights), weights, known, STEP)
        figures["chosen"].append(quality(rows))
    told = "  ".join(f"{how} {np.mean(f):.3f} ± {np.std(f, ddof=1) / RUNS**0.5:.3f}" for how, f in figures.items())
    print(f"{name:44} {len(pool):6} {len(test):5}  {LABELS} labels, macro-F1: {told}", flush=True)


def main(folder: Path, what: Sequence[str]) -> None:
    """Print a line for each set."""
    ag = [examples(folder / "ag-news" / f"{side}.jsonl.gz", "topic") for side in ("train-part", "test")]
    if "weak" in what:
        train, test = halved(examples(folder / "bbc-news/train.jsonl.gz", "topic"))
        without_labels("bbc-news", train, test, mapped(BBC))
        without_labels("ag-news", *ag, mapped(AG))
        without_labels("ag-news, 8 words for each topic", *ag, AG_FEW)
        train, test = halved(examples(folder / "article-bias-prediction/train.jsonl.gz", "iptc1"))
        there = sorted({e.topics[0] for e in train if e.topics})
        without_labels("article-bias-prediction, 17 topics", train, test, mapped({topic: [topic] for topic in iptc()}))
        without_labels("article-bias-prediction, its 14 topics", train, test, mapped({topic: [topic] for topic in there}))
    if "annotate" in what:
        order = np.random.default_rng(5).permutation(len(ag[0]))[:5000]
        chosen_labels("ag-news", [ag[0][i] for i in sorted(order)], ag[1])
        r8 = [examples(folder / "reuters-21578-modapte" / f"{side}.jsonl.gz", "topic", r8=True) for side in ("train", "test")]
        chosen_labels("reuters R8", *r8)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ("weak", "annotate"))
