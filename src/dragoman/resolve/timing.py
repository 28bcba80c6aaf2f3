"""When a draft's act was, and whether it is background: what the kind of act adds to the words of its date.

In: a ``Draft`` and its article. Out: a ``Timing``. The words are read by ``dates``; what is over when it is told cannot lie ahead, and
what somebody is tried for was before the news.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dragoman.records import Article, Draft, EventDate
from dragoman.resolve.dates import date_confidence, end_by, is_charge, is_historical, published, resolve_date

_PROMISES: Final = frozenset({"AGREE", "THREATEN"})
# Acts that are over when they are told; promises, threats and measures may name the day from which they hold.
_OF_NOW: Final = frozenset(
    {"ACCUSE", "ASSAULT", "CONCEDE", "CONSULT", "PROTEST", "REJECT", "RETREAT", "SUPPORT"}
)
# Acts that are done once; bans, drills and aid may be for the rest of the year that their words of time name.
_DONE_ONCE: Final = frozenset({"ASSAULT", "CONSULT", "PROTEST", "RETREAT"})
# Acts that somebody may be tried for.
_CHARGEABLE: Final = frozenset({"ASSAULT", "PROTEST"})


@dataclass(frozen=True, slots=True)
class Timing:
    """When an act was, how sure that is (None without a date), and whether it is background."""

    date: EventDate | None
    confidence: float | None
    historical: bool


def timing_of(draft: Draft, article: Article) -> Timing:
    """Return when a draft's act was."""
    kind, actual, day = draft.event_type, draft.status == "actual", article.published_on
    when = resolve_date(
        draft.dates, article=article, sentence=draft.sentence, trigger=draft.trigger, actors=draft.actors,
        tense_future=not actual and (draft.status == "future" or kind in _PROMISES),
    )  # fmt: skip
    if actual and kind in _OF_NOW and when and day and when.from_ > day:
        # "Gave up its objection to the conference in 2024", told in 2023: the year is of what is to come.
        when = published(article, draft.trigger)
    charged = (
        kind in _CHARGEABLE
        and is_charge(draft.sentence, draft.trigger)
        and (when is None or when.text is None)
    )
    if charged:
        return Timing(None, None, historical=True)
    sure = date_confidence(when)
    if actual and kind in _DONE_ONCE:
        when = end_by(when, day)
    historical = is_historical(when, article=article, sentence=draft.sentence, trigger=draft.trigger)
    return Timing(when, sure, historical)
