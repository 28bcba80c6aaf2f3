"""``dragoman export`` and ``dragoman foreign`` on a real store: files out, files in, what is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.cli import main
from dragoman.records import Coded
from dragoman.store import EventFilter, begin_run, find_cited_events, find_events, open_store, write

from ..invented import DIGEST, VERSION, make_article, make_event, make_incident
from .foreign_rows import FILES

NOON = datetime(2024, 6, 5, 12, tzinfo=UTC)
Captured = pytest.CaptureFixture[str]


def coded() -> Coded:
    """Return two articles: a mutual drill and a planned one in the first, an undated act of one side in the second."""
    first, second = make_article("1"), make_article("2")
    drill = make_event(first)
    planned = replace(
        make_event(first, event_type="AGREE"), status="future", intensity=2.5, quad_class=1, cameo="0312"
    )
    actors = drill.actors
    undated = replace(make_event(second, event_type="COERCE"), date=None, quad_class=4, cameo="170", intensity=-7.0,
                      actors=actors[:1], recipients=actors[1:], contexts=(), place=None)  # fmt: skip
    events = [drill, planned, undated]
    return Coded([first, second], events, [make_incident(e) for e in events], [])


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Return the file of a store with three events."""
    path = tmp_path / "a.duckdb"
    with open_store(path) as store:
        run_id = begin_run(
            store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=NOON
        )
        write(store, coded(), run_id=run_id, at=NOON, coder_version=VERSION, model_digest=DIGEST)
    return str(path)


def export(db: str, kind: str, file: Path, *more: str) -> int:
    """Return the exit status of an export."""
    return main(["export", kind, str(file), "--db", db, *more])


def test_cited_events_are_the_events_with_article_and_incident(db: str) -> None:
    """In the same order, under every filter, at every moment."""
    with open_store(Path(db), read_only=True) as store:
        for wanted in (
            EventFilter(),
            EventFilter(actor="NOR"),
            EventFilter(event_types=["AGREE"]),
            EventFilter(as_of=datetime(2024, 7, 1)),
        ):
            cited = list(find_cited_events(store, wanted))
            plain = list(find_events(store, wanted))
            assert [
                {k: v for k, v in e.items() if k not in ("article", "incident_id")} for e in cited
            ] == plain
            assert plain
            for event in cited:
                assert event["incident_id"]
                assert event["article"]["outlet"] == "Keld Times"
                assert event["article"]["published_on"] == "2024-06-03"
        assert list(find_cited_events(store, EventFilter(as_of=datetime(2024, 1, 1)))) == []


@pytest.mark.parametrize(
    ("kind", "rows", "told"),
    [("jsonl", 3, ["3 events in"]), ("csv", 4, ["3 events in"]), ("plover-jsonl", 3, ["3 events in", "1 have the day of publication"]),
     ("polecat", 3, ["2 events in", "1 left out (not_actual)", "1 have the day of publication"]),
     ("cameo", 3, ["2 events in", "1 left out (not_actual)"]), ("cameo-gdelt", 2, ["2 events in"]), ("cameo-gdelt1", 2, ["2 events in"]),
     ("cameo-phoenix", 2, ["2 events in"]), ("cameo-icews", 3, ["2 events in"]), ("geojson", 4, ["2 events in", "1 left out (no_coordinates)"])],
)  # fmt: skip
def test_every_format_is_written_and_told(
    kind: str, rows: int, told: list[str], db: str, tmp_path: Path, capsys: Captured
) -> None:
    """The file has its rows, header included, and stderr says what was left out and why."""
    file = tmp_path / "out"
    assert export(db, kind, file) == 0
    assert len(file.read_text("utf-8").splitlines()) == rows
    err = capsys.readouterr().err
    for words in told:
        assert words in err


def test_filters_hold_for_every_format(db: str, tmp_path: Path, capsys: Captured) -> None:
    """Types, and a status that tables leave out unless it is asked for."""
    assert export(db, "cameo-gdelt", tmp_path / "a", "--status", "future") == 0
    assert len((tmp_path / "a").read_text().splitlines()) == 1
    assert "left out" not in capsys.readouterr().err
    assert export(db, "plover-jsonl", tmp_path / "b", "--type", "COERCE") == 0
    assert json.loads((tmp_path / "b").read_text())["event"] == ["COERCE"]


def test_an_export_that_cannot_be_written_leaves_nothing(db: str, tmp_path: Path, capsys: Captured) -> None:
    """A folder that is not there is told in a sentence."""
    assert export(db, "geojson", tmp_path / "none" / "a") == 1
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.duckdb"]


def import_(db: str, dataset: str, *files: Path) -> int:
    """Return the exit status of an import."""
    return main(["foreign", "import", dataset, *map(str, files), "--db", db])


def listed(db: str, capsys: Captured, *words: str) -> list[dict[str, Any]]:
    """Return what ``foreign list`` prints."""
    capsys.readouterr()
    assert main(["foreign", "list", *words, "--format", "jsonl", "--db", db]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("name", list(FILES))
def test_a_table_is_imported_once(name: str, db: str, tmp_path: Path, capsys: Captured) -> None:
    """The summary tells what was read, stored and skipped; again, nothing is added."""
    dataset, text = FILES[name]
    file = tmp_path / "table"
    file.write_text(text, encoding="utf-8")
    assert import_(db, dataset, file) == 0
    out = capsys.readouterr().out.split("\n")
    assert [line.split() for line in out[1:4]] == [["rows", "read", "1"], ["stored", "1"], ["skipped", "0"]]
    assert import_(db, dataset, file) == 0
    assert "1  stored already" in capsys.readouterr().out
    (row,) = listed(db, capsys)
    assert (row["dataset"], row["file"]) == (dataset, str(file))
    assert main(["foreign", "--db", db]) == 0
    assert capsys.readouterr().out.startswith(dataset)


def test_our_own_export_is_laid_beside_our_incidents(db: str, tmp_path: Path, capsys: Captured) -> None:
    """Exported as ICEWS and imported again, the pair is found in both directions; foreign events make no incidents."""
    assert export(db, "cameo-icews", tmp_path / "out") == 0
    assert import_(db, "icews", tmp_path / "out") == 0
    rows = listed(db, capsys, "DNK", "NOR", "--since", "2024-06-02")
    assert [(r["date"]["from"], r["event_type"]) for r in rows] == [
        ("2024-06-02", "COOPERATE"),
        ("2024-06-03", "COERCE"),
    ]
    with open_store(Path(db), read_only=True) as store:
        assert len(list(find_events(store, EventFilter()))) == 3


def test_a_file_of_another_format_stops_all_before_anything_is_stored(
    db: str, tmp_path: Path, capsys: Captured
) -> None:
    """Both files are looked at first."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_text(FILES["icews"][1], encoding="utf-8")
    bad.write_text(FILES["polecat"][1], encoding="utf-8")
    assert import_(db, "icews", good, bad) == 1
    assert "dragoman foreign import polecat" in capsys.readouterr().err
    assert listed(db, capsys) == []


def test_bad_lines_are_told_and_the_rest_is_stored(db: str, tmp_path: Path, capsys: Captured) -> None:
    """The reason, its number, and file and line of the first ones; no good row at all is a failure."""
    file = tmp_path / "table"
    file.write_text(FILES["gdelt 2.0"][1] + "x\ty\n" * 7, encoding="utf-8")
    assert import_(db, "gdelt", file) == 0
    captured = capsys.readouterr()
    assert "7  bad_row: not a row of the table" in captured.out
    assert f"not stored (bad_row): {file}:2: 2 cells, expected 61" in captured.err
    assert "and 2 more of bad_row" in captured.err
    assert len(listed(db, capsys)) == 1
    file.write_text(FILES["icews"][1].replace("2014-01-02", "yesterday"), encoding="utf-8")
    assert import_(db, "icews", file) == 1


def test_foreign_commands_tell_mistakes_in_words(db: str, tmp_path: Path, capsys: Captured) -> None:
    """No file, a dataset that is none, a missing file, a wrong date."""
    for words, told in (
        (["import", "gdelt"], "nothing to import"), (["import", "acled", "x"], "acled"), (["import", "gdelt", str(tmp_path / "x")], "does not exist"),
        (["list", "--since", "soon"], "--since must be a date"), (["list", "--limit", "-1"], "--limit"),
    ):  # fmt: skip
        assert main(["foreign", *words, "--db", db]) in (1, 2)
        err = capsys.readouterr().err
        assert told in err
        assert "Traceback" not in err
    assert main(["foreign", "--db", db]) == 0
    assert "no foreign events are stored" in capsys.readouterr().err


def test_a_listed_line_is_one_line(db: str, tmp_path: Path, capsys: Captured) -> None:
    """Day, score, what, who and to whom, where, and the row it comes from."""
    (tmp_path / "t").write_text(FILES["icews"][1], encoding="utf-8")
    assert import_(db, "icews", tmp_path / "t") == 0
    capsys.readouterr()
    assert main(["foreign", "list", "--db", db]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("2014-01-02   -9.0  ASSAULT ")
    assert captured.out.count("\n") == 1
    assert captured.out.rstrip().endswith(
        "Army of Keld (RUS/MIL) → Halden Front (CIV/REB) (Man)  [icews 20718170]"
    )
    assert captured.err == "1 found\n"
