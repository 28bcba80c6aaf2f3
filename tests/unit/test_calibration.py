"""How far confidences can be trusted."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.calibration import STEPS, curve, error_by_chance, expected_error, reliability

from .annotated import FRANCE, Row, annotated, article, coded, side


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [
        ([0.9, 0.9], [True, False], 0.4),
        ([0.75, 0.75, 0.75, 0.75], [True, True, True, False], 0.0),
        ([1.0, 0.0], [True, False], 0.0),  # the surest belongs to the last bin
        ([0.95, 0.35, 0.35], [True, False, False], 0.25),  # (0.05 · 1 + 0.35 · 2) / 3
        ([], [], 0.0),
    ],
)
def test_expected_error_of_known_numbers(confidences: list[float], right: list[bool], error: float) -> None:
    """The error is the distance of what was said from what was right, bins weighted by their size."""
    assert expected_error(confidences, right) == pytest.approx(error)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=20))
def test_expected_error_is_a_share(rows: list[tuple[float, bool]]) -> None:
    """Whatever the confidences, the error lies between none and all."""
    assert 0 <= expected_error([c for c, _ in rows], [r for _, r in rows]) <= 1


def test_the_error_by_chance_is_that_of_few_true_confidences() -> None:
    """One event of 0.6 errs by 0.4 or 0.6 whatever comes; the more there are, the smaller; a bin's mean is known in closed form."""
    assert error_by_chance([0.6]) == pytest.approx(0.6 * 0.4 + 0.4 * 0.6, abs=0.02)
    few, many = error_by_chance([0.7] * 20), error_by_chance([0.7] * 2000)
    assert few == pytest.approx(
        (2 * 0.7 * 0.3 / (math.pi * 20)) ** 0.5, abs=0.01
    )  # mean distance of a binomial share
    assert many < few / 5
    assert error_by_chance([0.6, 0.3]) == error_by_chance([0.6, 0.3])
    assert error_by_chance([]) == 0.0


def test_reliability_of_the_type_is_of_all_coded_events() -> None:
    """False events and wrong types count against the type's confidence; a missed event has none."""
    gold = [annotated("ACCUSE", "condemned"), annotated("COERCE", "trial")]
    found = [
        coded("ACCUSE", "condemned", sure=0.8),
        coded("CONSULT", "trial", sure=0.4),
        coded("AID", "arrested", sure=0.6),
    ]
    rows = reliability([article(gold, [annotated("ASSAULT", "beat")])], found)
    assert list(rows) == ["type"]
    assert rows["type"]["number"] == 3
    assert rows["type"]["right"] == pytest.approx(1 / 3, abs=1e-4)
    assert rows["type"]["confidence"] == 0.6
    assert rows["type"]["error"] == pytest.approx((0.2 + 0.4 + 0.6) / 3, abs=1e-4)
    assert rows["type"]["bins"] == [(0.4, 0.0, 1), (0.6, 0.0, 1), (0.8, 1.0, 1)]


def test_reliability_of_fields_is_judged_where_the_type_is_right() -> None:
    """A field counts where the type is right and the field has a confidence; sides are right with their sectors."""

    def sure(kind: str, trigger: str) -> Row:
        confidence = {"type": 0.9, "status": 0.7, "actors": 0.5, "mode": None}
        return coded(kind, trigger, actors=[side("France", "FRA", "MIL")], confidence=confidence)

    gold = [annotated("ACCUSE", "condemned", actors=[FRANCE]), annotated("COERCE", "trial")]
    rows = reliability([article(gold)], [sure("ACCUSE", "condemned"), sure("AID", "trial")])
    assert list(rows) == ["type", "status", "actors"]
    assert (rows["status"]["number"], rows["status"]["right"]) == (1, 1.0)
    assert (rows["actors"]["number"], rows["actors"]["right"]) == (1, 0.0)


def test_the_curve_counts_what_is_sure_enough() -> None:
    """Above the confidence of the false event the right one is left alone; above both there is nothing."""
    found = [coded("ACCUSE", "condemned", sure=0.8), coded("AID", "arrested", sure=0.5)]
    rows = {row["min_confidence"]: row for row in curve([article([annotated("ACCUSE", "condemned")])], found)}
    assert list(rows) == list(STEPS)
    assert {k: rows[0.5][k] for k in ("coverage", "precision", "recall")} == {
        "coverage": 1.0, "precision": 0.5, "recall": 1.0,
    }  # fmt: skip
    assert {k: rows[0.8][k] for k in ("coverage", "precision", "recall", "f1")} == {
        "coverage": 0.5, "precision": 1.0, "recall": 1.0, "f1": 1.0,
    }  # fmt: skip
    assert (rows[0.85]["coverage"], rows[0.85]["f1"]) == (0.0, 0.0)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_asking_for_more_keeps_less(sure: list[float]) -> None:
    """Coverage and recall never rise with the least confidence."""
    gold = [annotated("ACCUSE", "condemned") for _ in sure]
    rows = curve([article(gold)], [coded("ACCUSE", "condemned", sure=c) for c in sure])
    for name in ("coverage", "recall"):
        values = [row[name] for row in rows]
        assert values == sorted(values, reverse=True)


def test_without_events_there_is_nothing_to_trust() -> None:
    """No coded events give no reliability and a curve of zeros, not an error."""
    gold = [article([annotated("ACCUSE", "condemned")])]
    assert reliability(gold, []) == {}
    assert {row[k] for row in curve(gold, []) for k in ("coverage", "precision", "recall", "f1")} == {0.0}
    assert {row["f1"] for row in curve([article()], [])} == {0.0}
