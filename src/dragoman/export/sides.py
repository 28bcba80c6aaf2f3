"""What tables of other people need of an event: its pairs of sides, its day, numbers for ids; and what is left out and why.

In: events in the shape of the JSON, each with "article" (url, outlet, title, language, published_on) where it is known.
"""

from __future__ import annotations

import collections
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

Row = Mapping[str, Any]
_MOST_DAYS: Final = 31  # of an interval whose first day a table of days may give
_PAIR_BITS: Final = 14

LEFT_OUT: Final[Mapping[str, str]] = {
    "no_date": "neither the event nor its article has a date, or it is background without a date of its own",
    "not_actual": "future, hypothetical or negated; ask for them with --status",
    "wide_date": "the date is wider than a month",
    "no_coordinates": "no place, or a place without coordinates",
}


@dataclass(slots=True)
class Tally:
    """What an export left out, by reason, and what it did beside writing rows; its caller owns and reads it.

    ``any_status``, set by the caller, lets tables have events that did not happen or not yet; they have no column that says so.
    """

    any_status: bool = False
    left_out: collections.Counter[str] = field(default_factory=collections.Counter)
    dated_by_article: int = 0  # rows of which the date is that of publication
    events: int = 0  # events of which there is at least one row


@dataclass(frozen=True, slots=True)
class Side:
    """An actor or recipient: a name, a country or kind of organisation, and sectors."""

    name: str
    country: str | None
    sectors: tuple[str, ...]


NOBODY: Final = Side("", None, ())


def to_sides(people: Sequence[Row]) -> list[Side]:
    """Return the sides of one role in order, each once."""
    sides = (Side(p["name"] or p["text"], p["country"], tuple(p["sectors"] or ())) for p in people)
    return list(dict.fromkeys(sides))


def to_pairs(event: Row) -> list[tuple[Side, Side]]:
    """Return the pairs of an event: each actor with each recipient, or each two actors once where the act is mutual.

    A lone side stands with nobody. An alliance is one side, whatever its members.
    """
    actors, recipients = to_sides(event["actors"]), to_sides(event["recipients"])
    if not recipients and len(actors) > 1:
        return list(itertools.combinations(actors, 2))
    return list(itertools.product(actors or [NOBODY], recipients or [NOBODY]))


@dataclass(frozen=True, slots=True)
class Days:
    """When an event happened, both ends included; ``by_article`` says that it is the day of publication."""

    first: date
    last: date
    by_article: bool = False


def to_days(event: Row) -> Days | None:
    """Return the days of an event, those of its article where it has none; None where neither has.

    Background without a date is not given that of its article, which would be wrong.
    """
    when = event["date"]
    if when:
        return Days(date.fromisoformat(when["from"]), date.fromisoformat(when["to"]))
    published = (event.get("article") or {}).get("published_on")
    if event["historical"] or not published:
        return None
    day = date.fromisoformat(published)
    return Days(day, day, by_article=True)


def day_in_table(event: Row, tally: Tally) -> date | None:
    """Return the day under which a table of days has an event, or None and count why it is left out."""
    days = to_days(event)
    reason = ""
    if event["status"] != "actual" and not tally.any_status:
        reason = "not_actual"
    elif days is None:
        reason = "no_date"
    elif (days.last - days.first).days > _MOST_DAYS:
        reason = "wide_date"
    if reason or days is None:
        tally.left_out[reason] += 1
        return None
    tally.events += 1
    tally.dated_by_article += days.by_article
    return days.first


def published_of(event: Row) -> date | None:
    """Return the day on which an event's article was published."""
    words = (event.get("article") or {}).get("published_on")
    return date.fromisoformat(words) if words else None


def to_number(event_id: str, pair: int = 0) -> int:
    """Return a number of 62 bits for tables whose ids are numbers; it begins as the event's id does.

    ``hex(number >> 14)`` is the beginning of the event's id, which ``dragoman show`` takes. It is a hash of the id where that
    is not hexadecimal.

    Example:
        >>> hex(to_number("3f9a0c12d4e5f607", 2) >> 14)
        '0x3f9a0c12d4e5'
    """
    beginning = event_id[:12]
    if len(beginning) < 12 or not all(c in "0123456789abcdef" for c in beginning):
        beginning = hashlib.sha256(event_id.encode()).hexdigest()[:12]
    return (int(beginning, 16) << _PAIR_BITS) | (pair % (1 << _PAIR_BITS))
