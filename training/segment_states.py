"""The states of a gold page's lines: what the line model is to say of each.

Owns: from spans with roles to one state a line.
Does not know: where gold comes from, how anything is learned (`segment`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from topics.lines import Lines
from topics.sequence import FIRST, NEXT, STATES, TITLE
from training.segment_net import Ints

_STATE = {(role, place): k for k, (_, role, place) in enumerate(STATES) if role not in ("title", "body")}
_ROLES = {"optional": "meta", "credit": "caption"}


def line_states(lines: Lines, spans: Sequence[tuple[int, int, str, int]]) -> Ints:
    """Return the state of each line from (start, end, role, article number) spans in order; the longest role wins."""
    roles: list[str] = []
    owners: list[int] = []
    at = 0
    for start, end in zip(lines.start.tolist(), lines.end.tolist(), strict=True):
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        share: dict[str, int] = {}
        owner = -1
        for low, high, name, article in spans[at:]:
            if low >= end:
                break
            role = name.removeprefix("mark ")
            share[role] = share.get(role, 0) + min(end, high) - max(start, low)
            owner = max(owner, article)
        role = max(share, key=lambda r: share[r]) if share else "furniture"
        if role == "title" and "body" in share:
            role = "body"  # a headline with a short text on its line: a line of text all the same
        roles.append(_ROLES.get(role, role))
        owners.append(owner)
    following: list[tuple[str, int] | None] = [None] * len(roles)
    ahead: tuple[str, int] | None = None
    for k in range(len(roles) - 1, -1, -1):
        following[k] = ahead
        if roles[k] in ("title", "body"):
            ahead = (roles[k], owners[k])
    states = np.zeros(len(roles), np.int64)
    begun: set[int] = set()
    last: tuple[str, int] | None = None
    for k, role in enumerate(roles):
        if role in ("title", "body"):
            states[k] = TITLE if role == "title" else NEXT if owners[k] in begun else FIRST
            if role == "body":
                begun.add(owners[k])
            last = (role, owners[k])
        else:
            after = following[k]
            inside = last is not None and after is not None and after == ("body", last[1])
            states[k] = _STATE[role, (1 if last[0] == "title" else 2) if inside and last else 0]
    return states
