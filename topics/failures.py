"""What went wrong while many documents were processed, and what the exit code says of it.

Owns: the count of failures, and that one bad document never stops the others.
Does not know: what was done to the documents (`commands`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from topics.errors import InputError, PartialFailure
from topics.progress import Progress

T = TypeVar("T")


class Failures:
    """Counts what went well and what went wrong, says the latter, and decides the exit code."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        #: Files, rows, pages or articles that failed; inputs that were read; articles that were written.
        self.failed = self.read = self.written = 0

    def add(self, error: Exception) -> None:
        """Report one document that failed."""
        self.failed += 1
        self.progress.warn(str(error))

    def one(self, named: str, work: Callable[..., T], *given: object) -> T | None:
        """Return what `work` returns, or report that the document `named` failed: the others must go on."""
        try:
            return work(*given)
        except Exception as error:
            self.add(InputError(f"cannot be processed ({type(error).__name__}: {error})", file=named))
            return None

    def check(self) -> None:
        """Raise InputError where nothing could be used: then no output appears, either."""
        if self.failed and not self.read:
            raise InputError(f"no input could be used: {self.failed} failed, see above")

    def finish(self) -> None:
        """Raise PartialFailure where something failed and the rest is written."""
        if self.failed:
            raise PartialFailure(f"{self.written} articles written; {self.failed} inputs failed, see above")
