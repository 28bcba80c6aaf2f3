"""Word of changes: one watcher for all listeners, no look without one, none of it holds the store."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dragoman.errors import StoreLocked
from dragoman.serve.changes import Changes
from dragoman.serve.reading import Reading
from dragoman.serve.writing import Writing
from dragoman.store import open_store

from ..invented import add_distinct


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of one invented article."""
    add_distinct(tmp_path / "a.duckdb", "a", day=1)
    return tmp_path / "a.duckdb"


def add_elsewhere(path: Path, name: str, *, day: int) -> None:
    """Write an invented article in another process, as DuckDB wants it."""
    worker = multiprocessing.get_context("spawn").Process(
        target=add_distinct, args=(path, name), kwargs={"day": day}
    )
    worker.start()
    worker.join()
    assert worker.exitcode == 0


async def next_state(stream: AsyncIterator[bytes]) -> str | None:
    """Return the next state of a stream."""
    while True:
        block = (await asyncio.wait_for(anext(stream), 20)).decode()
        if block.startswith("event: state\n"):
            state: str | None = json.loads(block.split("data: ")[1])["as_of"]
            return state


async def until_idle(changes: Changes) -> None:
    """Wait until the watcher has ended."""
    for _ in range(400):
        if len(changes) == 0 and len(asyncio.all_tasks()) == 1:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(asyncio.all_tasks())


def test_listeners_hear_every_change(path: Path) -> None:
    """Each hears the state when it comes and after each change; while the store is written nothing is said, then the new state."""

    async def listen() -> None:
        changes = Changes(Reading(path, idle_s=0), every_s=0.02)
        one, two = changes.listen(lambda: True), changes.listen(lambda: True)
        assert await next_state(one) == "2024-06-01T00:00:00"
        assert await next_state(two) == "2024-06-01T00:00:00"
        await asyncio.to_thread(add_elsewhere, path, "b", day=2)
        assert await next_state(one) == "2024-06-02T00:00:00"
        assert await next_state(two) == "2024-06-02T00:00:00"
        await one.aclose()  # type: ignore[attr-defined]
        await two.aclose()  # type: ignore[attr-defined]
        await until_idle(changes)
        await asyncio.to_thread(add_elsewhere, path, "c", day=3)
        three = changes.listen(lambda: True)
        assert await next_state(three) == "2024-06-03T00:00:00"
        changes.stop()
        with pytest.raises(StopAsyncIteration):
            await anext(three)
        await until_idle(changes)
        late = changes.listen(lambda: True)
        assert [block async for block in late] == [b"retry: 3000\n\n"]

    asyncio.run(listen())


def test_a_listener_gets_signs_of_life_while_it_may(path: Path) -> None:
    """Without changes a comment comes now and then; whose session ended hears no more."""

    async def listen() -> None:
        changes, may = Changes(Reading(path, idle_s=0), every_s=0.02, beat_s=0.05), [True, True, False]
        blocks = [block async for block in changes.listen(lambda: may.pop(0))]
        assert blocks[0].startswith(b"retry")
        assert blocks.count(b":\n\n") == 2
        changes.stop()
        await until_idle(changes)

    asyncio.run(listen())


def test_a_store_that_is_not_there_has_no_state(tmp_path: Path, path: Path) -> None:
    """A missing store is told as one without a change; when it appears, its state is told."""

    async def listen() -> None:
        changes = Changes(Reading(tmp_path / "b.duckdb", idle_s=0), every_s=0.02)
        stream = changes.listen(lambda: True)
        assert await next_state(stream) is None
        path.rename(tmp_path / "b.duckdb")
        assert await next_state(stream) == "2024-06-01T00:00:00"
        changes.stop()
        assert [block async for block in stream] == []
        await until_idle(changes)

    asyncio.run(listen())


def test_a_look_holds_nothing(path: Path) -> None:
    """After a look others can write at once; while this process writes there is nothing to see."""
    reading = Reading(path, idle_s=3600)
    mark, moment = reading.look()
    assert moment is not None
    open_store(path).close()
    with Writing(reading).open() as store, contextlib.suppress(ZeroDivisionError):
        store.connection.execute("SELECT 1")
        with pytest.raises(StoreLocked):
            reading.look()
        raise ZeroDivisionError
    with reading.view() as view:
        assert reading.look() == (view.mark, view.changed_at)
        assert view.mark != () != mark
    reading.close()
