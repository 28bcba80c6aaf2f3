"""The packaged actor tables: what they must cover, and that a row says one thing only."""

from __future__ import annotations

import collections
import csv
import itertools
from importlib import resources

import pytest

from dragoman.resolve.actors.tables import load_registry
from dragoman.resolve.actors.words import keys

REGISTRY = load_registry()


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a packaged table."""
    text = resources.files("dragoman.resolve.registry").joinpath(name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")))


@pytest.mark.parametrize("sector", ["LEG", "MIL", "COP", "SPY"])
def test_most_states_have_a_parliament_an_army_a_police_and_a_service(sector: str) -> None:
    """At least 145 states have a named body of each kind."""
    states = {row["country"] for row in rows("institutions.csv") if row["sectors"].split(";")[0] == sector}
    assert len(states) >= 145


@pytest.mark.parametrize("year", ["1995", "2005", "2015", "2024"])
def test_nearly_every_state_has_a_head_in_the_year(year: str) -> None:
    """At most four states or territories have nobody in office."""
    held = {
        row["country"]
        for row in rows("leaders.csv")
        if (row["from"] or "0")[:4] <= year <= (row["to"] or "9999")[:4]
    }
    assert len(set(REGISTRY.states) - held) <= 4


def test_terms_do_not_end_before_they_begin() -> None:
    """A term's last day is not before its first."""
    wrong = [
        row["id"]
        for name in ("leaders.csv", "armed_groups.csv", "institutions.csv")
        for row in rows(name)
        if row["from"] and row["to"] and row["to"][: len(row["from"])] < row["from"][: len(row["to"])]
    ]
    assert wrong == []


def test_a_role_word_stands_once() -> None:
    """A second row of the same word would never be read."""
    words = collections.Counter(keys(row["word"]) for row in rows("role_words.csv"))
    assert [word for word, n in words.items() if n > 1] == []


@pytest.mark.parametrize(
    ("alias", "country"),
    [
        ("Zionist regime", "ISR"),
        ("Volodymyr Zelenskiy", "UKR"),
        ("Moammar Gadhafi", "LBY"),
        ("Hizbullah", "LBN"),
        ("Kenyan Supreme Court", "KEN"),
        ("Zambian police", "ZMB"),
        ("Revolutionary Guards", "IRN"),
        ("U.N. refugee agency", "UNO"),
    ],
)
def test_other_spellings_are_known(alias: str, country: str) -> None:
    """A usual other name or spelling leads to the actor's country."""
    entries = next(entries for words, _, entries in REGISTRY.names[keys(alias)[0]] if words == keys(alias))
    assert country in {entry.country for entry in entries}


@pytest.mark.parametrize(
    ("word", "sector"),
    [
        ("credit union", "BUS"),
        ("police commissioner", "COP"),
        ("general secretary", None),
        ("law society", "SOC"),
    ],
)
def test_compound_nouns_are_not_read_by_their_last_word(word: str, sector: str | None) -> None:
    """A compound whose sector is not its last word's has a row of its own."""
    role = REGISTRY.role_of(word)
    assert role is not None
    assert role.sector == sector


@pytest.mark.parametrize("office", ["foreign minister", "defence minister"])
def test_states_in_the_news_have_ministers_from_2010_to_2025(office: str) -> None:
    """At least 100 states have somebody in the office in each of the years."""
    names = {
        "foreign minister": {"foreign minister", "foreign secretary", "secretary of state"},
        "defence minister": {"defence minister", "defence secretary"},
    }[office]
    years: dict[str, set[int]] = collections.defaultdict(set)
    for row in rows("leaders.csv"):
        if row["office"].removeprefix("acting ") in names:
            years[row["country"]] |= set(range(int(row["from"][:4]), int(row["to"][:4] or "2025") + 1))
    assert sum(held >= set(range(2010, 2026)) for held in years.values()) >= 100


def test_nobody_holds_one_office_twice_at_a_time() -> None:
    """Two rows of a person with the same office do not overlap by more than the day of the change."""
    terms: dict[tuple[str, str], list[tuple[str, str]]] = collections.defaultdict(list)
    for row in rows("leaders.csv"):
        terms[row["id"], row["office"]].append((row["from"], row["to"] or "9999"))
    twice = [
        key
        for key, held in terms.items()
        for (_, end), (start, _) in itertools.pairwise(sorted(held))
        if start[:7] < end[:7] and start[: len(end)] < end
    ]
    assert twice == []


def test_most_armed_groups_say_since_when_they_exist() -> None:
    """At least nine in ten rows have a first day."""
    groups = rows("armed_groups.csv")
    assert sum(bool(row["from"]) for row in groups) >= 0.9 * len(groups)
