"""Who may sign in: a file of names, roles and hashes of passwords, closed to others and written whole.

In: a JSON file that ``dragoman users`` keeps. Out: a ``User`` by name, or after its password was checked. Passwords are hashed with
scrypt and a salt of each user's own; the work is the same whether a name is known or not, so that time does not tell names.

Source: OWASP Password Storage Cheat Sheet, scrypt with N = 2^15, r = 8, p = 3.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from dragoman.errors import UsageError, UsersError

Role = Literal["reader", "reviewer", "admin"]
ROLES: tuple[str, ...] = get_args(Role)
# Who may say what is right of events and incidents.
REVIEWERS = frozenset({"reviewer", "admin"})
LEAST_PASSWORD, MOST_PASSWORD = 10, 1000
_NAME = re.compile(r"\w[\w.@+ -]{0,63}(?<! )")
_OPEN = 0o077
_COST = {"n": 2**15, "r": 8, "p": 3}
_MEMORY_BYTES = 64 * 2**20
# Each hash takes 32 MB: two at a time are enough for people and bound what strangers can make the server use.
_hashing = threading.Semaphore(2)


@dataclass(frozen=True, slots=True)
class User:
    """One who may sign in; equal only while role and password are what they were."""

    name: str
    role: Role
    added_at: str
    salt: str = field(repr=False)
    hash: str = field(repr=False)
    n: int = _COST["n"]
    r: int = _COST["r"]
    p: int = _COST["p"]

    @property
    def may_review(self) -> bool:
        """Whether this one may correct events and take incidents apart or join them."""
        return self.role in REVIEWERS


class Users:
    """The users of a file, read anew when it changed; shared by all threads.

    Args:
        path: The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._mark: tuple[int, ...] | None = None
        self._users: Mapping[str, User] = {}

    def all(self) -> Mapping[str, User]:
        """Return the users by name.

        Raises:
            UsersError: The file is open to others, cannot be read or is not one.
        """
        with self._lock:
            try:
                told = self.path.stat()
            except FileNotFoundError:
                self._mark, self._users = None, {}
                return self._users
            except OSError as error:
                raise _unreadable(self.path, error) from error
            mark = (told.st_ino, told.st_size, told.st_mtime_ns, told.st_mode)
            if mark != self._mark:
                self._users = read_users(self.path)
                self._mark = mark
            return self._users

    def find(self, name: str) -> User | None:
        """Return the user of that name, or None.

        Raises:
            UsersError: The file cannot be used.
        """
        return self.all().get(_plain(name))

    def check(self, name: str, password: str) -> User | None:
        """Return the user whose name and password these are, or None, after the same work.

        Raises:
            UsersError: The file cannot be used.
        """
        user = self.find(name)
        asked = user or _NOBODY
        is_right = hmac.compare_digest(_hash(password, asked), bytes.fromhex(asked.hash))
        return user if is_right else None


def add_user(path: Path, name: str, *, role: str, password: str, at: datetime) -> User:
    """Add a user to the file, which is made where it is not there, and return it.

    Raises:
        UsageError: The name is none or taken, the role does not exist, or the password is too short.
        UsersError: The file cannot be used or written.
    """
    plain = _plain(name)
    if not _NAME.fullmatch(plain):
        raise UsageError(
            f'a name has 1 to 64 letters, digits, spaces and . _ - @ +, and begins with a letter or digit; got "{name}".'
        )
    if role not in ROLES:
        raise UsageError(f'a role is {", ".join(ROLES)}; got "{role}".')
    check_password(password, name=plain)
    with _changing(path) as users:
        same = next((n for n in users if n.casefold() == plain.casefold()), None)
        if same is not None:
            raise UsageError(f'there is a user "{same}" already. Change the password: dragoman users password "{same}"')  # fmt: skip
        users[plain] = _new(plain, role, password, at.isoformat(timespec="seconds"))
        return users[plain]


def remove_user(path: Path, name: str) -> None:
    """Remove a user from the file; sessions of that user end at once.

    Raises:
        UsageError: There is no such user.
        UsersError: The file cannot be used or written.
    """
    with _changing(path) as users:
        del users[_known(users, name).name]


def set_password(path: Path, name: str, *, password: str) -> None:
    """Give a user another password; sessions of that user end at once.

    Raises:
        UsageError: There is no such user, or the password is too short.
        UsersError: The file cannot be used or written.
    """
    check_password(password, name=_plain(name))
    with _changing(path) as users:
        user = _known(users, name)
        users[user.name] = _new(user.name, user.role, password, user.added_at)


def check_password(password: str, *, name: str) -> None:
    """Check that a password is long enough and not the name.

    Raises:
        UsageError: It is not.
    """
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise UsageError(f"a password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters; this one has {len(password)}.")  # fmt: skip
    if password.casefold() == name.casefold() or len(set(password)) < 3:
        raise UsageError("a password must not be the name, nor one or two characters repeated.")


def read_users(path: Path) -> dict[str, User]:
    """Return the users of a file by name.

    Raises:
        UsersError: It is open to others, cannot be read or is not a file of users.
    """
    try:
        with path.open("rb") as file:
            _check_closed(path, os.fstat(file.fileno()))
            text = file.read()
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        # The cause may quote the file, so it is neither told nor kept.
        raise UsersError(f'the file of users "{path}" is not JSON. Keep it with: dragoman users') from None
    try:
        users = [_user(row) for row in table["users"]]
    except (TypeError, KeyError, ValueError):
        raise UsersError(f'"{path}" is not a file of users. Keep it with: dragoman users') from None
    return {user.name: user for user in users}


def _user(row: Any) -> User:
    user = User(**row)
    texts = (user.name, user.role, user.added_at, user.salt, user.hash)
    numbers = (user.n, user.r, user.p)
    if not all(isinstance(t, str) for t in texts) or not all(isinstance(n, int) for n in numbers):
        raise TypeError
    if user.role not in ROLES or len(bytes.fromhex(user.hash)) != 32 or not bytes.fromhex(user.salt):
        raise ValueError
    # What a hash may cost is bounded: a slip in the file must not stop the server.
    if not (2 <= user.n <= 2**17 and 1 <= user.r <= 16 and 1 <= user.p <= 16 and user.n & (user.n - 1) == 0):
        raise ValueError
    return user


def _new(name: str, role: Any, password: str, added_at: str) -> User:
    blank = User(name, role, added_at, secrets.token_bytes(16).hex(), "", **_COST)
    return replace(blank, hash=_hash(password, blank).hex())


def _hash(password: str, user: User) -> bytes:
    # The same letters may come in several forms of Unicode, by keyboard.
    words = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    memory = max(_MEMORY_BYTES, 256 * user.n * user.r)
    with _hashing:
        return hashlib.scrypt(words, salt=bytes.fromhex(user.salt), n=user.n, r=user.r, p=user.p, maxmem=memory, dklen=32)  # fmt: skip


_NOBODY = User("", "reader", "", "00" * 16, "00" * 32)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def _known(users: Mapping[str, User], name: str) -> User:
    user = users.get(_plain(name))
    if user is None:
        names = ", ".join(sorted(users)) or "none"
        raise UsageError(f'there is no user "{name}". There are: {names}.')
    return user


def _check_closed(path: Path, status: os.stat_result) -> None:
    if os.name == "posix" and status.st_mode & _OPEN:
        raise UsersError(
            f'the file of users "{path}" may be read by others (mode {stat.S_IMODE(status.st_mode):o}). '
            f'Close it: chmod 600 "{path}"'
        )


def _unreadable(path: Path, error: OSError) -> UsersError:
    return UsersError(f'the file of users "{path}" cannot be read: {error.strerror or error}.')


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[dict[str, User]]:
    """Give the users to change, alone, and write them whole; nothing is written when the change fails."""
    with _alone(path.parent, path):
        users = read_users(path) if path.exists() else {}
        yield users
        rows = [asdict(user) for user in sorted(users.values(), key=lambda u: u.name)]
        _write(path, json.dumps({"users": rows}, ensure_ascii=False, indent=1) + "\n")


@contextlib.contextmanager
def _alone(folder: Path, path: Path) -> Iterator[None]:
    """Keep other ``dragoman users`` commands waiting, where the system can."""
    try:
        lock = _lock_of()
        number = os.open(folder, os.O_RDONLY) if lock else -1
    except OSError as error:
        raise UsersError(f'the folder of "{path}" cannot be used: {error.strerror or error}.') from error
    try:
        if lock:
            with contextlib.suppress(OSError):
                lock(number)
        yield
    finally:
        if lock:
            os.close(number)


def _lock_of() -> Callable[[int], None] | None:
    try:
        import fcntl
    except ImportError:
        return None
    return lambda number: fcntl.flock(number, fcntl.LOCK_EX)


def _write(path: Path, text: str) -> None:
    part: str | None = None
    try:
        # mkstemp makes a file that only its owner may read.
        number, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except OSError as error:
        if part is not None:
            with contextlib.suppress(OSError):
                Path(part).unlink(missing_ok=True)
        raise UsersError(f'the file of users "{path}" cannot be written: {error.strerror or error}.') from error  # fmt: skip
