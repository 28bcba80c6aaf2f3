"""A real server over a real store, in a process of its own, and what its tests ask it with."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from .command import environment

_URL = re.compile(r"\(API: (http://[^,]+),")


class Server:
    """A running ``dragoman serve``."""

    def __init__(self, process: subprocess.Popen[str], url: str, said: str) -> None:
        self.process = process
        self.url = url
        self.said = said
        self._clients: list[httpx2.Client] = []
        self.client = self.new_client()

    def new_client(self) -> httpx2.Client:
        """Return one more client, with cookies of its own."""
        self._clients.append(httpx2.Client(base_url=self.url, timeout=60))
        return self._clients[-1]

    def close(self) -> None:
        """Close all clients."""
        for client in self._clients:
            client.close()

    def get(self, path: str, **parameters: Any) -> httpx2.Response:
        """Return the answer to a GET below the API's root; a list gives a parameter several times."""
        return self.client.get(path, params={k: v for k, v in parameters.items() if v is not None})

    def json(self, path: str, **parameters: Any) -> dict[str, Any]:
        """Return the JSON of an answer that must be good."""
        found = self.get(path, **parameters)
        assert found.status_code == 200, found.text
        body: dict[str, Any] = found.json()
        return body

    def pages(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the pages of a list."""
        token = None
        while True:
            page = self.json(path, **parameters, page=token)
            yield page
            token = page["next"]
            if token is None:
                return

    def stop(self) -> tuple[int, str]:
        """End the server as Ctrl-C does; return its exit status and what it told."""
        self.process.send_signal(signal.SIGINT)
        _, told = self.process.communicate(timeout=60)
        return self.process.returncode, told


@contextlib.contextmanager
def serving(
    db: Path, *words: str, cwd: Path, settings: dict[str, str] | None = None, port: int = 0
) -> Iterator[Server]:  # fmt: skip
    """Start a server on a port, any free one for 0, and give it when it listens; it is ended at last."""
    command = [sys.executable, "-m", "dragoman.cli", "serve", "--db", str(db), "--port", str(port), *words]
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(**(settings or {})),
    )  # fmt: skip
    late = threading.Timer(120, process.kill)
    late.start()
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = _URL.search(line)
        assert found is not None, line + process.stderr.read()
        late.cancel()  # only the start must be quick: a site may serve a whole session of tests
        server = Server(process, found.group(1), line)
        yield server
        server.close()
    finally:
        late.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()
