"""Whose the victims of an attack are, where only one of them is named with his state."""

from datetime import date

import pytest

from dragoman import Coder


@pytest.mark.model
def test_victims_beside_a_named_one_are_of_his_state(coder: Coder) -> None:
    """A fisherman on a Peruvian boat that Chilean patrols fire on is Peru's; whom militants and police hit at home is at home."""
    text = "Chilean border patrols opened fire on a Peruvian fishing boat, killing a fisherman."
    (event,) = coder(text, published_on=date(2024, 5, 6)).events
    assert [(r.text, r.country) for r in event.recipients] == [
        ("Peruvian fishing boat", "PER"),
        ("fisherman", "PER"),
    ]
    assert 'hit together with "Peruvian fishing boat"' in event.recipients[1].basis
    text = "Pakistani militants killed two Chinese engineers and a driver."
    (event,) = coder(text, published_on=date(2024, 5, 6)).events
    assert [r.country for r in event.recipients] == ["CHN", "PAK"]
    text = "Police in Kenya shot dead three students."
    (event,) = coder(text, published_on=date(2024, 5, 6)).events
    assert [r.country for r in event.recipients] == ["KEN"]
