"""One shape for every failure: problem JSON with ``type``, ``title``, ``status``, ``detail`` and ``code``.

``code`` is a stable word, ``type`` the address of its entry in the documentation, ``detail`` says what is wrong with which value.
Some problems carry more: ``errors`` of wrong parameters, ``current`` of an incident that is no more.

Source: RFC 9457, Problem Details for HTTP APIs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from dragoman.errors import DragomanError, StoreError, StoreLocked, UsageError, UsersError

DOCUMENTED_AT = "https://github.com/dragoman-events/dragoman/blob/main/docs/api.md#"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
_log = logging.getLogger(__name__)

# Code → status and title. Those of ``dragoman.errors`` keep their code; what only HTTP knows has one here.
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "unauthorized": (401, "Who asks must be known"),
    "csrf": (403, "The request is not from a page of this server"),
    "forbidden": (403, "It may not be done"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "The path does not answer that method"),
    "conflict": (409, "It cannot be as things stand"),
    "gone": (410, "The incident is no more"),
    "too_large": (413, "The request is too large"),
    "media_type": (415, "The request is not JSON"),
    "host_refused": (421, "The server does not go by that name"),
    "invalid_parameter": (422, "A parameter is wrong"),
    "usage": (422, "The question cannot be answered"),
    "unknown_code": (422, "A code does not exist"),
    "page_token": (422, "The paging token cannot be used"),
    "rate_limited": (429, "Too many requests"),
    "internal": (500, "The server failed"),
    "store_locked": (503, "The store is being written"),
    "store": (503, "The store cannot be read"),
    "model": (503, "The encoder cannot be used"),
    "users": (503, "Nobody can sign in"),
}


def problem(
    code: str, detail: str, *, headers: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None
) -> Response:
    """Return the response that tells of a failure."""
    status, title = PROBLEMS[code]
    body = {"type": DOCUMENTED_AT + code, "title": title, "status": status, "detail": detail, "code": code, **(more or {})}  # fmt: skip
    # Words of a request may hold halves of characters, which no answer can.
    text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status, headers={"Cache-Control": "no-store", **(headers or {})}, media_type=MEDIA_TYPE)  # fmt: skip


class Refused(Exception):
    """A request is refused: raised by what stands before a route, told as a problem.

    Attributes:
        code: A key of ``PROBLEMS``.
    """

    def __init__(self, code: str, detail: str, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.headers = dict(headers or {})


def problem_of(error: DragomanError) -> Response:
    """Return the response for one of our errors."""
    if isinstance(error, UsersError):
        # It names a file of this machine, which strangers need not know.
        _log.error("users unusable: %s", error)
        return problem("users", "the file of users cannot be used; the server's log tells why.")
    code = error.code if error.code in PROBLEMS else _nearest(error)
    headers = {"Retry-After": str(RETRY_AFTER_S)} if isinstance(error, StoreLocked) else {}
    current = getattr(error, "current", None)
    return problem(code, str(error), headers=headers, more=None if current is None else {"current": list(current)})  # fmt: skip


def _nearest(error: DragomanError) -> str:
    """Return the code of the nearest kind of error that has one here."""
    for kind in type(error).__mro__:
        code = vars(kind).get("code")
        if code in PROBLEMS:
            return str(code)
    return "usage" if isinstance(error, UsageError) else "store" if isinstance(error, StoreError) else "internal"  # fmt: skip
