"""The file of users: names, roles, hashes; closed to others, written whole."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman.errors import UsageError, UsersError
from dragoman.serve.users import Users, add_user, read_users, remove_user, set_password

AT = datetime(2024, 6, 1, tzinfo=UTC)
PASSWORD = "correct horse"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file with one reviewer."""
    file = tmp_path / "a.users.json"
    add_user(file, "ada", role="reviewer", password=PASSWORD, at=AT)
    return file


def test_a_user_is_known_by_the_password_alone(path: Path) -> None:
    """The right password gives the user; another, none, or another's name give nobody."""
    users = Users(path)
    ada = users.check("ada", PASSWORD)
    assert ada is not None
    assert (ada.name, ada.role, ada.may_review) == ("ada", "reviewer", True)
    for name, password in (
        ("ada", "correct horsf"),
        ("ada", ""),
        ("eve", PASSWORD),
        ("", ""),
        ("ada\0", PASSWORD),
    ):
        assert users.check(name, password) is None


def test_the_file_holds_no_password_and_is_closed(path: Path) -> None:
    """Only its owner may read it, no password stands in it, and the same password has another hash for each user."""
    add_user(path, "eve", role="reader", password=PASSWORD, at=AT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert PASSWORD not in text
    ada, eve = json.loads(text)["users"]
    assert ada["hash"] != eve["hash"]
    assert ada["salt"] != eve["salt"]
    assert PASSWORD not in repr(Users(path).all())
    assert ada["hash"] not in repr(Users(path).all())
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_an_open_file_is_refused(path: Path, mode: int) -> None:
    """A file that others may read, write or open is not used, and the message says how to close it."""
    users = Users(path)
    assert users.find("ada") is not None
    path.chmod(mode)
    for use in (users.all, lambda: users.check("ada", PASSWORD), lambda: remove_user(path, "ada")):
        with pytest.raises(UsersError, match="chmod 600"):
            use()
    path.chmod(0o600)
    assert users.find("ada") is not None


def test_a_change_is_seen_at_once(path: Path) -> None:
    """Another password and a removal hold for those who have the file open already."""
    users = Users(path)
    before = users.find("ada")
    set_password(path, "ada", password="another horse")
    assert users.check("ada", PASSWORD) is None
    after = users.check("ada", "another horse")
    assert after is not None
    assert after != before
    assert after.added_at == AT.isoformat()
    remove_user(path, "ada")
    assert users.all() == {}
    path.unlink()
    assert users.all() == {}


@pytest.mark.parametrize(
    ("name", "role", "password", "words"),
    [
        ("", "reader", PASSWORD, "a name has"), ("a\nb", "reader", PASSWORD, "a name has"), ("<b>", "reader", PASSWORD, "a name has"),
        ("a" * 65, "reader", PASSWORD, "a name has"), ("eve", "owner", PASSWORD, "a role is"), ("eve", "reader", "short", "characters"),
        ("eve", "reader", "x" * 1001, "characters"), ("eve", "reader", "ababababab", "repeated"), ("evelyn.hall", "reader", "Evelyn.Hall", "must not be the name"),
        ("ADA", "reader", PASSWORD, 'a user "ada" already'), (" ada ", "reader", PASSWORD, 'a user "ada" already'),
    ],
)  # fmt: skip
def test_what_cannot_be_a_user_is_told(path: Path, name: str, role: str, password: str, words: str) -> None:
    """A name, role or password that cannot be is refused, and the file stays as it is."""
    before = path.read_bytes()
    with pytest.raises(UsageError, match=words):
        add_user(path, name, role=role, password=password, at=AT)
    assert path.read_bytes() == before


def test_who_is_not_there_is_told(path: Path) -> None:
    """Removing or changing nobody is a mistake that says who there is."""
    with pytest.raises(UsageError, match="There are: ada"):
        remove_user(path, "eve")
    with pytest.raises(UsageError, match="no user"):
        set_password(path, "eve", password=PASSWORD)


def test_composed_letters_are_the_same(tmp_path: Path) -> None:
    """Name and password are the same in composed and decomposed letters."""
    file = tmp_path / "u.json"
    add_user(file, "J\u00fcrgen", role="admin", password="Stra\u00dfe nach K\u00f6ln", at=AT)
    assert Users(file).check("Ju\u0308rgen", "Stra\u00dfe nach Ko\u0308ln") is not None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"users": 3}', '{"users": [3]}', '{"users": [{"name": "x"}]}', "[" * 100_000, "\xff",
     '{"users": [{"name": "x", "role": "owner", "added_at": "", "salt": "00", "hash": "00"}]}'],
)  # fmt: skip
def test_a_broken_file_is_told_without_its_words(tmp_path: Path, text: str) -> None:
    """What is no file of users is refused with its name and nothing of what is in it."""
    file = tmp_path / "u.json"
    file.write_text(text, "latin-1")
    file.chmod(0o600)
    with pytest.raises(UsersError, match=r"u\.json") as told:
        read_users(file)
    assert "owner" not in str(told.value)


def test_a_hash_cannot_cost_everything(path: Path) -> None:
    """Numbers of the hash that would take all memory are refused when the file is read."""
    table = json.loads(path.read_text("utf-8"))
    table["users"][0]["n"] = 2**30
    path.write_text(json.dumps(table), "utf-8")
    with pytest.raises(UsersError, match="not a file of users"):
        read_users(path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Nothing can be added to a file whose folder does not exist."""
    with pytest.raises(UsersError, match="cannot be used"):
        add_user(tmp_path / "no" / "u.json", "ada", role="reader", password=PASSWORD, at=AT)


def _add(path: Path, name: str) -> None:
    add_user(path, name, role="reader", password=PASSWORD, at=AT)


@pytest.mark.skipif(os.name != "posix", reason="folders can be locked on POSIX only")
def test_two_commands_at_once_lose_nothing(path: Path) -> None:
    """Several processes that add users at the same time all find theirs in the file."""
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add, args=(path, f"user{n}")) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(Users(path).all()) == ["ada", "user0", "user1", "user2", "user3"]
