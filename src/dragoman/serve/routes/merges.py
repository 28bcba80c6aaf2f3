"""What people say of incidents: these reports are one, that one is another."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.errors import Gone, NotFound, UsageError
from dragoman.serve import bodies
from dragoman.serve.asked import Id
from dragoman.serve.routes.reviews import told, writing
from dragoman.store import Store
from dragoman.store.verdicts import find_incident, merge, split

router = APIRouter(tags=["reviews"])


@router.post("/incidents/{incident_id}/split", response_model=bodies.Stand, summary="Split an incident")
def take_apart(request: Request, incident_id: Id, said: bodies.Apart) -> Response:
    """Take events, or every event, out of an incident, for good; the answer names where its events stand now."""
    with writing(request) as desk:
        key = _current(desk.store, incident_id)
        return told({"incidents": split(desk.store, key, said.events, reviewer=desk.reviewer, at=desk.at)})


@router.post("/incidents/merge", response_model=bodies.Stand, summary="Merge incidents")
def join(request: Request, said: bodies.Together) -> Response:
    """Make several incidents one, for good."""
    with writing(request) as desk:
        keys = [_current(desk.store, incident) for incident in said.incidents]
        return told({"incidents": merge(desk.store, keys, reviewer=desk.reviewer, at=desk.at)})


def _current(store: Store, beginning: str) -> str:
    """Return the id of the incident that a beginning names.

    Raises:
        NotFound: None begins so, or several.
        Gone: It was merged, split or withdrawn since.
    """
    try:
        found = find_incident(store, beginning)
    except UsageError:
        found = None
    if found is None:
        raise NotFound(f'no incident "{beginning}" (or more than one begins so).')
    if found.moved:
        raise Gone(found.incident_id, found.current)
    return found.incident_id
