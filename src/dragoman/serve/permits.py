"""What a request that writes must bring: a page of this server, a person's session with its second secret, a role, and JSON.

A browser sends cookies with requests that other sites make, so a cookie proves nothing. ``SameSite=Strict`` keeps it back, the origin
is compared, and ``X-CSRF-Token`` says what only a page of this server can have read.

Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet.
"""

from __future__ import annotations

import urllib.parse

from fastapi import Request

from dragoman.serve.problems import Refused
from dragoman.serve.sessions import Session

READS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF = "x-csrf-token"
# Where the gate leaves the session of a request, whether it brought the server's token, and whether it signs in or out.
SESSION, BROUGHT, SIGNS = "dragoman.session", "dragoman.token", "dragoman.signs"


def session_of(request: Request) -> Session | None:
    """Return the session of a request, or None."""
    found: Session | None = request.scope.get(SESSION)
    return found


def check_permit(request: Request) -> None:
    """Check that a request may write; those that read, and signing in and out, pass after less.

    Raises:
        Refused: It may not.
    """
    if request.method in READS:
        return
    check_origin(request)
    check_json(request)
    if request.scope.get(SIGNS):
        return
    session = session_of(request)
    if session is None and not request.scope.get(BROUGHT):
        raise Refused("unauthorized", "sign in to write: POST name and password to /api/v1/session.", headers={"WWW-Authenticate": 'Bearer realm="dragoman"'})  # fmt: skip
    if session is None or session.user is None:
        raise Refused("forbidden", "a token says what may be read, not who you are. To write, sign in with name and password: POST /api/v1/session.")  # fmt: skip
    check_csrf(request, session)
    if not session.may_review:
        raise Refused("forbidden", f'"{session.user.name}" is a {session.user.role} and may only read. Reviewers and admins may write.')  # fmt: skip


def check_csrf(request: Request, session: Session) -> None:
    """Check that a request says the second secret of its session.

    Raises:
        Refused: It does not.
    """
    if not session.is_csrf(request.headers.get(CSRF, "")):
        raise Refused("csrf", 'send the "csrf" of GET /api/v1/session as X-CSRF-Token; the one sent is missing or old.')  # fmt: skip


def check_origin(request: Request) -> None:
    """Check that a request was not made by a page of another site; programs that are no browser say nothing of it.

    Raises:
        Refused: It was.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        raise Refused("csrf", f"a page of another site ({site}) may not write here.")
    if origin is not None and _address(origin) != request.headers.get("host", "").strip().lower():
        raise Refused("csrf", f'a page of "{origin[:200]}" may not write here.')


def check_json(request: Request) -> None:
    """Check that a request says it is JSON: no form of another site can.

    Raises:
        Refused: It does not.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "DELETE" and kind != "application/json":
        raise Refused("media_type", f'send the request as "application/json"; got "{kind[:100]}".')


def _address(origin: str) -> str:
    """Return host and port of an origin, without the port that its scheme has anyway."""
    try:
        told = urllib.parse.urlsplit(origin)
    except ValueError:
        return ""
    return told.netloc.lower()
