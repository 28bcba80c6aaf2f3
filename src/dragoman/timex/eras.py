"""Wars named in place of a date: "during World War II". In go words already known to say when; out come the days.

Not part of ``find_dates``: in a text a war's name is mostly the name of a thing ("a World War II bomb").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dragoman.timex.lexicon import load_table


@dataclass(frozen=True, slots=True)
class Era:
    """A named stretch of time; both days are included."""

    name: str
    first: date
    last: date


_ERAS = {
    name.lower(): Era(row["names"][0], row["from"], row["to"])
    for row in load_table("eras.toml")["era"]
    for name in row["names"]
}
_NAMED = re.compile(
    r"\b(?:" + "|".join(re.escape(n) for n in sorted(_ERAS, key=len, reverse=True)) + r")\b", re.IGNORECASE
)


def find_era(words: str) -> Era | None:
    """Return the era that the words of a date name, None where they name none.

    Example:
        >>> find_era("during the Second World War").last.isoformat()
        '1945-09-02'
    """
    m = _NAMED.search(words)
    return None if m is None else _ERAS[m.group().lower()]
