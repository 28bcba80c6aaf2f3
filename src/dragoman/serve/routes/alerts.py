"""What changed and was told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.alerts import alerts_like
from dragoman.answer.asking import to_day
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Told

router = APIRouter(tags=["alerts"])


@router.get("/alerts", response_model=shapes.AlertPage, summary="List alerts")
def alerts(request: Request, asked: Annotated[Told, Query()]) -> Response:
    """List the alerts that ``dragoman alerts`` told, the newest turn first, with the incidents and sentences that moved it."""
    since, until = to_day("since", asked.since), to_day("until", asked.until)
    with asking(request, page=asked.page, like=(str, str)) as now:

        def make() -> dict[str, object]:
            found = alerts_like(
                now.store, sides=asked.side, kind=asked.kind, rises=asked.rises, since=since, until=until
            )
            told = [one["body"] for one in found]
            told.sort(key=lambda a: (a["raised_on"], a["alert_id"]), reverse=True)
            if now.mark is not None:
                told = [a for a in told if (a["raised_on"], a["alert_id"]) < now.mark.key]
            items = told[: asked.limit]
            end = (items[-1]["raised_on"], items[-1]["alert_id"]) if len(told) > asked.limit else None
            return now.page(items, end)

        return now.answer(make, also=(now.view.mark,))
