"""Sides of several states: lists of states before or behind one noun, and the people of two that were named together."""

from __future__ import annotations

import pytest

from unit.resolve.test_actors import codes, resolve


@pytest.mark.parametrize(
    ("side", "wanted"),
    [
        ("Iranian and Omani navies", ["IRN/MIL", "OMN/MIL"]),
        ("Russian and Belarusian officials", ["RUS/GOV", "BLR/GOV"]),
        ("Saudi, Swiss and American diplomats", ["SAU/GOV", "CHE/GOV", "USA/GOV"]),
        ("foreign ministers of Egypt, the Sudan and Chad", ["EGY/GOV", "SDN/GOV", "TCD/GOV"]),
        ("soldiers from Peru & Chile", ["PER/MIL", "CHL/MIL"]),
        ("presidents of Turkey and Kazakhstan, Orhan Demir and Aset Nurlan", ["TUR/GOV", "KAZ/GOV"]),
    ],
)
def test_each_state_of_a_list_takes_part(side: str, wanted: list[str]) -> None:
    """One noun for the people of several states gives a participant for each, all with the same words."""
    found = resolve(f"On Friday {side} met in Geneva.", side)
    assert codes(found) == wanted
    assert {p.text for p in found} == {side}


@pytest.mark.parametrize(
    ("side", "wanted"),
    [
        ("Turkey's envoy for ties with Armenia and Georgia", "TUR/GOV"),  # whose envoy he is was told before
        ("French soldiers and Mali", "FRA/MIL"),
        ("British troops", "GBR/MIL"),
    ],
)
def test_other_states_in_a_side_are_not_its_own(side: str, wanted: str) -> None:
    """A state that is not one of a list is no participant of its own."""
    (found,) = resolve(f"On Friday {side} arrived in Geneva.", side)
    assert codes([found]) == [wanted]


@pytest.mark.parametrize("words", ["their foreign ministers", "the two armies", "Both ambassadors"])
def test_people_of_two_states_that_were_named_together(words: str) -> None:
    """Their ministers are those of the two that the text joins by "and", whoever is named between."""
    text = f"Chile and Peru signed a treaty in Washington in the presence of the Canadian premier. On Monday {words} met."
    found = resolve(text, words)
    assert [p.country for p in found] == ["CHL", "PER"]
    assert all("named before" in p.basis for p in found)


def test_people_of_two_leaders_that_were_named_together() -> None:
    """Two leaders joined by "and" stand for their states."""
    text = "Ilham Aliyev and Nikol Pashinyan met in Washington beside Donald Trump, and their foreign ministers signed a treaty."
    found = resolve(
        text, "their foreign ministers", people=["Ilham Aliyev", "Nikol Pashinyan", "Donald Trump"]
    )
    assert [p.country for p in found] == ["AZE", "ARM"]


def test_two_ministers_of_one_state_stay_its_own() -> None:
    """Two ministers who were not named before are not those of the states around."""
    text = "Kenya and Uganda held talks. In Nairobi two ministers resigned."
    (found,) = resolve(text, "two ministers")
    assert found.country == "KEN"


def test_the_state_us_is_no_pronoun() -> None:
    """In capitals US is the state, in small letters who speaks."""
    (found,) = resolve("US and Israeli warplanes struck the base.", "US")
    assert codes([found]) == ["USA/GOV"]


def test_each_and_the_other_are_the_two() -> None:
    """Each army that accuses the other is an accusation in both directions."""
    text = "Chile and Peru exchanged fire, and each army accused the other of starting it."
    found = resolve(text, "each army", "other")
    assert codes(found) == ["CHL/MIL", "PER/MIL", "CHL/GOV", "PER/GOV"]
    (alone,) = resolve(
        "Chile rejected the plan for one reason or other. The other party left.", "other party"
    )
    assert alone.text == "other party"


def test_they_are_the_two_that_the_sentence_before_ends_on() -> None:
    """They are both leaders of "A and B" where no other side was told since, else the last side."""
    people = ["Ilham Aliyev", "Nikol Pashinyan"]
    text = "Ilham Aliyev and Nikol Pashinyan met in Rome. They signed a treaty."
    assert [p.country for p in resolve(text, *people, "They", people=people)[2:]] == ["AZE", "ARM"]
    text = "Ilham Aliyev and Nikol Pashinyan met in Rome. French envoys left. They signed a treaty."
    assert [p.country for p in resolve(text, *people, "French envoys", "They", people=people)[3:]] == ["FRA"]


def test_the_two_koreas_in_short() -> None:
    """The first Korea of "South and North Korea" is told by its direction alone."""
    found = resolve("The leaders of South and North Korea met.", "leaders of South and North Korea")
    assert codes(found) == ["KOR/GOV", "PRK/GOV"]


def test_his_government_is_that_of_who_was_named_last() -> None:
    """A body that is "his" is of his state, whatever else the article is about."""
    text = "Moscow and Russia were told. President Maia Sandu of Moldova spoke in Moscow. She criticised her government for it."
    (found,) = resolve(text, "her government", people=["Maia Sandu"])
    assert codes([found]) == ["MDA/GOV"]
