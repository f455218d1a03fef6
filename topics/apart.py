"""Work on one large document in a process of its own, so that it alone is lost when memory runs out.

Owns: the process, what becomes of its answers, how its death is told.
Does not know: what is worked on.

The process is a fork of this one; where systems have none, the work is done here. Answers go through a nameless file, as
JSON: nothing a dying process wrote half is taken for an answer, and nothing is left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NoReturn

from topics.errors import InputError
from topics.memory import bound, in_use
from topics.sources_bytes import NO_MEMORY

_DONE, _NO_MEMORY, _NO_ROOM = 0, 3, 4


def apart(work: Callable[[], Iterable[Any]], limit: int | None) -> Iterator[Any]:
    """Yield what `work` yields, JSON values, after it has ended well in another process; both take at most `limit` bytes.

    Raises InputError where that process died, or needed more.
    """
    if not hasattr(os, "fork"):
        yield from work()
        return
    import tempfile  # 5 ms, which ordinary pages need not wait for

    sys.stdout.flush()
    sys.stderr.flush()
    with tempfile.TemporaryFile() as answers:
        with warnings.catch_warnings():
            # The one other thread there may be paints a progress bar, which the new process has no part in.
            warnings.simplefilter("ignore", DeprecationWarning)
            ours = in_use()
            child = os.fork()
        if not child:
            _answer(work, answers, None if limit is None else max(limit - ours, ours))
        try:
            _, status = os.waitpid(child, 0)
        except BaseException:  # Ctrl-C, a polite kill
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        _judge(os.waitstatus_to_exitcode(status))
        answers.seek(0)
        for line in answers:
            yield json.loads(line)


def _judge(code: int) -> None:
    """Raise InputError with what an exit code means, unless it means that all is well."""
    if code == -signal.SIGKILL:
        raise InputError("the process working on it was killed, as the system does when memory runs out")
    if code == _NO_MEMORY:
        raise InputError(f"{NO_MEMORY}; see --max-memory")
    if code == _NO_ROOM:
        raise InputError("no room on the disk for what was found in it")
    if code:
        raise InputError(f"the process working on it died ({f'signal {-code}' if code < 0 else f'exit code {code}'})")


def _answer(work: Callable[[], Iterable[Any]], answers: IO[bytes], limit: int | None) -> NoReturn:
    """Do the work, write what it yields, and end this process without a word."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _first_to_die()
        bound(limit)
        for answer in work():
            answers.write(json.dumps(answer, separators=(",", ":")).encode("ascii") + b"\n")
        answers.flush()
        code = _DONE
    except MemoryError:
        code = _NO_MEMORY
    except OSError:
        code = _NO_ROOM
    finally:
        os._exit(code)  # nothing of the parent's is flushed or removed here


def _first_to_die() -> None:
    """Ask the system to kill this process before others when memory runs out, and when its parent dies."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
    with contextlib.suppress(ImportError, OSError, AttributeError, TypeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, Linux alone
