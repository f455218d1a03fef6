"""How fast pages are cut: many ordinary pages, and one page of growing length.

    python benchmarks/speed.py segment [--data DIR]

Ordinary pages are the gold pages in DIR (../shared/pages without it), each by itself and all of them over and over, as
someone cuts a folder; the long page is all of them joined. CPU seconds of one process, the kernels compiled before. Where
there are no such pages, pages of starter articles in generated layouts take their place, and that is said.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from topics.segment import segment, segment_all
from training.layouts import LAYOUTS, read_articles, render

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("NEWSTOPICS_DATA", ROOT.parent / "shared"))
#: Characters of the longest page.
LONGEST = 10_000_000


def pages_in(folder: Path) -> list[str]:
    """Return the pages of a folder and those below it, or generated ones where there are none."""
    found = [path.read_bytes().decode("utf-8") for path in sorted(folder.glob("**/*.txt"))]
    if found:
        return found
    print(f"no page in {folder}: pages of starter articles instead")
    articles = read_articles()
    return [render(articles[k : k + 6], layout, k)[0] for k, layout in enumerate(LAYOUTS)]


def seconds(texts: list[str]) -> float:
    begin = time.process_time()
    for text in texts:
        segment(text)
    return time.process_time() - begin


def seconds_together(texts: list[str]) -> float:
    begin = time.process_time()
    for _ in segment_all(texts):
        pass
    return time.process_time() - begin


def main(arguments: list[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        prog="speed.py segment", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=SHARED / "pages", metavar="DIR")
    pages = pages_in(parser.parse_args(arguments).data)
    joined = "\n\n".join(pages)
    size = sum(len(page.encode()) for page in pages) / 1e6
    times = max(1, round(4 / size))
    seconds(pages * times)  # numba is loaded and the kernels are compiled after 3 million characters
    print(f"{len(pages)} ordinary pages, {size:.1f} MB")
    for way, work in (("one by one (segment)", seconds), ("together (segment_all)", seconds_together)):
        best = min(work(pages) for _ in range(5))
        print(f"{way:24} {size / best:5.1f} MB/s, {1000 * best / len(pages):.2f} ms a page")
    print(f"{'characters':>12} {'seconds':>8} {'MB/s':>6}  times the one before")
    last = 0.0
    length = LONGEST // 16
    while length <= LONGEST:
        page = (joined * (length // len(joined) + 1))[:length]
        spent = min(seconds([page]) for _ in range(2))
        print(f"{length:12,} {spent:8.2f} {len(page.encode()) / 1e6 / spent:6.1f}  {f'{spent / last:.2f}' if last else ''}")
        last, length = spent, length * 2
