"""Read news and turn it into political event data that anyone can check."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.find import find_actors, find_places
    from dragoman.frames import open
    from dragoman.pipeline import Coder, load
    from dragoman.records import Article, Coded, Event, Incident, RawArticle, Rejected
    from dragoman.timex import find_dates

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Coded",
    "Coder",
    "Event",
    "Incident",
    "RawArticle",
    "Rejected",
    "find_actors",
    "find_dates",
    "find_places",
    "load",
    "open",
]

# Loaded on first use, so that importing the package costs nothing.
_HOMES = {
    **dict.fromkeys(("Article", "Coded", "Event", "Incident", "RawArticle", "Rejected"), "dragoman.records"),
    **dict.fromkeys(("Coder", "load"), "dragoman.pipeline"),
    "open": "dragoman.frames",
    **dict.fromkeys(("find_actors", "find_places"), "dragoman.find"),
    "find_dates": "dragoman.timex",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f'module "dragoman" has no "{name}"')
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
