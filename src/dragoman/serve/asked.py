"""What a request may ask: the parameters of each list, described once, and how they become filters."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from dragoman.answer.asking import filter_of
from dragoman.ontology import Ontology
from dragoman.store import EventFilter

_WORDS = 300
Id = Annotated[str, Path(description="The id, or a beginning that only one has.", max_length=100, examples=["f95fae1078036d81"])]  # fmt: skip


class Moment(BaseModel):
    """Which state of knowledge an answer tells of."""

    as_of: str | None = Field(
        None, max_length=40, examples=["2026-11-27"],
        description="The state of knowledge at the end of that day, or at a moment such as 2026-11-27T12:00 (UTC). Default: now.",
    )  # fmt: skip


class Pages(Moment):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=500, description="At most so many.")
    page: str | None = Field(None, max_length=1000, description='Token of a page: "next" of the page before.')


class Filters(Moment):
    """What incidents or events must be; all conditions must hold."""

    actor: str | None = Field(
        None, max_length=_WORDS, examples=["IRN/MIL"],
        description="Who did it: a country (IRN), country and sector (IRN/MIL), or words of a name.",
    )  # fmt: skip
    recipient: str | None = Field(None, max_length=_WORDS, examples=["AZE"], description="To whom, in the same way.")  # fmt: skip
    participant: str | None = Field(None, max_length=_WORDS, examples=["ARM"], description="Either, in the same way.")  # fmt: skip
    type: list[str] = Field([], max_length=40, examples=[["ASSAULT", "COERCE"]], description="Event types; repeat it or set commas.")  # fmt: skip
    since: str | None = Field(None, max_length=20, examples=["2020-09-27"], description="First day, month or year of what happened.")  # fmt: skip
    until: str | None = Field(None, max_length=20, examples=["2020-11-10"], description="Last day of it.")
    place: str | None = Field(None, max_length=_WORDS, examples=["Stepanakert"], description="Words of the place's name.")  # fmt: skip
    country: str | None = Field(None, max_length=3, examples=["AZE"], description="Country of the place or of any side.")  # fmt: skip
    status: Literal["actual", "future", "hypothetical", "negated"] | None = Field(None, description="Whether it happened.")  # fmt: skip
    historical: bool | None = Field(None, description="Whether it was told as background.")
    min_confidence: float | None = Field(
        None, ge=0, le=1, examples=[0.8],
        description="Least confidence of the type; of an incident, that of one of its events.",
    )  # fmt: skip
    quad: list[Annotated[int, Field(ge=1, le=4)]] = Field(
        [], max_length=4, examples=[[3, 4]],
        description="Quad classes: 1 verbal, 2 material cooperation; 3 verbal, 4 material conflict. Repeat it for several.",
    )  # fmt: skip
    region: list[str] = Field(
        [], max_length=40, examples=[["Western Asia"]],
        description="Regions as /regions lists them: of the place's country, without one of the countries of the sides. Repeat it for several.",
    )  # fmt: skip
    outlet: str | None = Field(None, max_length=_WORDS, examples=["BBC"], description="Words of the name of an outlet that reports it.")  # fmt: skip
    min_sources: int | None = Field(None, ge=1, le=1000, examples=[2], description="Least number of newsrooms that report it; of an event, its incident.")  # fmt: skip


class Listed(Filters, Pages):
    """What a list of incidents or events holds, and its order."""

    order: Literal["newest", "oldest", "reported"] = Field(
        "newest",
        description="By the day of what happened; or reported: by that of the last report, newest first. Undated ones come last.",
    )  # fmt: skip


class Mapped(Filters):
    """What a map shows."""

    limit: int = Field(100_000, ge=1, le=100_000, description="At most so many incidents, the newest.")


class Searched(Filters, Pages):
    """What is searched for."""

    q: str = Field(min_length=1, max_length=500, examples=['ambassador "Security Council"'],
                   description='Words that must all stand in the sentence; "words in quotes" stand together.')  # fmt: skip
    meaning: bool = Field(False, description="Find sentences of like meaning with the encoder, whatever their words.")  # fmt: skip


class Named(Pages):
    """Which names are looked for."""

    q: str = Field("", max_length=_WORDS, examples=["guard"], description="Words of the name, or a country's code.")  # fmt: skip


class Days(Moment):
    """Of which days and outlets coverage is told."""

    since: str | None = Field(None, max_length=20, examples=["2024-01"], description="First day, month or year.")  # fmt: skip
    until: str | None = Field(None, max_length=20, description="Last day.")
    outlet: str | None = Field(None, max_length=_WORDS, description="Words of the outlet's name.")


class Read(Days):
    """Which page of the coverage by day."""

    limit: int = Field(1000, ge=1, le=10_000, description="At most so many.")
    page: str | None = Field(None, max_length=1000, description='Token of a page: "next" of the page before.')


class Pair(Moment):
    """Of which two sides and which time a relation is told."""

    first: str = Field(
        min_length=1, max_length=_WORDS, examples=["ARM"],
        description="One side: a country (IRN), country and sector (IRN/MIL), words of a name, or several codes with commas.",
    )  # fmt: skip
    second: str = Field(min_length=1, max_length=_WORDS, examples=["AZE"], description="The other side, in the same way.")  # fmt: skip
    since: str | None = Field(None, max_length=20, examples=["2018"], description="First day, month or year to tell of.")  # fmt: skip
    until: str | None = Field(None, max_length=20, description="Last day to tell of.")
    step: Literal["day", "week", "month"] = Field("month", description="Length of a period of the series.")


class Ahead(Moment):
    """Of which two sides an outlook is told."""

    first: str = Field(min_length=1, max_length=_WORDS, examples=["ARM"], description="One side, as in /relations.")  # fmt: skip
    second: str = Field(min_length=1, max_length=_WORDS, examples=["AZE"], description="The other side.")
    until: str | None = Field(None, max_length=20, description="Last day that may be known; default: the last that was read.")  # fmt: skip


class Period(Moment):
    """Of which time a network is told, and what its nodes are."""

    since: str | None = Field(None, max_length=20, examples=["2020"], description="First day, month or year.")
    until: str | None = Field(None, max_length=20, description="Last day.")
    by: Literal["country", "sector"] = Field("country", description="What a node is: a country, or a country and a sector.")  # fmt: skip
    least: int = Field(1, ge=1, le=10_000, description="Fewest incidents of a pair.")
    compare_since: str | None = Field(None, max_length=20, description="First day of an earlier time that positions are compared with.")  # fmt: skip
    compare_until: str | None = Field(None, max_length=20, description="Last day of it.")


class Page(Moment):
    """Of which two sides a page is written, and in which form."""

    first: str = Field(min_length=1, max_length=_WORDS, examples=["ARM"], description="One side, as in /relations.")  # fmt: skip
    second: str = Field(min_length=1, max_length=_WORDS, examples=["AZE"], description="The other side.")
    since: str | None = Field(None, max_length=20, examples=["2018"], description="First day, month or year to tell of.")  # fmt: skip
    until: str | None = Field(None, max_length=20, description="Last day to tell of.")
    format: Literal["markdown", "html"] = Field("markdown", description="Form of the page.")


class Refused(Moment):
    """Which rejections are listed."""

    outlet: str | None = Field(None, max_length=_WORDS, description="Words of the outlet's name, where it is known.")  # fmt: skip
    reason: str | None = Field(None, max_length=60, examples=["empty"], description="Why, a word of /rejections/counts.")  # fmt: skip
    stage: str | None = Field(None, max_length=60, examples=["clean"], description="Which stage gave up: read, clean, parse, resolve or store.")  # fmt: skip
    limit: int = Field(50, ge=1, le=500, description="At most so many.")
    page: str | None = Field(None, max_length=1000, description='Token of a page: "next" of the page before.')


class Watched(BaseModel):
    """Which page of the feeds."""

    outlet: str | None = Field(None, max_length=_WORDS, description="Words of the outlet's name.")
    limit: int = Field(500, ge=1, le=5000, description="At most so many.")
    page: str | None = Field(None, max_length=1000, description='Token of a page: "next" of the page before.')


class Told(BaseModel):
    """Which alerts, and which page of them; all conditions must hold."""

    side: list[str] = Field(
        [], max_length=2, examples=[["ARM", "AZE"]],
        description="Who must be a side of it or a member of one: a code, or a name as the alert has it. Repeat it for a pair.",
    )  # fmt: skip
    kind: Literal["conflict", "cooperation"] | None = Field(
        None, description="Of what there is more or less."
    )
    rises: bool | None = Field(None, description="Whether there is more of it (true) or less.")
    since: str | None = Field(None, max_length=20, examples=["2024"], description="First day, month or year on which it was sure.")  # fmt: skip
    until: str | None = Field(None, max_length=20, description="Last day of it.")
    limit: int = Field(50, ge=1, le=500, description="At most so many.")
    page: str | None = Field(None, max_length=1000, description='Token of a page: "next" of the page before.')


class Around(Moment):
    """How much text around a sentence is shown."""

    context: int = Field(300, ge=0, le=5000, description="Characters before and after.")


def to_filter(
    asked: Filters, *, ontology: Ontology, as_of: datetime | None, article_id: str | None = None
) -> EventFilter:
    """Return the filter of a request.

    Raises:
        UsageError: A date is not one.
        UnknownCode: A type or sector does not exist.
    """
    return filter_of(
        ontology=ontology, actor=asked.actor, recipient=asked.recipient, participant=asked.participant, types=asked.type,
        since=asked.since, until=asked.until, place=asked.place, country=asked.country, status=asked.status,
        min_confidence=asked.min_confidence, historical=asked.historical, quads=asked.quad, regions=asked.region,
        outlet=asked.outlet, min_sources=asked.min_sources, as_of=as_of, article_id=article_id,
    )  # fmt: skip
