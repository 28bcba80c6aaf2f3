"""What was given up on, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.records import REASONS
from dragoman.serve import shapes_overview as shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Moment, Refused
from dragoman.store.rejected import count_rejections, rejection_page

router = APIRouter(tags=["coverage"])


@router.get("/rejections", response_model=shapes.RejectionPage, summary="List what was rejected")
def rejections(request: Request, asked: Annotated[Refused, Query()]) -> Response:
    """List files, lines, pages, articles and events that a stage gave up on, the newest first, each with its reason."""
    with asking(request, as_of=asked.as_of, page=asked.page, like=(str, str, str, str)) as now:

        def make() -> dict[str, object]:
            after = (str(now.mark.key[0]), str(now.mark.key[1]), str(now.mark.key[2]), str(now.mark.key[3])) if now.mark else None  # fmt: skip
            items, end = rejection_page(
                now.store, outlet=asked.outlet, reason=asked.reason, stage=asked.stage, as_of=now.as_of, limit=asked.limit,
                after=after,
            )  # fmt: skip
            return now.page(items, end)

        # A run that only rejected changes nothing else, and what feeds offered carries no time of recording.
        return now.answer(make, also=(now.view.mark,))


@router.get("/rejections/counts", response_model=shapes.RejectionCounts, summary="Count what was rejected")
def counts(request: Request, asked: Annotated[Moment, Query()]) -> Response:
    """Return how many rejections there are per stage and reason, the most frequent first."""
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            found = count_rejections(now.store, as_of=now.as_of)
            return {"counts": [{**row, "means": REASONS.get(row["reason"], "")} for row in found]}

        return now.answer(make, also=(now.view.mark,))
