"""How good forecasts were, and which one to show.

In: ``Forecasts``, all made with nothing but what was known at their origins. Out: scores against the baselines, a table of how often what
was given a chance came so, and per origin the forecast that had earned to be shown by then.

Source:
    Brier, G. W. (1950), "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1-3; logarithmic score:
    Good, I. J. (1952), Journal of the Royal Statistical Society B 14, 107-114; rolling origin: Tashman, L. J. (2000), International
    Journal of Forecasting 16, 437-450; skill and calibration: Wilks 2019, see ``outlook``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.grid import Floats
from dragoman.relate.outlook import Forecasts

Method = Literal["model", "persistence", "climatology"]
METHODS: tuple[Method, ...] = ("model", "persistence", "climatology")
BINS = 10
# Before it is shown, the model must have beaten both baselines on so many past origins, of which so many were above usual.
LEAST_TESTED, LEAST_ABOVE = 52, 5


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts between two chances: how many, their mean, and the share that came so."""

    low: float
    high: float
    n: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Scores:
    """How good a set of forecasts was.

    Attributes:
        n: Forecasts whose outcome is known.
        above: Of them, those that came above usual.
        brier: Mean squared error per method; 0 is perfect.
        log: Mean negative log of the chance given to what came; 0 is perfect.
        calibration: Per method ten bins of equal width; those without forecasts are left out.
    """

    n: int
    above: int
    brier: Mapping[Method, float]
    log: Mapping[Method, float]
    calibration: Mapping[Method, tuple[Bin, ...]]

    def skill(self, over: Method, of: Method = "model") -> float:
        """Return the Brier skill over a baseline: the share of its error that is saved; NaN where nothing was tested."""
        return 1 - self.brier[of] / self.brier[over] if self.n and self.brier[over] > 0 else float("nan")

    @property
    def better_baseline(self) -> Method:
        """The baseline with the smaller Brier score; climatology where they are even."""
        return "persistence" if self.brier["persistence"] < self.brier["climatology"] else "climatology"

    @property
    def model_is_better(self) -> bool:
        """Whether the model beat both baselines on enough origins."""
        return is_shown(self.n, self.above, *(self.brier[m] for m in METHODS))


def is_shown(n: int, above: int, model: float, persistence: float, climatology: float) -> bool:
    """Return whether a model with these scores is shown rather than a baseline."""
    return n >= LEAST_TESTED and above >= LEAST_ABOVE and model < min(persistence, climatology)


def scores_of(many: Iterable[Forecasts], *, since: date | None = None, until: date | None = None) -> Scores:
    """Return the scores of forecasts, pooled, whose origins lie between two days."""
    chances: dict[Method, list[Floats]] = {m: [] for m in METHODS}
    came: list[Floats] = []
    for one in many:
        wanted = _between(one, since, until)
        came.append(one.happened[wanted])
        for m in METHODS:
            chances[m].append(getattr(one, m)[wanted])
    return score(
        {m: np.concatenate([np.zeros(0), *chances[m]]) for m in METHODS}, np.concatenate([np.zeros(0), *came])
    )


def _between(one: Forecasts, since: date | None, until: date | None) -> NDArray[np.bool_]:
    inside = np.array(
        [(since is None or o >= since) and (until is None or o <= until) for o in one.origins], bool
    )
    out: NDArray[np.bool_] = inside & ~np.isnan(one.happened)
    return out


def score(chances: Mapping[Method, Floats], came: Floats) -> Scores:
    """Return the scores of chances, float64 (N,) per method, against what came, 1 or 0."""
    n = len(came)
    if not n:
        nothing = dict.fromkeys(METHODS, float("nan"))
        return Scores(0, 0, nothing, nothing, dict.fromkeys(METHODS, ()))
    brier = {m: float(((p - came) ** 2).mean()) for m, p in chances.items()}
    log = {m: float(-np.log(np.where(came > 0, p, 1 - p)).mean()) for m, p in chances.items()}
    return Scores(n, int(came.sum()), brier, log, {m: calibration_of(p, came) for m, p in chances.items()})


def calibration_of(chances: Floats, came: Floats) -> tuple[Bin, ...]:
    """Return how often what was given a chance came so, in ten bins of equal width."""
    place = np.minimum((chances * BINS).astype(int), BINS - 1)
    out = []
    for b in range(BINS):
        inside = place == b
        if inside.any():
            said, share = float(chances[inside].mean()), float(came[inside].mean())
            out.append(Bin(b / BINS, (b + 1) / BINS, int(inside.sum()), said, share))
    return tuple(out)


def shown_at(one: Forecasts) -> list[Method]:
    """Return which forecast was to be shown at each origin, by the windows that were over by then."""
    known = ~np.isnan(one.happened)
    came = np.where(known, one.happened, 0.0)
    errors = {m: np.where(known, (getattr(one, m) - came) ** 2, 0.0) for m in METHODS}
    over = np.maximum(np.arange(len(came)) - one.weeks + 1, 0)  # windows before this index had ended
    n, above = (_sums(x)[over] for x in (known.astype(float), came))
    model, persistence, climatology = (_sums(errors[m])[over] for m in METHODS)
    return [
        "model" if is_shown(int(n[t]), int(above[t]), model[t], persistence[t], climatology[t])
        else "persistence" if persistence[t] < climatology[t] else "climatology"
        for t in range(len(came))
    ]  # fmt: skip


def _sums(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])
