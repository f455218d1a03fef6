"""Which files a corpus is made of.

Owns: patterns of a config as files of this machine or at addresses, what is named for two purposes, one digest over all of them.
Does not know: what is in a file (`corpus`, `topics/sources`).
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from topics.errors import ConfigError
from topics.sources_files import format_of
from topics.sources_remote import files_in, is_address, is_folder, matches, opened
from training.settings import CorpusSettings

#: An address is a string: a `Path` would make one slash of two.
File = Path | str
_SETTINGS = ("labels", "bodies", "test", "train")


class Told(Protocol):
    """Where problems and warnings go."""

    problems: list[str]
    warnings: list[str]


def files_of(settings: CorpusSettings, base: Path, name: str, told: Told) -> dict[str, list[File]]:
    """Return the files of each setting. Raises ConfigError with all patterns that match nothing."""
    found: dict[str, list[File]] = {}
    missing: list[str] = []
    for setting in _SETTINGS:
        patterns = getattr(settings, setting)
        matches: dict[File, None] = {}
        for pattern in [patterns] if isinstance(patterns, str) else patterns or []:
            new = list(_files(pattern, base, told))
            if not new:
                where = "" if is_address(pattern) else f" in {base}"
                missing.append(f"corpus.{setting}: nothing matches {pattern!r}{where}; correct the path or the pattern")
            matches.update(dict.fromkeys(new))
        found[setting] = list(matches)
    if missing:
        raise ConfigError(name, missing)
    # What is named for one purpose serves no other: a folder of pages may hold its labels, "*.jsonl" the test side.
    for setting, before in (("test", ("labels", "bodies")), ("train", ("labels", "bodies", "test"))):
        taken = {os.path.realpath(path) for other in before for path in found[other]}
        kept = [path for path in found[setting] if os.path.realpath(path) not in taken]
        if found["test"] and len(kept) < len(found[setting]) and setting == "train":
            told.warnings.append(f"corpus.train: {len(found[setting]) - len(kept)} files that other settings name are left out")
        found[setting] = kept
    return found


def _files(pattern: str, base: Path, told: Told) -> Iterator[File]:
    """Yield the files of a pattern: itself, those in the folder that it names, or those that the glob matches."""
    if is_address(pattern):
        found = [address for address in matches(pattern) if address == pattern or format_of(address)[0] or is_folder(address)]
    elif os.path.exists(whole := os.path.join(base, pattern)):
        found = [whole]
    else:
        # root_dir, since the base may hold brackets; hidden files and, here, files of unknown kinds are not meant.
        found = [os.path.join(base, match) for match in sorted(glob.glob(pattern, root_dir=base, recursive=True))]
        found = [match for match in found if os.path.isdir(match) or format_of(match)[0]]
    for match in found:
        if is_folder(match):
            skipped = Counter[str]()
            yield from map(_file, files_in(match, lambda error: told.problems.append(str(error)), skipped))
            if skipped:
                kinds = ", ".join(f"{n} {what}" for what, n in sorted(skipped.items()))
                told.warnings.append(f"{match}: skipped files that are not read: {kinds}")
        else:
            yield _file(match)


def _file(path: str) -> File:
    return path if is_address(path) else Path(path)


def digest_of(files: Mapping[str, Sequence[File]]) -> str:
    """Return the SHA-256 over names and contents; a file that cannot be read is a problem already."""
    digest = hashlib.sha256()
    for setting, paths in sorted(files.items()):
        for path in paths:
            digest.update(f"{setting}\0{os.path.basename(path)}\0".encode("utf-8", "surrogateescape"))
            try:
                with opened(os.fspath(path))[0] as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            except OSError:
                digest.update(b"unreadable")
    return digest.hexdigest()
