"""What training, benches and scripts take from the package is there: they run seldom, and training needs torch, which tests lack."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    p for folder in ("src/dragoman/train", "bench", "scripts") for p in sorted((ROOT / folder).rglob("*.py"))
]


def names_in(path: Path) -> set[str]:
    """Return the names that a module has at its top."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(a.asname or a.name).split(".")[0] for a in node.names}
    return found


def lacks(module: str, name: str) -> bool:
    """Return whether a module of ours has no such name and no such module inside it."""
    path = ROOT / "src" / Path(*module.split("."))
    if (path / f"{name}.py").exists() or (path / name / "__init__.py").exists():
        return False
    if module.startswith("dragoman.train"):
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        return not file.exists() or name not in names_in(file)
    return not hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("file", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_a_file_takes_from_the_package_is_there(file: Path) -> None:
    """A name that moved is followed by those who use it."""
    asked = [
        (node.module, alias.name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "dragoman"
        for alias in node.names
    ]
    assert [pair for pair in asked if lacks(*pair)] == []


def test_a_name_that_is_not_there_is_noticed() -> None:
    """Neither in a module that can be imported nor in one that cannot."""
    assert lacks("dragoman.parse.decode", "find_names")
    assert lacks("dragoman.train.network", "Networks")
    assert not lacks("dragoman.train.network", "Network")
    assert not lacks("dragoman", "parse")
