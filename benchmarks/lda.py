"""Latent topics against tomotopy, gensim and scikit-learn: time to a perplexity and to a coherence, in one run, in turn.

    python benchmarks/lda.py                                  20 Newsgroups, K = 50, one seed: a few minutes
    python benchmarks/lda.py --data article-bias-prediction --topics 20 50 100 --seeds 1 2 3
    python benchmarks/lda.py --mixtures                       mixtures of new articles, gensim's against ours
    python benchmarks/lda.py --memory --topics 50 500         peak memory on 100,000 made-up articles, streamed and not
    python benchmarks/lda.py --coherence --data bbc-news      NPMI, C_v and diversity over K = 10 to 50, prepared as OCTIS does

Everyone gets the same counts, one thread and its turns; seconds are CPU seconds of the fit, with the import of each
package added. Perplexity: half the tokens of each held-out article given the other half, with one fold-in and a document
prior of 0.1 for all. NPMI: of each latent topic's ten most probable terms, in whole training articles. Data: the folder
named by NEWSTOPICS_DATA, or ../shared/datasets. `pip install tomotopy` for that peer; it is used nowhere else.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - threads are limited first

from topics.lda import LatentTopics  # noqa: E402
from topics.terms import Counts, count_terms  # noqa: E402
from topics.tokens import analyzer  # noqa: E402
from training.coherence import coherence, count_articles, count_windows, diversity  # noqa: E402
from training.lda_columns import choose_columns  # noqa: E402
from training.settings import LdaSettings, TermsSettings  # noqa: E402
from training.terms import analysis_of, learn_terms  # noqa: E402

DATA = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared" / "datasets"))
#: Marks of each learner at which it is judged, in its own rounds.
MARKS = {
    "ours": (10, 20, 30, 40, 50, 60, 80, 100, 150, 200),
    "tomotopy": (50, 100, 200, 300, 600, 1000),
    "gensim": (1, 2, 3, 5, 8, 12, 20),
    "scikit-learn": (1, 2, 3, 5, 8, 12, 20),
}
IMPORTS = {
    "ours": "import topics.kernels_lda, topics.kernels_cvb0",
    "tomotopy": "import tomotopy",
    "gensim": "from gensim.models import LdaModel",
    "scikit-learn": "from sklearn.decomposition import LatentDirichletAllocation",
}


def texts_of(name):
    """Return (training texts, held-out texts), shuffled: the files are sorted by topic."""

    def read(file):
        with gzip.open(DATA / name / file, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    rng = np.random.default_rng(0)
    if name == "20newsgroups-bydate":
        from sklearn.datasets._twenty_newsgroups import strip_newsgroup_footer, strip_newsgroup_quoting

        train, test = (
            [strip_newsgroup_footer(strip_newsgroup_quoting(r["text"])) for r in read(f"{s}.jsonl.gz")] for s in ("train", "test")
        )
        return [train[i] for i in rng.permutation(len(train))], [test[i] for i in rng.permutation(len(test))[:2000]]
    rows = [f"{r['title']}\n\n{r['text']}" for r in read("train.jsonl.gz")]
    rows = [rows[i] for i in rng.permutation(len(rows))]
    n = min(1500, len(rows) // 8)
    return rows[n:], rows[:n]


def prepare(name):
    """Return (counts, vocabulary of its columns' terms, held-out halves a and b)."""
    train, test = texts_of(name)
    terms = TermsSettings(ngrams=[1, 1], min_df=8, stop_words="english")
    vocabulary, counts = learn_terms(train, terms)
    columns, _ = choose_columns(counts, vocabulary, LdaSettings(), np.zeros((0, 3), np.int32))
    held = count_terms(test, vocabulary, analysis_of(terms)).columns(columns)
    names = [vocabulary.terms[c] for c in columns]
    known = counts.columns(columns)
    known = known.rows(np.flatnonzero(np.diff(known.indptr)))
    a = np.random.default_rng(1).binomial(held.data, 0.5).astype(np.int32)
    halves = []
    for data in (a, held.data - a):
        before = np.concatenate([[0], np.cumsum(data > 0)])
        halves.append(
            Counts(indptr=before[held.indptr], indices=held.indices[data > 0], data=data[data > 0], n_terms=held.n_terms)
        )
    both = np.flatnonzero((np.diff(halves[0].indptr) > 0) & (np.diff(halves[1].indptr) > 0))
    return known, names, halves[0].rows(both), halves[1].rows(both)


class Judge:
    """One perplexity and one coherence for everyone."""

    def __init__(self, counts, names, a, b):
        from topics.terms import Vocabulary

        self.counts, self.names, self.a, self.b = counts, names, a, b
        self.vocabulary = Vocabulary(terms=tuple(names), document_frequency=counts.document_frequency(), n_documents=len(counts))

    def __call__(self, topic_term):
        phi = np.maximum(np.asarray(topic_term, np.float64), 1e-12)
        phi /= phi.sum(axis=1, keepdims=True)
        # A little of everything for all: a term that a model rules out would decide alone.
        phi = phi * (1 - 1e-7 * phi.shape[1]) + 1e-7
        K = len(phi)
        latent = LatentTopics(topic_term=phi, alpha=np.full(K, 0.1), columns=np.arange(phi.shape[1], dtype=np.int32))
        mixtures = latent.mixtures(self.a)
        rows = np.repeat(np.arange(len(self.b)), np.diff(self.b.indptr))
        found = 0.0
        for at in range(0, len(rows), 20000):
            s = slice(at, at + 20000)
            p = np.einsum("ik,ki->i", mixtures[rows[s]], phi[:, self.b.indices[s]])
            found += float((self.b.data[s] * np.log(p)).sum())
        # Relevance (Sievert and Shirley 2014) at 0.6: how `topics.lda_labels` names terms; the same for everyone.
        relevance = 0.6 * np.log(phi) + 0.4 * np.log(phi / (mixtures.mean(axis=0) @ phi))
        npmi, different = [], []
        for weights in (phi, relevance):
            top = [[self.names[i] for i in np.argsort(-row, kind="stable")[:10]] for row in weights]
            together = count_articles(self.counts, self.vocabulary, {w for t in top for w in t})
            npmi.append(float(np.mean(coherence("npmi", top, together))))
            different.append(diversity(top))
        return np.exp(-found / self.b.data.sum()), npmi[0], npmi[1], different[0]


def ours(counts, K, seed):
    """Yield the terms' weights after every sweep."""
    from concurrent.futures import ThreadPoolExecutor

    from training.lda_cvb0 import EVERY, Cvb0

    fit = Cvb0(counts, LdaSettings(n_topics=K), seed, 1)
    with ThreadPoolExecutor(1) as pool:
        while True:
            fit.step(pool)
            if fit.state.sweeps % EVERY == 0:
                fit.measure()
            yield fit.topic_term


def tomotopy(counts, K, seed):
    """Yield after every ten iterations (counted as ten rounds)."""
    import tomotopy as tp

    model = tp.LDAModel(k=K, seed=seed)
    for i in range(len(counts)):
        columns, data = counts.row(i)
        model.add_doc([str(c) for c in np.repeat(columns, data)])
    model.train(0)
    at = np.array([int(w) for w in model.used_vocabs])

    def weights():
        out = np.zeros((K, counts.n_terms))
        for k in range(K):
            out[k, at] = model.get_topic_word_dist(k)
        return out

    while True:
        model.train(10, workers=1)
        for _ in range(10):
            yield weights


def gensim(counts, K, seed):
    """Yield after every pass; eta and decay are the best of eight tunings tried on 20 Newsgroups."""
    from gensim.models import LdaModel

    rows = [list(zip(*(x.tolist() for x in counts.row(i)), strict=True)) for i in range(len(counts))]
    words = {i: str(i) for i in range(counts.n_terms)}
    model = LdaModel(num_topics=K, id2word=words, random_state=seed, eta=0.1, alpha=0.1, decay=0.7, eval_every=None)
    while True:
        model.update(rows)
        yield model.get_topics


def sklearn(counts, K, seed):
    """Yield after every pass of online learning."""
    import scipy.sparse as sp
    from sklearn.decomposition import LatentDirichletAllocation

    X = sp.csr_matrix((counts.data, counts.indices, counts.indptr), shape=(len(counts), counts.n_terms))
    model = LatentDirichletAllocation(
        K, learning_method="online", batch_size=2000, random_state=seed, doc_topic_prior=0.1, topic_word_prior=0.1,
        total_samples=X.shape[0],
    )  # fmt: skip
    while True:
        for at in range(0, X.shape[0], 2000):
            model.partial_fit(X[at : at + 2000])
        yield lambda: model.components_


LEARNERS = {"ours": ours, "tomotopy": tomotopy, "gensim": gensim, "scikit-learn": sklearn}


def import_seconds(name):
    """Return the CPU seconds that importing a learner adds to numpy's."""
    code = f"import numpy, time; t = time.process_time(); {IMPORTS[name]}; print(time.process_time() - t)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return float(out.stdout)


def warm(counts):
    """Compile, or load what is compiled, so that turns measure learning."""
    rows = counts.rows(np.arange(60))
    fit = ours(rows, 16, 0)
    for _ in range(12):
        next(fit)


def race(counts, judge, K, seed, names, most):
    """Return {learner: [(rounds, seconds, perplexity, npmi, npmi by relevance, diversity)]}.

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
                  f"NPMI {npmi:.4f}, by relevance {relevant:.4f}  diversity {different:.2f}", flush=True)  # fmt: skip
    return results


def summary(results):
    """Print how long we take to each peer's marks, as a share of its time."""
    mine = results["ours"]
    for name, marks in results.items():
        if name == "ours" or not marks:
            continue
        mark = next((m for m in marks if m[0] == 300), marks[-1])
        for what, column, better in (("perplexity", 2, lambda x, y: x <= y), ("NPMI", 3, lambda x, y: x >= y)):
            goal = mark[column] if name == "tomotopy" else (min if what == "perplexity" else max)(m[column] for m in marks)
            theirs = next(m[1] for m in marks if m[column] == goal)
            reached = next((m for m in mine if better(m[column], goal)), None)
            said = (
                "not reached"
                if reached is None
                else f"{reached[1]:.2f} s, {theirs / reached[1]:.1f} times sooner ({reached[0]} sweeps)"
            )
            print(f"  to {name}'s {what} {goal:.4g} ({theirs:.1f} s): {said}")


def mixtures(counts, K=50):
    """Print the speed of mixtures for new articles."""
    from gensim.models import LdaModel

    fit = ours(counts, K, 1)
    for _ in range(30):
        weights = next(fit)
    latent = LatentTopics(topic_term=weights(), alpha=np.full(K, 0.1), columns=np.arange(counts.n_terms, dtype=np.int32))
    new = counts.rows(np.arange(2000))
    rows = [list(zip(*(x.tolist() for x in new.row(i)), strict=True)) for i in range(len(new))]
    model = LdaModel(
        num_topics=K, id2word={i: str(i) for i in range(counts.n_terms)}, alpha=0.1, eta=0.01, eval_every=None, iterations=1
    )
    model.state.sstats = np.asarray(latent.topic_term, np.float32) - np.float32(0.01)
    model.sync_state()
    model.iterations = 50
    singles = [new.rows([i]) for i in range(len(new))]
    latent.mixtures(new)
    speed = {}
    for _ in range(3):
        for what, work, n in (
            ("gensim get_document_topics", lambda: [model.get_document_topics(r) for r in rows[:300]], 300),
            ("ours, one by one", lambda: [latent.mixtures(s) for s in singles], len(new)),
            ("ours, all at once", lambda: latent.mixtures(new), len(new)),
        ):
            begin = time.process_time()
            work()
            speed.setdefault(what, []).append(n / (time.process_time() - begin))
    base = np.median(speed["gensim get_document_topics"])
    for what, rates in speed.items():
        print(f"  {what:28s} {np.median(rates):9.0f} articles a second, {np.median(rates) / base:.1f} times gensim's")


MEMORY = """
import sys, threading, time, numpy as np
from pathlib import Path
from topics.terms import Counts, Vocabulary
from training.lda_stream import array
from training.lda_cvb0 import learn_cvb0
from training.settings import LdaSettings
folder, K, streamed, n = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "True", int(sys.argv[4])

def held():
    lines = Path("/proc/self/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024

def made(where, V=20_000):
    # Zipf's terms, 60 different ones or so an article, block by block.
    rng = np.random.default_rng(0)
    lengths = []
    indices, data = array(where, "indices", n * 70, np.int32), array(where, "data", n * 70, np.int32)
    at = 0
    for _ in range(n):
        terms, times = np.unique((V * rng.random(70) ** 2.5).astype(np.int32), return_counts=True)
        indices[at : at + len(terms)], data[at : at + len(terms)] = terms, times
        at += len(terms)
        lengths.append(len(terms))
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Counts(indptr=indptr, indices=indices[:at], data=data[:at], n_terms=V)

counts = made(folder if streamed else None)
small = counts.rows(np.arange(60))
learn_cvb0(small, LdaSettings(n_topics=16, iterations=12), 0, 1)
before = held()
peak = [0.0]
done = threading.Event()
def watch():
    while not done.wait(0.02):
        peak[0] = max(peak[0], held())
thread = threading.Thread(target=watch)
thread.start()
learn_cvb0(counts, LdaSettings(n_topics=K, iterations=3), 0, 1, folder=folder if streamed else None)
done.set()
thread.join()
csr = (counts.indptr.nbytes + counts.indices.nbytes + counts.data.nbytes) / 2**20
model = counts.n_terms * K * 4 / 2**20
print(f"  K = {K:4d}, {'streamed' if streamed else 'in memory'}: counts {csr:.0f} MB, model {model:.0f} MB, "
      f"before the fit {before:.0f} MB, at most {peak[0]:.0f} MB: {(peak[0] - before) / csr:.2f} times the counts beside them")
"""


def memory(topics, n=100_000):
    """Print peak anonymous memory of fits, each in a process of its own (Linux)."""
    from tempfile import TemporaryDirectory

    for K in topics:
        for streamed in (False, True):
            with TemporaryDirectory() as folder:
                subprocess.run([sys.executable, "-c", MEMORY, folder, str(K), str(streamed), str(n)], cwd=ROOT, check=True)


def coherences(name, seeds):
    """Print mean coherence over K = 10 to 50: terms in 0.5 % of the articles, windows over the words that are left."""
    train, _ = texts_of(name)
    terms = TermsSettings(ngrams=[1, 1], min_df=0.005, stop_words="english")
    vocabulary, counts = learn_terms(train, terms)
    columns, _ = choose_columns(counts, vocabulary, LdaSettings(), np.zeros((0, 3), np.int32))
    known = counts.columns(columns)
    names = [vocabulary.terms[c] for c in columns]
    kept, analyze = set(names), analyzer(analysis_of(terms))
    texts = [[w for w in analyze(text) if w in kept] for text in train]
    print(f"{name}: {len(known)} articles, {len(names)} terms")
    warm(known)
    for learner, rounds in (("ours", 200), ("tomotopy", 1000)):
        rows, spent = [], 0.0
        for K in (10, 20, 30, 40, 50):
            for seed in seeds:
                begin = time.process_time()
                fit = LEARNERS[learner](known, K, seed)
                for _ in range(rounds):
                    weights = next(fit)
                spent += time.process_time() - begin
                top = [[names[i] for i in np.argsort(-row, kind="stable")[:10]] for row in np.asarray(weights())]
                words = {w for t in top for w in t}
                short, long = count_windows(texts, words, 10), count_windows(texts, words, 110)
                rows.append((coherence("npmi", top, short).mean(), coherence("c_v", top, long).mean(), diversity(top)))
        npmi, c_v, different = np.mean(rows, axis=0)
        print(
            f"  {learner:9s} {rounds:5d} rounds {spent:7.1f} s  NPMI {npmi:.3f}  C_v {c_v:.3f}  diversity {different:.2f}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="20newsgroups-bydate")
    parser.add_argument("--topics", type=int, nargs="+", default=[50])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--learners", nargs="+", default=list(LEARNERS))
    parser.add_argument("--most", type=float, default=60.0, help="seconds after which a learner stops")
    parser.add_argument("--mixtures", action="store_true")
    parser.add_argument("--coherence", action="store_true")
    parser.add_argument("--memory", action="store_true")
    arguments = parser.parse_args()
    if arguments.memory:
        memory(arguments.topics)
        return
    if arguments.coherence:
        coherences(arguments.data, arguments.seeds)
        return
    counts, names, a, b = prepare(arguments.data)
    print(f"{arguments.data}: {len(counts)} articles, {counts.n_terms} terms, {counts.data.sum()} tokens; {len(a)} held out")
    warm(counts)
    if arguments.mixtures:
        mixtures(counts)
        return
    judge = Judge(counts, names, a, b)
    for K in arguments.topics:
        for seed in arguments.seeds:
            print(f"K = {K}, seed {seed}")
            summary(race(counts, judge, K, seed, arguments.learners, arguments.most))


if __name__ == "__main__":
    main()
