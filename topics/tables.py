"""Rows as a pandas or polars table, for those who ask.

Owns: the door to both libraries, which are extras.
Does not know: what the rows hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topics.errors import MissingExtra, UsageError

KINDS = ("pandas", "polars")


def frame(rows: Sequence[Mapping[str, Any]], kind: str = "pandas") -> Any:  # noqa: ANN401 - of a library that may be missing
    """Return `rows` as a table of `kind`, one column for each key of the first row.

    Raises MissingExtra where the library is not installed, UsageError for another kind.
    """
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    if kind == "pandas":
        try:
            import pandas
        except ImportError:
            raise MissingExtra("a table of pandas", "notebooks") from None
        return pandas.DataFrame(columns)
    if kind == "polars":
        try:
            import polars
        except ImportError:
            raise MissingExtra("a table of polars", "polars") from None
        # Rows in which a list is empty or a value is missing must not decide a column's type.
        return polars.DataFrame(columns, strict=False)
    raise UsageError(f"no kind of table {kind!r}; there are: {', '.join(KINDS)}")
