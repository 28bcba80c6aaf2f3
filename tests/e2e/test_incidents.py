"""The commands about incidents, by processes: one incident with many reports, a person's word that lasts, and earlier states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .command import dragoman, rows_of, write_rows

DRILL = "The navies of Norway and Denmark began a joint naval exercise off Bergen on Sunday, the Norwegian defence ministry said."
OTHER = "Norway and Denmark have opened joint naval exercises near Bergen, the defence ministry in Oslo said on Monday."
ARREST = "Police in Lagos arrested four leaders of the nurses' union on Friday before a concert."
ROWS: list[Any] = [
    {"id": "1", "text": DRILL, "outlet": "Keld Times", "published_on": "2024-06-03"},
    {"id": "2", "text": OTHER, "outlet": "Halden Post", "published_on": "2024-06-03"},
    {"id": "3", "text": f"{DRILL} (AFP)", "outlet": "Ørsund Mail", "published_on": "2024-06-04"},
    {"id": "4", "text": ARREST, "outlet": "Lagos Herald", "published_on": "2024-06-08"},
]


def incidents(folder: Path, *words: str) -> list[dict[str, Any]]:
    """Return the stored incidents."""
    return rows_of(dragoman("incidents", *words, "--format", "jsonl", cwd=folder))


@pytest.mark.model
def test_a_word_on_merges_lasts(tmp_path: Path) -> None:
    """Two reports of a drill are one; a split lasts when the articles are coded again, and a merge takes it back."""
    path = write_rows(tmp_path / "a.jsonl", ROWS)
    assert dragoman("code", path, cwd=tmp_path).returncode == 0
    drill = max(incidents(tmp_path, "--country", "NOR"), key=lambda i: len(i["reports"]))
    assert len(drill["reports"]) > 1
    assert {"article_id", "source_id", "event_id", "outlet"} <= drill["reports"][0].keys()
    assert all({"event_id", "with_event", "score", "reasons"} == w.keys() for w in drill["why"])
    assert drill["independent_sources"] == len(drill["newsrooms"])
    event = drill["events"][-1]
    done = dragoman("incidents", "split", drill["incident_id"], "--event", event, "--by", "ada", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    parts = done.stdout.split()
    assert len(parts) == 2
    write_rows(path, [{**row, "id": f"again-{row['id']}"} for row in ROWS])
    assert dragoman("code", path, cwd=tmp_path).returncode == 0
    assert [event] in [i["events"] for i in incidents(tmp_path)]
    verdicts = rows_of(dragoman("incidents", "verdicts", "--format", "jsonl", cwd=tmp_path))
    assert {v["kind"] for v in verdicts} == {"apart"}
    done = dragoman("incidents", "merge", *parts, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(drill["events"]) in [sorted(i["events"]) for i in incidents(tmp_path)]
    gone = next(p for p in parts if p != done.stdout.strip())
    shown = dragoman("show", gone, cwd=tmp_path)
    assert shown.returncode == 0
    assert "is no more" in shown.stderr
    assert dragoman("doctor", "--deep", cwd=tmp_path).returncode == 0


@pytest.mark.model
def test_mistakes_are_told(tmp_path: Path) -> None:
    """A wrong id, a single one, and a store that is not there are mistakes in usage and make no file."""
    assert dragoman("incidents", "split", "abc", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []
    path = write_rows(tmp_path / "a.jsonl", ROWS[:1])
    assert dragoman("code", path, cwd=tmp_path).returncode == 0
    for words in (["split", "zzzz"], ["merge", "zzzz", "yyyy"], ["merge", "zzzz"]):
        done = dragoman("incidents", *words, cwd=tmp_path)
        assert done.returncode == 2, words
        assert "Traceback" not in done.stderr


@pytest.mark.model
def test_articles_of_one_batch_are_merged_without_a_store(tmp_path: Path) -> None:
    """``--no-store`` shows the incidents of a batch too; every article lists its own events."""
    path = write_rows(tmp_path / "a.jsonl", ROWS)
    done = dragoman("code", path, "--no-store", cwd=tmp_path)
    assert done.returncode == 0
    assert "no events" not in done.stdout
    assert list(tmp_path.iterdir()) == [path]
