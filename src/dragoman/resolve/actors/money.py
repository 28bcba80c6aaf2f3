"""The states whose money an article counts in: a paper that writes "100,000 baht" writes at home in Thailand.

In: an article's text. Out: countries with how often their money is named. The marks lie in ``registry/currencies.csv``.
Only money beside a figure counts, so that "lei" in a sentence or a man called Som is none.
"""

from __future__ import annotations

import collections
import functools
import re
from collections.abc import Mapping
from importlib import resources

from dragoman.resolve.actors.tables import PACKAGE, iter_rows

_FIGURE = r"(?:\d[\d.,]*|hundreds?|thousands?|millions?|billions?|trillions?|m|bn|tn|crore|lakh)"


@functools.cache
def _marks() -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Return the country of each mark, and the pattern that finds one right before or right behind a figure."""
    name = "currencies.csv"
    rows = iter_rows(name, resources.files(PACKAGE).joinpath(name).read_text("utf-8"))
    marks = {mark.strip(): row["country"] for _, row in rows for mark in row["word"].split(";")}
    known = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    before = rf"(?<![\w$])(?P<before>{known})\.?\s?(?=\d)"
    behind = rf"\b{_FIGURE}[\s-](?:of\s)?(?P<behind>{known})\b"
    return marks, re.compile(f"{before}|{behind}")


def count_money(text: str) -> dict[str, int]:
    """Return how often an article counts in the money of each state (ISO alpha-3) that has its own.

    Example:
        >>> count_money("She was fined HK$1,000 and paid 2 million baht.")
        {'HKG': 1, 'THA': 1}
    """
    marks, pattern = _marks()
    found = (m.group("before") or m.group("behind") for m in pattern.finditer(text))
    return dict(collections.Counter(marks[mark] for mark in found))
