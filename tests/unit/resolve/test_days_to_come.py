"""Days to come in the sentence of an act that is over."""

from datetime import date

import pytest

from dragoman import Coder


@pytest.mark.model
def test_what_has_been_given_up_was_given_up_by_the_day_it_was_told(coder: Coder) -> None:
    """The year of the conference that is to come does not date the objection that was given up."""
    text = "Armenia gives up its objection to Azerbaijan as host of the climate conference in 2024."
    events = coder(text, published_on=date(2023, 12, 7)).events
    assert events
    assert all(e.date is not None and e.date.from_ == date(2023, 12, 7) for e in events)
