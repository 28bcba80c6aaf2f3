"""The generated documentation says what the code says, and the examples of the prose work."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from dragoman.cli import main
from dragoman.cli.app import app
from dragoman.config import load_settings
from dragoman.ontology import load_ontology
from dragoman.records import REASONS

ROOT = Path(__file__).resolve().parent.parent.parent
PROSE = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("data/*/README.md"),
        *ROOT.glob("bench/**/README.md"),
    ]
)


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """Return the script that writes the pages, as a module."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts/reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_those_of_the_code(
    reference: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """``make reference`` would change nothing."""
    assert reference.main(["--check"]) == 0, capsys.readouterr().out


def test_a_page_that_differs_is_named(
    reference: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check fails on a changed and on a missing page, says which, and writes nothing."""
    assert reference.main(["--root", str(tmp_path)]) == 0
    assert reference.main(["--root", str(tmp_path), "--check"]) == 0
    (tmp_path / "docs/codebook.md").unlink()
    (tmp_path / "docs/reference/errors.md").write_text("old", "utf-8")
    capsys.readouterr()
    assert reference.main(["--root", str(tmp_path), "--check"]) == 1
    named = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert sorted(named) == ["docs/codebook.md", "docs/reference/errors.md"]
    assert not (tmp_path / "docs/codebook.md").exists()


def test_the_terminal_and_settings_do_not_sway_the_pages(
    reference: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Width, colour, settings in the environment and in the working folder leave the pages as they are."""
    before = reference.reference_pages()
    for name, value in {
        "COLUMNS": "40",
        "FORCE_COLOR": "1",
        "DRAGOMAN_RUN_WORKERS": "7",
        "LANG": "C",
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "dragoman.toml").write_text("[parse]\nthreads = 9\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert reference.reference_pages() == before


def test_everything_that_has_a_name_has_its_place(reference: ModuleType) -> None:
    """Each command, setting, reason and code of the ontology stands on its page."""
    pages = reference.reference_pages()
    ontology = load_ontology()
    for name in (n for n in app if not n.startswith("-")):
        assert f"## dragoman {name}\n" in pages["docs/reference/commands.md"]
    for value in load_settings(environment={}, file=Path("none")).values():
        assert f"| `{value.name}` |" in pages["docs/reference/settings.md"]
    assert all(f"| `{reason}` |" in pages["docs/reference/rejections.md"] for reason in REASONS)
    modes = {mode for kind in ontology.types.values() for mode in kind.modes}
    for code in {*ontology.types, *modes, *ontology.contexts, *ontology.sectors, *ontology.special_countries}:
        assert re.search(rf"(`|## ){re.escape(code)}\b", pages["docs/codebook.md"]), code


def test_columns_have_a_meaning(reference: ModuleType) -> None:
    """Every table and column of a fresh store carries a comment."""
    for table, (about, columns) in reference.store_columns().items():
        assert about, table
        assert all(words for _, _, _, words in columns), table


@pytest.mark.parametrize("path", PROSE, ids=[p.relative_to(ROOT).as_posix() for p in PROSE])
def test_links_lead_somewhere(path: Path) -> None:
    """A link from one page to another file of the project finds it."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.model
def test_blocks_of_output_are_what_the_commands_print(
    reference: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """The README's example and those of the tutorial and of one-article.md are up to date."""
    assert reference.main(["--check", "--demo"]) == 0, capsys.readouterr().out


@pytest.mark.model
def test_commands_of_the_tutorial_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command line of the tutorial, run in order in a fresh folder, succeeds."""
    text = (ROOT / "docs/tutorial.md").read_text("utf-8")
    lines = re.findall(r"^\$ (dragoman .*)$", text, re.M)
    assert len(lines) >= 8
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    for line in lines:
        assert main(line.split()[1:]) == 0, line
