"""The figures of a model on articles with known labels, as an object that shows itself.

Owns: charts and tables of `evaluation.json`'s test side.
Does not know: how figures are computed (`training/evaluate`).
"""

from __future__ import annotations

from typing import Any

from topics import cards, charts
from topics.errors import UsageError, did_you_mean
from topics.tables import frame


class Evaluation(dict[str, Any]):
    """The figures by room, "topic" and "stance" among them: a plain dict to JSON, and a few views of it."""

    def __repr__(self) -> str:
        rooms = [
            f"{room} {name} {value['value']:.3f}"
            for room in ("topic", "stance")
            for name, value in self.get(room, {}).items()
            if isinstance(value, dict) and "value" in value
        ]
        return f"<Evaluation of {self.get('articles', 0)} articles: {', '.join(rooms) or 'no labels'}>"

    def _repr_html_(self) -> str:
        return cards.evaluation_card(self)

    def confusion(self, room: str = "topic", target: str | None = None) -> Any:  # noqa: ANN401 - an altair chart
        """Return the confusion matrix of a room, or of one stance target, as an altair chart."""
        found = self._figures(room, target, "confusion")
        return charts.confusion(found["labels"], found["matrix"])

    def reliability(self, room: str = "topic") -> Any:  # noqa: ANN401 - an altair chart
        """Return how often guesses are right against their stated probability, as an altair chart."""
        return charts.reliability(self._figures(room, None, "reliability"))

    def coverage(self, room: str = "topic") -> Any:  # noqa: ANN401 - an altair chart
        """Return the share of wrong answers against the share answered, as an altair chart."""
        return charts.coverage(self._figures(room, None, "coverage"))

    def table(self, kind: str = "pandas", *, room: str = "topic", target: str | None = None) -> Any:  # noqa: ANN401
        """Return n, precision, recall and F1 of each label as a pandas or polars table."""
        return frame([{"label": label, **row} for label, row in self._figures(room, target, "labels").items()], kind)

    def _figures(self, room: str, target: str | None, name: str) -> Any:  # noqa: ANN401 - any JSON
        figures = self.get(room)
        if figures is None:
            known = [room for room in ("topic", "stance") if room in self]
            raise UsageError(f"no figures of {room!r} here; there are: {', '.join(known) or 'none'}")
        if target is not None:
            targets = figures.get("targets", {})
            if target not in targets:
                raise UsageError(f"no figures toward {target!r}{did_you_mean(target, targets)}; there are: {', '.join(targets)}")
            figures = targets[target]
        if name not in figures:
            raise UsageError(f"the figures of {room!r} hold no {name}")
        return figures[name]
