"""``dragoman users`` as a process, with and without a terminal."""

from __future__ import annotations

import os
import pty
import select
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .command import dragoman, environment, rows_of
from .serving import serving


def add(
    folder: Path, name: str, role: str, password: str = "correct horse"
) -> subprocess.CompletedProcess[str]:
    """Add a user with a password on standard input."""
    return dragoman(
        "users", "add", name, "--role", role, "--password-stdin", cwd=folder, stdin=f"{password}\n".encode()
    )


def test_users_are_added_listed_and_removed(tmp_path: Path) -> None:
    """Users stand in a closed file beside the store with their roles; lists tell no hash; removing takes them out."""
    assert dragoman("users", cwd=tmp_path).stdout == ""
    for name, role in (("ada", "reviewer"), ("bob", "reader")):
        done = add(tmp_path, name, role)
        assert done.returncode == 0, done.stderr
    file = tmp_path / "dragoman.duckdb.users.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = rows_of(dragoman("users", "list", "--format", "jsonl", cwd=tmp_path))
    assert [(r["name"], r["role"]) for r in rows] == [("ada", "reviewer"), ("bob", "reader")]
    assert all(r.keys() == {"name", "role", "added_at"} for r in rows)
    assert (
        dragoman(
            "users", "password", "bob", "--password-stdin", cwd=tmp_path, stdin=b"another horse\n"
        ).returncode
        == 0
    )
    assert dragoman("users", "remove", "bob", cwd=tmp_path).returncode == 0
    table = dragoman("users", "list", cwd=tmp_path)
    assert table.stdout.startswith("ada  reviewer  20")
    assert "1 user in dragoman.duckdb.users.json" in table.stderr


def test_the_file_may_stand_elsewhere(tmp_path: Path) -> None:
    """The setting and the store's name say where the users are kept."""
    settings = {"DRAGOMAN_SERVE_USERS": str(tmp_path / "who.json")}
    done = dragoman(
        "users",
        "add",
        "ada",
        "--role",
        "admin",
        "--password-stdin",
        cwd=tmp_path,
        stdin=b"correct horse\n",
        settings=settings,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "who.json").exists()
    done = dragoman(
        "users",
        "add",
        "ada",
        "--role",
        "admin",
        "--password-stdin",
        "--db",
        "b.duckdb",
        cwd=tmp_path,
        stdin=b"correct horse\n",
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "b.duckdb.users.json").exists()


def test_mistakes_are_told(tmp_path: Path) -> None:
    """A short password, a taken name, a wrong role, nobody, no terminal and an open file are each told, with their status."""
    assert add(tmp_path, "ada", "reviewer").returncode == 0
    for words, stdin, status, told in (
        (["add", "eve", "--role", "reader", "--password-stdin"], b"short\n", 2, "10 to 1000 characters"),
        (["add", "Ada", "--role", "reader", "--password-stdin"], b"correct horse\n", 2, "already"),
        (["add", "eve", "--role", "owner", "--password-stdin"], b"correct horse\n", 2, "role"),
        (["add", "eve", "--password-stdin"], b"correct horse\n", 2, "role"),
        (["add", "eve", "--role", "reader"], b"correct horse\n", 2, "--password-stdin"),
        (["remove", "eve"], b"", 2, 'no user "eve"'),
        (["password", "eve", "--password-stdin"], b"correct horse\n", 2, 'no user "eve"'),
    ):  # fmt: skip
        done = dragoman("users", *words, cwd=tmp_path, stdin=stdin)
        assert (done.returncode, told in done.stderr.replace("\n", " ")) == (status, True), (
            words,
            done.stderr,
        )
    (tmp_path / "dragoman.duckdb.users.json").chmod(0o644)
    done = dragoman("users", cwd=tmp_path)
    assert done.returncode == 1
    assert "chmod 600" in done.stderr


def typed(folder: Path, *lines: str) -> tuple[int, str]:
    """Return the status and the words of ``users add`` at a terminal at which somebody types lines."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dragoman.cli", "users", "add", "eve", "--role", "reviewer"],
        cwd=folder, stdin=there, stdout=there, stderr=there, env=environment(), start_new_session=True,
    )  # fmt: skip
    os.close(there)
    said, waiting, until = "", list(lines), time.monotonic() + 120
    while time.monotonic() < until:
        if select.select([here], [], [], 0.2)[0]:
            try:
                said += os.read(here, 4096).decode()
            except OSError:
                break
        if waiting and said.count(": ") > len(lines) - len(waiting):
            os.write(here, f"{waiting.pop(0)}\n".encode())
        if process.poll() is not None and not select.select([here], [], [], 0)[0]:
            break
    os.close(here)
    return process.wait(20), said


@pytest.mark.skipif(os.name != "posix", reason="terminals of this kind are POSIX")
def test_a_password_is_typed_twice(tmp_path: Path) -> None:
    """At a terminal the password is asked for twice and not shown; two that differ change nothing."""
    status, said = typed(tmp_path, "correct horse", "correct horsf")
    assert status == 2
    assert "differ" in said
    assert not (tmp_path / "dragoman.duckdb.users.json").exists()
    status, said = typed(tmp_path, "correct horse", "correct horse")
    assert status == 0, said
    assert "correct horse" not in said
    assert [r["name"] for r in rows_of(dragoman("users", "--format", "jsonl", cwd=tmp_path))] == ["eve"]


@pytest.mark.model
def test_serve_says_who_may_correct(tmp_path: Path) -> None:
    """When it starts, the server tells its pages' address and whether anybody may correct; it does not start with an open file."""
    (tmp_path / "a.txt").write_text(
        "Police in Lagos arrested four union leaders on Friday, officials said.\n", "utf-8"
    )
    done = dragoman("code", "a.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    db = tmp_path / "dragoman.duckdb"
    with serving(db, cwd=tmp_path) as server:
        assert "served at http://127.0.0.1:" in server.said
        assert (
            "No users: pages are for reading only; add one: dragoman users add NAME --role reviewer."
            in server.said
        )
    assert add(tmp_path, "ada", "reviewer").returncode == 0
    assert add(tmp_path, "bob", "reader").returncode == 0
    with serving(db, cwd=tmp_path) as server:
        assert "1 of 2 users in" in server.said
    (tmp_path / "dragoman.duckdb.users.json").chmod(0o640)
    done = dragoman("serve", "--port", "0", cwd=tmp_path)
    assert done.returncode == 1
    assert "chmod 600" in done.stderr


@pytest.mark.model
def test_serve_opens_the_browser(tmp_path: Path) -> None:
    """``--open`` hands the address of the pages to the browser that the system names."""
    (tmp_path / "a.txt").write_text(
        "Police in Lagos arrested four union leaders on Friday, officials said.\n", "utf-8"
    )
    assert dragoman("code", "a.txt", cwd=tmp_path).returncode == 0
    browser = tmp_path / "browser.sh"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n', "utf-8")
    browser.chmod(0o755)
    with serving(
        tmp_path / "dragoman.duckdb", "--open", cwd=tmp_path, settings={"BROWSER": f"{browser} %s"}
    ) as server:
        until = time.monotonic() + 30
        while not (tmp_path / "opened").exists() or not (tmp_path / "opened").read_text().strip():
            assert time.monotonic() < until
            time.sleep(0.1)
        assert (tmp_path / "opened").read_text().strip() == server.url.removesuffix("api/v1")
