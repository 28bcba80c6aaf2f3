"""``dragoman export postgres`` as a command: what it tells, what goes wrong with the server, and how it follows a store."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.errors import TargetError, UsageError
from dragoman.mirror import Kept, Mirror, address_of
from dragoman.mirror.server import Server

from ..command import dragoman, environment
from .team_server import PASSWORD, asking, check_equal, mark_of
from .team_store import HOUR, NOON, fill, keep


class TestCommand:
    """The command as a process."""

    def run(self, *words: str, path: Path, settings: dict[str, str] | None = None) -> tuple[int, str]:
        """Return exit status and what was told."""
        done = dragoman("export", "postgres", "--db", path, *words, cwd=path.parent, settings=settings)
        assert PASSWORD not in done.stdout + done.stderr
        return done.returncode, done.stderr

    def test_it_sends_and_tells(self, path: Path, server: str) -> None:
        """The first run tells what it sent, the second that there is nothing new."""
        status, told = self.run("--url", server, path=path)
        assert (status, "events" in told) == (0, True)
        assert "nothing new" in self.run("--url", server, path=path)[1]
        check_equal(path, server)

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (
                lambda s: s.replace("127.0.0.1", "localhost").rsplit(":", 1)[0] + ":1/team",
                "Is the server running",
            ),
            (lambda s: s.replace("/team", "/nowhere"), "does not exist"),
            (lambda s: s.replace("owner@", "stranger@"), "password authentication failed"),
        ],
    )
    def test_what_is_wrong_with_the_server_is_told(
        self, path: Path, server: str, change: Any, says: str
    ) -> None:
        """A server that is away, a database that is not there and a user who may not come in, each in words."""
        status, told = self.run("--url", change(server), path=path)
        assert (status, says in told) == (1, True), told

    def test_a_wrong_password_is_told_and_not_shown(self, path: Path, server: str) -> None:
        """Neither from PGPASSWORD nor from a variable with the address does a password reach the screen."""
        status, told = self.run("--url", server, path=path, settings={"PGPASSWORD": "wrong-secret"})
        assert status == 1
        assert "password authentication failed" in told
        assert "wrong-secret" not in told
        whole = server.replace("owner@", "owner:other-secret@")
        status, told = self.run("--url-env", "TEAM_DB", path=path, settings={"TEAM_DB": whole})
        assert status == 1
        assert "other-secret" not in told
        broken = "postgresql//owner:other-secret@host"
        status, told = self.run("--url-env", "TEAM_DB", path=path, settings={"TEAM_DB": broken})
        assert status == 2
        assert "other-secret" not in told
        status, told = self.run("--url", whole, path=path)
        assert (status, "holds a password" in told, "other-secret" in told) == (2, True, False)
        good = server.replace("owner@", f"owner:{PASSWORD}@")
        assert (
            self.run("--url-env", "TEAM_DB", path=path, settings={"TEAM_DB": good, "PGPASSWORD": ""})[0] == 0
        )

    def test_a_user_without_rights_and_a_full_disk_are_told(self, path: Path, server: str) -> None:
        """The right that is missing is named; a full disk undoes the batch, and the next run goes on."""
        with asking(server) as connection:
            connection.execute("DROP ROLE IF EXISTS guest")
            connection.execute(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
        status, told = self.run("--url", server.replace("owner@", "guest@"), path=path)
        assert (status, "CREATE SCHEMA dragoman AUTHORIZATION guest" in told) == (1, True), told
        keep(path, server)
        fill(path, 20, 25)
        with asking(server) as connection:
            connection.execute("CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                               "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")  # fmt: skip
            connection.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON incidents EXECUTE FUNCTION full_disk()"
            )
            before = connection.execute("SELECT count(*) AS n FROM events").fetchone()
        status, told = self.run("--url", server, path=path)
        assert (status, "disk is full" in told) == (1, True), told
        with asking(server) as connection:
            assert connection.execute("SELECT count(*) AS n FROM events").fetchone() == before
            connection.execute("DROP TRIGGER full_disk ON incidents")
        assert self.run("--url", server, path=path)[0] == 0
        check_equal(path, server)

    def test_it_follows_until_stopped_and_outlives_a_lost_connection(self, path: Path, server: str) -> None:
        """With --every what is written to the store arrives within seconds, also after the server threw the connection out."""
        words = [
            sys.executable,
            "-m",
            "dragoman.cli",
            "export",
            "postgres",
            "--db",
            str(path),
            "--url",
            server,
            "--every",
            "0.5",
        ]
        own = subprocess.Popen(words, env=environment(), stderr=subprocess.PIPE, text=True)
        try:
            _until(lambda: mark_of(server) is not None)
            for n, at in ((20, 60), (25, 70)):
                with asking(server) as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dragoman export'"
                    )
                _until(lambda n=n, at=at: _try_fill(path, n, at))
                moment = NOON + (n + at) * HOUR
                _until(lambda moment=moment: (mark_of(server) or NOON) >= moment)
        finally:
            own.send_signal(signal.SIGINT)
            _, told = own.communicate(timeout=60)
        assert own.returncode == 0, told
        assert "Traceback" not in told
        check_equal(path, server)


def test_a_connection_lost_in_the_first_round_is_outlived(path: Path, server: str) -> None:
    """The batch that went through shows that address and rights are right: the next round goes on, and --replace does not empty again."""
    keep(path, server)

    class Stopped(Exception):
        pass

    told: list[Exception] = []
    marks: list[datetime] = []

    def cut(mark: datetime, rows: int) -> None:
        marks.append(mark)
        if len(marks) == 1:
            with asking(server) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dragoman export'"
                )

    def stop(kept: Kept) -> None:
        raise Stopped

    mirror = Mirror(path, server, "dragoman", batch_rows=1, tell=cut)
    with pytest.raises(Stopped):
        mirror.keep_on(0.01, replace_all=True, done=stop, failed=told.append)
    assert [type(error) for error in told] == [TargetError]
    assert len(marks) > 1
    assert marks == sorted(set(marks))
    check_equal(path, server)


def _try_fill(path: Path, n: int, at: int) -> bool:
    try:
        fill(path, n, n + 5, at=NOON + at * HOUR)
    except OSError:  # the export reads it at this moment
        return False
    return True


def _until(holds: Any, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.1)


def test_a_store_that_is_being_written_is_waited_for(path: Path, server: str) -> None:
    """While another process writes, the export waits, and says so when it takes too long."""
    code = f"import time; from pathlib import Path; from dragoman.store import open_store; s = open_store(Path({str(path)!r})); print('open', flush=True); time.sleep(2)"
    own = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment())
    assert own.stdout is not None
    own.stdout.readline()
    with pytest.raises(OSError, match="open for writing"):
        Mirror(path, server, "dragoman", wait_s=0.3).keep()
    Mirror(path, server, "dragoman", wait_s=60).keep()
    own.communicate()
    check_equal(path, server)


def test_the_address_is_asked_for_in_words() -> None:
    """Neither, both, an empty variable: each is told."""
    for url, name, says in ((None, None, "--url"), ("a", "B", "--url"), (None, "EMPTY", "EMPTY")):
        with pytest.raises(UsageError, match=says):
            address_of(url, name, environment={})
    with pytest.raises(TargetError, match=r"nowhere\.invalid"):
        Server("postgresql://a@nowhere.invalid/b", "dragoman")
