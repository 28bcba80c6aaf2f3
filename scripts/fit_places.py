"""Fit the weights of places: what is one, which one is meant, and how sure that is.

    PYTHONPATH=src python scripts/fit_places.py [--data ../shared/data/geo/GeoVirus.xml.gz] [--out FILE]

Out: ``src/dragoman/resolve/gazetteer/place_weights.json``. Three models, all fitted on GeoVirus alone:

find     a logistic regression over the names that the gazetteer holds. GeoVirus seldom annotates names inside names of
         organisations ("Auckland" in "Auckland Regional Health Service"), which we do return: such a negative weighs a
         tenth. The European Union, which it leaves out, is no negative at all.
choose   a conditional logit over the rows of a name, drawn to weights chosen by hand (``PRIOR``), since the set is small
         and names few countries.
sure     a logistic regression on the probability of the row chosen.

Before it writes, it prints the figures of halves fitted on the other half.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from dragoman.find import _read, _tools
from dragoman.records import Parsed, Place
from dragoman.resolve.gazetteer import PACKAGED
from dragoman.resolve.gazetteer.own import distance_km
from dragoman.resolve.places import ArticlePlaces, PlaceResolver, share_of_best, sure_features

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bench" / "quality"))
from places import DATA, NEAR_KM, Countries, Gold, Tally, count, read_geovirus, report

Features = list[tuple[str, float]]
Weights = dict[str, float]
Row = tuple[str, list[Gold], Parsed, dict[str, int]]
PRIOR: Weights = {
    "population": 0.75, "unit population": 0.75, "own name": 1.0, "largest": 0.3, "country share": 2.0,
    "country named": 1.0, "unit fits": 3.0, "unit differs": -1.0, "qualified": 5.0, "qualifies": 4.0, "kind country": 5.0,
    "kind continent": 5.0, "kind region": 3.0, "kind water": 3.0, "kind site": 2.0, "kind admin1": 0.3,
    "kind admin2": 0.0, "kind city": 0.0, "unit of a big city": -4.0, "near 30": 0.7, "near 100": 0.7, "near 300": 0.5,
    "near 1000": 0.5, "in the same unit": 0.7, "in a named country": 1.0, "anchor share": 1.0, "anchors in country": 0.5,
}  # fmt: skip
NESTED, PULL = 0.1, 2.0
# A town and the unit around it share a name and lie close, so that distances tell little of which is meant: a bare name
# ("Kabul", "New York", "Washington") is rather the town's. This weight is held.
HELD = {"unit of a big city": 200.0}
# GeoVirus has no datelines and no headlines in capitals.
FIND_PRIOR: Weights = {"dateline": 2.5, "capitals": 0.5}
# Recall is worth a little more than GeoVirus says, since it leaves names unannotated that are places.
SHIFT = 0.2
START = {"bias": 0.5, "logit": 1.0}


def design(rows: Sequence[Features], names: Sequence[str]) -> np.ndarray:
    """Return features as a matrix (rows, names)."""
    at = {n: k for k, n in enumerate(names)}
    out = np.zeros((len(rows), len(names)))
    for k, features in enumerate(rows):
        for name, value in features:
            out[k, at[name]] += value
    return out


def names_of(rows: Sequence[Features]) -> list[str]:
    """Return the names of all features."""
    return sorted({n for f in rows for n, _ in f})


def logistic(
    rows: Sequence[Features],
    y: Sequence[float],
    weight: Sequence[float],
    ridge: float,
    pulled: Mapping[str, float],
) -> Weights:
    """Fit a logistic regression by Newton's method, its weights drawn to those given, else to zero."""
    names = sorted({*names_of(rows), *pulled})
    prior = np.array([pulled.get(n, 0.0) for n in names])
    x, t, s = design(rows, names), np.array(y), np.array(weight)
    w = prior.copy()
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        hessian = (x * (s * p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(names))
        step = np.linalg.solve(hessian, x.T @ (s * (p - t)) + ridge * (w - prior))
        w -= step
        if abs(step).max() < 1e-4:
            break
    return {n: round(float(v), 3) for n, v in zip(names, w, strict=True)}


def conditional(groups: Sequence[tuple[list[Features], list[int]]]) -> Weights:
    """Fit a conditional logit whose weights are drawn to ``PRIOR``; each group has its rows and the right ones."""
    names = sorted({*names_of([f for rows, _ in groups for f in rows]), *PRIOR})
    prior = np.array([PRIOR.get(n, 0.0) for n in names])
    pull = np.array([HELD.get(n, PULL) for n in names])
    mats = [(design(rows, names), right) for rows, right in groups]
    w = prior.copy()
    for _ in range(60):
        gradient, hessian = pull * (w - prior), np.diag(pull)
        for x, right in mats:
            s = x @ w
            p = np.exp(s - s.max())
            p /= p.sum()
            q = np.zeros(len(p))
            q[right] = p[right] / p[right].sum()
            gradient += x.T @ (p - q)
            centred = x - p @ x
            hessian += (centred * p[:, None]).T @ centred
        step = np.clip(np.linalg.solve(hessian, gradient), -2, 2)
        w -= step
        if abs(step).max() < 1e-3:
            break
    return {n: round(float(v), 3) for n, v in zip(names, w, strict=True)}


def fit_find(rows: Sequence[Row], resolver: PlaceResolver) -> Weights:
    """Fit what is a place."""
    features, y, weights = [], [], []
    for text, gold, parsed, _ in rows:
        for one, own in resolver.finder.candidates(text, parsed.mentions):
            right = any(g.start < one.end and one.start < g.end for g in gold)
            if not right and one.keys[-1] in ("eu", "european union"):
                continue
            features.append(own)
            y.append(float(right))
            weights.append(NESTED if not right and any(n == "ORG around" for n, _ in own) else 1.0)
    out = logistic(features, y, weights, 1.0, FIND_PRIOR)
    out["bias"] = round(out["bias"] + SHIFT, 3)
    return out


def annotated(places: ArticlePlaces, gold: Sequence[Gold]) -> list[tuple[int, Gold]]:
    """Return the number of each name found that is annotated, with its annotation."""
    out = []
    for k, t in enumerate(places.toponyms):
        own = next((g for g in gold if g.start < t.end and t.start < g.end), None)
        if own is not None:
            out.append((k, own))
    return out


def fit_choose(rows: Sequence[Row], resolver: PlaceResolver) -> Weights:
    """Fit which row of a name is meant."""
    groups = []
    for _, gold, parsed, countries in rows:
        places = resolver.start(parsed, countries=countries)
        for k, one in annotated(places, gold):
            weighed = places.weighed(places.toponyms[k], places.around(k), places.anchors)
            right = [
                n
                for n, (r, _) in enumerate(weighed)
                if distance_km(r.lat, r.lon, one.lat, one.lon) <= NEAR_KM
            ]
            if right and len(right) < len(weighed):
                groups.append(([f for _, f in weighed], right))
    return conditional(groups)


def fit_sure(rows: Sequence[Row], resolver: PlaceResolver) -> Weights:
    """Fit how sure the row chosen is; a state is right wherever GeoVirus puts its centre."""
    features, y = [], []
    for _, gold, parsed, countries in rows:
        places = resolver.start(parsed, countries=countries)
        for k, one in annotated(places, gold):
            scored = places.scored(places.toponyms[k], places.around(k), places.anchors)
            if scored:
                row = scored[0][1]
                km = distance_km(row.lat, row.lon, one.lat, one.lon)
                features.append(sure_features(share_of_best(scored), row, row.country in countries))
                y.append(float(km <= NEAR_KM or (row.kind in ("country", "continent") and km < 1500)))
    return logistic(features, y, [1.0] * len(y), 5.0, START)


def fit(rows: Sequence[Row], base: PlaceResolver) -> dict[str, Weights]:
    """Fit all three, each on what the ones before it give."""

    def with_weights(weights: Mapping[str, Mapping[str, float]]) -> PlaceResolver:
        return PlaceResolver(base.gazetteer, base.country_names, weights=weights)

    weights: dict[str, Weights] = {"find": fit_find(rows, base), "choose": PRIOR, "sure": START}
    weights["choose"] = fit_choose(rows, with_weights(weights))
    weights["sure"] = fit_sure(rows, with_weights(weights))
    return weights


def measure(rows: Sequence[Row], weights: Mapping[str, Weights], base: PlaceResolver, tally: Tally) -> None:
    """Add the figures of articles under given weights."""
    resolver = PlaceResolver(base.gazetteer, base.country_names, weights=weights)
    countries = Countries()
    for text, gold, parsed, named in rows:
        found: list[Place] = resolver.start(parsed, countries=named).find()
        count(tally, text, gold, found, countries)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA / "GeoVirus.xml.gz")
    parser.add_argument("--out", type=Path, default=PACKAGED / "place_weights.json")
    options = parser.parse_args()
    actors, packaged = _tools(None)
    base = PlaceResolver(
        packaged.gazetteer, packaged.country_names, weights={"find": {}, "choose": PRIOR, "sure": START}
    )
    rows: list[Row] = []
    for text, gold in read_geovirus(options.data):
        parsed = _read(text, None)
        rows.append((text, gold, parsed, dict(collections.Counter(actors.start(parsed).countries))))
    half, tally = len(rows) // 2, Tally()
    measure(rows[:half], fit(rows[half:], base), base, tally)
    measure(rows[half:], fit(rows[:half], base), base, tally)
    report("GeoVirus, each half by the weights of the other", tally, kinds=False)
    weights = fit(rows, base)
    options.out.write_text(json.dumps(weights, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
