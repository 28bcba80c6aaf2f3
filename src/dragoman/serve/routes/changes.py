"""Word of every change of the store, as it happens."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from dragoman.serve.changes import MEDIA_TYPE, MOST_LISTENERS, Changes
from dragoman.serve.permits import BROUGHT
from dragoman.serve.problems import Refused
from dragoman.serve.sessions import COOKIE, Sessions

router = APIRouter(tags=["live"])
_ANSWER = {
    200: {
        "description": 'Events "state" whose data are {"as_of"}: one at once, one whenever the store changed.',
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}


@router.get("/changes", response_class=StreamingResponse, responses=_ANSWER, summary="Hear of changes")  # type: ignore[arg-type]
async def changes(request: Request) -> Response:
    """Stream server-sent events: the state of the store now and after every change, and a comment as a sign of life."""
    told: Changes = request.app.state.changes
    if len(told) >= MOST_LISTENERS:
        raise Refused("rate_limited", f"{MOST_LISTENERS} listen already; try again in a minute.", headers={"Retry-After": "60"})  # fmt: skip
    sessions: Sessions = request.app.state.sessions
    key, is_open = request.cookies.get(COOKIE), request.app.state.token is None or request.scope.get(BROUGHT)

    def holds() -> bool:
        return bool(is_open) or sessions.find(key, touch=False) is not None

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(told.listen(holds), media_type=MEDIA_TYPE, headers=headers)
