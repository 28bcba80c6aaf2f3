"""``dragoman gazetteer`` as a process: build, use, look up, and what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from .command import dragoman, environment, rows_of


def line(number: int, name: str, feature: str = "P\tPPL", *, lat: float = 13.2, people: int = 0) -> str:
    """Return a row in the format of GeoNames; the place is invented."""
    return f"{number}\t{name}\t{name}\t\t{lat}\t25.1\t{feature}\tSD\t\t55\t\t\t\t{people}\t\t500\tAfrica/Khartoum\t2024-01-01"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return a small country file with one bad row."""
    path = tmp_path / "SD.zip"
    rows = [line(1, "Qoraveli State", "A\tADM1"), line(2, "Belazuri", people=70_000), "a broken row",
            line(3, "Belazuri", lat=11.0)]  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("SD.txt", "\n".join(rows) + "\n")
    return path


def test_build_tells_how_to_use_it_and_is_used(tmp_path: Path, table: Path) -> None:
    """What was built answers once the setting selects it; the packaged one does not know the place."""
    done = dragoman("gazetteer", "build", table, "--out", "places", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "SD.zip: 1 row left out, not 19 columns (line 3)" in done.stderr
    assert "reading SD.zip: 100%, 4 rows" in done.stderr
    assert f'gazetteer = "{tmp_path / "places"}" under [resolve]' in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["SD.zip", "places"]

    unknown = dragoman("gazetteer", "look-up", "Belazuri", cwd=tmp_path)
    assert (unknown.returncode, unknown.stdout, unknown.stderr) == (1, "", "0 found\n")
    (tmp_path / "dragoman.toml").write_text(f'[resolve]\ngazetteer = "{tmp_path / "places"}"\n')
    found = rows_of(dragoman("gazetteer", "look-up", "belazuri", "--format", "jsonl", cwd=tmp_path))
    assert [(p["geonames_id"], p["admin1"], p["country"]) for p in found] == [
        (2, "Qoraveli State", "SDN"), (3, "Qoraveli State", "SDN"),
    ]  # fmt: skip
    lines = dragoman("gazetteer", "look-up", "Paris", "--country", "usa", cwd=tmp_path).stdout.splitlines()
    assert lines[0].startswith("Paris")
    assert "Texas, USA" in lines[0]
    info = json.loads(dragoman("gazetteer", "info", "--format", "jsonl", cwd=tmp_path).stdout)
    assert info["folder"] == str(tmp_path / "places")
    assert not info["packaged"]
    assert info["built"]["from"] == [{"file": "SD.zip", "bytes": table.stat().st_size, "rows": 4}]
    assert sum(info["kinds"].values()) == info["places"] > 250_000
    assert "from      SD.zip (4 rows" in dragoman("gazetteer", cwd=tmp_path).stdout


def test_packaged_one_is_told(tmp_path: Path) -> None:
    """Without a setting the packaged table is used, and says so."""
    done = dragoman("gazetteer", "info", cwd=tmp_path)
    assert done.returncode == 0
    assert "(packaged" in done.stdout


@pytest.mark.model
def test_places_and_code_ask_the_selected_one(tmp_path: Path, table: Path) -> None:
    """``dragoman places`` and ``dragoman code`` find an invented town once the setting names the table it is in."""
    assert dragoman("gazetteer", "build", table, "--out", "places", cwd=tmp_path).returncode == 0
    text = b"Soldiers attacked a market in Belazuri on Friday, killing ten civilians."
    chosen = {"DRAGOMAN_RESOLVE_GAZETTEER": str(tmp_path / "places")}
    for settings, expected in (({}, None), (chosen, "SDN")):
        found = rows_of(dragoman("places", "-", cwd=tmp_path, stdin=text, settings=settings))
        assert {p["country"] for p in found if p["text"] == "Belazuri"} <= {expected}
        coded = dragoman(
            "code", "-", "--no-store", "--format", "jsonl", cwd=tmp_path, stdin=text, settings=settings
        )
        places = [e["place"] for e in rows_of(coded) if e["place"]]
        assert places
        assert {p["country"] for p in places} == {expected}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "nothing to build from"),
        (("none.zip",), 1, '"none.zip" does not exist'),
        (("cut.zip",), 1, '"cut.zip" is cut off or damaged'),
        (("SD.zip", "--names", "none.zip"), 1, '"none.zip" does not exist'),
        (("SD.zip", "--classes", "P,X"), 2, 'got "X"'),
        (("SD.zip", "--least-population", "-1"), 2, "must be 0 or more"),
        (("SD.zip", "--out", "mine"), 1, "is not a gazetteer"),
        (("SD.zip", "--out", "SD.zip/places"), 1, "cannot be made"),
    ],
)
def test_mistakes_are_told_and_leave_nothing(
    tmp_path: Path, table: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    """Each mistake has one message, the right status, and no file written."""
    (tmp_path / "cut.zip").write_bytes(table.read_bytes()[:100])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes").touch()
    given = words if "--out" in words else (*words, "--out", "places")
    done = dragoman("gazetteer", "build", *given, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr.splitlines()[-1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["SD.zip", "cut.zip", "mine"]


def test_missing_table_names_the_command_that_makes_one(tmp_path: Path) -> None:
    """A setting that points nowhere says how to build one; that command exists."""
    done = dragoman("gazetteer", "info", cwd=tmp_path, settings={"DRAGOMAN_RESOLVE_GAZETTEER": "nowhere"})
    assert done.returncode == 1
    assert "dragoman gazetteer build allCountries.zip" in done.stderr
    assert dragoman("gazetteer", "build", "--help", cwd=tmp_path).returncode == 0
    done = dragoman("gazetteer", "look-up", "Paris", "--country", "Texas", cwd=tmp_path)
    assert (done.returncode, "three letters" in done.stderr) == (2, True)


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the midst of a build ends it with status 130 and removes what it wrote."""
    path = tmp_path / "SD.txt"
    path.write_text("\n".join(line(n, f"Place {n}") for n in range(1, 400_000)))
    child = subprocess.Popen(
        [sys.executable, "-m", "dragoman.cli", "gazetteer", "build", str(path), "--out", "places"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".places-building-*/places-*")) and time.monotonic() < until:
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert err.endswith(b"dragoman: stopped; nothing was left behind.\n")
    assert [p.name for p in tmp_path.iterdir()] == ["SD.txt"]
