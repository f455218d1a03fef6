"""Who learns latent topics in the benchmarks: we, tomotopy, gensim, scikit-learn, each as a generator of rounds.

Owns: each learner's settings and rounds, what importing it costs.
Does not know: how they are judged. tomotopy is used here and nowhere else (`pip install tomotopy`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - threads are limited first

from training.settings import LdaSettings  # noqa: E402

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
