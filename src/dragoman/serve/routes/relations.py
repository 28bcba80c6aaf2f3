"""How two sides get on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.asking import check_period, to_day
from dragoman.answer.relations import evidence_of, get_relation, to_rows
from dragoman.relate.groups import side_of
from dragoman.relate.series import LEAST_SHARE
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Pair
from dragoman.store.relating import read_per_day

router = APIRouter(tags=["relations"])


@router.get("/relations", response_model=shapes.RelationAnswer, summary="How two sides get on")
def relations(request: Request, asked: Annotated[Pair, Query()]) -> Response:
    """Return the dated incidents of two sides with their sentences, and counts, level and turns over time."""
    since, until = to_day("since", asked.since), to_day("until", asked.until)
    check_period(since, until, step=asked.step, today=datetime.now(UTC).date())
    first, second = (side_of(words, ontology=request.app.state.serving.ontology) for words in (asked.first, asked.second))  # fmt: skip
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            coverage = now.view.remember("coverage", lambda: read_per_day(now.store, least_share=LEAST_SHARE)) if now.as_of is None else None  # fmt: skip
            relation = get_relation(
                now.store, first, second, ontology=now.serving.ontology, since=since, until=until, step=asked.step,
                as_of=now.as_of, coverage=coverage,
            )  # fmt: skip
            evidence = evidence_of(now.store, relation.points, as_of=now.as_of)
            return {"relation": to_rows(relation, evidence=evidence)}

        return now.answer(make)
