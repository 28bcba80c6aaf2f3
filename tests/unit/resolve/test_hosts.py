"""Embassies: the host state is the recipient where the sentence names no other."""

from datetime import date

import pytest

from dragoman import Coder


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "trigger", "host"),
    [
        ("In 2022, Azerbaijan opened an embassy in Tel Aviv.", "embassy", "ISR"),
        ("Paraguay opened an embassy in Jakarta in March.", "embassy", "IDN"),
        ("Ghana's president orders the closure of the Ghanaian embassy in Peru.", "closure", "PER"),
    ],
)
def test_an_embassy_is_toward_its_host(coder: Coder, sentence: str, trigger: str, host: str) -> None:
    """The state of the place where an embassy opens is the recipient."""
    events = [e for e in coder(sentence, published_on=date(2024, 5, 6)).events if trigger in e.trigger.text]
    assert [[r.country for r in e.recipients] for e in events] == [[host]]


@pytest.mark.model
@pytest.mark.parametrize(
    ("sentence", "country"),
    [
        ("Ghana's president ordered the closure of the Togolese embassy in Accra.", "TGO"),
        ("Police closed the Ukrainian embassy in Warsaw after a bomb threat.", "UKR"),
    ],
)
def test_a_host_that_closes_the_embassy_of_another_acts_toward_that_one(
    coder: Coder, sentence: str, country: str
) -> None:
    """The host closes it toward the state whose embassy it is."""
    events = [
        e
        for e in coder(sentence, published_on=date(2024, 5, 6)).events
        if "close" in e.trigger.text or "closure" in e.trigger.text
    ]
    assert [[r.country for r in e.recipients] for e in events] == [[country]]


@pytest.mark.model
def test_an_embassy_at_home_has_no_host(coder: Coder) -> None:
    """A place in the actor's own state makes nobody a recipient of its own act."""
    events = coder("Azerbaijan opened an embassy in Baku.", published_on=date(2024, 5, 6)).events
    assert [a.country for e in events for a in e.actors] == ["AZE"]
    assert all(r.country != "AZE" for e in events for r in e.recipients)
