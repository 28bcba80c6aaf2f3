"""Classes of mistake, and what each costs."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.mistakes import KINDS, costs, find_mistakes, kinds_of, match

from .annotated import FRANCE, IRAN, Row, annotated, article, coded, side

SIDES: dict[str, Any] = {"actors": [FRANCE], "recipients": [IRAN]}
ARMY = side("Soldiers", "NGA", "MIL")
STUDENTS = side("students", "NGA", "EDU")


def kinds(gold: list[Row], found: list[Row]) -> list[str]:
    """Return the classes of the mistakes in the first sentence."""
    return [m.kind for m in find_mistakes([article(gold)], found)]


def condemned(**fields: Any) -> Row:
    """Return an annotated event."""
    return annotated("ACCUSE", "condemned", **{**SIDES, **fields})


class TestClasses:
    """One class per way to be wrong."""

    def test_what_agrees_is_no_mistake(self) -> None:
        """An event that is right in all has no class."""
        assert kinds([condemned()], [coded("ACCUSE", "condemned", **SIDES)]) == []

    def test_missed(self) -> None:
        """An annotated event that was not coded."""
        (mistake,) = find_mistakes([article([condemned()], outlet="Keld Times")], [])
        assert (mistake.kind, mistake.found, mistake.outlet) == ("missed", None, "Keld Times")
        assert mistake.gold == condemned()
        assert (mistake.sentence, mistake.start) == ("France condemned Iran over the trial.", 0)

    def test_false(self) -> None:
        """A coded event that was not annotated."""
        (mistake,) = find_mistakes([article()], [coded("COERCE", "arrested")])
        assert (mistake.kind, mistake.gold) == ("false", None)
        assert mistake.sentence.startswith("Soldiers beat")
        assert mistake.start == 38

    def test_wrong_type(self) -> None:
        """At the same words another type was coded; sides are not judged then."""
        assert kinds([condemned()], [coded("REJECT", "condemned", actors=[IRAN])]) == ["wrong type"]

    def test_another_type_elsewhere_is_missed_and_false(self) -> None:
        """Events of two types at other words are not one mistake but two."""
        assert kinds([condemned()], [coded("COERCE", "trial")]) == ["missed", "false"]

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"actors": [side("France", "BEL", "GOV")]}, "wrong actor"),
            ({"actors": []}, "wrong actor"),
            ({"recipients": [side("Iran", "IRQ", "GOV")]}, "wrong recipient"),
            ({"actors": [side("France", "FRA", "MIL")]}, "wrong sector"),
            ({"actors": [side("the trial judge", "FRA", "GOV")]}, "wrong span"),
            ({"mode": "allege"}, "wrong mode"),
            ({"status": "negated"}, "wrong status"),
            ({"actors": [IRAN], "recipients": [FRANCE]}, "swapped"),
        ],
    )
    def test_one_field_wrong_is_one_class(self, fields: Row, expected: str) -> None:
        """Each field that alone is wrong has its class, and no other is given."""
        assert kinds([condemned()], [coded("ACCUSE", "condemned", **{**SIDES, **fields})]) == [expected]

    def test_several_fields_wrong_are_several_classes(self) -> None:
        """An event wrong in both sides, mode and status has a class for each."""
        wrong = coded("ACCUSE", "condemned", mode="allege", status="future")
        assert kinds([condemned()], [wrong]) == [
            "wrong actor", "wrong recipient", "wrong mode", "wrong status",
        ]  # fmt: skip

    def test_one_side_put_on_the_other_is_swapped(self) -> None:
        """The only actor coded as recipient, nobody else named, stands the wrong way round."""
        gold = condemned(recipients=[])
        assert kinds([gold], [coded("ACCUSE", "condemned", recipients=[FRANCE])]) == ["swapped"]

    def test_sides_of_one_country_can_be_swapped(self) -> None:
        """Soldiers and students of one country the wrong way round are swapped, though the countries agree."""
        gold = annotated("ASSAULT", "beat", actors=[ARMY], recipients=[STUDENTS])
        found = coded("ASSAULT", "beat", actors=[STUDENTS], recipients=[ARMY])
        assert kinds_of(gold, found) == ["swapped"]

    def test_like_words_on_both_sides_are_not_swapped(self) -> None:
        """Where both sides have the same words, a wrong country is that of its side."""
        police, other = side("police", "NGA", "COP"), side("police", "GHA", "COP")
        gold = annotated("CONSULT", "trial", actors=[police], recipients=[police])
        found = coded("CONSULT", "trial", actors=[other], recipients=[police])
        assert kinds_of(gold, found) == ["wrong actor"]

    def test_every_class_is_explained(self) -> None:
        """No class is given that the table of classes does not explain."""
        gold = [condemned(), annotated("COERCE", "trial")]
        found = [coded("ACCUSE", "condemned", mode="allege"), coded("CONSULT", "over")]
        assert set(kinds(gold, found)) <= set(KINDS)


class TestMatching:
    """Which coded event is compared with which annotated one."""

    def test_of_two_of_one_type_the_like_ones_are_compared(self) -> None:
        """Two arrests of one sentence, coded in the other order, are no mistakes."""
        first = annotated("COERCE", "arrested", actors=[side("police", "NGA", "COP")], recipients=[])
        second = annotated("COERCE", "beat", actors=[ARMY], recipients=[STUDENTS])
        found = [
            coded("COERCE", "beat", actors=[ARMY], recipients=[STUDENTS]),
            coded("COERCE", "arrested", actors=[side("police", "NGA", "COP")]),
        ]
        assert find_mistakes([article((), [first, second])], found) == []

    def test_one_coded_event_serves_one_annotated(self) -> None:
        """With two annotated events of a type and one coded, the one that fits less is missed."""
        fits, other = condemned(), annotated("ACCUSE", "trial", actors=[IRAN])
        pairs = match([other, fits], [coded("ACCUSE", "condemned", **SIDES)])
        assert [g for g, p in pairs if p is None] == [other]

    def test_the_same_type_goes_before_the_same_words(self) -> None:
        """An event of the right type elsewhere is the match, one of another type at the words is false."""
        found = [coded("REJECT", "condemned", **SIDES), coded("ACCUSE", "trial", **SIDES)]
        assert kinds([condemned()], found) == ["false"]

    def test_triggers_may_be_plain_words(self) -> None:
        """Annotations whose triggers have no offsets are matched by the words, and told from others."""
        gold = condemned(trigger="condemned")
        assert kinds([gold], [coded("ACCUSE", "condemned", **SIDES)]) == []
        assert kinds([gold], [coded("REJECT", "condemned", **SIDES)]) == ["wrong type"]
        assert kinds([gold], [coded("REJECT", "trial", **SIDES)]) == ["missed", "false"]

    def test_annotations_without_triggers_are_compared(self) -> None:
        """An annotated event that names no trigger is matched by type alone."""
        gold = {k: v for k, v in condemned().items() if k != "trigger"}
        assert kinds([gold], [coded("ACCUSE", "condemned", **SIDES)]) == []
        assert kinds([gold], [coded("REJECT", "condemned", **SIDES)]) == ["missed", "false"]


class TestCosts:
    """What mending a class would bring, measured."""

    def test_mending_all_that_was_missed_brings_type_to_one(self) -> None:
        """Where nothing was coded, mending "missed" alone makes every F1 one."""
        articles = [article([condemned()]), article([condemned()], name="b")]
        (cost,) = costs(articles, [])
        assert (cost.kind, cost.number) == ("missed", 2)
        assert set(cost.gain.values()) == {1.0}

    def test_a_false_event_costs_precision(self) -> None:
        """One right and one false event have F1 two thirds, so mending the false one brings a third."""
        found = [coded("ACCUSE", "condemned", **SIDES), coded("COERCE", "trial")]
        (cost,) = costs([article([condemned()])], found)
        assert cost.gain["type"] == pytest.approx(1 / 3, abs=1e-4)

    def test_a_wrong_status_costs_the_whole_event_alone(self) -> None:
        """A status put right changes none of the figures that do not look at it."""
        (cost,) = costs([article([condemned()])], [coded("ACCUSE", "condemned", status="future", **SIDES)])
        assert cost.gain == {
            "type": 0.0, "event": 0.0, "event_sector": 0.0, "event_text": 0.0, "event_whole": 1.0,
        }  # fmt: skip

    def test_mending_the_type_leaves_wrong_sides_wrong(self) -> None:
        """A wrong type mended brings type F1 and not the event, whose sides are still not right."""
        (cost,) = costs([article([condemned()])], [coded("REJECT", "condemned")])
        assert (cost.gain["type"], cost.gain["event"], cost.gain["event_text"]) == (1.0, 0.0, 0.0)

    @pytest.mark.parametrize(
        ("fields", "figure"),
        [
            ({"actors": [IRAN], "recipients": [FRANCE]}, "event"),
            ({"actors": [side("France", "BEL", "GOV")]}, "event"),
            ({"recipients": []}, "event"),
            ({"recipients": [side("Iran", "IRN", "MIL")]}, "event_sector"),
            ({"recipients": [side("the trial", "IRN", "GOV")]}, "event_text"),
            ({"mode": "allege"}, "event_whole"),
        ],
    )
    def test_mending_the_one_class_makes_all_right(self, fields: Row, figure: str) -> None:
        """An event wrong in one way is right in all when that class is mended."""
        (cost,) = costs([article([condemned()])], [coded("ACCUSE", "condemned", **{**SIDES, **fields})])
        assert cost.gain[figure] == 1.0

    def test_the_dearest_class_comes_first(self) -> None:
        """A class that costs every figure stands before one that costs one, however the events are ordered."""
        gold = [article([condemned()], name=name) for name in "abc"]
        found = [
            coded("ACCUSE", "condemned", source_id="a", status="future", **SIDES),
            coded("ACCUSE", "condemned", source_id="b", **SIDES),
        ]
        assert [c.kind for c in costs(gold, found)] == ["missed", "wrong status"]
        assert [c.kind for c in costs(gold[::-1], found[::-1])] == ["missed", "wrong status"]

    def test_without_mistakes_nothing_costs(self) -> None:
        """Where all is right there is no class to mend, and none where there is nothing at all."""
        assert costs([article([condemned()])], [coded("ACCUSE", "condemned", **SIDES)]) == []
        assert costs([article()], []) == []
