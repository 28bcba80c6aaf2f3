"""``dragoman bench``: what it measures is there and adds up; speed itself is nothing to assert."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .command import TEXT, dragoman, write_rows

pytestmark = pytest.mark.model


def test_bench_tells_stages_and_ratios(tmp_path: Path) -> None:
    """Stages sum to the whole, ratios follow from what is told, and nothing is left behind."""
    done = dragoman("bench", "--articles", "6", "--rounds", "1", "--html", "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [row["stage"] for row in told["stages"]] == ["clean", "parse", "resolve", "merge", "store"]
    assert sum(row["share"] for row in told["stages"]) == pytest.approx(1, abs=0.01)
    per_article_s = sum(row["ms_per_article"] for row in told["stages"]) / 1000
    assert told["articles_per_s"] == pytest.approx(1 / per_article_s, rel=0.02)
    assert (told["articles"], told["events"] > 0, told["sentences"] > 60) == (6, True, True)
    assert 0 < told["share_of_encoder"] < 1
    assert told["extractor_pages_per_s"] > told["articles_per_s"]
    assert list(tmp_path.iterdir()) == []


def test_bench_takes_own_files(tmp_path: Path) -> None:
    """A user's articles are measured instead; unreadable ones and wrong numbers are told."""
    write_rows(tmp_path / "a.jsonl", [{"id": "1", "text": TEXT, "published_on": "2024-05-06"}])
    done = dragoman("bench", "a.jsonl", "--rounds", "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 articles, 3 sentences" in done.stdout
    write_rows(tmp_path / "b.jsonl", ["{broken"])
    for words in (("b.jsonl",), ("--articles", "0")):
        assert dragoman("bench", *words, cwd=tmp_path).returncode == 2


def test_bench_measures_workers_over_several_batches(tmp_path: Path) -> None:
    """Workers are measured by the results after the first; too few articles tell nothing of them."""
    done = dragoman(
        "bench", "--articles", "8", "--rounds", "1", "--workers", "2", "--format", "json", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["workers"] == 2
    assert told["articles_per_s_coded_by_workers"] > 0
    done = dragoman(
        "bench", "--articles", "3", "--rounds", "1", "--workers", "2", "--format", "json", cwd=tmp_path
    )
    assert "workers" not in json.loads(done.stdout)
    assert "workers not measured: 3 articles are too few for 2" in done.stderr
