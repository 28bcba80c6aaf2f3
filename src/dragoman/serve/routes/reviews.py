"""What people say of events: accepting, correcting, rejecting, adding; and all that was said."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from dragoman.answer.details import get_event
from dragoman.errors import NotFound, UsageError
from dragoman.records import Event
from dragoman.serve import bodies
from dragoman.serve.answers import Serving, asking, to_bytes
from dragoman.serve.asked import Id
from dragoman.serve.permits import session_of
from dragoman.serve.writing import Writing
from dragoman.store import Store, add_review, get_article, get_event_id
from dragoman.store.gold import iter_examples, make_gold
from dragoman.store.reviewed import Wanted, review_page
from dragoman.store.verdicts import find_incident, incidents_of

router = APIRouter(tags=["reviews"])
NDJSON = "application/x-ndjson"


class Reviewed(BaseModel):
    """Which reviews a list holds."""

    reviewer: str | None = Field(None, max_length=200, description="Who said it.")
    verdict: Literal["accepted", "corrected", "rejected", "added"] | None = Field(
        None, description="What was said."
    )
    article_id: str | None = Field(
        None, max_length=100, description="Of which article: its id, or a beginning."
    )
    limit: int = Field(50, ge=1, le=500, description="At most so many.")
    page: str | None = Field(None, max_length=1000, description='Token of a page: "next" of the page before.')


@dataclass(frozen=True, slots=True)
class Desk:
    """The store, open for one request that writes, and who writes when."""

    store: Store
    reviewer: str
    at: datetime


@contextlib.contextmanager
def writing(request: Request) -> Iterator[Desk]:
    """Give a request that may write the store to write.

    Raises:
        StoreLocked: Others hold it.
        StoreError: It cannot be written.
    """
    session = session_of(request)
    assert session is not None  # ``check_permit`` has let it through
    assert session.user is not None
    to_write: Writing = request.app.state.writing
    with to_write.open() as store:
        yield Desk(store, session.user.name, request.app.state.sessions.clock())


def told(body: object) -> Response:
    """Return the answer to a request that wrote."""
    return Response(to_bytes(body), headers={"Cache-Control": "no-store"}, media_type="application/json")


@router.post("/events/{event_id}/reviews", response_model=bodies.Said, summary="Review an event")
def review(request: Request, event_id: Id, said: bodies.Review) -> Response:
    """Accept, correct or reject an event, for good: it holds when the article is coded anew. The newest word holds."""
    serving: Serving = request.app.state.serving
    with writing(request) as desk:
        key = _event_id(desk.store, event_id)
        before = incidents_of(desk.store, [key])
        event = add_review(
            desk.store, event_id=key, verdict=said.verdict, correction=said.correction.to_wanted() if said.correction else None,
            reviewer=desk.reviewer, at=desk.at, ontology=serving.ontology,
        )  # fmt: skip
        return told(_said(desk.store, event, key, before))


@router.post("/articles/{article_id}/events", response_model=bodies.Said, summary="Add an event")
def add(request: Request, article_id: Id, said: bodies.Added) -> Response:
    """Add an event that the coder missed, by the words that tell of it."""
    serving: Serving = request.app.state.serving
    with writing(request) as desk:
        article = get_article(desk.store, article_id) if article_id.strip() else None
        if article is None:
            raise NotFound(f'no article "{article_id}" (or more than one begins so).')
        event = add_review(
            desk.store, event_id=None, verdict="added", correction={**said.to_wanted(), "article_id": article["article_id"]},
            reviewer=desk.reviewer, at=desk.at, ontology=serving.ontology,
        )  # fmt: skip
        assert event is not None  # an added event is there
        return told(_said(desk.store, event, event.event_id, ()))


@router.get("/reviews", response_model=bodies.ReviewPage, summary="List reviews")
def reviews(request: Request, asked: Annotated[Reviewed, Query()]) -> Response:
    """List what people said of events, the newest first, each with the event's sentence."""
    wanted = Wanted(asked.reviewer, asked.verdict, asked.article_id)
    with asking(request, page=asked.page, like=(str, str)) as now:

        def make() -> dict[str, object]:
            after = (now.mark.key[0], now.mark.key[1]) if now.mark is not None else None
            return now.page(*review_page(now.store, wanted, limit=asked.limit, after=after))

        # A word that changes no event changes the file all the same.
        return now.answer(make, also=(now.view.mark,))


@router.get(
    "/reviews/export", response_class=Response, summary="Export reviews",
    responses={200: {"description": "A JSON object a line.", "content": {NDJSON: {"schema": {"type": "string"}}}}},
)  # fmt: skip
def export(
    request: Request,
    format: Annotated[Literal["gold", "examples"], Query(description="gold: articles all of whose events are reviewed, annotated; examples: a sentence per reviewed event, to teach with.")],
) -> Response:  # fmt: skip
    """Return what was said as lines of JSON, the same as those of ``dragoman review --gold`` and ``--examples``."""
    with asking(request) as now:

        def make() -> bytes:
            rows = make_gold(now.store)[0] if format == "gold" else iter_examples(now.store)
            return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()

        attached = {"Content-Disposition": f'attachment; filename="{format}.jsonl"'}
        return now.send(make, NDJSON, also=(now.view.mark,), headers=attached)


def _event_id(store: Store, beginning: str) -> str:
    try:
        return get_event_id(store, beginning)
    except UsageError:
        raise NotFound(f'no event "{beginning}" (or more than one begins so).') from None


def _said(store: Store, event: Event | None, key: str, before: tuple[str, ...]) -> dict[str, object]:
    """Return an event as it is now, with the incidents that it stands in and those that it stood in before as they are."""
    former = [find_incident(store, incident) for incident in before]
    now = {i for one in former if one is not None for i in one.current}
    return {
        "event": get_event(store, key) if event is not None else None,
        "incidents": sorted({*now, *incidents_of(store, [key])}),
    }
