"""How a route answers: a view of the store, the state of knowledge that is asked for, and an answer that can be repeated.

Every answer says ``as_of``, the last change of the store that it takes in; asked again with that ``as_of`` it is the same, whatever
was written since. Its ETag names question, state and version, so that asking again costs nothing while nothing changed.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from starlette.responses import Response

from dragoman import __version__
from dragoman.answer.asking import to_moment
from dragoman.ontology import Ontology
from dragoman.serve.ahead import Ahead
from dragoman.serve.gate import is_loopback
from dragoman.serve.paging import Mark, mark_of, question_of, token_of
from dragoman.serve.reading import Reading, View
from dragoman.store import Store
from dragoman.store.overview import Kind, Overview

LEAST_TO_SQUEEZE = 10_000  # bytes


@dataclass(frozen=True, slots=True)
class Serving:
    """What all routes share: the store, the codes, how a question becomes a vector, and who reads ahead."""

    reading: Reading
    ontology: Ontology
    encode: Callable[[str], bytes]
    ahead: Ahead


@dataclass(frozen=True, slots=True)
class Asking:
    """One request at work.

    Attributes:
        view: The store as it is.
        as_of: What queries are asked with: None for what holds now.
        moment: The last change that the answer takes in; None for an empty store.
        mark: Where the page before ended; None on the first page.
    """

    request: Request
    serving: Serving
    view: View
    as_of: datetime | None
    moment: datetime | None
    mark: Mark | None

    @property
    def store(self) -> Store:
        """The open store."""
        return self.view.store

    def overview(self, kind: Kind) -> Overview | None:
        """Return the columns of what holds now, kept while the store does not change; None where the past is asked for."""
        return self.view.overview(kind) if self.as_of is None else None

    def answer(self, make: Callable[[], Mapping[str, Any]], *, also: Sequence[object] = ()) -> Response:
        """Return the answer, or only word that it is still the one that the client has.

        Args:
            make: Gives what it says beside ``as_of``.
            also: What it depends on beside question, state and version, such as the day.
        """

        def body() -> bytes:
            return to_bytes({"as_of": self.moment.isoformat() if self.moment else None, **make()})

        return self.send(body, "application/json", also=also)

    def send(
        self, make: Callable[[], bytes], media_type: str, *, also: Sequence[object] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Response:  # fmt: skip
        """Return an answer in another form; see ``answer``."""
        tag, moment = self._tag(also), self.moment.isoformat() if self.moment else ""
        told = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie, Accept-Encoding", "Dragoman-As-Of": moment, **(headers or {})}  # fmt: skip
        known = self.request.headers.get("if-none-match", "").split(",")
        if tag in [t.strip().removeprefix("W/") for t in known]:
            return Response(status_code=304, headers=told)
        body = self.view.answer(tag, make)
        if len(body) >= LEAST_TO_SQUEEZE and self._is_far():
            # Another form of the same answer: by the rules of ETags it is only alike.
            body = self.view.answer(f"{tag} gzip", lambda: gzip.compress(body, 5, mtime=0))
            told |= {"Content-Encoding": "gzip", "ETag": f"W/{tag}"}
        return Response(body, headers=told, media_type=media_type)

    def _is_far(self) -> bool:
        """Whether the client is on another machine and takes compressed answers; on this one they only cost time."""
        host = self.request.client.host if self.request.client else ""
        return not is_loopback(host) and "gzip" in self.request.headers.get("accept-encoding", "").lower()

    def page(self, items: Sequence[Mapping[str, Any]], end: Sequence[Any] | None) -> dict[str, Any]:
        """Return a page with the token of the next one, for a place where this one ended; None for the last page."""
        following = None
        if end is not None:
            following = token_of(_question(self.request), Mark(self.moment, tuple(end)))
        return {"items": items, "next": following}

    def _tag(self, also: Sequence[object]) -> str:
        asked = sorted((k, v) for k, v in self.request.query_params.multi_items() if k != "as_of")
        said = json.dumps([self.request.url.path, asked, str(self.moment), __version__, *map(str, also)])
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def to_bytes(body: Any) -> bytes:
    """Return JSON as bytes; what no JSON can hold was taken out before."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


@contextlib.contextmanager
def asking(
    request: Request, *, as_of: str | None = None, page: str | None = None, like: Sequence[type] = ()
) -> Iterator[Asking]:
    """Give a request its view of the store.

    Args:
        request: The request.
        as_of: The state of knowledge in words; None for now, or for that of the first page.
        page: The token of a page; None for the first.
        like: The types of the key in a token.

    Raises:
        UsageError: ``as_of`` is no moment.
        PageToken: The token is mangled or of another question.
        StoreLocked: Another process writes the store.
    """
    serving: Serving = request.app.state.serving
    mark = mark_of(_question(request), page, like=like) if page else None
    asked = mark.moment if mark else to_moment("as_of", as_of)
    with serving.reading.view() as view:
        changed = view.changed_at
        is_now = asked is None or changed is None or asked >= changed
        yield Asking(request, serving, view, None if is_now else asked, changed if is_now else asked, mark)


def _question(request: Request) -> str:
    asked: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        asked.setdefault(name, []).append(value)
    return question_of(request.url.path, asked)
