"""Charts for notebooks, drawn by altair.

Owns: the door to altair, which is an extra; axes, tooltips.
Does not know: where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topics.errors import MissingExtra

Rows = Sequence[Mapping[str, Any]]
Chart = Any


def _altair() -> Any:  # noqa: ANN401 - a library that may be missing
    try:
        import altair
    except ImportError:
        raise MissingExtra("a chart", "notebooks") from None
    return altair


def _of(alt: Any, rows: Rows) -> Any:  # noqa: ANN401
    """Return a chart with its data inside: no pandas, no file, no request."""
    return alt.Chart(alt.Data(values=[dict(row) for row in rows]))


def confusion(labels: Sequence[str], matrix: Sequence[Sequence[int]]) -> Chart:
    """Return a confusion matrix: rows the true label, columns the guess, shade the share of the row."""
    alt = _altair()
    rows = [
        {"true": truth, "guess": guess, "n": n, "share": n / max(1, sum(line))}
        for truth, line in zip(labels, matrix, strict=True)
        for guess, n in zip(labels, line, strict=True)
    ]
    base = _of(alt, rows).encode(
        x=alt.X("guess:N", sort=list(labels), title="guessed"), y=alt.Y("true:N", sort=list(labels), title="true")
    )
    squares = base.mark_rect().encode(
        color=alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], scheme="blues"), title="share of the row"),
        tooltip=["true:N", "guess:N", "n:Q", alt.Tooltip("share:Q", format=".0%")],
    )
    words = (
        base.transform_filter("datum.n > 0")
        .mark_text()
        .encode(text="n:Q", color=alt.condition("datum.share > 0.5", alt.value("white"), alt.value("black")))
    )
    side = max(180, 24 * len(labels))
    return (squares + words).properties(width=side, height=side)


def reliability(bins: Rows) -> Chart:
    """Return how often guesses are right against the probability stated for them."""
    alt = _altair()
    dots = _of(alt, bins).mark_circle().encode(
        x=alt.X("probability:Q", scale=alt.Scale(domain=[0, 1]), title="probability stated"),
        y=alt.Y("right:Q", scale=alt.Scale(domain=[0, 1]), title="share of right answers"),
        size=alt.Size("n:Q", title="articles"),
        tooltip=["probability:Q", "right:Q", "n:Q"],
    )  # fmt: skip
    ends = [{"probability": 0, "right": 0}, {"probability": 1, "right": 1}]
    ideal = _of(alt, ends).mark_line(strokeDash=[4, 4], color="gray").encode(x="probability:Q", y="right:Q")
    return (ideal + dots).properties(width=320, height=320)


def coverage(points: Rows) -> Chart:
    """Return the share of wrong answers against the share answered, the surest first."""
    alt = _altair()
    return (
        _of(alt, points)
        .mark_line(point=True)
        .encode(
            x=alt.X("coverage:Q", scale=alt.Scale(domain=[0, 1]), title="share answered, the surest first"),
            y=alt.Y("error:Q", title="share of wrong answers"),
            tooltip=["coverage:Q", "error:Q", "probability:Q"],
        )
        .properties(width=320, height=320)
    )


def latent_map(rows: Rows) -> Chart:
    """Return latent topics as circles: rows of latent, name, x, y, share, terms."""
    alt = _altair()
    base = _of(alt, rows).encode(x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None))
    circles = base.mark_circle(opacity=0.5, stroke="black", strokeWidth=0.5).encode(
        size=alt.Size("share:Q", scale=alt.Scale(range=[60, 2500]), title="share of the words"),
        tooltip=["latent:Q", "name:N", alt.Tooltip("share:Q", format=".1%"), "terms:N"],
    )
    return (circles + base.mark_text().encode(text="latent:Q")).properties(width=460, height=460)


def over_time(rows: Rows) -> Chart:
    """Return shares by period with their intervals: rows of group, latent, name, share, low, high."""
    alt = _altair()
    base = _of(alt, rows).encode(x=alt.X("group:O", title=None), color=alt.Color("name:N", title="latent topic"))
    band = base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title="share"), y2="high:Q")
    line = base.mark_line(point=True).encode(
        y=alt.Y("share:Q", title="share"), tooltip=["group:O", "name:N", alt.Tooltip("share:Q", format=".1%"), "articles:Q"]
    )
    return (band + line).properties(width=520, height=300)
