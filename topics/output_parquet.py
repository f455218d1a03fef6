"""Rows as Parquet: a finished file of JSON Lines becomes one.

Owns: types of columns, row groups. Nested values are JSON text, as in CSV.
Does not know: what the columns mean.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from topics.errors import MissingExtra

#: Columns that are not text.
_TYPES = {"probability": "float64", "known_terms": "int64"}
#: Rows of a row group: a few megabytes.
_BLOCK = 4096


def to_parquet(staged: Path, part: Path, flat: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> int:
    """Turn the rows in `staged` into the file `part`, which appears whole; return how many there are.

    flat: makes of a row with stances one for a table. No row: a file without columns.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra("writing Parquet", "parquet") from None
    rows, writer = 0, None
    new = part.with_name(f".{part.name}.new")
    for block in _blocks(staged, flat):
        names = list(block[0])
        schema = pa.schema([(name, getattr(pa, _TYPES.get(name, "string"))()) for name in names])
        writer = writer or parquet.ParquetWriter(new, schema, compression="zstd")
        columns = [pa.array([_cell(row[f.name], f.name) for row in block], f.type) for f in schema]
        writer.write_table(pa.Table.from_arrays(columns, schema=schema))
        rows += len(block)
    if writer is None:
        parquet.write_table(pa.table({}), new)
    else:
        writer.close()
    os.replace(new, part)
    staged.unlink()
    return rows


def _blocks(staged: Path, flat: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    block: list[Mapping[str, Any]] = []
    with staged.open("rb") as file:
        for line in file:
            row = json.loads(line)
            block.append(flat(row) if "stances" in row else row)
            if len(block) == _BLOCK:
                yield block
                block = []
    if block:
        yield block


def _cell(value: Any, name: str) -> Any:  # noqa: ANN401 - whatever a row holds
    if value is None or name in _TYPES or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
