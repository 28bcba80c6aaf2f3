"""Incidents of a pair as dated points.

In: incidents in the shape of the JSON, and the two sides. Out: one ``Point`` per incident in which both sides take part, oldest
first. An incident is one point, however many reports tell of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from dragoman.relate.groups import Group

Direction = Literal["first", "second", "mutual", "together"]
# A point whose day is not known better than this is on the time line, but not counted: it would be put on a day by chance.
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Point:
    """One incident between two sides.

    ``on`` is the day it is counted at: the day it was first told of, moved into the interval of its date; None when neither is
    known. ``direction`` says which side acted on the other; "mutual" when they act on each other, "together" when both act against
    a third, which says nothing of conflict between them and is not counted. ``incident`` is its row.
    """

    incident_id: str
    event_type: str
    mode: str | None
    quad_class: int
    intensity: float
    status: str
    historical: bool
    on: date | None
    from_: date | None
    to: date | None
    precision: str | None
    direction: Direction
    incident: Mapping[str, Any]

    @property
    def is_counted(self) -> bool:
        """Whether it enters the series: it happened, it was news when told, and its day is known well enough."""
        return (
            self.status == "actual" and not self.historical and self.on is not None and self.direction != "together"
            and (self.from_ is None or self.to is None or (self.to - self.from_).days <= MOST_DAYS)
        )  # fmt: skip

    @property
    def is_planned(self) -> bool:
        """Whether it is announced and not yet told as done."""
        return self.status == "future"


def points_of(
    incidents: Iterable[Mapping[str, Any]], first: Group, second: Group, *, intensity: Callable[[Mapping[str, Any]], float]
) -> list[Point]:  # fmt: skip
    """Return the points of a pair, by day, those without a day last.

    Args:
        incidents: Rows with ``actors``, ``recipients``, ``date``, ``first_seen`` and so on.
        first: One side.
        second: The other side.
        intensity: Gives an incident's intensity, -10 to +10.
    """
    out = []
    for row in incidents:
        direction = direction_of(row, first, second)
        if direction is None:
            continue
        when = row["date"] or {}
        begin, end = _day(when.get("from")), _day(when.get("to"))
        out.append(
            Point(
                row["incident_id"], row["event_type"], row["mode"], row["quad_class"], intensity(row), row["status"],
                bool(row["historical"]), _counted_on(_day(row["first_seen"]), begin, end), begin, end, when.get("precision"),
                direction, row,
            )
        )  # fmt: skip
    return sorted(out, key=lambda p: (p.from_ or p.on or date.max, p.on or date.max, p.incident_id))


def direction_of(incident: Mapping[str, Any], first: Group, second: Group) -> Direction | None:
    """Return how two sides stand in an incident; None unless both take part, each as another participant."""
    actors, recipients = incident["actors"], incident["recipients"]
    of_first = [n for n, p in enumerate(actors) if first.holds(p)]
    of_second = [n for n, p in enumerate(actors) if second.holds(p)]
    if of_first and any(second.holds(p) for p in recipients):
        return "first"
    if of_second and any(first.holds(p) for p in recipients):
        return "second"
    if any(n != m for n in of_first for m in of_second):
        return "together" if _is_joint(incident) else "mutual"
    return None


def _is_joint(incident: Mapping[str, Any]) -> bool:
    """Return whether the actors of a conflict act against a third, or in words against nobody named, and not on each other.

    Three and more who accuse, demand, refuse or sanction without a recipient make a joint statement; two may do it to each other.
    """
    if incident["quad_class"] <= 2:
        return False
    in_words = incident["quad_class"] == 3 or incident["event_type"] == "SANCTION"
    return bool(incident["recipients"]) or (in_words and len(incident["actors"]) > 2)


def _day(words: Any) -> date | None:
    return date.fromisoformat(words) if isinstance(words, str) else words


def _counted_on(known: date | None, begin: date | None, end: date | None) -> date | None:
    if known is None:
        return begin
    if begin is not None and known < begin:
        return begin
    return end if end is not None and known > end else known
