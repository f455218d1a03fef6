"""Say how far a long job has come: a live line on a terminal, plain lines now and then elsewhere.

Owns: when something is said. Everything goes to standard error.
Does not know: what is being done.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from topics.errors import one_line

T = TypeVar("T")
#: Seconds before a job counts as long, and between two plain lines.
PATIENCE, INTERVAL = 1.0, 10.0


class Progress:
    """Reports on standard error; says nothing but warnings when `quiet`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.live = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self.started = time.monotonic()

    def say(self, line: str) -> None:
        """Report a step that is done."""
        if not self.quiet:
            print(f"[{time.monotonic() - self.started:6.1f} s] {one_line(line)}", file=sys.stderr, flush=True)

    def warn(self, line: str) -> None:
        """Report something that went wrong, quiet or not."""
        print(f"topics: {one_line(line)}", file=sys.stderr, flush=True)

    def track(self, things: Iterable[T], total: int | None, what: str) -> Iterator[T]:
        """Yield `things`; show how many of `total` are done once it has taken a while."""
        begun = last = time.monotonic()
        bar: Any = None
        done = 0
        try:
            for thing in things:
                yield thing
                done += 1
                now = time.monotonic()
                if self.quiet or now - begun < PATIENCE:
                    continue
                if self.live:
                    bar = bar or _bar(what, total)
                    bar.update(bar.task_ids[0], completed=done)
                elif now - last >= INTERVAL:
                    last = now
                    self.say(f"{what}: {done}" + (f" of {total}" if total else "") + f", {done / (now - begun):.0f} a second")
        finally:
            if bar is not None:
                bar.stop()


def _bar(what: str, total: int | None) -> Any:  # noqa: ANN401 - rich is imported only where it is shown
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task(what, total=total)
    bar.start()
    return bar
