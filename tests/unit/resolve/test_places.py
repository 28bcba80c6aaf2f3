"""Places: names told from what only looks like them, the right one of several, the event's own place."""

from __future__ import annotations

import collections
import functools

import pytest

from dragoman.records import Article, Mention, Parsed, Place, Section, Sentence, Span
from dragoman.resolve.actors import load_registry
from dragoman.resolve.gazetteer import Gazetteer
from dragoman.resolve.places import ArticlePlaces, PlaceResolver


@functools.cache
def _resolver() -> PlaceResolver:
    return PlaceResolver(Gazetteer(), load_registry().country_names)


def _mention(text: str, words: str, kind: str, nth: int = 0) -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Mention(start, start + len(words), words, kind, 0.95)


def _places(text: str, *named: tuple[str, str], countries: str = "") -> ArticlePlaces:
    article = Article("a", text, "test", sections=(Section("body", 0, len(text)),))
    mentions = tuple(_mention(text, words, kind) for words, kind in named)
    parsed = Parsed(article, (Sentence(0, len(text), "body"),), mentions, (), (), "")
    return _resolver().start(parsed, countries=collections.Counter(countries.split()))


def _found(text: str, *named: tuple[str, str], countries: str = "") -> list[str]:
    return [p.text for p in _places(text, *named, countries=countries).find()]


def _own(text: str, trigger: str, *words: str, named: tuple[tuple[str, str], ...] = ()) -> Place:
    places = _places(text, *named)
    at = text.index(trigger)
    place = places.resolve_first(
        [_mention(text, w, "place") for w in words],
        sentence=Span(0, len(text), text),
        trigger=Span(at, at + len(trigger), trigger),
    )
    assert place is not None
    assert text[place.start : place.end] == place.text
    return place


@pytest.mark.parametrize(
    ("text", "named", "expected"),
    [
        (
            "The Bank of Ghana raised its rate in Accra.",
            [("Bank of Ghana", "ORG"), ("Accra", "LOC")],
            ["Ghana", "Accra"],
        ),
        (
            "The Lagos State Government closed two schools.",
            [("Lagos State Government", "ORG")],
            ["Lagos State"],
        ),
        ("Jordan Henderson met Paris Hilton.", [("Jordan Henderson", "PER"), ("Paris Hilton", "PER")], []),
        ("BAKU, May 19 (AP) — Talks went on.", [], ["BAKU"]),
        (
            "The strike hit Kenyan farmers and the French.",
            [("Kenyan", "NORP"), ("French", "NORP")],
            [],
        ),
        ("He died of West Nile virus.", [], []),
        (
            "Floods hit Pakistan, India and Nepal.",
            [("Pakistan", "LOC"), ("India", "LOC")],
            ["Pakistan", "India", "Nepal"],
        ),
        ("Troops left Nagorno-Karabakh on Monday.", [("Nagorno-Karabakh", "LOC")], ["Nagorno-Karabakh"]),
        ("She moved to Washington, D.C., in May.", [("Washington", "LOC")], ["Washington, D.C."]),
        ("It rained in Côte d'Ivoire.", [], ["Côte d'Ivoire"]),
        ("The People's Republic of China agreed.", [("China", "LOC")], ["People's Republic of China"]),
    ],
)
def test_names_of_places_are_found(text: str, named: list[tuple[str, str]], expected: list[str]) -> None:
    """A name of a place is returned, one of a person, a people or an illness is not."""
    assert _found(text, *named) == expected


@pytest.mark.parametrize(
    ("text", "name", "country", "unit", "countries"),
    [
        ("A storm hit Paris, Texas, at noon.", "Paris", "USA", "Texas", "USA"),
        ("A storm hit Paris at noon.", "Paris", "FRA", None, "FRA"),
        ("He was born in Springfield, Illinois.", "Springfield", "USA", "Illinois", "USA"),
        ("Police in London, Ontario, arrested two men.", "London", "CAN", "Ontario", "GBR"),
        ("The army entered Tripoli in Libya.", "Tripoli", "LBY", None, "LBY"),
        ("The army entered Tripoli in northern Lebanon.", "Tripoli", "LBN", None, "LBN"),
        ("The vote in Georgia was held in Tbilisi.", "Georgia", "GEO", None, "GEO"),
        ("The vote in Georgia was held in Atlanta.", "Georgia", "USA", None, "USA USA"),
    ],
)
def test_context_tells_places_of_one_name_apart(
    text: str, name: str, country: str, unit: str | None, countries: str
) -> None:
    """What follows a name and what else the article names decide which place is meant."""
    found = _places(text, (name, "LOC"), countries=countries).find()
    place = next(p for p in found if p.text == name)
    assert place.country == country
    assert unit is None or place.admin1 == unit


def test_a_qualified_name_is_apart_from_the_same_name_alone() -> None:
    """One name may mean two places in one text where a qualifier says so."""
    places = _places("Mayors of Paris, Texas, and of Paris met in France.", ("Paris", "LOC")).find()
    assert [p.country for p in places if p.text == "Paris"] == ["USA", "FRA"]


@pytest.mark.parametrize(
    ("words", "resolution"),
    [("Kenya", 1), ("Darfur", 2), ("Lombardy", 2), ("Aleppo", 4), ("Red Sea", 2), ("Times Square", 5)],
)
def test_resolution_goes_from_states_to_sites(words: str, resolution: int) -> None:
    """States are 1, regions, units and waters 2, towns 4, sites 5."""
    place = _places(f"People met in {words} on Monday.", (words, "LOC")).find()[0]
    assert place.resolution == resolution


def test_a_name_cut_short_is_widened() -> None:
    """A mention that is a part of a name stands for the whole name."""
    place = _own("Protesters gathered in Tel Aviv.", "gathered", "Aviv")
    assert (place.text, place.country) == ("Tel Aviv", "ISR")


def test_the_finer_place_in_the_same_state_is_the_events_own() -> None:
    """Of a town and its state the town is where it happened."""
    assert _own("Shells hit Goma in Congo on Friday.", "hit", "Goma", "Congo").name == "Goma"
    assert _own("In Kenya, gunmen attacked Garissa.", "attacked", "Kenya", "Garissa").name == "Garissa"


def test_a_finer_place_in_another_state_is_not_the_events_own() -> None:
    """A town elsewhere, named further off, does not take the event away from the state at the trigger."""
    place = _own(
        "Clashes broke out in Sudan, diplomats said in Geneva.",
        "broke out",
        "Sudan",
        "Geneva",
        named=(("Sudan", "LOC"), ("Geneva", "LOC")),
    )
    assert place.country == "SDN"


def test_a_place_not_in_the_table_has_no_coordinates() -> None:
    """An unknown name keeps its words and says that it is not placed."""
    place = _own("Fighting reached Qxzzvhar.", "reached", "Qxzzvhar")
    assert (place.text, place.lat, place.country) == ("Qxzzvhar", None, None)


def test_an_empty_text_has_no_places() -> None:
    """Nothing gives nothing."""
    assert _places("").find() == []


def test_a_small_word_may_belong_to_a_name_of_the_table() -> None:
    """The delta of a river is not the river."""
    assert _places("Mines drift in the Danube delta.", ("Danube", "LOC")).find()[0].name == "Danube Delta"


def test_a_state_within_another_name_gives_way() -> None:
    """A market named after a state does not put the event there."""
    place = _own(
        "Fire on the Souk Libya market in Omdurman killed ten.", "killed", "Souk Libya market", "Omdurman"
    )
    assert place.country == "SDN"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cases rose in Gambia, Ghana, Niger, Nigeria and Togo.", [("Niger", "NER")]),
        ("The states of Georgia, Oklahoma, Pennsylvania and Wisconsin are hit.", [("Oklahoma", "USA"), ("Georgia", "USA")]),
        ("Talks began between Armenia, Azerbaijan, Georgia and Turkey.", [("Georgia", "GEO")]),
        ("A fair in Paris, Texas, drew thousands.", [("Paris", "USA")]),
    ],
)  # fmt: skip
def test_names_of_a_list_do_not_hold_one_another(text: str, expected: list[tuple[str, str]]) -> None:
    """Among states, or units of one state, a name means what the others are; "Paris, Texas" is no list."""
    named = [
        (w.strip(",."), "LOC")
        for w in text.split()
        if w[0].isupper() and w not in ("Cases", "The", "Talks", "A")
    ]
    places = {p.text: p for p in _places(text, *named).find()}
    for words, country in expected:
        assert places[words].country == country
        assert places[words].resolution == (4 if words == "Paris" else 1 if country != "USA" else 2)


@pytest.mark.parametrize(
    ("text", "admin1"),
    [
        ("Washington and Seoul held drills off Busan.", "Washington, D.C."),
        ("Leaders met in Washington on Tuesday.", "Washington, D.C."),
        ("Fires spread in Washington state.", "Washington"),
        ("Fires near Spokane in Washington spread.", "Washington"),
        ("The firm moved to Redmond, Washington, in May.", "Washington"),
        ("Crowds marched in Washington, Oregon and California.", "Washington"),
        ("He spoke in Washington after talks.", "Washington, D.C."),
    ],
)
def test_the_capital_comes_before_a_unit_of_its_name(text: str, admin1: str) -> None:
    """The seat of government is meant unless a word, a town in it or a list of its like speaks for the unit."""
    named = [
        (name, "LOC") for name in ("Washington", "Seoul", "Spokane", "Redmond", "Oregon") if name in text
    ]
    found = [p for p in _places(text, *named).find() if p.text == "Washington"]
    assert [p.admin1 for p in found] == [admin1]


@pytest.mark.parametrize(
    "name", ["Tehran", "Kabul", "Santiago", "Lima", "Panama", "Guatemala", "San Salvador"]
)
def test_a_capital_within_its_province_is_no_other_town(name: str) -> None:
    """A capital that lies in the unit of its name is found there, never a town elsewhere that is spelt alike."""
    (found,) = _places(f"Talks in {name} ended.", (name, "LOC")).find()
    assert found.name.split()[0] == name.split()[0]


@pytest.mark.parametrize(
    "words", ["border", "capital", "the North", "tour of Arab capitals", "line", "Justice Palace"]
)
def test_common_words_are_no_towns_of_that_name(words: str) -> None:
    """A noun in small letters, a direction or a people names no place, nor does a word of a longer name."""
    place = _own(f"Troops crossed {words} near Mombasa in Kenya on Friday.", "crossed", words)
    assert (place.text, place.lat, place.country) == (words, None, None)


def test_a_large_town_in_a_longer_name_is_its_place() -> None:
    """A known town in a longer name counts where the article speaks of its state, and nowhere else."""
    text = "Protesters camped on Galle Face on Friday."
    mention = _mention(text, "Galle Face", "place")
    own, elsewhere = (
        _places(text, countries=c).resolve(mention, sentence=Span(0, len(text), text)) for c in ("LKA", "FRA")
    )
    assert (own.name, own.country) == ("Galle", "LKA")
    assert elsewhere.country is None
