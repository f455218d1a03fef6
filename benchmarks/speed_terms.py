"""Counting terms and TF-IDF: ours against scikit-learn's TfidfVectorizer, in turn in one run.

    python benchmarks/speed.py terms                    20 Newsgroups, and news articles
    python benchmarks/speed.py terms --short 1000000    texts of 40 words, made of the news articles' words

Every figure is the best of ROUNDS in CPU seconds of this process on one core, texts to sorted matrix with all terms as
strings; ratios are scikit-learn's time over ours. Equal results are checked, not assumed. Memory is the peak of a
fresh process that does this alone. Data: datasets/ in the folder that NEWSTOPICS_DATA names, or in ../shared.
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
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402

from training.vectorizers import TfidfTermVectorizer  # noqa: E402

DATA = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared")) / "datasets"
ROUNDS = 2


def texts_of(name: str) -> list[str]:
    """Return the texts of a set: "newsgroups", "news", or "short:N"."""
    if name.startswith("short:"):
        words = np.array(" ".join(texts_of("news")[:3000]).split())
        rng = np.random.default_rng(1)
        return [" ".join(row) for row in words[rng.integers(0, len(words), (int(name[6:]), 40))]]
    paths = {
        "newsgroups": ["20newsgroups-bydate/train.jsonl.gz", "20newsgroups-bydate/test.jsonl.gz"],
        "news": ["article-bias-prediction/train.jsonl.gz", "reuters-21578-modapte/train.jsonl.gz", "bbc-news/train.jsonl.gz"],
    }[name]
    found = []
    for path in paths:
        with gzip.open(DATA / path, "rt", encoding="utf-8") as file:
            found += [json.loads(line)["text"] for line in file]
    return found[:20_000]


def timed(call):
    """Return the result of `call`, its CPU and its wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = call()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def compare(name: str, ngrams: tuple[int, int]) -> None:
    texts = texts_of(name)
    size = sum(map(len, texts)) / 1e6
    TfidfTermVectorizer(ngram_range=ngrams).fit(texts[:4000])  # compiled kernels are loaded
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        ours, theirs = TfidfTermVectorizer(ngram_range=ngrams), TfidfVectorizer(ngram_range=ngrams)
        a, ours_fit, _ = timed(lambda v=ours: v.fit_transform(texts))
        b, theirs_fit, _ = timed(lambda v=theirs: v.fit_transform(texts))
        c, first, _ = timed(lambda v=ours: v.transform(texts))
        d, ours_transform, one_core = timed(lambda v=ours: v.transform(texts))
        e, theirs_transform, _ = timed(lambda v=theirs: v.transform(texts))
        ours.n_jobs = 2
        _, _, two_cores = timed(lambda v=ours: v.transform(texts))
        figures = {
            "fit": ours_fit, "peer fit": theirs_fit, "first": first, "transform": ours_transform,
            "peer transform": theirs_transform, "one core": one_core, "two cores": two_cores,
        }  # fmt: skip
        best = {k: min(v, best.get(k, v)) for k, v in figures.items()}
        b.sort_indices()
        e.sort_indices()
        same = list(ours.get_feature_names_out()) == list(theirs.get_feature_names_out())
        for x, y in ((a, b), (c, e), (d, e)):
            same = same and np.array_equal(x.indices, y.indices) and float(np.abs(x.data - y.data).max()) < 1e-12
        if not same:
            raise SystemExit(f"{name}, {ngrams}: results differ")
        del a, b, c, d, e, ours, theirs
    print(
        f"{name:14} {ngrams} {size:6.1f} MB  fit {size / best['fit']:6.1f} MB/s, x{best['peer fit'] / best['fit']:.1f}  "
        f"transform {size / best['transform']:6.1f} MB/s, x{best['peer transform'] / best['transform']:.1f} "
        f"(first x{best['peer transform'] / best['first']:.1f})  two cores x{best['one core'] / best['two cores']:.2f}",
        flush=True,
    )


def peak(name: str, ngrams: tuple[int, int], whose: str) -> float:
    """Return the peak memory, in MB above what imports and texts take, of one fit_transform in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--peak", name, str(ngrams[1]), whose], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def memory(key: str) -> float:
    """Return a figure of this process in MB: VmRSS now, VmHWM at its peak."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))
    return int(line.split()[1]) / 1024


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", type=int, metavar="N", help="only N texts of 40 words")
    parser.add_argument("--peak", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args(given)
    if arguments.peak:
        name, longest, whose = arguments.peak
        texts = texts_of(name)
        kind = TfidfTermVectorizer if whose == "ours" else TfidfVectorizer
        kind(ngram_range=(1, int(longest))).fit_transform(texts[:4000])
        # Linux alone lets a process forget its peak so far, which reading the texts has set.
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        kind(ngram_range=(1, int(longest))).fit_transform(texts)
        print(memory("VmHWM") - before)
        return
    names = [f"short:{arguments.short}"] if arguments.short else ["newsgroups", "news"]
    for name in names:
        for ngrams in ((1, 1), (1, 2)) if not arguments.short else ((1, 1),):
            compare(name, ngrams)
            print(
                f"{'':14} peak memory {peak(name, ngrams, 'ours'):.0f} MB, scikit-learn {peak(name, ngrams, 'theirs'):.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
