"""What a side's own words tell: numbers, joined adjectives, aides, names, edges, the outlet; texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.records import Article, Draft, Mention, Parsed, Span
from dragoman.resolve.actors.edges import join_cut, trim_side, trim_sides
from dragoman.resolve.actors.identity import office_day, whole_name
from dragoman.resolve.actors.reading import Reader
from dragoman.resolve.actors.sectors import judge_sector
from dragoman.resolve.actors.spots import Spot, find_home, outlet_country

from .test_actors import REGISTRY, codes, resolve


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("2,400 Ghanaian students", "GHA/EDU"),
        ("more than 12,000 soldiers", "GHA/MIL"),
        ("local and regional councils", "GHA/GOV"),
        ("Former trade and tourism chief Yaw Boateng's sister", "GHA/CVL"),
        ("a legal clerk", "GHA/CVL"),
        ("nine public institutions", "GHA/GOV"),
        ("the Teachers' Provident Fund", "GHA/GOV"),
        ("a private channel", "GHA/JRN"),
        ("the bomber", "GHA/UAF"),
        ("three candidates", "GHA/PTY"),
        ("other nations", "?/GOV"),
        ("two defectors", "GHA/CVL"),
        ("the inspector general", "GHA/GOV"),
        ("three religious schools", "GHA/EDU"),
        ("an oil facility", "GHA/BUS"),
    ],
)
def test_words_of_a_side(words: str, code: str) -> None:
    """The head noun gives the sector, whatever numbers and joined adjectives stand before it."""
    text = f"{words[0].upper()}{words[1:]} left Accra on Monday."
    assert codes(resolve(text, text[: len(words)], people=["Yaw Boateng"])) == [code]


@pytest.mark.parametrize(
    ("name", "code"),
    [("USS Harrow", "USA/MIL"), ("HMS Larkspur", "GBR/MIL"), ("the Global Coalition", "IGO/MIL")],
)
def test_names_of_forces(name: str, code: str) -> None:
    """Prefixes of warships tell the navy."""
    assert codes(resolve(f"Yesterday {name} fired.", name, on=date(2020, 1, 1))) == [code]


def test_rebels_have_police_too() -> None:
    """A unit of an armed group is of the group, whatever kind of unit."""
    assert codes(resolve("Two Boko Haram tactical units fled.", "Two Boko Haram tactical units")) == [
        "NGA/REB"
    ]


def test_the_aide_of_a_former_president_is_no_official() -> None:
    """An aide has the sector of the person served, also when the article tells it elsewhere."""
    text = "Former president Mahinda Rajapaksa rested. Mahinda\u2019s aide denied it."
    assert codes(resolve(text, "Mahinda\u2019s aide", people=["Mahinda Rajapaksa", "Mahinda"], on=None)) == [
        "LKA/ELI"
    ]
    assert codes(resolve("A Barack Obama adviser wrote.", "A Barack Obama adviser", on=date(2021, 5, 1))) == [
        "USA/ELI"
    ]
    assert codes(resolve("A Barack Obama adviser wrote.", "A Barack Obama adviser", on=date(2012, 5, 1))) == [
        "USA/GOV"
    ]


def test_the_family_name_before_a_double_given_name() -> None:
    """In "Agnes Mok Wing-sum" the family name stands in the middle; "Man-lai" is no man."""
    text = "District judge Agnes Mok Wing-sum spoke in Hong Kong. Mok was brief. Peter Ng Man-lai wept."
    assert (
        codes(resolve(text, "Agnes Mok Wing-sum", "Mok", people=["Agnes Mok Wing-sum", "Mok"]))[1]
        == "HKG/JUD"
    )
    assert 'noun "Man"' not in resolve(text, "Peter Ng Man-lai", people=["Peter Ng Man-lai"])[0].basis


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("Agnes Mok Wing-sum spoke", "Agnes Mok Wing", "Agnes Mok Wing-sum"),
        ("William Ruto-led talks", "William Ruto", "William Ruto"),
        ("Ruto-appointed judges", "Ruto", "Ruto"),
    ],
)
def test_a_name_is_completed_behind_a_hyphen(text: str, name: str, whole: str) -> None:
    """The second half of a given name belongs to it, "-led" does not."""
    assert whole_name(Mention(0, len(name), name, "PER"), text).text == whole


def test_a_title_before_mr_counts() -> None:
    """An office in front of "Mr" is that of the person."""
    text = "The Vice President of Mauritius, Mr Alain Perrin, arrived in India. India cheered. Mr Perrin spoke to India."
    assert codes(resolve(text, "Mr Perrin", people=["Alain Perrin", "Perrin"], on=None)) == ["MUS/GOV"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("President Gabriel Boric spoke.", date(2022, 12, 31)),
        ("Former President Gabriel Boric spoke.", None),
        ("Gabriel Boric spoke.", None),
    ],
)
def test_a_president_dates_an_article(text: str, day: date | None) -> None:
    """An article without years is later than the first day in office of the president it names."""
    at = text.index("Gabriel")
    person = Mention(at, at + len("Gabriel Boric"), "Gabriel Boric", "PER")
    assert office_day(Parsed(Article("a", text, "test"), (), (person,), (), (), "digest"), REGISTRY) == day


def test_a_former_clerk_held_no_office() -> None:
    """The encoder's ELI does not move somebody whose words are a private calling."""
    reading = Reader(REGISTRY, on=None, share={})("A former legal clerk")
    assert reading is not None
    assert reading.sectors == ("CVL",)
    assert judge_sector(reading, Mention(0, 5, "clerk", "actor", 0.9, "ELI", 0.95)) is reading
    assert judge_sector(reading, Mention(0, 5, "clerk", "actor", 0.9, "JUD", 0.95)).sectors == ("JUD",)


@pytest.mark.parametrize(
    ("words", "trimmed"),
    [
        ("Police in", "Police"),
        ("LAGOS - Police in", "Police"),
        ("officers of the", "officers"),
        ("Ministry of Health and", "Ministry of Health"),
        ("Police in Lagos", "Police in Lagos"),
        ("in", "in"),
        ("US-led forces", "US-led forces"),
    ],
)
def test_a_side_has_no_hanging_words(words: str, trimmed: str) -> None:
    """No preposition is left at the end of a side, and no dateline before it; offsets follow."""
    side = trim_side(Mention(10, 10 + len(words), words, "actor"))
    assert side.text == trimmed
    assert words[side.start - 10 : side.end - 10] == trimmed


def test_the_outlet_tells_home_unless_the_text_does() -> None:
    """An outlet named for its capital counts more than one other state named once, less than a town."""
    outlet = outlet_country(REGISTRY, "Tehran Morning News")
    assert outlet == "IRN"
    assert outlet_country(REGISTRY, "Morning News") is None
    once = [Spot(300, "AZE", "country", "Azerbaijan", None)]
    town = [Spot(5, "GHA", "city", "Kumasi", None)]
    assert (find_home(once, 40, outlet=outlet) or ("", 0))[0] == "IRN"
    assert (find_home(town, 40, outlet=outlet) or ("", 0))[0] == "GHA"


def test_a_joint_drill_keeps_the_other_side() -> None:
    """The home of the outlet is for "our forces"; the neighbour keeps its country."""
    text = "Our ground forces will train with Azerbaijani troops, a general said."
    assert codes(resolve(text, "Our ground forces", outlet="Tehran Morning News")) == ["IRN/MIL"]
    assert codes(resolve(text, "Azerbaijani troops", outlet="Tehran Morning News")) == ["AZE/MIL"]


def test_a_platform_is_not_home() -> None:
    """A post on a platform does not move an article to the platform's state."""
    text = "The ministry said so on Facebook. Ghana and Ghanaian ministers agreed."
    assert codes(resolve(text, "The ministry")) == ["GHA/GOV"]


def test_we_are_the_speaker() -> None:
    """Who says "we" is the speaker of the sentence, not the side named last."""
    text = "The rebels fled Goma. \u201cWe condemn it,\u201d the Ugandan foreign ministry said."
    at = text.index("We ")
    end = text.index("the Ugandan foreign ministry") + len("the Ugandan foreign ministry")
    said = Mention(end - len("the Ugandan foreign ministry"), end, "the Ugandan foreign ministry", "said_by")
    span = Span(at - 1, len(text), text[at - 1 :])
    draft = Draft(span, "body", Span(at + 3, at + 10, "condemn"), "ACCUSE", None, "actual", said_by=(said,))
    assert codes(resolve(text, "We", drafts=[draft])) == ["UGA/GOV"]


def test_a_phrase_cut_in_two_is_one_side() -> None:
    """Words that "of" joins are one side; a comma or "and" between two leaves both."""
    text = "Warships of the Keld Navy and envoys of Halden, Ørsund met"

    def mention(words: str) -> Mention:
        at = text.index(words)
        return Mention(at, at + len(words), words, "actor")

    def joined(*words: str) -> list[str]:
        return [m.text for m in join_cut([mention(w) for w in words], text)]

    assert joined("Warships", "Keld Navy") == ["Warships of the Keld Navy"]
    assert joined("Warships", "of the Keld Navy") == ["Warships of the Keld Navy"]
    assert joined("envoys", "Halden", "Ørsund") == ["envoys of Halden", "Ørsund"]
    assert joined("Keld Navy", "envoys") == ["Keld Navy", "envoys"]


def _sides(text: str, *words: str) -> list[str]:
    """Return sides of a text as the resolver trims them."""
    mentions = [Mention(at := text.index(w), at + len(w), w, "actor") for w in words]
    return [m.text for m in trim_sides(mentions, text, REGISTRY)]


@pytest.mark.parametrize(
    ("text", "words", "sides"),
    [
        ("The Keld Fund (KF) paid.", ("Keld Fund", "KF"), ["Keld Fund (KF)"]),
        ("He blamed enemies or rivals, such as Keld.", ("enemies", "rivals", "Keld"), ["Keld"]),
        ("Ama Quartey, 22, was freed.", ("Ama Quartey, 22",), ["Ama Quartey"]),
        ("Ama Quartey (54) was freed.", ("Ama Quartey (54)",), ["Ama Quartey"]),
        ("Her younger brother fled.", ("Her younger",), ["Her younger brother"]),
        ("Ties between the two countries grew.", ("two",), ["two countries"]),
        ("It is the lead Iranian officer.", ("lead",), ["lead Iranian officer"]),
        ("The two signed a deal.", ("two",), ["two"]),
        ("Police and soldiers came.", ("Police", "soldiers"), ["Police", "soldiers"]),
    ],
)
def test_sides_are_whole_noun_phrases(text: str, words: tuple[str, ...], sides: list[str]) -> None:
    """A short name in brackets joins its body, names stand for their noun, ages go, a cut side gets its noun."""
    assert _sides(text, *words) == sides
