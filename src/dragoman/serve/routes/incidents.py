"""What happened: each incident once, with its reports."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.details import find_reports, get_incident
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Id, Listed, Moment, Pages, to_filter
from dragoman.serve.paging import Mark
from dragoman.store.paged import Place, incident_page

router = APIRouter(tags=["incidents"])
KEY = (object, str)


@router.get("/incidents", response_model=shapes.IncidentPage, summary="List incidents")
def incidents(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    """List what happened, each incident once, with its reports and what it follows from."""
    with asking(request, as_of=asked.as_of, page=asked.page, like=KEY) as now:
        wanted = to_filter(asked, ontology=now.serving.ontology, as_of=now.as_of)

        def make() -> dict[str, object]:
            items, end = incident_page(
                now.store,
                wanted,
                limit=asked.limit,
                after=place_of(now.mark),
                order=asked.order,
                overview=now.overview("incidents"),
            )
            if now.as_of is None:
                now.serving.ahead.want(now.view)
            return now.page(items, key_of(end))

        return now.answer(make)


@router.get("/incidents/{incident_id}", response_model=shapes.IncidentAnswer, summary="Get an incident")
def incident(request: Request, incident_id: Id, asked: Annotated[Moment, Query()]) -> Response:
    """Return one incident with its sentences, the reasons why its reports are one, what it follows and what followed.

    Of its sentences and events these are the first hundred by day of publication; ``/incidents/{incident_id}/reports`` has all. An
    incident that was merged or split since answers 410 with the ids in which its events stand now.
    """
    with asking(request, as_of=asked.as_of) as now:
        return now.answer(lambda: {"incident": get_incident(now.store, incident_id, as_of=now.as_of)})


@router.get(
    "/incidents/{incident_id}/reports",
    response_model=shapes.ReportPage,
    summary="List the reports of an incident",
)
def reports(request: Request, incident_id: Id, asked: Annotated[Pages, Query()]) -> Response:
    """List the sentences of an incident, each with its event, by day of publication; those without a day come last."""
    with asking(request, as_of=asked.as_of, page=asked.page, like=(str, str, int, str)) as now:

        def make() -> dict[str, object]:
            after = None if now.mark is None else now.mark.key
            items, end = find_reports(now.store, incident_id, most=asked.limit, after=after, as_of=now.as_of)
            return now.page(items, end)

        return now.answer(make)


def place_of(mark: Mark | None) -> Place | None:
    """Return the place in a list by day and id that a token names.

    Raises:
        ValueError: The day in it is none; a token that was made here has one.
    """
    if mark is None:
        return None
    day, key = mark.key
    return Place(None if day is None else date.fromisoformat(day), key)


def key_of(end: Place | None) -> tuple[str | None, str] | None:
    """Return what a token says of a place in a list by day and id."""
    return None if end is None else (end.day.isoformat() if end.day else None, end.id)
