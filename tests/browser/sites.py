"""A site that browser tests open: a store that the command line made, its users, and a real server over it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2e.command import dragoman, write_rows
from e2e.serving import Server, serving
from e2e.signing import add_user

ROOT = Path(__file__).resolve().parent.parent.parent
ROLES = ("reader", "reviewer", "admin")
# What the demonstration corpus tells of Azerbaijan and of Iran: 2015 to 2025, enough for a relation to turn.
_ABOUT = ("Azerbaijan", "Baku", "Armenia", "Tehran")
_MOST = 240
# A page of tests asks more in a minute than a person does.
_SETTINGS = {"DRAGOMAN_SERVE_PER_SECOND": "1000", "DRAGOMAN_SERVE_BURST": "100000"}


@dataclass(frozen=True, slots=True)
class Site:
    """A running server.

    Attributes:
        url: Where its pages are, without a slash at the end.
        db: The store's file.
        server: The process, and a client of its JSON API.
    """

    url: str
    db: Path
    server: Server


def password_of(name: str) -> str:
    """Return the password of a user of the site."""
    return f"correct horse {name}"


def demo_rows() -> list[dict[str, Any]]:
    """Return the items of the demonstration corpus that the site is made of."""
    lines = (ROOT / "src/dragoman/demo/world.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [row for row in rows if any(name in row["text"] for name in _ABOUT)][:_MOST]


def make_store(folder: Path, rows: Sequence[dict[str, Any]] = (), *files: Path) -> Path:
    """Return the file of a store into which rows and files were coded, with a user of each role."""
    db = folder / "site.duckdb"
    inputs = [str(file) for file in files]
    if rows:
        inputs.append(str(write_rows(folder / "rows.jsonl", rows)))
    done = dragoman("code", *inputs, "--db", str(db), "--format", "none", cwd=folder)
    assert done.returncode == 0, done.stderr
    add_users(db)
    return db


def add_users(db: Path) -> None:
    """Let a user of each role sign in, named as the role is."""
    for role in ROLES:
        add_user(db, role, role, password_of(role))


def copy_store(db: Path, to: Path) -> Path:
    """Return a copy of a store and its users, for tests that write."""
    for file in db.parent.glob(f"{db.name}*"):
        shutil.copy2(file, to / file.name)
    return to / db.name


@contextlib.contextmanager
def open_site(db: Path, *words: str, settings: dict[str, str] | None = None, port: int = 0) -> Iterator[Site]:
    """Serve a store while the block runs."""
    with serving(db, *words, cwd=db.parent, settings={**_SETTINGS, **(settings or {})}, port=port) as server:
        yield Site(server.url.removesuffix("/api/v1"), db, server)
