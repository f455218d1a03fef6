"""What latent topics cost: mixtures of new articles against gensim's, peak memory of fits, two workers against one.

Owns: how speed and memory are measured.
Does not know: how well anything is learned (`lda_tables`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - threads are limited first
from lda_peers import ours  # noqa: E402

from topics.lda import LatentTopics  # noqa: E402
from training.settings import LdaSettings  # noqa: E402


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


def workers(counts, K=50, sweeps=4, turns=5):
    """Print how much sooner two workers are than one, in turn; the machine should have nothing else to do."""
    from concurrent.futures import ThreadPoolExecutor

    from training.lda_cvb0 import Cvb0

    seconds = {1: [], 2: []}
    fits = {n: Cvb0(counts, LdaSettings(n_topics=K), 1, n) for n in seconds}
    for turn in range(turns + 1):
        for n, fit in fits.items():
            with ThreadPoolExecutor(n) as pool:
                begin = time.perf_counter()
                for _ in range(sweeps):
                    fit.step(pool)
                if turn:  # the first turn warms up
                    seconds[n].append(time.perf_counter() - begin)
    ratios = np.array(seconds[1]) / np.array(seconds[2])
    print(f"  two workers: {np.median(ratios):.2f} times as fast as one (turns: {', '.join(f'{r:.2f}' for r in ratios)})")
