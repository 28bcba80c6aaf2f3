"""What follows from and denies what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dragoman.merge.follow import Told, denies, follows, link_keys_of, links_between
from dragoman.merge.views import Report, Side, Telling
from dragoman.merge.words import stems, telling


def told(
    name: str, quote: str, trigger: str, event_type: str, *, day: int, actor: str | None = None, recipient: str | None = None,
    articles: tuple[str, ...] = ("a",), status: str = "actual", section: str = "title",
) -> Told:  # fmt: skip
    """Return an incident of that day of June 2024, told by articles."""
    when = date(2024, 6, day)
    sides = tuple(
        Side(role, c, (), None, frozenset())
        for role, c in (("actor", actor), ("recipient", recipient))
        if c is not None
    )
    reports = tuple(
        Report(
            f"{name}{a}", Telling(a, a, when, telling(quote)), section, event_type, None, status, False, sides, None,
            (when.toordinal(), when.toordinal()), True, {}, stems(trigger), stems(quote), telling(quote), None,
        ) for a in articles
    )  # fmt: skip
    return Told(name, event_type, status, reports, (quote,) * len(reports))


ATTACK = told(
    "attack", "On Sunday gunmen attacked a market in Merrindi in Ondirra district.", "attacked", "ASSAULT", day=2, actor="NGA",
    recipient="NGA", articles=("a", "b", "c"),
)  # fmt: skip
BLAME = told(
    "blame", "On Monday France condemned the attack in Merrindi.", "condemned", "ACCUSE", day=3, actor="FRA", recipient="NGA",
    articles=("c",),
)  # fmt: skip
DENIAL = told(
    "denial", "On Tuesday the Nigerian army denied that it attacked the market in Merrindi.", "denied", "REJECT", day=4, actor="NGA",
    articles=("c",),
)  # fmt: skip


def test_a_condemnation_follows_from_the_attack() -> None:
    """The link says why, with a score, and goes one way."""
    link = follows(BLAME, ATTACK)
    assert link is not None
    assert (link.incident_id, link.kind, link.other_incident_id) == ("blame", "follows", "attack")
    assert 0.3 <= link.score <= 1
    assert "ACCUSE may answer ASSAULT" in link.reasons
    assert "one article tells of both" in link.reasons
    assert follows(ATTACK, BLAME) is None


@pytest.mark.parametrize(
    "other",
    [
        told("aid", "On Monday France sent relief to Kuvalo.", "sent", "AID", day=3, actor="FRA", articles=("z",)),
        told("before", "In May France condemned attacks.", "condemned", "ACCUSE", day=1, actor="FRA", articles=("z",)),
        told("no", "France did not condemn the attack in Merrindi.", "condemn", "ACCUSE", day=3, articles=("c",), status="negated"),
    ],
)  # fmt: skip
def test_what_does_not_follow(other: Told) -> None:
    """Another matter, what came long before, and what did not happen do not follow."""
    assert follows(replace_day(other), ATTACK) is None


def replace_day(told_: Told) -> Told:
    """Return what is called "before" moved a month back."""
    if told_.incident_id != "before":
        return told_
    early = date(2024, 5, 1).toordinal()
    return replace(told_, reports=tuple(replace(r, days=(early, early)) for r in told_.reports))


def test_a_denial_by_a_party_denies() -> None:
    """Who is accused says no: the link tells the words and the party."""
    link = denies(DENIAL, ATTACK)
    assert link is not None
    assert link.kind == "denies"
    assert any("denied" in r for r in link.reasons)
    assert link in links_between(ATTACK, DENIAL)


def test_a_denial_by_somebody_else_or_of_something_else_does_not() -> None:
    """A third state's word, and a party's word on another matter, deny nothing."""
    third = told(
        "x",
        "Chad denied that gunmen attacked the market in Merrindi.",
        "denied",
        "REJECT",
        day=4,
        actor="TCD",
    )
    matter = told(
        "y",
        "The Nigerian army denied plans for a new airport.",
        "denied",
        "REJECT",
        day=4,
        actor="NGA",
        articles=("q",),
    )
    assert denies(third, ATTACK) is None
    assert denies(matter, ATTACK) is None


def test_a_negated_event_of_the_same_kind_denies() -> None:
    """“The army did not attack Merrindi” denies the attack."""
    not_so = told(
        "n", "The army has not attacked Merrindi, it said.", "attacked", "ASSAULT", day=3, actor="NGA", status="negated"
    )  # fmt: skip
    attack = replace(
        ATTACK, reports=tuple(replace(r, quote=r.quote | stems("attacked")) for r in ATTACK.reports)
    )
    assert denies(not_so, attack) is not None


def test_links_are_looked_for_by_rare_names() -> None:
    """Reports of one rare name within weeks share a key, undated articles have none."""
    assert link_keys_of(ATTACK.reports[0]) & link_keys_of(BLAME.reports[0])
    undated = replace(ATTACK.reports[0], article=replace(ATTACK.reports[0].article, published_on=None))
    assert link_keys_of(undated) == frozenset()
