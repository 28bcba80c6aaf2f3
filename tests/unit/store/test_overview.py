"""Columns of incidents say the same as the incidents themselves, whatever is asked for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from dragoman.answer.overview import day_of, facets_of, map_of, periods_of, starts_of
from dragoman.ontology import load_ontology
from dragoman.ontology.regions import region_by_country
from dragoman.records import Coded, EventDate, Participant, Place
from dragoman.relate.groups import Group
from dragoman.store import EventFilter, Store, begin_run, find_events, find_incidents, open_store, write
from dragoman.store.fitting import fitting
from dragoman.store.overview import Kind, Overview
from dragoman.store.paged import Order, event_page, incident_page
from dragoman.store.paged import Place as End
from dragoman.store.relating import find_pair

from ..invented import DIGEST, VERSION, make_article, make_event

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
DAY_ZERO = date(1970, 1, 1)
TYPES = [(name, kind.quad_class) for name, kind in load_ontology().types.items()]
COUNTRIES = ("NOR", "DNK", "TUR", "IRN", "UNO", None)
PLACES = (
    None, Place("a", 0, 1, "Aby", "NOR", None, 60.0, 10.5, 5, 1, 0.9), Place("b", 0, 1, "Bost", "DNK", None, 55.5, 9.0, 4, None, 0.9),
    Place("c", 0, 1, "Carl", "TUR", None, None, None, 2, None, 0.9), Place("d", 0, 1, "Dale", None, None, 1.0, 2.0, 4, None, 0.9),
    Place("a", 0, 1, "Aby", "NOR", None, 60.0, 10.5, 5, 1, 0.5),
)  # fmt: skip
WANTED = [
    EventFilter(), EventFilter(country="NOR"), EventFilter(regions=["Northern Europe"]), EventFilter(quad_classes=[3, 4]),
    EventFilter(outlet="post"), EventFilter(min_sources=2), EventFilter(status="future"), EventFilter(actor="IRN"),
    EventFilter(participant="navy of keld", since=date(2021, 1, 1)), EventFilter(actor="XXX"),
]  # fmt: skip


def coded(names: range, draw: random.Random) -> Coded:
    """Return a batch of articles with an event each, all drawn by chance; every fourth is told by the next article too."""
    out = Coded()
    last = None
    for n in names:
        day = date(2018, 1, 1) + timedelta(days=draw.randrange(2000))
        article = make_article(str(n), published_on=day)
        outlet = draw.choice(["Keld Times", "Halden Post", "Tinn Post", None])
        words = " ".join(f"w{n}x{i}" for i in range(60))
        article = replace(article, outlet=outlet, text=article.text + words)
        name, quad = draw.choice(TYPES)
        event = make_event(article, event_type=name)

        def side(event: Any = event) -> Participant:
            country: str | None = draw.choice(COUNTRIES)
            one: Participant = replace(event.actors[0], country=country)
            return one

        event = replace(
            event, quad_class=quad, status=draw.choice(["actual", "actual", "future", "negated"]), place=draw.choice(PLACES),
            actors=tuple(side() for _ in range(draw.randrange(3))), recipients=tuple(side() for _ in range(draw.randrange(2))),
            date=None if draw.random() < 0.2 else EventDate("then", 0, 4, day, day, "day", "test"),
        )  # fmt: skip
        if n % 4 == 0 and last is not None:
            event = replace(last, event_id=event.event_id, article_id=article.article_id)
        last = event
        out.articles.append(article)
        out.events.append(event)
    return out


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store of eighty drawn events, of which some tell of the same; the last ten were written a day later."""
    draw = random.Random(8)
    with open_store(tmp_path_factory.mktemp("store") / "a.duckdb") as opened:
        for names, at in ((range(1, 71), NOON), (range(71, 81), NOON + timedelta(days=1))):
            run = begin_run(opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)  # fmt: skip
            write(opened, coded(names, draw), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)
        yield opened


def ranked(numbers: Counter[str]) -> list[list[Any]]:
    """Return names with their numbers, the most frequent first, then by name."""
    return [[k, n] for k, n in sorted(numbers.items(), key=lambda kn: (-kn[1], kn[0]))]


def sides_of(incident: dict[str, Any]) -> set[str]:
    """Return the countries of an incident's sides."""
    return {p["country"] for p in incident["actors"] + incident["recipients"] if p["country"]}


def plainly(incidents: list[dict[str, Any]]) -> dict[str, Any]:
    """Return facets counted one by one from whole incidents."""
    countries, regions, outlets = Counter[str](), Counter[str](), Counter[str]()
    for one in incidents:
        own = one["place"] and one["place"]["country"]
        countries.update(sides_of(one) | ({own} if own else set()))
        regions.update({region_by_country()[c] for c in ({own} if own else sides_of(one)) if c in region_by_country()})  # fmt: skip
        outlets.update({r["outlet"] for r in one["reports"] if r["outlet"]})
    return {
        "total": len(incidents), "event_types": dict(sorted(Counter(i["event_type"] for i in incidents).items())),
        "quad_classes": {str(q): sum(i["quad_class"] == q for i in incidents) for q in (1, 2, 3, 4)},
        "statuses": {s: sum(i["status"] == s for i in incidents) for s in ("actual", "future", "hypothetical", "negated")},
        "countries": ranked(countries), "regions": ranked(regions), "outlets": ranked(outlets),
        "undated": sum(i["date"] is None for i in incidents),
    }  # fmt: skip


@pytest.mark.parametrize("as_of", [None, datetime(2024, 6, 5, 20)])
@pytest.mark.parametrize("wanted", WANTED)
def test_facets_are_counted_right(store: Store, wanted: EventFilter, as_of: datetime | None) -> None:
    """Every number is that of counting the incidents that the filter finds, now and as of a moment before."""
    wanted = replace(wanted, as_of=as_of)
    overview = Overview(as_of=as_of)
    found = facets_of(store, overview, fitting(store, overview, wanted))
    periods = found.pop("periods")
    incidents = list(find_incidents(store, wanted))
    assert found == plainly(incidents)
    assert sum(n for _, n in periods["counts"]) == found["total"] - found["undated"]
    days = [i["date"]["from"] for i in incidents if i["date"]]
    if periods["step"] == "month":
        assert dict(periods["counts"]) == Counter(d[:7] + "-01" for d in days)


MORE = [
    *WANTED, EventFilter(actor="NOR/MIL"), EventFilter(actor="NOR/GOV"), EventFilter(recipient="DNK"), EventFilter(participant="HALDEN"),
    EventFilter(place="ab"), EventFilter(place="ørs"), EventFilter(since=date(2020, 1, 1), until=date(2021, 6, 30)), EventFilter(historical=False),
    EventFilter(historical=True), EventFilter(min_confidence=0.85), EventFilter(min_confidence=0.95), EventFilter(country="TUR", status="actual"),
    EventFilter(article_id=make_article("7").article_id), EventFilter(event_types=["AID", "ASSAULT"]), EventFilter(outlet="keld", regions=["Western Asia"]),
    EventFilter(status="never"), EventFilter(min_sources=1), EventFilter(actor="", place=""),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["incidents", "events"])
@pytest.mark.parametrize("as_of", [None, datetime(2024, 6, 5, 20)])
@pytest.mark.parametrize("wanted", MORE)
def test_columns_find_what_the_store_finds(store: Store, wanted: EventFilter, as_of: datetime | None, kind: Kind) -> None:  # fmt: skip
    """A filter on columns and one in SQL choose the same rows."""
    wanted = replace(wanted, as_of=as_of)
    overview = Overview(kind, as_of=as_of)
    chosen = {i.decode() for i in overview.ids(store)[fitting(store, overview, wanted)].tolist()}
    find, key = (find_incidents, "incident_id") if kind == "incidents" else (find_events, "event_id")
    assert chosen == {row[key] for row in find(store, wanted)}


@pytest.mark.parametrize("kind", ["incidents", "events"])
@pytest.mark.parametrize("order", ["newest", "oldest", "reported"])
@pytest.mark.parametrize("wanted", [EventFilter(), EventFilter(country="NOR"), EventFilter(actor="XXX")])
def test_pages_are_those_of_the_store(store: Store, wanted: EventFilter, order: Order, kind: Kind) -> None:
    """Page after page the columns give the same rows, in the same order, with the same ends, whatever was asked before."""
    ask = incident_page if kind == "incidents" else event_page
    overview = Overview(kind)
    for limit, is_read in ((9, False), (9, True), (500, True)):
        if is_read:
            overview.flat(store)
        after: End | None = None
        while True:
            plain = ask(store, wanted, limit=limit, after=after, order=order)
            assert ask(store, wanted, limit=limit, after=after, order=order, overview=overview) == plain
            if (after := plain[1]) is None:
                break


@pytest.mark.parametrize(
    "sides",
    [(["NOR"], ["DNK"]), (["NOR/MIL", "TUR"], ["navy of"]), (["nor", "IRN"], ["NOR"]), (["XXX"], ["NOR"])],
)
def test_a_pair_is_found_by_its_sides(store: Store, sides: tuple[list[str], list[str]]) -> None:
    """The incidents of two sides are those in which members of both take part, by day."""
    found = find_pair(store, *sides)
    groups = [Group("", tuple(members)) for members in sides]
    wanted = {
        i["incident_id"]
        for i in find_incidents(store, EventFilter())
        if all(any(g.holds(p) for p in [*i["actors"], *i["recipients"]]) for g in groups)
    }
    assert {i["incident_id"] for i in found} == wanted
    assert len(found) == len(wanted)
    assert bool(found) == (sides[0] != ["XXX"])
    assert [i["date"]["from"] for i in found if i["date"]] == sorted(
        i["date"]["from"] for i in found if i["date"]
    )


def test_some_incidents_have_several_reports(store: Store) -> None:
    """The store above is rich enough: some incidents have more reports than one, some no place, some no day."""
    overview = Overview()
    incidents = list(find_incidents(store, EventFilter()))
    flat = overview.flat(store)
    assert len(incidents) == len(flat.rowid) < 80
    assert max(i["independent_sources"] for i in incidents) > 1
    assert 0 < fitting(store, overview, EventFilter(outlet="post")).sum() < len(incidents)
    assert (overview.places(store).of < 0).any()
    assert len(overview.people(store).words) > 3


@pytest.mark.parametrize("wanted", WANTED)
def test_the_map_shows_what_has_coordinates(store: Store, wanted: EventFilter) -> None:
    """Each incident with coordinates is one point at its place, newest first; the others are counted."""
    overview = Overview()
    found = map_of(store, overview, fitting(store, overview, wanted), limit=1000)
    incidents = list(find_incidents(store, wanted))
    placed = [i for i in incidents if i["place"] and i["place"]["lat"] is not None]
    columns = found["incidents"]
    by_id = {i["incident_id"]: i for i in placed}
    assert sorted(columns["id"]) == sorted(by_id)
    days = [d for d in columns["day"] if d is not None]
    assert columns["day"] == sorted(days, reverse=True) + [None] * (len(placed) - len(days))
    for n, one in enumerate(by_id[i] for i in columns["id"]):
        place = found["places"][columns["place"][n]]
        assert place == {k: one["place"][k] for k in place}
        assert found["types"][columns["type"][n]] == one["event_type"]
        assert columns["quad"][n] == one["quad_class"]
        day = date.fromisoformat(one["date"]["from"]) if one["date"] else None
        assert columns["day"][n] == (None if day is None else (day - DAY_ZERO).days)
    numbers = Counter((i["place"]["country"], str(i["quad_class"])) for i in incidents if i["place"] and i["place"]["country"])  # fmt: skip
    assert {(c, q): n for c, row in found["countries"].items() for q, n in row.items() if n} == numbers
    assert (found["total"], found["unplaced"], found["truncated"]) == (len(incidents), len(incidents) - len(placed), False)  # fmt: skip
    assert len(found["places"]) == len({tuple(p.values()) for p in found["places"]})


def test_a_limit_keeps_the_newest(store: Store) -> None:
    """A limit cuts points and places, not the numbers."""
    overview = Overview()
    chosen = fitting(store, overview, EventFilter())
    whole, part = (map_of(store, overview, chosen, limit=n) for n in (1000, 3))
    assert part["incidents"]["id"] == whole["incidents"]["id"][:3]
    assert len(part["places"]) <= 3
    assert part["truncated"]
    assert (part["countries"], part["unplaced"], part["total"]) == (whole["countries"], whole["unplaced"], whole["total"])  # fmt: skip


def test_an_empty_store_has_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without incidents there are no numbers and no points."""
    with open_store(tmp_path_factory.mktemp("empty") / "a.duckdb") as opened:
        overview = Overview()
        chosen = fitting(opened, overview, EventFilter())
        assert facets_of(opened, overview, chosen)["total"] == 0
        found = map_of(opened, overview, fitting(opened, overview, EventFilter(country="NOR")), limit=5)
    assert (found["places"], found["incidents"]["id"], found["countries"]) == ([], [], {})


@pytest.mark.parametrize(
    ("days", "step"),
    [([0, 90], "day"), ([0, 365], "week"), ([0, 3000], "month"), ([0, 20_000], "year"), ([-300_000, *range(0, 360)], "week")],
)  # fmt: skip
def test_periods_are_as_long_as_need_be(days: list[int], step: str) -> None:
    """Short stretches are counted by day, long ones by year, and a stray day of long ago changes nothing."""
    found = periods_of(np.array(days, np.int32))
    assert found["step"] == step
    assert sum(n for _, n in found["counts"]) == len(days)


@pytest.mark.parametrize("step", ["day", "week", "month", "year"])
def test_periods_begin_where_calendars_have_them(step: str) -> None:
    """The first days are those of the calendar, before 1970 too."""
    numbers = np.arange(-800, 800, 7, dtype=np.int32)
    for number, start in zip(numbers, starts_of(numbers, step), strict=True):
        day, first = date.fromisoformat(day_of(int(number))), date.fromisoformat(day_of(int(start)))
        expected = {
            "day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1), "year": day.replace(month=1, day=1),
        }  # fmt: skip
        assert first == expected[step]
