"""Where time goes: seconds and share of each stage, from files to a store, over newsroom articles.

    python bench/speed/hot_path.py [--articles 120] [--rounds 3] [--html]
    python bench/speed/hot_path.py --flame docs/figures/hot-path.svg      # needs py-spy

Everything runs on one thread, so that a stage's time is its own; a stage that calls another is counted without it. Seconds are
those of the processor, which a busy machine stretches less than the clock's; the clock's are printed beside them. Prints the
round in the middle.
"""

from __future__ import annotations

import argparse
import contextlib
import html
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dragoman import __version__
from dragoman.parse import EncoderModel
from dragoman.pipeline import Coder, load
from dragoman.read import iter_articles
from dragoman.records import Coded, RawArticle, split
from dragoman.run.local import in_batches
from dragoman.store import begin_run, open_store, write

ROOT = Path(__file__).resolve().parents[2]
BATCH = 16
# Stage, and the functions whose time is its own; a stage that has none here is timed where it is called below.
INNER = (
    ("sentences", "dragoman.parse.parser", "split_sentences"),
    ("tokenise", EncoderModel, "tokenise"),
    ("encode", EncoderModel, "encode"),
    ("sides", EncoderModel, "read_roles"),
    ("merge", "dragoman.store.writing", "renew"),
)
STAGES = {
    "read": "files to raw articles",
    "sections": "main text, title, day, sections",
    "sentences": "sections to sentences",
    "tokenise": "word pieces and casing",
    "encode": "the encoder",
    "sides": "the reader of sides",
    "decode": "logits to triggers, sides and names",
    "resolve": "who, where, when, how many",
    "merge": "reports of one event joined, in the store",
    "store": "rows into the file",
}


@dataclass(slots=True)
class Clock:
    """Seconds per stage, each without those of the stages that it calls."""

    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)
    _stack: list[str] = field(default_factory=list)
    _since: tuple[float, float] = (0.0, 0.0)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time spent inside for a stage."""
        self._turn()
        self._stack.append(name)
        try:
            yield
        finally:
            self._turn()
            self._stack.pop()

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is counted for a stage."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        return timed

    def _turn(self) -> None:
        now = (time.process_time(), time.perf_counter())
        if self._stack:
            for seconds, new, old in zip((self.cpu, self.wall), now, self._since, strict=True):
                seconds[self._stack[-1]] = seconds.get(self._stack[-1], 0.0) + new - old
        self._since = now


@contextlib.contextmanager
def watching(clock: Clock) -> Iterator[None]:
    """Count the functions of ``INNER`` while inside."""
    before = []
    for stage, where, name in INNER:
        owner = importlib.import_module(where) if isinstance(where, str) else where
        before.append((owner, name, getattr(owner, name)))
        setattr(owner, name, clock.wrapped(stage, getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, function in before:
            setattr(owner, name, function)


def newsroom(n: int) -> list[dict[str, Any]]:
    """Return the first ``n`` newsroom articles, one of each file in turn."""
    files = sorted((ROOT / "data/newsroom").glob("*.jsonl"))
    rows = [[json.loads(line) for line in f.read_text(encoding="utf-8").splitlines()] for f in files]
    turns = [row[k] for k in range(max(map(len, rows))) for row in rows if k < len(row)]
    if len(turns) < n:
        sys.exit(f"the newsroom has {len(turns)} articles, not {n}. Give a lower --articles.")
    return turns[:n]


def page_of(text: str) -> str:
    """Return a text as a page with a paragraph a line."""
    title, *lines = text.split("\n")
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line.strip())
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{html.escape(title)}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{html.escape(title)}</h1>{body}</article><footer>About us</footer></body></html>"
    )


def write_inputs(folder: Path, articles: Sequence[dict[str, Any]], *, as_html: bool) -> list[str]:
    """Write articles as one JSONL file, or as a page each, and return the inputs."""
    if as_html:
        for k, row in enumerate(articles):
            (folder / f"{k:05}.html").write_text(page_of(row["text"]), encoding="utf-8")
        return [str(folder)]
    lines = [
        json.dumps(
            {"id": str(k), "text": row["text"], "published_on": row.get("published_on") or "2024-05-20"}
        )
        for k, row in enumerate(articles)
    ]
    path = folder / "articles.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [str(path)]


def run(coder: Coder, inputs: Sequence[str], db: Path, clock: Clock) -> tuple[int, int]:
    """Code inputs into a fresh store under a clock and return the numbers of articles and events."""
    n = events = 0
    with open_store(db) as store, watching(clock):
        run_id = begin_run(
            store, command="hot path", coder_version=__version__, model_digest=coder.parse.digest, settings={}, at=datetime.now(UTC)
        )  # fmt: skip
        batches = in_batches(iter_articles(inputs), BATCH)
        while True:
            with clock.stage("read"):
                batch = next(batches, None)
            if batch is None:
                return n, events
            raws = [item for item in batch if isinstance(item, RawArticle)]
            with clock.stage("sections"):
                articles, unreadable = split(coder.clean(raws))
            with clock.stage("decode"):
                drafts, unparsed = split(coder.parse(articles))
            with clock.stage("resolve"):
                found, unresolved = split(coder.resolve(drafts))
            coded = Coded(articles, found, [], [*unreadable, *unparsed, *unresolved])
            with clock.stage("store"):
                write(
                    store, coded, run_id=run_id, coder_version=__version__, model_digest=coder.parse.digest, at=datetime.now(UTC)
                )  # fmt: skip
            n, events = n + len(articles), events + len(found)


def table_of(clock: Clock, articles: int, events: int) -> str:
    """Return the stages as a Markdown table."""
    cpu, wall = sum(clock.cpu.values()), sum(clock.wall.values())
    lines = [
        f"{articles} articles, {events} events: {cpu:.2f} s of the processor, {wall:.2f} s by the clock, "
        f"{articles / cpu:.1f} articles a second of one core",
        "",
        "| stage | what it does | seconds | ms an article | share | by the clock |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {what} | {clock.cpu.get(name, 0):.2f} | {1000 * clock.cpu.get(name, 0) / articles:.2f} "
        f"| {clock.cpu.get(name, 0) / cpu:.1%} | {clock.wall.get(name, 0):.2f} |"
        for name, what in STAGES.items()
    ]
    return "\n".join(lines)


def draw_flames(path: Path, arguments: Sequence[str]) -> None:
    """Run the same under py-spy and write its flame graph."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [
        str(Path(sys.executable).with_name("py-spy")), "record", "--format", "flamegraph", "--function", "--rate", "25", "--nonblocking",
        "--output", str(path), "--", sys.executable, __file__, *arguments,
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True)
    except FileNotFoundError:
        sys.exit("py-spy is not installed. It is one of the developer tools: pip install py-spy")
    # Its heading tells the command; where this machine keeps the project is nobody's concern.
    path.write_text(path.read_text(encoding="utf-8").replace(f"{ROOT}/", ""), encoding="utf-8")


def main() -> None:
    """Run the profile."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--html", action="store_true", help="read pages of HTML instead of JSONL")
    parser.add_argument("--flame", type=Path, help="write a flame graph (SVG) instead of the table")
    a = parser.parse_args()
    if a.flame:
        extra = ["--html"] if a.html else []
        draw_flames(a.flame, ["--articles", str(a.articles), "--rounds", "1", *extra])
        return
    coder = load(threads=1, joins=False)
    found = []
    with tempfile.TemporaryDirectory(prefix="dragoman-hot-path-") as name:
        folder = Path(name) / "in"
        folder.mkdir()
        inputs = write_inputs(folder, newsroom(a.articles), as_html=a.html)
        coder([item for item in iter_articles(inputs) if isinstance(item, RawArticle)][:BATCH])  # warms it
        for number in range(a.rounds):
            clock = Clock()
            counts = run(coder, inputs, Path(name) / f"{number}.duckdb", clock)
            found.append((sum(clock.cpu.values()), clock, counts))
    _, clock, (articles, events) = sorted(found, key=lambda f: f[0])[len(found) // 2]
    print(table_of(clock, articles, events))


if __name__ == "__main__":
    main()
