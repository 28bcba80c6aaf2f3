"""Sessions through the application, on a clock moved by hand; the limits of listeners; pages beside the limit of requests."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from dragoman.serve.app import SIGN_INS, Signing, make_app
from dragoman.serve.limits import RateLimit
from dragoman.serve.running import Server
from dragoman.serve.users import add_user

from ..invented import add_distinct
from .clock import AT, Clock

TOKEN = "a-token-of-at-least-16"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store of one invented article with a reviewer."""
    add_distinct(tmp_path / "a.duckdb", "a", day=1)
    add_user(tmp_path / "a.duckdb.users.json", "ada", role="reviewer", password="correct horse", at=AT)
    return tmp_path / "a.duckdb"


def sign_in(client: TestClient, **said: str) -> dict[str, str]:
    """Sign in and return the headers of a request that writes."""
    found = client.post("/session", json=said or {"name": "ada", "password": "correct horse"})
    assert found.status_code == 200, found.text
    return {"X-CSRF-Token": found.json()["csrf"]}


def test_a_session_ends_with_time(store: Path) -> None:
    """After its idle time a session neither reads where a token is needed nor writes; the answer says when that will be."""
    clock = Clock()
    app = make_app(store, idle_s=0, token=TOKEN, signing=Signing(idle_h=1, whole_h=3, clock=clock))
    client = TestClient(app, base_url="http://localhost/api/v1")
    headers = sign_in(client)
    event = client.get("/events").json()["items"][0]["event_id"]
    assert client.get("/session").json()["expires_at"] == "2024-06-01T09:00:00+00:00"
    clock.now += timedelta(minutes=59)
    said = client.post(f"/events/{event}/reviews", json={"verdict": "accepted"}, headers=headers)
    assert said.status_code == 200, said.text
    assert client.get("/reviews").json()["items"][0]["recorded_at"] == "2024-06-01T08:59:00.000000"
    clock.now += timedelta(minutes=60)
    assert client.get("/events").json()["code"] == "unauthorized"
    assert (
        client.post(f"/events/{event}/reviews", json={"verdict": "accepted"}, headers=headers).status_code
        == 401
    )
    told = client.get("/session").json()
    assert (told["user"], told["csrf"], told["needs_token"], told["has_users"]) == (None, None, True, True)
    sign_in(client)
    for _ in range(3):
        clock.now += timedelta(minutes=50)
        assert client.get("/session").json()["user"] is not None
    assert client.get("/session").json()["expires_at"] == "2024-06-01T12:59:00+00:00"
    clock.now += timedelta(minutes=30)
    assert client.get("/session").json()["user"] is None


def test_signing_in_again_ends_the_session_before(store: Path) -> None:
    """A browser has one session; the cookie of the one before is worth nothing, and so is its second secret."""
    client = TestClient(make_app(store, idle_s=0), base_url="http://localhost/api/v1")
    before = sign_in(client)
    cookie = client.cookies["dragoman_session"]
    after = sign_in(client)
    assert client.cookies["dragoman_session"] != cookie
    assert before != after
    other = TestClient(client.app, base_url="http://localhost/api/v1", cookies={"dragoman_session": cookie})
    assert other.get("/session").json()["user"] is None
    assert client.delete("/session", headers=before).json()["code"] == "csrf"
    assert client.delete("/session", headers=after).json()["user"] is None


def test_without_users_nobody_signs_in(store: Path) -> None:
    """A server whose file of users is not there says so, and refuses every name."""
    client = TestClient(
        make_app(store, signing=Signing(store.with_name("none.json"))), base_url="http://localhost/api/v1"
    )
    assert client.get("/session").json()["has_users"] is False
    found = client.post("/session", json={"name": "ada", "password": "correct horse"})
    assert (found.status_code, found.json()["code"]) == (401, "unauthorized")
    for said in ({}, {"name": "ada"}, {"token": "x", "name": "ada", "password": "y"}):
        assert client.post("/session", json=said).json()["code"] == "usage"
    assert client.post("/session", json={"token": TOKEN}).json()["code"] == "unauthorized"


def test_too_many_listeners_wait(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the most listeners another is told to come back later."""
    monkeypatch.setattr("dragoman.serve.routes.changes.MOST_LISTENERS", 0)
    found = TestClient(make_app(store), base_url="http://localhost/api/v1").get("/changes")
    assert (found.status_code, found.json()["code"], found.headers["retry-after"]) == (
        429,
        "rate_limited",
        "60",
    )


def test_many_at_once_leave_threads_for_readers(store: Path) -> None:
    """Past so many passwords checked at once another must wait, without being counted as a failure."""
    app = make_app(store)
    client = TestClient(app, base_url="http://localhost/api/v1")
    for _ in range(SIGN_INS):
        app.state.hashing.acquire()
    for _ in range(6):
        found = client.post("/session", json={"name": "ada", "password": "correct horse"})
        assert (found.status_code, found.headers["retry-after"]) == (429, "1")
    app.state.hashing.release()
    sign_in(client)


def test_a_client_that_leaves_is_forgotten(store: Path) -> None:
    """A listener that closes its connection is no listener any more, and the watcher ends; the server ends at once."""
    app = make_app(store, idle_s=0)
    server = Server(app)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1/changes"
        with httpx2.Client(timeout=30) as client, client.stream("GET", url) as stream:
            assert stream.status_code == 200, stream.read()
            chunks = stream.iter_bytes()  # held: without it the client lets go of the connection at once
            assert next(chunks)
            assert len(app.state.changes) == 1
        until = time.monotonic() + 20
        while len(app.state.changes):
            assert time.monotonic() < until
            time.sleep(0.05)
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def test_the_default_limit_lets_a_page_load(store: Path) -> None:
    """A page and its files, three times over, with twenty questions each, is within what a client may ask at once."""
    client = TestClient(
        make_app(store, static=store.parent, limit=RateLimit(per_second=0.001, burst=60)),
        base_url="http://localhost",
    )
    for _ in range(3):
        assert {client.get("/assets/x.js").status_code for _ in range(10)} <= {200, 404}
        assert {client.get("/api/v1/version").status_code for _ in range(20)} == {200}
    assert client.get("/api/v1/version").status_code == 429
    assert client.get("/").status_code == 200


def test_a_store_that_went_is_told(store: Path) -> None:
    """A correction for a store that is not there any more is refused and makes no store."""
    client = TestClient(make_app(store, idle_s=0, wait_s=0), base_url="http://localhost/api/v1")
    headers = sign_in(client)
    store.unlink()
    found = client.post("/incidents/merge", json={"incidents": ["a", "b"]}, headers=headers)
    assert (found.status_code, found.json()["code"]) == (503, "store")
    assert not store.exists()
