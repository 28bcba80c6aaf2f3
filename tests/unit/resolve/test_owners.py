"""Whose a side is: "its ambassador", "its enemies", "three others"; and money that tells where a paper is at home."""

from datetime import date

import pytest

from dragoman.resolve.actors.money import count_money

from .test_actors import codes, resolve


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("Kenya filed a complaint in Geneva, and its envoy left.", "its envoy", "KEN/GOV"),
        ("The Ghanaian embassy wrote to Lima, and its ambassador declined.", "its ambassador", "GHA/GOV"),
    ],
)
def test_its_envoy_is_of_the_state_that_the_sentence_begins_with(text: str, words: str, code: str) -> None:
    """A possessive goes back to the first state of the sentence, not to the town where it acts."""
    assert codes(resolve(text, words)) == [code]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kenya met Ghana, Togo and three others in Accra.", "three others"),
        ("Ghana warned its enemies on Monday in Accra.", "its enemies"),
        ("Ghana thanked several African countries in Accra.", "several African countries"),
    ],
)
def test_others_are_of_no_state_that_is_named(text: str, words: str) -> None:
    """Three others after a list of states, enemies and "several countries" have no country, and the basis says so."""
    (found,) = resolve(text, words)
    assert found.country is None
    assert "of other states than those named" in found.basis


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ghana and Togo quarrel over fish. Togo sent boats. Ghana warned its neighbour on Monday.", "TGO/"),
        ("Ghana met Togo, Benin and Mali. Ghana warned its neighbour on Monday.", "-"),
        ("Ghana rejected the Togolese charge and warned its neighbour. Ghana closed the border.", "-"),
        ("The Ghanaian carmaker sued its neighbour. Togo watched. Togo protested.", "-"),
    ],
)
def test_its_neighbour_is_the_other_state_of_a_text_about_two(text: str, code: str) -> None:
    """Where the text tells of one state above all others beside the owner, that is the neighbour; else nobody knows."""
    (found,) = resolve(text, "its neighbour")
    assert (found.country or "-") == code.rstrip("/")


def test_others_beside_a_person_are_from_here() -> None:
    """A lawmaker and eight others were arrested at home."""
    (found,) = resolve("Police in Accra held lawmaker Ama Quartey and eight others.", "eight others")
    assert found.country == "GHA"


@pytest.mark.parametrize(
    ("text", "before", "words", "code"),
    [
        ("Chadian troops killed a Nigerian soldier and wounded another near the lake.", "Nigerian soldier", "another", "NGA/MIL"),
        ("Police shot two Ghanaian students and hurt three others.", "two Ghanaian students", "three others", "GHA/EDU"),
    ],
)  # fmt: skip
def test_another_is_one_more_of_those_before(text: str, before: str, words: str, code: str) -> None:
    """Who is only told as one more is of the group named last before, and the basis says so."""
    _, more = resolve(text, before, words)
    assert codes([more]) == [code]
    assert f'"{words}" are more of "{before}"' in more.basis


def test_others_beside_one_person_are_not_his_kind() -> None:
    """Six others beside a pastor are no pastors."""
    _, others = resolve("A gunman killed a Ghanaian pastor and six others.", "Ghanaian pastor", "six others")
    assert "are more of" not in others.basis


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Rwanda left the talks after a report accused the country of arming rebels in the Democratic Republic of the Congo.", "RWA/GOV"),
        ("Ukraine said that Russian missiles had struck the country.", "UKR/GOV"),
        ("Ethiopian troops invaded Somalia, and bombs hit the country.", "SOM/GOV"),
    ],
)  # fmt: skip
def test_the_country_is_the_first_that_is_named_before(text: str, code: str) -> None:
    """A bare "the country" is the state that the sentence began with, not that of an attacker's adjective, nor one that follows."""
    assert codes(resolve(text, "country")) == [code]


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("It cost HK$1,000 and 2 million baht.", {"HKG": 1, "THA": 1}),
        ("A fine of NZ$41 million, then NZ$2,000.", {"NZL": 2}),
        ("Tk 318 crore and Rp 5,000", {"BGD": 1, "IDN": 1}),
        ("The yen fell; Som and Lei met; Le Monde 7", {}),
        ("$5 million, 30 euros, 12 pesos and £40", {}),
    ],
)
def test_money_of_one_state_tells_the_state(text: str, money: dict[str, int]) -> None:
    """Only money beside a figure counts, and none that several states have."""
    assert count_money(text) == money


def test_a_paper_that_counts_in_baht_is_at_home_in_thailand() -> None:
    """Where no state is named, the money tells whose court it is."""
    (found,) = resolve("The Criminal Court set bail at 100,000 baht.", "Criminal Court")
    assert found.country == "THA"


def test_half_of_a_name_is_no_court_abroad() -> None:
    """A second surname that a body elsewhere bears says nothing of a person."""
    text = "In Nairobi, government spokesman Dr Alfred Muturi-Kuria dismissed the idea."
    words = "government spokesman Dr Alfred Muturi-Kuria"
    assert codes(resolve(text, words, people=["Alfred Muturi-Kuria"])) == ["KEN/GOV"]


def test_a_namesake_gives_nobody_a_country() -> None:
    """Who only shares a minister's surname is from nowhere that the text tells, and so is who stands beside."""
    text = "Seamstress Linda Lavrov made the costumes for the school play."
    (found,) = resolve(text, "Seamstress Linda Lavrov", people=["Linda Lavrov"], on=date(2020, 5, 6))
    assert found.country is None
    assert found.entity_id is None


@pytest.mark.parametrize(
    ("text", "sides", "code"),
    [
        ("Police in Accra withdrew. Their men had been stoned.", ("Police in Accra", "Their men"), "GHA/COP"),
        ("The Togolese army counted forty of its men among the dead.", ("The Togolese army", "forty of its men"), "TGO/MIL"),
        ("Police commander Kofi Addo of Ghana said one of his men fell.", ("Police commander Kofi Addo of Ghana", "one of his men"), "GHA/COP"),
        ("The Ghanaian minister said his men would go.", ("The Ghanaian minister", "his men"), "GHA/CVL"),
        ("Police in Accra said one of his men fell.", ("Police in Accra", "one of his men"), "GHA/CVL"),
    ],
)  # fmt: skip
def test_his_men_are_those_of_who_leads_such_people(text: str, sides: tuple[str, str], code: str) -> None:
    """Men of police, army or party are of the same sector; a minister's are not, and a body is no "he"."""
    _, men = resolve(text, *sides, people=["Kofi Addo"])
    assert codes([men]) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Foreign embassies", None),
        ("Two foreign broadcasters", None),
        ("Companies in foreign hands", "GHA"),
        ("The foreign ministry", "GHA"),
        ("Western Division police", "GHA"),
    ],
)
def test_several_foreign_bodies_are_not_from_here(words: str, code: str | None) -> None:
    """Embassies and firms that are called foreign are of no state that the article is about."""
    (found,) = resolve(
        f"{words} spoke. Ghana went to the polls, and Ghanaian officials in Accra counted.", words
    )
    assert found.country == code


@pytest.mark.parametrize(
    ("text", "sides", "code"),
    [
        ("Ghanaian police arrested nine smugglers. A court in Accra jailed two of them.", ("nine smugglers", "two of them"), "GHA/CRM"),
        ("Seven Togolese fishermen were held in Accra. Most of them were freed.", ("Seven Togolese fishermen", "Most of them"), "TGO/AGR"),
        ("Seven Togolese fishermen were held in Accra. A delegation of them was freed.", ("Seven Togolese fishermen", "delegation of them"), "GHA/GOV"),
    ],
)  # fmt: skip
def test_two_of_them_are_of_the_people_told_of(text: str, sides: tuple[str, str], code: str) -> None:
    """Some of a number of people are such people too, with their country; a delegation is a body of its own."""
    _, some = resolve(text, *sides)
    assert codes([some]) == [code]
