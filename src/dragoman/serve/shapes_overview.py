"""What answers hold that tell of many records at a glance: numbers, maps, rejections and feeds. See ``shapes``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dragoman.serve.shapes import Answer, Paged, Shape


class Periods(Shape):
    """How many incidents fall in each stretch of time."""

    step: Literal["day", "week", "month", "year"]
    counts: list[tuple[str, int]] = Field(description="First day of each period that has any, and how many.")


class Facets(Shape):
    """How many incidents there are of each kind."""

    total: int
    event_types: dict[str, int] = Field(examples=[{"ASSAULT": 31, "CONSULT": 12}])
    quad_classes: dict[str, int] = Field(description="By 1 to 4.")
    statuses: dict[str, int]
    countries: list[tuple[str, int]] = Field(description="Countries of the place or of any side, the most frequent.")  # fmt: skip
    regions: list[tuple[str, int]] = Field(description="Regions of the place's country, without one of the sides' countries.")  # fmt: skip
    outlets: list[tuple[str, int]] = Field(description="Outlets that report them, the most frequent.")
    periods: Periods
    undated: int = Field(description="How many have no day.")


class MapPlace(Shape):
    """A place on the map."""

    name: str | None
    country: str | None
    lat: float = Field(description="Degrees north.")
    lon: float = Field(description="Degrees east.")
    resolution: int | None = Field(description="1 (country) to 5 (in a city).")
    geonames_id: int | None


class MapColumns(Shape):
    """Incidents as columns of one length, newest first."""

    id: list[str]
    place: list[int] = Field(description="Which of the places, from 0.")
    day: list[int | None] = Field(description="First day, in days since 1970-01-01.")
    quad: list[int]
    type: list[int] = Field(description="Which of the types, from 0.")


class Map(Shape):
    """Where incidents lie."""

    places: list[MapPlace]
    incidents: MapColumns
    types: list[str]
    countries: dict[str, dict[str, int]] = Field(description="Incidents by the country of their place and by quad class.")  # fmt: skip
    unplaced: int = Field(description="How many have no coordinates.")
    total: int
    truncated: bool = Field(description="Whether there are more points than were asked for.")


class Rejection(Shape):
    """What a stage gave up on."""

    item_id: str = Field(description="A file, its line, an address, an article or an event.")
    stage: str = Field(description="read, clean, parse, resolve or store.")
    reason: str
    detail: str = Field(description="In words.")
    outlet: str | None = Field(description="Where it is known: of the feed that offered it, or of the stored article.")  # fmt: skip
    url: str | None
    recorded_at: str = Field(description="UTC.")


class RejectionCount(Shape):
    """How many rejections have one reason."""

    stage: str
    reason: str
    n: int
    means: str = Field(description="The reason in words.")


class Feed(Shape):
    """A feed as it stands."""

    feed_id: str
    url: str
    outlet: str
    country: str | None = Field(description="Where the outlet is at home.")
    kind: str | None = Field(description="rss, atom, json_feed, sitemap, sitemap_index or url_list; null before the first answer.")  # fmt: skip
    title: str | None
    state: Literal["ok", "quiet", "broken", "waiting"]
    last_try: str | None = Field(description="UTC.")
    last_good: str | None = Field(description="When it last answered well, UTC.")
    next_try: str | None = Field(description="UTC.")
    failures: int = Field(description="In a row.")
    offered: int = Field(description="Articles that it offered.")
    fetched: int
    coded: int
    rejected: int
    duplicate: int
    waiting: int
    reason: str | None = Field(description="Why it failed the last time.")
    detail: str | None


class FacetsAnswer(Answer):
    """Incidents in numbers."""

    facets: Facets


class MapAnswer(Answer):
    """Incidents on a map."""

    map: Map


class RejectionPage(Paged):
    """A page of rejections."""

    items: list[Rejection]


class RejectionCounts(Answer):
    """Rejections in numbers."""

    counts: list[RejectionCount]


class FeedPage(Paged):
    """A page of feeds."""

    items: list[Feed]


class OutletCalendar(Shape):
    """What was read of one outlet."""

    outlet: str
    cells: list[list[int]] = Field(description="One row per period of which anything is known, in the order of columns.")  # fmt: skip


class Calendar(Shape):
    """What was read, by outlet and period."""

    step: Literal["day", "week", "month", "year"]
    starts: list[str] = Field(description="First day of each period; weeks begin on Monday.")
    columns: list[str] = Field(description="Of a cell: the period's place in starts, then numbers of articles and days.")  # fmt: skip
    outlets: list[OutletCalendar]


class CalendarAnswer(Answer):
    """What was read, by outlet and period."""

    calendar: Calendar


class RegionsAnswer(Shape):
    """All regions."""

    regions: dict[str, list[str]] = Field(description="Codes of countries per region, after the UN's M49.")
