"""A store in Python: questions that give frames of Arrow, Polars or pandas, or plain rows.

``dragoman.open("news.duckdb")`` opens a store for reading. Each question returns a ``Result`` that fetches nothing until it is
asked for in some form. The packages behind the forms are no part of the core and are imported only then.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from dragoman.answer.asking import filter_of, to_day, to_moment
from dragoman.answer.briefs import get_brief, to_html, to_markdown
from dragoman.answer.coverage import iter_coverage
from dragoman.answer.network import get_network
from dragoman.answer.network import to_rows as network_rows
from dragoman.answer.outlook import get_outlook
from dragoman.answer.outlook import to_rows as outlook_rows
from dragoman.answer.relations import Relation, evidence_of, get_relation, to_rows
from dragoman.answer.search import find_sentences, terms_of
from dragoman.extras import load_extra
from dragoman.frame_rows import (
    ALERTS,
    EDGES,
    EXPECTATIONS,
    FOREIGN,
    HITS,
    PERIODS,
    POINTS,
    READ,
    TURNS,
    Row,
    alert_of,
    edge_of,
    expectation_of,
    hit_of,
    period_of,
    point_of,
    read_of,
)  # fmt: skip
from dragoman.ontology import Ontology, load_ontology
from dragoman.relate.groups import Group, side_of
from dragoman.relate.network import By
from dragoman.relate.outlook import HORIZONS
from dragoman.relate.series import Step
from dragoman.store import EventFilter, Store, find_foreign, open_store
from dragoman.store.opening import telling
from dragoman.store.paged import ARTICLE_COLUMNS, articles_where
from dragoman.store.queries import EVENT_COLUMNS, INCIDENT_COLUMNS, incidents_where, iter_rows, where_of
from dragoman.store.relating import find_alerts

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Status = Literal["actual", "future", "hypothetical", "negated"]
Day = date | str


class Wanted(TypedDict, total=False):
    """What events or incidents must be; what is left out may be anything.

    Attributes:
        actor: Who did it: "IRN", "IRN/MIL" or words of a name.
        recipient: To whom, in the same way.
        participant: Either, in the same way.
        types: Event types, such as ["ASSAULT", "COERCE"].
        since: First day of what happened.
        until: Last day of it.
        place: Words of the place's name.
        country: Country of the place or of any side.
        status: Whether it happened.
        historical: Whether it was told as background.
        min_confidence: Least confidence of the type; of an incident, that of one of its events.
        quads: Quad classes, 1 to 4.
        regions: Regions of the world, such as ["Western Asia"]: of the place's country, without one of the sides' countries.
        outlet: Words of the name of an outlet that reports it.
        min_sources: Least number of newsrooms that report it; of an event, its incident.
        as_of: The state of knowledge at a moment, or at the end of a day.
    """

    actor: str | None
    recipient: str | None
    participant: str | None
    types: Sequence[str]
    since: Day | None
    until: Day | None
    place: str | None
    country: str | None
    status: Status | None
    historical: bool | None
    min_confidence: float | None
    quads: Sequence[int]
    regions: Sequence[str]
    outlet: str | None
    min_sources: int | None
    as_of: datetime | Day | None


class Result:
    """The answer to one question, in the form that is asked for."""

    def __init__(self, rows: Callable[[], list[Row]], arrow: Callable[[], pyarrow.Table]) -> None:
        self._rows = rows
        self._arrow = arrow

    def rows(self) -> list[Row]:
        """Return rows as the JSON has them: days are words such as "2024-05-31".

        Raises:
            StoreError: The file could not be read.
        """
        return self._rows()

    def to_arrow(self) -> pyarrow.Table:
        """Return a table of Arrow.

        Raises:
            ExtraMissing: pyarrow is not installed.
            StoreError: The file could not be read.
        """
        load_extra("pyarrow", extra="frames", purpose="to_arrow()")
        return self._arrow()

    def to_polars(self) -> polars.DataFrame:
        """Return a frame of Polars.

        Raises:
            ExtraMissing: polars or pyarrow is not installed.
            StoreError: The file could not be read.
        """
        polars_ = load_extra("polars", extra="frames", purpose="to_polars()")
        frame: polars.DataFrame = polars_.from_arrow(self.to_arrow())
        return frame

    def to_pandas(self) -> pandas.DataFrame:
        """Return a frame of pandas; days are moments, so that they can be counted and grouped.

        Raises:
            ExtraMissing: pandas or pyarrow is not installed.
            StoreError: The file could not be read.
        """
        load_extra("pandas", extra="frames", purpose="to_pandas()")
        frame: pandas.DataFrame = self.to_arrow().to_pandas(date_as_object=False)
        return frame

    def __len__(self) -> int:
        return len(self.rows())


@dataclass(slots=True)
class Opened:
    """A store that is open for reading; close it, or use it as a context manager. No other process can write it meanwhile."""

    path: Path
    ontology: Ontology
    _store: Store = field(repr=False)

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def events(self, **wanted: Unpack[Wanted]) -> Result:
        """Return coded events, oldest first; ``Wanted`` says what may be asked for.

        Raises:
            UsageError: A day is not one.
            UnknownCode: A type or sector does not exist.
        """
        where = where_of(self._filter(wanted))
        order = '"date"."from" NULLS LAST, article_id, "trigger"."start", event_id'
        return self._select(f"SELECT {EVENT_COLUMNS} FROM events WHERE {where} ORDER BY {order}", where.values)  # fmt: skip

    def incidents(self, **wanted: Unpack[Wanted]) -> Result:
        """Return what happened, each incident once, oldest first; ``reports`` are ids of articles.

        Raises:
            UsageError: A day is not one.
            UnknownCode: A type or sector does not exist.
        """
        where = incidents_where(self._filter(wanted))
        order = '"date"."from" NULLS LAST, incident_id'
        return self._select(f"SELECT {INCIDENT_COLUMNS} FROM incidents WHERE {where} ORDER BY {order}", where.values)  # fmt: skip

    def articles(
        self, *, since: Day | None = None, until: Day | None = None, outlet: str | None = None, text: bool = False,
        as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return articles, by day of publication; with ``text`` their texts too.

        Raises:
            UsageError: A day is not one.
        """
        condition, values = articles_where(
            since=to_day("since", _words(since)), until=to_day("until", _words(until)), outlet=outlet,
            as_of=to_moment("as_of", _words(as_of)),
        )  # fmt: skip
        columns = ARTICLE_COLUMNS + (", text" if text else "")
        order = "published_on NULLS LAST, article_id"
        return self._select(f"SELECT {columns} FROM articles WHERE {condition} ORDER BY {order}", values)

    def relation(
        self, first: str | Group, second: str | Group, *, since: Day | None = None, until: Day | None = None,
        as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return the dated incidents of two sides, oldest first, each with its first sentence and where that stands.

        Raises:
            UsageError: A side or a day is not one.
            StoreError: The file could not be read.
        """
        moment = to_moment("as_of", _words(as_of))

        def rows() -> list[Row]:
            found = self._relation(first, second, since, until, "month", moment)
            told = to_rows(found, evidence=evidence_of(self._store, found.points, as_of=moment, most=1))
            return [point_of(p) for p in told["points"]]

        return _of_rows(rows, POINTS)

    def series(
        self, first: str | Group, second: str | Group, *, since: Day | None = None, until: Day | None = None,
        step: Step = "month", as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return per period the counts of two sides, how much was read, and the level with its interval.

        Raises:
            UsageError: A side or a day is not one.
            StoreError: The file could not be read.
        """
        moment = to_moment("as_of", _words(as_of))

        def rows() -> list[Row]:
            return [period_of(p) for p in to_rows(self._relation(first, second, since, until, step, moment))["series"]]  # fmt: skip

        return _of_rows(rows, PERIODS)

    def turns(
        self, first: str | Group, second: str | Group, *, since: Day | None = None, until: Day | None = None,
        as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return what changed between two sides, oldest first, each with the ids of the incidents that moved it.

        Raises:
            UsageError: A side or a day is not one.
            StoreError: The file could not be read.
        """
        moment = to_moment("as_of", _words(as_of))

        def rows() -> list[Row]:
            told = to_rows(self._relation(first, second, since, until, "month", moment))["changes"]
            return [{name: row[name] for name in TURNS} for row in told]

        return _of_rows(rows, TURNS)

    def outlook(
        self, first: str | Group, second: str | Group, *, weeks: Sequence[int] = HORIZONS, until: Day | None = None,
        as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return how likely more material conflict or cooperation than usual is in the next weeks; no row without enough history.

        Raises:
            UsageError: A side or a day is not one.
            StoreError: The file could not be read.
        """
        last, moment = to_day("until", _words(until)), to_moment("as_of", _words(as_of))

        def rows() -> list[Row]:
            sides = self._sides(first, second)
            found = get_outlook(
                self._store, *sides, ontology=self.ontology, horizons=weeks, until=last, as_of=moment
            )
            return [expectation_of(e) for e in outlook_rows(found)["expectations"]]

        return _of_rows(rows, EXPECTATIONS)

    def network(
        self, *, since: Day | None = None, until: Day | None = None, by: By = "country", min_incidents: int = 1,
        as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return who cooperates and who fights in a period: a row per pair, with the communities of both.

        Raises:
            UsageError: A day is not one, or networkx is not installed.
            StoreError: The file could not be read.
        """
        first, last, moment = to_day("since", _words(since)), to_day("until", _words(until)), to_moment("as_of", _words(as_of))  # fmt: skip

        def rows() -> list[Row]:
            found = get_network(
                self._store, ontology=self.ontology, since=first, until=last, by=by, least=min_incidents, as_of=moment,
            )  # fmt: skip
            told = network_rows(found)
            communities = {node["id"]: node.get("community") for node in told["nodes"]}
            return [edge_of(edge, communities) for edge in told["edges"]]

        return _of_rows(rows, EDGES)

    def foreign(
        self, first: str | None = None, second: str | None = None, *, since: Day | None = None, until: Day | None = None,
        datasets: Sequence[str] = (),
    ) -> Result:  # fmt: skip
        """Return events imported from GDELT, ICEWS, POLECAT or Phoenix, of two sides where they are given, oldest first.

        Raises:
            UsageError: A day is not one.
            StoreError: The file could not be read.
        """
        begin, end = to_day("since", _words(since)), to_day("until", _words(until))

        def rows() -> list[Row]:
            found = find_foreign(self._store, first, second, since=begin, until=end, datasets=datasets)
            return [{name: ({**row, "on": row["date"]["from"]})[name] for name in FOREIGN} for row in found]

        return _of_rows(rows, FOREIGN)

    def brief(
        self, first: str | Group, second: str | Group, *, since: Day | None = None, until: Day | None = None,
        as_of: datetime | Day | None = None, html: bool = False,
    ) -> str:  # fmt: skip
        """Return the brief of two sides as Markdown, or as a page of HTML.

        Raises:
            UsageError: A side or a day is not one.
            StoreError: The file could not be read.
        """
        found = get_brief(
            self._store, *self._sides(first, second), ontology=self.ontology, since=to_day("since", _words(since)),
            until=to_day("until", _words(until)), as_of=to_moment("as_of", _words(as_of)),
        )  # fmt: skip
        return to_html(found) if html else to_markdown(found)

    def search(self, query: str, *, limit: int = 100, **wanted: Unpack[Wanted]) -> Result:
        """Return the sentences that hold all words of a query, those that hold them most often first.

        Args:
            query: Words, and phrases in quotes.
            limit: At most so many.
            wanted: What the events of the sentences must be, as for ``events``.

        Raises:
            UsageError: There is no word in the query, or a value of ``wanted`` is not one.
            StoreError: The file could not be read.
        """
        which = self._filter(wanted)
        terms_of(query)
        return _of_rows(
            lambda: [hit_of(h) for h in find_sentences(self._store, query, which, limit=limit)[0]], HITS
        )

    def coverage(
        self, *, since: Day | None = None, until: Day | None = None, outlet: str | None = None,
        as_of: datetime | Day | None = None,
    ) -> Result:  # fmt: skip
        """Return what was read: a row per day and outlet, by day, with what its feeds offered where they were watched.

        Raises:
            UsageError: A day is not one.
            StoreError: The file could not be read.
        """
        first, last, moment = to_day("since", _words(since)), to_day("until", _words(until)), to_moment("as_of", _words(as_of))  # fmt: skip

        def rows() -> list[Row]:
            return [read_of(day) for day in iter_coverage(
                self._store, today=date.today(), since=first, until=last, outlet=outlet, as_of=moment)]  # fmt: skip

        return _of_rows(rows, READ)

    def alerts(self) -> Result:
        """Return the alerts that ``dragoman alerts`` told, oldest first, each with the ids of the incidents that moved it.

        Raises:
            StoreError: The file could not be read.
        """
        return _of_rows(lambda: [alert_of(a) for a in find_alerts(self._store)], ALERTS)

    def _sides(self, first: str | Group, second: str | Group) -> tuple[Group, Group]:
        a, b = (s if isinstance(s, Group) else side_of(s, ontology=self.ontology) for s in (first, second))
        return a, b

    def _relation(
        self, first: str | Group, second: str | Group, since: Day | None, until: Day | None, step: Step,
        as_of: datetime | None,
    ) -> Relation:  # fmt: skip
        return get_relation(
            self._store, *self._sides(first, second), ontology=self.ontology, since=to_day("since", _words(since)),
            until=to_day("until", _words(until)), step=step, as_of=as_of,
        )  # fmt: skip

    def _filter(self, wanted: Wanted) -> EventFilter:
        rest: dict[str, Any] = dict(wanted)
        rest |= {name: _words(rest.get(name)) for name in ("since", "until")}
        rest["as_of"] = to_moment("as_of", _words(rest.get("as_of")))
        return filter_of(**rest, ontology=self.ontology)

    def _select(self, sql: str, values: Sequence[Any]) -> Result:
        def arrow() -> Any:
            with telling(self.path):
                return self._store.connection.sql(sql, params=list(values)).to_arrow_table()

        return Result(lambda: list(iter_rows(self._store, sql, values)), arrow)


def open(path: str | os.PathLike[str], *, ontology: Ontology | None = None) -> Opened:
    """Return a store that is open for reading.

    Args:
        path: The store's file.
        ontology: The codes, with taught types; None for the packaged ones.

    Raises:
        StoreError: There is no such file, or it is not a store.
        StoreLocked: Another process writes to it.

    Example:
        ``with dragoman.open("news.duckdb") as news: frame = news.series("ARM", "AZE").to_polars()``
    """
    file = Path(path)
    return Opened(file, ontology or load_ontology(), open_store(file, read_only=True))


def _words(when: datetime | Day | None) -> str | None:
    return when.isoformat() if isinstance(when, date) else when


def _of_rows(rows: Callable[[], list[Row]], columns: Mapping[str, str]) -> Result:
    """Return a result of rows that were computed, with the types of its columns, so that no row gives the same columns."""

    def arrow() -> Any:
        pa = load_extra("pyarrow", extra="frames", purpose="to_arrow()")
        types = {
            name: pa.list_(pa.string()) if kind == "strings" else getattr(pa, kind)()
            for name, kind in columns.items()
        }
        days = [name for name, kind in columns.items() if kind == "date32"]
        dated = [{**row, **{d: date.fromisoformat(row[d]) if row[d] else None for d in days}} for row in rows()]  # fmt: skip
        return pa.Table.from_pylist(dated, schema=pa.schema(list(types.items())))

    return Result(rows, arrow)
