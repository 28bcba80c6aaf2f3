"""Who takes part in stored events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.people import Rank, find_people
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Named

router = APIRouter(tags=["actors"])


@router.get("/actors", response_model=shapes.ActorPage, summary="List actors and recipients")
def actors(request: Request, asked: Annotated[Named, Query()]) -> Response:
    """List the names that take part in events with their countries and how often, the most frequent first."""
    with asking(request, as_of=asked.as_of, page=asked.page, like=(int, str, str)) as now:

        def make() -> dict[str, object]:
            after = Rank(*now.mark.key) if now.mark else None
            items, end = find_people(now.store, asked.q, limit=asked.limit, after=after, as_of=now.as_of)
            return now.page(items, (end.events, end.name, end.country) if end else None)

        return now.answer(make)
