"""What is kept of a state of the store: made once, bounded, gone with the state; and answers for other machines in fewer bytes."""

from __future__ import annotations

import gzip
import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dragoman.serve.app import make_app
from dragoman.serve.memory import Memory
from dragoman.serve.reading import Reading
from dragoman.store import begin_run, open_store, write

from ..invented import DIGEST, VERSION, make_distinct

AT = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of forty invented articles."""
    file = tmp_path / "a.duckdb"
    with open_store(file) as store:
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT)
        coded = make_distinct(*map(str, range(40)))
        write(store, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)
    return file


def test_answers_are_kept_within_bounds() -> None:
    """The answer asked for longest ago goes first, one that is too large is not kept, and what is kept is not made again."""
    memory = Memory(most_bytes=100)
    made: list[str] = []

    def ask(tag: str, size: int = 25) -> bytes:
        return memory.answer(tag, lambda: made.append(tag) or b"x" * size)  # type: ignore[func-returns-value]

    for tag in "abcd":
        ask(tag)
    ask("a")
    ask("e")
    assert made == list("abcde")
    ask("a")
    assert made == list("abcde")
    ask("b")
    assert made == [*"abcde", "b"]
    for _ in range(2):
        assert len(ask("large", 26)) == 26
    assert made.count("large") == 2


def test_one_request_makes_it_and_others_wait() -> None:
    """Of many at once that ask for the same, one makes it; what fails is made anew."""
    memory = Memory()
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(memory.remember("n", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, made) == ([1] * 8, [1])
    with pytest.raises(ZeroDivisionError):
        memory.remember("m", lambda: 1 // 0)
    assert memory.remember("m", lambda: 7) == 7


def test_what_was_made_outlives_letting_go(path: Path) -> None:
    """While the file is as it was, what was made of it is kept, also when the file was let go of in between."""
    reading = Reading(path, idle_s=0)
    with reading.view() as view:
        assert view.remember("n", lambda: 1) == 1
        assert view.answer("tag", lambda: b"one") == b"one"
    with reading.view() as view:
        assert view.remember("n", lambda: 2) == 1
        assert view.answer("tag", lambda: b"two") == b"one"


def test_other_machines_hear_fewer_bytes(path: Path) -> None:
    """A long answer to another machine is compressed when that takes it; one to this machine and a short one are not."""
    app = make_app(path, hosts=None, idle_s=60)
    far = TestClient(app, base_url="http://localhost/api/v1", client=("203.0.113.7", 5))
    near = TestClient(app, base_url="http://localhost/api/v1", client=("127.0.0.1", 5))
    plain = near.get("/incidents")
    assert "content-encoding" not in plain.headers
    with far.stream("GET", "/incidents") as found:
        raw = b"".join(found.iter_raw())
        assert found.headers["content-encoding"] == "gzip"
        assert found.headers["etag"] == "W/" + plain.headers["etag"]
        assert int(found.headers["content-length"]) == len(raw) < len(plain.content) / 2
    assert gzip.decompress(raw) == plain.content
    assert far.get("/incidents", headers={"If-None-Match": found.headers["etag"]}).status_code == 304
    assert "content-encoding" not in far.get("/incidents", headers={"Accept-Encoding": "identity"}).headers
    assert "content-encoding" not in far.get("/counts").headers
    assert json.loads(plain.content)["items"]
