"""Grow boosted trees, draw a line, weave a network, and hand them over as arrays: scikit-learn behind three functions.

Owns: how trees are grown, and the means of inner nodes that the attribution of scores starts from.
Does not know: what the numbers are, how forests are applied (`topics/trees`).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from topics.pairs import blended, centered
from topics.trees import Floats, Forest, Line, Network, standard
from training.stance_examples import Ints

#: Networks of this many units, each from another start; 16 or 100 units and one network do as well within half a point.
NETWORKS, UNITS = 3, 48
#: Steps of this many examples: more fit the stories (docs/stance.md).
STEPS, BATCH = 600, 200


def grow(numbers: Floats, label: Ints, weights: Floats, *, n_labels: int, trees: int, least: int, seed: int) -> Forest:
    """Return a forest fitted to `numbers` (n, n_features) and `label` (n,): one score for two labels, else one for each.

    n_labels: how many there are, whether or not each has an example here; trees: rounds of boosting; least: examples in a leaf.
    """
    model = HistGradientBoostingClassifier(
        max_iter=trees, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=least, l2_regularization=5.0,
        max_features=0.15, early_stopping=False, random_state=seed,
    )  # fmt: skip
    missing = sorted(set(range(max(2, n_labels))) - set(label.tolist()))
    if missing:
        # A label without an example in this fold stands here once, with next to no weight.
        numbers = np.concatenate([numbers, np.repeat(numbers[:1], len(missing), axis=0)])
        label = np.concatenate([label, np.array(missing)])
        weights = np.concatenate([weights, np.full(len(missing), 1e-6)])
    # One thread: sums of gradients are taken in an order that depends on the number of threads.
    with threadpool_limits(limits=1):
        model.fit(numbers, label, sample_weight=weights)
    feature, threshold, left, right, value, roots, scores = [], [], [], [], [], [], []
    begin = 0
    for round_ in model._predictors:
        for score, tree in enumerate(round_):
            nodes = tree.nodes
            n = len(nodes)
            leaf = nodes["is_leaf"].astype(bool)
            means = nodes["value"].astype(np.float64)
            # Children stand after their parent, so that one pass from the end fills in all means.
            for i in np.flatnonzero(~leaf)[::-1].tolist():
                a, b = int(nodes["left"][i]), int(nodes["right"][i])
                share = nodes["count"][a] / (nodes["count"][a] + nodes["count"][b])
                means[i] = share * means[a] + (1 - share) * means[b]
            here = np.arange(n)
            feature.append(np.where(leaf, -1, nodes["feature_idx"]))
            threshold.append(np.where(leaf, 0.0, nodes["num_threshold"]))
            left.append(begin + np.where(leaf, here, nodes["left"]))
            right.append(begin + np.where(leaf, here, nodes["right"]))
            value.append(means)
            roots.append(begin)
            scores.append(score)
            begin += n
    return Forest(
        feature=np.concatenate(feature).astype(np.int16),
        threshold=np.concatenate(threshold).astype(np.float64),
        left=np.concatenate(left).astype(np.int32),
        right=np.concatenate(right).astype(np.int32),
        value=np.concatenate(value),
        roots=np.array(roots, np.int32),
        scores=np.array(scores, np.int16),
        base=np.asarray(model._baseline_prediction, np.float64).ravel(),
    )


def draw(numbers: Floats, label: Ints, weights: Floats, *, n_labels: int) -> Line:
    """Return a linear model (logistic regression, C 0.003) of `label`, with a score for each of `n_labels`."""
    mean, spread = numbers.mean(axis=0), numbers.std(axis=0)
    line = Line(
        mean=mean,
        spread=np.where(spread > 0, spread, 1.0),
        coef=np.zeros((numbers.shape[1], n_labels)),
        intercept=np.full(n_labels, -10.0),  # of a label without an example here
    )
    there = np.unique(label)
    if len(there) < 2:
        line.intercept[there] = 0.0
        return line
    with threadpool_limits(limits=1):
        model = LogisticRegression(C=0.003, max_iter=500).fit(line.standard(numbers), label, sample_weight=weights)
    if len(there) == 2:
        line.coef[:, there] = np.stack([-model.coef_[0] / 2, model.coef_[0] / 2], axis=1)
        line.intercept[there] = -model.intercept_[0] / 2, model.intercept_[0] / 2
    else:
        line.coef[:, there], line.intercept[there] = model.coef_.T, model.intercept_
    return line


def weave(numbers: Floats, label: Ints, weights: Floats, *, n_labels: int, seed: int) -> tuple[Network, ...]:
    """Return networks of UNITS units fitted to `label`, alike but for where they started; scikit-learn's perceptron.

    It knows no weights of examples: each is there as often as its weight says, the rest of it by lot.
    """
    mean, spread = numbers.mean(axis=0), numbers.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    there = np.unique(label)
    if len(there) < 2:
        return ()
    networks = []
    for begun in range(NETWORKS):
        lot = np.random.default_rng([seed, 56, begun]).random(len(label))
        rows = np.repeat(np.arange(len(label)), np.floor(weights + lot).astype(np.int64))
        rows = rows if len(np.unique(label[rows])) == len(there) else np.arange(len(label))
        epochs = max(1, round(STEPS * BATCH / len(rows)))
        model = MLPClassifier(
            (UNITS,), alpha=10.0, batch_size=min(BATCH, len(rows)), max_iter=epochs, n_iter_no_change=epochs + 1,
            random_state=seed + begun,
        )  # fmt: skip
        # The number of epochs is meant: scikit-learn warns that it could go on.
        with threadpool_limits(limits=1), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(standard(numbers[rows], mean, spread), label[rows])
        last, intercept = model.coefs_[1], model.intercepts_[1]
        if len(there) == 2:
            last, intercept = np.hstack([-last / 2, last / 2]), np.concatenate([-intercept / 2, intercept / 2])
        out, base = np.zeros((UNITS, n_labels)), np.full(n_labels, -10.0)  # of a label without an example here
        out[:, there], base[there] = last, intercept
        networks.append(
            Network(mean=mean, spread=spread, into=model.coefs_[0], start=model.intercepts_[0], out=out, intercept=base)
        )
    return tuple(networks)


def side_scores(sides: Forest, line: Line, networks: Sequence[Network], numbers: Floats) -> Floats:
    """Return (n, n_sides) scores, as `PairJudge` blends them one by one."""
    out = np.zeros(1)
    for weight, by in blended(sides, line, networks):
        scores = forest_scores(by, numbers) if isinstance(by, Forest) else by.score(numbers)
        out = out + weight * centered(scores)
    return out


def forest_scores(forest: Forest, numbers: Floats) -> Floats:
    """Return (n, n_scores), as `Forest.explain` gives them one by one."""
    out = np.repeat(forest.base[None], len(numbers), axis=0)
    for root, score in zip(forest.roots.tolist(), forest.scores.tolist(), strict=True):
        at = np.full(len(numbers), root)
        while True:
            inner = np.flatnonzero(forest.feature[at] >= 0)
            if not len(inner):
                break
            here = at[inner]
            goes = numbers[inner, forest.feature[here]] <= forest.threshold[here]
            at[inner] = np.where(goes, forest.left[here], forest.right[here])
        out[:, score] += forest.value[at]
    return out
