"""Which is believed: the words of a side, or what the encoder takes it for in its sentence."""

import pytest

from dragoman.records import Mention
from dragoman.resolve.actors.compose import Reading
from dragoman.resolve.actors.registry import Role
from dragoman.resolve.actors.sectors import evidence_of, judge_sector


def mention(sector: str | None, confidence: float) -> Mention:
    """Return a side with a guess."""
    return Mention(0, 6, "Okello", "actor", 0.9, sector, confidence)


CHIEF, MINISTER = Role("chief", "GOV", 1, "person", False), Role("minister", "GOV", 3, "person", False)
DEFAULT = Reading(
    country="UGA", sectors=("CVL",), name="Okello", why=("a person without an office in the article",)
)
FORMER = Reading(country="UGA", sectors=("ELI",), name="Okello", why=('head noun "former minister"',))


def test_no_sector_takes_the_guess() -> None:
    """Where the words tell no sector a fair guess is taken, and the basis says so."""
    judged = judge_sector(Reading(country="UGA"), mention("OPP", 0.41))
    assert judged.sectors == ("OPP",)
    assert "OPP by the sentence (0.41)" in judged.why


def test_a_weak_guess_changes_nothing() -> None:
    """A guess below the least confidence of the evidence leaves the reading as it is."""
    for reading in (Reading(country="UGA"), DEFAULT, FORMER):
        assert judge_sector(reading, mention("OPP", 0.2)) is reading


def test_a_default_gives_way_sooner_than_words() -> None:
    """A person taken for a civilian for want of an office gives way to a guess that would not move a former minister."""
    assert judge_sector(DEFAULT, mention("OPP", 0.6)).sectors == ("OPP",)
    assert judge_sector(FORMER, mention("OPP", 0.6)) is FORMER


@pytest.mark.parametrize(
    ("reading", "sector", "judged"),
    [
        (Reading(sectors=("GOV",), head=CHIEF, why=('head noun "chief"',)), "REB", "REB"),
        (Reading(sectors=("PTY",), head=CHIEF, why=('head noun "chief" with "Keld Party"',)), "REB", "PTY"),
        (Reading(sectors=("GOV",), head=CHIEF, why=('head noun "chief"',)), "ELI", "GOV"),
        (Reading(sectors=("GOV",), head=MINISTER, why=('head noun "minister"',)), "REB", "GOV"),
    ],
)
def test_a_weak_word_gives_way_sooner(reading: Reading, sector: str, judged: str) -> None:
    """A "chief" alone gives way to a middling guess, but not with his party beside him, nor to "former", nor does a minister."""
    assert judge_sector(reading, mention(sector, 0.6)).sectors == (judged,)


def test_without_a_guess_nothing_changes() -> None:
    """A mention that the encoder said nothing about, as places and names are, is left alone."""
    reading = Reading(country="UGA")
    assert judge_sector(reading, mention(None, 0.0)) is reading


def test_none_of_them_can_be_the_guess() -> None:
    """The encoder may say that no sector fits: the default goes, a sure word stays."""
    assert judge_sector(DEFAULT, mention(None, 0.9)).sectors == ()
    assert judge_sector(FORMER, mention(None, 0.9)).sectors == ("ELI",)


@pytest.mark.parametrize(
    ("reading", "kind"),
    [
        (Reading(), "none"),
        (DEFAULT, "default"),
        (FORMER, "entity"),
        (Reading(sectors=("GOV",), why=('country "Iran" acts: its government',)), "bare"),
    ],
)
def test_evidence_is_named(reading: Reading, kind: str) -> None:
    """What a sector rests on is told from the reading."""
    assert evidence_of(reading) == kind
