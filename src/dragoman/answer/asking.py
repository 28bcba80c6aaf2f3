"""Words of a question → values: days, moments, filters. The same words mean the same on the command line and over HTTP.

Errors name the word that was wrong as the caller wrote it: "--since" of a command, "since" of a request.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from dragoman.errors import UsageError
from dragoman.ontology import Ontology
from dragoman.ontology.regions import get_region
from dragoman.store import EventFilter

# A relation is computed period by period over the whole time that is asked for; these keep a question from taking minutes.
MOST_YEARS = 100
MOST_DAYS_BY_DAY = 10_000
STATUSES = ("actual", "future", "hypothetical", "negated")


def to_day(flag: str, words: str | None) -> date | None:
    """Return the date of a flag such as "--since 2024-05-31"; a month or year stands for its first day.

    Raises:
        UsageError: It is not a date.
    """
    if words is None:
        return None
    try:
        parts = words.split("-")
        if len(parts) < 3 and all(p.isdigit() for p in parts) and len(parts[0]) == 4:
            return date(int(parts[0]), int(parts[1]) if len(parts) == 2 else 1, 1)
        return date.fromisoformat(words)
    except ValueError:
        raise UsageError(f'{flag} must be a date such as 2024-05-31; got "{words}".') from None


def to_moment(flag: str, words: str | None) -> datetime | None:
    """Return the end of the day that a flag names, or the moment such as 2024-05-31T12:00; UTC, without a zone.

    Raises:
        UsageError: It is neither.
    """
    if words is not None and ("T" in words or ":" in words):
        try:
            moment = datetime.fromisoformat(words.strip())
            return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            raise UsageError(
                f'{flag} must be a day such as 2024-05-31 or a moment such as 2024-05-31T12:00; got "{words}".'
            ) from None
    day = to_day(flag, words)
    if day is None:
        return None
    if day == date.max:
        raise UsageError(f'{flag} must be a day before {day}; got "{words}".')
    return datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None) + timedelta(days=1)


def check_period(since: date | None, until: date | None, *, step: str = "month", today: date) -> None:
    """Check that a relation is not asked for over more time than can be computed at once.

    Raises:
        UsageError: It is.
    """
    days = (max(until or today, today) - min(since or today, today)).days
    if days > MOST_YEARS * 366:
        raise UsageError(
            f"since and until must lie within {MOST_YEARS} years of today; got {since} and {until}."
        )
    if step == "day" and days > MOST_DAYS_BY_DAY:
        raise UsageError(
            f"with step day since and until must lie within {MOST_DAYS_BY_DAY} days of today; got {since} and {until}. Take step week."
        )


def check_quads(flag: str, quads: Sequence[int]) -> None:
    """Check that quad classes are 1 (verbal), 2 (material cooperation), 3 (verbal) or 4 (material conflict).

    Raises:
        UsageError: One is not.
    """
    for one in quads:
        if one not in (1, 2, 3, 4):
            raise UsageError(f"{flag} must be 1, 2, 3 or 4; got {one}.")


def filter_of(
    *, ontology: Ontology, actor: str | None = None, recipient: str | None = None, participant: str | None = None,
    types: Sequence[str] = (), since: str | None = None, until: str | None = None, place: str | None = None,
    country: str | None = None, status: str | None = None, min_confidence: float | None = None,
    historical: bool | None = None, quads: Sequence[int] = (), regions: Sequence[str] = (), outlet: str | None = None,
    min_sources: int | None = None, as_of: datetime | None = None, article_id: str | None = None,
) -> EventFilter:  # fmt: skip
    """Return a filter from words, with its codes checked; words with commas are several types.

    Raises:
        UsageError: A date, status or number is not one.
        UnknownCode: A type, sector or region does not exist.
    """
    wanted = [t.strip().upper() for many in types for t in many.split(",") if t.strip()]
    for one in wanted:
        ontology.get_type(one)
    if status is not None and status not in STATUSES:
        raise UsageError(f'status must be actual, future, hypothetical or negated; got "{status}".')
    if min_confidence is not None and not 0 <= min_confidence <= 1:
        raise UsageError(f"min_confidence must be from 0 to 1; got {min_confidence}.")
    for side in (actor, recipient, participant):
        if side and "/" in side and side.split("/")[0].isupper():
            ontology.check_sector(side.split("/")[1])
    check_quads("quad", quads)
    if min_sources is not None and min_sources < 1:
        raise UsageError(f"min_sources must be 1 or more; got {min_sources}.")
    return EventFilter(
        actor=actor, recipient=recipient, participant=participant, event_types=wanted, since=to_day("since", since),
        until=to_day("until", until), place=place, country=country, status=status, min_confidence=min_confidence,
        article_id=article_id, historical=historical, quad_classes=tuple(quads), regions=tuple(map(get_region, regions)),
        outlet=outlet, min_sources=min_sources, as_of=as_of,
    )  # fmt: skip
