"""What requests that write may hold, and what they are answered, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictInt, StrictStr

from dragoman.serve.shapes import Event, Paged, Shape, Status
from dragoman.serve.users import Role

_MOST = 1_000_000_000
Code = Annotated[StrictStr, Field(min_length=1, max_length=64)]
Words = Annotated[StrictStr, Field(min_length=1, max_length=1000)]
At = Annotated[StrictInt, Field(ge=0, le=_MOST)]
SomeId = Annotated[StrictStr, Field(min_length=1, max_length=100, description="The id, or a beginning that only one has.")]  # fmt: skip


class Spot(Shape):
    """Where words stand, in characters of the article's text, end exclusive."""

    start: At
    end: At


class Side(Shape):
    """Who takes part: words of the sentence, and who they are."""

    text: Words = Field(description="Words of the sentence.")
    start: At | None = Field(None, description="Where they stand in the article's text, if several times.")
    country: Code | None = Field(None, description="ISO 3166-1 alpha-3 or a special code.", examples=["COL"])
    sectors: list[Code] | None = Field(
        None, max_length=20, description="PLOVER sectors; the first one counts."
    )


class Fields(Shape):
    """Fields of an event as they should be; those that are left out stay. Null takes a mode away."""

    event_type: Code | None = Field(None, examples=["REQUEST"])
    mode: Code | None = Field(None)
    status: Status | None = Field(None)
    actors: list[Side] | None = Field(None, max_length=50)
    recipients: list[Side] | None = Field(None, max_length=50)
    trigger: Spot | Words | None = Field(
        None, description="Offsets, or words that stand once in the sentence."
    )

    def to_wanted(self) -> dict[str, Any]:
        """Return the fields that were given."""
        told = self.model_dump(exclude_unset=True)
        for side in (*(told.get("actors") or ()), *(told.get("recipients") or ())):
            if side.get("start") is None:
                side.pop("start", None)
        return {name: value for name, value in told.items() if value is not None or name == "mode"}


class Review(Shape):
    """What a person says of an event."""

    verdict: Literal["accepted", "corrected", "rejected"]
    correction: Fields | None = Field(None, description='For "corrected": the fields that change.')


class Added(Fields):
    """An event that the coder missed."""

    event_type: Code = Field(examples=["REQUEST"])
    trigger: Spot | Words = Field(description="Where the text tells of it: offsets, or words that stand there once.")  # fmt: skip


class Said(Shape):
    """What an event is after a word on it, and where it stands."""

    event: Event | None = Field(description="The event as it is now; null when it was rejected.")
    incidents: list[str] = Field(
        description="Incidents that it stands in, and what those it stood in are now."
    )


class Apart(Shape):
    """What to take out of an incident."""

    events: list[SomeId] = Field([], max_length=1000, description="Events to take out, together; none for every event by itself.")  # fmt: skip


class Together(Shape):
    """What to join."""

    incidents: list[SomeId] = Field(max_length=200, description="Two incidents or more.")


class Stand(Shape):
    """Where events stand now."""

    incidents: list[str]


class ReviewRow(Shape):
    """One word of a person on an event."""

    review_id: str
    event_id: str
    article_id: str | None
    verdict: Literal["accepted", "corrected", "rejected", "added"]
    correction: dict[str, Any] | None = Field(description="The fields that it changed, with what follows from them.")  # fmt: skip
    reviewer: str | None
    recorded_at: str = Field(description="When, UTC.", examples=["2026-11-27T00:51:48.762176"])
    event_type: str | None = Field(description="Of the event as it is now, or was last.")
    quote: str | None
    title: str | None


class ReviewPage(Paged):
    """A page of what people said."""

    items: list[ReviewRow]


class SignIn(Shape):
    """Name and password, or the server's token."""

    name: Annotated[StrictStr, Field(max_length=200)] | None = None
    password: Annotated[StrictStr, Field(max_length=2000)] | None = Field(None, repr=False)
    token: Annotated[StrictStr, Field(max_length=2000)] | None = Field(None, repr=False)


class Person(Shape):
    """Who is signed in."""

    name: str
    role: Role


class May(Shape):
    """What a session may do beside reading."""

    review: bool
    merge: bool


class SessionAnswer(Shape):
    """Who asks, and what this server needs to answer."""

    user: Person | None
    csrf: str | None = Field(description="To send as X-CSRF-Token with every request that writes.")
    needs_token: bool = Field(
        description="Whether a token or a session is needed to read, and was not brought."
    )
    has_users: bool = Field(description="Whether there is anybody who may sign in.")
    may: May
    expires_at: str | None = Field(description="When the session ends if it is not used; UTC.")
