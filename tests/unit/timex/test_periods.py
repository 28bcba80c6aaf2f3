from __future__ import annotations

from datetime import date

import pytest

from dragoman.timex import find_dates

MONDAY = date(2025, 5, 19)


@pytest.mark.parametrize(
    ("text", "words", "timex3", "first", "last"),
    [
        ("in March 2025", "March 2025", "2025-03", "2025-03-01", "2025-03-31"),
        ("since the 1980s", "the 1980s", "198", "1980-01-01", "2025-05-19"),
        ("in the early 1990s", "the early 1990s", "199", "1990-01-01", "1993-12-31"),
        ("in the 19th century", "the 19th century", "18", "1800-01-01", "1899-12-31"),
        ("in late 2019", "late 2019", "2019", "2019-07-01", "2019-12-31"),
        ("in mid-2013", "mid-2013", "2013", "2013-05-01", "2013-08-31"),
        ("in early May", "early May", "2025-05", "2025-05-01", "2025-05-15"),
        ("at the end of March", "the end of March", "2025-03", "2025-03-16", "2025-03-31"),
        ("in the third quarter of 2016", "the third quarter of 2016", "2016-Q3", "2016-07-01", "2016-09-30"),
        ("in the first half of 2013", "the first half of 2013", "2013-H1", "2013-01-01", "2013-06-30"),
        ("in the summer of 2016", "the summer of 2016", "2016-SU", "2016-06-01", "2016-08-31"),
        ("in the first week of March", "the first week of March", "2025-W10", "2025-03-03", "2025-03-09"),
        (
            "the first six months of 2010",
            "the first six months of 2010",
            "2010-01-01/2010-06-30",
            "2010-01-01",
            "2010-06-30",
        ),
        ("in 2020", "2020", "2020", "2020-01-01", "2020-12-31"),
    ],
)
def test_periods_have_their_days(text: str, words: str, timex3: str, first: str, last: str) -> None:
    """A named period has its TIMEX3 value and the days of the part that is named."""
    found = find_dates(text, MONDAY)
    assert [(e.text, e.timex3, str(e.from_), str(e.to)) for e in found] == [(words, timex3, first, last)]


@pytest.mark.parametrize(
    "text", ["fiscal 2023", "the 2023/24 season", "last fiscal year", "the 2011-12 season"]
)
def test_fiscal_and_academic_years_are_tagged_without_days(text: str) -> None:
    """A year whose first day differs from country to country is found but has no days."""
    found = find_dates(f"Sales fell in {text}.", MONDAY)
    assert [(e.from_, e.to) for e in found] == [(None, None)]


@pytest.mark.parametrize(
    ("text", "timex3", "kind"),
    [
        ("after three days of talks", "P3D", "DURATION"),
        ("a six-week war", "P6W", "DURATION"),
        ("for an hour and a half", "PT1.5H", "DURATION"),
        ("two decades", "P2DE", "DURATION"),
        ("several weeks", "PXW", "DURATION"),
        ("a daily patrol", "P1D", "SET"),
        ("every Monday", "XXXX-WXX-1", "SET"),
        ("every two weeks", "P2W", "SET"),
        ("now", "PRESENT_REF", "DATE"),
        ("it recently fell", "PAST_REF", "DATE"),
        ("in the near future", "FUTURE_REF", "DATE"),
    ],
)
def test_amounts_and_references_have_timex3_values(text: str, timex3: str, kind: str) -> None:
    """Durations, recurring times and references have the value that TIMEX3 gives them."""
    assert [(e.timex3, e.timex_type) for e in find_dates(text, MONDAY)] == [(timex3, kind)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in the past six months", "2024-11-19", "2025-05-19"),
        ("for the past decade", "2015-05-19", "2025-05-19"),
        ("over the last two weeks", "2025-05-05", "2025-05-19"),
        ("It must leave within 48 hours", "2025-05-19", "2025-05-21"),
        ("They will meet in two weeks' time", "2025-06-02", "2025-06-08"),
        ("in the next three days", "2025-05-20", "2025-05-22"),
        ("It has lasted for two years", "2023-05-19", "2025-05-19"),
        ("in recent days", "2025-05-12", "2025-05-19"),
    ],
)
def test_stretches_reach_to_or_from_publication(text: str, first: str, last: str) -> None:
    """A stretch of time up to now or from now on has days."""
    assert [(str(e.from_), str(e.to)) for e in find_dates(text, MONDAY)] == [(first, last)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("between 3 and 7 May", "2025-05-03", "2025-05-07"),
        ("from 3 to 7 May", "2025-05-03", "2025-05-07"),
        ("3–7 May", "2025-05-03", "2025-05-07"),
        ("May 3-7, 2024", "2024-05-03", "2024-05-07"),
        ("from March 3 to April 5, 2004", "2004-03-03", "2004-04-05"),
        ("2019-2021", "2019-01-01", "2021-12-31"),
        ("between 1998 and 2000", "1998-01-01", "2000-12-31"),
        ("from March 2014 to May 2015", "2014-03-01", "2015-05-31"),
        ("from Monday to Wednesday of last week", "2025-05-12", "2025-05-14"),
    ],
)
def test_ranges_run_from_one_end_to_the_other(text: str, first: str, last: str) -> None:
    """A range is one expression from the first day of its first end to the last day of its second."""
    found = find_dates(f"It lasted {text}.", MONDAY)
    assert [(str(e.from_), str(e.to), e.precision) for e in found] == [(first, last, "interval")]


def test_range_keeps_its_ends_as_parts() -> None:
    """A range joined of two expressions keeps both with their own values."""
    found = find_dates("from March 2014 to May 2015", MONDAY)[0]
    assert [p.timex3 for p in found.parts] == ["2014-03", "2015-05"]
    assert found.timex3 == "2014-03/2015-05"


@pytest.mark.parametrize(
    ("text", "bound", "first", "last"),
    [
        ("has been jailed since 2014", "since", "2014-01-01", "2025-05-19"),
        ("have fought since Friday", "since", "2025-05-16", "2025-05-19"),
        ("is scheduled to continue through 21 May", "until", "2025-05-19", "2025-05-21"),
        ("will stay until Friday", "until", "2025-05-19", "2025-05-23"),
        ("must go by Friday", "before", "2025-05-23", "2025-05-23"),
    ],
)
def test_open_ranges_reach_to_publication(text: str, bound: str, first: str, last: str) -> None:
    """An open range with "since" ends at publication and one with "until" begins there; the words stay without the preposition."""
    found = find_dates(f"It {text}.", MONDAY)
    assert [(e.bound, str(e.from_), str(e.to)) for e in found] == [(bound, first, last)]
    assert not found[0].text.startswith(bound)
