"""Latent topics against tomotopy, gensim and scikit-learn: time to a perplexity and to a coherence, in one run, in turn.

    python benchmarks/lda.py                                  20 Newsgroups, K = 50, one seed: a few minutes
    python benchmarks/lda.py --data article-bias-prediction --topics 20 50 100 --seeds 1 2 3
    python benchmarks/lda.py --learners ours tomotopy         without the slow ones
    python benchmarks/lda.py --mixtures                       mixtures of new articles, gensim's against ours
    python benchmarks/lda.py --memory --topics 50 500         peak memory on 100,000 made-up articles, streamed and not
    python benchmarks/lda.py --workers                        two workers against one
    python benchmarks/lda.py --coherence --data bbc-news      NPMI, C_v and diversity over K = 10 to 50, prepared as OCTIS does

Everyone gets the same counts, one thread and its turns; seconds are CPU seconds of the fit, with the import of each
package added. Perplexity: half the tokens of each held-out article given the other half, with one fold-in and a document
prior of 0.1 for all. NPMI: of each latent topic's ten most probable terms, in whole training articles. Data: datasets/ in
the folder that NEWSTOPICS_DATA names, or in ../shared. `pip install tomotopy` for that peer; it is used nowhere else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

# Last: a file here may have the name of a module that gensim imports, such as html.
HERE = Path(__file__).resolve().parent
sys.path[:] = [path for path in sys.path if Path(path or ".").resolve() != HERE] + [str(HERE)]


def main(argv: Sequence[str] | None = None) -> int:
    """Run what `argv` asks for and print it; return 0."""
    import lda_costs
    import lda_peers
    import lda_tables
    from lda_data import Judge, prepare

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default="20newsgroups-bydate")
    parser.add_argument("--topics", type=int, nargs="+", default=[50])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--learners", nargs="+", default=list(lda_peers.LEARNERS), choices=list(lda_peers.LEARNERS))
    parser.add_argument("--most", type=float, default=60.0, help="seconds after which a learner stops")
    parser.add_argument("--rounds", type=int, default=10**6, help="rounds of tomotopy after which it stops")
    parser.add_argument("--mixtures", action="store_true")
    parser.add_argument("--coherence", action="store_true")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--workers", action="store_true")
    arguments = parser.parse_args(argv)
    if arguments.memory:
        lda_costs.memory(arguments.topics)
        return 0
    if arguments.coherence:
        lda_tables.coherences(arguments.data, arguments.seeds)
        return 0
    counts, names, a, b = prepare(arguments.data)
    print(f"{arguments.data}: {len(counts)} articles, {counts.n_terms} terms, {counts.data.sum()} tokens; {len(a)} held out")
    lda_peers.warm(counts)
    if arguments.mixtures:
        lda_costs.mixtures(counts)
        return 0
    if arguments.workers:
        lda_costs.workers(counts)
        return 0
    judge = Judge(counts, names, a, b)
    lda_peers.MARKS["tomotopy"] = tuple(n for n in lda_peers.MARKS["tomotopy"] if n <= arguments.rounds)
    for K in arguments.topics:
        for seed in arguments.seeds:
            print(f"K = {K}, seed {seed}", flush=True)
            lda_tables.summary(lda_tables.race(counts, judge, K, seed, arguments.learners, arguments.most))
    return 0


if __name__ == "__main__":
    sys.exit(main())
