"""Coded events: one of one article each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.details import get_event
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Id, Listed, Moment, to_filter
from dragoman.serve.routes.incidents import KEY, key_of, place_of
from dragoman.store.paged import event_page

router = APIRouter(tags=["events"])


@router.get("/events", response_model=shapes.EventPage, summary="List events")
def events(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """List coded events; several articles that tell of one thing give several."""
    with asking(request, as_of=asked.as_of, page=asked.page, like=KEY) as now:
        wanted = to_filter(asked, ontology=now.serving.ontology, as_of=now.as_of)

        def make() -> dict[str, object]:
            items, end = event_page(
                now.store,
                wanted,
                limit=asked.limit,
                after=place_of(now.mark),
                order=asked.order,
                overview=now.overview("events"),
            )
            return now.page(items, key_of(end))

        return now.answer(make)


@router.get("/events/{event_id}", response_model=shapes.EventAnswer, summary="Get an event")
def event(request: Request, event_id: Id, asked: Annotated[Moment, Query()]) -> Response:
    """Return one event with all its fields, their confidence, and reasons for what is missing."""
    with asking(request, as_of=asked.as_of) as now:
        return now.answer(lambda: {"event": get_event(now.store, event_id, as_of=now.as_of)})
