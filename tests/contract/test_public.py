"""What others can reach: public names, the error tree, commands, settings, and what an import costs."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin

import pytest

import dragoman
from dragoman import errors
from dragoman.cli import main
from dragoman.cli.app import app
from dragoman.config import load_settings
from dragoman.records import REASONS

COMMANDS = sorted(name for name in app if not name.startswith("-"))
ERRORS = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.DragomanError)
}
HEAVY = (
    "numpy",
    "onnxruntime",
    "duckdb",
    "tokenizers",
    "lxml",
    "trafilatura",
    "babel",
    "dateparser",
    "rensa",
    "rich",
    "cyclopts",
    "fastapi",
    "uvicorn",
    "mcp",
    "pyarrow",
    "polars",
    "pandas",
)


def test_public_names_are_sorted_and_there() -> None:
    """The list of public names is in order, without repeats, and each of them can be had."""
    assert dragoman.__all__ == sorted(set(dragoman.__all__))
    for name in dragoman.__all__:
        value = getattr(dragoman, name)
        assert value.__module__.startswith("dragoman."), name
        assert value.__doc__, name
    assert dir(dragoman) == sorted([*dragoman.__all__, "__version__"])


def test_public_names_are_pinned() -> None:
    """Adding or losing a public name is a visible change of this list."""
    assert dragoman.__all__ == [
        "Article", "Coded", "Coder", "Event", "Incident", "RawArticle", "Rejected",
        "find_actors", "find_dates", "find_places", "load", "open",
    ]  # fmt: skip


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A misspelt name is the usual error, with the name."""
    with pytest.raises(AttributeError, match="Codder"):
        dragoman.Codder  # noqa: B018


def test_importing_costs_nothing() -> None:
    """``import dragoman`` loads none of the heavy libraries, and not the whole package either."""
    code = "import sys, dragoman; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "dragoman" in loaded
    assert loaded.isdisjoint(HEAVY)
    assert {name for name in loaded if name.startswith("dragoman.")} == set()


def drawn_tree() -> dict[str, tuple[str | None, str | None]]:
    """Return error → (parent, builtin parent) as drawn in the docstring."""
    assert errors.__doc__ is not None
    stack: list[tuple[int, str]] = []
    out: dict[str, tuple[str | None, str | None]] = {}
    for line in errors.__doc__.splitlines():
        match = re.match(
            r"(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)(?:\s+\((?P<builtin>\w+)\))?(?:\s{2,}.*)?$", line
        )
        if match is None or match["name"] not in ERRORS:
            continue
        depth = len(match["branch"])
        while stack and stack[-1][0] >= depth:
            stack.pop()
        out[match["name"]] = (stack[-1][1] if stack else None, match["builtin"])
        stack.append((depth, match["name"]))
    return out


def test_the_drawn_tree_holds_every_error() -> None:
    """Each error class stands in the tree on top of errors.py under its own parent, with its builtin parent."""
    real = {}
    for name, value in ERRORS.items():
        ours = next((b.__name__ for b in value.__bases__ if b.__name__ in ERRORS), None)
        builtin = next((b.__name__ for b in value.__bases__ if b.__module__ == "builtins"), None)
        real[name] = (ours, None if name == "DragomanError" else builtin)
    assert drawn_tree() == real


def test_error_codes_are_stable_words() -> None:
    """Every error has a code of its own in lower snake case and an exit status of 1, or 2 for a mistake in usage."""
    codes = [value.code for value in ERRORS.values()]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)
    for value in ERRORS.values():
        assert value.exit_status == (2 if issubclass(value, errors.UsageError) else 1), value


def test_reasons_are_stable_words_with_an_explanation() -> None:
    """Every reason for a rejection is in lower snake case and explained."""
    assert all(re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", reason) and words for reason, words in REASONS.items())


def reasons_given() -> Iterator[str]:
    """Yield every reason that is written out where something is given up on."""
    places = {"Rejected": 2, "_reject": 1, "Undecoded": 0, "ExtractionFailed": 0}
    for path in Path(dragoman.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
                at = places[node.func.id]
                if at < len(node.args) and isinstance(reason := node.args[at], ast.Constant):
                    yield str(reason.value)


def test_reasons_in_the_code_are_on_the_list() -> None:
    """Every reason that a stage gives is one of the fixed list."""
    given = set(reasons_given())
    assert len(given) >= 10
    assert given <= set(REASONS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` prints what the command does, an example that calls it, and words on every option."""
    assert main([command, "--help"]) == 0
    out = capsys.readouterr().out
    assert re.search(rf"Example: .*dragoman {command}\b", out), out
    function = app[command].default_command
    assert function is not None
    documented = inspect.getdoc(function) or ""
    for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
        shared = (
            get_args(parameter.annotation)[:1]
            if get_origin(parameter.annotation)
            else (parameter.annotation,)
        )
        if shared and dataclasses.is_dataclass(shared[0]):
            told = inspect.getdoc(shared[0]) or ""
            for option in dataclasses.fields(shared[0]):
                assert re.search(rf"^{option.name}\n    \S", told, re.M), f"{name}.{option.name}"
        else:
            assert re.search(rf"^{name}\n    \S", documented, re.M), name


def test_commands_are_pinned() -> None:
    """Adding or losing a command is a visible change of this list."""
    assert COMMANDS == [
        "actors", "alerts", "backup", "bench", "brief", "code", "coverage", "dates", "demo", "diff", "doctor", "eval", "events", "export", "feeds", "foreign", "gazetteer",
        "incidents", "mcp", "network", "outlook", "places", "relations", "restore", "review", "serve", "settings", "show", "teach", "users", "watch",
    ]  # fmt: skip


def test_every_setting_is_printed_with_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """``dragoman settings`` shows each setting, its value, where it came from and what it does."""
    assert main(["settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    values = list(load_settings().values())
    assert len(lines) == len(values)
    for line, value in zip(lines, values, strict=True):
        assert line.startswith(value.name)
        assert value.help in line
        assert value.origin in line
