"""Whole-path cases: an article, what matters about it, and the incidents that the packaged coder gives.

Each file holds, apart by lines of "---": why the case matters, the article, the incidents one a line. A new encoder may
change lines: read the difference, then ``make golden UPDATE=1``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dragoman.pipeline import Coder
from dragoman.records import EventDate, Incident, Participant, RawArticle

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))


def _sides(people: tuple[Participant, ...]) -> str:
    return "+".join(f"{p.country or '?'}/{p.sectors[0] if p.sectors else '?'}" for p in people) or "nobody"


def _when(when: EventDate | None) -> str:
    return "no date" if when is None else f"{when.from_}..{when.to}"


def _line(incident: Incident) -> str:
    mode = f"/{incident.mode}" if incident.mode else ""
    where = incident.place.name if incident.place else "no place"
    parts = [
        f"{incident.event_type}{mode}",
        incident.status,
        f"{_sides(incident.actors)} > {_sides(incident.recipients)}",
    ]
    return " | ".join([*parts, _when(incident.date), where, f"{len(incident.events)} told"])


@pytest.mark.model
@pytest.mark.parametrize("path", CASES, ids=[p.stem for p in CASES])
def test_case(coder: Coder, path: Path, request: pytest.FixtureRequest) -> None:
    """The coder gives the incidents of the file, in order."""
    why, page, _ = path.read_text("utf-8").split("\n---\n")
    row = RawArticle(page, "text/plain", path.name, published_on=date(2024, 6, 12), published_field="test")
    found = "\n".join(_line(i) for i in coder([row]).incidents) + "\n"
    if request.config.getoption("--update-golden"):
        path.write_text("\n---\n".join([why, page, found]), "utf-8")
    assert path.read_text("utf-8").split("\n---\n")[2] == found


def test_there_are_cases() -> None:
    """The folder is not empty, so that the test above tests something."""
    assert len(CASES) >= 3
