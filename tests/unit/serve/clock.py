"""A clock that tests move by hand."""

from __future__ import annotations

from datetime import UTC, datetime

AT = datetime(2024, 6, 1, 8, tzinfo=UTC)


class Clock:
    """A clock that stands at eight in the morning until it is moved."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now
