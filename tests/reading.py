"""What the tests of readers share."""

from __future__ import annotations

import os
from pathlib import Path

from topics.errors import InputError
from topics.sources import read


class Reading(list):
    """What `read` gave: the records, the errors, the warnings."""

    def __init__(self, *paths, **options) -> None:
        self.errors: list[InputError] = []
        self.warnings: list[str] = []
        super().__init__(read(paths, on_error=self.errors.append, warn=self.warnings.append, **options))

    @property
    def said(self) -> list[str]:
        return [str(error).replace(os.path.dirname(error.file) + "/", "") for error in self.errors]

    @property
    def texts(self) -> list[str]:
        return [record.page.text for record in self]


def put(folder: Path, name: str, data: bytes | str) -> str:
    """Write a file below `folder` and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)
