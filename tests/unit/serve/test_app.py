"""The application in this process: failures that a healthy server does not have."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dragoman.serve.app import make_app
from dragoman.serve.limits import RateLimit
from dragoman.serve.problems import PROBLEMS
from dragoman.store import begin_run, open_store, write

from ..invented import DIGEST, VERSION, make_coded

AT = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a store of one invented article."""
    path = tmp_path / "a.duckdb"
    with open_store(path) as opened:
        run = begin_run(
            opened, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT
        )
        write(opened, make_coded("1"), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)
    return path


def client_of(store: Path, *, model: Path | None = None, limit: RateLimit | None = None) -> TestClient:
    """Return a client of an application with a route that fails."""
    app = make_app(store, model=model, idle_s=0, wait_s=0, limit=limit)

    def fail() -> None:
        raise ZeroDivisionError("secret words")

    app.add_api_route("/api/v1/broken", fail)
    return TestClient(app, base_url="http://localhost/api/v1")


def test_a_failure_of_ours_is_a_problem(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A route that breaks answers 500 in the one shape without a word of what broke; the log has error, file and line."""
    with caplog.at_level(logging.ERROR, "dragoman.serve.gate"):
        found = client_of(store).get("/broken")
    assert (found.status_code, found.json()["code"]) == (500, "internal")
    assert found.headers["content-type"] == "application/problem+json"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "secret" not in found.text
    assert "ZeroDivisionError('secret words') where=test_app.py:" in caplog.text
    assert "Traceback" not in caplog.text


def test_what_is_missing_is_told(store: Path, tmp_path: Path) -> None:
    """Without its store or its encoder the server answers 503 and says which, and goes on with the rest."""
    gone = client_of(tmp_path / "gone.duckdb").get("/incidents")
    assert (gone.status_code, gone.json()["code"]) == (503, "store")
    client = client_of(store, model=tmp_path)
    found = client.get("/search", params={"q": "navies", "meaning": "true"})
    assert (found.status_code, found.json()["code"]) == (503, "model")
    assert client.get("/search", params={"q": "navies"}).json()["items"]


def test_a_store_without_meanings_has_none_alike(store: Path) -> None:
    """A store whose events have no vectors gives an empty page."""
    found = client_of(store).get("/search", params={"q": "navies", "meaning": "true"})
    assert found.json()["items"] == []


def test_a_broken_store_is_told(tmp_path: Path) -> None:
    """A file that is no store is told as one."""
    path = tmp_path / "a.duckdb"
    path.write_text("no store at all")
    found = client_of(path).get("/counts")
    assert (found.status_code, found.json()["code"]) == (503, "store")
    assert "not a Dragoman store" in found.json()["detail"]


def test_each_status_has_one_meaning() -> None:
    """Codes are words, titles are no sentences, statuses are those of failures."""
    for code, (status, title) in PROBLEMS.items():
        assert code.replace("_", "").isalpha()
        assert 400 <= status < 600
        assert title[0].isupper()
        assert not title.endswith(".")
