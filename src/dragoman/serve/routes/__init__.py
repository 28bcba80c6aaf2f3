"""One module per kind of question; ``ROUTERS`` is all that the API answers, in the order of its document.

A new kind of question is one more module with a ``router``, added here: it takes what ``asked`` describes, calls a function of
``dragoman.answer`` with ``asking(…)``'s store, and names the shape of its answer.
"""

from dragoman.serve.routes import (
    actors,
    alerts,
    articles,
    briefs,
    calendar,
    changes,
    coverage,
    events,
    evidence,
    feeds,
    health,
    incidents,
    merges,
    network,
    outlook,
    overview,
    rejections,
    relations,
    reviews,
    search,
    session,
)

ROUTERS = (
    overview.router, incidents.router, events.router, articles.router, evidence.router, search.router, relations.router, network.router, outlook.router,
    briefs.router,
    reviews.router, merges.router, session.router, changes.router,
    alerts.router, actors.router, coverage.router, calendar.router, rejections.router, feeds.router, health.router,
)  # fmt: skip
