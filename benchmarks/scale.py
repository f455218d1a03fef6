"""Training at size: seconds and peak memory for more and more articles, beside scikit-learn on the same ones.

    python benchmarks/scale.py FOLDER make 10000 [WORDS]       articles made from the term distribution of real ones
    python benchmarks/scale.py FOLDER ours 10000 [WORDS] [SETTING=VALUE ...]
    python benchmarks/scale.py FOLDER peer 10000 [WORDS]       scikit-learn: TfidfVectorizer + LogisticRegression
    python benchmarks/scale.py FOLDER predict 10000 [WORDS]    label them with what `ours` made

Each line is one process, so that peak memory is its own. Made articles: words of a topic are drawn in runs of 3 to 12 from
real articles of that topic (bbc-news), so that words and pairs of words repeat as in news; one word in 300 is new, as
names are. Processor time is told beside time by the clock: the machine may be shared.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from topics.sources import read

DATASETS = Path("../shared/datasets")


def make(path: Path, n: int, words: int) -> None:
    """Write `n` articles of about so many words."""
    by_topic: dict[str, list[str]] = defaultdict(list)
    for record in read([DATASETS / "bbc-news/train.jsonl.gz"], on_error=print):
        by_topic[str(record.fields["topic"])] += record.page.text.split()
    topics = sorted(by_topic)
    pools = [np.array(by_topic[topic], object) for topic in topics]
    everything = np.concatenate(pools)
    random = np.random.default_rng(n)
    with path.open("w") as file:
        for i in range(n):
            topic = int(random.integers(len(topics)))
            lengths = random.integers(3, 13, size=max(1, round(words / 7.5)))
            own = random.random(len(lengths)) < 0.4
            pieces = []
            for length, mine in zip(lengths.tolist(), own.tolist(), strict=True):
                pool = pools[topic] if mine else everything
                at = int(random.integers(len(pool) - length))
                pieces += pool[at : at + length].tolist()
            for place in np.flatnonzero(random.random(len(pieces)) < 1 / 300).tolist():
                pieces[place] = f"Name{random.integers(10 * n)}"
            file.write(json.dumps({"id": f"a{i}", "text": " ".join(pieces), "topic": topics[topic]}) + "\n")


CONFIG = """
name = "scale"
[corpus]
train = "{train}"
test = "{test}"
[terms]
ngrams = [1, 1]
[classify]
[evaluate]
bootstrap = 0
"""


def ours(folder: Path, train_on: Path, test_on: Path, overrides: list[str]) -> str:
    """Train; return the accuracy."""
    from training.config import parse_config
    from training.run import train

    config = parse_config(CONFIG.format(train=train_on.name, test=test_on.name), "scale", overrides)
    told = train(
        config, base=folder, out=folder / "artifact", force=True, progress=lambda line: print("  ", line, file=sys.stderr)
    )
    return f"accuracy {told.evaluation['topic']['accuracy']['value']:.3f}, digest {told.digest[:12]}"


def peer(train_on: Path, test_on: Path) -> str:
    """Train scikit-learn's; return the accuracy."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    def rows(path: Path) -> tuple[list[str], list[str]]:
        found = [json.loads(line) for line in path.open()]
        return [row["text"] for row in found], [row["topic"] for row in found]

    texts, labels = rows(train_on)
    vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=2)
    model = LogisticRegression(max_iter=1000).fit(vectorizer.fit_transform(texts), labels)
    texts, labels = rows(test_on)
    return f"accuracy {model.score(vectorizer.transform(texts), labels):.3f}"


def predict(folder: Path, path: Path) -> str:
    """Label all articles as `topics predict` does."""
    from topics.cli import run

    code = run(
        [
            "predict",
            str(folder / "artifact"),
            str(path),
            "--format",
            "jsonl",
            "--out",
            str(folder / "rows.jsonl"),
            "--force",
            "-q",
        ]
    )
    return f"exit code {code}"


def main() -> None:
    """Do one thing and say what it took."""
    folder, what, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    words = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    train_on, test_on = folder / f"{n}x{words}.jsonl", folder / f"test-{words}.jsonl"
    begun = time.monotonic()
    if what == "make":
        make(train_on, n, words)
        make(test_on, 2001, words)
        said = f"{train_on.stat().st_size / 1e6:.0f} MB"
    elif what == "ours":
        said = ours(folder, train_on, test_on, sys.argv[5:])
    elif what == "peer":
        said = peer(train_on, test_on)
    else:
        said = predict(folder, train_on)
    used = resource.getrusage(resource.RUSAGE_SELF)
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime + below.ru_utime + below.ru_stime
    peak = max(used.ru_maxrss, below.ru_maxrss) / 1024
    print(f"{what} {n:,} x {words} words {' '.join(sys.argv[5:])}: {time.monotonic() - begun:.1f} s by the clock, "
          f"{processor:.1f} s of processor time, peak {peak:,.0f} MB; {said}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
