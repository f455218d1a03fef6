"""`python -m topics` and the console script `topics`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import FrameType


def main() -> int:
    """Run the command line; return its exit code."""
    # A polite kill unwinds like Ctrl-C does: what is half-written is removed. 143 is what a shell shows for it.
    signal.signal(signal.SIGTERM, _end)
    # Our matrices are small: a second BLAS thread spins more than it works (0.1 s of a page's 0.3), and on one thread sums
    # have one order. Parallel work is ours to share out (--workers). Must be set before numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Imports make many objects and no rubbish: looking for it as often as Python does by default costs a page 0.02 s.
    gc.set_threshold(50_000, 20, 20)
    try:
        from topics.cli import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before or after the command itself
        return 130


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signal calls it
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
