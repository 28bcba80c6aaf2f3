"""Numbers of a series that was computed before: asked again with the same counts and exposure, they are not computed again.

Only for functions that depend on nothing but their arguments. The latest ``MOST`` answers are kept, about 50 kB each.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from dragoman.relate.series import Series

Made = TypeVar("Made")
MOST = 200
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_lock = threading.Lock()


def once(make: Callable[[], Made], name: str, series: Series, *more: object) -> Made:
    """Return what ``make`` gives, computed once for the same name, series and whatever else it depends on."""
    parts = (series.counts, series.exposure, series.intensity)
    key = (name, series.step, series.starts[:1], series.spread, *(np.ascontiguousarray(p).tobytes() for p in parts), *more)  # fmt: skip
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            found: Made = _kept[key]
            return found
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made
