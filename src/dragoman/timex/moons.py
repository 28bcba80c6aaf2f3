"""New moons and equinoxes, for the feasts that follow them: Lunar New Year, Diwali, Nowruz.

Good to a few minutes between 1900 and 2100, so a feast may be off by a day where the moment lies near midnight.

Source:
    J. Meeus, Astronomical Algorithms, chapters 27 (equinoxes) and 49 (phases of the moon), main terms.
"""

from __future__ import annotations

import math
from datetime import date

_J2000_ORDINAL = 730120.5  # ordinal (with fraction of the day, UTC) of Julian day 2451545.0


def _new_moon(k: int) -> float:
    """Return the moment of the kth new moon after 6 January 2000, as ordinal day and fraction in UTC."""
    t = k / 1236.85
    moment = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    sun = math.radians(2.5534 + 29.1053567 * k)
    moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    node = math.radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    moment += -0.4072 * math.sin(moon) + 0.17241 * math.sin(sun) + 0.01608 * math.sin(2 * moon)
    moment += 0.01039 * math.sin(2 * node) + 0.00739 * math.sin(moon - sun) - 0.00514 * math.sin(moon + sun)
    return moment - 2451545.0 + _J2000_ORDINAL - 0.0008  # about 70 s from dynamical to universal time


def _new_moon_after(ordinal: float) -> float:
    """Return the first new moon later than a moment."""
    k = math.floor((ordinal - _J2000_ORDINAL) / 29.530588861) - 2
    while _new_moon(k) <= ordinal:
        k += 1
    return _new_moon(k)


def lunar_new_year(year: int) -> date | None:
    """Return the Lunar New Year of East Asia: the second new moon after the winter solstice, Beijing time."""
    if not 1900 <= year <= 2100:
        return None
    solstice_end = date(year - 1, 12, 22).toordinal() + 1 - 8 / 24
    second = _new_moon_after(_new_moon_after(solstice_end))
    return date.fromordinal(math.floor(second + 8 / 24))


def diwali(year: int) -> date | None:
    """Return Diwali: the evening before the new moon between mid-October and mid-November, Indian time."""
    if not 1900 <= year <= 2100:
        return None
    moment = _new_moon_after(date(year, 10, 17).toordinal() + 0.5)
    return date.fromordinal(math.floor(moment + 5.5 / 24 - 18 / 24))


def nowruz(year: int) -> date | None:
    """Return Nowruz: the day of the March equinox, or the next when it falls after noon in Tehran."""
    if not 1900 <= year <= 2100:
        return None
    y = (year - 2000) / 1000
    moment = 2451623.80984 + 365242.37404 * y + 0.05169 * y * y - 2451545.0 + _J2000_ORDINAL
    return date.fromordinal(math.floor(moment + 3.5 / 24 + 0.5))
