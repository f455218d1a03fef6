"""What a training run leaves on disk, and how it is read back without trusting it.

Owns: file names, the manifest, hashes, the order of checks, writing whole or not at all.
Does not know: the form of an array's file (`arrays`), nor what arrays mean: each model hands over arrays and
settings and takes them back.

Reading goes: manifest (size, form, format number), names and hashes of all files, shapes and types, and
only then arrays are mapped (`arrays`). Nothing is unpickled and nothing of the artifact is executed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from topics.arrays import map_array, write_array
from topics.errors import ArtifactError, OutputError, one_line
from topics.siblings import new_folder, remove_stale, take_place

#: Raised when an older reader would misread what is written now; older formats keep loading.
FORMAT = 1
MANIFEST, CONFIG, TERMS, EVALUATION = "manifest.json", "config.toml", "terms.txt", "evaluation.json"
#: A manifest lists files and scores; one for ten thousand targets stays under a tenth of this.
MAX_MANIFEST_BYTES = 64 << 20
_DIGEST = re.compile(rb'\n "digest": "([0-9a-f]{64})",\n')
#: Half a character, which JSON can hold and nothing can print: it is never written, since texts are UTF-8.
_HALF = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")
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


def check_target(folder: Path, *, force: bool = False) -> None:
    """Raise OutputError where `write_artifact` would refuse `folder`: to be asked before hours of work, too.

    With `force` an artifact may be replaced, and an empty folder filled. A folder that holds anything an artifact's
    manifest does not list is somebody's: it is never replaced.
    """
    shown = one_line(str(folder))
    try:
        if not folder.exists():
            return
        if not folder.is_dir():
            raise OutputError(f"{shown}: exists and is not a folder; name another with --out")
        if not force:
            raise OutputError(f"{shown}: exists already; pass --force to replace it, or --out another folder")
        for name in sorted(_contents(folder) - _listed(folder)):
            raise OutputError(f"{shown}: holds {one_line(name)}, which is not of an artifact; it will not be replaced")
    except OSError as error:
        raise OutputError(f"{shown}: cannot be read: {error.strerror}") from None


def _listed(folder: Path) -> set[str]:
    """Return the files that the manifest in `folder` lists, without trusting it: only that it is one of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        return {MANIFEST, *manifest["files"]} if isinstance(manifest["digest"], str) else set()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return set()


def _contents(folder: Path) -> set[str]:
    """Return what lies in `folder`, by relative path: files, and links to anything."""

    def stop(error: OSError) -> None:
        raise error

    found = set()
    for root, folders, files in os.walk(folder, onerror=stop):
        links = [name for name in folders if os.path.islink(os.path.join(root, name))]
        found |= {os.path.relpath(os.path.join(root, name), folder) for name in [*files, *links]}
    return found


def write_artifact(
    folder: Path, parts: Mapping[str, Part], texts: Mapping[str, str], about: Mapping[str, Any], *, force: bool = False
) -> str:
    """Write an artifact into `folder`, whole or not at all, and return its digest.

    Everything goes into a hidden sibling folder first, the manifest last, which then takes the place of `folder`.
    Raises OutputError where `check_target` refuses `folder`, or it cannot be written.
    """
    check_target(folder, force=force)
    # A link stays a link: what it leads to is replaced.
    target = Path(os.path.realpath(folder))
    remove_stale(str(target))
    new, held = None, None  # type: tuple[Path | None, int | None]
    try:
        made, held = new_folder(str(target))
        new = Path(made)
        digest = _fill(new, parts, texts, about)
        take_place(new, target)
    except OSError as error:
        raise OutputError(f"{one_line(str(folder))}: cannot be written: {error.strerror}") from None
    finally:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)
        if held is not None:
            os.close(held)
    return digest


def _fill(new: Path, parts: Mapping[str, Part], texts: Mapping[str, str], about: Mapping[str, Any]) -> str:
    files: dict[str, dict[str, Any]] = {}
    for folder, part in parts.items():
        for name, array in part.arrays.items():
            path = new / folder / f"{name}.npy"
            if not _NAME.fullmatch(f"{folder}/{name}.npy"):
                raise ValueError(f"{folder}/{name}: arrays are named in small letters, digits, '-' and '_'")
            path.parent.mkdir(parents=True, exist_ok=True)
            facts = write_array(path, array)
            files[f"{folder}/{name}.npy"] = {"sha256": _sha256(path), **facts}
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
    with _refusing(folder):
        manifest = _read_manifest(folder)
        parts, files = manifest["parts"], manifest["files"]
        if not isinstance(files, dict) or not isinstance(parts, dict) or not all(isinstance(s, dict) for s in parts.values()):
            raise _refuse(folder, "its manifest does not list parts and files")
        _check_names(folder, files)
        texts, arrays = {}, {part: {} for part in parts}  # type: tuple[dict[str, str], dict[str, dict[str, npt.NDArray[Any]]]]
        for name, facts in files.items():
            if name.endswith(".npy"):
                part, _, array = name.rpartition("/")
                if part not in arrays:
                    raise _refuse(folder, f"{name} belongs to no model in the manifest")
                if _sha256(folder / name) != facts["sha256"]:
                    raise _refuse(folder, f"{name} does not match its hash")
                try:
                    mapped = map_array(folder / name, tuple(facts["shape"]), facts["dtype"])
                except ValueError as error:
                    raise _refuse(folder, f"{name}: {error}") from None
                arrays[part][array.removesuffix(".npy")] = mapped
            else:
                raw = (folder / name).read_bytes()
                if hashlib.sha256(raw).hexdigest() != facts["sha256"]:
                    raise _refuse(folder, f"{name} does not match its hash")
                texts[name] = raw.decode("utf-8")
    models = {name: Part(arrays=arrays[name], settings=settings) for name, settings in parts.items()}
    return Artifact(path=folder, manifest=manifest, parts=models, texts=texts)


@contextlib.contextmanager
def _refusing(folder: Path) -> Iterator[None]:
    """Turn what a strange file or manifest raises into a refusal."""
    try:
        yield
    except OSError as error:
        name = os.path.relpath(os.fsdecode(error.filename), folder) if error.filename else "a file"
        raise _refuse(folder, f"{name} cannot be read: {error.strerror}") from None
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise _refuse(folder, f"its manifest is not of the right form ({type(error).__name__}: {str(error)[:100]})") from None


def _refuse(folder: Path, why: str) -> ArtifactError:
    return ArtifactError(f"{one_line(str(folder))}: artifact refused: {one_line(why)}; train it again or fetch a fresh copy")


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not folder.is_dir():
        raise ArtifactError(
            f"{one_line(str(folder))}: no artifact here; `topics train CONFIG --out {one_line(str(folder))}` makes one"
        )
    try:
        mode = path.lstat()
    except FileNotFoundError:
        raise _refuse(folder, f"it has no {MANIFEST}") from None
    # A link may lead anywhere, and a pipe never ends.
    if not stat.S_ISREG(mode.st_mode) or mode.st_size > MAX_MANIFEST_BYTES:
        raise _refuse(folder, f"{MANIFEST} is not a plain file of at most {MAX_MANIFEST_BYTES >> 20} MB")
    raw = path.read_bytes()
    try:
        manifest = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise _refuse(folder, f"{MANIFEST} is not JSON ({str(error)[:100]})") from None
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if type(found) is not int or found < 1:
        raise _refuse(folder, f"{MANIFEST} has no format number")
    if found > FORMAT:
        raise _refuse(folder, f"its format is {found}, newer than {FORMAT}, the newest read here; upgrade newstopics")
    # The bytes themselves are hashed, all but the line with the digest: a changed space is a changed artifact, too.
    lines = _DIGEST.findall(raw)
    whole = hashlib.sha256(_DIGEST.sub(b"\n", raw)).hexdigest()
    if [manifest.get("digest")] != [line.decode() for line in lines] or manifest["digest"] != whole or _HALF.search(raw):
        raise _refuse(folder, f"{MANIFEST} was changed after it was written")
    return dict(manifest)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number that JSON has")


def _check_names(folder: Path, files: Mapping[str, Any]) -> None:
    for name in files:
        if not _NAME.fullmatch(name) or ".." in name:
            raise _refuse(folder, f"file name {name[:100]!r} is not one that is written")
        here = folder
        for piece in name.split("/"):
            here = here / piece
            mode = here.lstat().st_mode
            if stat.S_ISLNK(mode):
                raise _refuse(folder, f"{name} is a link")
        if not stat.S_ISREG(mode):
            raise _refuse(folder, f"{name} is not a file")
    for name in sorted(_contents(folder) - set(files) - {MANIFEST}):
        raise _refuse(folder, f"{name} is not in the manifest")
