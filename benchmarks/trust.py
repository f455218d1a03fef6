"""What docs/security.md says was tried, tried again: large and hostile inputs, kills, full disks. Prints one table row each.

    python benchmarks/trust.py bounds              files that are large or built to hurt: outcome, seconds, peak memory
    python benchmarks/trust.py stream [MEGABYTES]  a stream through `topics predict --max-memory 600MB` (1024)
    python benchmarks/trust.py kills [TIMES]       kill -9 at random moments of train and predict (50 each)
    python benchmarks/trust.py disk                disks that fill up: a small tmpfs where this may mount, else a file size limit

Peak memory is the largest sum of resident sets of the command and its processes, looked at 50 times a second (Linux).
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = "The court heard the case of the bank and the minister on Monday, and the team won the match in the second half. "


def topics(*arguments: object, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", "topics", *map(str, arguments)], cwd=ROOT, **options)


def resident(pid: int) -> int:
    """Return the resident memory of a process and those below it, in bytes."""
    total, waiting = 0, [pid]
    while waiting:
        at = waiting.pop()
        try:
            total += int(Path(f"/proc/{at}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            waiting += map(int, Path(f"/proc/{at}/task/{at}/children").read_text().split())
        except (OSError, IndexError):
            continue
    return total


def watched(process: subprocess.Popen, feed: Callable[[], Iterator[bytes]] | None = None) -> tuple[float, int, str]:
    """Return seconds, peak memory and the last message of a command; `feed` is what its standard input gets."""

    def write() -> None:
        try:
            for piece in feed():
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            return

    begun, peak = time.monotonic(), 0
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.append(process.stderr.read()))
    reader.start()
    if feed:
        threading.Thread(target=write, daemon=True).start()
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.02)
    reader.join()
    lines = said[0].decode().splitlines()
    return time.monotonic() - begun, peak, lines[-1] if lines else ""


def artifact(folder: Path) -> Path:
    """Train the starter artifact into `folder`."""
    made = folder / "starter"
    topics("train", "configs/starter.toml", "--out", made, "-q", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait()
    return made


def row(what: str, process: subprocess.Popen, feed: Callable[[], Iterator[bytes]] | None = None) -> None:
    seconds, peak, said = watched(process, feed)
    print(f"| {what} | {process.returncode} | {seconds:.1f} s | {peak / 1e6:.0f} MB | {said[-110:]} |", flush=True)


def bounds(folder: Path) -> None:
    """Files that are large or built to hurt, one command each."""
    made = artifact(folder)
    story = "\n\n".join(["Headline {} about the harbor", TEXT.strip(), TEXT.strip()]) + "\n\n"
    files: dict[str, bytes] = {
        "one line of 200 MB.jsonl": b'{"text": "' + b"x" * 200_000_000 + b'"}\n{"text": "next"}\n',
        "a million empty lines.txt": b"\n" * 1_000_000,
        "a million empty lines.jsonl": b"\n" * 1_000_000 + b'{"text": "next"}\n',
        "100,000 articles on a page.txt": "".join(story.format(i) for i in range(100_000)).encode(),
        "30 MB of lines of three letters.txt": b"A b\n" * 7_500_000,
        "30 MB of one word.txt": b"a" * 30_000_000,
        "30 MB of words of one letter.jsonl": json.dumps({"text": "a " * 15_000_000}).encode() + b"\n",
        "30 MB of brackets.jsonl": b'{"text": [' + b"[],[]," * 5_000_000 + b"[]]}\n",
        "a gzip bomb of 1 GB.jsonl.gz": gzip.compress(b"\0" * (1 << 30), 9),
        "a million lone surrogates.jsonl": b'{"text": "' + b"\\ud800" * 1_000_000 + b'"}\n{"text": "next"}\n',
        "mixed line ends.jsonl": b'{"text": "one"}\r\n{"text": "two"}\r{"text": "three"}\n' * 1000,
        "a million open elements.html": b"<div>" * 1_000_000 + b"text",
        "30 MB of attributes.html": b"<p " + b"a=b " * 7_500_000 + b">text",
    }
    print("| input | exit | time | peak memory | last message |\n|---|---|---|---|---|")
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        null = subprocess.DEVNULL
        row(name, topics("predict", made, path, "--max-memory", "600MB", "-q", stdout=null, stderr=subprocess.PIPE))
        path.unlink()


def stream(folder: Path, megabytes: int = 1024) -> None:
    """A long stream of rows, and one of pages."""
    made = artifact(folder)
    print("| input | exit | time | peak memory | last message |\n|---|---|---|---|---|")
    for what, options in (("articles", []), ("pages", ["--as", "page"])):

        def feed() -> Iterator[bytes]:
            words, draw, sent = TEXT.split(), random.Random(1), 0
            while sent < megabytes << 20:
                text = " ".join(draw.choices(words, k=2000))
                piece = "".join(json.dumps({"id": str(sent + i), "text": text}) + "\n" for i in range(64)).encode()
                sent += len(piece)
                yield piece

        command = ["predict", made, "-", "--max-memory", "600MB", "-q", *options]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        row(f"{megabytes} MB of {what} on standard input", topics(*command, **pipes), feed)


def kills(folder: Path, times: int = 50) -> None:
    """Kill train, predict, and predict --resume at random moments; count what is left."""
    draw = random.Random(7)
    made, quiet = artifact(folder), {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    texts = [p.read_text("utf-8") for p in sorted((ROOT / "training/starter/pages/test").glob("*.txt"))]
    rows = folder / "rows.jsonl"
    rows.write_text("".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in enumerate(texts * 5)))
    config = folder / "small.toml"
    data = ROOT / "training/starter"
    config.write_text(
        f'name = "small"\n[corpus]\ntrain = "{data}/pages/test"\nlabels = "{data}/gold.jsonl"\n[split]\ntest = 0.0\n[classify]\n'
    )

    def digest(path: Path) -> bytes:
        if path.is_dir():
            return b"".join(p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file())
        return path.read_bytes() if path.exists() else b""

    def one(name: str, command: list[object], out: Path, old: Callable[[], None], ends: int) -> None:
        old()
        before = digest(out)
        begun = time.monotonic()
        topics(*command, **quiet).wait()
        lasts, new = time.monotonic() - begun, digest(out)
        kept = replaced = half = left = 0
        for n in range(times):
            shutil.rmtree(out) if out.is_dir() else out.unlink(missing_ok=True)
            old()
            running = topics(*command, start_new_session=True, **quiet)
            if n % 2:
                # Every second kill comes when the new one is about to take the old one's place.
                while running.poll() is None and not list(out.parent.glob(".*.new")):
                    time.sleep(0.0005)
                time.sleep(draw.uniform(0.0, 0.02))
            else:
                time.sleep(draw.uniform(0.0, lasts * 1.05))
            running.kill()
            running.wait()
            found = digest(out)
            kept, replaced, half = kept + (found == before), replaced + (found == new), half + (found not in (before, new))
            left = max(left, len([p for p in out.parent.iterdir() if p.name.startswith(".")]))
        done = topics(*command, **quiet)
        done.wait()
        after = [p.name for p in out.parent.iterdir() if p.name.startswith(".") or p.name.endswith(".resume")]
        right = "equal to an unbroken run" if digest(out) == new and done.returncode == ends else "WRONG"
        print(f"| {name} | {times} | {kept} | {replaced} | {half} | {left} | {right}, {len(after)} left |", flush=True)

    print("| command | kills | old kept | new in place | half | hidden files at most | the same command after them |")
    print("|---|---|---|---|---|---|---|")
    (folder / "t").mkdir()
    (folder / "p").mkdir()
    (folder / "r").mkdir()
    out = folder / "t" / "artifact"
    one("train --force", ["train", config, "--out", out, "--force", "-q"], out, lambda: shutil.copytree(made, out) and None, 0)
    for name, more in (("p", []), ("r", ["--resume"])):
        out = folder / name / "rows.jsonl"
        command = ["predict", made, rows, "--out", out, "--force", "-q", *more]
        one(" ".join(["predict --force", *more]), command, out, lambda out=out: out.write_text("old\n") and None, 0)


def disk(folder: Path) -> None:
    """Disks of several sizes that fill up while an artifact or results are written."""
    made = artifact(folder)
    rows = folder / "rows.jsonl"
    rows.write_text("".join(json.dumps({"id": i, "text": TEXT * 30}) + "\n" for i in range(4000)))
    print("| command | disk | exit | last message | left on the disk |\n|---|---|---|---|---|")
    for command, name in (
        (["train", "configs/starter.toml"], "artifact"),
        (["predict", made, rows], "rows.jsonl"),
        (["predict", made, rows, "--resume"], "rows.jsonl"),
    ):
        for size in (64, 512, 1024):
            place = folder / "disk"
            place.mkdir(exist_ok=True)
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", str(place)], capture_output=True)
            if mounted.returncode:
                print(
                    "| all | no tmpfs could be mounted; tests/test_output.py and tests/test_journal.py limit file sizes | | | |"
                )
                return
            try:
                pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
                process = topics(*command, "--out", place / name, "-q", **pipes)
                _, _, said = watched(process)
                left = ", ".join(p.name for p in place.iterdir()) or "nothing"
                name_of = command[0] + " --resume" * ("--resume" in command)
                print(f"| {name_of} | {size} KB | {process.returncode} | {said[-90:]} | {left} |", flush=True)
            finally:
                subprocess.run(["umount", str(place)], check=True)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    what, *numbers = sys.argv[1:] or ["--help"]
    if what not in ("bounds", "stream", "kills", "disk"):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        globals()[what](Path(folder), *map(int, numbers))


if __name__ == "__main__":
    main()
