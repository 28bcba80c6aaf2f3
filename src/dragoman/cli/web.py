"""What commands that read URLs share: a fetcher as the settings want it."""

from __future__ import annotations

from pathlib import Path

from dragoman.config import Loaded
from dragoman.read.web import Credentials, Fetcher, Limits, load_credentials
from dragoman.read.web.fetch import USER_AGENT


def fetcher_of(loaded: Loaded) -> Fetcher:
    """Return a fetcher as the settings want it; to be closed.

    Raises:
        CredentialsError: The file of credentials is open to others or wrong.
    """
    read = loaded.settings.read
    limits = Limits(
        max_bytes=read.max_bytes, max_ratio=read.max_ratio, timeout_s=read.timeout_s, total_s=read.total_s,
        redirects=read.redirects, attempts=read.attempts, delay_s=read.delay_s,
    )  # fmt: skip
    return Fetcher(
        limits, allow_private=read.allow_private, user_agent=read.user_agent or USER_AGENT, robots=read.robots,
        credentials=load_credentials(Path(read.credentials)) if read.credentials else Credentials(),
    )  # fmt: skip
