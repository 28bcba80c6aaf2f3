"""Signing in and out, and who is signed in."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.errors import UsageError, UsersError
from dragoman.serve import bodies
from dragoman.serve.answers import to_bytes
from dragoman.serve.limits import Attempts
from dragoman.serve.permits import BROUGHT, check_csrf, session_of
from dragoman.serve.problems import Refused
from dragoman.serve.sessions import COOKIE, Session, Sessions
from dragoman.serve.users import User

router = APIRouter(tags=["session"])


@router.get("/session", response_model=bodies.SessionAnswer, summary="Who is signed in")
def session(request: Request) -> Response:
    """Return who is signed in, what that allows, and what is needed to sign in; it needs no token."""
    return _told(request, session_of(request))


@router.post("/session", response_model=bodies.SessionAnswer, summary="Sign in")
def sign_in(request: Request, said: bodies.SignIn) -> Response:
    """Begin a session with name and password, or with the server's token to read only; the answer sets a cookie."""
    is_by_name = said.name is not None and said.password is not None and said.token is None
    if not is_by_name and (said.token is None or said.name is not None or said.password is not None):
        raise UsageError('send {"name", "password"}, or {"token"}.')
    attempts: Attempts = request.app.state.attempts
    client = request.client.host if request.client else "unknown"
    keys = [f"client {client}", f"name {said.name.strip().casefold()}"] if said.name is not None else [f"client {client}"]  # fmt: skip
    after = attempts.begin(keys)
    if after is not None:
        raise Refused("rate_limited", f"too many failed attempts to sign in; try again in {after} s.", headers={"Retry-After": str(after)})  # fmt: skip
    sessions: Sessions = request.app.state.sessions
    try:
        user = _user(request, said.name, said.password)
    except (UsersError, Refused):
        attempts.forgive(keys)
        raise
    if user is None and not (said.token is not None and _is_token(request, said.token)):
        wrong = "name or password is wrong." if said.token is None else "the token is wrong."
        raise Refused("unauthorized", wrong, headers={"WWW-Authenticate": 'Bearer realm="dragoman"'})
    attempts.forgive(keys)
    sessions.close(request.cookies.get(COOKIE))
    key, begun = sessions.open(user)
    answer = _told(request, begun)
    answer.set_cookie(COOKIE, key, path="/", httponly=True, samesite="strict", secure=_is_secure(request))
    return answer


@router.delete("/session", response_model=bodies.SessionAnswer, summary="Sign out")
def sign_out(request: Request) -> Response:
    """End the session."""
    begun = session_of(request)
    if begun is not None:
        check_csrf(request, begun)
    request.app.state.sessions.close(request.cookies.get(COOKIE))
    answer = _told(request, None)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=_is_secure(request))
    return answer


def _user(request: Request, name: str | None, password: str | None) -> User | None:
    """Return the user whose name and password these are.

    Raises:
        Refused: Too many sign in at once.
    """
    if name is None or password is None:
        return None
    if not request.app.state.hashing.acquire(blocking=False):
        raise Refused(
            "rate_limited", "too many sign in at once; try again in 1 s.", headers={"Retry-After": "1"}
        )
    try:
        user: User | None = request.app.state.sessions.users.check(name, password)
        return user
    finally:
        request.app.state.hashing.release()


def _told(request: Request, begun: Session | None) -> Response:
    sessions: Sessions = request.app.state.sessions
    user = begun.user if begun is not None else None
    may = begun is not None and begun.may_review
    told = {
        "user": {"name": user.name, "role": user.role} if user is not None else None,
        "csrf": begun.csrf if begun is not None else None,
        "needs_token": request.app.state.token is not None
        and begun is None
        and not request.scope.get(BROUGHT),
        "has_users": _has_users(sessions),
        "may": {"review": may, "merge": may},
        "expires_at": sessions.ends_at(begun).isoformat(timespec="seconds") if begun is not None else None,
    }
    return Response(to_bytes(told), headers={"Cache-Control": "no-store", "Vary": "Cookie"}, media_type="application/json")  # fmt: skip


def _has_users(sessions: Sessions) -> bool:
    try:
        return bool(sessions.users.all())
    except UsersError:
        # Signing in tells that something is wrong with the file.
        return True


def _is_token(request: Request, words: str) -> bool:
    token: str | None = request.app.state.token
    return token is not None and hmac.compare_digest(words.strip().encode("utf-8", "replace"), token.encode())


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
