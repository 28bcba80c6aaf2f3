"""What every request passes before a route sees it: the name it came by, its token, how many there were; and safe headers after.

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
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.serve.limits import RateLimit
from dragoman.serve.problems import problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may ask.

    Attributes:
        hosts: Names that the server goes by; None for any, which only a token makes safe.
        token: What every request must bring as ``Authorization: Bearer``; None for nothing.
        limit: How often.
    """

    hosts: Collection[str] | None
    limit: RateLimit
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
        client = (scope.get("client") or ("unknown", 0))[0]
        after = self.rules.limit.retry_after(client)
        if after is not None:
            return problem("rate_limited", f"too many requests; ask again in {after} s.", headers={"Retry-After": str(after)})  # fmt: skip
        if self.rules.token is not None and not _is_token(headers.get("authorization", ""), self.rules.token):
            return problem(
                "unauthorized", 'send the token of this server as "Authorization: Bearer TOKEN".',
                headers={"WWW-Authenticate": 'Bearer realm="dragoman"'},
            )  # fmt: skip
        return None


def _where(error: BaseException) -> str:
    """Return the file and line that failed; enough to find it without the pages of a framework's traceback."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _is_token(header: str, token: str) -> bool:
    kind, _, given = header.partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
