"""What a run has done so far, so that it can go on there after it was killed.

Owns: the file FILE.resume beside the output, its lines, who may write it, when it is trusted.
Does not know: what was done: a step is a count of inputs read, a digest over them, and JSON values.

    {"journal": 1, "about": {...}}            what the run was asked for; another run does not go on here
    ["row", {...}]                            the values of a step, a line each
    {"done": 128, "inputs": "9f...", "check": "3b..."}   ends a step: inputs read so far, their digest, that of the lines above

A step counts when its last line is there whole: a run may be killed, or the disk may fill, at any byte. Lines are
appended and never rewritten. The output is made from the journal and from what was not done yet, by the same code in
the same order: it cannot but have the bytes of an unbroken run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from topics.errors import OutputError, UsageError, one_line

SUFFIX = ".resume"


@dataclass(frozen=True, slots=True)
class Step:
    """Inputs that were worked on."""

    #: Inputs read since the run began, and the digest over all of them.
    done: int
    inputs: str
    #: What came of this step's; to be taken before the next step.
    values: Iterator[Any]


class Journal:
    """The steps of a run on disk: those done before, then those of this run."""

    def __init__(self, output: str, about: Mapping[str, Any]) -> None:
        """Open the journal beside `output`, or begin it.

        Raises UsageError where it is that of another command, or of a run that is still at work; OutputError where it
        cannot be written.
        """
        self.path = os.path.realpath(output) + SUFFIX
        self._shown = one_line(output + SUFFIX)
        try:
            # Not through a link that somebody may have put there.
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o666)
            self._file: IO[bytes] = os.fdopen(fd, "r+b")
        except OSError as error:
            raise OutputError(f"{self._shown}: cannot be written: {error.strerror}") from None
        try:
            self._lock()
            self._end = self._begin(json.loads(json.dumps(about)))
        except BaseException:
            self._file.close()
            raise
        self._check = hashlib.sha256()

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{self._shown}: another run is writing it; wait for its end, or name another --out") from None

    def _begin(self, about: Any) -> int:  # noqa: ANN401 - JSON
        """Check the first line, or write it; return where the steps begin."""
        first = self._file.readline()
        if first.endswith(b"\n"):
            try:
                before = json.loads(first)["about"]
            except (ValueError, KeyError, TypeError, RecursionError):
                raise UsageError(f"{self._shown}: is no journal of ours; remove it, or name another --out") from None
            if before != about:
                other = sorted(k for k in about if not isinstance(before, dict) or before.get(k) != about[k])
                raise UsageError(
                    f"{self._shown}: was begun with another {' and '.join(other) or 'command'}; repeat that command to go on, "
                    "or remove the file to begin anew"
                )
            return len(first)
        # Killed before its first line was whole: nothing was done yet.
        line = _line({"journal": 1, "about": about})
        if first and not line.startswith(first):
            raise UsageError(f"{self._shown}: is no journal of ours; remove it, or name another --out")
        self._file.truncate(0)
        self._write(line)
        return len(line)

    def steps(self) -> Iterator[Step]:
        """Yield the steps done before, one after the other, and make ready to append: what is not a whole step is cut off."""
        while (last := self._last_line()) is not None:
            begin, self._end = self._end, self._file.tell()
            yield Step(done=last["done"], inputs=last["inputs"], values=self._values(begin))
            self._file.seek(self._end)
        self._file.truncate(self._end)
        self._file.seek(self._end)

    def _last_line(self) -> dict[str, Any] | None:
        """Return the last line of the step at the file's place, which then is behind it; None where none is whole."""
        self._file.seek(self._end)
        check = hashlib.sha256()
        for line in self._file:
            if line.startswith(b"["):
                check.update(line)
                continue
            try:
                last = json.loads(line)
                whole = line.endswith(b"\n") and last["check"] == check.hexdigest() and isinstance(last["inputs"], str)
                return dict(last) if whole and isinstance(last["done"], int) else None
            except (ValueError, KeyError, TypeError, RecursionError):
                return None
        return None

    def _values(self, begin: int) -> Iterator[Any]:
        self._file.seek(begin)
        for line in self._file:
            if not line.startswith(b"["):
                return
            yield json.loads(line)

    def note(self, value: Any) -> None:  # noqa: ANN401 - JSON
        """Append one value of the step that is at work; a list."""
        line = _line(value)
        self._check.update(line)
        self._write(line, flush=False)

    def end_step(self, done: int, inputs: str) -> None:
        """Append the end of a step: from now on it counts."""
        self._write(_line({"done": done, "inputs": inputs, "check": self._check.hexdigest()}))
        self._check = hashlib.sha256()

    def _write(self, line: bytes, *, flush: bool = True) -> None:
        try:
            self._file.write(line)
            if flush:
                self._file.flush()
        except OSError as error:
            raise OutputError(
                f"{self._shown}: cannot be written: {error.strerror}; what it holds is kept, the same command goes on there"
            ) from None

    def remove(self) -> None:
        """Remove the journal: the output is in its place."""
        self._close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    def _close(self) -> None:
        with contextlib.suppress(OSError):  # what could not be written was said already
            self._file.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *rest: object) -> None:
        self._close()


def _line(value: Any) -> bytes:  # noqa: ANN401 - JSON
    return json.dumps(value, separators=(",", ":"), default=_plain).encode("ascii") + b"\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - numpy's numbers and arrays, dates
    return value.tolist() if hasattr(value, "tolist") else value.isoformat()
