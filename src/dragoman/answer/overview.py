"""All incidents that fit a filter at a glance: how many there are of each kind, and where they lie."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.store import Store
from dragoman.store.overview import NO_DAY, PLACE, STATUSES, Flat, Overview, Pairs, Places

MOST_COUNTRIES = 60
MOST_OUTLETS = 40
# The longest stretch, in days, that is counted by day, week and month; what is longer is counted by year.
_STRETCHES = (("day", 92), ("week", 3 * 366), ("month", 25 * 366))
_EPOCH = date(1970, 1, 1)


def facets_of(store: Store, overview: Overview, chosen: NDArray[np.bool_]) -> dict[str, Any]:
    """Return how many of the chosen incidents there are of each kind.

    Args:
        store: An open store.
        overview: The incidents.
        chosen: bool (n,), which of them.

    Returns:
        ``total``; ``event_types``, ``quad_classes``, ``statuses`` with the number of each; ``countries`` (of the place or of any
        side), ``regions`` and ``outlets`` as pairs of name and number, the most frequent first; ``periods`` with their first days,
        those without any left out; ``undated``.
    """
    flat = overview.flat(store)
    types = np.bincount(flat.type[chosen], minlength=len(flat.types))
    quads = np.bincount(flat.quad[chosen], minlength=5)
    statuses = np.bincount(flat.status[chosen], minlength=len(STATUSES))
    days = flat.first[chosen]
    dated = days[days != NO_DAY]
    return {
        "total": int(chosen.sum()),
        "event_types": {name: int(n) for name, n in zip(flat.types, types, strict=True) if n},
        "quad_classes": {str(q): int(quads[q]) for q in (1, 2, 3, 4)},
        "statuses": {name: int(n) for name, n in zip(STATUSES, statuses, strict=True)},
        "countries": _ranked(overview.countries(store), chosen)[:MOST_COUNTRIES],
        "regions": _ranked(overview.regions(store), chosen),
        "outlets": _ranked(overview.outlets(store), chosen)[:MOST_OUTLETS],
        "periods": periods_of(dated),
        "undated": int(len(days) - len(dated)),
    }


def _ranked(pairs: Pairs, chosen: NDArray[np.bool_]) -> list[list[Any]]:
    """Return names with their numbers, the most frequent first, then by name; those with none are left out."""
    numbers = pairs.count(chosen)
    order = np.argsort(-numbers, kind="stable")
    return [[pairs.names[i], int(numbers[i])] for i in order if numbers[i]]


def periods_of(days: NDArray[np.int32]) -> dict[str, Any]:
    """Return how many days fall in each period; the step is chosen so that there are not too many.

    A few days of long ago do not make the step longer: it is that of the stretch in which all but one in fifty lie.

    Args:
        days: int32 (n,), days since 1970-01-01.
    """
    if not len(days):
        return {"step": "day", "counts": []}
    first, last = np.quantile(days, (0.01, 0.99), method="nearest")
    step = next((name for name, most in _STRETCHES if last - first < most), "year")
    starts, numbers = np.unique(starts_of(days, step), return_counts=True)
    return {"step": step, "counts": [[day_of(int(s)), int(n)] for s, n in zip(starts, numbers, strict=True)]}


def starts_of(days: NDArray[np.int32], step: str) -> NDArray[np.int64]:
    """Return the first day of the period of each day, in days since 1970-01-01; weeks begin on Monday."""
    whole = days.astype(np.int64)
    if step == "week":
        return whole - (whole + 3) % 7  # 1970-01-01 was a Thursday
    if step in ("month", "year"):
        unit = "M" if step == "month" else "Y"
        return (
            whole.astype("datetime64[D]")
            .astype(f"datetime64[{unit}]")
            .astype("datetime64[D]")
            .astype(np.int64)
        )
    return whole


def day_of(number: int) -> str:
    """Return a day, given in days since 1970-01-01.

    Example:
        >>> day_of(-1)
        '1969-12-31'
    """
    return (_EPOCH + timedelta(days=number)).isoformat()


def map_of(store: Store, overview: Overview, chosen: NDArray[np.bool_], *, limit: int) -> dict[str, Any]:
    """Return where the chosen incidents lie.

    Args:
        store: An open store.
        overview: The incidents.
        chosen: bool (n,), which of them.
        limit: At most so many points, the newest; the numbers per country count all.

    Returns:
        ``places``, each once; ``incidents`` as columns of one length, newest first, undated ones last; ``types``, the names
        that the column ``type`` counts in; ``countries`` with the number of each quad class by the country of the place;
        ``unplaced``, how many have no coordinates; ``total``; ``truncated``, whether there are more points.
    """
    flat, places = overview.flat(store), overview.places(store)
    has = np.array([p[2] is not None and p[3] is not None for p in places.rows] or [False])
    placed = chosen & (places.of >= 0)
    at = np.flatnonzero(placed & has[places.of])
    shown = at[np.argsort(-flat.first[at].astype(np.int64), kind="stable")[:limit]]
    codes = np.flatnonzero(np.bincount(places.of[shown], minlength=1))
    place = np.zeros(len(places.rows) + 1, np.int64)
    place[codes] = np.arange(len(codes))
    total = int(chosen.sum())
    return {
        "places": [dict(zip(PLACE, places.rows[c], strict=True)) for c in codes],
        "incidents": {
            "id": overview.ids(store)[shown].astype(np.str_).tolist(),
            "place": place[places.of[shown]].tolist(),
            "day": [None if d == NO_DAY else d for d in flat.first[shown].tolist()],
            "quad": flat.quad[shown].tolist(),
            "type": flat.type[shown].tolist(),
        },
        "types": list(flat.types),
        "countries": _by_country(flat, places, placed),
        "unplaced": total - len(at), "total": total, "truncated": len(at) > limit,
    }  # fmt: skip


def _by_country(flat: Flat, places: Places, placed: NDArray[np.bool_]) -> dict[str, dict[str, int]]:
    """Return how many incidents of each quad class have their place in each country."""
    if not places.rows:
        return {}
    names, of_place = np.unique([p[1] or "" for p in places.rows], return_inverse=True)
    both = of_place[places.of[placed]] * 5 + flat.quad[placed]
    table = np.bincount(both, minlength=5 * len(names)).reshape(len(names), 5)
    return {
        str(name): {str(q): int(row[q]) for q in (1, 2, 3, 4)}
        for name, row in zip(names, table, strict=True)
        if name and row.any()
    }
