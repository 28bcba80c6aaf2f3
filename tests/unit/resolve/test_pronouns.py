"""A pronoun never stands for the one who acts on it."""

from datetime import date

import pytest

from dragoman import Coder, load

TEXT = (
    "Brigadier Grace Wanjiru of the Kenya Army took over the mapping project on Monday.\n\n"
    "President William Ruto congratulated her on Friday."
)


@pytest.fixture(scope="module")
def coder() -> Coder:
    """Return the packaged coder."""
    return load(threads=2)


@pytest.mark.model
def test_nobody_congratulates_herself(coder: Coder) -> None:
    """The person named last is the actor of the same event, so the pronoun means the one before."""
    events = [
        e for e in coder(TEXT, published_on=date(2024, 5, 6)).events if "congratulated" in e.trigger.text
    ]
    assert len(events) == 1
    assert [r.text for r in events[0].recipients] == ["her"]
    (her,), (ruto,) = events[0].recipients, events[0].actors
    assert ruto.name is not None
    assert her.name != ruto.name
    assert "Ruto" not in her.basis
    assert "Wanjiru" in her.basis
