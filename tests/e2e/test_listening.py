"""Hearing of changes of the store over a socket, while others write it."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from .command import dragoman, write_rows
from .serving import Server
from .signing import Person, arrest

pytestmark = pytest.mark.model


def states(server: Server, person: Person, heard: list[dict[str, Any]], ready: threading.Event) -> None:
    """Listen to changes until the stream ends."""
    with person.client.stream("GET", "/changes", timeout=30) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                assert name == "state"
                heard.append(json.loads(value))
                ready.set()


def test_changes_are_told_as_they_happen(server: Server, db: Path) -> None:
    """A listener hears the state at once and again after another process wrote; Ctrl-C ends the stream and the server."""
    heard: list[dict[str, Any]] = []
    ready = threading.Event()
    listener = threading.Thread(target=states, args=(server, Person(server), heard, ready))
    listener.start()
    assert ready.wait(20)
    assert heard == [{"as_of": Person(server).get("/incidents")["as_of"]}]
    ready.clear()
    write_rows(db.parent / "new.jsonl", [{"id": "n", "text": "Chile recalled its ambassador from Peru on Thursday.", "outlet": "Sur", "published_on": "2024-08-02"}])  # fmt: skip
    done = dragoman("code", "new.jsonl", "--db", db, cwd=db.parent)
    assert done.returncode == 0, done.stderr
    until = time.monotonic() + 20
    now = Person(server).get("/incidents")["as_of"]
    while heard[-1]["as_of"] != now:
        assert time.monotonic() < until, heard
        time.sleep(0.1)
    assert now > heard[0]["as_of"]
    ada = Person(server, "ada")
    count = len(heard)
    assert ada.post(f"/events/{arrest(ada)['event_id']}/reviews", {"verdict": "accepted"}).status_code == 200
    while len(heard) == count:
        assert time.monotonic() < until + 20
        time.sleep(0.1)
    began = time.monotonic()
    status, told = server.stop()
    listener.join(20)
    assert not listener.is_alive()
    assert (status, told) == (130, "")
    assert time.monotonic() - began < 5


def test_listeners_do_not_hold_the_store(server: Server, db: Path) -> None:
    """While somebody listens and nobody asks, other commands write; a listener that leaves is forgotten."""
    person, ready = Person(server), threading.Event()
    listener = threading.Thread(target=states, args=(server, person, [], ready))
    listener.start()
    assert ready.wait(20)
    for turn in range(3):
        done = dragoman("incidents", "merge", "zzzz", "zzzy", "--db", db, cwd=db.parent)
        assert "no incident" in done.stderr, (turn, done.stderr)
    assert server.stop()[0] == 130
    listener.join(20)
    assert not listener.is_alive()
