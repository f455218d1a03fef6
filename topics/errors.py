"""What can go wrong, said to a person.

Owns: the tree of errors, their exit codes, and how a message is worded in one line.
Does not know: where messages are printed.

    TopicsError                something the user can mend
    ├── UsageError       (2)   a wrong command line or call
    │   ├── ConfigError  (2)   a config that cannot be run; every problem at once
    │   ├── MissingExtra (2)   an optional dependency that is not installed
    │   └── OutputError  (2)   a file that cannot be written where it was asked for
    ├── InputError       (3)   input nothing can be done with
    ├── PartialFailure   (4)   finished, but some documents failed
    └── ArtifactError    (5)   an artifact that is refused
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence


class TopicsError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(TopicsError):
    """A wrong command line or call."""

    exit_code = 2


class ConfigError(UsageError):
    """A config that cannot be run. `problems` holds one line each, all of them."""

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        self.path = path
        self.problems = list(problems)
        super().__init__("\n  ".join([f"{path} cannot be run:", *self.problems]))


class MissingExtra(UsageError):
    """An optional dependency that is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an extra that is not installed; run: pip install 'newstopics[{extra}]'")


class OutputError(UsageError):
    """A file or folder that cannot be written where it was asked for."""


class InputError(TopicsError):
    """Input nothing can be done with. `file` and `line` say where, when known; `reason` is the message without them."""

    exit_code = 3

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None) -> None:
        self.file = file
        self.line = line
        self.reason = message
        where = "" if file is None else f"{file}: " if line is None else f"{file}, line {line}: "
        super().__init__(where + message)


class PartialFailure(TopicsError):
    """The run finished, and some documents failed; the rest is written."""

    exit_code = 4


class ArtifactError(TopicsError):
    """An artifact that is refused: damaged, foreign, or of a newer format."""

    exit_code = 5


def one_line(text: str) -> str:
    """Return `text` with control characters escaped, so that a hostile name cannot steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the nearest known name, or an empty string."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
