"""What to expect of a pair."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.asking import to_day
from dragoman.answer.outlook import get_outlook, to_rows
from dragoman.relate.groups import side_of
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Ahead

router = APIRouter(tags=["relations"])


@router.get("/outlook", response_model=shapes.OutlookAnswer, summary="What to expect of two sides")
def outlook(request: Request, asked: Annotated[Ahead, Query()]) -> Response:
    """Return how likely more conflict and cooperation than usual are in the next 1, 4 and 12 weeks, and how such chances fared."""
    until = to_day("until", asked.until)
    first, second = (side_of(words, ontology=request.app.state.serving.ontology) for words in (asked.first, asked.second))  # fmt: skip
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            found = get_outlook(
                now.store, first, second, ontology=now.serving.ontology, until=until, as_of=now.as_of
            )
            return {"outlook": to_rows(found)}

        return now.answer(make)
