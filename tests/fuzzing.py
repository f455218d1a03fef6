"""Hostile bytes for everything that reads: seeds, mutations, and what must hold whatever comes.

    python tests/fuzzing.py --seconds 60 [--seed 1] [TARGET...]    mutations of our own; prints a table
    python tests/fuzzing.py --atheris --seconds 60 [TARGET...]     guided by coverage, where atheris is installed

A target takes bytes and may raise nothing but a TopicsError: no traceback, and nothing may take longer than PATIENCE.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from fuzzing_seeds import LONGEST, mutated, seeds

ROOT = Path(__file__).parents[1]
#: Seconds of processor time for one input of at most LONGEST bytes; the slowest seen took a hundredth of it.
PATIENCE = 20.0
#: Whose branches atheris watches.
INSTRUMENTED = [f"topics.sources{part}" for part in ("", "_bytes", "_files", "_html", "_tables", "_warc", "_web")]
INSTRUMENTED += ["topics.pages", "topics.documents", "topics.loading", "topics.artifact", "topics.segment", "topics.articles"]
INSTRUMENTED += ["training.config", "training.labels", "training.annotate_forms"]
#: In memory where there is such a place: what is tried here is not the disk.
FOLDER = tempfile.TemporaryDirectory(prefix="fuzz", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)


def _read(suffix: str, **options: object) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        from topics.sources import read

        path = os.path.join(FOLDER.name, f"{os.getpid()}{suffix}")
        with open(path, "wb") as file:
            file.write(data)
        said: list[object] = []
        for record in read([path], on_error=said.append, warn=said.append, max_bytes=LONGEST, **options):
            record.page.text.encode("utf-8")
            assert record.file == path
        assert all(str(thing) for thing in said)

    return target


def _stdin(data: bytes) -> None:
    from topics.sources import read

    said: list[object] = []
    for record in read(["-"], stdin=io.BytesIO(data), on_error=said.append, warn=said.append, max_bytes=LONGEST):
        record.page.text.encode("utf-8")


def _segment(data: bytes) -> None:
    from topics.segment import segment

    text = data.decode("utf-8", "replace")
    found = segment(text)
    assert "".join(text[slice(*block.span)] for block in found.blocks) == text
    last = 0
    for article in found.articles:
        for start, end in article.body_spans:
            assert last <= start < end <= len(text)
            last = end


def _config(data: bytes) -> None:
    from training.config import parse_config, render_config

    config = parse_config(data.decode("utf-8", "replace"), "c.toml")
    parse_config(render_config(config), "again.toml")


def _labels(data: bytes) -> None:
    from topics.segment import Article
    from training.labels import Labels

    path = Path(FOLDER.name) / f"{os.getpid()}-labels.jsonl"
    path.write_bytes(data)
    problems: list[str] = []
    labels = Labels([path], problems)
    articles = [
        Article(id=f"a.txt#{n}", title="", title_span=None, body_spans=((n * 50, n * 50 + 40),), why="") for n in range(3)
    ]
    labels.of("b/a.txt", articles)
    labels.unused()


def _annotated(data: bytes) -> None:
    from training.annotate import label_rows
    from training.annotate_forms import FORMS, read_items, write_items

    problems: list[str] = []
    items = read_items(data.decode("utf-8", "replace"), "a.json", problems)
    json.dumps(list(label_rows(items)))
    for form in FORMS:
        stream = io.StringIO()
        write_items(items, form, stream)
        stream.getvalue().encode("utf-8")


@cache
def _small_artifact() -> Path:
    sys.path.insert(0, str(Path(__file__).parent))
    from test_artifact import ABOUT, PARTS, TEXTS

    from topics.artifact import write_artifact

    write_artifact(Path(FOLDER.name) / f"artifact-{os.getpid()}", PARTS, TEXTS, ABOUT)
    return Path(FOLDER.name) / f"artifact-{os.getpid()}"


def _artifact(data: bytes) -> None:
    """One file is replaced, or has bytes put into it; all hashes are made to fit."""
    from test_artifact import signed

    from topics.loading import load

    folder = _small_artifact()
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    kept = {path: path.read_bytes() for path in files}
    path = files[data[0] % len(files)] if data else files[0]
    try:
        if path.name == "manifest.json":
            manifest = json.loads(kept[path])
            place = manifest["parts"] if len(data) % 2 else manifest
            name = sorted(place)[len(data) % len(place)]
            place[name] = json.loads(data[1:].decode("utf-8", "replace") or "0")
            path.write_text(json.dumps(manifest))
        else:
            at = len(data) * 7 % (len(kept[path]) + 1)
            path.write_bytes(kept[path][:at] + data[1:] + kept[path][at:] if len(data) % 3 else data[1:])
        signed(folder)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        pass  # the forger's own fault: not even a manifest came out
    try:
        load(folder)
    finally:
        for changed in (path, folder / "manifest.json"):
            changed.write_bytes(kept[changed])


TARGETS: dict[str, Callable[[bytes], None]] = {
    "segment": _segment,
    "text": _read(".txt"),
    "jsonl": _read(".jsonl"),
    "csv": _read(".csv"),
    "tsv": _read(".tsv"),
    "html": _read(".html"),
    "warc": _read(".warc"),
    "parquet": _read(".parquet"),
    "gz": _read(".jsonl.gz"),
    "stdin": _stdin,
    "config": _config,
    "labels": _labels,
    "annotated": _annotated,
    "artifact": _artifact,
}


class TooSlowError(Exception):
    """An input took longer than PATIENCE."""


def attempt(name: str, data: bytes) -> bool:
    """Give `data` to a target; return whether it was accepted. Whatever it raises but a refusal is a fault, and is raised."""
    from topics.errors import TopicsError

    def late(*_: object) -> None:
        raise TooSlowError(name)

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        TARGETS[name](data)
    except TopicsError as error:
        return not str(error)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return True


def inputs(name: str, seed: int) -> Iterator[bytes]:
    """Yield the seeds of a target and then mutations of them, the same for the same seed, without end."""
    draw = random.Random(f"{name} {seed}")
    mine = seeds()[name]
    # Mutations pile up: what was made before is mutated again.
    pool = list(mine)
    yield from mine
    while True:
        made = mutated(draw, draw.choice(pool if draw.random() < 0.7 else mine))
        if len(pool) < 200:
            pool.append(made)
        else:
            pool[draw.randrange(len(mine), 200)] = made
        yield made


def run(name: str, seconds: float, seed: int) -> None:
    """Try mutations for a time; print a table row. A fault is raised, its input left in a file."""
    end, tried, accepted, total = time.monotonic() + seconds, 0, 0, 0
    for data in inputs(name, seed):
        try:
            accepted += attempt(name, data)
        except BaseException:
            Path(f"fault-{name}.bin").write_bytes(data)
            print(f"fault-{name}.bin holds the input", file=sys.stderr)
            raise
        tried, total = tried + 1, total + len(data)
        if time.monotonic() > end:
            break
    print(f"| {name} | {tried:,} | {total / 1e6:.1f} MB | {accepted:,} | {tried - accepted:,} | 0 |", flush=True)


def guided(name: str, seconds: float, seed: int) -> None:
    """Fuzz one target with atheris, in this process, which it ends."""
    import atheris

    # What it needs is imported, and no more; to instrument all of it would take a minute.
    with atheris.instrument_imports(include=INSTRUMENTED):
        attempt(name, seeds()[name][0])
    folder = Path(FOLDER.name) / f"seeds-{name}"
    folder.mkdir()
    for n, data in enumerate(seeds()[name]):
        (folder / str(n)).write_bytes(data)
    options = [
        f"-max_total_time={max(1, int(seconds))}",
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        "-timeout=30",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], lambda data: attempt(name, data) and None)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    names = [name for name in given.targets or TARGETS if name in seeds()]
    warnings.simplefilter("ignore")
    each = given.seconds / len(names)
    if given.one:
        guided(names[0], given.seconds, given.seed)
    elif given.atheris:
        for name in names:
            command = [sys.executable, __file__, "--one", name, "--seconds", str(each), "--seed", str(given.seed)]
            done = subprocess.run(command, capture_output=True, text=True, errors="replace")
            stats = [line.split()[-1] for line in done.stderr.splitlines() if "number_of_executed_units" in line]
            if done.returncode or not stats:
                sys.exit(f"{name}: {done.stderr[-3000:]}")
            print(f"| {name} | {int(stats[0]):,} | 0 |", flush=True)
    else:
        print("| target | executions | bytes | accepted | refused | faults |\n|---|---|---|---|---|---|")
        for name in names:
            run(name, each, given.seed)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
