"""``dragoman actors`` as a process: look up, add, correct, import, remove, list, and what the coder makes of it."""

from __future__ import annotations

import csv
import inspect
import json
import re
from datetime import date
from pathlib import Path

import pytest

import dragoman as api
from dragoman.cli import main
from dragoman.cli.actors import app

from .command import dragoman, rows_of, write_rows

ROWS = [
    {
        "id": "a",
        "text": "The Keld Quorum condemned the government of Ghana on Monday.",
        "published_on": "2025-05-05",
    }
]
ADD = (
    "actors",
    "add",
    "Keld Quorum",
    "--country",
    "TGO",
    "--sectors",
    "lab,soc",
    "--kind",
    "ngo",
    "--alias",
    "KQ",
)
COMMANDS = sorted(name for name in app if not name.startswith("-"))


def test_commands_are_pinned() -> None:
    """Adding or losing a command is a visible change of this list."""
    assert COMMANDS == ["add", "correct", "import", "list", "look-up", "remove"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` prints what the command does, an example that calls it, and words on every option."""
    assert main(["actors", command, "--help"]) == 0
    assert re.search(rf"Example: .*dragoman actors {command}\b", capsys.readouterr().out)
    function = app[command].default_command
    assert function is not None
    for name in inspect.signature(function).parameters:
        assert re.search(rf"^{name}\n    \S", inspect.getdoc(function) or "", re.M), name


@pytest.mark.model
class TestUse:
    """What is added is what the coder uses, without a setting."""

    def test_an_added_actor_is_in_the_event(self, tmp_path: Path) -> None:
        """Before it is added the name tells nothing; then the event, the mentions and Python carry it; removed, it is gone."""
        path = write_rows(tmp_path / "a.jsonl", ROWS)
        code = ("code", path, "--no-store", "--format", "jsonl")
        (before,) = rows_of(dragoman(*code, cwd=tmp_path))
        assert "TGO" not in {p["country"] for p in before["actors"]}
        done = dragoman(*ADD, cwd=tmp_path)
        assert done.returncode == 0
        assert "dragoman code uses it from now on" in done.stderr
        (event,) = rows_of(dragoman(*code, cwd=tmp_path))
        (actor,) = event["actors"]
        assert (actor["entity_id"], actor["country"], actor["sectors"]) == (
            "TGO.keld_quorum",
            "TGO",
            ["LAB", "SOC"],
        )
        found = rows_of(dragoman("actors", path, cwd=tmp_path))
        assert ("Keld Quorum", "TGO") in {(p["name"], p["country"]) for p in found}
        own = [tmp_path / "dragoman.actors.csv"]
        text = ROWS[0]["text"]
        assert "TGO.keld_quorum" in {
            p.entity_id for p in api.find_actors(text, date(2025, 5, 5), registry=own)
        }
        assert "TGO.keld_quorum" not in {p.entity_id for p in api.find_actors(text, date(2025, 5, 5))}
        assert api.find_places("Talks took place in Accra.", registry=own)[0].country == "GHA"
        assert dragoman("actors", "remove", "TGO.keld_quorum", cwd=tmp_path).returncode == 0
        (after,) = rows_of(dragoman(*code, cwd=tmp_path))
        assert after["actors"] == before["actors"]

    def test_settings_name_the_table(self, tmp_path: Path) -> None:
        """The first file of the setting is written and read; without it the table is one that nobody reads, and it is said."""
        path = write_rows(tmp_path / "a.jsonl", ROWS)
        settings = {"DRAGOMAN_RESOLVE_REGISTRY": "mine.csv"}
        assert "uses it" in dragoman(*ADD, cwd=tmp_path, settings=settings).stderr
        assert [p.name for p in tmp_path.glob("*.csv")] == ["mine.csv"]
        found = rows_of(dragoman("actors", path, cwd=tmp_path, settings=settings))
        assert "TGO" in {p["country"] for p in found}
        assert dragoman("places", path, cwd=tmp_path, settings=settings).returncode == 0
        done = dragoman(*ADD, "--registry", "other.csv", cwd=tmp_path)
        assert "DRAGOMAN_RESOLVE_REGISTRY=other.csv" in done.stderr
        wrong = {"DRAGOMAN_RESOLVE_REGISTRY": "a.jsonl"}
        for command in ("actors", "places"):
            done = dragoman(command, path, cwd=tmp_path, settings=wrong)
            assert done.returncode == 1
            assert "a.jsonl, line 1" in done.stderr


class TestTable:
    """The user's own table."""

    def test_add_correct_remove(self, tmp_path: Path) -> None:
        """A row is added, corrected in place, listed and removed; the settings say where the table comes from."""
        assert dragoman(*ADD, cwd=tmp_path).returncode == 0
        done = dragoman("actors", "correct", "TGO.keld_quorum", "--country", "gha", "--name", "Quorum of Keld",
                        "--from", "2020", "--alias", "the Quorum", cwd=tmp_path)  # fmt: skip
        assert done.returncode == 0
        (row,) = rows_of(dragoman("actors", "list", "--format", "jsonl", cwd=tmp_path))
        assert row == {
            "id": "TGO.keld_quorum", "name": "Quorum of Keld", "country": "GHA", "sectors": ["LAB", "SOC"], "kind": "ngo",
            "aliases": ["KQ", "the Quorum", "Keld Quorum"], "office": None, "from": "2020", "to": None,
            "table": "dragoman.actors.csv", "line": 2,
        }  # fmt: skip
        assert "found here" in dragoman("settings", cwd=tmp_path).stdout
        emptied = dragoman(
            "actors", "correct", "TGO.keld_quorum", "--from", "", "--sectors", "", cwd=tmp_path
        )
        assert "GHA, ngo" in emptied.stdout
        assert "1 removed" in dragoman("actors", "remove", "TGO.keld_quorum", cwd=tmp_path).stderr
        assert dragoman("actors", "list", "--format", "jsonl", cwd=tmp_path).stdout == ""

    def test_a_packaged_actor_is_corrected_term_by_term(self, tmp_path: Path) -> None:
        """All rows of the id go to the own table, so that other days stay right; the own rows win."""
        looked = ("actors", "look-up", "Taliban", "--format", "jsonl", "--on")
        packaged = rows_of(dragoman(*looked, "2000-01-01", cwd=tmp_path))
        assert packaged[0]["sectors"] == ["REB"]
        done = dragoman(
            "actors", "correct", "AFG.taliban", "--sectors", "UAF", "--on", "2000-01-01", cwd=tmp_path
        )
        assert done.returncode == 0
        for day, sectors in (("2000-01-01", ["UAF"]), ("2025-01-01", ["GOV"])):
            first, *others = rows_of(dragoman(*looked, day, cwd=tmp_path))
            assert (first["sectors"], first["wins"], first["table"]) == (sectors, True, "dragoman.actors.csv")
            assert first["why"] == "your own rows come first"
            assert not any(other["wins"] for other in others)
        done = dragoman("actors", "correct", "AFG.taliban", "--to", "2030", cwd=tmp_path)
        assert done.returncode == 2
        assert "--on DATE" in done.stderr

    @pytest.mark.parametrize(
        ("words", "status", "expected"),
        [
            (("add", "Keld", "--country", "GHN"), 2, '"GHN" is not a country'),
            (("add", "Keld", "--sectors", "DOCK"), 2, '"DOCK" is not a sector'),
            (("add", "Keld", "--kind", "club"), 2, '"club" is not a kind'),
            (("add", "Keld", "--from", "2020-13"), 2, '"2020-13" is not a date'),
            (("add", "Keld", "--from", "2021", "--to", "2020"), 2, "before it begins"),
            (("add", "--country", "GHA"), 2, "--name"),
            (("correct", "AFG.talibam", "--country", "GHA"), 2, 'Did you mean "AFG.taliban"'),
            (("correct", "AFG.taliban"), 2, "nothing to correct"),
            (("correct", "AFG.taliban", "--country", "GHN"), 2, '"GHN" is not a country'),
            (("correct", "AFG.taliban", "--country", "GHA", "--on", "1900-01-01"), 2, "holds on 1900-01-01"),
            (("remove", "AFG.taliban"), 2, "packaged row"),
            (("remove", "nobody"), 2, 'no row has the id "nobody"'),
            (("look-up", "Afganistann"), 1, '"Afghanistan"'),
            (("look-up", "Taliban", "--on", "soon"), 2, "--on must be a date"),
            (("lookup", "Taliban"), 2, 'Did you mean "dragoman actors look-up"'),
            (("import", "none.csv"), 1, '"none.csv" cannot be read'),
            (("import", "page.txt"), 2, "--format"),
            (("import", "page.txt", "--format", "everypolitician"), 2, "--country"),
            (("import", "page.txt", "--format", "everypolitician", "--country", "GHN"), 2, '"GHN" is not one'),
            ((), 2, "nothing to read"),
        ],
    )  # fmt: skip
    def test_mistakes_are_told_and_nothing_is_written(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        words: tuple[str, ...],
        status: int,
        expected: str,
    ) -> None:
        """Each is a message with what was expected; no table appears."""
        (tmp_path / "page.txt").write_text("Just words.\n")
        monkeypatch.chdir(tmp_path)
        assert main(["actors", *words]) == status
        told = capsys.readouterr()
        assert expected in told.err
        assert told.out == ""
        assert [p.name for p in tmp_path.iterdir()] == ["page.txt"]

    def test_a_wrong_row_of_the_table_is_named(self, tmp_path: Path) -> None:
        """A row written by hand that cannot be used stops every command with file and line, and stays as it is."""
        table = tmp_path / "dragoman.actors.csv"
        table.write_text("name,country\nTug Union,GHA\nQuay,GHN\n")
        for words in (ADD, ("actors", "import", table), ("actors", "look-up", "Quay")):
            done = dragoman(*words, cwd=tmp_path)
            assert done.returncode == 1
            assert 'dragoman.actors.csv, line 3: "GHN" is not a country' in done.stderr
        assert table.read_text() == "name,country\nTug Union,GHA\nQuay,GHN\n"
        assert dragoman("actors", "correct", "GHN.quay", "--country", "GHA", cwd=tmp_path).returncode == 0
        assert dragoman(*ADD, cwd=tmp_path).returncode == 0
        twice = dragoman(*ADD, cwd=tmp_path)
        assert twice.returncode == 1
        assert 'dragoman.actors.csv, line 4: "Keld Quorum" is there already' in twice.stderr


class TestImport:
    """Other people's tables."""

    TEXT = "name,country,sectors\nTug Union,GHA,LAB\nQuay,GHN,\n# a remark\nTug Union,GHA,LAB\n"

    def test_an_import_tells_what_it_did(self, tmp_path: Path) -> None:
        """Lines, rows and reasons on stdout; bad rows with file and line on stderr; the listing holds each."""
        source = tmp_path / "theirs.csv"
        source.write_text(self.TEXT)
        dry = dragoman("actors", "import", source, "--dry-run", cwd=tmp_path)
        assert dry.returncode == 0
        assert not (tmp_path / "dragoman.actors.csv").exists()
        assert "nothing was written" in dry.stderr
        done = dragoman("actors", "import", source, "--errors", "errors.csv", cwd=tmp_path)
        assert done.returncode == 0
        told = dict(re.findall(r"^(\w[\w ]*?)  +(.*)$", done.stdout, re.M))
        assert told["format"] == "csv (guessed from the file)"
        assert (told["lines read"], told["rows taken"], told["skipped"]) == ("5", "1", "4")
        assert dry.stdout.split("seconds")[0] == done.stdout.split("seconds")[0]
        assert f'not taken (bad_value): {source}, line 3: "GHN" is not a country' in done.stderr
        with (tmp_path / "errors.csv").open(newline="") as file:
            listed = [(row["file"], row["line"], row["reason"]) for row in csv.DictReader(file)]
        assert listed == [(str(source), "3", "bad_value"), (str(source), "5", "duplicate")]
        again = dragoman("actors", "import", source, cwd=tmp_path)
        assert "rows taken  0" in again.stdout

    def test_a_file_without_a_usable_row_fails(self, tmp_path: Path) -> None:
        """Nothing taken and something wrong is a failure, and no table appears."""
        (tmp_path / "theirs.csv").write_text("name,country\nQuay,GHN\n")
        done = dragoman("actors", "import", "theirs.csv", cwd=tmp_path)
        assert done.returncode == 1
        assert not (tmp_path / "dragoman.actors.csv").exists()

    def test_an_imported_row_wins_as_an_added_one(self, tmp_path: Path) -> None:
        """What an import took is found by look-up with its table and line."""
        entity = {"id": "Q1", "labels": {"en": {"value": "Keld Quorum"}}, "claims": {
            "P31": [{"mainsnak": {"datavalue": {"value": {"id": "Q178790"}}}}],
            "P17": [{"mainsnak": {"datavalue": {"value": {"id": "Q117"}}}}]}}  # fmt: skip
        (tmp_path / "w.json").write_text(json.dumps([entity]))
        assert dragoman("actors", "import", "w.json", cwd=tmp_path).returncode == 0
        (row,) = rows_of(dragoman("actors", "look-up", "Keld Quorum", "--format", "jsonl", cwd=tmp_path))
        assert (row["id"], row["country"], row["sectors"], row["kind"]) == ("Q1", "GHA", ["LAB"], "ngo")
        assert (row["table"], row["line"], row["wins"]) == ("dragoman.actors.csv", 2, True)
