"""Where tasks run: here, in processes of this machine, or on a cluster. Dask enters here.

Owns: the one flag (`--scheduler local:4`, `tcp://...`), and that results come in the order of the tasks.
Does not know: what a task does. One gives the same result wherever it runs, and can be run again: a worker that dies takes
nothing with it.

Dask sends functions and results pickled: use a cluster of your own, on a network of your own.
"""

from __future__ import annotations

import contextlib
import re
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from topics.errors import MissingExtra, UsageError

#: Runs a function on each item; yields the results in order.
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
#: How often a task is tried on another worker after one died at it.
TRIES = 5
#: Tasks sent ahead for each worker: enough that none waits, few enough that what they hold is little.
AHEAD = 2
#: Seconds between two looks for workers, and without any worker after which a run gives up.
LOOK, PATIENCE = 5.0, 600.0
#: On a busy machine a killed worker takes longer to come back than Dask waits (15 s); for a dead one, Dask waits too long.
SETTINGS = {"distributed.deploy.lost-worker-timeout": "10m", "distributed.comm.timeouts.connect": "10s"}


def checked(address: str) -> str:
    """Return `address`. Raises UsageError where it is none."""
    if not re.fullmatch(r"local:[1-9]\d{0,3}|(tcp|tls|ucx)://[^\s/]+:\d+", address):
        raise UsageError(f"--scheduler {address}: expected local:N, for N processes here, or tcp://HOST:PORT of a Dask scheduler")
    return address


class Here:
    """Runs tasks in this process, one after the other."""

    #: Whether tasks run elsewhere, so that it pays to make some.
    away = False
    #: For what is too large to be sent again and again: a folder that all workers see, None where there is none.
    folder: Path | None = None

    def __call__(self, function: Callable[..., Any], items: Iterable[Any], shared: tuple[Any, ...] = ()) -> Iterator[Any]:
        """Yield `function(item, *shared)` of each item."""
        return (function(item, *shared) for item in items)


class Cluster(Here):
    """Runs tasks on the workers of a Dask scheduler."""

    away = True

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - dask has no types
        self._client = client

    def __call__(self, function: Callable[..., Any], items: Iterable[Any], shared: tuple[Any, ...] = ()) -> Iterator[Any]:
        """Yield `function(item, *shared)` of each item, in their order. What is `shared` goes to each worker once."""
        # As results of tasks: what a dead worker held is made again. What is scattered would be gone with it.
        there = [self._client.submit(_same, value, pure=False, retries=TRIES) for value in shared]
        waiting: list[Any] = []
        left = iter(items)
        while True:
            # Asked each time: workers come and go.
            room = AHEAD * max(1, len(self._client.scheduler_info(n_workers=-1)["workers"])) - len(waiting)
            waiting += [
                self._client.submit(function, item, *there, pure=False, retries=TRIES) for item in islice(left, max(room, 0))
            ]
            if not waiting:
                return
            yield self._result(waiting.pop(0))

    def _result(self, task: Any) -> Any:  # noqa: ANN401
        from distributed import wait

        since = time.monotonic()
        while not task.done():
            with contextlib.suppress(TimeoutError), self._client.as_current():
                wait(task, timeout=LOOK)
            if self._client.scheduler_info(n_workers=-1)["workers"]:
                since = time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                raise UsageError(f"no worker has been there for {PATIENCE:.0f} s; what is finished is kept, see --resume")
        return task.result()


def _same(value: Any) -> Any:  # noqa: ANN401
    return value


@contextlib.contextmanager
def scheduler(address: str | None) -> Iterator[Here]:
    """Give what runs tasks: in this process where `address` is None.

    Raises UsageError where no scheduler answers at `address`, MissingExtra without the extra `dask`.
    """
    if address is None:
        yield Here()
        return
    checked(address)
    try:
        import dask
        import distributed
    except ImportError:
        raise MissingExtra("--scheduler", "dask") from None
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", message="Sending large graph")  # texts, counts and models are what is sent
        if address.startswith("local:"):
            stack.enter_context(dask.config.set(SETTINGS))
            cluster = distributed.LocalCluster(
                n_workers=int(address.removeprefix("local:")),
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=50,
            )
            address = stack.enter_context(cluster)
        try:
            client = stack.enter_context(distributed.Client(address, set_as_default=False))
        except OSError as error:
            raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None
        yield Cluster(client)
