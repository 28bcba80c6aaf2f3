"""A store in Python: the same answer as rows and as frames of three packages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import dragoman
from dragoman.answer.alerts import new_alerts, to_row
from dragoman.errors import ExtraMissing, StoreError, UnknownCode, UsageError
from dragoman.frame_rows import ALERTS
from dragoman.frames import Opened, Result
from dragoman.ontology import load_ontology
from dragoman.relate.alerts import Rule
from dragoman.relate.groups import Group
from dragoman.store import (
    EventFilter,
    add_foreign,
    begin_run,
    find_events,
    find_incidents,
    open_store,
    write,
)
from dragoman.store.relating import note_alerts

from .border import WAR_DAY, border_store
from .invented import DIGEST, VERSION, make_coded
from .store.test_foreign import MAY, row
from .stories import joined, make_stories, tell


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Return an open store of invented stories and drills."""
    path = tmp_path_factory.mktemp("frames") / "a.duckdb"
    at = datetime(2024, 6, 1, 12, tzinfo=UTC)
    with open_store(path) as store:
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)
        stories = joined([*tell(make_stories(12, 1), articles=20, seed=2), make_coded("1", "2")])  # fmt: skip
        write(store, stories, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)
    with dragoman.open(path) as opened:
        yield opened


QUESTIONS: dict[str, Callable[[Opened], Result]] = {
    "events": lambda news: news.events(types=["ASSAULT", "COOPERATE"]),
    "incidents": lambda news: news.incidents(country="NOR"),
    "articles": lambda news: news.articles(outlet="outlet", text=True),
    "relation": lambda news: news.relation("NOR", "DNK"),
    "series": lambda news: news.series("NOR", "DNK", since="2024-05", step="week"),
    "network": lambda news: news.network(by="sector"),
    "coverage": lambda news: news.coverage(),
    "search": lambda news: news.search(news.events().rows()[0]["quote"]["text"].split()[0]),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_all_forms_hold_the_same(news: Opened, name: str) -> None:
    """Rows, Arrow, Polars and pandas have the same columns and the same number of rows, at least one."""
    found = QUESTIONS[name](news)
    rows, arrow, polars, pandas = found.rows(), found.to_arrow(), found.to_polars(), found.to_pandas()
    assert len(found) == len(rows) >= 1
    assert arrow.num_rows == polars.height == len(pandas) == len(rows)
    assert list(rows[0]) == arrow.column_names == polars.columns == list(pandas.columns)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("events", "event_id"),
        ("incidents", "incident_id"),
        ("articles", "article_id"),
        ("relation", "quote"),
        ("series", "exposure"),
    ],
)
def test_values_are_the_same_in_all_forms(news: Opened, name: str, key: str) -> None:
    """A column says the same in each form, in the same order."""
    found = QUESTIONS[name](news)
    values = [row[key] for row in found.rows()]
    assert found.to_arrow()[key].to_pylist() == values
    assert found.to_polars()[key].to_list() == values
    assert found.to_pandas()[key].tolist() == values


def test_answers_are_those_of_the_store(news: Opened) -> None:
    """Rows of events and incidents are those that the command line prints, also where sides, days and moments are asked for."""
    asked = EventFilter(actor="NOR", since=date(2024, 6, 1))
    with open_store(news.path, read_only=True) as store:
        assert news.events(actor="NOR", since="2024-06").rows() == list(find_events(store, asked))
        told = [i["incident_id"] for i in find_incidents(store, asked)]
    assert [i["incident_id"] for i in news.incidents(actor="NOR", since=date(2024, 6, 1)).rows()] == told
    assert told
    assert news.events(as_of=date(2024, 5, 1)).rows() == []
    assert len(news.events(as_of=datetime(2024, 6, 2))) == len(news.events())


def test_days_are_days(news: Opened) -> None:
    """Days are words in rows, dates in Arrow and Polars, and moments in pandas."""
    found = news.series("NOR", "DNK", since="2024-05", step="week")
    assert found.rows()[0]["start"] == "2024-04-29"
    assert found.to_polars()["start"][0] == date(2024, 4, 29)
    assert found.to_pandas()["start"].dt.year.tolist()[0] == 2024


def test_an_empty_answer_has_its_columns(news: Opened) -> None:
    """Nothing found gives the same columns with the same types as something."""
    for nothing, something in (
        (news.relation("PER", "XKX"), QUESTIONS["relation"](news)),
        (news.events(actor="PER/REB"), QUESTIONS["events"](news)),
    ):
        assert nothing.rows() == []
        assert nothing.to_arrow().schema == something.to_arrow().schema
        assert nothing.to_pandas().empty


@pytest.fixture(scope="module")
def border(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Return an open store of two states that talk for three years and then fight, with two foreign events beside it."""
    path = border_store(tmp_path_factory.mktemp("border") / "a.duckdb")
    with open_store(path) as store:
        add_foreign(store, [row("1"), row("2", line=3)], at=MAY)
    with dragoman.open(path) as opened:
        yield opened


def test_turns_are_a_frame(border: Opened) -> None:
    """The war is a turn to more conflict, with the incidents that moved it; who never met has none, in the same columns."""
    found = border.turns("KEN", "PER")
    (war,) = [row for row in found.rows() if row["kind"] == "conflict" and row["rises"]]
    assert war["since"] == str(WAR_DAY)
    assert war["after"] > war["before"]
    known = set(border.relation("KEN", "PER").to_arrow()["incident_id"].to_pylist())
    assert war["incidents"]
    assert set(war["incidents"]) <= known
    assert WAR_DAY in found.to_polars()["since"].to_list()
    nothing = border.turns("KEN", "ISL")
    assert nothing.rows() == []
    assert nothing.to_arrow().schema == found.to_arrow().schema


def test_the_outlook_is_a_frame(border: Opened) -> None:
    """A row per kind and length, each with the chance of the method that is shown; a short history gives none."""
    found = border.outlook("KEN", "PER", weeks=(1, 4))
    rows = found.rows()
    assert [(r["kind"], r["weeks"]) for r in rows] == [(k, n) for k in ("material_conflict", "material_cooperation") for n in (1, 4)]  # fmt: skip
    assert all(r["chance"] == r[r["shown"]] and 0 < r["chance"] < 1 and r["why"] for r in rows)
    assert found.to_polars()["until"].to_list() == [date.fromisoformat(r["until"]) for r in rows]
    assert border.outlook("KEN", "PER", until="2019-06").to_pandas().empty


def test_the_network_is_a_frame(border: Opened) -> None:
    """A row per pair with the counts that the series of that pair holds; those who only fight are in no community."""
    rows = {(r["first"], r["second"]): r for r in border.network(since="2019", until="2022-12-31").rows()}
    assert set(rows) == {("GEO", "TUR"), ("KEN", "PER")}
    of_pair = rows["KEN", "PER"]
    series = border.series("KEN", "PER", since="2019", until="2022-12-31").rows()
    for name in ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict"):
        assert of_pair[name] == sum(period[name] for period in series)
    assert of_pair["weight"] < 0 < rows["GEO", "TUR"]["weight"]
    assert of_pair["first_community"] is None
    assert rows["GEO", "TUR"]["first_community"] == rows["GEO", "TUR"]["second_community"] is not None


def test_foreign_events_are_a_frame(border: Opened) -> None:
    """What was imported can be had in all forms, and asked for by its sides."""
    found = border.foreign()
    assert [r["foreign_id"] for r in found.rows()] == ["1", "2"]
    assert found.to_arrow().column_names == found.to_polars().columns == list(found.rows()[0])
    assert found.to_polars()["on"].to_list() == [date.fromisoformat(r["on"]) for r in found.rows()]
    assert border.foreign("PER", "XKX").rows() == []


def test_a_search_gives_sentences_with_their_marks_and_events(news: Opened) -> None:
    """All hits hold the words; a filter narrows them; a query without a word is told."""
    word = news.events().rows()[0]["quote"]["text"].split()[0].strip(".,").lower()
    hits = news.search(word)
    assert len(hits) >= 1
    assert all(word in hit["quote"].lower() for hit in hits.rows())
    assert {hit["event_id"] for hit in hits.rows()} <= {e["event_id"] for e in news.events().rows()}
    assert len(news.search(word, limit=1)) == 1
    assert len(news.search(word, country="ZWE")) == 0
    with pytest.raises(UsageError, match="word"):
        news.search("  ")


def test_coverage_counts_the_articles_of_each_day(news: Opened) -> None:
    """Days and outlets add up to the articles that have a day; no feed was watched."""
    rows = news.coverage().rows()
    dated = [a for a in news.articles().rows() if a["published_on"]]
    assert sum(row["articles"] for row in rows) == len(dated)
    assert not any(row["watched"] for row in rows)
    assert len(news.coverage(since="2030-01-01")) == 0


def test_a_brief_is_text_with_its_sources(border: Opened) -> None:
    """Markdown or a page of HTML, the same that ``dragoman brief`` writes."""
    text = border.brief("KEN", "PER")
    assert text.startswith("# Kenya and Peru")
    assert "[1]" in text
    assert border.brief("KEN", "PER", html=True).startswith("<!DOCTYPE html>")
    with pytest.raises(UsageError):
        border.brief("KEN", "PER", since="yesterday")


def test_alerts_that_were_told_are_a_frame(border: Opened, tmp_path: Path) -> None:
    """Nothing was told yet: no rows, but the columns; what is noted as told comes back with its incidents."""
    assert border.alerts().rows() == []
    assert border.alerts().to_arrow().column_names == list(ALERTS)
    copy = tmp_path / "told.duckdb"
    shutil.copy(border.path, copy)
    rule = Rule("border", Group("Kenya", ("KEN",)), Group("Peru", ("PER",)))
    with open_store(copy) as store:
        (first, *_) = new_alerts(store, [rule], ontology=load_ontology(), since=WAR_DAY - timedelta(days=30))
        body = to_row(first)
        ids = [one["incident_id"] for one in body["incidents"]]
        told = {"since": first.change.since, "raised_on": first.change.raised_on, "incidents": ids, "body": body, "outputs": []}  # fmt: skip
        note_alerts(store, [body | told], at=datetime(2024, 6, 1))
    with dragoman.open(copy) as opened:
        (row,) = opened.alerts().rows()
        assert opened.alerts().to_arrow()["raised_on"].to_pylist() == [first.change.raised_on]
    assert row["alert_id"] == first.alert_id
    assert row["incidents"] == ids != []
    assert row["sides"] == list(first.sides)


def test_mistakes_are_told(news: Opened, tmp_path: Path) -> None:
    """A wrong type, sector, day or file is an error of ours; a misspelt filter is Python's own."""
    with pytest.raises(UnknownCode, match="PROTEST"):
        news.events(types=["PROTST"])
    with pytest.raises(UnknownCode, match="sector"):
        news.series("NOR/XYZ", "DNK").rows()
    with pytest.raises(UsageError, match="since must be a date"):
        news.incidents(since="soon")
    with pytest.raises(StoreError, match="there is no store"):
        dragoman.open(tmp_path / "none.duckdb")
    with pytest.raises(TypeError, match="actr"):
        news.events(actr="NOR")  # type: ignore[call-arg]


@pytest.mark.parametrize(("package", "form"), [("pyarrow", "to_arrow"), ("polars", "to_polars"), ("pandas", "to_pandas")])  # fmt: skip
def test_a_missing_package_is_named(news: Opened, package: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Without the package behind a form the error names it and how to install it; rows need none."""
    monkeypatch.setitem(sys.modules, package, None)
    found = news.events()
    with pytest.raises(ExtraMissing, match=rf'"{package}".*pip install "dragoman\[frames\]"'):
        getattr(found, form)()
    assert found.rows()


def test_opening_loads_no_frames(news: Opened) -> None:
    """Asking for rows imports none of the packages behind frames, nor those of the server."""
    code = (
        "import sys, dragoman\nwith dragoman.open(sys.argv[1]) as news: print(len(news.events()))\n"
        "print(*sorted({'pyarrow', 'polars', 'pandas', 'fastapi', 'mcp'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(news.path)], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.split() == [str(len(news.events()))]
