"""The documentation's examples, made by running the coder: every block between ``<!-- demo … -->`` and ``<!-- /demo -->``.

A marker says what the block holds: nothing for the README's command, ``$ dragoman …`` for a command line, and a word
for a record of docs/one-article.md. Commands of one page run one after the other in an empty folder beside the samples.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dragoman import __version__
from dragoman.cli import main as dragoman
from dragoman.cli.tables import print_event
from dragoman.pipeline import load
from dragoman.read import iter_articles
from dragoman.records import Coded, Event, Parsed, split, to_json
from dragoman.store import begin_run, get_article, get_counts, open_store, write

BLOCK = re.compile(r"<!-- demo(?:: (?P<what>.+?))? -->\n.*?<!-- /demo -->", re.S)
README_COMMAND = "$ dragoman code samples/strait-patrol.txt --no-store"
ARTICLE = "samples/harbour-talks.txt"
TODAY, RECORDED = date(2024, 6, 30), datetime(2024, 6, 13, 8, 0, tzinfo=UTC)
RUN = "00000000000000aa"  # stands for the random id of a run
# What a terminal or a user's settings would change in the output.
_SWAYS = re.compile(r"DRAGOMAN_\w+|FORCE_COLOR|NO_COLOR|COLUMNS|LINES|TERM|TTY_\w+|LC_\w+|LANG")


def demo_pages(root: Path) -> dict[str, str]:
    """Return the pages that hold such blocks, by path, with the blocks as they are now."""
    with _plain(), tempfile.TemporaryDirectory() as folder:
        records = article_records(root, Path(folder))
    out = {}
    for name in ("README.md", "docs/tutorial.md", "docs/one-article.md"):
        with _plain(), tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            shutil.copytree(root / "samples", "samples")
            out[name] = fill((root / name).read_text("utf-8"), lambda what: _block(what, records))
    return out


def fill(text: str, block: Callable[[str], str]) -> str:
    """Return a page with every block made anew; a ``None`` marker is the README's."""

    def anew(found: re.Match[str]) -> str:
        what = found["what"]
        marker = f"<!-- demo: {what} -->" if what else "<!-- demo -->"
        return f"{marker}\n{block(what or README_COMMAND)}\n<!-- /demo -->"

    return BLOCK.sub(anew, text)


def _block(what: str, records: dict[str, str]) -> str:
    if what.startswith("$ "):
        output = run(what)
        return f"```\n{output}\n```" if what == README_COMMAND else f"```\n{what}\n{output}\n```"
    if what not in records:
        raise SystemExit(f'the marker "{what}" is not one of {", ".join(records)}.')
    return records[what]


def run(line: str) -> str:
    """Run "$ dragoman …" and return its standard output; stop when it fails."""
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        status = dragoman(line.split()[2:])
    if status != 0:
        raise SystemExit(f"{line}: exit status {status}\n{told.getvalue()}")
    return "\n".join(part.rstrip() for part in out.getvalue().rstrip().splitlines())


@contextlib.contextmanager
def _plain() -> Iterator[None]:
    """Take from the environment what would change the output, for a while."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if _SWAYS.fullmatch(name)}
    try:
        yield
    finally:
        os.environ.update(taken)


def article_records(root: Path, folder: Path) -> dict[str, str]:
    """Return the records of one article at each stage as fenced blocks, by the word of their marker."""
    with contextlib.chdir(root):
        raws, _ = split(
            iter_articles([ARTICLE], published_on=date(2024, 6, 12), published_field="--published")
        )
    coder = load(today=TODAY)
    articles, _ = split(coder.clean(raws))
    parsed, _ = split(coder.parse(articles))
    coded = coder(raws)
    if not coded.events:
        raise SystemExit(f"the encoder finds no event in {ARTICLE}; take another text.")
    event = max(
        coded.events, key=lambda e: bool(e.actors) + bool(e.recipients) + bool(e.place) + bool(e.date)
    )
    draft = next(
        d for d in parsed[0].drafts if d.trigger == event.trigger and d.event_type == event.event_type
    )
    incident = next(i for i in coded.incidents if event.event_id in i.events)
    return {
        "page": _fenced(raws[0].body if isinstance(raws[0].body, str) else raws[0].body.decode(), "text"),
        "raw": _json({**to_json(dataclasses.replace(raws[0], body="")), "body": "the page above"}),
        "article": _json({**to_json(articles[0]), "text": "the page above, unchanged"}),
        "sections": _fenced(
            "\n".join(f"{s.kind:<12}{articles[0].text[s.start : s.end]}" for s in articles[0].sections),
            "text",
        ),
        "parsed": _fenced(_parsed_in_short(parsed[0]), "text"),
        "draft": _json(to_json(draft)),
        "event": _json(to_json(event)),
        "incident": _json(to_json(incident)),
        **_stored(coded, event, folder / "one.duckdb"),
    }


def _parsed_in_short(parsed: Parsed) -> str:
    lines = [
        f"{len(parsed.sentences)} sentences, contexts: {', '.join(parsed.contexts) or 'none'}",
        "",
        "names:",
    ]
    lines += [f"  {m.kind:<6}{m.start:>5}–{m.end:<5}{m.text}" for m in parsed.mentions]
    lines += ["", "drafts:"]
    lines += [
        f"  {d.trigger.start:>4}–{d.trigger.end:<5}{d.event_type + (f'/{d.mode}' if d.mode else ''):<20}{d.trigger.text}"
        for d in parsed.drafts
    ]
    return "\n".join(lines)


def _stored(coded: Coded, event: Event, path: Path) -> dict[str, str]:
    """Return what the store holds of the article, and one event as ``dragoman show`` prints it."""
    with open_store(path) as store:
        begin_run(
            store,
            command="code",
            coder_version=__version__,
            model_digest=event.model_digest,
            settings={},
            at=RECORDED,
        )
        for _ in range(2):  # the second time changes nothing
            write(
                store,
                coded,
                run_id=RUN,
                coder_version=__version__,
                model_digest=event.model_digest,
                at=RECORDED,
            )
        row = store.connection.execute(
            "SELECT event_id, event_type, run_id, CAST(recorded_at AS VARCHAR) AS recorded_at, superseded_at FROM events "
            "WHERE event_id = ?",
            [event.event_id],
        )
        names = [d[0] for d in row.description or ()]
        stored = dict(zip(names, row.fetchone() or (), strict=True))
        counts = ", ".join(f"{n} {table}" for table, n in get_counts(store).items())
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown):
            print_event(_rounded(to_json(event)), get_article(store, event.article_id))
    return {
        "row": _json(stored),
        "counts": _fenced(counts, "text"),
        "show": _fenced(shown.getvalue().rstrip(), "text"),
    }


def _fenced(words: str, language: str) -> str:
    return f"```{language}\n{words.strip(chr(10))}\n```"


def _json(value: Any) -> str:
    return _fenced(_laid_out(_rounded(value), ""), "json")


def _rounded(value: Any) -> Any:
    """Return a value with confidences to one decimal, since their last digits differ between processors."""
    if isinstance(value, dict):
        return {
            k: round(v, 1) if isinstance(v, float) and "confidence" in k
            else {n: x if x is None else round(x, 1) for n, x in v.items()} if k == "confidence" and isinstance(v, dict)
            else _rounded(v)
            for k, v in value.items()
        }  # fmt: skip
    return [_rounded(v) for v in value] if isinstance(value, list) else value


def _laid_out(value: Any, indent: str) -> str:
    """Return JSON in which whatever fits on a line stands on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if (len(flat) + len(indent) <= 110 and indent) or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _laid_out(v, inner) for v in value) + "\n" + indent + "]"
    rows = (f"{inner}{json.dumps(k, ensure_ascii=False)}: {_laid_out(v, inner)}" for k, v in value.items())
    return "{\n" + ",\n".join(rows) + "\n" + indent + "}"
