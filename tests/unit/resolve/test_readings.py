"""Names and offices that newspapers write so that one half looks like something else; texts are invented."""

from __future__ import annotations

import pytest

from .test_actors import codes, resolve


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Inter-American rapporteur", "CRI/GOV"),
        ("Latin American bishops", "CRI/REL"),
        ("American bishops", "USA/REL"),
        ("South American officials", "CRI/GOV"),
    ],
)
def test_a_part_of_the_world_is_no_state(words: str, code: str) -> None:
    """The Americas are named like the United States and are not them; what is left is where the article is at home."""
    text = f"The rain in Costa Rica and San José stopped. {words} spoke in Costa Rica."
    assert codes(resolve(text, words)) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("opposition benches", "JAM/OPP"),
        ("government benches", "JAM/LEG"),
        ("benches", "JAM/LEG"),
        ("bench", "JAM/JUD"),
    ],
)
def test_benches_are_a_parliaments_and_a_bench_is_a_courts(words: str, code: str) -> None:
    """Members are called by where they sit."""
    text = f"Jamaica was hot and Kingston hotter. The {words} laughed in Kingston, Jamaica."
    assert codes(resolve(text, words)) == [code]


def test_half_of_a_double_surname_is_nobody_known() -> None:
    """Whoever is called Samuda-Blair is not Mr Blair, whom the name alone means."""
    text = "Jamaica was hot. Her aunt, Marcia Samuda-Blair, spoke in Kingston, Jamaica. Tony Blair left."
    names = ["Marcia Samuda-Blair", "Tony Blair"]
    aunt, other = resolve(text, "aunt, Marcia Samuda-Blair", "Tony Blair", people=names)
    assert (aunt.country, other.country) == ("JAM", "GBR")


def test_a_surname_that_is_a_capital_is_the_person_named_in_full_later() -> None:
    """The headline has the surname, the first sentence the name."""
    text = "Muscat to go at last, he says. Pietru Muscat, a farmer in Malta, spoke in Valletta, Malta."
    found = resolve(text, "Muscat", "he", people=["Muscat", "Pietru Muscat"])
    assert codes(found) == ["MLT/AGR", "MLT/AGR"]


@pytest.mark.parametrize(
    ("behind", "code"),
    [
        (", whose leader lives in Belgium,", "ECU/LEG"),
        (", whom gunmen in Peru shot at,", "ECU/LEG"),
        (", a judge in Quito,", "ECU/LEG"),
    ],
)
def test_a_clause_behind_a_name_is_no_apposition(behind: str, code: str) -> None:
    """What is told of somebody else there says nothing of the side."""
    text = f"Quito, Ecuador, was quiet and Guayaquil too. Legislators of the Blue List{behind} left. Ecuador voted."
    assert codes(resolve(text, "Legislators of the Blue List")) == [code]


def test_the_last_noun_phrase_before_a_name_is_its_title() -> None:
    """Who received whom: the prime minister in front of the verb lends nothing to the visitor."""
    text = "The prime minister of Georgia had received the American assistant secretary, Jim Oxenby. Mr Oxenby told the press so."
    assert codes(resolve(text, "Mr Oxenby", people=["Jim Oxenby", "Oxenby"])) == ["USA/GOV"]


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("Saud Hamdi, once mayor of Fez in Morocco, spoke.", "Saud Hamdi", "MAR/ELI"),
        ("Sheikh Naim Hamdan, an MP for Baalbek in Lebanon, spoke.", "Sheikh Naim Hamdan", "LBN/LEG"),
        ("Dr Naim Hamdan, a Lebanese MP, spoke.", "Dr Naim Hamdan", "LBN/LEG"),
    ],
)
def test_what_stands_behind_a_name_says_more_than_an_honorific(text: str, name: str, code: str) -> None:
    """An office told in an apposition goes before "Sheikh", and "once" is former."""
    assert codes(resolve(text, name, people=[name.removeprefix("Sheikh ").removeprefix("Dr ")])) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Special Organised Crime Unit", "KEN/COP"),
        ("investigators of the Serious Organised Crime Agency", "KEN/COP"),
        ("committee of widows", "KEN/SOC"),
        ("coalition of rebels", "KEN/REB"),
        ("Democratic Labour Party", "KEN/PTY"),
        ("British Labour Party", "GBR/PTY"),
        ("Jubilee Party caretaker", "KEN/PTY"),
        ("libertarian deputy Tomas Oduor", "KEN/LEG"),
        ("deputy mayor Tomas Oduor", "KEN/GOV"),
        ("military police", "KEN/MIL"),
        ("attorney general", "KEN/JUD"),
    ],
)
def test_bodies_against_crime_of_victims_and_of_parties(words: str, code: str) -> None:
    """A unit against crime is police, a committee of widows a society, another party's name no party known elsewhere."""
    text = f"Nairobi, Kenya, was quiet and Mombasa too. The {words} spoke in Kenya."
    assert codes(resolve(text, words, people=["Tomas Oduor"])) == [code]


def test_who_was_once_told_something_is_not_former() -> None:
    """The word "once" is former right before an office, and says nothing of a name behind a verb."""
    text = "A clerk in Nairobi who once told minister Amina Oduor the truth left Kenya. Oduor wept in Kenya."
    assert codes(resolve(text, "truth", "Oduor", people=["Amina Oduor", "Oduor"]))[-1] == "KEN/GOV"


@pytest.mark.parametrize("office", ["member of parliament", "senator", "MP", "lawmaker"])
def test_a_former_member_of_parliament_is_one_of_the_elite(office: str) -> None:
    """Like former ministers: 33 of 41 in our annotation."""
    text = f"Nairobi, Kenya, was quiet. A former Kenyan {office} spoke."
    assert codes(resolve(text, f"former Kenyan {office}")) == ["KEN/ELI"]


def test_a_newspaper_with_a_common_name_is_named_as_one() -> None:
    """The party of the article is not the Paris daily."""
    text = "San José, Costa Rica, was quiet. The Liberation deputy spoke in Costa Rica."
    assert [p.country for p in resolve(text, "Liberation deputy")] == ["CRI"]
    assert codes(resolve("It stood in the newspaper Libération.", "newspaper Libération")) == ["FRA/JRN"]
