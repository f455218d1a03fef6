"""Learners of latent topics side by side: time to a perplexity and to a coherence, coherence over several K.

Owns: turns, what is printed.
Does not know: the learners (`lda_peers`), the data and the judge (`lda_data`).
"""

from __future__ import annotations

import time

import numpy as np
from lda_data import BY, prepare_octis, top_terms
from lda_peers import LEARNERS, MARKS, import_seconds, warm

from training.coherence import coherence, count_windows, diversity
from training.lda_cvb0 import learn_cvb0
from training.settings import LdaSettings


def race(counts, judge, K, seed, names, most):
    """Return {learner: [(rounds, seconds, perplexity, npmi, npmi by term score, diversity)]}.

    No one goes on after `most` seconds.
    """
    results = {name: [] for name in names}
    fits = {name: LEARNERS[name](counts, K, seed) for name in names}
    spent = {name: import_seconds(name) for name in names}
    done = dict.fromkeys(names, 0)
    for step in range(max(len(MARKS[n]) for n in names)):
        for name in names:
            if step >= len(MARKS[name]) or spent[name] > most:
                continue
            begin = time.process_time()
            while done[name] < MARKS[name][step]:
                weights = next(fits[name])
                done[name] += 1
            spent[name] += time.process_time() - begin
            perplexity, npmi, relevant, different = judge(weights())
            results[name].append((done[name], spent[name], perplexity, npmi, relevant, different))
            print(f"  {name:13s} {done[name]:5d} rounds {spent[name]:7.2f} s  perplexity {perplexity:7.1f}  "
                  f"NPMI {npmi:.4f}, by term score {relevant:.4f}  diversity {different:.2f}", flush=True)  # fmt: skip
    return results


def summary(results):
    """Print how long we take to each peer's marks, as a share of its time."""
    mine = results["ours"]
    for name, marks in results.items():
        if name == "ours" or not marks:
            continue
        mark = next((m for m in marks if m[0] == 300), marks[-1])
        for what, column, better in (
            ("perplexity", 2, lambda x, y: x <= y),
            ("NPMI", 3, lambda x, y: x >= y),
            ("NPMI by term score", 4, lambda x, y: x >= y),
        ):
            goal = mark[column] if name == "tomotopy" else (min if what == "perplexity" else max)(m[column] for m in marks)
            theirs = next(m[1] for m in marks if m[column] == goal)
            reached = next((m for m in mine if better(m[column], goal)), None)
            said = (
                "not reached"
                if reached is None
                else f"{reached[1]:.2f} s, {theirs / reached[1]:.1f} times sooner ({reached[0]} sweeps)"
            )
            print(f"  to {name}'s {what} {goal:.4g} ({theirs:.1f} s): {said}")


def coherences(name, seeds, numbers=(10, 20, 30, 40, 50), iterations=1000):
    """Print mean coherence over `numbers` of latent topics, prepared as OCTIS does, lemmas aside; windows over terms left."""
    known, names, texts = prepare_octis(name)
    print(f"{name}: {len(known)} articles, {len(names)} terms")
    warm(known)
    found, spent = {}, {"ours": import_seconds("ours"), "tomotopy": import_seconds("tomotopy")}
    for K in numbers:
        for seed in seeds:
            for learner in spent:
                begin = time.process_time()
                if learner == "ours":  # as `topics train` does: several starts where they pay, until it has converged
                    weights = learn_cvb0(known, LdaSettings(n_topics=K), seed, 1)[0]
                else:
                    fit = LEARNERS[learner](known, K, seed)
                    for _ in range(iterations):
                        last = next(fit)
                    weights = last()
                spent[learner] += time.process_time() - begin
                for by in BY:
                    top = top_terms(weights, names, by)
                    words = {w for t in top for w in t}
                    short, long = count_windows(texts, words, 10), count_windows(texts, words, 110)
                    judged = coherence("npmi", top, short).mean(), coherence("c_v", top, long).mean(), diversity(top)
                    found.setdefault((learner, by), []).append(judged)
    for (learner, by), rows in found.items():
        npmi, c_v, different = np.mean(rows, axis=0)
        print(
            f"  {learner:9s} {spent[learner] / len(seeds):7.1f} s a seed, top terms by {by:11s}  NPMI {npmi:.3f}  C_v {c_v:.3f}  "
            f"diversity {different:.2f}",
            flush=True,
        )
