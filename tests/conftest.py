"""Shared fixtures: Hypothesis profiles, a guard against network use, the shared data folder, the packaged coder."""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from dragoman.pipeline import Coder, load

settings.register_profile("ci", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("dev", max_examples=60, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

ROOT = Path(__file__).resolve().parent.parent
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch that rewrites golden cases."""
    parser.addoption("--update-golden", action="store_true", help="write what the coder gives now")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the shared data folder beside the project, or skip and say so."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"the shared data folder is not beside the project ({folder.name}/data not found)")
    return folder


@pytest.fixture(scope="session")
def coder() -> Coder:
    """Return the coder with the packaged encoder, on a fixed day."""
    return load(today=date(2026, 11, 24))
