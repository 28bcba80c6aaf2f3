"""Running the application until Ctrl-C."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

_GRACE_S = 5


class Server(uvicorn.Server):
    """Ends the streams of ``/changes`` first: a server that ends waits for the answers that it still gives, and those have no end."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False, workers=1, timeout_graceful_shutdown=_GRACE_S,
            )
        )  # fmt: skip
        self.app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then all else."""
        self.app.state.changes.stop()
        await super().shutdown(sockets)


def run_server(app: FastAPI, listening: socket.socket) -> None:
    """Answer what comes in on a socket until the process is told to end."""
    Server(app).run(sockets=[listening])
