"""Articles: their text, and what was coded from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.details import get_article_with_events
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Id, Moment

router = APIRouter(tags=["articles"])


@router.get("/articles/{article_id}", response_model=shapes.ArticleAnswer, summary="Get an article")
def article(request: Request, article_id: Id, asked: Annotated[Moment, Query()]) -> Response:
    """Return an article with its text and its events, whose spans count characters of that text."""
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            row, events = get_article_with_events(now.store, article_id, as_of=now.as_of)
            return {"article": row, "events": events}

        return now.answer(make)


@router.get("/articles/{article_id}/events", response_model=shapes.EventsOfArticle, summary="Get an article's events")  # fmt: skip
def events_of_article(request: Request, article_id: Id, asked: Annotated[Moment, Query()]) -> Response:
    """Return the events of an article without its text, in the order of the text."""
    with asking(request, as_of=asked.as_of) as now:
        return now.answer(
            lambda: {"items": get_article_with_events(now.store, article_id, as_of=now.as_of)[1]}
        )
