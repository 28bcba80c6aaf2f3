"""Whose position changed most between two periods.

In: counted points of an earlier and of a later period. Out: ``Move``s, the farthest first.

An actor's position in a period is how its intensity is spread over (partner, sign): the sum of the absolute intensities of its incidents
with each partner, positive and negative apart, divided by their total. How far it moved is the Jensen-Shannon distance, the square root of
the divergence to base 2: 0 is the same position, 1 has nothing in common. Few incidents differ by chance alone, so each distance stands
beside the one to expect if nothing changed: incidents are dealt to the periods anew, many times, with their numbers kept.

Source:
    Lin, J. (1991), "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37, 145-151; Endres, D. M.
    and Schindelin, J. E. (2003), "A new metric for probability distributions", IEEE Transactions on Information Theory 49, 1858-1860;
    Fisher's permutation test.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.relate.grid import Floats
from dragoman.relate.network import By, pairs_of
from dragoman.relate.points import Point

LEAST_INCIDENTS = 10  # of an actor in each period
_DEALS, _SEED = 400, 1


@dataclass(frozen=True, slots=True)
class Move:
    """How far an actor's position moved.

    Attributes:
        actor: The node.
        distance: Jensen-Shannon distance, 0 to 1.
        expected: Mean distance if nothing changed.
        chance: Share of deals in which it is at least as large.
        incidents: In the earlier and in the later period.
        partners: The (partner, sign, share before, share after) that changed most, at most three.
    """

    actor: str
    distance: float
    expected: float
    chance: float
    incidents: tuple[int, int]
    partners: tuple[tuple[str, int, float, float], ...]


def moves_of(
    earlier: Iterable[Point], later: Iterable[Point], *, by: By = "country", least: int = LEAST_INCIDENTS
) -> list[Move]:
    """Return the moves of all actors with at least so many incidents in both periods, farthest beyond chance first."""
    columns: dict[str, dict[tuple[str, int], int]] = {}
    rows: tuple[dict[str, list[list[tuple[int, float]]]], ...] = ({}, {})
    for period, points in enumerate((earlier, later)):
        for point in points:
            for actor, entries in _entries(point, by).items():
                place = columns.setdefault(actor, {})
                rows[period].setdefault(actor, []).append(
                    [(place.setdefault(key, len(place)), size) for key, size in entries]
                )
    moves = [
        _move(actor, tuple(place), rows[0][actor], rows[1][actor])
        for actor, place in columns.items()
        if min(len(rows[0].get(actor, ())), len(rows[1].get(actor, ()))) >= least
    ]
    return sorted(moves, key=lambda m: (m.expected - m.distance, m.actor))


def _entries(point: Point, by: By) -> dict[str, list[tuple[tuple[str, int], float]]]:
    """Return per actor of an incident its partners with the sign and the size of the intensity."""
    out: dict[str, list[tuple[tuple[str, int], float]]] = {}
    for pair in sorted(pairs_of(point.incident, by)) if point.intensity else ():
        for actor, partner in (pair, pair[::-1]):
            out.setdefault(actor, []).append(
                ((partner, 1 if point.intensity > 0 else -1), abs(point.intensity))
            )
    return out


def _move(
    actor: str, keys: Sequence[tuple[str, int]], before: Sequence[Sequence[tuple[int, float]]],
    after: Sequence[Sequence[tuple[int, float]]],
) -> Move:  # fmt: skip
    shares = np.zeros((len(before) + len(after), len(keys)))
    for row, entries in enumerate([*before, *after]):
        for column, size in entries:
            shares[row, column] += size
    split = np.arange(len(shares)) < len(before)
    distance, p, q = _distance(shares, split)
    rng = np.random.default_rng(_SEED)
    dealt = np.array([_distance(shares, rng.permutation(split))[0] for _ in range(_DEALS)])
    changed = np.argsort(-np.abs(q - p), kind="stable")[:3]
    return Move(
        actor, distance, float(dealt.mean()), float((1 + (dealt >= distance - 1e-12).sum()) / (1 + _DEALS)),
        (len(before), len(after)), tuple((*keys[k], float(p[k]), float(q[k])) for k in changed if p[k] != q[k]),
    )  # fmt: skip


def _distance(shares: Floats, earlier: NDArray[np.bool_]) -> tuple[float, Floats, Floats]:
    p, q = shares[earlier].sum(axis=0), shares[~earlier].sum(axis=0)
    p, q = p / p.sum(), q / q.sum()
    return jensen_shannon(p, q), p, q


def jensen_shannon(p: Floats, q: Floats) -> float:
    """Return the Jensen-Shannon distance of two distributions, 0 to 1.

    Example:
        >>> jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
        1.0
    """
    middle = (p + q) / 2
    divergence = 0.0
    for one in (p, q):
        some = one > 0
        divergence += 0.5 * float((one[some] * np.log2(one[some] / middle[some])).sum())
    return float(np.sqrt(min(max(divergence, 0.0), 1.0)))
