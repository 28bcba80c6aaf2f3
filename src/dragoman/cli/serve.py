"""``dragoman serve`` and ``dragoman mcp``: a store for programs, people and agents."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from dragoman.cli.terms import current_ontology, settings_with
from dragoman.cli.users import users_file
from dragoman.config import Loaded
from dragoman.errors import StoreLocked, UsageError
from dragoman.extras import load_extra

TOKEN = "DRAGOMAN_SERVE_TOKEN"
LEAST_TOKEN = 16


def serve(
    *,
    db: str | None = None,
    host: str | None = None,
    port: int | None = None,
    token: str | None = None,
    open: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Serve the store on this machine: pages for the browser, and a JSON API for programs.

    Example: dragoman serve --db dragoman.duckdb --open

    Other commands may write the store meanwhile: it is held only while something is asked. Ctrl-C ends it. Pages are for reading
    until somebody may sign in to correct what they show: dragoman users add NAME --role reviewer

    Parameters
    ----------
    db
        The store's file [dragoman.duckdb].
    host
        Address to listen on [127.0.0.1]; any but this machine's own asks for a token.
    port
        Port to listen on [8765]; 0 for any free one.
    open
        Open the pages in the browser.
    token
        What every request of somebody who is not signed in must bring as "Authorization: Bearer"; better given in DRAGOMAN_SERVE_TOKEN, where other users of
        this machine cannot see it.
    """
    load_extra("uvicorn", extra="server", purpose="dragoman serve")
    load_extra("fastapi", extra="server", purpose="dragoman serve")
    from dragoman.serve.app import PREFIX, Signing, make_app
    from dragoman.serve.gate import LOOPBACK, is_loopback
    from dragoman.serve.limits import RateLimit
    from dragoman.serve.running import run_server

    loaded = settings_with(store__db=db, serve__host=host, serve__port=port)
    s = loaded.settings
    secret = token or os.environ.get(TOKEN) or None
    is_own = is_loopback(s.serve.host)
    _check_token(secret, s.serve.host, is_own=is_own)
    store = Path(s.store.db)
    _check_store(store)
    app = make_app(
        store, ontology=current_ontology(loaded), limit=RateLimit(per_second=s.serve.per_second, burst=s.serve.burst),
        hosts={*LOOPBACK, s.serve.host} if is_own else None, token=secret, model=_model(loaded), wait_s=s.serve.wait_s,
        idle_s=s.serve.idle_s, signing=Signing(users_file(loaded), s.serve.session_idle_h, s.serve.session_h),
    )  # fmt: skip
    told = _tell_users(users_file(loaded))
    listening = _listen(s.serve.host, s.serve.port)
    name = f"[{s.serve.host}]" if ":" in s.serve.host else s.serve.host
    url = f"http://{name}:{listening.getsockname()[1]}"
    print(f"{store} is served at {url}/ (API: {url}{PREFIX}, document: {url}{PREFIX}/openapi.json). {told} Ctrl-C ends it.", file=sys.stderr, flush=True)  # fmt: skip
    if open:
        # In a thread of its own: some browsers keep who opens them waiting, and this server must answer them.
        threading.Thread(target=webbrowser.open, args=(f"{url}/",), daemon=True).start()
    run_server(app, listening)
    return 0


def _check_token(token: str | None, host: str, *, is_own: bool) -> None:
    if token is None and not is_own:
        raise UsageError(
            f'"{host}" can be reached from other machines, so a token is needed. Make one and give it in {TOKEN}: '
            'python3 -c "import secrets; print(secrets.token_urlsafe())"'
        )
    if token is not None and len(token) < LEAST_TOKEN:
        raise UsageError(f"the token has {len(token)} characters; it must have at least {LEAST_TOKEN}.")


def _tell_users(path: Path) -> str:
    """Return who may sign in, in words.

    Raises:
        UsersError: The file of users cannot be used.
    """
    from dragoman.serve.users import Users

    known = Users(path).all().values()
    may = sum(user.may_review for user in known)
    if not known:
        return "No users: pages are for reading only; add one: dragoman users add NAME --role reviewer."
    return f"{may} of {len(known)} users in {path} may correct what they show."


def _check_store(path: Path) -> None:
    """Check that there is a store that can be read, now or when who writes it is done.

    Raises:
        StoreError: There is none.
    """
    from dragoman.store import open_store

    try:
        open_store(path, read_only=True).close()
    except StoreLocked as error:
        print(f"dragoman: {error} Until then the server answers 503.", file=sys.stderr)


def _model(loaded: Loaded) -> Path | None:
    return Path(loaded.settings.parse.model) if loaded.settings.parse.model else None


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        UsageError: The address is none of this machine's, or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise UsageError(f'"{host}" is not an address of this machine: {error.strerror or error}.') from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        words = error.strerror or str(error)
        raise UsageError(f'"{host}" port {port} cannot be listened on: {words}. Give another with --port.') from error  # fmt: skip
    return listening


def mcp(*, db: str | None = None) -> int:
    """Give an agent tools to ask the store, on standard input and output (Model Context Protocol).

    Example: dragoman mcp --db dragoman.duckdb

    The tools are search, incidents, incident, relation, brief and evidence. Set this command up in the agent; it starts and ends
    it.

    Parameters
    ----------
    db
        The store's file [dragoman.duckdb].
    """
    load_extra("mcp", extra="mcp", purpose="dragoman mcp")
    from dragoman.parse.meaning import encoder_of
    from dragoman.serve.mcp import run_stdio

    loaded = settings_with(store__db=db)
    store = Path(loaded.settings.store.db)
    _check_store(store)
    run_stdio(
        store, ontology=current_ontology(loaded), encode=encoder_of(_model(loaded)), wait_s=loaded.settings.serve.wait_s
    )  # fmt: skip
    return 0
