"""Code articles on this machine: in this process, or in worker processes that each hold a coder.

In: raw articles as they are read. Out: one ``Coded`` per batch, in the order of the input whatever the number of workers.
At most two batches per worker are under way, so memory does not grow with the input.
"""

from __future__ import annotations

import collections
import functools
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from dragoman import __version__
from dragoman.errors import DragomanError
from dragoman.pipeline import BATCH_SIZE, Coder, load, merge
from dragoman.records import Coded, RawArticle, Rejected, split

Item = RawArticle | Rejected
_I = TypeVar("_I", bound=Item)
_LOOK_S = 0.2  # how often a wait looks whether Ctrl-C was pressed
CHARACTERS = 64_000  # of text, after which a batch ends: some sixteen newspaper articles
MARKUP = 40  # of a page, bytes for one character of its article: 160 kB for one of 4,000

_HOW_MUCH = frozenset({"workers", "batch_articles", "threads", "today", "joins", "device"})


@dataclass(frozen=True, slots=True)
class Plan:
    """How to load a coder, and how much goes at once; travels to worker processes."""

    workers: int = 1
    batch_articles: int = 128
    threads: int = 2
    batch_size: int = BATCH_SIZE
    model: str = ""
    registry: tuple[str, ...] = ()
    gazetteer: str = ""
    teasers: bool = False
    infer_date: bool = True
    today: date | None = None
    taught: str = ""
    joins: bool = True
    device: str = "auto"

    def load(self) -> Coder:
        """Return a coder as planned."""
        from dragoman.parse.sentences import ALL_BUT_TEASERS

        return load(
            today=self.today,
            model=Path(self.model) if self.model else None,
            registry=[Path(p) for p in self.registry],
            gazetteer=Path(self.gazetteer) if self.gazetteer else None,
            sections=ALL_BUT_TEASERS | {"teaser"} if self.teasers else ALL_BUT_TEASERS,
            threads=self.threads if self.workers == 1 else 1,
            batch_size=self.batch_size,
            infer_date=self.infer_date,
            taught=Path(self.taught) if self.taught else None,
            joins=self.joins,
            device=self.device,
        )

    def words(self) -> str:
        """Return what decides what is coded, as JSON: version, encoder and settings, but not the day, nor how much goes at once.

        Raises:
            ModelError: As ``digest``.
        """
        own = {k: v for k, v in asdict(self).items() if k not in _HOW_MUCH}
        return json.dumps([__version__, self.digest(), own], sort_keys=True)

    def digest(self) -> str:
        """Return what names the encoder and the taught types that the coder will have, without loading it.

        Raises:
            DeviceMissing: The device cannot be had.
            ModelError: A file is missing or altered, or the taught types do not belong to the encoder.
        """
        from dragoman.parse.device import choose
        from dragoman.parse.model import PACKAGED, check_files, digest_on, read_card
        from dragoman.parse.parser import joint_digest
        from dragoman.parse.taught import read_taught

        folder = Path(self.model) if self.model else PACKAGED
        weights = check_files(folder, read_card(folder))
        taught = read_taught(Path(self.taught), model_digest=weights) if self.taught else None
        return joint_digest(digest_on(weights, choose(self.device)), taught)


def code_batch(coder: Coder, batch: Sequence[Item]) -> Coded:
    """Return what a batch tells, with what could not be read; an article that breaks a stage becomes a rejection."""
    raws, unread = split(batch)
    try:
        coded = coder(raws)
    except DragomanError:
        raise
    except Exception:
        # One strange article must not cost the batch: find it by coding them one by one.
        coded = _one_by_one(coder, raws)
    return Coded(coded.articles, coded.events, coded.incidents, [*unread, *coded.rejected])


def _one_by_one(coder: Coder, raws: Sequence[RawArticle]) -> Coded:
    out = Coded()
    for raw in raws:
        try:
            coded = coder([raw])
        except Exception as error:
            detail = f"{raw.source}: {type(error).__name__}: {error}"
            coded = Coded(rejected=[Rejected(raw.source, "parse", "failed", detail, raw.source_id)])
        out.articles.extend(coded.articles)
        out.events.extend(coded.events)
        out.rejected.extend(coded.rejected)
    joined = merge(out.events, out.articles) if coder.joins else []
    return Coded(out.articles, out.events, joined, out.rejected)


def iter_coded(
    articles: Iterable[Item], plan: Plan, *, coder: Coder | None = None
) -> Iterator[tuple[int, Coded]]:
    """Yield (number of items, ``Coded``) of each batch, in order.

    Args:
        articles: Raw articles and what could not be read, as ``read.iter_articles`` gives them.
        plan: How to load a coder and how many processes to use.
        coder: A coder loaded before, for one worker; None to load one.

    Raises:
        ModelError: The encoder is missing or altered.
        GazetteerError: The table of places is missing or broken.
        RegistryError: A row of an actor table is wrong.
    """
    batches = in_batches(articles, plan.batch_articles)
    if plan.workers == 1:
        own = coder or plan.load()
        for batch in batches:
            yield len(batch), code_batch(own, batch)
        return
    yield from _pooled(batches, plan)


def _pooled(batches: Iterator[list[Item]], plan: Plan) -> Iterator[tuple[int, Coded]]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(plan.workers, mp_context=context, initializer=_start_worker, initargs=(plan,))
    waiting: collections.deque[tuple[int, Future[Coded]]] = collections.deque()
    with _LateInterrupt() as interrupt:
        try:
            for batch in batches:
                waiting.append((len(batch), pool.submit(_code_in_worker, batch)))
                if len(waiting) >= 2 * plan.workers:
                    yield _next_of(waiting, interrupt)
            while waiting:
                yield _next_of(waiting, interrupt)
        finally:
            # Waits for the few batches under way: an interpreter that ends meanwhile prints errors of the pool's own.
            pool.shutdown(wait=True, cancel_futures=True)


def _next_of(
    waiting: collections.deque[tuple[int, Future[Coded]]], interrupt: _LateInterrupt
) -> tuple[int, Coded]:
    size, future = waiting.popleft()
    while not future.done():
        wait([future], timeout=_LOOK_S)
        interrupt.check()
    interrupt.check()  # before an error that Ctrl-C itself may have caused in a starting worker
    return size, future.result()


class _LateInterrupt:
    """Holds Ctrl-C back to the points between batches where ``check`` is called; a second one comes through at once.

    An interrupt that lands inside the pool's own locks would leave them held, and the program would wait for ever.
    """

    def __init__(self) -> None:
        self._came = False
        self._before: Any = None
        self._is_main = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> _LateInterrupt:
        if self._is_main:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        if self._is_main:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: object) -> None:
        if self._came:
            raise KeyboardInterrupt
        self._came = True

    def check(self) -> None:
        """Raise ``KeyboardInterrupt`` if Ctrl-C was pressed since the start."""
        if self._came:
            raise KeyboardInterrupt


_worker: list[Callable[[Sequence[Item]], Coded]] = []


def _start_worker(plan: Plan) -> None:
    # Ctrl-C goes to the whole group; the parent alone decides what to do with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        coder = plan.load()
    except DragomanError as error:
        # An error here would only tell the parent that a worker died; the first batch tells it in words.
        _worker[:] = [functools.partial(_fail, error)]
        return
    _worker[:] = [functools.partial(code_batch, coder)]


def _end_with_parent() -> None:
    """End this worker when its parent was killed; it would wait for work for ever, holding the encoder in memory."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _fail(error: DragomanError, batch: Sequence[Item]) -> Coded:
    raise error


def _code_in_worker(batch: Sequence[Item]) -> Coded:
    return _worker[0](batch)


def in_batches(items: Iterable[_I], most: int, *, characters: int = CHARACTERS) -> Iterator[list[_I]]:
    """Yield items in lists of at most ``most``, ended sooner by the item that brings their text to ``characters``.

    The store takes as long for a batch of three short items as for one of a hundred, and long ones fill the memory.
    """
    batch: list[_I] = []
    size = 0
    for item in items:
        batch.append(item)
        size += _characters(item)
        if len(batch) >= most or size >= characters:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _characters(item: Item) -> int:
    """Return about how much text an item holds."""
    if isinstance(item, Rejected):
        return 0
    return len(item.body) // (MARKUP if item.media_type == "text/html" else 1)
