"""Training at size: seconds and peak memory for more and more articles, beside scikit-learn on the same ones.

    python benchmarks/scale.py FOLDER make 10000 [WORDS]       articles made from the term distribution of real ones
    python benchmarks/scale.py FOLDER ours 10000 [WORDS] [SETTING=VALUE ...]
    python benchmarks/scale.py FOLDER latent 10000 [WORDS] [SETTING=VALUE ...]     topics, and 100 latent topics
    python benchmarks/scale.py FOLDER peer 10000 [WORDS]       scikit-learn: TfidfVectorizer + LogisticRegression
    python benchmarks/scale.py FOLDER predict 10000 [WORDS]    label them with what `ours` or `latent` made
    python benchmarks/scale.py FOLDER compare 10000 [WORDS] [TIMES] [SETTING=VALUE ...]     ours and peer in turn, and their ratio

Each line is one process, so that peak memory is its own. Made articles: words of a topic are drawn in runs of 3 to 12 from
real articles of that topic (bbc-news), so that words and pairs of words repeat as in news; one word in 300 is new, as
names are. Processor time is told beside time by the clock: the machine may be shared. Peak memory is told twice: all that is
resident, and without pages of mapped files, which the system may take back.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

import numpy as np

from topics.sources import read

DATASETS = Path(os.environ.get("NEWSTOPICS_DATA", "../shared")) / "datasets"


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


class Resident(threading.Thread):
    """Looks how much is resident that is not of a file, every 20 milliseconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0

    def run(self) -> None:
        """Look."""
        while True:
            with open("/proc/self/status", encoding="ascii") as status:
                found = re.search(r"RssAnon:\s+(\d+)", status.read())
            self.most = max(self.most, int(found[1]) / 1024 if found else 0.0)
            time.sleep(0.02)


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
LATENT = "[lda]\nn_topics = 100\n"


def ours(folder: Path, train_on: Path, test_on: Path, latent: bool, overrides: list[str], resident: Resident) -> str:
    """Train; return the accuracy, and of latent topics the perplexity."""
    from training.config import parse_config
    from training.run import train

    begun = time.monotonic()

    def say(line: str) -> None:
        passed = f"{time.monotonic() - begun:7.1f} s, {time.process_time():7.1f} s of processor time"
        print(f"  {passed}, peak {resident.most:,.0f} MB without files: {line}", file=sys.stderr)

    text = CONFIG.format(train=train_on.name, test=test_on.name) + (LATENT if latent else "")
    config = parse_config(text, "scale", overrides)
    told = train(config, base=folder, out=folder / "artifact", force=True, progress=say)
    topic = told.evaluation["topic"]
    said = f"accuracy {topic['accuracy']['value']:.3f}, calibration error {topic['expected_calibration_error']:.3f}"
    if latent:
        held = json.loads((folder / "artifact" / "evaluation.json").read_text())["learned"]["lda"]
        said += f", {held['sweeps']} sweeps, perplexity {held['held_out']['perplexity'][-1][1]:.0f}"
    return f"{said}, digest {told.digest[:12]}"


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

    out = str(folder / "rows.jsonl")
    code = run(["predict", str(folder / "artifact"), str(path), "--format", "jsonl", "--out", out, "--force", "-q"])
    return f"exit code {code}"


def compare(arguments: list[str]) -> None:
    """Run ours and the peer in turn, each in a process of its own; print the ratios."""
    folder, n, words, times = *arguments[:3], int(arguments[3])
    figures: dict[str, list[tuple[float, float]]] = {"ours": [], "peer": []}
    for _ in range(times):
        for what, more in (("peer", []), ("ours", arguments[4:])):
            command = [sys.executable, __file__, folder, what, n, words, *more]
            line = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            print(line, end="", flush=True)
            found = re.search(r"([\d.]+) s of processor time, peak ([\d,]+) MB", line)
            assert found is not None
            figures[what].append((float(found[1]), float(found[2].replace(",", ""))))
    (our_time, our_peak), (time_, peak) = (tuple(map(median, zip(*figures[w], strict=True))) for w in ("ours", "peer"))
    print(f"processor time {our_time / time_:.2f} of scikit-learn's, peak memory {our_peak / peak:.2f}, median of {times}")


def main() -> None:
    """Do one thing and say what it took."""
    folder, what, n = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    if what == "compare":
        return compare([sys.argv[1], sys.argv[3], *(sys.argv[4:6] + ["200", "1"][max(0, len(sys.argv) - 4) :]), *sys.argv[6:]])
    words = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    train_on, test_on = folder / f"{n}x{words}.jsonl", folder / f"test-{words}.jsonl"
    begun = time.monotonic()
    resident = Resident()
    resident.start()
    if what == "make":
        make(train_on, n, words)
        make(test_on, 2001, words)
        said = f"{train_on.stat().st_size / 1e6:.0f} MB"
    elif what in ("ours", "latent"):
        said = ours(folder, train_on, test_on, what == "latent", sys.argv[5:], resident)
    elif what == "peer":
        said = peer(train_on, test_on)
    else:
        said = predict(folder, train_on)
    used = resource.getrusage(resource.RUSAGE_SELF)
    below = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime + below.ru_utime + below.ru_stime
    peak = max(used.ru_maxrss, below.ru_maxrss) / 1024
    print(f"{what} {n:,} x {words} words {' '.join(sys.argv[5:])}: {time.monotonic() - begun:.1f} s by the clock, "
          f"{processor:.1f} s of processor time, peak {peak:,.0f} MB, without files {resident.most:,.0f} MB; {said}",
          flush=True)  # fmt: skip
    return None


if __name__ == "__main__":
    main()
