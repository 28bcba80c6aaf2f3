"""Who stands with whom in a period."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.asking import to_day
from dragoman.answer.network import get_network, to_rows
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Period

router = APIRouter(tags=["relations"])


@router.get("/network", response_model=shapes.NetworkAnswer, summary="Who stands with whom")
def network(request: Request, asked: Annotated[Period, Query()]) -> Response:
    """Return the signed network of a period as node-link data, with communities, balance and the strongest pairs.

    With an earlier time to compare with, ``moves`` tells whose position changed since.
    """
    since, until = to_day("since", asked.since), to_day("until", asked.until)
    before = to_day("compare_since", asked.compare_since), to_day("compare_until", asked.compare_until)
    earlier = before if any(before) else None
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            found = get_network(
                now.store, ontology=now.serving.ontology, since=since, until=until, by=asked.by, least=asked.least,
                earlier=earlier, as_of=now.as_of,
            )  # fmt: skip
            return {"network": to_rows(found)}

        return now.answer(make)
