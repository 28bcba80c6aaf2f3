"""Feeds that are watched."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.serve import shapes_overview as shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Watched
from dragoman.store.watched import feed_page

router = APIRouter(tags=["coverage"])


@router.get("/feeds", response_model=shapes.FeedPage, summary="List feeds")
def feeds(request: Request, asked: Annotated[Watched, Query()]) -> Response:
    """List the feeds that were watched, by outlet: whether they answer, what they offered, and what became of it.

    ``state`` is ok, quiet (it answers and offered nothing new for a week), broken (it failed the last time) or waiting (it was not
    asked yet). Feeds have no history: they are told as they stand.
    """
    with asking(request, page=asked.page, like=(str, str)) as now:

        def make() -> dict[str, object]:
            after = (str(now.mark.key[0]), str(now.mark.key[1])) if now.mark else None
            items, end = feed_page(now.store, outlet=asked.outlet, limit=asked.limit, after=after)
            return now.page(items, end)

        return now.answer(make, also=(now.view.mark,))
