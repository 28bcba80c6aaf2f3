"""Who: words of an article become actors with country, sectors and the reason; all texts are invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from dragoman.errors import RegistryError
from dragoman.records import Article, Draft, Mention, Parsed, Participant, Sentence, Span
from dragoman.resolve.actors import ActorResolver, Registry, load_registry

REGISTRY = load_registry()
DAY = date(2025, 5, 19)


def resolve(
    text: str,
    *mentions: str,
    people: Sequence[str] = (),
    on: date | None = DAY,
    registry: Registry = REGISTRY,
    outlet: str | None = None,
    drafts: Sequence[Draft] = (),
) -> list[Participant]:
    """Return the participants of mentions of a text, which stand in it in this order; ``people`` are its names."""
    sentences = tuple(Sentence(m.start(), m.end(), "body") for m in re.finditer(r"[^.\s][^.]*\.?", text))
    names = [
        Mention(m.start(), m.end(), name, "PER")
        for name in people
        for m in re.finditer(re.escape(name), text)
    ]
    names.sort(key=lambda name: name.start)
    article = Article("a", text, "test", published_on=on, outlet=outlet)
    parsed = Parsed(article, sentences, tuple(names), tuple(drafts), (), "digest")
    actors = ActorResolver(registry).start(parsed)
    found: list[Participant] = []
    at = 0
    for words in mentions:
        start = text.index(words, at)
        at = start + len(words)
        own = next(s for s in sentences if s.start <= start < s.end)
        found += actors.resolve(
            Mention(start, at, words, "actor"), role="actor", sentence=Span(own.start, own.end, text[own.start : own.end]),
            event_type="CONSULT",
        )  # fmt: skip
    for person in found:
        assert text[person.start : person.end] == person.text
        assert 0 < person.confidence <= 1
        assert person.basis
    return found


def codes(found: Sequence[Participant]) -> list[str]:
    """Return country and sectors of participants in short: "IRN/MIL"."""
    return ["/".join([p.country or "?", *p.sectors]) for p in found]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Iran", "IRN/GOV"),
        ("the US", "USA/GOV"),
        ("the U.S.", "USA/GOV"),
        ("Kosovo", "KOS/GOV"),
        ("Taiwan", "TWN/GOV"),
        ("South Korea", "KOR/GOV"),
        ("North Korea", "PRK/GOV"),
        ("DR Congo", "COD/GOV"),
        ("the Democratic Republic of the Congo", "COD/GOV"),
        ("Dominica", "DMA/GOV"),
        ("the Dominican Republic", "DOM/GOV"),
        ("Guinea", "GIN/GOV"),
        ("Guinea-Bissau", "GNB/GOV"),
        ("Equatorial Guinea", "GNQ/GOV"),
        ("Papua New Guinea", "PNG/GOV"),
        ("Niger", "NER/GOV"),
        ("Nigeria", "NGA/GOV"),
        ("South Sudan", "SSD/GOV"),
    ],
)
def test_a_country_stands_for_its_government(words: str, code: str) -> None:
    """The longest name counts, so that no country is taken for another whose name it contains."""
    (found,) = resolve(f"On Monday {words} signed the treaty.", words)
    assert codes([found]) == [code]
    assert found.entity_id == code.split("/")[0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Tehran", "IRN"), ("Moscow", "RUS"), ("London", "GBR"), ("Beijing", "CHN"), ("Kyiv", "UKR"), ("Kiev", "UKR"),
        ("Washington", "USA"), ("Nairobi", "KEN"),
    ],
)  # fmt: skip
def test_a_capital_that_acts_is_its_government(words: str, code: str) -> None:
    """A capital alone stands for the government, and the basis says so."""
    (found,) = resolve(f"{words} rejected the offer.", words)
    assert codes([found]) == [f"{code}/GOV"]
    assert "capital" in found.basis


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Iranians", "IRN/CVL"),
        ("Two Frenchmen", "FRA/CVL"),
        ("South Africans", "ZAF/CVL"),
        ("Palestinians", "PSE/CVL"),
    ],
)
def test_people_of_a_country_are_civilians(words: str, code: str) -> None:
    """The plural of a demonym is its people, not its government."""
    assert codes(resolve(f"{words} marched in Oslo.", words)) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("The Turkish foreign ministry", "TUR/GOV"),
        ("Iran’s Foreign Ministry", "IRN/GOV"),
        ("The Ministry of Defence of Armenia", "ARM/GOV"),
        ("The Nigerian central bank", "NGA/GOV"),
        ("Mali's junta", "MLI/GOV"),
        ("The Indian army", "IND/MIL"),
        ("The navy of Chile", "CHL/MIL"),
        ("the Royal Malaysian Navy", "MYS/MIL"),
        ("Malian soldiers", "MLI/MIL"),
        ("Nigerien troops", "NER/MIL"),
        ("Nigerian troops", "NGA/MIL"),
        ("South Sudan's army", "SSD/MIL"),
        ("Sudanese rebels", "SDN/REB"),
        ("Somali police officers", "SOM/COP"),
        ("Kenyan lawmakers", "KEN/LEG"),
        ("The Supreme Court of India", "IND/JUD"),
        ("Ugandan journalists", "UGA/JRN"),
        ("French farmers", "FRA/AGR"),
        ("Bolivia's coca growers' union", "BOL/LAB"),
        ("Refugees from Syria", "SYR/REF"),
        ("Agents working for Peru", "PER/SPY"),
        ("Seven Pakistani army soldiers", "PAK/MIL"),
        ("The opposition leader of Zimbabwe", "ZWE/OPP"),
        ("a former minister of Ghana", "GHA/ELI"),
        ("the Ghanaian president", "GHA/GOV"),
    ],
)
def test_head_noun_gives_the_sector_and_the_rest_the_country(words: str, code: str) -> None:
    """Ministries, forces, police, courts and groups get their sector from the noun, their country from the phrase."""
    assert codes(resolve(f"{words} issued a statement.", words)) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("The United Nations", "UNO"),
        ("The UN Security Council", "UNO"),
        ("The European Union", "EUR"),
        ("Amnesty International", "NGO"),
    ],
)
def test_organisations_of_many_countries_have_special_codes(words: str, code: str) -> None:
    """International bodies are no country's; PLOVER's own codes stand for them."""
    (found,) = resolve(f"{words} urged calm in Chad.", words)
    assert found.country == code
    assert found.entity_id is not None


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [
        ("Barack Obama", date(2014, 1, 1), "USA/GOV"),
        ("Barack Obama", date(2024, 1, 1), "USA/ELI"),
        ("the Taliban", date(2010, 1, 1), "AFG/REB"),
        ("the Taliban", date(2023, 1, 1), "AFG/GOV"),
    ],
)
def test_offices_count_on_the_day_of_publication(name: str, on: date, code: str) -> None:
    """A president is one while in office and a former leader later; a group that took over a state is its government."""
    assert codes(resolve(f"On Monday {name} spoke.", name, people=[name], on=on)) == [code]


@pytest.mark.parametrize(
    ("words", "name", "on", "code"),
    [
        ("the JVP's Anura Kumara Dissanayake", "Anura Kumara Dissanayake", date(2018, 11, 1), "LKA/PTY"),
        ("Anura Kumara Dissanayake, a lawmaker,", "Anura Kumara Dissanayake", date(2018, 11, 1), "LKA/LEG"),
        ("Anura Kumara Dissanayake", "Anura Kumara Dissanayake", date(2025, 11, 1), "LKA/GOV"),
    ],
)
def test_an_office_to_come_tells_no_sector(words: str, name: str, on: date, code: str) -> None:
    """Before his day in office a president is what the article calls him."""
    assert codes(resolve(f"On Monday {words} spoke in Colombo.", words.strip(","), people=[name], on=on)) == [
        code
    ]


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        (
            "India votes. Congress spokesman Ravi Nath blamed the BJP in Delhi.",
            "Congress spokesman Ravi Nath",
            "IND/PTY",
        ),
        (
            "The United States votes. President Joe Biden urged Congress in Washington to act.",
            "Congress",
            "USA/LEG",
        ),
        ("Peru waits. Congress in Lima censured the minister of Peru.", "Congress", "PER/LEG"),
        ("Morocco protested. A Sahrawi blogger was held.", "A Sahrawi blogger", "ESH/JRN"),
        ("Nigeria waits. The chamber adjourned in Abuja.", "The chamber", "NGA/LEG"),
    ],
)
def test_names_that_several_states_use_are_those_of_the_state_told_of(
    text: str, words: str, code: str
) -> None:
    """In India the Congress is a party, in Peru and the United States the parliament."""
    assert codes(resolve(text, words)) == [code]


def test_called_former_is_former() -> None:
    """The word "former" makes a leader an ex-leader even on a day in office."""
    text = "Former US President Barack Obama spoke."
    words = "Former US President Barack Obama"
    assert codes(resolve(text, words, people=["Barack Obama"], on=date(2014, 1, 1))) == ["USA/ELI"]


@pytest.mark.parametrize("calling", ["Former economy minister", "Ex-economy minister"])
def test_called_former_by_an_office_of_no_table_is_former_throughout(calling: str) -> None:
    """The surname later on is the former minister's too."""
    text = f"{calling} Tarek Vassal was arrested. Prosecutors accused Vassal of theft."
    one, two = resolve(text, f"{calling} Tarek Vassal", "Vassal", people=["Tarek Vassal", "Vassal"])
    assert one.sectors == two.sectors == ("ELI",)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Amnesty International Mongolia", "MNG/SOC"),
        ("Transparency International Bangladesh", "BGD/SOC"),
        ("Jamaicans for Justice", "JAM/SOC"),
        ("UNICEF Sudan", "UNO/"),
    ],
)
def test_a_body_named_with_a_state_is_no_government(words: str, code: str) -> None:
    """A branch has its body's sector and the state's country, an organisation of states keeps its own code."""
    (found,) = resolve(f"{words} condemned the arrests.", words)
    assert f"{found.country}/{''.join(found.sectors[:1])}" == code


def test_an_acronym_in_brackets_stands_for_what_is_before_it() -> None:
    """An acronym that the article introduces gets the country and sector of the full name, and the basis says how."""
    text = "The Kenyan Union of Tea Growers (KUTG) went on strike. On Friday KUTG rejected an offer."
    full, short = resolve(text, "The Kenyan Union of Tea Growers (KUTG)", "KUTG")
    assert codes([full, short]) == ["KEN/LAB", "KEN/LAB"]
    assert "brackets" in short.basis


def test_other_letters_in_brackets_introduce_nothing() -> None:
    """Brackets that are no acronym of the words before them are not one."""
    text = "The Kenyan Union of Tea Growers (ABC) went on strike in the west. Then ABC rejected it."
    _, found = resolve(text, "(ABC)", "ABC")
    assert "brackets" not in found.basis


@pytest.mark.parametrize(
    ("opening", "full", "last", "code"),
    [
        ("Georgian Prime Minister Keto Abashidze arrived.", "Keto Abashidze", "Abashidze", "GEO/GOV"),
        (
            "Keto Abashidze, the deputy defence minister of Georgia, arrived.",
            "Keto Abashidze",
            "Abashidze",
            "GEO/GOV",
        ),
        ("Indian Army chief Vikram Sethi arrived.", "Vikram Sethi", "Sethi", "IND/MIL"),
        ("Peru's police chief Rosa Quispe arrived.", "Rosa Quispe", "Quispe", "PER/COP"),
    ],
)
def test_a_surname_is_who_was_introduced_by_it(opening: str, full: str, last: str, code: str) -> None:
    """A later surname gets country, sector and full name from the introduction before it."""
    text = f"{opening} On Friday {last} praised the deal."
    _, second = resolve(text, full, last, people=[full])
    assert codes([second]) == [code]
    assert second.name == full
    assert "introduced" in second.basis


def test_a_shared_family_name_is_not_his_who_is_only_named_as_somebodys_kin() -> None:
    """After "commerce minister Lo Tak-ming's brother, Lo Kin-hei" it is the brother who is called Lo."""
    text = "A court jailed commerce minister Lo Tak-ming's brother, dealer Lo Kin-hei. Lo denied the charge."
    _, found = resolve(text, "Lo Kin-hei", "Lo", people=["Lo Tak-ming", "Lo Kin-hei"])
    assert found.sectors != ("GOV",)


def test_two_people_of_one_article_keep_apart() -> None:
    """Each surname goes to its own bearer."""
    text = (
        "Kenyan President Amina Otieno met Ugandan opposition leader Moses Kato. "
        "Otieno spoke of trade. Kato spoke of votes."
    )
    people = ["Amina Otieno", "Moses Kato", "Otieno", "Kato"]
    found = resolve(text, "Amina Otieno", "Moses Kato", "Otieno", "Kato", people=people)
    assert codes(found) == ["KEN/GOV", "UGA/OPP", "KEN/GOV", "UGA/OPP"]


@pytest.mark.parametrize("words", ["The two sides", "Both sides", "The two countries", "Both governments"])
def test_the_two_sides_are_the_two_last_named(words: str) -> None:
    """Group words give two participants, in the order in which the text names them."""
    text = f"Chile, Peru and Brazil met. Chile and Brazil then signed. {words} praised the deal."
    found = resolve(text, words)
    assert codes(found) == ["CHL/GOV", "BRA/GOV"]
    assert all(p.text == words and "last named" in p.basis for p in found)


def test_the_two_sides_of_nobody_are_unknown() -> None:
    """Group words with nobody named before them give one participant without a country."""
    (found,) = resolve("The two sides met.", "The two sides")
    assert found.country is None


def test_a_counterpart_is_of_the_country_beside_the_word() -> None:
    """The minister's "Armenian counterpart" is Armenia's government."""
    text = "Iranian Foreign Minister Vahid Soltani met his Armenian counterpart in Yerevan."
    found = resolve(
        text, "Iranian Foreign Minister Vahid Soltani", "his Armenian counterpart", people=["Vahid Soltani"]
    )
    assert codes(found) == ["IRN/GOV", "ARM/GOV"]


def test_he_and_she_are_the_last_person() -> None:
    """A singular pronoun is the person introduced last, and the basis quotes the pronoun and the name."""
    text = "Georgian Prime Minister Keto Abashidze arrived. She praised the deal."
    (found,) = resolve(text, "She", people=["Keto Abashidze"])
    assert codes([found]) == ["GEO/GOV"]
    assert found.name == "Keto Abashidze"
    assert '"She" is Keto Abashidze' in found.basis


def test_it_is_the_side_before() -> None:
    """The pronoun "it" is the side resolved before it, less sure than that side."""
    first, it = resolve("Ukraine shelled the port. It denied the report.", "Ukraine", "It")
    assert codes([first, it]) == ["UKR/GOV", "UKR/GOV"]
    assert '"It" is "Ukraine"' in it.basis
    assert it.confidence < first.confidence


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("Protesters blocked roads in Warsaw.", "Protesters", "POL/CVL"),
        ("Gunmen killed two aid workers in Mali.", "Gunmen", "MLI/UAF"),
    ],
)
def test_a_place_in_the_sentence_gives_the_country(text: str, words: str, code: str) -> None:
    """Local people without a country of their own get that of the place, and the basis names it."""
    (found,) = resolve(text, words)
    assert codes([found]) == [code]
    assert "place in the sentence" in found.basis


def test_the_last_resort_is_marked() -> None:
    """A country taken from what the text is about is marked as a last resort and less sure than one that is said."""
    text = "Nairobi was calm after the vote in Kenya. Police arrested four men."
    (guessed,) = resolve(text, "Police")
    (said,) = resolve("Kenyan police arrested four men.", "Kenyan police")
    assert codes([guessed, said]) == ["KEN/COP", "KEN/COP"]
    assert "last resort" in guessed.basis
    assert "last resort" not in said.basis
    assert guessed.confidence < said.confidence


@pytest.mark.parametrize("words", ["Police", "The minister", "Protesters", "Jane Smith"])
def test_who_cannot_be_known_stays_unknown_with_a_reason(words: str) -> None:
    """Where neither the words nor the article tell the country it is None, and the basis says why."""
    (found,) = resolve(f"{words} left the square.", words, people=["Jane Smith"])
    assert found.country is None
    assert "country not known" in found.basis


def test_countries_of_all_tables_are_codes() -> None:
    """Every entry of the packaged tables has the code of a state of the table of countries, or a special one."""
    entries = [e for rows in REGISTRY.names.values() for _, _, own in rows for e in own]
    special = {"IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC", None}
    assert len(entries) > 3000
    assert {e.country for e in entries} - special <= set(REGISTRY.states)


def table(folder: Path, *rows: str, header: str = "name,country,sectors,aliases,from,to") -> Path:
    """Write a table of own actors."""
    path = folder / "own.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def test_an_own_table_adds_and_wins(tmp_path: Path) -> None:
    """A user's actor is found by name and alias, and goes before a packaged one of the same name."""
    path = table(
        tmp_path, "Keld Dockers,NOR,LAB,the Dockers of Keld;KDX,,", "Amnesty International,GBR,SOC,,,"
    )
    own = load_registry([path])
    text = "The Dockers of Keld struck. Then KDX met Amnesty International."
    found = resolve(text, "The Dockers of Keld", "KDX", "Amnesty International", registry=own)
    assert codes(found) == ["NOR/LAB", "NOR/LAB", "GBR/SOC"]
    assert [p.name for p in found[:2]] == ["Keld Dockers", "Keld Dockers"]


def test_an_own_entry_holds_in_its_time_only(tmp_path: Path) -> None:
    """Bounds of months and years include their last day."""
    header = "name,country,sectors,aliases,from,to,office,kind"
    path = table(tmp_path, "Ola Keld,NOR,GOV,,2020,2024-02,premier,person", header=header)
    own = load_registry([path])
    days = (date(2020, 1, 1), date(2024, 2, 29), date(2024, 3, 1))
    found = [
        resolve("Ola Keld spoke.", "Ola Keld", people=["Ola Keld"], on=on, registry=own)[0] for on in days
    ]
    assert codes(found) == ["NOR/GOV", "NOR/GOV", "NOR/ELI"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Dockers,NO,LAB,,,", '"NO" is not a country'),
        ("Dockers,NOR,LBR,,,", '"LBR" is not a sector'),
        ("Dockers,NOR,LAB,,2020-13,", '"2020-13" is not a date'),
        ("Dockers,NOR,LAB,,soon,", '"soon" is not a date'),
        ("Dockers,NOR,LAB,,2020-02-30,", '"2020-02-30" is not a date'),
        (",NOR,LAB,,,", "the name is empty"),
        ("Dockers,NOR,LAB", "expected 6 cells"),
        ("Dockers, of Keld,NOR,LAB,,,", "expected 6 cells"),
    ],
)
def test_a_bad_row_names_file_and_line(tmp_path: Path, row: str, told: str) -> None:
    """The error has the file, the line, the value and what was expected; no row is dropped on the quiet."""
    path = table(tmp_path, "Keld Police,NOR,COP,,,", row)
    with pytest.raises(RegistryError, match=re.escape(told)) as caught:
        load_registry([path])
    assert f"{path}, line 3" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"actor,land\nDockers,NOR\n", b"name,country\nBj\xf8rn,NOR\n"])
def test_a_broken_table_is_named(tmp_path: Path, content: bytes) -> None:
    """A file that is empty, has other columns or is not UTF-8 is an error that names it."""
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(RegistryError) as caught:
        load_registry([path])
    assert str(path) in str(caught.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    """A path that is not there is an error of the table, with the path."""
    with pytest.raises(RegistryError, match=r"none\.csv"):
        load_registry([tmp_path / "none.csv"])


def test_a_region_that_claims_a_state_is_no_name_of_the_state_that_holds_it() -> None:
    """Places named so resolve to themselves and not to the whole country."""
    assert REGISTRY.country_names["azerbaijan"] == "AZE"
    assert not {"nagorno-karabakh", "abkhazia", "somaliland"} & set(REGISTRY.country_names)
