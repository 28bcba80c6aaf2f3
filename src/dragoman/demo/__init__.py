"""A world to look at: 1,156 short dated news items on real public events of 2015 to 2025, in our own words.

``world.jsonl`` has the rows that ``dragoman code`` reads, oldest first: ``id, outlet, title, text, published_on``. Items with the same
``story`` report the same event. The outlets are invented; the events are public facts, written down from knowledge.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib import resources
from pathlib import Path


def world_file() -> AbstractContextManager[Path]:
    """Return the file of the world, as a path for the time of a ``with`` block."""
    return resources.as_file(resources.files("dragoman.demo").joinpath("world.jsonl"))
