"""All incidents that fit at a glance: numbers of each kind, and a map."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request
from numpy.typing import NDArray
from starlette.responses import Response

from dragoman.answer.overview import facets_of, map_of
from dragoman.serve import shapes_overview as shapes
from dragoman.serve.answers import Asking, asking
from dragoman.serve.asked import Filters, Mapped, to_filter
from dragoman.store import Store
from dragoman.store.fitting import fitting
from dragoman.store.overview import Overview

router = APIRouter(tags=["incidents"])


@router.get("/incidents/facets", response_model=shapes.FacetsAnswer, summary="Count incidents by kind")
def facets(request: Request, asked: Annotated[Filters, Query()]) -> Response:
    """Return how many incidents fit, and how many of them there are per type, quad class, status, country, region, outlet and period.

    A number of a country or region is that of the list filtered by it as well. Periods are days, weeks, months or years, as few as
    show the whole; those without an incident are left out.
    """
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            return {"facets": facets_of(*_chosen(now, asked))}

        return now.answer(make)


@router.get("/map", response_model=shapes.MapAnswer, summary="Where incidents lie")
def map_(request: Request, asked: Annotated[Mapped, Query()]) -> Response:
    """Return the places of the incidents that fit, as columns of one length, and numbers per country of the place.

    ``places`` are each told once; ``incidents.place`` counts in them and ``incidents.type`` in ``types``. Days are counted from
    1970-01-01. ``countries`` counts all that fit, also what ``limit`` cuts off and places without coordinates.
    """
    with asking(request, as_of=asked.as_of) as now:

        def make() -> dict[str, object]:
            return {"map": map_of(*_chosen(now, asked), limit=asked.limit)}

        return now.answer(make)


def _chosen(now: Asking, asked: Filters) -> tuple[Store, Overview, NDArray[np.bool_]]:
    """Return the columns of the state that is asked for, and which rows of them fit; those of now are kept while it does not change."""
    wanted = to_filter(asked, ontology=now.serving.ontology, as_of=now.as_of)
    overview = now.overview("incidents") or Overview("incidents", as_of=now.as_of)
    return now.store, overview, fitting(now.store, overview, wanted)
