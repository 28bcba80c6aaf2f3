"""The JSON API over one store: ``make_app`` puts routes, gate and problems together; reading only.

The OpenAPI document at ``/api/v1/openapi.json`` describes every parameter, answer and failure.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dragoman import __version__
from dragoman.errors import DragomanError
from dragoman.ontology import Ontology, load_ontology
from dragoman.parse.meaning import encoder_of
from dragoman.serve.answers import Serving
from dragoman.serve.gate import LOOPBACK, Gate, Rules
from dragoman.serve.limits import RateLimit
from dragoman.serve.problems import MEDIA_TYPE, PROBLEMS, problem, problem_of
from dragoman.serve.reading import Reading
from dragoman.serve.routes import ROUTERS
from dragoman.serve.routes.health import API
from dragoman.serve.shapes import Problem

PREFIX = f"/api/{API}"
# Requests at work at once: each may keep DuckDB's own threads busy, so more would only wait for one another.
THREADS = 16
ABOUT = """Political events coded from news, each with the sentence that says so.

Every answer says `as_of`, the state of knowledge that it tells of; asked again with that `as_of` it is the same. Lists come in
pages: ask again with `page` set to the token in `next`. Every failure is problem JSON (RFC 9457) with a stable `code`."""
TAGS = [
    {"name": "incidents", "description": "What happened, each thing once."},
    {"name": "events", "description": "What single articles tell."},
    {"name": "articles", "description": "Articles and their text."},
    {"name": "evidence", "description": "Quotations that anyone can check."},
    {"name": "search", "description": "Sentences by words or meaning."},
    {"name": "relations", "description": "How two sides get on."},
    {"name": "alerts", "description": "What changed."},
    {"name": "actors", "description": "Who takes part."},
    {"name": "coverage", "description": "What was read."},
    {"name": "service", "description": "What answers here."},
]


def make_app(
    store: Path, *, ontology: Ontology | None = None, limit: RateLimit | None = None,
    hosts: Collection[str] | None = LOOPBACK, token: str | None = None, model: Path | None = None,
    wait_s: float = 2.0, idle_s: float = 1.0,
) -> FastAPI:  # fmt: skip
    """Return the application that serves a store.

    Args:
        store: The store's file; it is opened with the first question.
        ontology: The codes, with taught types; None for the packaged ones.
        limit: How often a client may ask; None for the default.
        hosts: Names that the server goes by; None for any.
        token: What every request must bring; None for nothing.
        model: Folder of the encoder that questions by meaning are read with; None for the packaged one.
        wait_s: How long a request waits for a store that another process writes.
        idle_s: After how long without a request the file is let go of.
    """
    codes = ontology or load_ontology()
    reading = Reading(store, wait_s=wait_s, idle_s=idle_s)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield
        reading.close()

    app = FastAPI(
        title="Dragoman", version=__version__, description=ABOUT, openapi_tags=TAGS, docs_url=None, redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json", lifespan=lifespan, redirect_slashes=False,
    )  # fmt: skip
    app.state.secured = token is not None
    app.state.serving = Serving(reading, codes, encoder_of(model))
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=[Depends(_known_only)])
    _add_problems(app)
    app.openapi = functools.partial(_document, app)  # type: ignore[method-assign]
    rules = Rules(hosts, limit or RateLimit(per_second=20, burst=60), token)
    app.add_middleware(Gate, rules=rules)
    return app


def _known_only(request: Request) -> None:
    """Refuse parameters that a route does not have: a misspelt filter must not give everything.

    Raises:
        RequestValidationError: There is one.
    """
    path = request.scope["route"].path_format
    documented = _parameters(request.app)
    # Since 0.165 FastAPI gives the route as its router has it, before that with the prefix.
    known = documented[path] if path in documented else documented[PREFIX + path]
    for name in request.query_params:
        if name not in known:
            words = f"there is no such parameter. Known: {', '.join(sorted(known)) or 'none'}."
            raise RequestValidationError([{"type": "unknown", "loc": ("query", name), "msg": words}])


def _parameters(app: FastAPI) -> dict[str, frozenset[str]]:
    if not hasattr(app.state, "parameters"):
        paths = app.openapi()["paths"]
        app.state.parameters = {
            path: frozenset(p["name"] for p in told["get"].get("parameters", ()) if p["in"] == "query")
            for path, told in paths.items()
        }
    known: dict[str, frozenset[str]] = app.state.parameters
    return known


def _add_problems(app: FastAPI) -> None:
    """Let every failure leave as problem JSON."""

    @app.exception_handler(DragomanError)
    def ours(request: Request, error: DragomanError) -> Response:
        return problem_of(error)

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
            return problem("method_not_allowed", f'"{path}" answers only GET, not {request.method}.', headers=error.headers or {})  # fmt: skip
        return problem("usage", str(error.detail), headers=error.headers or {})


def _name_of(place: Sequence[str | int]) -> str:
    """Return the parameter or field that a complaint is about: what stands after "query" or "body", not its place in a list."""
    return str(place[1] if len(place) > 1 else place[-1])


def _document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document with the failures that every route has, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, tags=TAGS, routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"}, servers=[{"url": "/", "description": "This server"}],
        )  # fmt: skip
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for told in document["paths"].values():
            for operation in told.values():
                _describe(operation)
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        if app.state.secured:
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"token": []}]
        app.openapi_schema = document
    return app.openapi_schema


def _describe(operation: dict[str, Any]) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    has_id = any(p["in"] == "path" for p in operation.get("parameters", ()))
    statuses = dict(PROBLEMS.values())
    if not has_id:
        statuses = {s: t for s, t in statuses.items() if s not in (404, 410)}
    for status, title in statuses.items():
        if status != 405:
            operation["responses"][str(status)] = {"description": title, "content": content}
    good = operation["responses"]["200"]
    good["description"] = "The answer."
    good["headers"] = {
        "ETag": {"description": "Send it back as If-None-Match to hear 304 while nothing changed.", "schema": {"type": "string"}}
    }  # fmt: skip
