"""Cut flattened news pages into articles and label them: topic, stance with its evidence, latent topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topics.pages import Page, Span

# Imported at once: `topics.segment` is a function and also the name of its module, and whichever is bound last wins.
from topics.segment import Article, Segmentation, segment

if TYPE_CHECKING:
    from topics.predict import LabeledArticle, Model, load

__version__ = "0.1.0"
__all__ = ["Article", "LabeledArticle", "Model", "Page", "Segmentation", "Span", "load", "segment"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Import prediction only when it is asked for."""
    if name not in ("LabeledArticle", "Model", "load"):
        raise AttributeError(f"module 'topics' has no attribute {name!r}")
    from topics import predict

    return getattr(predict, name)
