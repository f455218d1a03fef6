"""Training a topic classifier and labeling texts: ours against the scikit-learn pipeline that the peer figures stand for.

    python benchmarks/speed.py classify [SET ...]     sets are configs with a test side; ag-news, reuters-r8, 20newsgroups

Training is a whole process, from files to an artifact with its evaluation; the peer reads the same files, learns
TfidfVectorizer (1-2-grams, sublinear, min_df 2) and LinearSVC, C by 3-fold cross-validation from 0.1, 0.3, 1, 3, says how
right it is on the test side and dumps the pipeline. CPU seconds with imports, and the peak of memory, as the operating system
counts them. Text to label: documents a second of the test side, the best of ROUNDS, by the artifact and by the dumped pipeline.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SETS = ("ag-news", "reuters-r8", "20newsgroups")
ROUNDS = 3


def rows(config, path: str) -> tuple[list[str], list[str]]:
    """Return texts and topics as the peer reads them: each field once."""
    named = [config.corpus.text] if isinstance(config.corpus.text, str) else config.corpus.text
    fields = list(dict.fromkeys(named))
    texts, topics = [], []
    with gzip.open(ROOT / "configs" / path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row[config.corpus.topic] and all(row.get(k) == v for k, v in config.corpus.where.items()):
                texts.append("\n\n".join(row[f] for f in fields if row[f]))
                topics.append(row[config.corpus.topic])
    return texts, topics


def train_ours(name: str, out: Path) -> None:
    from training import train

    # The peer does not look for copies in what it learns from.
    result = train(ROOT / "configs" / f"{name}.toml", out=out / "artifact", overrides=['corpus.copies="keep"'])
    topic = result.evaluation["topic"]
    print(json.dumps({"accuracy": topic["accuracy"]["value"], "macro": topic["macro_f1"]["value"]}))


def train_theirs(name: str, out: Path) -> None:
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    from training.config import load_config

    config = load_config(ROOT / "configs" / f"{name}.toml")
    texts, topics = rows(config, str(config.corpus.train))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    search = GridSearchCV(LinearSVC(random_state=0), {"C": [0.1, 0.3, 1.0, 3.0]}, cv=3).fit(
        vectorizer.fit_transform(texts), topics
    )
    pipeline = make_pipeline(vectorizer, search.best_estimator_)
    texts, topics = rows(config, str(config.corpus.test))
    said = pipeline.predict(texts)
    joblib.dump(pipeline, out / "pipeline.joblib")
    print(json.dumps({"accuracy": accuracy_score(topics, said), "macro": f1_score(topics, said, average="macro")}))


def measured(name: str, whose: str, out: Path) -> dict[str, float]:
    """Return CPU seconds, peak memory in MB and quality of a process that trains."""
    command = [sys.executable, __file__, "--train", whose, "--out", str(out), name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name}: training failed")
    return {"seconds": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024, **json.loads(told.splitlines()[-1])}


def best(call) -> tuple[object, float]:
    """Return what `call` returns, and the least CPU seconds of ROUNDS calls."""
    found = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        result = call()
        found.append(time.process_time() - begin)
    return result, min(found)


def text_to_label(name: str, out: Path) -> None:
    """Print documents a second of both models on the texts of the test side."""
    import joblib

    from topics.loading import load
    from training.config import load_config

    config = load_config(ROOT / "configs" / f"{name}.toml")
    texts, _ = rows(config, str(config.corpus.test))
    model, pipeline = load(out / "artifact"), joblib.load(out / "pipeline.joblib")
    begin = time.process_time()
    model.topics_of(texts)
    first = time.process_time() - begin
    _, ours = best(lambda: model.topics_of(texts))
    _, theirs = best(lambda: pipeline.predict(texts))
    print(
        f"{name:14} text to label  {len(texts) / ours:8.0f}/s, scikit-learn {len(texts) / theirs:7.0f}/s, x{theirs / ours:.1f} "
        f"(first time, with the kernels' start, x{theirs / first:.1f})",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(SETS), metavar="SET")
    parser.add_argument("--train", choices=("ours", "theirs"), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.train:
        {"ours": train_ours, "theirs": train_theirs}[given.train](given.sets[0], given.out)
        return
    for name in given.sets:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            # Kernels are compiled once for each machine; that is not counted.
            ours, theirs = measured(name, "ours", out), measured(name, "theirs", out)
            print(
                f"{name:14} training  {ours['seconds']:6.1f} s, scikit-learn {theirs['seconds']:6.1f} s, "
                f"x{theirs['seconds'] / ours['seconds']:.1f}  peak {ours['peak']:.0f} MB, scikit-learn {theirs['peak']:.0f} MB  "
                f"accuracy {ours['accuracy']:.3f} / {theirs['accuracy']:.3f}  "
                f"macro-F1 {ours['macro']:.3f} / {theirs['macro']:.3f}",
                flush=True,
            )
            text_to_label(name, out)


if __name__ == "__main__":
    main(sys.argv[1:])
