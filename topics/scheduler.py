"""Where tasks run: here, in processes of this machine, or on a cluster. Dask enters here.

Owns: the one flag (`--scheduler local:4`, `tcp://...`), and that results come in the order of the tasks.
Does not know: what a task does. One gives the same result wherever it runs, and can be run again: a worker that dies takes
nothing with it.

Dask sends functions and results pickled: use a cluster of your own, on a network of your own.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from topics.errors import MissingExtra, UsageError

#: Runs a function on each item; yields the results in order.
Each = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]
#: How often a task is tried on another worker after one died at it.
TRIES = 5
#: Tasks sent ahead for each worker: enough that none waits, few enough that what they hold is little.
AHEAD = 2


def checked(address: str) -> str:
    """Return `address`. Raises UsageError where it is none."""
    if not re.fullmatch(r"local:[1-9]\d{0,3}|(tcp|tls|ucx)://[^\s/]+:\d+", address):
        raise UsageError(f"--scheduler {address}: expected local:N, for N processes here, or tcp://HOST:PORT of a Dask scheduler")
    return address


@contextlib.contextmanager
def scheduler(address: str | None) -> Iterator[Each]:
    """Give the function that runs tasks: in this process where `address` is None.

    Raises UsageError where no scheduler answers at `address`, MissingExtra without the extra `dask`.
    """
    if address is None:
        yield lambda function, items: map(function, items)
        return
    checked(address)
    try:
        import distributed
    except ImportError:
        raise MissingExtra("--scheduler", "dask") from None
    with contextlib.ExitStack() as stack:
        if address.startswith("local:"):
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
        yield lambda function, items: _each(client, function, items)


def _each(client: Any, function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:  # noqa: ANN401 - dask has no types
    waiting: list[Any] = []
    left = iter(items)
    while True:
        # Asked each time: workers come and go.
        room = AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"])) - len(waiting)
        waiting += [client.submit(function, item, pure=False, retries=TRIES) for item in islice(left, max(room, 0))]
        if not waiting:
            return
        yield waiting.pop(0).result()
