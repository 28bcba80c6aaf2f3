"""What the language of dates says: the records that ``find_dates`` returns and the tagger works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dragoman.records import Precision

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Bound = Literal["since", "until", "before", "after"]


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression means, wherever it stands.

    ``from_`` and ``to`` are days, both included; None where the day is not known ("recently", or no publication
    date). ``precision`` is the unit named, not the width of the interval: "early May" is a month.
    """

    from_: date | None
    to: date | None
    precision: Precision
    timex3: str
    timex_type: TimexType
    basis: str
    anchored: bool


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words of a text that say when, and the days they mean.

    Attributes:
        start: First character of the words in the text.
        end: Character after the last; ``source[start:end] == text``.
        text: The words, without a preposition ("2014", not "since 2014"); a range includes its own.
        from_: First day meant, None when it cannot be known.
        to: Last day meant, included.
        precision: The unit named: "Sunday" is a day, "early May" a month, "from 3 to 7 May" an interval.
        timex3: The TIMEX3 value ("2013-03-22", "2013-W12", "P3D", "PAST_REF"); "XXXX" where no year is known;
            "start/end" (ISO 8601) for a range.
        timex_type: DATE, TIME, DURATION or SET.
        basis: The rule and the anchor in words.
        anchored: True when the days depend on the publication date.
        bound: "since", "until", "before" or "after" where such a word stands before it; ``from_`` and ``to`` of
            "since" and "until" reach from or to the publication date.
        parts: The two ends of a range, as expressions of their own.
    """

    start: int
    end: int
    text: str
    from_: date | None
    to: date | None
    precision: Precision
    timex3: str
    timex_type: TimexType
    basis: str
    anchored: bool
    bound: Bound | None = None
    parts: tuple[TimeExpression, ...] = ()
