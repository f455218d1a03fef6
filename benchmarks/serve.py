"""The service under load on loopback: requests a second, how long they take, memory, what a burst is told.

    python benchmarks/serve.py ARTIFACT [SECONDS] [WORKERS]

Starts `topics serve` on a free port, asks over connections that stay open, and ends it. Client and service share the machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

PAGES = sorted((Path(__file__).parents[1] / "training" / "starter" / "pages" / "test").glob("*.txt"))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes) -> int:
    """Send one request and read its answer; return the status."""
    head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    status = int(lines[0].split()[1])
    length = next(int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length"))
    await reader.readexactly(length)
    return status


async def load(port: int, path: str, bodies: list[bytes], connections: int, seconds: float) -> tuple[Counter[int], list[float]]:
    """Ask over so many connections at a time; return statuses and the seconds of each answer."""
    statuses: Counter[int] = Counter()
    took: list[float] = []
    end = time.monotonic() + seconds

    async def client(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        at = first
        while time.monotonic() < end:
            begun = time.monotonic()
            statuses[await ask(reader, writer, path, bodies[at % len(bodies)])] += 1
            took.append(time.monotonic() - begun)
            at += connections
        writer.close()

    await asyncio.gather(*(client(i) for i in range(connections)))
    return statuses, sorted(took)


def memory(pid: int) -> float:
    """Return the largest resident size of a process so far, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


def cpu(pid: int) -> float:
    """Return the seconds of processor time of a process and its children so far (Linux)."""
    seconds = 0.0
    for path in [Path(f"/proc/{pid}"), *(Path(f"/proc/{p}") for p in children(pid))]:
        fields = (path / "stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def children(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def article(text: str) -> dict[str, str]:
    """Return a page's first 2,500 characters as an article."""
    return {"kind": "article", "text": text[:2500]}


def main() -> None:
    """Print the table."""
    artifact = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5.0
    workers = sys.argv[3] if len(sys.argv) > 3 else "1"
    port = free_port()
    command = [sys.executable, "-m", "topics", "serve", artifact, "--port", str(port), "--workers", workers, "--quiet"]
    process = subprocess.Popen(command)
    try:
        begun = time.monotonic()
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        print(f"up after {time.monotonic() - begun:.2f} s, {memory(process.pid):.0f} MB; {workers} process(es)\n")
        texts = [page.read_text("utf-8") for page in PAGES]
        print(f"pages: {len(texts)}, {sum(map(len, texts)) / len(texts) / 1000:.1f} kB on average\n")
        print("| request | connections | answers a second | processor ms each | median ms | 95 % | 99 % | statuses |")
        print("|---|---|---|---|---|---|---|---|")
        one = [json.dumps({"documents": [article(t)]}).encode() for t in texts]
        many = [json.dumps({"documents": [article(t) for t in texts[:20]]}).encode()]
        pages = [json.dumps({"documents": [{"text": t}]}).encode() for t in texts]
        cases = [
            ("/predict, an article of 2.5 kB", "/predict", one, (1, 8, 32)),
            ("/predict, 20 such articles", "/predict", many, (1, 8)),
            ("/predict, a page", "/predict", pages, (1, 8)),
            ("/segment, a page", "/segment", pages, (8,)),
            ("/explain, an article", "/explain", one, (8,)),
            ("/predict, an article, a burst", "/predict", one, (200,)),
        ]
        for name, path, bodies, connections in cases:
            for n in connections:
                before = cpu(process.pid)
                statuses, took = asyncio.run(load(port, path, bodies, n, seconds))
                told = ", ".join(f"{status}: {count:,}" for status, count in sorted(statuses.items()))
                places = [f"{1000 * took[min(len(took) - 1, int(q * len(took)))]:.1f}" for q in (0.5, 0.95, 0.99)]
                each = 1000 * (cpu(process.pid) - before) / max(1, statuses[200])
                print(f"| {name} | {n} | {statuses[200] / seconds:,.0f} | {each:.1f} | {' | '.join(places)} | {told} |")
        print(f"\npeak memory of the first process {memory(process.pid):.0f} MB")
    finally:
        process.send_signal(signal.SIGTERM)
        print(f"ended with {process.wait(60)}")


if __name__ == "__main__":
    main()
