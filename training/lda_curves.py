"""The curves of a search for the number of latent topics, drawn: an SVG, or a page with the same numbers as a table.

Owns: which measures are drawn, axes, marks.
Does not know: how they were measured (`lda_search`), files.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from training.lda_search import Candidate

#: (field, title), one panel each.
PANELS = (
    ("perplexity", "held-out perplexity (less is better)"),
    ("npmi", "coherence, NPMI"),
    ("c_v", "coherence, C_v"),
    ("exclusivity", "exclusivity"),
    ("diversity", "diversity"),
    ("stability", "stability across seeds"),
)
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 300, 190, 52, 26, 12, 30


def svg(candidates: Sequence[Candidate], best: int) -> str:
    """Return a drawing with one panel for each measure that was taken; `best` is the number marked in each."""
    panels = [(field, title) for field, title in PANELS if all(getattr(c, field) is not None for c in candidates)]
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    drawn = [
        f'<g transform="translate({WIDTH * (i % columns)},{HEIGHT * (i // columns)})">{_panel(candidates, best, *panel)}</g>'
        for i, panel in enumerate(panels)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * columns} {HEIGHT * rows}" width="{WIDTH * columns}" '
        f'height="{HEIGHT * rows}" font-family="sans-serif" font-size="10" role="img">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _panel(candidates: Sequence[Candidate], best: int, field: str, title: str) -> str:
    values = [float(getattr(c, field)) for c in candidates]
    low, high = min(values), max(values)
    room = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    low, high = low - room, high + room
    first, last = candidates[0].n_topics, candidates[-1].n_topics

    def x(n: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * ((n - first) / (last - first) if last > first else 0.5)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    floor = HEIGHT - BOTTOM
    parts = [f'<text x="{LEFT}" y="15" font-weight="bold">{escape(title)}</text>']
    for value in (min(values), max(values)):
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y(value) + 3:.1f}" text-anchor="end">{value:.4g}</text>')
    parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{floor}" y2="{floor}" stroke="#888"/>')
    # Numbers that lie close together would be written over each other.
    written = -100.0
    for n in (c.n_topics for c in candidates):
        if x(n) - written >= 22:
            parts.append(f'<text x="{x(n):.1f}" y="{floor + 13}" text-anchor="middle">{n}</text>')
            written = x(n)
    points = " ".join(f"{x(c.n_topics):.1f},{y(v):.1f}" for c, v in zip(candidates, values, strict=True))
    parts.append(f'<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>')
    if field == "npmi":
        for c in candidates:
            spread = [min(max(y(c.npmi + side * c.npmi_deviation), TOP), floor) for side in (-1, 1)]
            at = f"{x(c.n_topics):.1f}"
            parts.append(f'<line x1="{at}" x2="{at}" y1="{spread[0]:.1f}" y2="{spread[1]:.1f}" stroke="#1f5fa8"/>')
    for c, value in zip(candidates, values, strict=True):
        mark = ("5", "#c0392b") if c.n_topics == best else ("3", "#1f5fa8")
        parts.append(
            f'<circle cx="{x(c.n_topics):.1f}" cy="{y(value):.1f}" r="{mark[0]}" fill="{mark[1]}">'
            f"<title>{c.n_topics} latent topics: {value:.4g}</title></circle>"
        )
    return "".join(parts)


def page(candidates: Sequence[Candidate], best: int, why: str, title: str) -> str:
    """Return a self-contained HTML page: the recommendation, the drawing, the table."""
    rows = [candidate.row() for candidate in candidates]
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in rows[0])
    body = "\n".join(
        f"<tr{' class=best' if row['n_topics'] == best else ''}>"
        + "".join(f"<td>{'' if value is None else value}</td>" for value in row.values())
        + "</tr>"
        for row in rows
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        "<style>body{font-family:sans-serif;margin:2em;max-width:60em}td,th{padding:.2em .7em;text-align:right}"
        "tr.best{background:#fbe9e7}svg{max-width:100%;height:auto}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n<p>{escape(why)}</p>\n{svg(candidates, best)}"
        f"<table><tr>{head}</tr>\n{body}</table></body></html>\n"
    )
