"""Where a long fit stands, on disk, so that a killed one goes on and ends in the same bits.

Owns: what identifies a fit, when a checkpoint belongs to another one.
Does not know: files (`topics/artifact` writes them whole, with hashes), what the state means (`lda_cvb0`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from topics.artifact import Part, read_artifact, write_artifact
from topics.errors import ArtifactError
from topics.terms import Counts
from training.lda_state import Progress
from training.settings import LdaSettings

#: Raised when an older state would no longer go on to the same bits.
FORMAT = 1


def fit_digest(counts: Counts, settings: LdaSettings, seed: int) -> str:
    """Return what a fit is of: counts, settings (but for how long it may go on) and seed."""
    digest = hashlib.sha256(
        f"{FORMAT} {seed} {counts.n_terms} {settings.model_dump_json(exclude={'iterations', 'stream'})}".encode()
    )
    for array in (counts.indptr, counts.indices, counts.data):
        digest.update(np.ascontiguousarray(array).data)
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
    arrays = {name: np.array(array) for name, array in part.arrays.items()}
    return Progress(
        sweeps=int(part.settings["sweeps"]),
        now=arrays["now"],
        before=arrays["before"],
        used=arrays["used"],
        topics=arrays["topics"].view(np.uint16),
        kept=arrays["kept"],
        alpha=arrays["alpha"],
        eta=float(part.settings["eta"]),
        curve=[(int(sweep), float(value)) for sweep, value in part.settings["curve"]],
    )
