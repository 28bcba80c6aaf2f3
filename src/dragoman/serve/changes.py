"""Telling listeners that the store changed: one watcher for all, which opens the file only when its mark moved.

Each listener is a stream of server-sent events: "state" with the last change when it begins and whenever the store changed, and a
comment as a sign of life. No thread waits for a listener, and the store is never held.

Source: WHATWG HTML, "Server-sent events".
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from anyio import to_thread

from dragoman.errors import DragomanError, StoreLocked
from dragoman.serve.reading import Mark, Reading, mark_of

MEDIA_TYPE = "text/event-stream"
MOST_LISTENERS = 200
_log = logging.getLogger(__name__)


class _State:
    """What was seen last; each change is another object, also where its moment is the same."""

    def __init__(self, moment: datetime | None) -> None:
        self.moment = moment

    def to_event(self) -> bytes:
        """Return the event that tells of it."""
        said = json.dumps({"as_of": self.moment.isoformat() if self.moment else None})
        return f"event: state\ndata: {said}\n\n".encode()


class Changes:
    """Watches a store while somebody listens; lives in one event loop. Stop it when the server ends.

    Args:
        reading: How the store is read.
        every_s: How often the file's mark is looked at.
        beat_s: After how long without a change a sign of life is sent.
    """

    def __init__(self, reading: Reading, *, every_s: float = 1.0, beat_s: float = 15.0) -> None:
        self._reading = reading
        self._every_s = every_s
        self._beat_s = beat_s
        self._woken: set[asyncio.Event] = set()
        self._state: _State | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_over = False

    def __len__(self) -> int:
        return len(self._woken)

    async def listen(self, holds: Callable[[], bool]) -> AsyncIterator[bytes]:
        """Yield the stream of one listener, until it leaves, ``holds`` fails or the server ends.

        Args:
            holds: Whether the listener may still listen; asked with every sign of life.
        """
        woken = asyncio.Event()
        self._woken.add(woken)
        told: _State | None = None
        try:
            self._start()
            yield b"retry: 3000\n\n"
            while not self._is_over:
                if self._state is not None and self._state is not told:
                    told = self._state
                    yield told.to_event()
                    continue
                try:
                    await asyncio.wait_for(woken.wait(), self._beat_s)
                except TimeoutError:
                    if not holds():
                        return
                    yield b":\n\n"
                woken.clear()
        finally:
            self._woken.discard(woken)

    def stop(self) -> None:
        """End all streams and take no new ones; called in the event loop."""
        self._is_over = True
        if self._task is not None:
            self._task.cancel()
        for woken in self._woken:
            woken.set()

    def _start(self) -> None:
        if self._task is None and not self._is_over:
            # What was seen before nobody listened may be long past.
            self._state = None
            self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        mark: Mark | None = None
        try:
            while self._woken:
                mark = await self._look(mark)
                await asyncio.sleep(self._every_s)
        finally:
            self._task = None

    async def _look(self, before: Mark | None) -> Mark | None:
        """Tell listeners of another mark, and return it; the mark before while the store is being written."""
        mark = mark_of(self._reading.path)
        if mark == before:
            return before
        moment = None
        try:
            mark, moment = await to_thread.run_sync(self._reading.look)
        except StoreLocked:
            return before
        except DragomanError as error:
            _log.warning("store unreadable: %s", error)
        except Exception:
            # Listeners must not go deaf for one failure; the next change is looked at again.
            _log.exception("watching failed")
        self._state = _State(moment)
        for woken in self._woken:
            woken.set()
        return mark
