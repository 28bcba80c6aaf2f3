"""The command line as a real process, and the texts that its tests hand it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TEXT = (
    "Police in Lagos arrested four union leaders on Friday, officials said. "
    "France condemned Iran over the arrest of two tourists in Tehran. "
    "The presidents of Kenya and Uganda met in Nairobi on Monday to discuss trade between the two countries."
)
PAGE = f"""<!DOCTYPE html><html><head><title>Leaders held</title>
<meta property="article:published_time" content="2024-05-06T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Leaders held</h1><p>{TEXT}</p>
<p>The arrests on Friday came after weeks of strikes in the ports, in which thousands of workers took part.</p>
</article></body></html>"""


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without settings of Dragoman's, and with some more."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("DRAGOMAN_")}
    return {**own, **more}


def dragoman(
    *words: str | Path,
    cwd: Path,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Return how a command went; it must never show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "dragoman.cli", *map(str, words)],
        cwd=cwd, input=stdin, capture_output=True, env=environment(**(settings or {})), preexec_fn=before, check=False,
    )  # fmt: skip
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def rows_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the JSON lines that a command printed."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def write_rows(path: Path, rows: Sequence[Mapping[str, Any] | str]) -> Path:
    """Write a JSONL file; a string is written as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def spans_of(value: Any) -> Iterator[tuple[int, int, str]]:
    """Yield every span in a JSON value."""
    if isinstance(value, dict):
        if value.get("text") is not None and value.get("start") is not None:
            yield value["start"], value["end"], value["text"]
        for part in value.values():
            yield from spans_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from spans_of(part)
