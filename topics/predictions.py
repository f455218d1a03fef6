"""Labeled articles together: a list that shows itself as a table.

Owns: which columns a table of them has.
Does not know: how articles are labeled (`predict`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.predict import LabeledArticle


class Predictions(list["LabeledArticle"]):
    """Labeled articles in the order of their pages."""

    def __repr__(self) -> str:
        return f"<Predictions of {len(self)} articles>"

    def _repr_html_(self) -> str:
        from topics import cards  # in a notebook alone

        columns = ("page", "article", "title", "topic", "probability", "stances", "latent")
        return cards.rows_card(cards.labeled_rows(self), columns, f"{len(self)} articles")

    def table(self, kind: str = "pandas") -> Any:  # noqa: ANN401 - of a library that may be missing
        """Return one row for each article as a pandas or polars table."""
        from topics import cards, tables

        return tables.frame(cards.labeled_rows(self), kind)
