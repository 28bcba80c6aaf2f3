"""A person in front of a running server: signs in, keeps cookie and second secret, and sends corrections as a page does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2

from .command import dragoman
from .serving import Server

PASSWORDS = {"ada": "correct horse ada", "bob": "correct horse bob", "eve": "correct horse eve"}
GENEROUS = {"DRAGOMAN_SERVE_BURST": "100000", "DRAGOMAN_SERVE_IDLE_S": "0.2"}
ROLES = {"ada": "reviewer", "bob": "reader", "eve": "admin"}


def add_users(db: Path) -> None:
    """Let a reviewer, a reader and an admin sign in at the server of a store."""
    for name, role in ROLES.items():
        add_user(db, name, role, PASSWORDS[name])


def add_user(db: Path, name: str, role: str, password: str) -> None:
    """Let somebody sign in at the server of a store."""
    words = ("users", "add", name, "--role", role, "--password-stdin", "--db", str(db))
    done = dragoman(*words, cwd=db.parent, stdin=f"{password}\n".encode())
    assert done.returncode == 0, done.stderr


class Person:
    """One browser, with its own cookies."""

    def __init__(self, server: Server, name: str | None = None) -> None:
        self.client = server.new_client()
        self.origin = server.url.removesuffix("/api/v1")
        self.csrf: str | None = None
        if name is not None:
            found = self.sign_in(name, PASSWORDS[name])
            assert found.status_code == 200, found.text

    def sign_in(self, name: str, password: str) -> httpx2.Response:
        """Return the answer to name and password."""
        found = self.client.post("/session", json={"name": name, "password": password})
        self.csrf = found.json().get("csrf")
        return found

    def post(self, path: str, body: Any, **headers: str | None) -> httpx2.Response:
        """Return the answer to a request that writes, as a page sends it; a header that is None is left out."""
        told = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "X-CSRF-Token": self.csrf, "Content-Type": "application/json"}  # fmt: skip
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in told.items() if value is not None}
        if isinstance(body, bytes):
            return self.client.post(path, content=body, headers=kept)
        return self.client.post(path, json=body, headers=kept)

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        """Return the JSON of an answer that must be good."""
        found = self.client.get(path, params=parameters)
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body


def arrest(person: Person) -> dict[str, Any]:
    """Return the event of the arrest."""
    event: dict[str, Any] = next(
        e for e in person.get("/events")["items"] if "arrested" in e["trigger"]["text"]
    )
    return event
