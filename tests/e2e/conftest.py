"""A store with users, and a server over a copy of it, for tests of who writes through the server and who listens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .command import dragoman, write_rows
from .serving import Server, serving
from .signing import GENEROUS, add_users
from .test_incidents import ROWS


@pytest.fixture(scope="session")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of four short articles with three users, made by the command line."""
    folder = tmp_path_factory.mktemp("signing")
    write_rows(folder / "a.jsonl", ROWS)
    done = dragoman("code", "a.jsonl", cwd=folder)
    assert done.returncode == 0, done.stderr
    add_users(folder / "dragoman.duckdb")
    return folder / "dragoman.duckdb"


@pytest.fixture
def db(coded: Path, tmp_path: Path) -> Path:
    """Return a copy of the store and its users."""
    for name in ("dragoman.duckdb", "dragoman.duckdb.users.json"):
        (tmp_path / name).write_bytes(coded.with_name(name).read_bytes())
        (tmp_path / name).chmod(0o600)
    return tmp_path / "dragoman.duckdb"


@pytest.fixture
def server(db: Path) -> Iterator[Server]:
    """Return a server of the copy."""
    with serving(db, cwd=db.parent, settings=GENEROUS) as started:
        yield started
