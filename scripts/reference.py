"""Write the generated documentation from the code itself, or check that it is up to date.

    python scripts/reference.py                   # docs/reference/*.md and docs/codebook.md
    python scripts/reference.py --check           # exit 1 and name the pages that differ
    python scripts/reference.py --demo [--check]  # also the blocks between <!-- demo … --> markers; needs the encoder

The same code gives the same pages, whatever the day, terminal, environment and machine. Records of the encoder are
shown with confidences rounded to one decimal, since their last digits differ between processors.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import dataclasses
import inspect
import io
import re
import sys
import tempfile
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from rich.console import Console

from dragoman import errors, records
from dragoman.cli.app import app
from dragoman.config import Loaded, Settings, environment_name
from dragoman.ontology import EventType, load_ontology
from dragoman.store import open_store

sys.path.insert(0, str(Path(__file__).resolve().parent))
from reference_demo import demo_pages

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made by scripts/reference.py from the code: do not edit; run `make reference`. -->"
HELP_WIDTH = 100
# Records whose fields are columns of a table: the comments of the columns say what they mean.
TABLES = {"Article": "articles", "Event": "events", "Incident": "incidents", "Rejected": "rejections"}


def page(title: str, *parts: str) -> str:
    """Return a page of Markdown."""
    return "\n\n".join([f"# {title}", MADE, *(p.strip("\n") for p in parts if p)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)


def code(value: object) -> str:
    """Return a value as code, an empty one as words."""
    return f"`{value}`" if str(value) else "(empty)"


def prose(thing: object) -> str:
    """Return a docstring as Markdown: double backticks single, paragraphs kept."""
    return re.sub(r"``([^`]+)``", r"`\1`", inspect.getdoc(thing) or "")


def commands() -> str:
    """Return the page of commands: each one's ``--help``."""
    names = sorted(name for name in app if not name.startswith("-"))
    calls = [
        call
        for name in names
        for call in [(name,), *((name, sub) for sub in sorted(app[name]) if sub[0] != "-")]
    ]
    parts = [f"## dragoman {' '.join(call)}\n\n```\n{help_of(*call)}\n```" for call in calls]
    about = (
        "What `dragoman --help` and `dragoman COMMAND --help` print. Results go to standard output, everything else to "
        "standard error. Exit status: 0 done, 1 failure, 2 a mistake in the command, 130 stopped with Ctrl-C."
    )
    return page("Commands", about, f"```\n{help_of()}\n```", *parts)


def help_of(*tokens: str) -> str:
    """Return the help of a command as it stands on a plain terminal of fixed width."""
    out = io.StringIO()
    console = Console(file=out, width=HELP_WIDTH, color_system=None, force_terminal=False, legacy_windows=False,
                      _environ={})  # fmt: skip
    app.help_print(list(tokens), console=console)
    return "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines())


def settings() -> str:
    """Return the page of settings."""
    groups = {f.name: getattr(Settings(), f.name) for f in dataclasses.fields(Settings)}
    about = {f"{g}.{f.name}": f.metadata for g, own in groups.items() for f in dataclasses.fields(own)}
    rows = [
        (code(v.name), type(v.value).__name__, code(v.value), bounds(about[v.name]), code(environment_name(v.name)), v.help)
        for v in Loaded(Settings(), {}).values()
    ]  # fmt: skip
    intro = (
        "A default gives way to `dragoman.toml` in the working folder, that to the environment, that to a flag. An unknown "
        "name or a value out of range is an error. `dragoman settings` shows each value and where it came from. In "
        "`dragoman.toml` the part before the dot is a table:"
    )
    example = "```toml\n[parse]\nthreads = 4\n```"
    return page(
        "Settings",
        intro,
        example,
        table(["setting", "type", "default", "range", "environment", "what it is"], rows),
    )


def bounds(about: Mapping[str, Any]) -> str:
    """Return the range of a setting in words."""
    low, high = about["low"], about["high"]
    if low is None and high is None:
        return ""
    return f"{low:g} to {high:g}" if high is not None else f"at least {low:g}"


def record_page(columns: Mapping[str, Mapping[str, str]]) -> str:
    """Return the page of records."""
    remarks = field_remarks(Path(inspect.getfile(records)))
    parts = [prose(records), "## Words with a fixed set of values"]
    aliases = {"SectionKind", "Status", "Precision", "Stage"}
    parts.append(table(["type", "values"], ((code(a), ", ".join(map(code, get_args(getattr(records, a)))))
                                            for a in sorted(aliases))))  # fmt: skip
    for name, kind in vars(records).items():
        if not dataclasses.is_dataclass(kind):
            continue
        meanings = columns.get(TABLES.get(name, ""), {})
        rows = [
            (code(f.name.rstrip("_")), code(f.type), default_of(f),
             remarks.get((name, f.name)) or meanings.get(f.name.rstrip("_"), ""))
            for f in dataclasses.fields(kind)
        ]  # fmt: skip
        parts += [f"## {name}", prose(kind), table(["field", "type", "default", "what it is"], rows)]
    return page("Records", *parts)


def default_of(field: dataclasses.Field[Any]) -> str:
    """Return a field's default as it would be typed."""
    if field.default_factory is not dataclasses.MISSING:
        return code(repr(field.default_factory()))
    return "" if field.default is dataclasses.MISSING else code(repr(field.default))


def field_remarks(path: Path) -> dict[tuple[str, str], str]:
    """Return the comment on the lines of each field, by (class, field)."""
    text = path.read_text("utf-8")
    comments = {
        t.start[0]: t.string.lstrip("# ") for t in tokenize.generate_tokens(io.StringIO(text).readline)
        if t.type == tokenize.COMMENT
    }  # fmt: skip
    out = {}
    for kind in ast.walk(ast.parse(text)):
        for node in kind.body if isinstance(kind, ast.ClassDef) else ():
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                remark = re.sub(
                    r"``([^`]+)``", r"`\1`", " ".join(comments[n] for n in lines if n in comments)
                )
                out[kind.name, node.target.id] = remark
    return out


def error_page() -> str:
    """Return the page of errors: the tree as drawn in the code, then an entry per code."""
    drawn, _, rest = (errors.__doc__ or "").partition("\n\n")[2].partition("\n\n")
    parts = [f"```\n{drawn}\n```", " ".join(rest.split()).replace("``", "`")]
    parts.append("On the command line the message goes to standard error; `--debug` adds the traceback.")
    for name, kind in vars(errors).items():
        if inspect.isclass(kind) and issubclass(kind, errors.DragomanError):
            above = ", ".join(code(b.__name__) for b in kind.__bases__)
            parts.append(
                f"## {kind.code}\n\n`{name}`, a kind of {above}; exit status {kind.exit_status}. {prose(kind)}"
            )
    return page("Errors", *parts)


@contextlib.contextmanager
def fresh_store() -> Iterator[Any]:
    """Give the connection of a store that was made just now."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "fresh.duckdb") as store:
        yield store.connection


def store_columns() -> dict[str, tuple[str, list[tuple[str, str, bool, str]]]]:
    """Return table → (comment, columns as (name, type, may be null, comment)), in the order they were made."""
    with fresh_store() as connection:
        tables = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() ORDER BY table_oid"
        ).fetchall()
        rows = connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY table_oid, column_index"
        ).fetchall()
    return {
        t: (about or "", [(n, kind, null, words or "") for own, n, kind, null, words in rows if own == t])
        for t, about in tables
    }


def store_page(columns: Mapping[str, tuple[str, list[tuple[str, str, bool, str]]]]) -> str:
    """Return the page of the store's tables."""
    intro = (
        "One DuckDB file, which any DuckDB client can read while no `dragoman` process writes to it. Nothing is overwritten: "
        "a row that holds now has no `superseded_at`. What was known at a moment T are the rows with `recorded_at <= T` and "
        "`superseded_at` null or later than T. All times are UTC. For example:"
    )
    query = "```sql\nSELECT event_type, count(*) FROM events WHERE superseded_at IS NULL GROUP BY ALL ORDER BY 2 DESC;\n```"
    parts = []
    for name, (about, own) in columns.items():
        rows = [(code(n), code(kind), "yes" if null else "no", words) for n, kind, null, words in own]
        parts.append(
            f"## {name}\n\n{about}\n\n" + table(["column", "type", "may be null", "what it is"], rows)
        )
    return page("The store", intro, query, *parts)


def rejections() -> str:
    """Return the page of reasons for rejection."""
    intro = (
        "What a stage gives up on is not lost: it becomes a `Rejected` record with one of these reasons and a detail in words. "
        "`dragoman code` prints it on standard error and the store keeps it in the table `rejections`. Reasons are never renamed."
    )
    query = "```sql\nSELECT reason, count(*) FROM rejections WHERE superseded_at IS NULL GROUP BY ALL;\n```"
    rows = [(code(reason), words) for reason, words in records.REASONS.items()]
    return page("Rejections", intro, table(["reason", "what it means"], rows), query)


def codebook() -> str:
    """Return the codebook: every code of the ontology."""
    o = load_ontology()
    choices = ontology_choices()
    quads = [
        (str(k), words, ", ".join(t for t in o.types if o.types[t].quad_class == k))
        for k, words in o.quad_classes.items()
    ]
    parts = [
        f"Codes of `{o.version}`. {o.attribution}; definitions in our own words. This page is under the same licence. "
        "Scores run from −10 (hostile) to +10 (friendly). Where a mode is given its score and CAMEO code hold, else those of "
        "the type. What counts as an event is told in [annotation.md](annotation.md).",
        table(["quad class", "meaning", "event types"], quads),
        *(type_section(kind, choices.get(kind.name, [])) for kind in o.types.values()),
    ]
    tables = (
        (
            "Contexts",
            "What an article is about; several are possible. Not the cause of an event.",
            o.contexts,
        ),
        ("Sectors", "What a participant is within its country.", o.sectors),
        (
            "Special countries",
            "Codes in the place of a country for those who belong to none.",
            o.special_countries,
        ),
    )
    for title, about, codes in tables:
        rows = [(code(k), words) for k, words in codes.items()]
        parts.append(f"## {title}\n\n{about}\n\n" + table(["code", "meaning"], rows))
    return page("Codebook", *parts)


def type_section(kind: EventType, choices: Sequence[str]) -> str:
    """Return the section of an event type."""
    facts = [f"Quad class {kind.quad_class}", f"score {kind.score:+g}", f"CAMEO {kind.cameo}"]
    facts += ["needs a recipient"] if kind.needs_recipient else []
    lines = [f"## {kind.name}", kind.means, "; ".join(facts) + "."]
    if kind.cameo_by_context:
        finer = ", ".join(f"{c} {code(n)}" for c, n in kind.cameo_by_context.items())
        lines.append(f"CAMEO by context, the first that fits: {finer}.")
    lines += [f"Choice: {c}" for c in choices]
    if kind.modes:
        rows = [
            (code(m.name), m.means + (f" Adds the context `{m.adds_context}`." if m.adds_context else ""), f"{m.score:+g}", m.cameo)
            for m in kind.modes.values()
        ]  # fmt: skip
        lines.append(table(["mode", "meaning", "score", "CAMEO"], rows))
    else:
        lines.append("No modes.")
    return "\n\n".join(lines)


def ontology_choices() -> dict[str, list[str]]:
    """Return the remarks "Choice: …" of the ontology file by event type."""
    out: dict[str, list[str]] = {}
    current = ""
    for line in resources.files("dragoman.ontology").joinpath("plover.toml").read_text("utf-8").splitlines():
        if found := re.match(r"\[types\.(\w+)", line):
            current = found.group(1)
        elif line.startswith("# Choice: ") and current:
            out.setdefault(current, []).append(line.removeprefix("# Choice: "))
    return out


def reference_pages() -> dict[str, str]:
    """Return every generated page by its path."""
    columns = store_columns()
    meanings = {t: {n: words for n, _, _, words in own} for t, (_, own) in columns.items()}
    made: dict[str, Callable[[], str]] = {
        "commands": commands, "settings": settings, "records": lambda: record_page(meanings), "errors": error_page,
        "store": lambda: store_page(columns), "rejections": rejections,
    }  # fmt: skip
    return {f"docs/reference/{name}.md": make() for name, make in made.items()} | {
        "docs/codebook.md": codebook()
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page differs")
    parser.add_argument("--demo", action="store_true", help="also the blocks that the encoder fills")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder that the pages stand in")
    options = parser.parse_args(arguments)
    pages = reference_pages() | (demo_pages(ROOT) if options.demo else {})
    differing = []
    for name, text in pages.items():
        path = options.root / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        differing.append(name)
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    for name in differing:
        print(f"{name} differs from the code; run: make reference" if options.check else f"wrote {name}")
    return 1 if options.check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
