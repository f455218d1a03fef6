"""Cut flattened news pages into articles and label them: topic, stance with its evidence, latent topics."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.loading import load
    from topics.pages import Page, Span
    from topics.predict import LabeledArticle, Model
    from topics.segment import Article, Segmentation, segment

__version__ = "0.1.0"
__all__ = ["Article", "LabeledArticle", "Model", "Page", "Segmentation", "Span", "load", "segment"]

_HOME = {
    "Article": "segment",
    "LabeledArticle": "predict",
    "Model": "predict",
    "Page": "pages",
    "Segmentation": "segment",
    "Span": "pages",
    "load": "loading",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Import a room when its name is asked for: `topics --help` must not wait for numpy (0.1 s)."""
    if name not in _HOME:
        raise AttributeError(f"module 'topics' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"topics.{_HOME[name]}"), name)


class _Package(ModuleType):
    """The package itself, whose `segment` is always the function.

    Importing the module topics.segment binds that name on the package, so the plain lazy import above would
    hand out the module or the function, depending on what ran before.
    """

    @property
    def segment(self) -> Any:  # noqa: ANN401 - the function of that name
        from topics.segment import segment

        return segment

    @segment.setter
    def segment(self, value: object) -> None:
        """Leave the name to the function: this is the import system at work."""


sys.modules[__name__].__class__ = _Package
