"""Judge a model on articles with known labels.

Owns: which figures a test side is summed up in, and their form in `evaluation.json`.
Does not know: the measures themselves (`metrics`), where articles come from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from topics.errors import UsageError
from topics.evaluation import Evaluation
from topics.predict import LabeledArticle, Model
from training import metrics
from training.corpus import Example
from training.stance_examples import interval

#: Articles labeled at a time: bounds the memory for counts and mixtures.
BATCH = 256
#: The guess for a target that the model does not find in the article.
NOT_MENTIONED = "not mentioned"
#: Free-text targets are as many as rows: beyond this, only the whole is reported.
MOST_TARGETS = 50


def label_all(model: Model, examples: Sequence[Example]) -> list[LabeledArticle]:
    """Return what `model` says of every example, in order."""
    labeled: list[LabeledArticle] = []
    for at in range(0, len(examples), BATCH):
        labeled += model.label([e.document for e in examples[at : at + BATCH]])
    return labeled


def evaluate(model: Model, examples: Sequence[Example], *, n_samples: int, seed: int, metric: str = "macro_f1") -> Evaluation:
    """Return the figures of `model` on `examples`, JSON-able; a room without labels there is left out.

    metric: the measure by which stances are usually judged on such data; it is given beside the others.
    """
    level = 0.0
    if model.stance is not None:
        # The best label counts as the guess also where the answer given is "unknown"; how often that is stands beside it.
        level = model.stance.unknown_below
        model = replace(model, stance=replace(model.stance, unknown_below=0.0))
    labeled = label_all(model, examples)
    result = Evaluation(articles=len(examples))
    if model.classifier is not None and any(e.topics for e in examples):
        if model.classifier.multi_label:
            result["topic"] = _several_topics(examples, labeled)
        else:
            result["topic"] = _one_topic(examples, labeled, n_samples, seed)
    if model.stance is not None:
        stance = _stance(model, examples, labeled, n_samples, seed, level, metric)
        if stance:
            result["stance"] = stance
    if model.latent is not None:
        known = [article for article in labeled if article.mixture]
        share = Counter(article.mixture[0][0] for article in known)
        result["latent"] = {"articles": len(known), "most_of": {str(k): n for k, n in sorted(share.items())}}
    return result


def _interval(interval: metrics.Interval) -> dict[str, float]:
    return {"value": round(interval.value, 4), "low": round(interval.low, 4), "high": round(interval.high, 4)}


def _figures(truth: Sequence[str], guess: Sequence[str], n_samples: int, seed: int) -> dict[str, Any]:
    names = sorted({*truth, *guess})
    true, guessed = metrics.numbered(truth, names), metrics.numbered(guess, names)
    matrix = metrics.confusion(true, guessed, len(names))
    precision, recall, f1 = metrics.per_label(matrix)
    return {
        "n": len(truth),
        "accuracy": _interval(metrics.bootstrap(true, guessed, len(names), metrics.accuracy, n_samples, seed)),
        "macro_f1": _interval(metrics.bootstrap(true, guessed, len(names), metrics.macro_f1, n_samples, seed)),
        "labels": {
            name: {
                "n": int(matrix[i].sum()),
                "precision": round(float(precision[i]), 4),
                "recall": round(float(recall[i]), 4),
                "f1": round(float(f1[i]), 4),
            }
            for i, name in enumerate(names)
        },
        "confusion": {"labels": names, "matrix": matrix.tolist()},
    }


def _calibration(probability: Sequence[float], right: Sequence[bool]) -> dict[str, Any]:
    p, r = np.array(probability, np.float64), np.array(right, np.bool_)
    return {
        "expected_calibration_error": round(metrics.expected_calibration_error(p, r), 4),
        "reliability": [{k: round(v, 4) for k, v in b.items()} for b in metrics.reliability(p, r)],
        "coverage": [{k: round(v, 4) for k, v in point.items()} for point in metrics.coverage(p, r)],
    }


def _one_topic(examples: Sequence[Example], labeled: Sequence[LabeledArticle], n_samples: int, seed: int) -> dict[str, Any]:
    """The best topic counts as the guess even where the answer given is "unknown"; how often that is stands beside it."""
    pairs = [(e.topics, a.topic) for e, a in zip(examples, labeled, strict=True) if e.topics and a.topic is not None]
    guess = [ranking.topics[0][0] if ranking.topics else ranking.label for _, ranking in pairs]
    # An article filed under several topics is right with any of them.
    truth = [g if g in topics else topics[0] for g, (topics, _) in zip(guess, pairs, strict=True)]
    right = [t == g for t, g in zip(truth, guess, strict=True)]
    answered = [r for r, (_, ranking) in zip(right, pairs, strict=True) if ranking.assigned]
    return {
        **_figures(truth, guess, n_samples, seed),
        **_calibration([ranking.probability for _, ranking in pairs], right),
        "answered": round(len(answered) / len(pairs), 4),
        "right_when_answered": round(sum(answered) / len(answered), 4) if answered else None,
    }


def _several_topics(examples: Sequence[Example], labeled: Sequence[LabeledArticle]) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for example, article in zip(examples, labeled, strict=True):
        given = set(article.topic.assigned if article.topic else ())
        for topic in {*example.topics, *given}:
            kind = "hit" if topic in given and topic in example.topics else "false" if topic in given else "missed"
            counts[topic][kind] += 1
    total: Counter[str] = sum(counts.values(), Counter())
    # Of every topic of every article: how probable it is said to be, and whether the article has it.
    pairs = [
        (probability, topic in example.topics)
        for example, article in zip(examples, labeled, strict=True)
        for topic, probability in (article.topic.topics if article.topic else ())
    ]
    calibration = _calibration([p for p, _ in pairs], [there for _, there in pairs])
    labels = {topic: {**_prf(c), "n": c["hit"] + c["missed"]} for topic, c in sorted(counts.items())}
    return {
        "n": len(examples),
        "micro_f1": _prf(total)["f1"],
        "macro_f1": round(sum(v["f1"] for v in labels.values()) / max(1, len(labels)), 4),
        "labels": labels,
        # Coverage has no meaning here: each article is answered for every topic.
        **{name: calibration[name] for name in ("expected_calibration_error", "reliability")},
    }


def _prf(c: Counter[str]) -> dict[str, float]:
    hit = c["hit"]
    return {
        "precision": round(hit / max(1, hit + c["false"]), 4),
        "recall": round(hit / max(1, hit + c["missed"]), 4),
        "f1": round(2 * hit / max(1, 2 * hit + c["false"] + c["missed"]), 4),
    }


def _stance(
    model: Model,
    examples: Sequence[Example],
    labeled: Sequence[LabeledArticle],
    n_samples: int,
    seed: int,
    level: float,
    metric: str,
) -> dict[str, Any]:
    """Figures over all (article, target) pairs with a label, and by target.

    A target with patterns that the model did not find mentioned counts as the guess "not mentioned". Other targets are
    asked for, as `topics predict --target` does. Targets the model has never learned are counted, and not judged.
    """
    rows: list[tuple[str, str, str, float]] = []
    not_learned: Counter[str] = Counter()
    for example, article in zip(examples, labeled, strict=True):
        found = {stance.target: (stance.label, stance.probability) for stance in article.stances}
        for target, truth in sorted(example.stances.items()):
            if target not in found and not _patterns(model, target):
                try:
                    found |= {s.target: (s.label, s.probability) for s in model.judge(example.document, target)}
                except UsageError:
                    not_learned[target] += 1
                    continue
            rows.append((target, truth, *found.get(target, (NOT_MENTIONED, 0.0))))
    if not rows and not not_learned:
        return {}
    figures = _stance_figures(rows, n_samples, seed, level, metric) if rows else {}
    return figures | ({"targets_not_learned": dict(sorted(not_learned.items())[:MOST_TARGETS])} if not_learned else {})


def _patterns(model: Model, target: str) -> tuple[str, ...]:
    return tuple(model.stance.targets.get(target, ())) if model.stance is not None else ()


def _stance_figures(
    rows: Sequence[tuple[str, str, str, float]], n_samples: int, seed: int, level: float, metric: str
) -> dict[str, Any]:
    by_target: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for target, truth, guess, _ in rows:
        by_target[target].append((truth, guess))
    overall = {
        **_figures([r[1] for r in rows], [r[2] for r in rows], n_samples, seed),
        **_calibration([r[3] for r in rows], [r[1] == r[2] for r in rows]),
    }
    answered = [truth == guess for _, truth, guess, probability in rows if probability >= level]
    overall["answered"] = round(len(answered) / len(rows), 4)
    overall["right_when_answered"] = round(sum(answered) / len(answered), 4) if answered else None
    names = sorted({label for _, truth, guess, _ in rows for label in (truth, guess)})

    def measured(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the metric that the config names, where the usual figures do not hold it."""
        if metric in overall:
            return {}
        true, guessed = (metrics.numbered(side, names) for side in zip(*pairs, strict=True))
        return {metric: _interval(interval(metric, true, guessed, names, n_samples, seed))}

    of_all = measured([(truth, guess) for _, truth, guess, _ in rows])
    if len(by_target) <= MOST_TARGETS:
        overall["targets"] = {
            target: {**_figures([t for t, _ in pairs], [g for _, g in pairs], n_samples, seed), **measured(pairs)}
            for target, pairs in sorted(by_target.items())
        }
    overall.update(of_all)
    return overall
