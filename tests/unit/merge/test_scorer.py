"""What is never one event, whatever the words: days that are said to lie apart, and other towns on other days."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources

import pytest

from dragoman.merge.engine import group
from dragoman.merge.rarity import digest_of
from dragoman.merge.scorer import are_others, are_swapped, load_scorer, refers_back, ruled_out

from .test_engine import TAWILA, ZALINGEI, report

MONDAY = date(2024, 5, 6)


def told(name: str, day: date | None, **fields: object):  # type: ignore[no-untyped-def]
    """Return a report of shelling that says its day."""
    return report(name, "Forces shelled the town.", trigger="shelled", day=day, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "type", "is_out"), [(2, "ASSAULT", False), (3, "ASSAULT", True), (3, "COOPERATE", False), (7, "COOPERATE", True)])  # fmt: skip
def test_said_days_apart_are_never_one(days: int, type: str, is_out: bool) -> None:
    """Attacks three days apart, other acts a week apart: a drill is told by its first day and by its last."""
    other = told("b", MONDAY + timedelta(days=days), type=type)
    assert bool(ruled_out(told("a", MONDAY, type=type), other)) is is_out
    assert bool(ruled_out(other, told("a", MONDAY, type=type))) is is_out


def test_other_towns_on_other_days_are_never_one() -> None:
    """A war is told in like sentences: a day apart in towns 170 km apart is another attack; on one day it may be one."""
    here = told("a", MONDAY, spot=TAWILA)
    assert "km apart" in ruled_out(here, told("b", MONDAY + timedelta(days=1), spot=ZALINGEI))
    assert not ruled_out(here, told("b", MONDAY, spot=ZALINGEI))
    assert not ruled_out(here, told("b", MONDAY + timedelta(days=1), spot=TAWILA))


def test_what_is_not_said_rules_nothing_out() -> None:
    """A day of publication alone, and a date of weeks, leave the decision to the weights."""
    assert not ruled_out(told("a", MONDAY), told("b", None, on=MONDAY + timedelta(days=30)))
    week = (MONDAY.toordinal(), MONDAY.toordinal() + 6)
    assert not ruled_out(told("a", MONDAY + timedelta(days=20)), told("b", MONDAY, days=week))


def drill(name: str, quote: str, **fields: object):  # type: ignore[no-untyped-def]
    """Return a report of a joint drill in one article."""
    sides = (("actor", "IRN", "MIL"), ("actor", "AZE", "MIL"))
    return report(name, quote, trigger="joint drill", type="COOPERATE", sides=sides, article="x", **fields)  # type: ignore[arg-type]


def test_the_drill_is_the_drill_told_before() -> None:
    """A definite noun names the act told before in its article, if its sides took part in that; no other act, no history."""
    told_first = drill("a", "The navies began a joint drill.")
    again = replace(drill("b", "The joint drill marks a high point.", start=90), refers=True)
    assert refers_back(told_first, again)
    assert refers_back(again, told_first)
    assert load_scorer().probability(told_first, again) >= 0.9
    assert "named as one known already" in load_scorer().judge(
        told_first, replace(again, vector=None)
    ).reasons or (load_scorer().judge(told_first, again).probability >= 0.9)
    assert not refers_back(told_first, replace(again, refers=False))
    assert not refers_back(replace(told_first, historical=True), again)
    assert not refers_back(told_first, replace(again, event_type="ASSAULT"))
    elsewhere = replace(again, sides=report("c", "x", trigger="x").sides)
    assert not refers_back(told_first, elsewhere)


def suspension(name: str, quote: str, *sides: tuple[str, str, str], article: str | None = None):  # type: ignore[no-untyped-def]
    """Return a report of a suspension."""
    return report(
        name, quote, trigger="suspended", type="SANCTION", mode="discontinue", sides=sides, article=article
    )


@pytest.mark.parametrize("article", [None, "one"])
def test_others_on_both_ends_are_not_one(article: str | None) -> None:
    """The African Union suspends Mali, Canada and Denmark suspend aid to Niger: two incidents, in one article and in two."""
    union = suspension(
        "a", "The African Union suspended Mali after the coup.", ("actor", "IGO", "IGO"), ("recipient", "MLI", "GOV"), article=article
    )  # fmt: skip
    donors = suspension(
        "b", "Canada and Denmark suspended aid to Niger after the coup.", ("actor", "CAN", "GOV"), ("actor", "DNK", "GOV"),
        ("recipient", "NER", "GOV"), article=article,
    )  # fmt: skip
    assert are_others(union, donors)
    assert len(group([union, donors], load_scorer())) == 2
    judged = load_scorer().judge(union, donors)
    assert judged.probability <= 0.1
    # The same sides, told by another outlet, are one.
    again = suspension(
        "c", "The African Union suspended Mali after the coup.", ("actor", "IGO", "IGO"), ("recipient", "MLI", "GOV"),
        article="other",
    )  # fmt: skip
    assert not are_others(union, again)
    assert len(group([union, again], load_scorer())) == 1


def test_what_is_done_together_may_name_any_of_the_sides() -> None:
    """Two reports of a summit may each name other guests; a side that is not known says nothing."""
    sides = (
        (("actor", "IRN", "MIL"), ("recipient", "AZE", "MIL")),
        (("actor", "TUR", "MIL"), ("recipient", "PAK", "MIL")),
    )
    summit = [
        report(n, "They met.", trigger="met", type="CONSULT", sides=s)
        for n, s in zip("ab", sides, strict=True)
    ]
    assert not are_others(*summit)
    raids = [report(n, "They raided.", trigger="raided", sides=s) for n, s in zip("ab", sides, strict=True)]
    assert are_others(*raids)
    assert not are_others(raids[0], replace(raids[1], sides=raids[1].sides[:1]))


def test_a_blow_and_the_one_it_answers_are_two() -> None:
    """Keld strikes Halden and Halden strikes back, in the same words: two incidents."""
    quote = "{} missiles struck the {} base at Arnvik on Friday."
    blow = report("a", quote.format("Iranian", "Azerbaijani"), trigger="struck", sides=(("actor", "IRN", "MIL"), ("recipient", "AZE", "MIL")))  # fmt: skip
    answer = report("b", quote.format("Azerbaijani", "Iranian"), trigger="struck", sides=(("actor", "AZE", "MIL"), ("recipient", "IRN", "MIL")))  # fmt: skip
    assert are_swapped(blow, answer)
    assert load_scorer().probability(blow, answer) <= 0.4
    judged = load_scorer().judge(blow, answer)
    assert judged.probability <= 0.4
    assert len(group([blow, answer], load_scorer())) == 2
    assert not are_swapped(blow, replace(answer, sides=blow.sides))
    together = [replace(r, event_type="CONSULT") for r in (blow, answer)]
    assert not are_swapped(*together)


def test_the_weights_were_fitted_with_the_packaged_counts() -> None:
    """Counting the words anew without fitting the weights moves every merge; ``dragoman.train.merging`` does both."""
    card = json.loads(resources.files("dragoman.merge").joinpath("weights.json").read_text("utf-8"))
    assert card["word_counts"] == digest_of("word_counts.csv")
