"""How long functions and modules may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import dragoman

SOURCE = Path(dragoman.__file__).parent
MOST_MODULE_LINES, MOST_FUNCTION_LINES = 500, 60


def modules() -> Iterator[tuple[str, str]]:
    """Yield the name and text of every module."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), path.read_text("utf-8")


def functions(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield length and address of every function; its docstring is not counted."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and ast.get_docstring(node) is not None:
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            yield lines, f"{name}:{node.lineno} {node.name}"


def test_no_function_is_longer_than_the_limit() -> None:
    """A function that needs more than a screen is to be split; the ten longest are told."""
    longest = sorted((f for name, text in modules() for f in functions(name, text)), reverse=True)
    assert len(longest) > 300
    assert longest[0][0] <= MOST_FUNCTION_LINES, longest[:10]


def test_no_module_is_longer_than_the_limit() -> None:
    """A module that knows too much is to be split; the ten longest are told."""
    longest = sorted(((len(text.splitlines()), name) for name, text in modules()), reverse=True)
    assert len(longest) > 50
    assert longest[0][0] <= MOST_MODULE_LINES, longest[:10]
