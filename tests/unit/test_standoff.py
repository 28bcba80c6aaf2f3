"""Annotations apart from their text come back with the words, and are refused where the text has changed."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from dragoman.train.standoff import join, part, read_batch, read_world

ITEM = "Norland  reopens its embassy in Sudmark. Both pledge to open the border."
BATCH = """### DOC wcep000001
published: 2014-03-02
[0] Norland reopens its embassy in Sudmark.
[1] Both pledge to open the border.
"""
EVENTS = [
    {
        "doc": "wcep000001",
        "i": 0,
        "events": [
            {
                "trigger": "reopens its embassy", "type": "SUPPORT", "mode": None, "status": "actual",
                "actor": [{"text": "Norland", "country": None, "sector": "GOV"}],
                "recipient": [{"text": "Sudmark", "country": None, "sector": "GOV"}], "place": [], "date": [],
            }
        ],
    },
    {"doc": "wcep000001", "i": 1, "events": []},
    {"doc": "wcep000001", "contexts": ["diplomatic"]},
]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Return a file of two dated items."""
    path = tmp_path / "world.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for text in ("Rain falls.", ITEM):
            file.write(json.dumps({"date": "2014-03-02", "text": text}) + "\n")
    return path


def rows_of(tmp_path: Path, world: Path) -> list[dict[str, Any]]:
    """Return the stand-off lines of the batch above."""
    batch, events = tmp_path / "wcep_x.txt", tmp_path / "wcep_x.out.jsonl"
    batch.write_text(BATCH, encoding="utf-8")
    events.write_text("\n".join(map(json.dumps, EVENTS)), encoding="utf-8")
    return list(part(batch, events, world))


def test_dated_items_say_where_their_sentences_stand(tmp_path: Path, world: Path) -> None:
    """Spans count in the item with single blanks, and no word of the text is kept."""
    rows = rows_of(tmp_path, world)
    assert [r["at"] for r in rows if "i" in r] == [[0, 39], [40, 71]]
    assert not any(word in json.dumps(rows) for word in ("Norland", "embassy", "pledge"))


def test_items_are_joined_to_the_words_that_were_annotated(tmp_path: Path, world: Path) -> None:
    """What was taken apart is the same again."""
    rows = rows_of(tmp_path, world)
    texts = read_world(world, rows)
    assert texts["wcep000001"] == {"sentences": read_batch(tmp_path / "wcep_x.txt")["wcep000001"]["sentences"], "published": "2014-03-02"}  # fmt: skip
    (article,) = join(rows, texts)
    event = article["sentences"][0]["events"][0]
    assert (event["trigger"]["text"], event["recipients"][0]["text"]) == ("reopens its embassy", "Sudmark")
    assert article["contexts"] == ["diplomatic"]


def test_a_changed_item_is_refused(tmp_path: Path, world: Path) -> None:
    """Labels of one text are not put on another."""
    rows = rows_of(tmp_path, world)
    with gzip.open(world, "wt", encoding="utf-8") as file:
        file.write("{}\n" + json.dumps({"date": "2014-03-02", "text": ITEM.replace("Both", "They")}) + "\n")
    with pytest.raises(ValueError, match="has changed"):
        list(join(rows, read_world(world, rows)))
