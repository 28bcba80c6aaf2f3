"""A PostgreSQL server, an empty database of it and a store, for tests of the copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .team_store import fill


@pytest.fixture(scope="package")
def port() -> Iterator[int]:
    """Return the port of a server of its own."""
    from .team_server import serving_postgres  # skips the tests where psycopg is not installed

    with serving_postgres() as number:
        yield number


@pytest.fixture
def server(port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the address of an empty database of its own; the password is in the environment."""
    from .team_server import PASSWORD, psycopg

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    base = f"postgresql://owner@127.0.0.1:{port}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS team WITH (FORCE)")
        admin.execute("CREATE DATABASE team")
    return f"{base}/team"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a store of twenty articles."""
    path = tmp_path / "a.duckdb"
    fill(path, 0, 20)
    return path
