"""Reports → groups of one event each: candidates by keys, a probability per pair, linkage by the sum over the pairs.

In: reports and what people said. Out: groups with the reasons of every merge. ``group`` is a function of the set of
reports alone: order and batches do not matter.
"""

from __future__ import annotations

import collections
import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dragoman.merge.blocking import home_of, keys_of
from dragoman.merge.clusters import Pair, Said, cluster, components, pair_of
from dragoman.merge.scorer import NEVER, Scorer, logit
from dragoman.merge.views import Report

# Two groups are as sure as the sum of the logits of their pairs divided by their number to this power. Set on the fitted stories by
# cross-validation: at 3 % over-merged incidents 1 (the mean) has a pair F1 of 0.70, 0.5 and 0.3 have 0.75, 0 (the sum) has 0.74.
POWER = 0.5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a report belongs to its group: the member it was most surely one with, the probability, and words."""

    event_id: str
    with_event: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Reports of one event as they appeared, and why each after the first belongs."""

    reports: tuple[Report, ...]
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Component:
    """Reports that are linked with each other and with no other, by their ids, and the groups they make."""

    ids: tuple[str, ...]
    groups: tuple[Group, ...]


@dataclass(slots=True)
class Comparer:
    """Remembers the probability of every pair that was asked for, and the keys of every report."""

    scorer: Scorer
    reports: Mapping[str, Report]
    known: dict[Pair, float] = field(default_factory=dict)
    keys: dict[str, frozenset[str]] = field(default_factory=dict)

    def __call__(self, a: str, b: str) -> float:
        """Return how likely two event ids are one event."""
        key = pair_of(a, b)
        found = self.known.get(key)
        if found is None:
            found = self.scorer.probability(self.reports[key[0]], self.reports[key[1]])
            self.known[key] = found
        return found

    def keys_of(self, report: Report) -> frozenset[str]:
        """Return the keys of a report by which it is compared at all."""
        found = self.keys.get(report.event_id)
        if found is None:
            found = self.keys[report.event_id] = keys_of(report)
        return found


_Keys = Callable[[Report], frozenset[str]]


def blocks_of(reports: Iterable[Report], keys: _Keys = keys_of) -> dict[str, list[str]]:
    """Return article and type, or key → the ids of the reports that have it; ``keys`` gives what ``keys_of`` does."""
    blocks: dict[str, list[str]] = collections.defaultdict(list)
    for report in reports:
        blocks[home_of(report)].append(report.event_id)
        for key in keys(report):
            blocks[key].append(report.event_id)
    return blocks


def candidates(reports: Iterable[Report], keys: _Keys = keys_of) -> list[Pair]:
    """Return each pair of reports that share a key, or an article and a type, once; ``keys`` gives what ``keys_of`` does.

    They come as the reports appeared in the world: what is compared next is near in memory then, which makes a comparison a third faster.
    """
    ordered = sorted(reports, key=lambda r: r.order)
    ids = [r.event_id for r in ordered]
    where = {i: n for n, i in enumerate(ids)}
    size = len(ids)
    found = set()
    for block in blocks_of(ordered, keys).values():
        spots = [where[i] for i in block]  # ascending, since the reports are in order
        found.update([a * size + b for n, a in enumerate(spots) for b in spots[n + 1 :]])
    return [pair_of(ids[code // size], ids[code % size]) for code in sorted(found)]


def group(reports: Sequence[Report], scorer: Scorer, said: Said | None = None) -> list[Group]:
    """Return the groups of reports, by their first report.

    Args:
        reports: Each event once.
        scorer: How sure a pair is.
        said: What people said of pairs; None for nothing.
    """
    compare = Comparer(scorer, {r.event_id: r for r in reports})
    found = regroup(reports, compare, said or Said())
    return sorted((g for one in found for g in one.groups), key=lambda g: g.reports[0].order)


def regroup(reports: Sequence[Report], compare: Comparer, said: Said) -> list[Component]:
    """Return the linked components of reports with their groups; components do not depend on each other."""
    by_id = {r.event_id: r for r in reports}
    out = []
    with _uncollected():
        for ids, found in partition(reports, compare, said):
            groups = [_group([by_id[i] for i in own], compare, said) for own in found]
            out.append(Component(tuple(ids), tuple(sorted(groups, key=lambda g: g.reports[0].order))))
    return out


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles off: millions of pairs make none, and looking through them took a quarter of the time, more with size."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def partition(
    reports: Sequence[Report], compare: Comparer, said: Said
) -> list[tuple[list[str], list[list[str]]]]:
    """Return the linked components of reports, each as its ids and the groups of ids it falls into."""
    known = {r.event_id for r in reports}
    linked = links(candidates(reports, compare.keys_of), compare, said)
    linked |= {p for p in said.one if known.issuperset(p)}
    found = components(known, linked)
    where = {i: n for n, ids in enumerate(found) for i in ids}
    own: dict[int, list[Pair]] = collections.defaultdict(list)
    for pair in linked:
        own[where[pair[0]]].append(pair)
    return [
        (ids, [ids] if len(ids) == 1 else _cluster(ids, own[n], compare, said)) for n, ids in enumerate(found)
    ]


def _cluster(ids: list[str], linked: Sequence[Pair], compare: Comparer, said: Said) -> list[list[str]]:
    """Return the groups of a component: what is summed are logits, so that a sure pair weighs more than a lukewarm one."""
    return cluster(
        ids,
        lambda a, b: logit(compare(a, b)),
        threshold=logit(compare.scorer.threshold),
        said=said,
        never=logit(NEVER),
        power=POWER,
        linked=linked,
    )


def links(pairs: Iterable[Pair], compare: Comparer, said: Said) -> set[Pair]:
    """Return the pairs that are sure enough to bring two groups together."""
    least = compare.scorer.threshold
    return {pair for pair in pairs if pair not in said.apart and compare(*pair) >= least}


def _group(reports: list[Report], compare: Comparer, said: Said) -> Group:
    ordered = sorted(reports, key=lambda r: r.order)
    why = []
    for n, report in enumerate(ordered[1:], 1):
        nearest = max(
            ordered[:n],
            key=lambda r: (
                pair_of(r.event_id, report.event_id) in said.one,
                compare(r.event_id, report.event_id),
                r.event_id,
            ),
        )
        if pair_of(nearest.event_id, report.event_id) in said.one:
            why.append(Reason(report.event_id, nearest.event_id, 1.0, ("a person said so",)))
        else:
            judged = compare.scorer.judge(nearest, report)
            why.append(Reason(report.event_id, nearest.event_id, judged.probability, judged.reasons))
    return Group(tuple(ordered), tuple(why))
