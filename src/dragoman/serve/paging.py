"""Paging tokens: where a page ended, of which question, at which state of the store.

A token is opaque to clients. It holds the moment of the first page, so that all pages together tell one state of knowledge, and
a digest of the question, so that a token of another question is refused rather than answered wrongly. It is no secret and needs
none: it can only say where to go on.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dragoman.errors import PageToken

# What may differ between two pages of one question.
_FREE = frozenset({"page", "limit"})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a token says: the state of knowledge, and the key of the last row of the page before."""

    moment: datetime | None
    key: tuple[Any, ...]


def question_of(path: str, asked: Mapping[str, Sequence[str]]) -> str:
    """Return a digest of a question: its path and its parameters, without those that only cut it into pages.

    Example:
        >>> question_of("/events", {"type": ["AID"], "limit": ["5"]}) == question_of("/events", {"type": ["AID"]})
        True
    """
    told = sorted((name, list(values)) for name, values in asked.items() if name not in _FREE)
    return hashlib.sha256(json.dumps([path, told]).encode()).hexdigest()[:16]


def token_of(question: str, mark: Mark) -> str:
    """Return the token of the page after a row."""
    moment = mark.moment.isoformat() if mark.moment else None
    said = json.dumps([question, moment, list(mark.key)], separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_check(said) + said).decode().rstrip("=")


def mark_of(question: str, token: str, *, like: Sequence[type]) -> Mark:
    """Return what a token says.

    Args:
        question: The digest of the question that it must be of.
        token: As a page before gave it.
        like: The types that its key must have; ``object`` for text or null.

    Raises:
        PageToken: It is mangled, or of another question.
    """
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said = raw[8:]
        if raw[:8] != _check(said):
            raise ValueError
        its_question, moment, key = json.loads(said)
        told = Mark(datetime.fromisoformat(moment) if moment else None, tuple(key))
        if len(told.key) != len(like) or not all(map(_fits, told.key, like)):
            raise ValueError
    except (ValueError, TypeError):
        raise PageToken(
            'page must be a token as "next" of a page before gave it; this one is mangled. Ask anew without page.'
        ) from None
    if its_question != question:
        raise PageToken(
            "page is a token of another question: its parameters must be those of the first page, save limit. Ask anew without page."
        )
    return told


def _fits(value: Any, kind: type) -> bool:
    if kind is object:
        return value is None or isinstance(value, str)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and not isinstance(value, bool)


def _check(said: bytes) -> bytes:
    return hashlib.sha256(said).digest()[:8]
