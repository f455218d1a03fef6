"""Learn from articles: everything that fits. `topics` applies what is learned here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.config import Config, load_config
    from training.run import TrainResult, train

__all__ = ["Config", "TrainResult", "load_config", "train"]

_HOME = {"Config": "config", "load_config": "config", "TrainResult": "run", "train": "run"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Import the rooms only when they are entered: reading a config must not load scikit-learn."""
    if name not in _HOME:
        raise AttributeError(f"module 'training' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"training.{_HOME[name]}"), name)
