"""What went wrong while many documents were processed, and what the exit code says of it.

Owns: the count of failures, the share of them that is put up with, the file of errors.
Does not know: what was done to the documents (`inputs`, `commands`).
"""

from __future__ import annotations

import contextlib
import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any, TextIO, TypeVar

from topics.errors import InputError, PartialFailure, TopicsError, UsageError
from topics.output import open_output
from topics.progress import Progress
from topics.sources_bytes import NO_MEMORY

T = TypeVar("T")


def refused(error: Exception, *, page: str | None = None) -> dict[str, Any]:
    """Return what a file of errors says of a file, row or page that could not be used."""
    if isinstance(error, InputError):
        return {"file": error.file, "line": error.line, "page": page, "article": None, "reason": error.reason}
    return {"file": None, "line": None, "page": page, "article": None, "reason": str(error)}


def unforeseen(error: Exception) -> str:
    """Return the reason that is given where a document made the program itself fail."""
    if isinstance(error, MemoryError):
        return f"{NO_MEMORY}; see --max-memory"
    return f"cannot be processed ({type(error).__name__}: {error})"


class Failures:
    """Counts what went well and what went wrong, says the latter, and decides the exit code."""

    def __init__(self, progress: Progress, *, report: TextIO | None = None, allowed: float = 0.0) -> None:
        """Take where errors are written as JSON Lines, if anywhere, and the share of inputs that may fail."""
        self.progress = progress
        self._report = report
        self._allowed = allowed
        #: Files, rows and pages that were read; articles that were written.
        self.read = self.written = 0
        #: Files, rows and pages that could not be read; those read of which an article failed; all lines of the report.
        self.refused = self.spoiled = self.failed = 0
        self._spoiled: tuple[Any, ...] | None = None
        #: The first error is told when something else was tried, too: alone it is all there is to say.
        self._held: InputError | None = None

    def add(self, error: Exception) -> None:
        """Report a file, row or page that could not be used."""
        self.take(refused(error))

    def take(self, failed: dict[str, Any]) -> None:
        """Report one failure: {file, line, page, article, reason}; with an article, its page was read."""
        self.failed += 1
        if failed["article"] is None:
            self.refused += 1
        elif self._spoiled != (page := (failed["file"], failed["line"], failed["page"])):
            self._spoiled = page
            self.spoiled += 1
        if self._report is not None:
            self._report.write(json.dumps(failed) + "\n")
        # A row is found by its line, a page by its name: that of its file, or its address in an archive.
        named = failed["file"] if failed["line"] is not None else failed["page"] or failed["file"]
        where = "" if failed["line"] is None else f", line {failed['line']}"
        where += "" if failed["article"] is None else f", article {failed['article']}"
        error = InputError(failed["reason"], file=None if named is None else named + where)
        if self.failed == 1 and not self.read:
            self._held = error
        else:
            self._release()
            self.progress.warn(str(error))

    def count(self, read: int) -> None:
        """Count records that were read."""
        self._release()
        self.read += read

    def _release(self) -> None:
        if self._held is not None:
            self.progress.warn(str(self._held))
            self._held = None

    def one(self, named: str, work: Callable[..., T], *given: object) -> T | None:
        """Return what `work` returns, or report that the document `named` failed: the others must go on."""
        try:
            return work(*given)
        except Exception as error:
            self.add(InputError(unforeseen(error), file=named))
            return None

    def check(self) -> None:
        """Raise InputError where nothing could be used: then no output appears, either."""
        if not self.failed or self.read:
            return
        if self._held is not None:
            raise self._held
        raise InputError(f"no input could be used: {self.failed} failed, see above")

    def finish(self) -> None:
        """Raise PartialFailure where more failed than is put up with; the rest is written."""
        self._release()
        if not self.failed:
            return
        tried, wrong = self.read + self.refused, self.refused + self.spoiled
        summary = f"{self.written} articles written; {wrong} of {tried} inputs failed"
        # Multiplied out: 1 of 20 is no more than 0.05, whatever the last bit of the quotient is.
        if wrong > self._allowed * tried * (1 + 1e-12):
            raise PartialFailure(f"{summary}, see above")
        self.progress.warn(f"{summary}, no more than --max-errors allows")


@contextlib.contextmanager
def failures_of(arguments: Namespace) -> Iterator[Failures]:
    """Give the failures of a command with the options `options.trusts` adds; at the end decide the exit code.

    The file of errors appears whole at the end, also where nothing could be used: then it says why.
    """
    progress = Progress(quiet=arguments.quiet)
    if arguments.errors is None:
        failures = Failures(progress, allowed=arguments.max_errors)
        yield failures
    else:
        if arguments.out is not None and arguments.errors == arguments.out:
            raise UsageError("--errors and --out name the same file; give each its own")
        nothing: TopicsError | None = None
        with open_output(arguments.errors, force=arguments.force) as stream:
            failures = Failures(progress, report=stream, allowed=arguments.max_errors)
            try:
                yield failures
            except InputError as error:
                nothing = error
                if not failures.failed:
                    failures.take(refused(error))  # a path that does not exist
        if nothing is not None:
            raise nothing
    failures.finish()
