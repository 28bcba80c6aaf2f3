"""Incidents → how two sides get on: points, series, level, rates, changes.

The order of steps: ``groups`` says who a side is; ``points`` turns incidents into dated points of a pair; ``series`` counts them per
day, week or month beside what was read; ``level`` and ``rates`` smooth them with intervals; ``change`` finds where they turned.
Everything here is pure: rows in, numbers out; ``dragoman.answer`` fetches the rows from a store.
"""

from dragoman.relate.change import Change, find_changes
from dragoman.relate.groups import Group, load_groups
from dragoman.relate.level import Level, level_of
from dragoman.relate.points import Point, points_of
from dragoman.relate.rates import Rates, rates_of
from dragoman.relate.series import Coverage, Series, Step, series_of

__all__ = [
    "Change", "Coverage", "Group", "Level", "Point", "Rates", "Series", "Step", "find_changes", "level_of", "load_groups",
    "points_of", "rates_of", "series_of",
]  # fmt: skip
