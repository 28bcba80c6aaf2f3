"""A connection to a PostgreSQL server for one schema, and its errors in words without any password.

A password comes from where libpq looks for it (PGPASSWORD, a service or password file) or stands in the address that an environment
variable holds; an address with a password on the command line, where other users of the machine see it, is refused.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dragoman.errors import TargetBusy, TargetError, UsageError
from dragoman.extras import load_extra
from dragoman.mirror.tables import COPY_OPTIONS

if TYPE_CHECKING:
    from psycopg import Connection

_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
_TIMEOUT_S = 10
# What a server says → what to do; the first that fits.
_HINTS: tuple[tuple[str, str], ...] = (
    ("no password supplied", "Set PGPASSWORD or a password file, or give the whole address in a variable with --url-env."),
    ("password authentication failed", "Check the user and where the password comes from: PGPASSWORD, ~/.pgpass or the variable of --url-env."),
    ("does not exist", "Create it, or correct the address."),
    ("no pg_hba.conf entry", "The server's pg_hba.conf has to let this user in from here."),
    ("connection refused", "Is the server running, and is the port right?"),
    ("could not translate host name", "Check the name of the host."),
    ("timeout expired", "Is the server running, and does a firewall let this through?"),
    ("no such file or directory", "Is the server running, and is the folder of its socket right?"),
)  # fmt: skip
_STATES: Mapping[str, str] = {
    "53100": "The server's disk is full. Make room there and run this again: it goes on where it was.",
    "53300": "The server has no free connections. Run this again later.",
    "42501": "The user lacks a right. An owner can give it: CREATE SCHEMA {schema} AUTHORIZATION {user}",
    "25006": "The server only answers questions (a standby?). Give the address of the one that may be written.",
    "57P01": "The server was stopped. Run this again: it goes on where it was.",
    "57P03": "The server is starting or stopping. Run this again in a moment.",
    "55P03": "Somebody holds the tables. Run this again when they are done.",
}


def _psycopg() -> ModuleType:
    return load_extra("psycopg", extra="postgres", purpose="dragoman export postgres")


def check_schema(name: str) -> str:
    """Return a name of a schema that needs no quotes.

    Raises:
        UsageError: It does.

    Example:
        >>> check_schema("dragoman")
        'dragoman'
    """
    if not _SCHEMA.match(name) or name.startswith("pg_") or name in ("public", "information_schema"):
        raise UsageError(
            f'--schema must be a name of its own of small letters, digits and "_", such as dragoman; got "{name}".'
        )
    return name


def address_of(url: str | None, variable: str | None, *, environment: Mapping[str, str]) -> str:
    """Return the address that ``--url`` or the variable of ``--url-env`` gives.

    Raises:
        UsageError: Neither is given, or both, the variable is empty, or ``--url`` has a password or is no address.
        ExtraMissing: psycopg is not installed.
    """
    if (url is None) == (variable is None):
        raise UsageError("give the server with --url postgresql://USER@HOST/DATABASE, or with --url-env NAME, the variable that holds it.")  # fmt: skip
    if variable is not None:
        address = environment.get(variable, "")
        if not address:
            raise UsageError(f'the environment variable "{variable}" of --url-env is empty or not set.')
        _parts(address, f'the variable "{variable}"')
        return address
    assert url is not None
    if _parts(url, "--url").get("password") is not None:
        raise UsageError(
            "--url holds a password, which others on this machine could see. Leave it out and set PGPASSWORD or a password file, "
            "or put the address in a variable and give its name with --url-env."
        )
    return url


def _parts(address: str, where: str) -> dict[str, Any]:
    psycopg = _psycopg()
    try:
        found: dict[str, Any] = psycopg.conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        # Its words may quote the address with its password, so they are not told nor kept as the cause.
        raise UsageError(f"{where} is no address of PostgreSQL. Write it so: postgresql://USER@HOST:5432/DATABASE") from None  # fmt: skip
    return found


class Server:
    """A connection that writes one schema; close it, or use it as a context manager.

    Attributes:
        connection: In autocommit, its search path is the schema.
        schema: The schema.
        where: The server for messages: user, host and database.
    """

    def __init__(self, address: str, schema: str) -> None:
        """Connect.

        Raises:
            TargetError: The server does not answer or does not let this user in.
            ExtraMissing: psycopg is not installed.
        """
        parts = _parts(address, "the address")
        self.schema = check_schema(schema)
        self._secrets = [s for s in (parts.get("password"), os.environ.get("PGPASSWORD")) if s]
        user = parts.get("user") or os.environ.get("PGUSER") or "the default user"
        host = parts.get("host") or parts.get("hostaddr") or os.environ.get("PGHOST") or "the local socket"
        self.where = (
            f"{user} at {host}, database {parts.get('dbname') or os.environ.get('PGDATABASE') or user}"
        )
        self._error: type[Exception] = _psycopg().Error
        given = {} if "connect_timeout" in parts else {"connect_timeout": _TIMEOUT_S}
        with self.telling():
            self.connection: Connection[Any] = _psycopg().connect(
                address, autocommit=True, application_name="dragoman export", **given
            )
            self.connection.execute(f"SET search_path TO {self.schema}")
            self.connection.execute("SET TIME ZONE 'UTC'")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the server, and with it of the lock."""
        with contextlib.suppress(self._error):
            self.connection.close()

    def lock(self) -> None:
        """Keep others from exporting to the schema as long as this connection lasts.

        Raises:
            TargetBusy: Another export does so now.
        """
        with self.telling():
            found = self.connection.execute(
                "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"dragoman export {self.schema}"]
            ).fetchone()
        if not (found and found[0]):
            raise TargetBusy(
                f'another export sends to the schema "{self.schema}" ({self.where}). Wait until it is done, or stop it.'
            )

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection[Any]]:
        """Give the connection; all or nothing of what is done with it is kept.

        Raises:
            TargetError: The server refused or is gone; nothing was kept.
        """
        with self.telling(), self.connection.transaction():
            yield self.connection

    def copy(self, table: str, names: str, lines: Iterable[bytes]) -> int:
        """Send lines of rows to a table, in a transaction, and return how many rows they were."""
        begun = iter(lines)
        first = next(begun, None)
        if first is None:
            return 0
        with self.connection.cursor() as cursor:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN {COPY_OPTIONS}") as stream:
                for part in itertools.chain((first,), begun):
                    stream.write(part)
            return cursor.rowcount

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Turn errors of the server into ours, without passwords."""
        try:
            yield
        except self._error as error:
            raise self._translated(error) from None

    def _translated(self, error: Exception) -> TargetError:
        state = getattr(error, "sqlstate", None)
        first = getattr(getattr(error, "diag", None), "message_primary", None) or self._first_line(error)
        for secret in self._secrets:
            first = first.replace(secret, "…")
        hint = _STATES.get(state or "", "").format(schema=self.schema, user=self.where.split(" at ")[0])
        if not hint:
            hint = next((told for words, told in _HINTS if words in first.lower()), "")
        if not hint and not hasattr(self, "connection"):
            hint = "Check the address."
        if not hint and (state is None or state.startswith("08")):
            hint = "The connection was lost. Run this again: it goes on where it was."
        code = f" ({state})" if state else ""
        return TargetError(f"PostgreSQL, {self.where}: {first.rstrip('.')}{code}. {hint}".rstrip())

    @staticmethod
    def _first_line(error: Exception) -> str:
        """Return what is wrong in one line; where several addresses were tried, of the last."""
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        told = [line for line in lines if "failed:" in line or "FATAL" in line]
        return (told or lines or [type(error).__name__])[-1].removeprefix("- ")
