"""Say how far a long job has come: a live line on a terminal, plain lines now and then elsewhere.

Owns: when something is said, rate and time left. Everything goes to standard error.
Does not know: what is being done.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO, TypeVar

from topics.errors import one_line

T = TypeVar("T")
#: Seconds before a job counts as long, and between two plain lines.
PATIENCE, INTERVAL = 1.0, 10.0
#: A line that says how far something has come, such as "lda: sweep 40 of at most 200, held-out perplexity 3149.2".
_STEP = re.compile(r"^(?P<what>[^0-9]*?)(?P<done>\d+)[^0-9]*? of (?:at most )?(?P<total>\d+)\b")
_FIGURE = re.compile(r"(?P<name>[a-z-]+) (?P<value>\d+(?:\.\d+)?)$")
_BARS = "▁▂▃▄▅▆▇█"


def wants_color(stream: TextIO | None) -> bool:
    """Return whether `stream` is a terminal that has not asked to be left alone (NO_COLOR, TERM=dumb)."""
    return stream is not None and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """Reports on standard error; says nothing but warnings when `quiet`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.live = not quiet and sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.started = time.monotonic()
        #: What the line that is being rewritten is about, since when, from which step on; its figures so far.
        self._step: tuple[str, float, int] | None = None
        self._figures: list[float] = []

    def say(self, line: str) -> None:
        """Report a step that is done. On a terminal lines that count up, "3 of 40", are one line that is rewritten."""
        if self.quiet:
            return
        now = time.monotonic()
        said = f"[{now - self.started:6.1f} s] {one_line(line)}"
        step = _STEP.match(line) if self.live else None
        if step is None:
            self._settle()
            print(said, file=sys.stderr, flush=True)
            return
        what, done, total = step["what"], int(step["done"]), int(step["total"])
        if self._step is None or self._step[0] != what:
            self._settle()
            self._step = what, now, done
        _, since, first = self._step
        if (figure := _FIGURE.search(line)) is not None:
            self._figures.append(float(figure["value"]))
        left = "" if done <= first or done >= total else f", {lasting((now - since) / (done - first) * (total - done))} left"
        print(f"\r\x1b[K{said} {curve(self._figures)}{left}", end="", file=sys.stderr, flush=True)

    def _settle(self) -> None:
        """End the line that is being rewritten."""
        if self._step is not None:
            print(file=sys.stderr, flush=True)
            self._step, self._figures = None, []

    def warn(self, line: str) -> None:
        """Report something that went wrong, quiet or not."""
        self._settle()
        print(f"topics: {one_line(line)}", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Leave the terminal with a whole line."""
        self._settle()

    def track(
        self, things: Iterable[T], total: int | Callable[[], int | None] | None, what: str, size: Callable[[T], int] = lambda _: 1
    ) -> Iterator[T]:
        """Yield `things`; show how many were done, how fast, and how long the rest will take, once it has taken a while.

        total: the sum of all sizes where it is known, or what finds it; `size` of a thing is 1 unless it says otherwise.
        """
        begun = last = time.monotonic()
        bar: Any = None
        done = amount = 0
        for_bar: int | None = None
        try:
            for thing in things:
                yield thing
                done += 1
                amount += size(thing)
                now = time.monotonic()
                if self.quiet or now - begun < PATIENCE:
                    continue
                if self.live:
                    if bar is None:
                        self._settle()
                        for_bar = total() if callable(total) else total
                        bar = _bar(what, for_bar)
                    bar.update(bar.task_ids[0], completed=amount, done=f"{done:,}", rate=f"{done / (now - begun):,.0f}/s")
                elif now - last >= INTERVAL:
                    if last == begun:
                        for_bar = total() if callable(total) else total
                    last = now
                    left = (now - begun) * (for_bar - amount) / amount if for_bar and amount else 0.0
                    rest = f", about {lasting(left)} left" if left > 0 else ""
                    self.say(f"{what}: {done}, {done / (now - begun):.0f} a second{rest}")
        finally:
            if bar is not None:
                bar.stop()


def lasting(seconds: float) -> str:
    """Return a time for people: "8 s", "3 min", "1 h 20 min"."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"


def curve(figures: list[float], width: int = 20) -> str:
    """Return the last figures as a curve of small bars; nothing for fewer than two."""
    shown = figures[-width:]
    low, high = min(shown, default=0.0), max(shown, default=0.0)
    if len(shown) < 2 or high == low:
        return ""
    return "".join(_BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] for value in shown)


def _bar(what: str, total: int | None) -> Any:  # noqa: ANN401 - rich is imported only where it is shown
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description} {task.fields[done]}"),
        BarColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        *([] if total is None else [TimeRemainingColumn(), TextColumn("left")]),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task(what, total=total, done="0", rate="")
    bar.start()
    return bar
