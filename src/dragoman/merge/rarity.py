"""How rare words are in news: tables of counts as rarities, read once.

In: a packaged table, ``word,items`` with the number of items in the first row. Out: word → rarity.
"""

from __future__ import annotations

import csv
import hashlib
import math
from importlib import resources


class Rarities(dict[str, float]):
    """How rare each counted word is, 0 (in every item) to 1; a word that was never counted is as rare as can be."""

    def __missing__(self, word: str) -> float:
        """Return 1 for what was never counted."""
        return 1.0


def rarities_of(file: str, *, power: int = 1) -> Rarities:
    """Return the rarities to a power of the words that a packaged table counts; its first row is the number of items."""
    rows = list(csv.reader(resources.files("dragoman.merge").joinpath(file).read_text("utf-8").splitlines()))
    least = math.log(1 + int(rows[1][1]))
    return Rarities({word: (1.0 - math.log(1 + int(n)) / least) ** power for word, n in rows[2:]})


def digest_of(file: str) -> str:
    """Return what names the content of a packaged table, 16 hex digits: weights are fitted for one content."""
    return hashlib.sha256(resources.files("dragoman.merge").joinpath(file).read_bytes()).hexdigest()[:16]
