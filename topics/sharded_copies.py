"""`--duplicates` into a folder of parts: what is a copy of what is known when all parts are there.

Owns: the sketches of each part (`_parts/part-00000.sketches`), and the pass over all parts, in their order, that names copies.
Does not know: how copies are found (`copies`, `duplicates`), how a part is made and when it is finished (`sharded`).

Parts are made anywhere, in any order, with sketches in their rows; these are taken out and kept beside them. The pass over them
is made in every run, since a part that is new or has changed may hold the first of what later ones copy: it takes
0.06 ms for each article, and writes only the parts in which something is another article's copy than before.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from topics.copies import FIELD, Copies
from topics.errors import OutputError
from topics.output_forms import as_json

_KEY = f'"{FIELD}":'


def keep_sketches(staged: Path, sketches: Path) -> None:
    """Take the sketches out of the rows in `staged`, which then say that none is a copy; write them, a line each."""
    bare = staged.with_suffix(".bare")
    with staged.open(encoding="utf-8") as rows, bare.open("w", encoding="utf-8") as out, sketches.open("w") as kept:
        for line in rows:
            at = line.rindex(_KEY) + len(_KEY)
            kept.write(f"{json.loads(line[at:-2])}\n")
            out.write(f"{line[:at]}null}}\n")
    os.replace(bare, staged)


def name_copies(parts: Sequence[tuple[Path, Path]], threshold: float) -> list[bool]:
    """Say in the rows of all `parts`, each with its sketches, whose copy each article is; return which parts were changed."""
    copies = Copies(threshold)
    changed = []
    for part, sketches in parts:
        new = part.with_name(f".{part.name}.new")
        try:
            with part.open(encoding="utf-8") as old, new.open("w", encoding="utf-8") as out:
                differs = False
                for line, row in _named(copies, part, sketches, old):
                    at = line.rindex(_KEY) + len(_KEY)
                    told = f"{line[:at]}{as_json(row[FIELD])}}}\n"
                    differs |= told != line
                    out.write(told)
            if differs:
                os.replace(new, part)
            else:
                new.unlink()
        except OSError as error:
            raise OutputError(f"{part}: cannot be written: {error.strerror}") from None
        changed.append(differs)
    return changed


def _named(copies: Copies, part: Path, sketches: Path, lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each line with its page, its article and whose copy it is."""
    held: list[str] = []

    def rows() -> Iterator[dict[str, Any]]:
        with sketches.open() as kept:
            for line, sketch in zip(lines, kept, strict=True):
                told = json.loads(line)
                held.append(line)
                yield {"page": told["page"], "article": told["article"], FIELD: sketch.rstrip("\n")}

    try:
        for row in copies.name(rows()):
            yield held.pop(), row
    except ValueError as error:  # fewer sketches than rows, or more
        raise OutputError(f"{part}: its sketches are not those of its rows ({error}); remove it to have it made anew") from None
