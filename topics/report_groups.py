"""Topics, latent topics and stances by period and by source.

Owns: tables whose cells are shaded by share, a line for each row.
Does not know: how articles were counted (`tally`), whether labels are a person's or a model's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from topics.elements import Html, join, row_head, table, tag
from topics.report_charts import legend, percent, sparkline, stacked

#: Rows of a table; more are counted.
MOST_ROWS = 40
_SIDES = {
    "s-favor": {"favor", "for", "pro", "agree", "support", "supporting", "positive", "pos"},
    "s-against": {"against", "con", "disagree", "oppose", "opposing", "negative", "neg", "deny"},
    "s-unknown": {"unknown"},
}


def side_of(label: str) -> str:
    """Return the class whose color a stance label has; the label itself is always written beside it."""
    return next((kind for kind, labels in _SIDES.items() if label.lower() in labels), "s-none")


def groups_section(facts: Mapping[str, Any], names: Sequence[str], whose: str) -> Html | None:
    """Return tables over time and by source; None where no article has a date or a source."""
    found = []
    for key, title in (("over_time", "Over time"), ("by_source", "By source")):
        if key in facts:
            found.append(_grouping(facts[key], names, title, facts["articles"]))
    if not found:
        return None
    missing = [words for key, words in (("over_time", "dates"), ("by_source", "sources")) if key not in facts]
    return join(
        tag("p", whose),
        found,
        tag("p", f"No article has {' or '.join(missing)} that could be read.", class_="absent") if missing else None,
    )


def _grouping(grouping: Mapping[str, Any], names: Sequence[str], title: str, articles: int) -> Html:
    groups, sizes = grouping["groups"], grouping["articles"]
    line = title == "Over time"
    shares = {topic: [n / max(1, size) for n, size in zip(row, sizes, strict=True)] for topic, row in grouping["topics"].items()}
    latent = {f"{k} {names[k]}".strip(): row for k, row in enumerate(grouping.get("latent", [])) if any(row)}
    rest = grouping["not_shown"]
    return join(
        tag("h3", title),
        tag("p", f"{articles - rest} of {articles} articles; {rest} have none, or one that is not shown.", class_="quiet")
        if rest
        else None,
        _heat(groups, sizes, shares, f"Topics, {title.lower()}: share of the articles", line=line) if shares else None,
        tag(
            "details",
            tag("summary", f"Latent topics, {title.lower()}"),
            _heat(groups, sizes, latent, f"Latent topics, {title.lower()}: mean share", line=line),
        )
        if latent
        else None,
    )


def _heat(groups: Sequence[str], sizes: Sequence[int], rows: Mapping[str, Sequence[float]], caption: str, *, line: bool) -> Html:
    """Return a table of shares, the row with the largest mean first."""
    order = sorted(rows, key=lambda name: (-sum(v * n for v, n in zip(rows[name], sizes, strict=True)), name))
    most = max((max(row) for row in rows.values()), default=0.0) or 1.0
    body: list[list[Html]] = [
        [row_head("articles"), *([tag("td", sparkline(sizes))] if line else []), *(tag("td", str(n)) for n in sizes)]
    ]
    for name in order[:MOST_ROWS]:
        cells = [
            tag(
                "td",
                percent(value) if value >= 0.005 else "·",
                class_=f"heat h{round(9 * value / most)}",
                title=f"{name}, {group}: {percent(value, 1)} of {size} articles",
            )
            for group, value, size in zip(groups, rows[name], sizes, strict=True)
        ]
        body.append([row_head(name), *([tag("td", sparkline(rows[name]))] if line else []), *cells])
    shown = f"{caption}; {len(order) - MOST_ROWS} smaller rows are left out" if len(order) > MOST_ROWS else caption
    return table(["", *(["course"] if line else []), *groups], body, caption=shown, class_="shares")


def stances_by(grouping: Mapping[str, Any] | None, target: str) -> Html | None:
    """Return one bar for each group that takes a stance toward `target`: how often each label is given."""
    labels = (grouping or {}).get("stances", {}).get(target)
    if grouping is None or not labels:
        return None
    rows = []
    for g, group in enumerate(grouping["groups"]):
        parts = [(label, row[g], side_of(label)) for label, row in sorted(labels.items())]
        if any(n for _, n, _ in parts):
            words = ", ".join(f"{label} {n}" for label, n, _ in parts if n)
            rows.append([row_head(group), tag("td", stacked(parts), class_="wide"), tag("td", words)])
    return table(["", "share", "articles"], rows, caption=f"Toward {target}, by group", class_="stances") if rows else None


def stance_legend(labels: Sequence[str]) -> Html:
    """Return what the colors of stances mean."""
    return legend([(side_of(label), label) for label in labels])
