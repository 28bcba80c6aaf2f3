"""The commands and how their words become calls."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from dragoman import __version__
from dragoman.cli import (
    actors,
    alerts,
    ask,
    bench,
    brief,
    check,
    code,
    demo,
    export,
    foreign,
    gazetteer,
    history,
    incidents,
    network,
    outlook,
    relations,
    review,
    serve,
    teach,
    users,
    watch,
)

app = App(
    name="dragoman",
    version=__version__,
    help="Read news and turn it into political event data that anyone can check.\n\n"
    "Start with: dragoman code PAGE.txt\n\nAny command takes --debug, which shows the traceback of a failure.",
    version_flags=["--version"],
    help_flags=["--help", "-h"],
)
for command in (
    code.code, ask.show, ask.events, relations.relations, alerts.alerts, brief.brief, history.diff, history.backup, history.restore,
    review.review, teach.teach, check.evaluate, check.settings, check.doctor, ask.dates, ask.places,
    bench.bench, demo.demo, network.network, outlook.outlook, watch.watch, watch.coverage, watch.feeds, serve.serve, serve.mcp,
):  # fmt: skip
    app.command(command, name={"evaluate": "eval"}.get(command.__name__, command.__name__))
app.command(export.app)
app.command(gazetteer.app)
app.command(foreign.app)
app.command(actors.app)
app.command(incidents.app)
app.command(users.app)


def run(tokens: Sequence[str]) -> int:
    """Run a command line and return its exit status."""
    if not tokens:
        app.help_print([])
        return 2
    try:
        status = app(list(tokens), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        words = " ".join(str(error).split())
        known = f" See: dragoman {tokens[0]} --help" if tokens[0] in _names() else " See: dragoman --help"
        print(f"dragoman: {words}{known}", file=sys.stderr)
        return 2
    return status if isinstance(status, int) else 0


def _names() -> set[str]:
    return {name for name in app if not name.startswith("-")}
