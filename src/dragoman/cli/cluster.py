"""``dragoman code --engine dask``: what the flags say of a cluster, and the input as units for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.errors import UsageError
from dragoman.records import Coded

if TYPE_CHECKING:
    from dragoman.read import Reading
    from dragoman.run import Plan
    from dragoman.run.units import Given, Unit

# From so many files on, workers read them themselves; fewer are read here and sent in parts.
MANY_FILES = 16


@dataclass(frozen=True, slots=True)
class ClusterFlags:
    """The flags of ``code`` that a cluster needs.

    Attributes:
        scheduler: Address of a Dask scheduler; None to start workers here.
        shards: Folder that this machine and all workers share.
        part_articles: Articles per unit that is sent.
    """

    scheduler: str | None
    shards: str | None
    part_articles: int = 256

    def check(self, *, engine: str) -> None:
        """Check that the flags fit the engine.

        Raises:
            UsageError: They do not, or the folder of shards is a file.
        """
        if engine != "dask" and (self.scheduler or self.shards):
            raise UsageError("--scheduler and --shards belong to --engine dask.")
        if self.shards and Path(self.shards).exists() and not Path(self.shards).is_dir():
            raise UsageError(f'--shards must be a folder; "{self.shards}" is a file.')


@dataclass(frozen=True, slots=True)
class Taking:
    """How shards are taken in: which are known already, and who notes that one is stored whole."""

    coder: str
    known: frozenset[str]
    note: Callable[[str, str, int], None]


def coded_on_cluster(
    inputs: Sequence[str], plan: Plan, flags: ClusterFlags, *, given: Given, reading: Reading, taking: Taking
) -> Iterator[tuple[int, Coded]]:
    """Yield (number of items, what they gave) as workers of a cluster code them, in the order of the input.

    Raises:
        EngineError: The cluster cannot be reached, or gave a part of the input up.
        InputError: An input cannot be read.
        ExtraMissing: Dask is not installed.
    """
    from dragoman.run.dask import Cluster, iter_shards

    shards = Path(flags.shards).resolve() if flags.shards else None
    cluster = Cluster(flags.scheduler, plan.workers, shards)
    units = _units(
        inputs,
        given=given,
        reading=reading,
        shared=flags.scheduler is None or shards is not None,
        size=flags.part_articles,
    )
    # One encoder thread per worker process: a worker has one core.
    plan = replace(plan, threads=1)
    for shard in iter_shards(units, plan, cluster, given=given, coder=taking.coder, known=taking.known):
        items = 0
        for size, coded in shard.batches:
            items += size
            yield size, coded
        taking.note(shard.shard_id, shard.name, items)


def _units(
    inputs: Sequence[str], *, given: Given, reading: Reading, shared: bool, size: int
) -> Iterator[Unit]:
    """Yield the input as units: objects and many files for workers to read, everything else read here."""
    from dragoman.read import Meter, iter_articles
    from dragoman.read.folders import Named, list_inputs
    from dragoman.run.units import file_units, item_units, split_inputs, storage_units

    addresses, rest = split_inputs(inputs)
    yield from storage_units(addresses)
    # A list on standard input can be read only once, by who reads the articles.
    named = list_inputs(rest, meter=Meter(), stdin=sys.stdin.buffer) if shared and "@-" not in rest else []
    files = [n.name for n in named if isinstance(n, Named) and not n.is_url and n.name != "-"]
    if len(files) >= MANY_FILES and len(files) == len(named):
        yield from file_units(files)
    elif rest:
        items = iter_articles(
            rest, outlet=given.outlet, published_on=given.published_on, published_field=given.published_field, reading=reading
        )  # fmt: skip
        yield from item_units(items, size)
