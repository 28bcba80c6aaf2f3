"""Tokens of pages and the rates of clients."""

from __future__ import annotations

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import PageToken
from dragoman.serve.gate import host_of, is_loopback
from dragoman.serve.limits import MOST_CLIENTS, RateLimit
from dragoman.serve.paging import Mark, mark_of, question_of, token_of

QUESTION = question_of("/incidents", {"type": ["AID"]})


@given(moment=st.none() | st.datetimes(), day=st.none() | st.text(), key=st.text())
def test_a_token_says_what_was_put_in(moment: datetime | None, day: str | None, key: str) -> None:
    """Any moment and key come back as they were."""
    mark = Mark(moment, (day, key))
    assert mark_of(QUESTION, token_of(QUESTION, mark), like=(object, str)) == mark


@given(token=st.text(max_size=80))
def test_no_made_up_token_is_taken(token: str) -> None:
    """Whatever is not a token is refused in words."""
    with pytest.raises(PageToken, match="mangled"):
        mark_of(QUESTION, token, like=(object, str))


@given(at=st.integers(0, 60), by=st.characters(codec="ascii", categories=("L", "N")))
def test_a_changed_token_is_refused(at: int, by: str) -> None:
    """A token with another letter anywhere says nothing else than before, or is refused."""
    mark = Mark(datetime(2026, 1, 2), ("2024-05-31", "f95fae1078036d81"))
    token = token_of(QUESTION, mark)
    changed = token[:at] + by + token[at + 1 :]
    with contextlib.suppress(PageToken):
        assert mark_of(QUESTION, changed, like=(object, str)) == mark


def test_the_kinds_of_a_key_are_checked() -> None:
    """A key of another length or of other kinds is refused, though its question is right."""
    for key, like in (
        (("a",), (object, str)),
        ((1, "a"), (object, str)),
        (("a", "b"), (int, str)),
        ((True, "b"), (int, str)),
    ):
        with pytest.raises(PageToken):
            mark_of(QUESTION, token_of(QUESTION, Mark(None, key)), like=like)


def test_a_question_is_its_path_and_filters() -> None:
    """Order of parameters, limit and page leave a question as it is; path, filters and the order of values do not."""
    base = question_of("/a", {"x": ["1"], "y": ["2", "3"]})
    assert base == question_of("/a", {"y": ["2", "3"], "limit": ["9"], "x": ["1"], "page": ["t"]})
    others = [
        ("/b", {"x": ["1"], "y": ["2", "3"]}),
        ("/a", {"x": ["1"]}),
        ("/a", {"x": ["1"], "y": ["3", "2"]}),
    ]
    assert len({base, *(question_of(p, q) for p, q in others)}) == 4


def test_a_bucket_fills_again() -> None:
    """A client may ask as often as its bucket holds, then once per share of time; another client has its own."""
    now = [0.0]
    limit = RateLimit(per_second=2, burst=3, clock=lambda: now[0])
    assert [limit.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait_s("b") == 0
    now[0] = 0.25
    assert limit.wait_s("a") == 0.25
    assert limit.retry_after("a") == 1
    now[0] = 0.5
    assert [limit.retry_after("a"), limit.retry_after("a")] == [None, 1]
    now[0] = 1000.0
    assert [limit.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_clients_are_forgotten() -> None:
    """Any number of clients takes a bounded place, and those who were just here are remembered."""
    limit = RateLimit(per_second=1, burst=1, clock=lambda: 0.0)
    for n in range(MOST_CLIENTS + 10):
        limit.wait_s(str(n))
    assert limit.wait_s("0") == 0
    assert limit.wait_s(str(MOST_CLIENTS + 9)) == 1


@pytest.mark.parametrize(
    ("header", "name"),
    [("localhost", "localhost"), ("LocalHost:80", "localhost"), ("127.0.0.1:8765", "127.0.0.1"), ("[::1]:8765", "::1"),
     ("[::1]", "::1"), ("::1", "::1"), ("", ""), ("evil.example:8765", "evil.example")],
)  # fmt: skip
def test_the_name_of_a_host_header(header: str, name: str) -> None:
    """The port is no part of the name, also of IPv6 addresses."""
    assert host_of(header) == name


def test_loopback_addresses() -> None:
    """Only addresses that no other machine can reach are this machine's own."""
    assert all(map(is_loopback, ("127.0.0.1", "127.0.0.53", "localhost", "::1")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.0.2", "example.org")))
