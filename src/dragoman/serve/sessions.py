"""Who is signed in: sessions in the server's memory, each a random id in a cookie and a second secret for requests that write.

A session ends after some time without use, after some time in any case, when its person signs out, and when the file of users no
longer has that person with that role and password. A restart of the server ends all.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dragoman.errors import UsersError
from dragoman.serve.users import User, Users

COOKIE = "dragoman_session"
MOST_SESSIONS = 1000
Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


def now_utc() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in.

    Attributes:
        user: Who; None for one that brought the server's token, which says what may be read and not who reads.
        csrf: What a request that writes must say beside the cookie: another site can send the cookie but not know this.
        began_at: When it began.
        used_at: When it was used last.
    """

    user: User | None
    csrf: str = field(repr=False)
    began_at: datetime
    used_at: datetime

    @property
    def may_review(self) -> bool:
        """Whether this session may write."""
        return self.user is not None and self.user.may_review

    def is_csrf(self, words: str) -> bool:
        """Return whether words are this session's second secret."""
        return hmac.compare_digest(words.encode("utf-8", "replace"), self.csrf.encode())


class Sessions:
    """All sessions; shared by all threads.

    Args:
        users: Who may sign in.
        idle: How long a session lasts without use.
        whole: How long it lasts in any case.
        clock: The time, UTC.
        most: Sessions that are kept; the one unused for longest goes first.
    """

    def __init__(
        self, users: Users, *, idle: timedelta = timedelta(hours=2), whole: timedelta = timedelta(hours=12),
        clock: Clock = now_utc, most: int = MOST_SESSIONS,
    ) -> None:  # fmt: skip
        self.users = users
        self.clock = clock
        self._idle = idle
        self._whole = whole
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def open(self, user: User | None) -> tuple[str, Session]:
        """Return the id of a new session, which is told once and not kept, and the session."""
        key, now = secrets.token_urlsafe(32), self.clock()
        session = Session(user, secrets.token_urlsafe(32), now, now)
        with self._lock:
            self._kept[_kept_as(key)] = session
            for old in [k for k, s in self._kept.items() if self.ends_at(s) <= now]:
                del self._kept[old]
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return key, session

    def find(self, key: str | None, *, touch: bool = True) -> Session | None:
        """Return the session of an id while it holds, or None.

        Args:
            key: What the cookie says.
            touch: Whether this counts as use.
        """
        if not key:
            return None
        kept_as, now = _kept_as(key), self.clock()
        with self._lock:
            session = self._kept.get(kept_as)
            if session is None:
                return None
            if self.ends_at(session) <= now or not self._is_known(session.user):
                del self._kept[kept_as]
                return None
            if touch:
                session = Session(session.user, session.csrf, session.began_at, now)
                self._kept[kept_as] = session
                self._kept.move_to_end(kept_as)
            return session

    def close(self, key: str | None) -> None:
        """End the session of an id; nothing happens when there is none."""
        with self._lock:
            self._kept.pop(_kept_as(key or ""), None)

    def ends_at(self, session: Session) -> datetime:
        """Return when a session ends if it is not used again."""
        return min(session.began_at + self._whole, session.used_at + self._idle)

    def _is_known(self, user: User | None) -> bool:
        """Return whether the file still has a user as it was at sign-in; role and password are part of it."""
        try:
            return user is None or self.users.find(user.name) == user
        except UsersError as error:
            _log.error("users unusable: %s", error)
            return False


def _kept_as(key: str) -> str:
    # A digest is looked up, so that neither time nor a look into memory tells ids.
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
