"""The evidence of an event: a quotation that anyone can check."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.evidence import get_evidence
from dragoman.serve import shapes
from dragoman.serve.answers import asking
from dragoman.serve.asked import Around, Id

router = APIRouter(tags=["evidence"])


@router.get("/evidence/{event_id}", response_model=shapes.EvidenceAnswer, summary="Get the evidence of an event")  # fmt: skip
def evidence(request: Request, event_id: Id, asked: Annotated[Around, Query()]) -> Response:
    """Return the sentence that an event rests on, with its surroundings, its offsets and its article.

    ``verified`` tells whether the stored text reads exactly so at these offsets.
    """
    with asking(request, as_of=asked.as_of) as now:
        return now.answer(
            lambda: {"evidence": get_evidence(now.store, event_id, context=asked.context, as_of=now.as_of)}
        )
