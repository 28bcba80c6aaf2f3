"""Figures of coded events against annotated articles."""

from __future__ import annotations

from typing import Any

import pytest

from dragoman.score import FIGURES, bootstrap, figures_of, per_outlet, per_type, score

from .annotated import FRANCE, IRAN, Row, annotated, article, coded, side

SIDES: dict[str, Any] = {"actors": [FRANCE], "recipients": [IRAN]}


def figures(articles: list[Row], events: list[Row]) -> dict[str, float]:
    """Return the figures of some articles."""
    return figures_of(score(articles, events))


def condemned(**fields: Any) -> list[Row]:
    """Return one article with one annotated event."""
    return [article([annotated("ACCUSE", "condemned", **{**SIDES, **fields})])]


def test_an_event_right_in_all_is_right_in_every_figure() -> None:
    """A coded event like the annotated one brings every F1 and every share to one."""
    found = figures(condemned(mode="disapprove"), [coded("ACCUSE", "condemned", mode="disapprove", **SIDES)])
    assert {found[name] for name in FIGURES} == {1.0}
    assert {found[name] for name in ("mode", "status", "actors_sector", "recipients_text")} == {1.0}


@pytest.mark.parametrize("wrong", [{"mode": "allege"}, {"status": "future"}])
def test_the_whole_event_needs_mode_and_status_too(wrong: Row) -> None:
    """A wrong mode or status leaves the event with its sides right, and the whole event wrong."""
    found = figures(condemned(), [coded("ACCUSE", "condemned", **SIDES, **wrong)])
    assert found["event_sector"] == found["event_text"] == 1.0
    assert found["event_whole"] == 0.0
    (name,) = wrong
    assert found[name] == 0.0


def test_a_wrong_sector_leaves_the_countries_right() -> None:
    """The event with countries is right where only a sector differs, the one with sectors and the whole are not."""
    army = side("France", "FRA", "MIL")
    found = figures(condemned(), [coded("ACCUSE", "condemned", actors=[army], recipients=[IRAN])])
    assert (found["event"], found["event_sector"], found["event_whole"]) == (1.0, 0.0, 0.0)
    assert (found["actors_country"], found["actors_sector"], found["recipients_sector"]) == (1.0, 0.0, 1.0)


def test_words_of_a_side_count_by_half() -> None:
    """A quoted side that shares less than half of its words with the annotated one is wrong in the text figure alone."""
    long = side("France of the many old kings", "FRA", "GOV")
    found = figures(condemned(), [coded("ACCUSE", "condemned", actors=[long], recipients=[IRAN])])
    assert (found["event_whole"], found["event_text"], found["actors_text"]) == (1.0, 0.0, 0.0)


def test_an_event_in_another_sentence_is_no_match() -> None:
    """The same type in another sentence is one missed and one false."""
    found = figures(condemned(), [coded("ACCUSE", "arrested", **SIDES)])
    assert (found["type"], found["type_precision"], found["type_recall"]) == (0.0, 0.0, 0.0)


def test_precision_and_recall_are_told_apart() -> None:
    """Two coded events for one annotated: half the precision, all the recall, two thirds F1."""
    events = [coded("ACCUSE", "condemned", **SIDES), coded("COERCE", "trial")]
    found = figures(condemned(), events)
    assert (found["type_precision"], found["type_recall"]) == (0.5, 1.0)
    assert found["type"] == pytest.approx(2 / 3)


def test_places_and_dates_are_scored_by_their_words() -> None:
    """A place is right when its words are annotated for the sentence; one that is not costs precision."""
    gold = article(
        (), [annotated("COERCE", "arrested", places=[{"text": "Lagos"}], dates=[{"text": "Friday"}])]
    )
    event = coded("COERCE", "arrested", place={"text": "Lagos"}, date={"text": "two leaders"})
    found = figures([gold], [event])
    assert (found["place"], found["date"]) == (1.0, 0.0)


def test_events_of_unknown_articles_are_left_out() -> None:
    """An event whose source is no annotated article is not counted as false."""
    events = [coded("ACCUSE", "condemned", **SIDES), coded("COERCE", "trial", source_id="elsewhere")]
    assert figures(condemned(), events)["type_precision"] == 1.0


def test_types_are_listed_with_what_was_annotated_and_coded() -> None:
    """Each type has its own numbers, those that were only coded as well."""
    tallies = score(condemned(), [coded("ACCUSE", "condemned", **SIDES), coded("COERCE", "trial")])
    assert per_type(tallies) == {
        "ACCUSE": {"gold": 1.0, "found": 1.0, "right": 1.0, "f1": 1.0},
        "COERCE": {"gold": 0.0, "found": 1.0, "right": 0.0, "f1": 0.0},
    }


def test_outlets_are_scored_apart_the_largest_first() -> None:
    """Each outlet has the figures of its own articles, in order of its annotated events; without one it is "not given"."""
    two = [annotated("ACCUSE", "condemned", **SIDES), annotated("COERCE", "trial")]
    one = [annotated("ACCUSE", "condemned", **SIDES)]
    articles = [
        article(one, name="a", outlet="Keld Times"),
        article(one, name="b"),
        article(two, name="c", source="Halden Post"),
    ]
    events = [coded("ACCUSE", "condemned", source_id=name, **SIDES) for name in ("a", "c")]
    rows = per_outlet(articles, score(articles, events))
    assert list(rows) == ["Halden Post", "Keld Times", "not given"]
    assert [row["type"] for row in rows.values()] == [pytest.approx(2 / 3), 1.0, 0.0]
    assert [(row["articles"], row["gold"]) for row in rows.values()] == [(1.0, 2.0), (1.0, 1.0), (1.0, 1.0)]


def test_intervals_hold_the_figure_and_are_repeatable() -> None:
    """The interval of articles that differ is wide, lies round the figure, and is the same each time."""
    articles = [article([annotated("ACCUSE", "condemned", **SIDES)], name=str(n)) for n in range(8)]
    events = [coded("ACCUSE", "condemned", source_id=str(n), **SIDES) for n in range(4)]
    tallies = score(articles, events)
    low, high = bootstrap(tallies, rounds=100)["type"]
    assert low < figures_of(tallies)["type"] < high
    assert bootstrap(tallies, rounds=100)["type"] == (low, high)
