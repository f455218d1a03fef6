"""Shards of a large corpus for machines elsewhere: their rows lie in files of a folder that all workers see.

Owns: these files, and a pass over a shard that lies in them.
Does not know: what a pass is, and how passes are added up (`classify_large`), where tasks run.

A pass reads all entries of a shard, 8 bytes each, in less time than they would take over a network; the multipliers of
its articles and the weights are all that goes there and back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import UsageError
from topics.scheduler import Here
from topics.terms import Longs
from topics.tfidf import Weights
from training.classify_large import Flags, Pass, Rows, Shard, Singles, solve_shard

#: What `solve_shard` returns.
_Found = tuple[Singles, Singles, Singles, Singles, Singles]
#: Folder and number of a shard, its strips, which rows are left out, their multipliers, the seed.
_Task = tuple[str, int, Longs, Flags, Singles, tuple[int, ...]]


def shards_elsewhere(shards: Sequence[Shard], each: Here, *, first: bool) -> tuple[Iterable[Any], Callable[..., _Found]]:
    """Return the tasks of one pass, and what does them; with the `first` pass rows are written, where there is a folder."""
    if each.folder is None:
        return (shard.alone() for shard in shards), solve_shard
    folder = each.folder / "rows"
    if first:
        _write(folder, shards)
    return _sent(folder, shards), solve_sent


def _write(folder: Path, shards: Sequence[Shard]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for i, shard in enumerate(shards):
        rows = shard.alone().rows
        arrays: dict[str, npt.NDArray[Any]] = {"indptr": rows.weights.indptr, "indices": rows.weights.indices}
        arrays |= {"data": rows.weights.data, "members": rows.members, "norms": rows.norms, "place": rows.place}
        for name, values in arrays.items():
            np.save(folder / f"{name}-{i}", values)


def _sent(folder: Path, shards: Sequence[Shard]) -> Iterator[_Task]:
    for i, shard in enumerate(shards):
        which, strips = shard.own()
        yield str(folder.absolute()), i, strips, shard.left_out[which], shard.alpha[which], shard.seed


def solve_sent(task: _Task, common: Pass) -> _Found:
    """Do what `solve_shard` does for a shard whose rows lie in files."""
    folder, i, strips, left_out, alpha, seed = task
    if not Path(folder).is_dir():
        raise UsageError(f"a worker does not see {folder}; all must see the folder that the artifact is written into")

    def read(name: str) -> npt.NDArray[Any]:
        # Mapped: the system keeps what fits. Copied on write, though nothing is written: loops are compiled for such arrays.
        return np.asarray(np.load(Path(folder) / f"{name}-{i}.npy", mmap_mode="c", allow_pickle=False))

    place = read("place")
    weights = Weights(indptr=read("indptr"), indices=read("indices"), data=read("data"), n_terms=len(place))
    rows = Rows(weights=weights, members=read("members"), place=place, norms=read("norms"))
    # Multipliers are changed in place, and what came over a network may be read only.
    shard = Shard(rows=rows, strips=strips, left_out=left_out, alpha=alpha.copy(), seed=seed)
    return solve_shard(shard, common)
