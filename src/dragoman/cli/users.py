"""``dragoman users``: who may sign in to the pages, and what they may do there."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from dragoman.cli.ask import Format
from dragoman.cli.terms import settings_with
from dragoman.config import Loaded
from dragoman.errors import UsageError

app = App(name="users", version_flags=[])
Flag = Annotated[bool, Parameter(negative="")]


@app.default
def users(*, format: Format = "table", db: str | None = None) -> int:
    """List who may sign in to the pages of dragoman serve.

    Example: dragoman users add ada --role reviewer

    A reader may read where the server asks who reads; a reviewer may also correct events and take incidents apart or join them;
    an admin may do all. Names and hashes of passwords are kept in a file beside the store, closed to others (setting serve.users).

    Parameters
    ----------
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    return list_users(format=format, db=db)


@app.command(name="list")
def list_users(*, format: Format = "table", db: str | None = None) -> int:
    """List who may sign in.

    Example: dragoman users list

    Parameters
    ----------
    format
        table for people, jsonl for programs.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.serve.users import Users

    path = _file(db)
    known = sorted(Users(path).all().values(), key=lambda user: user.name)
    width = max((len(user.name) for user in known), default=0)
    for user in known:
        row = {"name": user.name, "role": user.role, "added_at": user.added_at}
        print(json.dumps(row, ensure_ascii=False) if format == "jsonl" else f"{user.name:{width}}  {user.role:8}  {user.added_at}")  # fmt: skip
    if format == "table":
        print(f"{len(known)} users in {path}" if len(known) != 1 else f"1 user in {path}", file=sys.stderr)
    return 0


@app.command
def add(
    name: str,
    *,
    role: Literal["reader", "reviewer", "admin"],
    password_stdin: Flag = False,
    db: str | None = None,
) -> int:
    """Add somebody who may sign in; the password is asked for twice.

    Example: dragoman users add ada --role reviewer

    Parameters
    ----------
    name
        The name to sign in with, which also stands with every correction.
    role
        reader, reviewer (may correct) or admin.
    password_stdin
        Read the password from the first line of standard input.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.serve.users import add_user

    path = _file(db)
    user = add_user(path, name, role=role, password=_password(password_stdin), at=datetime.now(UTC))
    print(f'"{user.name}" may sign in as {user.role} ({path})', file=sys.stderr)
    return 0


@app.command
def remove(name: str, *, db: str | None = None) -> int:
    """Remove somebody; whoever is signed in under that name is signed out. Corrections stay.

    Example: dragoman users remove ada

    Parameters
    ----------
    name
        The name.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.serve.users import remove_user

    path = _file(db)
    remove_user(path, name)
    print(f'"{name}" may not sign in any more ({path})', file=sys.stderr)
    return 0


@app.command
def password(name: str, *, password_stdin: Flag = False, db: str | None = None) -> int:
    """Give somebody another password; whoever is signed in under that name is signed out.

    Example: dragoman users password ada

    Parameters
    ----------
    name
        The name.
    password_stdin
        Read the password from the first line of standard input.
    db
        The store's file [dragoman.duckdb].
    """
    from dragoman.serve.users import Users, set_password

    path = _file(db)
    if Users(path).find(name) is None:
        raise UsageError(f'there is no user "{name}". See who there is: dragoman users list')
    set_password(path, name, password=_password(password_stdin))
    print(f'the password of "{name}" is another now ({path})', file=sys.stderr)
    return 0


def users_file(loaded: Loaded) -> Path:
    """Return the file of users that the settings name."""
    store = Path(loaded.settings.store.db)
    return Path(loaded.settings.serve.users) if loaded.settings.serve.users else store.with_name(store.name + ".users.json")  # fmt: skip


def _file(db: str | None) -> Path:
    return users_file(settings_with(store__db=db))


def _password(is_from_stdin: bool) -> str:
    """Return a password that somebody typed twice, or the first line of standard input.

    Raises:
        UsageError: The two differ, or there is no terminal to ask at.
    """
    if is_from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("standard input is no terminal to ask for a password at. Hand it over with --password-stdin.")  # fmt: skip
    first = getpass.getpass("Password (10 characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise UsageError("the two passwords differ. Nothing was changed.")
    return first
