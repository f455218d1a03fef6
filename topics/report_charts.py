"""Small drawings for the report: curves and bars as SVG, each with its numbers as a table beneath.

Owns: scales, axes, what a screen reader is told.
Does not know: what the numbers mean; colors (the style sheet has them).
"""

from __future__ import annotations

from collections.abc import Sequence

from topics.elements import Html, table, tag

#: Of the drawing, in units that scale with the page: width, height, and room for the axes.
_W, _H, _LEFT, _BOTTOM, _TOP, _RIGHT = 430, 300, 62, 44, 12, 22


def percent(value: float | None, places: int = 0) -> str:
    """Return 0.876 as "88 %", which is never broken into two lines."""
    return "–" if value is None else f"{100 * value:.{places}f}\N{NO-BREAK SPACE}%"


def _frame(x_name: str, y_name: str, y_most: float) -> tuple[list[Html], list[Html]]:
    """Return grid lines and words of a chart whose x axis goes from 0 to 1."""
    lines, words = [], []
    for i in range(5):
        at = i / 4
        x, y = _x(at), _y(at * y_most, y_most)
        lines += [
            tag("line", x1=x, x2=x, y1=_y(0, 1), y2=_y(1, 1), class_="grid"),
            tag("line", x1=_x(0), x2=_x(1), y1=y, y2=y, class_="grid"),
        ]
        words += [
            tag("text", percent(at), x=x, y=_y(0, 1) + 16, text_anchor="middle"),
            tag("text", percent(at * y_most, 0 if y_most > 0.1 else 1), x=_LEFT - 6, y=y + 4, text_anchor="end"),
        ]
    middle = (_TOP + _H - _BOTTOM) / 2
    words += [
        tag("text", x_name, x=(_LEFT + _W - _RIGHT) / 2, y=_H - 6, text_anchor="middle", class_="axis"),
        tag("text", y_name, x=13, y=middle, text_anchor="middle", transform=f"rotate(-90 13 {middle:g})", class_="axis"),
    ]
    return lines, words


def _x(share: float) -> float:
    return _LEFT + share * (_W - _LEFT - _RIGHT)


def _y(value: float, most: float) -> float:
    return _H - _BOTTOM - value / most * (_H - _BOTTOM - _TOP)


def _drawing(words: str, *parts: Html | Sequence[Html]) -> Html:
    return tag("svg", *parts, viewBox=f"0 0 {_W} {_H}", role="img", aria_label=words, class_="chart")


def _figure(title: str, drawing: Html, about: str, numbers: Html) -> Html:
    return tag(
        "figure",
        tag("h4", title),
        drawing,
        tag("figcaption", about),
        tag("details", tag("summary", "The numbers"), numbers),
    )


def reliability_chart(bins: Sequence[dict[str, float]], error: float | None, what: str) -> Html:
    """Draw how often guesses are right against the probability stated for them; a dot's area is the number of articles."""
    most = max((b["n"] for b in bins), default=1)
    lines, words = _frame("probability stated", "share of right answers", 1.0)
    dots = [
        tag(
            "circle",
            tag("title", f"stated {percent(b['probability'])}, right {percent(b['right'])}, {b['n']:g} {what}"),
            cx=_x(b["probability"]),
            cy=_y(b["right"], 1.0),
            r=3 + 9 * (b["n"] / most) ** 0.5,
            class_="dot",
        )
        for b in bins
    ]
    diagonal = tag("line", x1=_x(0), y1=_y(0, 1), x2=_x(1), y2=_y(1, 1), class_="ideal")
    gap = "" if error is None else f" The mean gap (expected calibration error) is {percent(error, 1)}."
    return _figure(
        "Reliability",
        _drawing(
            "Reliability: share of right answers against stated probability; numbers in the table below",
            lines,
            diagonal,
            dots,
            words,
        ),
        f"Dots on the dashed line: probabilities that keep their word. The larger a dot, the more {what}.{gap}",
        table(
            ["stated", "right", what],
            [[percent(b["probability"], 1), percent(b["right"], 1), f"{b['n']:g}"] for b in bins],
            caption="Reliability",
        ),
    )


def coverage_chart(points: Sequence[dict[str, float]], what: str) -> Html:
    """Draw the share of wrong answers against the share answered, when only the surest are answered."""
    most = max([0.05, *(p["error"] for p in points)]) * 1.1
    lines, words = _frame("share answered, the surest first", "share of wrong answers", most)
    path = " ".join(f"{_x(p['coverage']):.1f},{_y(p['error'], most):.1f}" for p in points)
    dots = [
        tag(
            "circle",
            tag(
                "title",
                f"from probability {p['probability']:.2f}: {percent(p['coverage'])} answered, {percent(p['error'], 1)} wrong",
            ),
            cx=_x(p["coverage"]),
            cy=_y(p["error"], most),
            r=3,
            class_="dot",
        )
        for p in points
    ]
    return _figure(
        "Coverage against error",
        _drawing(
            "Coverage against error: share of wrong answers when only the surest are answered; numbers in the table below",
            lines,
            tag("polyline", points=path, class_="curve"),
            dots,
            words,
        ),
        f"To the right more {what} are answered, to the left only the surest: what an answer of “unknown” below a level buys.",
        table(
            ["least probability", "answered", "wrong"],
            [[f"{p['probability']:.2f}", percent(p["coverage"], 1), percent(p["error"], 1)] for p in points],
            caption="Coverage against error",
        ),
    )


def sparkline(values: Sequence[float]) -> Html:
    """Draw a line of word height; nothing for fewer than two values."""
    if len(values) < 2 or not max(values):
        return Html("")
    step, most = 96 / (len(values) - 1), max(values)
    path = " ".join(f"{2 + i * step:.1f},{20 - 16 * v / most:.1f}" for i, v in enumerate(values))
    return tag("svg", tag("polyline", points=path, class_="curve"), viewBox="0 0 100 24", class_="spark", aria_hidden="true")


def stacked(parts: Sequence[tuple[str, int, str]]) -> Html:
    """Draw one bar of (name, number, class) one beside the other; empty parts are left out."""
    whole = sum(n for _, n, _ in parts) or 1
    bars, at = [], 0.0
    for name, n, kind in parts:
        if n:
            width = 100 * n / whole
            bars.append(tag("rect", tag("title", f"{name}: {n}"), x=at, y=0, width=width, height=10, class_=kind))
            at += width
    words = ", ".join(f"{name} {n}" for name, n, _ in parts if n)
    return tag("svg", bars, viewBox="0 0 100 10", preserveAspectRatio="none", role="img", aria_label=words, class_="stack")


def interval_bar(value: float, low: float, high: float) -> Html:
    """Draw a figure between 0 and 1 with its interval."""
    return tag(
        "svg",
        tag("rect", x=0, y=3, width=100, height=6, class_="track"),
        tag("rect", x=100 * low, y=3, width=max(0.5, 100 * (high - low)), height=6, class_="between"),
        tag("rect", x=100 * value - 0.5, y=0, width=1, height=12, class_="value"),
        viewBox="0 0 100 12",
        preserveAspectRatio="none",
        aria_hidden="true",
        class_="interval",
    )


def legend(items: Sequence[tuple[str, str]]) -> Html:
    """Return a line of (class, name): each name beside a patch of its color."""
    return tag("p", [tag("span", tag("span", "", class_=f"patch {kind}"), " ", name) for kind, name in items], class_="legend")
