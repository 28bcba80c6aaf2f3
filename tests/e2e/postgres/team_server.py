"""A PostgreSQL server for tests, and what a schema of it holds in the shape of the JSON."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.mirror.tables import TABLES
from dragoman.store import EventFilter, find_events, find_incidents, open_store

psycopg = pytest.importorskip("psycopg", reason='psycopg is not installed (the extra "postgres")')

PASSWORD = "not-to-be-told"


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return debian[-1].parent if debian else None


@contextlib.contextmanager
def serving_postgres() -> Iterator[int]:
    """Start a server of its own on a loopback port, as user postgres where this is root, and return the port."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL is installed (initdb not found)")
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="dragoman-pg-"))
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)

    def run(*words: str) -> None:
        subprocess.run(
            words, cwd=folder, user=user, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    data = str(folder / "data")
    run(
        str(programs / "initdb"),
        "-D",
        data,
        "-U",
        "owner",
        "-A",
        "scram-sha-256",
        f"--pwfile={folder / 'password'}",
        "--no-sync",
    )
    options = f"-p {number} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(str(programs / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield number
    finally:
        run(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@contextlib.contextmanager
def asking(server: str) -> Iterator[Any]:
    """Give a connection that looks at the schema as a team does."""
    with psycopg.connect(server, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        connection.execute("SET search_path TO dragoman")
        connection.execute("SET TIME ZONE 'UTC'")
        yield connection


def mark_of(server: str) -> datetime | None:
    """Return the moment up to which the schema is true, None before there is one."""
    with asking(server) as connection:
        if connection.execute("SELECT to_regclass('export_state') AS there").fetchone()["there"] is None:
            return None
        mark: datetime | None = connection.execute("SELECT mark FROM export_state").fetchone()["mark"]
    return mark


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _span(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {"start": row[f"{name}_start"], "end": row[f"{name}_end"], "text": row[name]}


def events_there(server: str) -> dict[str, dict[str, Any]]:
    """Return the current events of the schema in the shape of the JSON."""
    with asking(server) as connection:
        rows = connection.execute("SELECT * FROM current_events").fetchall()
    same = (
        "event_id", "article_id", "source_id", "section", "event_type", "mode", "contexts", "quad_class", "intensity", "cameo",
        "status", "historical", "actors", "recipients", "place", "date", "said_by", "counts", "confidence", "reasons",
        "coder_version", "model_digest", "ontology",
    )  # fmt: skip
    return {
        row["event_id"]: {
            **{k: row[k] for k in same},
            "trigger": _span(row, "trigger"),
            "quote": _span(row, "quote"),
        }
        for row in rows
    }


def incidents_there(server: str) -> dict[str, dict[str, Any]]:
    """Return the current incidents of the schema in the shape of the JSON, with their reports and what they follow from."""
    with asking(server) as connection:
        rows = connection.execute("SELECT * FROM current_incidents").fetchall()
        links = connection.execute("SELECT * FROM current_links WHERE kind = 'follows'").fetchall()
    same = (
        "incident_id", "event_type", "mode", "quad_class", "status", "historical", "actors", "recipients", "place", "date", "events",
        "independent_sources", "why", "counts", "denials", "newsrooms",
    )  # fmt: skip
    told = ("event_id", "article_id", "outlet", "title", "section", "quote", "intensity")
    return {
        row["incident_id"]: {
            **{k: row[k] for k in same}, "first_seen": _day(row["first_seen"]), "last_seen": _day(row["last_seen"]),
            "reports": [{k: report[k] for k in told} for report in row["reports"]],
            "follows": sorted([link["other_incident_id"], link["score"], link["reasons"]] for link in links
                              if link["incident_id"] == row["incident_id"]),
        }
        for row in rows
    }  # fmt: skip


def check_equal(store: Path, server: str) -> None:
    """Check that what the store holds now is what the views give, field by field."""
    with open_store(store, read_only=True) as opened:
        events = {row["event_id"]: row for row in find_events(opened, EventFilter())}
        incidents = {row["incident_id"]: row for row in find_incidents(opened, EventFilter())}
        articles = opened.connection.execute(
            "SELECT article_id, url, outlet, title, published_on, newsroom, copy_of FROM articles WHERE superseded_at IS NULL ORDER BY 1"
        ).fetchall()
        versions = {
            table.name: opened.connection.execute(
                f"SELECT {', '.join(table.key)}, recorded_at, superseded_at FROM {table.name} "
                "WHERE superseded_at IS DISTINCT FROM recorded_at ORDER BY ALL"
            ).fetchall()
            for table in TABLES
        }
    for row in incidents.values():
        row["reports"] = [{k: v for k, v in report.items() if k != "source_id"} for report in row["reports"]]
        row["follows"] = sorted([f["incident_id"], f["score"], f["reasons"]] for f in row["follows"])
    assert events_there(server) == events
    assert incidents_there(server) == incidents
    with psycopg.connect(server) as connection:
        connection.execute("SET search_path TO dragoman")
        there = connection.execute("SELECT article_id, url, outlet, title, published_on, newsroom, copy_of FROM current_articles").fetchall()  # fmt: skip
        assert sorted(there) == articles
        for table in TABLES:
            rows = connection.execute(
                f"SELECT {', '.join(table.key)}, recorded_at AT TIME ZONE 'UTC', superseded_at AT TIME ZONE 'UTC' FROM {table.name} "
                "WHERE superseded_at IS DISTINCT FROM recorded_at"
            ).fetchall()
            assert sorted(map(str, rows)) == sorted(map(str, versions[table.name])), table.name
