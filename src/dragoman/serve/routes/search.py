"""Search in the sentences that events rest on, by words or by meaning."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dragoman.answer.search import Meanings, Rank, find_meanings, find_sentences
from dragoman.answer.sentences import Sentences
from dragoman.serve import shapes
from dragoman.serve.answers import Asking, asking
from dragoman.serve.asked import Searched, to_filter

router = APIRouter(tags=["search"])


@router.get("/search", response_model=shapes.HitPage, summary="Search sentences")
def search(request: Request, asked: Annotated[Searched, Query()]) -> Response:
    """Find sentences by their words, most of them first, or with ``meaning=true`` by likeness of meaning.

    The other parameters say what the events of the sentence must be.
    """
    with asking(request, as_of=asked.as_of, page=asked.page, like=(float, str, str)) as now:
        wanted = to_filter(asked, ontology=now.serving.ontology, as_of=now.as_of)
        after = Rank(*now.mark.key) if now.mark else None

        def make() -> dict[str, object]:
            if asked.meaning:
                items, end = find_meanings(
                    now.store, asked.q, wanted, meanings=meanings_of(now), encode=now.serving.encode, limit=asked.limit,
                    after=after,
                )  # fmt: skip
            else:
                items, end = find_sentences(
                    now.store, asked.q, wanted, limit=asked.limit, after=after, sentences=sentences_of(now)
                )  # fmt: skip
            return now.page(items, (end.score, end.day, end.id) if end else None)

        return now.answer(make)


def sentences_of(now: Asking) -> Sentences | None:
    """Return the sentences that hold now, kept while the store does not change; None where the past is asked for."""
    events = now.overview("events")
    return None if events is None else now.view.remember("sentences", lambda: Sentences(events))


def meanings_of(now: Asking) -> Meanings:
    """Return the vectors of the store; those of now are kept while it does not change, those of the past are read anew."""
    if now.as_of is not None:
        return Meanings(now.store, as_of=now.as_of)
    return now.view.remember("meanings", lambda: Meanings(now.store))
