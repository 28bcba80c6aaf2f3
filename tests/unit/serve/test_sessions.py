"""Sessions on a clock that is moved by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dragoman.serve.limits import Attempts
from dragoman.serve.sessions import Sessions
from dragoman.serve.users import User, Users, add_user, remove_user, set_password

from .clock import AT, Clock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with one reviewer."""
    add_user(tmp_path / "u.json", "ada", role="reviewer", password="correct horse", at=AT)
    return tmp_path / "u.json"


@pytest.fixture
def clock() -> Clock:
    """Return a clock at eight in the morning."""
    return Clock()


@pytest.fixture
def sessions(path: Path, clock: Clock) -> Sessions:
    """Return sessions of two hours idle and twelve in all."""
    return Sessions(Users(path), clock=clock, most=3)


def ada(sessions: Sessions) -> User:
    """Return the reviewer."""
    user = sessions.users.find("ada")
    assert user is not None
    return user


def test_a_session_ends_without_use(sessions: Sessions, clock: Clock) -> None:
    """Two hours after its last use it is gone; a look that is no use does not prolong it."""
    key, begun = sessions.open(ada(sessions))
    assert sessions.ends_at(begun) == AT + 2 * HOUR
    clock.now += 2 * HOUR - MINUTE
    assert sessions.find(key) is not None
    clock.now += 2 * HOUR - MINUTE
    assert sessions.find(key, touch=False) is not None
    clock.now += MINUTE
    assert sessions.find(key) is None
    clock.now = AT
    assert sessions.find(key) is None


def test_a_session_ends_in_any_case(sessions: Sessions, clock: Clock) -> None:
    """Twelve hours after it began it is gone, however much it was used."""
    key, found = sessions.open(ada(sessions))
    for _ in range(11):
        clock.now += HOUR
        again = sessions.find(key)
        assert again is not None
        found = again
    assert sessions.ends_at(found) == AT + 12 * HOUR
    clock.now += HOUR
    assert sessions.find(key) is None


def test_ids_cannot_be_guessed_or_read(sessions: Sessions) -> None:
    """Each id and second secret is new, none is in what is kept, and only the exact id finds its session."""
    key, begun = sessions.open(ada(sessions))
    other, second = sessions.open(ada(sessions))
    assert len({key, other, begun.csrf, second.csrf}) == 4
    assert len(key) >= 43
    assert key not in repr(vars(sessions))
    assert begun.csrf not in repr(begun)
    for wrong in (None, "", key[:-1], key + "x", key.swapcase(), "\ud800"):
        assert sessions.find(wrong) is None
    assert begun.is_csrf(begun.csrf)
    for wrong in ("", second.csrf, begun.csrf[:-1], "é", "\ud800"):
        assert not begun.is_csrf(wrong)


def test_the_number_of_sessions_is_bounded(sessions: Sessions, clock: Clock) -> None:
    """Past the most that are kept, the one unused for longest goes; those that ended make room first."""
    keys = []
    for _ in range(3):
        keys.append(sessions.open(None)[0])
        clock.now += MINUTE
    assert sessions.find(keys[0]) is not None
    keys.append(sessions.open(None)[0])
    assert [sessions.find(k) is not None for k in keys] == [True, False, True, True]
    clock.now += 3 * HOUR
    sessions.open(None)
    assert len(sessions) == 1


def test_sessions_end_with_their_user(sessions: Sessions, path: Path) -> None:
    """Another password, another role or a removal ends a user's sessions; a session without user goes on."""
    key, _ = sessions.open(ada(sessions))
    free, _ = sessions.open(None)
    set_password(path, "ada", password="another horse")
    assert sessions.find(key) is None
    key, _ = sessions.open(ada(sessions))
    assert sessions.find(key) is not None
    remove_user(path, "ada")
    add_user(path, "ada", role="reader", password="another horse", at=AT)
    assert sessions.find(key) is None
    key, begun = sessions.open(ada(sessions))
    assert not begun.may_review
    path.chmod(0o644)
    assert sessions.find(key) is None
    assert sessions.find(free) is not None
    sessions.close(free)
    sessions.close(None)
    assert sessions.find(free) is None


def test_failures_must_wait() -> None:
    """So many failures in a span, then each key of them waits until the first is old enough; what succeeded is not counted."""
    now = [0.0]
    attempts = Attempts(most=3, span_s=60, clock=lambda: now[0])
    for _ in range(10):
        assert attempts.begin(["client a", "name x"]) is None
        attempts.forgive(["client a", "name x"])
    for _ in range(3):
        assert attempts.begin(["client a", "name x"]) is None
        now[0] += 10
    assert attempts.begin(["client a", "name y"]) == 30
    assert attempts.begin(["client b", "name x"]) == 30
    assert attempts.begin(["client b", "name y"]) is None
    now[0] = 60.0
    assert attempts.begin(["client a"]) is None
    assert attempts.begin(["client a"]) == 10


def test_failures_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any number of names takes a bounded place."""
    monkeypatch.setattr("dragoman.serve.limits.MOST_CLIENTS", 10)
    attempts = Attempts(most=1, clock=lambda: 0.0)
    for n in range(30):
        assert attempts.begin([f"name {n}"]) is None
    assert attempts.begin(["name 0"]) is None
    assert attempts.begin(["name 29"]) == 60
