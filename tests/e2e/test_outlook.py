"""``dragoman outlook``, as a process, on a store of five years of weekly reading."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from unit.invented import DIGEST, VERSION, make_article, make_event

from dragoman.records import Coded
from dragoman.store import begin_run, open_store, write

from .command import dragoman

FIRST = date(2015, 1, 5)  # a Monday
WEEKS = 260


def happens(week: int) -> bool:
    """Return whether a week has a drill: spells of half a year of one each other week, and half a year of none."""
    return week % 52 < 26 and week % 2 == 0


def reading(weeks: int) -> Coded:
    """Return one article a week, each with words of its own, and drills of Norway and Denmark in some."""
    out = Coded()
    for week in range(weeks):
        day = FIRST + timedelta(days=7 * week + 2)
        own = " ".join(f"w{week}x{n}" for n in range(100))
        article = make_article(str(week), published_on=day)
        article = replace(article, text=f"{article.text}{own}")
        out.articles.append(article)
        if happens(week):
            event = make_event(article)
            assert event.date is not None
            out.events.append(replace(event, date=replace(event.date, from_=day, to=day)))
    return out


def fill(folder: Path, weeks: int) -> Path:
    """Return a folder with a store of so many weeks, each drill an incident of its own by a person's word."""
    at = datetime(2024, 6, 5, 12, tzinfo=UTC)
    coded = reading(weeks)
    ids = sorted(e.event_id for e in coded.events)
    apart = [[f"v{n}", *pair] for n, pair in enumerate(itertools.combinations(ids, 2))]
    with open_store(folder / "dragoman.duckdb") as store:
        store.connection.executemany(
            "INSERT INTO verdicts VALUES (?, 'apart', ?, ?, 'ada', TIMESTAMP '2024-01-01', NULL)", apart
        )
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)
        write(store, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of five years."""
    return fill(tmp_path_factory.mktemp("outlook"), WEEKS)


def test_the_table_tells_chances_and_their_record(folder: Path) -> None:
    """Each kind and horizon has a line that says which method is shown and why; the back-test has its tables."""
    done = dragoman("outlook", "NOR", "DNK", "--backtest", cwd=folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"NOR and DNK, weeks from {FIRST + timedelta(days=7 * (WEEKS - 1))} on"
    assert [line.split()[1] for line in lines[2:8]] == ["conflict"] * 3 + ["cooperation"] * 3
    assert all("baseline" in line for line in lines[2:5])
    assert "calibration of the model" in done.stdout
    assert "persistence" in done.stdout


def test_json_has_every_figure_and_the_plot_is_a_picture(folder: Path) -> None:
    """The shown chance is that of the method named; skill and scores agree; the picture is an SVG."""
    done = dragoman(
        "outlook", "NOR", "DNK", "--format", "json", "--horizon", "12,1", "--plot", "c.svg", cwd=folder
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [(e["kind"], e["weeks"]) for e in told["expectations"]] == [
        ("material_conflict", 1), ("material_conflict", 12), ("material_cooperation", 1), ("material_cooperation", 12),
    ]  # fmt: skip
    for e in told["expectations"]:
        assert 0 < e["chance"] < 1
        assert e["chance"] == e["chances"][e["shown"]]
        brier = e["tested"]["brier"]
        assert sum(b["n"] for b in e["tested"]["calibration"]["model"]) == e["tested"]["n"]
        if e["shown"] == "model":
            assert brier["model"] < min(brier["persistence"], brier["climatology"])
    drills = told["expectations"][2]
    assert drills["tested"]["above"] > 20
    brier, skill = drills["tested"]["brier"], drills["tested"]["skill"]
    assert skill["climatology"] == pytest.approx(1 - brier["model"] / brier["climatology"], abs=0.01)
    assert ElementTree.parse(folder / "c.svg").getroot().tag.endswith("svg")


def test_only_what_lies_before_the_day_is_used(folder: Path) -> None:
    """``--until`` gives the outlook of that day: in a spell a drill is likelier than in a quiet half year."""

    def chance(week: int) -> float:
        day = FIRST + timedelta(days=7 * week - 1)
        done = dragoman(
            "outlook",
            "NOR",
            "DNK",
            "--horizon",
            "4",
            "--until",
            day.isoformat(),
            "--format",
            "json",
            cwd=folder,
        )
        told = json.loads(done.stdout)
        assert told["origin"] == (day + timedelta(days=1)).isoformat()
        return float(told["expectations"][1]["chances"]["model"])

    assert chance(4 * 52 + 24) > 2 * chance(4 * 52 + 50)


def test_too_short_a_history_is_told(tmp_path: Path) -> None:
    """What is missing is said, with figures, and no number is made up."""
    fill(tmp_path, 30)
    done = dragoman("outlook", "NOR", "DNK", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "29 whole weeks were read; at least 104" in done.stdout
    assert "13 incidents" in done.stdout
    told = json.loads(dragoman("outlook", "NOR", "KEN", "--format", "json", cwd=tmp_path).stdout)
    assert told["expectations"] == []
    assert "0 incidents" in told["missing"][1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--horizon", "0"], "--horizon must be weeks"),
        (["--horizon", "1,soon"], "--horizon must be weeks"),
        (["--plot", "c.txt"], "--plot must end in"),
        (["--until", "soon"], "--until must be a date"),
    ],
)
def test_mistakes_in_usage_are_told(folder: Path, words: list[str], told: str) -> None:
    """Each says which option is wrong and how."""
    done = dragoman("outlook", "NOR", "DNK", *words, cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_picture_that_cannot_be_written_is_told(folder: Path) -> None:
    """The folder is not there."""
    done = dragoman("outlook", "NOR", "DNK", "--plot", "nowhere/c.png", "--horizon", "1", cwd=folder)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
