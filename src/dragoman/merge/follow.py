"""What follows from or denies what: an arrest after an attack, a condemnation of it, a reply to an accusation.

In: what incidents tell, as ``Told``. Out: a ``Link`` or None for two of them. Each pair is judged by itself, so that links are the
same whatever came first. Rules with points, tuned on 70 % of our own incidents (2026-11); what is linked is never one incident.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from dragoman.merge.features import days_between, kilometres, rarity
from dragoman.merge.views import Report

LINK_DAYS: Final = 45  # an arrest or a trial that is told as following comes within weeks
_EARLY_DAYS: Final = 1  # days are told loosely: what follows may be dated a day before
_RARE: Final = 0.6
_MOST_NAMES: Final = 5
_FINE: Final = 3
_NEAR_KM: Final = 30.0
# Above it 4 of 10 links were annotated; people link fewer than they would accept, so that more of them hold.
_LEAST: Final = 0.3
_CONSTANT: Final = -6.3
# Which act may follow from which; from what answers what in our own incidents.
_ANSWERS: Final = {
    "ACCUSE": "ASSAULT COERCE SANCTION MOBILIZE REJECT THREATEN COOPERATE PROTEST SUPPORT RETREAT ACCUSE",
    "COERCE": "ASSAULT PROTEST COERCE",
    "REJECT": "ACCUSE SANCTION AGREE REQUEST CONCEDE COERCE SUPPORT THREATEN",
    "REQUEST": "ASSAULT REJECT COERCE SANCTION MOBILIZE",
    "SANCTION": "COERCE SANCTION ASSAULT ACCUSE REJECT MOBILIZE RETREAT",
    "RETREAT": "COERCE CONCEDE ASSAULT CONSULT AGREE SANCTION",
    "PROTEST": "ASSAULT COERCE REJECT RETREAT PROTEST AGREE",
    "MOBILIZE": "ASSAULT PROTEST COERCE COOPERATE",
    "ASSAULT": "PROTEST COERCE ASSAULT THREATEN",
    "SUPPORT": "CONCEDE RETREAT AID AGREE SANCTION CONSULT SUPPORT ASSAULT",
    "THREATEN": "ASSAULT SANCTION ACCUSE COERCE MOBILIZE COOPERATE",
    "CONCEDE": "PROTEST COERCE ASSAULT REQUEST THREATEN SANCTION",
    "AGREE": "CONSULT ASSAULT REQUEST",
    "CONSULT": "ASSAULT REJECT MOBILIZE AGREE",
    "AID": "ASSAULT REQUEST AGREE",
    "COOPERATE": "MOBILIZE AGREE CONSULT",
}  # fmt: skip
_CUES = re.compile(
    r"\b(?:over|in connection with|connected to|linked to|following|after|in response|responding|repl(?:y|ied)|retaliat\w+|reprisal|"
    r"accused of|charged with|suspected of|suspects?|for (?:the|his|her|their)|responsib\w+|condemn\w*|denounc\w*|victims?|funeral|"
    r"mourn\w*|buried|trial|verdict|investigat\w*|behind the|in protest|because of|against the)\b", re.I,
)  # fmt: skip
_DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|denials?|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:es|ed|ing)|disput(?:es|ed|ing)|"
    r"disclaim\w*|fabricat\w*|no (?:role|hand|part|involvement)|untrue|false|baseless|unfounded|not (?:involved|behind|responsible))\b",
    re.I,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An incident as links see it: its reports in order, and the sentence of each."""

    incident_id: str
    event_type: str
    status: str
    reports: tuple[Report, ...]
    quotes: tuple[str, ...]

    @cached_property
    def days(self) -> tuple[int, int] | None:
        """First and last day it may have happened; the narrowest that its reports say."""
        said = [r.days for r in self.reports if r.days and r.explicit] or [
            r.days for r in self.reports if r.days
        ]
        return min(said, key=lambda d: (d[1] - d[0], d[0])) if said else None

    @cached_property
    def published(self) -> int | None:
        """The first day of publication."""
        days = [r.article.published_on for r in self.reports if r.article.published_on]
        return min(days).toordinal() if days else None

    @cached_property
    def names(self) -> frozenset[str]:
        """Rare names and numbers of its sentences."""
        return frozenset(n for r in self.reports for n in r.names if rarity(n) >= _RARE)

    @cached_property
    def trigger(self) -> frozenset[str]:
        """Stems of its triggers."""
        return frozenset(t for r in self.reports for t in r.trigger)

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems of its sentences."""
        return frozenset(t for r in self.reports for t in r.quote)

    @cached_property
    def countries(self) -> frozenset[str]:
        """Countries of its sides and place."""
        return frozenset(
            c for r in self.reports for c in (*r.countries, r.spot.country if r.spot else None) if c
        )

    @cached_property
    def denies(self) -> str | None:
        """The first words of its sentences that deny something."""
        return next((m.group() for q in self.quotes if (m := _DENIAL.search(q))), None)

    @cached_property
    def cue(self) -> str | None:
        """The first words of its sentences that tell of an act before."""
        return next((m.group() for q in self.quotes if (m := _CUES.search(q))), None)

    @cached_property
    def actors(self) -> frozenset[str]:
        """Countries of its actors."""
        return frozenset(c for r in self.reports for c in r.seen.doers)

    @cached_property
    def recipients(self) -> frozenset[str]:
        """Countries of its recipients."""
        return frozenset(c for r in self.reports for c in r.seen.objects)

    @cached_property
    def articles(self) -> frozenset[str]:
        """Articles that tell of it."""
        return frozenset(r.article.article_id for r in self.reports)


@dataclass(frozen=True, slots=True)
class Link:
    """That an incident follows from another or denies it, how much speaks for it (0 to 1), and why."""

    incident_id: str
    kind: Literal["follows", "denies"]
    other_incident_id: str
    score: float
    reasons: tuple[str, ...]


def link_keys_of(report: Report) -> frozenset[str]:
    """Return keys that reports of two incidents share when one may follow from the other: rare names within weeks."""
    day = report.article.published_on
    if day is None or report.historical:
        return frozenset()
    step = 2 * LINK_DAYS
    windows = (f"l{day.toordinal() // step}", f"l{(day.toordinal() + LINK_DAYS) // step}+")
    rare = sorted((n for n in report.names if rarity(n) >= _RARE), key=lambda n: (-rarity(n), n))
    return frozenset(f"{window}|~{name}" for window in windows for name in rare[:_MOST_NAMES])


def links_between(a: Told, b: Told) -> list[Link]:
    """Return the links of two incidents, either way."""
    return [
        link
        for one, two in ((a, b), (b, a))
        for link in (follows(one, two), denies(one, two))
        if link is not None
    ]


def _order(later: Told, earlier: Told) -> str | None:
    """Return in words that one incident comes after another, None when it does not or nobody knows."""
    if later.days and earlier.days:
        gap = later.days[0] - earlier.days[1]
        if -_EARLY_DAYS <= gap <= LINK_DAYS or days_between(later.days, earlier.days) == 0:
            return "days later" if gap > 0 else "about the same day"
        return None
    if later.published is None or earlier.published is None:
        return None
    gap = later.published - earlier.published
    return "told days later" if 0 < gap <= LINK_DAYS else "told the same day" if gap == 0 else None


def _together(a: Told, b: Told) -> bool:
    """Return whether an article tells of both."""
    return not a.articles.isdisjoint(b.articles)


def _same_spot(a: Told, b: Told) -> str | None:
    for one in a.reports:
        for two in b.reports:
            if one.spot is None or two.spot is None or min(one.spot.resolution, two.spot.resolution) < _FINE:
                continue
            km = kilometres(one.spot, two.spot)
            if one.spot.name == two.spot.name or (km is not None and km <= _NEAR_KM):
                return one.spot.name
    return None


def follows(later: Told, earlier: Told) -> Link | None:
    """Return the link of an incident that follows from another, None when too little speaks for it."""
    if earlier.status != "actual" or later.status == "negated":
        return None
    if earlier.event_type not in _ANSWERS.get(later.event_type, "").split():
        return None
    order = _order(later, earlier)
    if order is None:
        return None
    evidence = _evidence(later, earlier)
    logit = _CONSTANT + 0.6 * ("later" in order) + sum(points for points, _ in evidence)
    score = 1.0 / (1.0 + math.exp(-logit))
    if score < _LEAST:
        return None
    reasons = [
        f"{later.event_type} may answer {earlier.event_type}",
        order,
        *(words for _, words in evidence),
    ]
    return Link(later.incident_id, "follows", earlier.incident_id, round(score, 2), tuple(reasons))


def _leads(told: Told) -> bool:
    return any(r.section == "title" for r in told.reports)


def _evidence(later: Told, earlier: Told) -> Sequence[tuple[float, str]]:
    """Return what speaks for and against, in logits, with words.

    Source: a logistic regression on our own incidents, its weights rounded.
    """
    out: list[tuple[float, str]] = []
    if earlier.trigger & (later.words - later.trigger):
        out.append((0.5, f"its sentence speaks of the earlier act{f' (“{later.cue}”)' if later.cue else ''}"))
    shared = sorted(later.names & earlier.names, key=lambda n: (-rarity(n), n))
    if shared:
        out.append((0.15, f"both name {', '.join(shared[:3])}"))
    spot = _same_spot(later, earlier)
    if spot is not None:
        out.append((0.0, f"both at {spot}"))
    if _together(later, earlier):
        out.append((1.5, "one article tells of both"))
    if later.countries & earlier.countries:
        out.append((0.7, f"both of {', '.join(sorted(later.countries & earlier.countries)[:3])}"))
    if later.recipients & earlier.actors:
        out.append((0.5, "it is done to who did the earlier"))
    if later.recipients & earlier.recipients:
        out.append((-0.7, "it is done to whom the earlier was done"))
    if later.actors & earlier.actors:
        out.append((-0.4, "done by who did the earlier"))
    if later.event_type == earlier.event_type:
        out.append((-0.5, "the same kind of act"))
    if len(earlier.articles) > 1:
        out.append((0.7, f"{len(earlier.articles)} articles tell of the earlier"))
    if len(earlier.articles) > len(later.articles):
        out.append((1.3, "the earlier is told more often"))
    if _leads(later):
        out.append((0.7, "it stands in a headline"))
    if _leads(earlier):
        out.append((0.5, "the earlier stands in a headline"))
    return out


def denies(denial: Told, incident: Told) -> Link | None:
    """Return the link of an incident that denies another, None when it does not.

    A denial is a negated event of the same kind, or a REJECT whose sentence says so in words, by a party of the incident, within days.
    """
    if incident.status != "actual" or incident.event_type == "REJECT":
        return None
    negated = denial.status == "negated" and denial.event_type == incident.event_type
    if not negated and (denial.event_type != "REJECT" or denial.status != "actual" or denial.denies is None):
        return None
    if _order(denial, incident) is None:
        return None
    party = denial.actors & (incident.actors | incident.recipients)
    if not party:
        return None
    said = incident.trigger & (denial.words - (frozenset() if negated else denial.trigger))
    shared = denial.names & incident.names
    spot = _same_spot(denial, incident)
    if not said or not (shared or spot or _together(denial, incident)):
        return None
    reasons = [
        "a negated event of the same kind" if negated else f"“{denial.denies}”",
        f"by {', '.join(sorted(party))}, a party to it",
    ]
    if spot is not None:
        reasons.append(f"both at {spot}")
    if shared:
        reasons.append(f"both name {', '.join(sorted(shared)[:3])}")
    score = 0.5 + 0.2 * bool(shared) + 0.15 * (spot is not None) + 0.15 * _together(denial, incident)
    return Link(denial.incident_id, "denies", incident.incident_id, round(min(score, 1.0), 2), tuple(reasons))
