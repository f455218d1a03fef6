"""Where a long fit stands, on disk, so that a killed one goes on and ends in the same bits.

Owns: what identifies a fit, when a checkpoint belongs to another one, where it lies and how often it is written.
Does not know: files (`topics/artifact` writes them whole, with hashes), what the state means (`lda_cvb0`).
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from topics.artifact import Part, read_artifact, write_artifact
from topics.errors import ArtifactError
from topics.terms import Counts
from training.lda_state import Given, Progress
from training.lda_stream import let_go
from training.settings import LdaSettings

#: Seconds between two checkpoints of `saver`: short fits leave none, and writing takes no time that counts.
INTERVAL = 30.0
#: Raised when an older state would no longer go on to the same bits.
FORMAT = 2


def checkpoint_of(artifact: Path) -> Path:
    """Return where the fit of an artifact keeps its state: in a hidden folder beside it, which goes when it is done."""
    return artifact.with_name(f".{artifact.name}.unfinished") / "lda"


def forget(checkpoint: Path) -> None:
    """Remove a checkpoint, with what a kill while it was written has left; nothing there is no error."""
    folder = checkpoint.parent
    for path in [checkpoint, folder / "shards", folder / "rows", *folder.glob(f".{checkpoint.name}.*")]:
        shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):  # not there, or it holds what is not ours
        folder.rmdir()


def saver(checkpoint: Path, digest: str) -> Callable[[Progress, Callable[[], None]], None]:
    """Return what a fit calls with its state, which is written every INTERVAL seconds. When it is written changes no bit.

    It is given what makes the state complete, too, and calls that first.
    """
    last = [time.monotonic()]

    def save(state: Progress, complete: Callable[[], None]) -> None:
        if time.monotonic() - last[0] >= INTERVAL:
            complete()
            write_checkpoint(checkpoint, state, digest)
            last[0] = time.monotonic()

    return save


def fit_digest(counts: Counts, settings: LdaSettings, seed: int, given: Given) -> str:
    """Return what a fit is of: counts, settings (but for how long it may go on), seed, and what was given before it."""
    digest = hashlib.sha256(
        f"{FORMAT} {seed} {counts.n_terms} {settings.model_dump_json(exclude={'iterations', 'stream'})}".encode()
    )
    for array in (counts.indptr, counts.indices, counts.data, given.owner, given.base, given.alpha):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).data)
        if array is not None:
            let_go(array)
    return digest.hexdigest()


def write_checkpoint(folder: Path, state: Progress, digest: str) -> None:
    """Write `state` into `folder`, whole or not at all, over an older one."""
    arrays = {name: getattr(state, name) for name in ("now", "before", "used", "topics", "kept", "alpha")}
    arrays["topics"] = state.topics.view(np.int16)  # a type that artifacts hold
    settings = {"sweeps": state.sweeps, "eta": state.eta, "curve": [list(point) for point in state.curve], "fit": digest}
    write_artifact(folder, {"fit": Part(arrays=arrays, settings=settings)}, {}, {"kind": "checkpoint"}, force=True)


def read_checkpoint(folder: Path, digest: str) -> Progress | None:
    """Return the state in `folder`, or None where there is none. Raises ArtifactError for that of another fit."""
    if not folder.exists():
        return None
    part = read_artifact(folder).parts.get("fit")
    if part is None or part.settings.get("fit") != digest:
        raise ArtifactError(
            f"{folder}: this checkpoint is of another corpus, config or seed; remove it, or train with what it was made from"
        )
    # Mapped from disk: a streamed fit copies them block by block into its own files.
    arrays = part.arrays
    return Progress(
        sweeps=int(part.settings["sweeps"]),
        now=arrays["now"],
        before=arrays["before"],
        used=arrays["used"],
        topics=arrays["topics"].view(np.uint16),
        kept=arrays["kept"],
        alpha=np.array(arrays["alpha"]),
        eta=float(part.settings["eta"]),
        curve=[(int(sweep), float(value)) for sweep, value in part.settings["curve"]],
    )
