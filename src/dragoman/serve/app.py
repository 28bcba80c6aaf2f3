"""The JSON API over one store and the pages of the browser: ``make_app`` puts routes, gate, pages and problems together.

The OpenAPI document at ``/api/v1/openapi.json`` describes every parameter, answer and failure.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from anyio import to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dragoman import __version__
from dragoman.errors import DragomanError
from dragoman.ontology import Ontology, load_ontology
from dragoman.parse.meaning import encoder_of
from dragoman.serve.ahead import Ahead
from dragoman.serve.answers import Serving
from dragoman.serve.changes import Changes
from dragoman.serve.document import ABOUT, TAGS, document_of, methods_of, parameters_of
from dragoman.serve.gate import LOOPBACK, Gate, Rules
from dragoman.serve.limits import Attempts, RateLimit
from dragoman.serve.pages import Pages
from dragoman.serve.permits import check_permit
from dragoman.serve.problems import Refused, problem, problem_of
from dragoman.serve.reading import Reading
from dragoman.serve.routes import ROUTERS
from dragoman.serve.routes.health import API
from dragoman.serve.sessions import Clock, Sessions, now_utc
from dragoman.serve.users import Users
from dragoman.serve.writing import Writing

PREFIX = f"/api/{API}"
# Requests at work at once: each may keep DuckDB's own threads busy, so more would only wait for one another.
THREADS = 16
# Passwords checked at once: each takes a thread for a good part of a second, and people who read need threads too.
SIGN_INS = 4


@dataclass(frozen=True, slots=True)
class Signing:
    """Who may sign in, and for how long.

    Attributes:
        users: The file of users; None for the one beside the store.
        idle_h: Hours without a request after which a session ends.
        whole_h: Hours after which it ends in any case.
        clock: The time, UTC.
    """

    users: Path | None = None
    idle_h: float = 2.0
    whole_h: float = 12.0
    clock: Clock = now_utc


def users_beside(store: Path) -> Path:
    """Return where the users of a store are kept when no setting says."""
    return store.with_name(store.name + ".users.json")


def make_app(
    store: Path, *, ontology: Ontology | None = None, limit: RateLimit | None = None,
    hosts: Collection[str] | None = LOOPBACK, token: str | None = None, model: Path | None = None,
    wait_s: float = 2.0, idle_s: float = 1.0, static: Path | None = None, signing: Signing | None = None,
) -> FastAPI:  # fmt: skip
    """Return the application that serves a store.

    Args:
        store: The store's file; it is opened with the first question.
        ontology: The codes, with taught types; None for the packaged ones.
        limit: How often a client may ask; None for the default.
        hosts: Names that the server goes by; None for any.
        token: What every request without a session must bring; None for nothing.
        model: Folder of the encoder that questions by meaning are read with; None for the packaged one.
        wait_s: How long a request waits for a store that another process writes.
        idle_s: After how long without a request the file is let go of.
        static: Folder of the pages; None for those of the package.
        signing: Who may sign in; None for the users beside the store.
    """
    codes = ontology or load_ontology()
    reading = Reading(store, wait_s=wait_s, idle_s=idle_s)
    own = signing or Signing()
    sessions = Sessions(
        Users(own.users or users_beside(store)), idle=timedelta(hours=own.idle_h), whole=timedelta(hours=own.whole_h),
        clock=own.clock,
    )  # fmt: skip

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        parameters_of(app)  # before the first requests: several threads that make the document at once fail
        yield
        app.state.changes.stop()
        reading.close()

    app = FastAPI(
        title="Dragoman", version=__version__, description=ABOUT, openapi_tags=TAGS, docs_url=None, redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json", lifespan=lifespan, redirect_slashes=False,
    )  # fmt: skip
    app.state.token = token
    app.state.serving = Serving(reading, codes, encoder_of(model), Ahead(reading))
    app.state.sessions = sessions
    app.state.attempts = Attempts()
    app.state.hashing = threading.BoundedSemaphore(SIGN_INS)
    app.state.writing = Writing(reading, wait_s=wait_s)
    app.state.changes = Changes(reading)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(check_permit), Depends(_known_only)])
    _add_problems(app)
    app.openapi = functools.partial(document_of, app)  # type: ignore[method-assign]
    app.add_middleware(Pages, folder=static)
    rules = Rules(hosts, limit or RateLimit(per_second=40, burst=200), sessions, PREFIX, token)
    app.add_middleware(Gate, rules=rules)
    return app


def _known_only(request: Request) -> None:
    """Refuse parameters that a route does not have: a misspelt filter must not give everything.

    Raises:
        RequestValidationError: There is one.
    """
    path = request.scope["route"].path_format
    documented = parameters_of(request.app)
    # Since 0.165 FastAPI gives the route as its router has it, before that with the prefix.
    key = (path, request.method)
    known = documented[key] if key in documented else documented[PREFIX + path, request.method]
    for name in request.query_params:
        if name not in known:
            words = f"there is no such parameter. Known: {', '.join(sorted(known)) or 'none'}."
            raise RequestValidationError([{"type": "unknown", "loc": ("query", name), "msg": words}])


def _add_problems(app: FastAPI) -> None:
    """Let every failure leave as problem JSON."""

    @app.exception_handler(DragomanError)
    def ours(request: Request, error: DragomanError) -> Response:
        return problem_of(error)

    @app.exception_handler(Refused)
    def refused(request: Request, error: Refused) -> Response:
        return problem(error.code, str(error), headers=error.headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        wrong = [{"name": _name_of(e["loc"]), "detail": str(e["msg"])} for e in error.errors()]
        words = "; ".join(f"{e['name']}: {e['detail']}" for e in wrong)
        return problem("invalid_parameter", words, more={"errors": wrong})

    @app.exception_handler(HTTPException)
    def theirs(request: Request, error: HTTPException) -> Response:
        path = request.url.path
        if error.status_code == 404:
            return problem("not_found", f'there is nothing at "{path}". The document of the API: {PREFIX}/openapi.json')  # fmt: skip
        if error.status_code == 405:
            known = ", ".join(methods_of(app, path)) or "GET"
            return problem("method_not_allowed", f'"{path}" answers only {known}, not {request.method}.', headers={"Allow": known})  # fmt: skip
        code = "too_large" if error.status_code == 413 else "usage"
        return problem(code, str(error.detail), headers=error.headers or {})


def _name_of(place: Sequence[str | int]) -> str:
    """Return the name of what is wrong: a parameter, not its place in a list, or the way to it in the body, such as "correction.mode"."""
    if place and place[0] == "body":
        # Text that is no JSON has a position there, not a name.
        inner = place[1:]
        return ".".join(map(str, inner)) if inner and not isinstance(inner[0], int) else "body"
    return str(place[1] if len(place) > 1 else place[-1]) if place else "request"
