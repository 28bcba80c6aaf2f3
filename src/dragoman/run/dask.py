"""Code articles on a Dask cluster: a unit of the input in, a Parquet shard out; the only file that imports dask.

Workers never open the store: they write shards, or hand them back where no disk is shared, and this process takes them in, in the order
of the input. A unit whose worker dies is coded again by another, as Dask does; a shard that is there already is not made again. Each
worker process loads the coder once.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dragoman.errors import DragomanError, EngineError
from dragoman.extras import load_extra
from dragoman.pipeline import Coder
from dragoman.records import Coded
from dragoman.run.local import Plan, code_batch, in_batches
from dragoman.run.shards import read_shard, write_shard
from dragoman.run.units import Given, Unit

RETRIES = 3  # workers that may die over a unit before it is given up
_AHEAD = 2  # units under way per worker


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which cluster, and where shards go.

    Attributes:
        scheduler: Address such as "tcp://10.0.0.5:8786"; None to start workers on this machine.
        workers: How many to start on this machine.
        shards: Folder that all workers can write; None where shards are handed back.
    """

    scheduler: str | None = None
    workers: int = 2
    shards: Path | None = None


@dataclass(frozen=True, slots=True)
class Shard:
    """A coded unit: its id, what it is of, and its batches, as ``code_batch`` gives them."""

    shard_id: str
    name: str
    batches: Iterator[tuple[int, Coded]] = field(repr=False)


def iter_shards(
    units: Iterable[Unit],
    plan: Plan,
    cluster: Cluster,
    *,
    given: Given,
    coder: str,
    known: Collection[str] = (),
) -> Iterator[Shard]:
    """Yield the shards of units in their order; read one to its end before asking for the next.

    Args:
        units: Parts of the input; asked for only as workers become free.
        plan: How to load a coder.
        cluster: Where.
        given: What the caller says of all inputs.
        coder: What names the coder: version, model digest, settings.
        known: Shards to pass over.

    Raises:
        EngineError: The cluster cannot be reached, or a unit was given up.
        ExtraMissing: Dask is not installed.
        DragomanError: What loading the coder or reading an input raises.
    """
    work = functools.partial(_code, plan=plan, given=given)
    under_way: collections.deque[tuple[str, Unit, Any]] = collections.deque()
    with _connected(cluster) as client, tempfile.TemporaryDirectory(prefix="dragoman-shards-") as own:
        most = _AHEAD * max(1, sum(client.nthreads().values()))
        for unit in units:
            key = unit.shard_id(coder=coder, given=given)
            if key in known:
                continue
            path = cluster.shards / f"{key}.parquet" if cluster.shards else None
            done = path is not None and path.exists()
            future = (
                None
                if done
                else client.submit(work, unit, str(path) if path else None, key=key, retries=RETRIES)
            )
            under_way.append((key, unit, future))
            if len(under_way) >= most:
                yield _next_of(under_way, cluster.shards or Path(own))
        while under_way:
            yield _next_of(under_way, cluster.shards or Path(own))


def _next_of(under_way: collections.deque[tuple[str, Unit, Any]], folder: Path) -> Shard:
    key, unit, future = under_way.popleft()
    path = folder / f"{key}.parquet"
    if future is not None:
        try:
            handed = future.result()
        except DragomanError:
            raise
        except Exception as error:
            raise EngineError(
                f'"{unit.name}" could not be coded on the cluster: {type(error).__name__}: {error}'
            ) from error
        finally:
            future.release()
        if handed is not None:
            path.write_bytes(handed)
        elif not path.exists():
            raise EngineError(
                f'a worker wrote "{path.name}", but it is not in "{folder}" here: --shards must be a folder that all share.'
            )
    return Shard(key, unit.name, read_shard(path))


@contextlib.contextmanager
def _connected(cluster: Cluster) -> Iterator[Any]:
    """Give a client of the cluster, and end what was started for it."""
    distributed = load_extra("distributed", extra="dask", purpose="--engine dask")
    with contextlib.ExitStack() as stack:
        try:
            if cluster.scheduler is None:
                started = stack.enter_context(distributed.LocalCluster(
                    n_workers=cluster.workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
                ))  # fmt: skip
                client = stack.enter_context(distributed.Client(started))
            else:
                client = stack.enter_context(distributed.Client(cluster.scheduler, timeout=20))
        except (OSError, ValueError) as error:
            raise EngineError(
                f'no Dask scheduler answers at "{cluster.scheduler}": {error}. Start one: dask scheduler'
            ) from error
        if not client.nthreads():
            raise EngineError(
                f'the scheduler at "{cluster.scheduler}" has no workers. Start some: dask worker {cluster.scheduler} --nthreads 1'
            )
        yield client


@functools.lru_cache(maxsize=2)
def _coder(plan: Plan) -> Coder:
    return plan.load()


def _code(unit: Unit, path: str | None, *, plan: Plan, given: Given) -> bytes | None:
    """Code a unit in a worker: into a file that all share, or handed back."""
    coder = _coder(plan)
    batches = (
        (len(batch), code_batch(coder, batch)) for batch in in_batches(unit.read(given), plan.batch_articles)
    )
    if path is not None:
        write_shard(Path(path), batches)
        return None
    with tempfile.TemporaryDirectory(prefix="dragoman-") as folder:
        own = Path(folder) / "shard.parquet"
        write_shard(own, batches)
        return own.read_bytes()
