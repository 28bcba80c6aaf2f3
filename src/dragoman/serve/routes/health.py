"""What answers here: whether it can, its version, and the codes that answers use."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman import __version__
from dragoman.ontology import Ontology
from dragoman.ontology.regions import load_regions
from dragoman.serve import shapes, shapes_overview
from dragoman.serve.answers import Serving, asking, to_bytes

router = APIRouter(tags=["service"])
API = "v1"


@router.get("/health", response_model=shapes.HealthAnswer, summary="Whether the store can be read")
def health(request: Request) -> Response:
    """Return ok when the store can be read; 503 while another process writes it."""
    with asking(request) as now:
        return now.answer(lambda: {"status": "ok"})


@router.get("/version", response_model=shapes.VersionAnswer, summary="What answers here")
def version(request: Request) -> Response:
    """Return the versions of Dragoman, of the API and of the codes, and where the OpenAPI document is."""
    serving: Serving = request.app.state.serving
    told = {
        "dragoman": __version__, "api": API, "ontology": serving.ontology.version, "openapi": request.app.openapi_url,
    }  # fmt: skip
    return Response(to_bytes(told), media_type="application/json")


@router.get("/ontology", response_model=shapes.OntologyAnswer, summary="All codes")
def ontology(request: Request) -> Response:
    """Return event types with their modes and scores, contexts, sectors and special countries."""
    serving: Serving = request.app.state.serving
    return Response(to_bytes(_codes(serving.ontology)), media_type="application/json")


@router.get("/regions", response_model=shapes_overview.RegionsAnswer, summary="All regions")
def regions() -> Response:
    """Return the regions of the world that filters know, each with the codes of its countries."""
    return Response(to_bytes({"regions": load_regions()}), media_type="application/json")


def _codes(known: Ontology) -> dict[str, Any]:
    types = {
        kind.name: {
            "quad_class": kind.quad_class, "intensity": kind.score, "means": kind.means, "cameo": kind.cameo,
            "modes": {m.name: {"intensity": m.score, "cameo": m.cameo, "means": m.means} for m in kind.modes.values()},
        }
        for kind in known.types.values()
    }  # fmt: skip
    return {
        "version": known.version, "attribution": known.attribution, "types": types, "contexts": dict(known.contexts),
        "sectors": dict(known.sectors), "countries": dict(known.special_countries),
        "quad_classes": {str(k): v for k, v in known.quad_classes.items()},
    }  # fmt: skip
