"""How well planted copies are found: precision and recall by edited share, seconds and memory.

    python benchmarks/duplicates.py [DATASETS] [MOST]

Originals are real news articles of at least 50 words (bbc-news, article-bias-prediction, Reuters), of which no two are alike
at 0.3. Each gets a copy in which 5, 10 or 20 % of the words are edited: replaced, left out or added, a third of each, wherever it
falls. All are shuffled. A pair that is reported and was not planted is wrong.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np

from topics.duplicates import DuplicateIndex, near_duplicates
from topics.sketches import sketches
from topics.sources import read

FILES = ("bbc-news/train.jsonl.gz", "article-bias-prediction/train.jsonl.gz", "reuters-21578-modapte/train.jsonl.gz")
SHARES = (0.05, 0.1, 0.2)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def originals(folder: Path, most: int) -> list[str]:
    """Return at most `most` articles of which no two are alike."""
    texts = []
    for name in FILES:
        texts += [r.page.text for r in read([folder / name], on_error=print) if len(r.page.text.split()) >= 50]
    copies = {j for _, j in near_duplicates(texts[: 2 * most], 0.3)}
    return [text for i, text in enumerate(texts[: 2 * most]) if i not in copies][:most]


def edited(text: str, share: float, words: list[str], random: np.random.Generator) -> str:
    """Return `text` with a share of its words edited."""
    old = text.split()
    at = set(random.choice(len(old), round(share * len(old)), replace=False).tolist())
    new: list[str] = []
    for i, word in enumerate(old):
        kind = random.integers(3) if i in at else -1
        if kind != 1:
            new.append(words[random.integers(len(words))] if kind == 0 else word)
        if kind == 2:
            new.append(words[random.integers(len(words))])
    return " ".join(new)


def main() -> None:
    """Print the tables."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/datasets")
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    texts = originals(folder, most)
    random = np.random.default_rng(1)
    words = sorted({word for text in texts[:500] for word in text.split()})
    print(f"{len(texts):,} originals, {np.mean([len(t.split()) for t in texts]):.0f} words on average, a copy of each\n")
    print("| words edited | threshold | recall | precision |")
    print("|---|---|---|---|")
    for share in SHARES:
        copies = [edited(text, share, words, random) for text in texts]
        order = random.permutation(2 * len(texts))
        both = [(texts + copies)[i] for i in order]
        found, filled = sketches(both)
        for threshold in THRESHOLDS:
            index = DuplicateIndex(threshold)
            pairs = [(i, j) for i in range(len(both)) for j in index.add(found[i], filled=bool(filled[i]))]
            right = sum(order[i] % len(texts) == order[j] % len(texts) for i, j in pairs)
            print(f"| {share:.0%} | {threshold} | {right / len(texts):.3f} | {right / max(1, len(pairs)):.4f} |")
    begun = time.process_time()
    found, filled = sketches(both)
    sketched = time.process_time() - begun
    begun = time.process_time()
    index = DuplicateIndex(0.5)
    for i in range(len(both)):
        index.add(found[i], filled=bool(filled[i]))
    searched = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{len(both):,} articles: sketched in {sketched:.1f} s, searched in {searched:.1f} s; peak memory {peak:.0f} MB in all"
    )


if __name__ == "__main__":
    main()
