"""The OpenAPI document: every parameter, body, answer and failure of each route, and what a request must bring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from dragoman.serve.problems import MEDIA_TYPE, PROBLEMS
from dragoman.serve.sessions import COOKIE
from dragoman.serve.shapes import Problem

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
    {"name": "reviews", "description": "What people say of events and incidents."},
    {"name": "alerts", "description": "What changed."},
    {"name": "actors", "description": "Who takes part."},
    {"name": "coverage", "description": "What was read."},
    {"name": "session", "description": "Signing in and out."},
    {"name": "live", "description": "Word of changes as they happen."},
    {"name": "service", "description": "What answers here."},
]
# Failures that only some requests have.
_OF_WRITES = frozenset({"csrf", "conflict", "too_large", "media_type"})
_OF_IDS = frozenset({"not_found", "gone"})
_NO_TAG = frozenset({"session", "live"})


def document_of(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document with the failures that every route has, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, tags=TAGS, routes=app.routes,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"}, servers=[{"url": "/", "description": "This server"}],
        )  # fmt: skip
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for told in document["paths"].values():
            for method, operation in told.items():
                _describe(method, operation)
        for unused in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(unused, None)
        document["components"]["securitySchemes"] = {
            "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
        }
        if app.state.token is not None:
            document["components"]["securitySchemes"]["token"] = {"type": "http", "scheme": "bearer"}
            document["security"] = [{"token": []}, {"session": []}]
        app.openapi_schema = document
    return app.openapi_schema


def parameters_of(app: FastAPI) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the parameters of each path and method, such as ("/api/v1/events", "GET"); made once."""
    if not hasattr(app.state, "parameters"):
        app.state.parameters = {
            (path, method.upper()): frozenset(
                p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"
            )
            for path, told in app.openapi()["paths"].items()
            for method, operation in told.items()
        }
    known: dict[tuple[str, str], frozenset[str]] = app.state.parameters
    return known


def methods_of(app: FastAPI, path: str) -> list[str]:
    """Return the methods that a path answers."""
    return sorted(
        {method for (known, method) in parameters_of(app) if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)}
    )  # fmt: skip


def _describe(method: str, operation: dict[str, Any]) -> None:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    has_id = any(p["in"] == "path" for p in operation.get("parameters", ()))
    reads, tag = method == "get", operation.get("tags", ("",))[0]
    for code, (status, title) in PROBLEMS.items():
        if code == "method_not_allowed" or (code in _OF_WRITES and reads) or (code == "forbidden" and reads):
            continue
        if code in _OF_IDS and not (has_id or (tag == "reviews" and not reads)):
            continue
        operation["responses"][str(status)] = {"description": title, "content": content}
    good = operation["responses"]["200"]
    if good["description"] == "Successful Response":
        good["description"] = "The answer."
    if reads and tag not in _NO_TAG:
        good["headers"] = {
            "ETag": {"description": "Send it back as If-None-Match to hear 304 while nothing changed.", "schema": {"type": "string"}}
        }  # fmt: skip
    if tag == "session":
        operation["security"] = []
    if tag == "reviews" and not reads:
        operation["security"] = [{"session": [], "csrf": []}]
