"""For the site alone: links from docs/ to files of the repository, which the site does not hold, become their words."""

from __future__ import annotations

import re


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return the page with links that lead out of docs/ taken off their words."""
    return re.sub(r"\[([^\]]+)\]\(\.\./[^)]*\)", r"\1", markdown)
