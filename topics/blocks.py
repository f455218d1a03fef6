"""A block: one stretch of a page with the role it plays.

Owns: the `Block` type, the roles, and the promise that blocks tile the page.
Does not know: how a role is found (`segment`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from topics.errors import UsageError
from topics.pages import Span

#: What a stretch of a page can be. "meta" is who, when, where from (byline, date, kicker, field of a
#: database export); "furniture" is everything that belongs to the site and not to an article.
ROLES = ("title", "body", "caption", "credit", "meta", "furniture")


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the page. White space belongs to the block before it (at the top: after it)."""

    #: Half-open, in code points of the page's text; includes the white space that follows.
    span: Span
    #: One of `ROLES`.
    role: str
    #: What decided the role, for a person.
    why: str


def tile(length: int, starts: Sequence[int], roles: Sequence[str], whys: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks that begin at `starts` and together cover `length` characters, each exactly once.

    `starts` ascend strictly and lie inside the page; the first block is stretched to the page's beginning,
    each block reaches to the next one's start, the last to the end. Without starts a page of positive length is one
    furniture block, and an empty page has no block.
    """
    if not len(starts):
        return (Block((0, length), "furniture", "nothing but white space"),) if length else ()
    ends = [*starts[1:], length]
    begins = [0, *starts[1:]]
    return tuple(map(Block, zip(begins, ends, strict=True), roles, whys))


def check_tiling(blocks: Iterable[Block], length: int) -> None:
    """Raise UsageError, saying where, unless the blocks cover `length` characters in order, each exactly once."""
    position = 0
    for block in blocks:
        start, end = block.span
        if start != position or end <= start:
            raise UsageError(f"blocks must tile the page: expected a block from {position}, got [{start}, {end})")
        if block.role not in ROLES:
            raise UsageError(f"no such role: {block.role!r}; roles are {', '.join(ROLES)}")
        position = end
    if position != length:
        raise UsageError(f"blocks must tile the page: they end at {position}, the page at {length}")
