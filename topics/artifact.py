"""What a training run leaves on disk, and how it is read back without trusting it.

Owns: file names, the manifest, hashes, the order of checks, writing whole or not at all.
Does not know: what the arrays mean; each model hands over arrays and settings and takes them back.

Reading goes: manifest (size, form, format number), names and hashes of all files, shapes and types, and
only then arrays are mapped. Nothing is unpickled and nothing of the artifact is executed.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import secrets
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import ArtifactError, OutputError, one_line

#: Raised when an older reader would misread what is written now; older formats keep loading.
FORMAT = 1
MANIFEST, CONFIG, TERMS, EVALUATION = "manifest.json", "config.toml", "terms.txt", "evaluation.json"
#: A manifest lists files and scores; one for ten thousand targets stays under a tenth of this.
MAX_MANIFEST_BYTES = 64 << 20
_TYPES = frozenset({"<f8", "<f4", "<i8", "<i4", "<i2", "<u4", "|u1", "|i1", "|b1"})
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)*[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One model as it is stored: arrays by name, and the settings that belong to them (JSON)."""

    arrays: Mapping[str, npt.NDArray[Any]]
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """An artifact that passed every check. Arrays are memory-mapped and read-only."""

    path: Path
    manifest: Mapping[str, Any]
    #: By folder, such as "tfidf" or "stance/aid-to-ukraine".
    parts: Mapping[str, Part]
    #: Text files by name: terms.txt, config.toml, evaluation.json.
    texts: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The SHA-256 that stands for the whole artifact."""
        return str(self.manifest["digest"])


def slug(name: str, taken: frozenset[str] | set[str] = frozenset()) -> str:
    """Return a folder name for `name` that is not in `taken`: lower-case ASCII letters, digits and hyphens."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "target"
    candidate, n = base, 2
    while candidate in taken:
        candidate, n = f"{base}-{n}", n + 1
    return candidate


def write_artifact(
    folder: Path, parts: Mapping[str, Part], texts: Mapping[str, str], about: Mapping[str, Any], *, force: bool = False
) -> str:
    """Write an artifact into `folder`, whole or not at all, and return its digest.

    Everything goes into a sibling folder first, the manifest last, which is then renamed into place.
    Raises OutputError where `folder` exists and `force` is not given, or cannot be written.
    """
    if folder.exists() and not force:
        raise OutputError(f"{folder}: exists already; pass --force to replace it, or --out another folder")
    if folder.exists() and not (folder / MANIFEST).is_file() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise OutputError(f"{folder}: exists and is not an artifact; it will not be replaced")
    new = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.new")
    try:
        new.mkdir(parents=True)
        digest = _fill(new, parts, texts, about)
        if folder.exists():
            old = new.with_suffix(".old")
            folder.rename(old)
            new.rename(folder)
            shutil.rmtree(old)
        else:
            new.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return digest


def _fill(new: Path, parts: Mapping[str, Part], texts: Mapping[str, str], about: Mapping[str, Any]) -> str:
    files: dict[str, dict[str, Any]] = {}
    for folder, part in parts.items():
        for name, array in part.arrays.items():
            # scikit-learn hands out Fortran-ordered arrays, and other byte orders exist: one form on disk.
            array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
            path = new / folder / f"{name}.npy"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=False)
            files[f"{folder}/{name}.npy"] = {"sha256": _sha256(path), "shape": list(array.shape), "dtype": array.dtype.str}
    for name, text in texts.items():
        (new / name).write_bytes(text.encode("utf-8"))
        files[name] = {"sha256": _sha256(new / name)}
    manifest = {
        "format": FORMAT,
        **about,
        "parts": {folder: dict(part.settings) for folder, part in parts.items()},
        "files": dict(sorted(files.items())),
    }
    manifest["digest"] = _digest(manifest)
    (new / MANIFEST).write_bytes(_canonical(manifest))
    return str(manifest["digest"])


def _canonical(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode("utf-8")


def _digest(manifest: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical({k: v for k, v in manifest.items() if k != "digest"})).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_artifact(folder: str | Path) -> Artifact:
    """Return the artifact in `folder` after checking all of it. Raises ArtifactError where anything is off."""
    folder = Path(folder)
    try:
        manifest = _read_manifest(folder)
        files = manifest["files"]
        _check_files(folder, files)
        texts = {n: (folder / n).read_bytes().decode("utf-8") for n in files if not n.endswith(".npy")}
        arrays: dict[str, dict[str, npt.NDArray[Any]]] = {part: {} for part in manifest["parts"]}
        for name, facts in files.items():
            if name.endswith(".npy"):
                part, _, array = name.rpartition("/")
                if part not in arrays:
                    raise _refuse(folder, f"{name} belongs to no model in the manifest")
                arrays[part][array.removesuffix(".npy")] = _map_array(folder, name, facts)
    except OSError as error:
        raise _refuse(folder, f"{Path(str(error.filename)).name}: {error.strerror}") from None
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise _refuse(folder, f"the manifest is not of the right form ({type(error).__name__}: {error})") from None
    parts = {name: Part(arrays=arrays[name], settings=settings) for name, settings in manifest["parts"].items()}
    return Artifact(path=folder, manifest=manifest, parts=parts, texts=texts)


def _refuse(folder: Path, why: str) -> ArtifactError:
    return ArtifactError(f"{one_line(str(folder))}: artifact refused: {one_line(why)}; train it again or fetch a fresh copy")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ArtifactError(
            f"{one_line(str(folder))}: no artifact here; `topics train CONFIG --out {one_line(str(folder))}` makes one"
        )
    if not path.exists():
        raise _refuse(folder, f"it has no {MANIFEST}")
    if path.is_symlink() or path.stat().st_size > MAX_MANIFEST_BYTES:
        raise _refuse(folder, f"{MANIFEST} is a link or larger than {MAX_MANIFEST_BYTES >> 20} MB")
    raw = path.read_bytes()
    try:
        manifest = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _refuse(folder, f"{MANIFEST} is not JSON ({error})") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise _refuse(folder, f"{MANIFEST} has no format number")
    if manifest["format"] > FORMAT:
        raise _refuse(
            folder, f"its format is {manifest['format']}, newer than {FORMAT}, the newest read here; upgrade newstopics"
        )
    # Byte for byte what would be written: a changed space is a changed artifact, too.
    try:
        if manifest.get("digest") != _digest(manifest) or _canonical(manifest) != raw:
            raise _refuse(folder, f"{MANIFEST} was changed after it was written")
    except (ValueError, RecursionError) as error:
        raise _refuse(folder, f"{MANIFEST} is not of the right form ({error})") from None
    return manifest


def _check_files(folder: Path, files: Mapping[str, Any]) -> None:
    for name, facts in files.items():
        if not _NAME.fullmatch(name) or ".." in name:
            raise _refuse(folder, f"file name {name!r} is not one that is written")
        here = folder
        for piece in name.split("/"):
            here = here / piece
            if stat.S_ISLNK(here.lstat().st_mode):
                raise _refuse(folder, f"{name} is a link")
        if not here.is_file():
            raise _refuse(folder, f"{name} is not a file")
        if _sha256(here) != facts["sha256"]:
            raise _refuse(folder, f"{name} does not match its hash")
    found = {os.path.relpath(os.path.join(root, name), folder) for root, _, names in os.walk(folder) for name in names}
    for name in sorted(found - set(files) - {MANIFEST}):
        raise _refuse(folder, f"{name} is not in the manifest")


def _map_array(folder: Path, name: str, facts: Mapping[str, Any]) -> npt.NDArray[Any]:
    path, shape, dtype = folder / name, tuple(facts["shape"]), facts["dtype"]
    if dtype not in _TYPES or not all(type(n) is int and 0 <= n < 1 << 40 for n in shape):
        raise _refuse(folder, f"{name}: shape {shape} or type {dtype!r} is not one that is written")
    try:
        with path.open("rb") as file:
            if np.lib.format.read_magic(file) != (1, 0):
                raise _refuse(folder, f"{name} is not of npy format 1.0")
            found = np.lib.format.read_array_header_1_0(file)
            begin = file.tell()
    except ValueError as error:
        raise _refuse(folder, f"{name}: {error}") from None
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if found != (shape, False, np.dtype(dtype)) or path.stat().st_size != begin + size:
        raise _refuse(folder, f"{name} does not have the shape and type that the manifest gives")
    array: npt.NDArray[Any] = (
        np.memmap(path, dtype=dtype, mode="r", offset=begin, shape=shape) if size else np.zeros(shape, dtype)
    )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise _refuse(folder, f"{name} holds numbers that are not finite")
    return array
