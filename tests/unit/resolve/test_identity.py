"""Who a name means in an article: former office-holders, namesakes, bodies called by one word; texts are invented."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman.records import Article, Draft, Mention, Parsed, Sentence, Span
from dragoman.resolve.actors.callings import vote_callings
from dragoman.resolve.actors.identity import gender_of, is_other_person, office_day

from .test_actors import REGISTRY, codes, resolve


def test_former_once_is_former_throughout() -> None:
    """The headline's "former president" holds for the bare surname of the next sentence."""
    text = "Former president Michelle Bachelet praised the draft. Bachelet added that it was close."
    found = resolve(text, "Bachelet added", people=["Michelle Bachelet", "Bachelet"], on=None)
    assert codes(found) == ["CHL/ELI"]


def test_former_of_two_offices() -> None:
    """The words "Former president and prime minister X" is former in both."""
    text = "Former President and Prime Minister Mahinda Rajapaksa spoke. Mahinda Rajapaksa then left."
    found = resolve(text, "Mahinda Rajapaksa then", people=["Mahinda Rajapaksa"], on=None)
    assert codes(found) == ["LKA/ELI"]


def test_president_now_is_not_former() -> None:
    """Another man's "former" does not retire the president."""
    text = "The former judge met President William Ruto. Ruto thanked him."
    assert codes(resolve(text, "Ruto thanked", people=["William Ruto", "Ruto"])) == ["KEN/GOV"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Basil Rajapaksa", True),
        ("Mahinda Rajapaksa", False),
        ("President Mahinda Rajapaksa", False),
        ("M. Rajapaksa", False),
        ("Rajapaksa", False),
    ],
)
def test_namesakes(name: str, other: bool) -> None:
    """A first name of another makes another person; titles and initials do not."""
    entry = next(e for e in REGISTRY.persons["LKA.mahinda_rajapaksa"])
    assert is_other_person(name, entry, REGISTRY) is other


def test_surname_of_somebody_named_in_full_is_no_city() -> None:
    """The words "Paris" is Valeska Paris, not the city."""
    text = "Valeska Paris opened the shelter. Paris blamed the council for the delay."
    (found,) = resolve(text, "Paris", "Paris", people=["Valeska Paris", "Paris"])[1:]
    assert found.country != "FRA"
    assert found.sectors == ("CVL",)


def test_calling_before_the_name() -> None:
    """The words "Another brother and former finance minister, Basil R.," says what he was."""
    text = "Another brother and former finance minister, Lasith Wickramapala, was stopped in Colombo. Wickramapala left."
    found = resolve(text, "Wickramapala", "Wickramapala", people=["Lasith Wickramapala", "Wickramapala"])[1:]
    assert codes(found) == ["LKA/ELI"]


def test_calling_behind_a_copula() -> None:
    """The words "X is a police officer" gives X his sector."""
    text = "Jahangir Bhuiyan is a police inspector in Dhaka. Bhuiyan denied it."
    found = resolve(text, "Bhuiyan", "Bhuiyan", people=["Jahangir Bhuiyan", "Bhuiyan"])[1:]
    assert codes(found) == ["BGD/COP"]


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mr Kofi Owusu", "m"),
        ("spokeswoman Kofi Owusu", "f"),
        ("the minister Kofi Owusu", None),
        ("Kofi Owusu, a mother of two", "f"),
    ],
)
def test_gender(text: str, gender: str | None) -> None:
    """Titles and kin words around a name tell it, and nothing else does."""
    at = text.index("Kofi")
    assert gender_of(text, at, at + len("Kofi Owusu")) == gender


def test_she_is_not_the_man_named_last() -> None:
    """A pronoun passes over the person whose title is of the other gender."""
    text = "Spokeswoman Ama Quartey met Mr Yaw Darko, a Nigerian trader. She refused to comment."
    found = resolve(text, "She", people=["Ama Quartey", "Yaw Darko"])
    assert "Quartey" in (found[0].name or "")


def test_bare_noun_is_the_body_named_so() -> None:
    """The words "The ministry" is the one of Armenia that the article named."""
    text = "Turkey waited. The Ministry of Defence of Armenia denied it. The ministry asked Ankara for proof."
    body = Mention(text.index("Ministry"), text.index(" denied"), "Ministry of Defence of Armenia", "ORG")
    parsed = Parsed(
        Article("a", text, "test", published_on=date(2025, 5, 19)),
        (Sentence(0, 14, "body"), Sentence(15, 61, "body"), Sentence(62, len(text), "body")), (body,), (), (), "digest",
    )  # fmt: skip
    from dragoman.resolve.actors import ActorResolver

    at = text.index("ministry asked")
    (found,) = ActorResolver(REGISTRY).start(parsed).resolve(
        Mention(at, at + 8, "ministry", "actor"), role="actor", sentence=Span(62, len(text), text[62:]), event_type="REQUEST",
    )  # fmt: skip
    assert (found.country, found.sectors[:1]) == ("ARM", ("GOV",))
    assert "Ministry of Defence of Armenia" in found.basis


def test_another_states_party_of_the_same_letters() -> None:
    """The words "DPP" in a paper of Malawi is not the party of Taiwan."""
    text = (
        "Lilongwe police met Malawi's chiefs in Blantyre. The DPP of Zomba in Malawi protested in Lilongwe."
    )
    found = resolve(text, "DPP of Zomba")
    assert found[0].country == "MWI"


def _side(text: str, at: int, sector: str, sure: float) -> Mention:
    return Mention(at, at + len(text), text, "actor", 0.9, sector=sector, sector_confidence=sure)


def test_callings_are_voted_by_the_sentences() -> None:
    """Two sentences that say BUS outweigh one that says CVL; a single weak guess says nothing."""
    text = "Lukas paid. Lukas left. Lukas ran. Petrov sat."
    names = (*(Mention(i, i + 5, "Lukas", "PER") for i in (0, 12, 24)), Mention(35, 41, "Petrov", "PER"))
    quote = Span(0, len(text), text)
    sides = [
        _side("Lukas", 0, "BUS", 0.7),
        _side("Lukas", 12, "BUS", 0.6),
        _side("Lukas", 24, "CVL", 0.5),
        _side("Petrov", 35, "OPP", 0.2),
    ]
    drafts = tuple(
        Draft(quote, "body", Span(6, 10, "paid"), "AID", None, "actual", actors=(side,)) for side in sides
    )
    parsed = Parsed(Article("a", text, "test"), (), names, drafts, (), "digest")
    votes = vote_callings(parsed, names)
    assert votes["lukas"][0] == "BUS"
    assert votes["lukas"][1] == pytest.approx(1.3 / 1.8)
    assert "petrov" not in votes


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("In 2019 he resigned.", None, date(2019, 12, 31)),
        ("It cost 2,019 dollars in 2004.", None, date(2004, 12, 31)),
        ("He resigned.", None, None),
        ("In 2019 he resigned.", date(2021, 3, 4), date(2021, 3, 4)),
    ],
)
def test_day_of_offices(text: str, published: date | None, day: date | None) -> None:
    """Without a day of publication the newest year told of counts."""
    parsed = Parsed(Article("a", text, "test", published_on=published), (), (), (), (), "digest")
    assert office_day(parsed, REGISTRY) == day


def test_a_title_and_a_surname_are_who_held_the_office() -> None:
    """Of two of one surname the one who held the office on the day is meant, where the article speaks of the state."""
    text = "Talks with Pakistan went on in India. Prime Minister Sharif condemned the strike."
    found = [
        resolve(text, "Prime Minister Sharif", people=["Sharif"], on=day)[0].name
        for day in (date(2016, 5, 1), date(2025, 5, 1))
    ]
    assert found == ["Nawaz Sharif", "Shehbaz Sharif"]


def test_a_title_and_a_surname_of_another_stay_his() -> None:
    """Who is introduced in full, or of a state that the article does not speak of, is not the known office-holder."""
    text = "Prime Minister Hamid Sharif of Lindania spoke on Pakistan. Prime Minister Sharif condemned the strike."
    named = resolve(text, "Prime Minister Sharif", people=["Hamid Sharif", "Sharif"])
    elsewhere = resolve("In Peru Prime Minister Sharif resigned.", "Prime Minister Sharif", people=["Sharif"])
    assert {p.name for p in (*named, *elsewhere)}.isdisjoint({"Shehbaz Sharif", "Nawaz Sharif"})


@pytest.mark.parametrize(
    ("side", "wanted"),
    [("the North", "PRK"), ("South", "KOR"), ("South's troops", "KOR")],
)
def test_the_north_and_the_south_are_the_koreas_where_both_are_named(side: str, wanted: str) -> None:
    """Only in an article that names both."""
    korea = resolve(f"South Korea and North Korea exchanged fire. On Friday {side} fired back.", side)
    assert korea[0].country == wanted
    sudan = resolve(f"Sudan and South Sudan exchanged fire. On Friday {side} fired back.", side)
    assert sudan[0].country not in ("PRK", "KOR")


def test_the_state_department_is_that_of_the_united_states() -> None:
    """Words that any body may have can be the name of one all the same."""
    text = "Iran executed a man. The State Department condemned this. The justice ministry answered."
    found = resolve(text, "State Department", "justice ministry")
    assert [p.country for p in found] == ["USA", "IRN"]


@pytest.mark.parametrize(
    ("side", "wanted"),
    [("Labour Ministry", "KHM"), ("Minister of Labour", "KHM"), ("Socialist Party", "KHM"), ("Likud", "ISR")],
)
def test_common_words_are_no_party_of_a_state_that_is_not_spoken_of(side: str, wanted: str) -> None:
    """The ministry of labour is of no party in London; a name that one party alone has is that party's everywhere."""
    text = f"Cambodia's courts opened in Phnom Penh. On Friday the {side} criticised the plan."
    (found,) = resolve(text, side)
    assert found.country == wanted
    (british,) = resolve("Voters in Britain went to the polls. In London Labour praised the plan.", "Labour")
    assert codes([british])[0].startswith("GBR/")
