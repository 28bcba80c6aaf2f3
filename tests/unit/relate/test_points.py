"""Who a side is, and which incidents are points of a pair."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.relate.groups import Group, group_of, load_groups
from dragoman.relate.points import direction_of, points_of

from .telling import FIRST, SECOND, incident, intensity, points, side

DAY = date(2024, 5, 6)


def test_a_member_is_a_country_a_sector_of_it_or_a_name() -> None:
    """Each kind of member takes the participants it names and no others."""
    army = side("IRN", sectors=("MIL",), text="the ground forces", name="Iranian Army")
    for member, held in (
        ("IRN", True),
        ("IRN/MIL", True),
        ("IRN/GOV", False),
        ("iranian army", True),
        ("AZE", False),
    ):
        assert Group("x", (member,)).holds(army) is held, member
    assert Group("x", ("AZE", "IRN/MIL")).holds(army)
    assert not Group("x", ("IRN",)).holds(side(None))


def test_groups_come_from_a_file(tmp_path: Path) -> None:
    """A listed group stands for its members; any other word for itself."""
    file = tmp_path / "groups.toml"
    file.write_text('G3 = ["FRA", "DEU", "GBR/GOV"]\n', encoding="utf-8")
    groups = load_groups(file)
    assert group_of("G3", groups).members == ("FRA", "DEU", "GBR/GOV")
    assert group_of("FRA", groups) == Group("FRA", ("FRA",))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('G = "FRA"', "must be a list"),
        ("G = []", "must be a list"),
        ("G = [1]", "holds 1"),
        ("G = [", "not a TOML"),
    ],
)
def test_a_wrong_file_of_groups_is_told(tmp_path: Path, words: str, told: str) -> None:
    """The message names the file and what is wrong with it."""
    file = tmp_path / "groups.toml"
    file.write_text(words, encoding="utf-8")
    with pytest.raises(UsageError, match=told) as error:
        load_groups(file)
    assert str(file) in str(error.value)


def test_a_side_needs_words() -> None:
    """An empty side is refused."""
    with pytest.raises(UsageError, match="must be a country"):
        group_of("  ")


def test_both_sides_must_take_part() -> None:
    """An incident of one of them, or of one side twice, is no point of the pair."""
    nor, dnk, swe = side("NOR"), side("DNK"), side("SWE")
    cases = [
        ((nor,), (dnk,), "first"), ((dnk,), (nor,), "second"), ((nor, dnk), (), "mutual"), ((nor,), (swe,), None),
        ((nor, swe), (), None), ((nor,), (nor,), None),
    ]  # fmt: skip
    for actors, recipients, direction in cases:
        row = incident(DAY, actors=actors, recipients=recipients)
        assert direction_of(row, FIRST, SECOND) == direction, (actors, recipients)


def test_acting_together_against_a_third_is_no_conflict_between_them() -> None:
    """Two who attack a third, and three who condemn jointly, are on the time line and not in the counts."""
    nor, dnk, swe = side("NOR"), side("DNK"), side("SWE")
    attack = incident(DAY, "ASSAULT", actors=(nor, dnk), recipients=(swe,))
    statement = incident(DAY, "ACCUSE", actors=(nor, dnk, swe), recipients=())
    fight = incident(DAY, "ASSAULT", actors=(nor, dnk), recipients=())
    quarrel = incident(DAY, "ACCUSE", actors=(nor, dnk), recipients=())
    visit = incident(DAY, "CONSULT", actors=(nor, dnk), recipients=(swe,))
    assert [p.is_counted for row in (attack, statement, fight, quarrel, visit) for p in points(row)] == [False, False, True, True, True]  # fmt: skip


def test_what_is_not_news_is_not_counted() -> None:
    """Background, what did not happen, plans, and what is dated to a year are points that no series counts."""
    rows = [
        incident(DAY, historical=True), incident(DAY, status="negated"), incident(DAY, status="future"), incident(DAY, days=364),
        incident(None),
    ]  # fmt: skip
    found = points(*rows)
    assert len(found) == 5
    assert not any(p.is_counted for p in found)
    assert [p.is_planned for p in found].count(True) == 1


def test_an_incident_is_counted_on_the_day_it_was_told_within_its_date() -> None:
    """The day of the first report, moved into the interval of the date."""
    week = incident(DAY, days=6, first_seen="2024-05-08")
    late = incident(DAY, days=1, first_seen="2024-05-20")
    early = incident(DAY, first_seen="2024-05-01")
    assert [p.on for p in points(week)] == [date(2024, 5, 8)]
    assert [p.on for p in points(late)] == [date(2024, 5, 7)]
    assert [p.on for p in points(early)] == [DAY]


def test_points_are_in_order_of_days() -> None:
    """Oldest first, those without a day last."""
    rows = [incident(None), incident(date(2024, 6, 1)), incident(date(2023, 1, 1))]
    assert [p.on for p in points_of(rows, FIRST, SECOND, intensity=intensity)] == [
        date(2023, 1, 1),
        date(2024, 6, 1),
        None,
    ]
