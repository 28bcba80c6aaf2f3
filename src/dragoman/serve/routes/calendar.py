"""What was read, by outlet and period."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.asking import to_day
from dragoman.answer.calendar import calendar_of
from dragoman.serve import shapes_overview as shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Days

router = APIRouter(tags=["coverage"])


@router.get(
    "/coverage/calendar", response_model=shapes.CalendarAnswer, summary="What was read, per period and outlet"
)
def calendar(request: Request, asked: Annotated[Days, Query()]) -> Response:
    """Return per outlet and period how many articles were read, and on how many days its feeds answered, were quiet or failed.

    The step (day, week, month or year) follows from how long the time is. What feeds did is told as it stands now, also with ``as_of``.
    """
    since, until = to_day("since", asked.since), to_day("until", asked.until)
    today = datetime.now(UTC).date()
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            found = calendar_of(
                now.store, today=today, since=since, until=until, outlet=asked.outlet, as_of=now.as_of
            )
            return {"calendar": found}

        return now.answer(make, also=(now.view.mark, today))
