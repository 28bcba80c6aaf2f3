"""What was read, and how much the store holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.asking import to_day
from dragoman.answer.coverage import coverage_page
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Read
from dragoman.store import get_counts

router = APIRouter(tags=["coverage"])


@router.get("/coverage", response_model=shapes.CoveragePage, summary="What was read, per day and outlet")
def coverage(request: Request, asked: Annotated[Read, Query()]) -> Response:
    """Return per day and outlet how many stored articles were published, and how the outlet's feeds answered.

    What feeds did is told as it stands now, also with ``as_of``.
    """
    since, until = to_day("since", asked.since), to_day("until", asked.until)
    today = datetime.now(UTC).date()
    with asking(request, as_of=asked.as_of, page=asked.page, like=(str, str)) as now:

        def make() -> dict[str, object]:
            after = (str(now.mark.key[0]), str(now.mark.key[1])) if now.mark else None
            items, end = coverage_page(
                now.store, today=today, since=since, until=until, outlet=asked.outlet, as_of=now.as_of, limit=asked.limit,
                after=after,
            )  # fmt: skip
            return now.page(items, end)

        # Rows of feeds carry no time of recording, and quiet days are told up to today.
        return now.answer(make, also=(now.view.mark, today))


@router.get("/counts", response_model=shapes.CountsAnswer, summary="How much the store holds")
def counts(request: Request) -> Response:
    """Return how many articles, events, incidents, rejections and runs the store holds now."""
    with asking(request) as now:
        return now.answer(lambda: {"counts": get_counts(now.store)}, also=(now.view.mark,))
