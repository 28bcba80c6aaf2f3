"""What every request passes before a route sees it: the name it came by, token or session, number and size; safe headers after.

Pages and their files hold no data: they need no token and are not counted.
A page of another site can make a browser ask this server under a name of that site (DNS rebinding); so only names that the
server goes by are answered. No other origin may read answers: there are no CORS headers.
"""

from __future__ import annotations

import hmac
import logging
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.serve.limits import RateLimit
from dragoman.serve.permits import BROUGHT, SESSION, SIGNS
from dragoman.serve.problems import problem
from dragoman.serve.sessions import COOKIE, Sessions

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
# Corrections are short; nothing that the API takes is longer.
MOST_BYTES = 64 * 1024
# Says what is needed to sign in, so it cannot need that itself.
_OPEN = "/session"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask.

    Attributes:
        hosts: Names that the server goes by; None for any, which only a token makes safe.
        limit: How often.
        sessions: Who is signed in.
        prefix: Where the API is.
        token: What a request without a session must bring as ``Authorization: Bearer``; None for nothing.
    """

    hosts: Collection[str] | None
    limit: RateLimit
    sessions: Sessions
    prefix: str
    token: str | None = field(default=None, repr=False)


def is_loopback(host: str) -> bool:
    """Return whether an address to listen on can be reached from this machine only."""
    return host in LOOPBACK or host.startswith("127.")


def host_of(header: str) -> str:
    """Return the name of a Host header without its port.

    Example:
        >>> host_of("[::1]:8765"), host_of("Localhost:8765")
        ('::1', 'localhost')
    """
    name = header.strip().lower()
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.rsplit(":", 1)[0] if name.count(":") == 1 else name


class Gate:
    """Stands before the routes; refuses, or lets through and adds headers; a failure of a route becomes a problem."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refusal(scope)
        receive = receive if refused is not None else _bounded(scope, receive)
        if refused is not None:
            await refused(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception as error:
            _log.error("failed path=%s error=%r where=%s", scope["path"], error, _where(error))
            if begun:
                raise
            await problem("internal", "Something failed that should not; the server's log tells what.")(scope, receive, guarded)  # fmt: skip

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = host_of(headers.get("host", ""))
        if self.rules.hosts is not None and host not in self.rules.hosts:
            names = ", ".join(sorted(self.rules.hosts))
            return problem("host_refused", f'this server does not go by the name "{host}". It answers to: {names}.')  # fmt: skip
        return self._refusal_of_api(scope, headers) if is_api(scope["path"]) else None

    def _refusal_of_api(self, scope: Scope, headers: Headers) -> Response | None:
        rules = self.rules
        client = (scope.get("client") or ("unknown", 0))[0]
        after = rules.limit.retry_after(client)
        if after is not None:
            return problem("rate_limited", f"too many requests; ask again in {after} s.", headers={"Retry-After": str(after)})  # fmt: skip
        if (
            headers.get("content-length", "0").isdigit()
            and int(headers.get("content-length", "0")) > MOST_BYTES
        ):
            return problem("too_large", _TOO_LARGE)
        scope[BROUGHT] = rules.token is not None and is_token(headers.get("authorization", ""), rules.token)
        scope[SESSION] = rules.sessions.find(HTTPConnection(scope).cookies.get(COOKIE))
        scope[SIGNS] = scope["path"] == rules.prefix + _OPEN
        is_known = scope[BROUGHT] or scope[SESSION] is not None
        if rules.token is not None and not is_known and not scope[SIGNS]:
            return problem(
                "unauthorized", 'sign in, or send the token of this server as "Authorization: Bearer TOKEN".',
                headers={"WWW-Authenticate": 'Bearer realm="dragoman"'},
            )  # fmt: skip
        return None


_TOO_LARGE = f"a request may have {MOST_BYTES} bytes."


def is_api(path: str) -> bool:
    """Return whether a path is the API's, not that of a page."""
    return path == "/api" or path.startswith("/api/")


def _bounded(scope: Scope, receive: Receive) -> Receive:
    """Return what receives a request, up to the largest size, whatever length it said it has."""
    if not is_api(scope["path"]):
        return receive
    length = 0

    async def counted() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > MOST_BYTES:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return counted


def _where(error: BaseException) -> str:
    """Return the file and line that failed; enough to find it without the pages of a framework's traceback."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def is_token(header: str, token: str) -> bool:
    """Return whether an Authorization header brings the token."""
    kind, _, given = header.partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
