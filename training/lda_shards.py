"""Sweeps of a fit as tasks: each shard's counts and state lie in files of a folder that all workers see.

Owns: these files, a sweep over one shard, what comes back from all of them.
Does not know: what a sweep is (`topics/kernels_cvb0`), merging, priors and the end (`lda_cvb0`), where tasks run.

    counts-3.npz     articles, columns and counts of shard 3, written once
    state-3-17.npz   expected topics of its articles after sweep 17, written by the task of that sweep
    table-18.npz     what every shard reads in sweep 18: phi and the document prior

A task reads the state before its sweep and writes the one after it under a new name, whole or not at all: it may be run
twice, or again elsewhere when its worker has died. Two states of each shard are kept.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import UsageError
from topics.scheduler import Here
from topics.terms import Counts, Longs
from training.lda_state import Doubles, Progress, Singles, table


class Shards:
    """The shards of one fit in a folder."""

    def __init__(self, folder: Path, each: Here, counts: Counts, cuts: Longs, slots: Longs) -> None:
        """Write the counts of each shard i, articles cuts[i] to cuts[i + 1]. slots: (n + 1,) places of articles' states."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder, self._each, self._cuts, self._slots = folder.absolute(), each, cuts, slots
        for i, (first, last) in enumerate(self._places()):
            begin, end = int(counts.indptr[first]), int(counts.indptr[last])
            _write(
                self.folder / f"counts-{i}.npz",
                indptr=counts.indptr[first : last + 1] - begin,
                columns=counts.indices[begin:end],
                counts=counts.data[begin:end],
                slots=slots[first : last + 1] - slots[first],
            )

    def _places(self) -> Iterator[tuple[int, int]]:
        return zip(self._cuts[:-1].tolist(), self._cuts[1:].tolist(), strict=True)

    def put(self, state: Progress) -> None:
        """Write the state of every article, from which the next sweep goes on."""
        for i, (first, last) in enumerate(self._places()):
            low, high = int(self._slots[first]), int(self._slots[last])
            _write(
                self.folder / f"state-{i}-{state.sweeps}.npz",
                used=state.used[first:last] - low, topics=state.topics[low:high], kept=state.kept[low:high],
            )  # fmt: skip

    def sweep(
        self, number: int, phi: Singles, inverse: Singles, floor: Singles, prior: Singles, least_mass: float
    ) -> Iterator[tuple[Singles, Doubles]]:
        """Make sweep `number`, counted from 1; yield of each shard its expected counts (V, P), and (K,) of the prior's sum."""
        _write(self.folder / f"table-{number}.npz", phi=phi, inverse=inverse, floor=floor, prior=prior)
        tasks = [(str(self.folder), i, number, least_mass) for i in range(len(self._cuts) - 1)]
        yield from self._each(sweep_shard, tasks)
        (self.folder / f"table-{number}.npz").unlink()
        for i in range(len(tasks)):
            (self.folder / f"state-{i}-{number - 1}.npz").unlink(missing_ok=True)

    def fetch(self, into: Progress, articles: Longs | None = None) -> None:
        """Copy the state after the last sweep of `articles`, ascending, or of all, into the arrays of `into`."""
        for i, (first, last) in enumerate(self._places()):
            state = _read(self.folder / f"state-{i}-{into.sweeps}.npz")
            low, high = int(self._slots[first]), int(self._slots[last])
            if articles is None:
                into.used[first:last] = state["used"] + low
                into.topics[low:high], into.kept[low:high] = state["topics"], state["kept"]
                continue
            for d in articles[(articles >= first) & (articles < last)].tolist():
                into.used[d] = state["used"][d - first] + low
                begin, end = int(self._slots[d]), int(into.used[d])
                into.topics[begin:end] = state["topics"][begin - low : end - low]
                into.kept[begin:end] = state["kept"][begin - low : end - low]

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep_shard(task: tuple[str, int, int, float]) -> tuple[Singles, Doubles]:
    """Sweep over one shard; return its expected counts and its part of what the document prior is learned from."""
    from topics.kernels_cvb0 import sweep_all

    folder, i, number, least_mass = Path(task[0]), *task[1:]
    if not folder.is_dir():
        raise UsageError(f"a worker does not see {folder}; all must see the folder that the artifact is written into")
    shard, model = _read(folder / f"counts-{i}.npz"), _read(folder / f"table-{number}.npz")
    state = _read(folder / f"state-{i}-{number - 1}.npz")
    # As far apart in memory as where all is one process (see `topics.kernels_cvb0.APART`).
    phi, out = table(*model["phi"].shape), table(*model["phi"].shape)
    inverse, prior = table(1, phi.shape[1])[0], table(1, phi.shape[1])[0]
    phi[:], inverse[:], prior[:] = model["phi"], model["inverse"], model["prior"]
    above = np.zeros(len(model["floor"]))
    sweep_all(shard["indptr"], shard["columns"], shard["counts"], 0, len(state["used"]), phi, inverse, model["floor"], prior,
              shard["slots"], state["used"], state["topics"], state["kept"], out, least_mass, above)  # fmt: skip
    _write(folder / f"state-{i}-{number}.npz", **state)
    return out, above


def _write(path: Path, **arrays: npt.NDArray[Any]) -> None:
    # A name of its own: two workers may write the same state at a time, and both write the same.
    whole = path.with_name(f".{uuid.uuid4().hex}.npz")
    np.savez(whole, **arrays)  # type: ignore[arg-type] # its keywords are arrays, but for one
    os.replace(whole, path)


def _read(path: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)
