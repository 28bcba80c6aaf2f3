"""Names and passwords that some feeds want: from the environment or a file that only its owner can read.

They belong to an origin (scheme, host and port) and are sent nowhere else, in particular not after a redirect to another
host, and not in the clear. They are never part of a message, of the store or of a record.

The file is TOML, a table per origin:

    ["https://feeds.keld.example"]
    user = "reader"
    password = "…"               # or password_env = "KELD_PASSWORD"

    ["https://api.halden.example"]
    token_env = "HALDEN_TOKEN"   # sent as "Authorization: Bearer …"
"""

from __future__ import annotations

import base64
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dragoman.errors import CredentialsError
from dragoman.read.web.links import BadUrl, parse_url

_OPEN = stat.S_IRWXG | stat.S_IRWXO
_KEYS = {"user", "password", "token", "user_env", "password_env", "token_env"}


class Credentials:
    """Authorization headers by origin; prints as the number of origins only."""

    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        self._headers = dict(headers or {})

    def __repr__(self) -> str:
        return f"Credentials({len(self._headers)} origins)"

    def __len__(self) -> int:
        return len(self._headers)

    def find(self, origin: str) -> str | None:
        """Return the Authorization header of an origin, None where there is none."""
        return self._headers.get(origin)


def load_credentials(path: Path, *, environment: Mapping[str, str] | None = None) -> Credentials:
    """Return the credentials of a file.

    Args:
        path: A TOML file that nobody but its owner may read.
        environment: Variables that the file may name; None for the process's own.

    Raises:
        CredentialsError: The file cannot be read, others may read it, or an entry is wrong. No value is ever quoted.
    """
    try:
        with path.open("rb") as file:
            _check_closed(path, os.fstat(file.fileno()))
            table = tomllib.load(file)
    except OSError as error:
        raise CredentialsError(f'the credentials "{path}" cannot be read: {error.strerror}.') from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The cause may quote the file, so it is neither told nor kept.
        where = str(error).rpartition("(")[2].rstrip(")")
        told = where if where.startswith("at ") else "somewhere"
        raise CredentialsError(f'the credentials "{path}" are not TOML; the mistake is {told}.') from None
    variables = os.environ if environment is None else environment
    return Credentials(dict(_entry(path, name, row, variables) for name, row in table.items()))


def _check_closed(path: Path, status: os.stat_result) -> None:
    if os.name == "posix" and status.st_mode & _OPEN:
        raise CredentialsError(
            f'the credentials "{path}" may be read by others (mode {stat.S_IMODE(status.st_mode):o}). '
            f"Close them: chmod 600 {path}"
        )


def _entry(path: Path, name: str, row: Any, variables: Mapping[str, str]) -> tuple[str, str]:
    where = f'the credentials "{path}", table "{name[:100].rpartition("@")[2]}"'
    try:
        target = parse_url(name if "://" in name else f"https://{name}")
    except BadUrl:
        raise CredentialsError(
            f'{where}: this is not an origin such as "https://feeds.keld.example".'
        ) from None
    if (
        not isinstance(row, dict)
        or not set(row) <= _KEYS
        or not all(isinstance(v, str) for v in row.values())
    ):
        raise CredentialsError(f"{where}: known keys are {', '.join(sorted(_KEYS))}, each a text.")
    given = {key: _value(where, key, row, variables) for key in ("user", "password", "token")}
    if given["token"] is not None and given["user"] is None and given["password"] is None:
        return target.origin, _checked(where, f"Bearer {given['token']}")
    if given["user"] is not None and given["password"] is not None and given["token"] is None:
        pair = f"{given['user']}:{given['password']}".encode()
        return target.origin, _checked(where, f"Basic {base64.b64encode(pair).decode('ascii')}")
    raise CredentialsError(f"{where}: give user and password, or token.")


def _value(where: str, key: str, row: Mapping[str, str], variables: Mapping[str, str]) -> str | None:
    if f"{key}_env" not in row:
        return row.get(key)
    variable = row[f"{key}_env"]
    if variable not in variables:
        raise CredentialsError(f'{where}: the environment has no variable "{variable}" ({key}_env).')
    return variables[variable]


def _checked(where: str, header: str) -> str:
    if not header.isascii() or not header.isprintable():
        raise CredentialsError(f"{where}: a value holds characters that no header may hold.")
    return header
