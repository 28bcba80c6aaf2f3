"""Teaching types of one's own and measuring on gold articles, as a user does it: the commands as processes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from .command import dragoman, rows_of, write_rows

pytestmark = pytest.mark.model

TYPES = """
[EVACUATE]
means = "people are brought out of danger"
like = "AID"
quad_class = 2
score = 3.5

[summon-envoy]
means = "a government calls in the ambassador of another to protest"
of = "ACCUSE"
score = -2.5
"""
EXAMPLES = {
    "EVACUATE": (
        "The army [evacuated] 400 villagers from the flooded valley on Monday.",
        "France has [evacuated] its citizens from Khartoum.",
        "Residents of three districts were [evacuated] as the fire came closer.",
        "The navy [evacuated] families from the port of Latakia.",
        "Some 2,000 people were [evacuated] from Goma overnight, the mayor said.",
        "Rescue teams [evacuated] patients from the hospital in Kherson.",
        "Police [evacuated] the railway station in Lyon after a call.",
        "Helicopters [evacuated] tourists from the island of Rhodes.",
    ),
    "summon-envoy": (
        "Turkey [summoned] the Swedish ambassador over the burning of a book.",
        "Poland [summoned] the Russian ambassador on Friday after a missile crossed the border.",
        "India [summoned] Canada's envoy over remarks on the protests.",
        "The foreign ministry in Tehran [summoned] the British ambassador on Sunday.",
        "Pakistan [summoned] the Afghan envoy to protest against the attack.",
        "Beijing [summoned] the Japanese ambassador over the visit to the shrine.",
        "Chile has [summoned] the Venezuelan ambassador after the speech.",
        "Cairo [summoned] the Ethiopian envoy over the dam.",
    ),
}
ARTICLE = (
    "Soldiers evacuated 300 people from the flooded town of Beira on Friday. "
    "Germany summoned the Iranian ambassador on Monday over the execution."
)


def example(name: str, sentence: str) -> dict[str, Any]:
    """Return a line of the file of examples; the trigger stands in brackets."""
    before, trigger, after = sentence.replace("]", "[").split("[")
    return {"text": before + trigger + after, "type": name, "trigger": trigger}


class Lesson:
    """A folder in which both types were taught, and an article coded with them; tests only read it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "my_types.toml").write_text(TYPES, encoding="utf-8")
        rows = [example(name, s) for name, own in EXAMPLES.items() for s in own]
        write_rows(folder / "examples.jsonl", [*rows, {"text": "The ministers met in Vienna.", "type": None}])
        (folder / "article.txt").write_text(ARTICLE, encoding="utf-8")
        self.taught = self.run("teach", "my_types.toml", "examples.jsonl", "--folds", "2", "--format", "json")
        self.coded = self.code()

    def run(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """Return how a command in the folder went."""
        return dragoman(*words, cwd=self.folder, settings=settings)

    def code(self, **settings: str) -> subprocess.CompletedProcess[str]:
        """Return how the article was coded."""
        return self.run("code", "article.txt", "--no-store", "--format", "jsonl", **settings)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Return a folder in which two types were taught."""
    return Lesson(tmp_path_factory.mktemp("lesson"))


@pytest.mark.slow
class TestTaught:
    """Types taught are coded from the next run on."""

    def test_teaching_tells_how_good_it_is(self, lesson: Lesson) -> None:
        """The report names the file and gives figures per type; progress goes to stderr."""
        assert lesson.taught.returncode == 0, lesson.taught.stderr
        report = json.loads(lesson.taught.stdout)
        assert report["file"] == "dragoman.types.json"
        assert [(t["name"], t["examples"]) for t in report["types"]] == [("EVACUATE", 8), ("summon-envoy", 8)]
        assert all(t["f1"] > 0.5 for t in report["types"])
        assert "dragoman code uses it from now on" in lesson.taught.stderr
        assert not list(lesson.folder.glob("*.part"))

    def test_a_taught_type_is_coded(self, lesson: Lesson) -> None:
        """The event has the taught type, its quad class and its score as intensity."""
        (event,) = [e for e in rows_of(lesson.coded) if e["event_type"] == "EVACUATE"]
        assert (event["quad_class"], event["intensity"], event["mode"]) == (2, 3.5, None)
        assert "evacuated" in event["trigger"]["text"]
        assert 0 < event["confidence"]["type"] <= 1

    def test_a_sub_type_is_coded_as_a_mode(self, lesson: Lesson) -> None:
        """The event has the packaged type with the taught mode, whose score is its intensity."""
        (event,) = [e for e in rows_of(lesson.coded) if e["mode"] == "summon-envoy"]
        assert (event["event_type"], event["quad_class"], event["intensity"]) == ("ACCUSE", 3, -2.5)
        assert "summoned" in event["trigger"]["text"]

    def test_events_tell_that_types_were_taught(self, lesson: Lesson) -> None:
        """The model digest of every event has the taught types' part, and has it not without them."""
        plain = rows_of(lesson.code(DRAGOMAN_PARSE_TAUGHT=""))
        (own,) = {e["model_digest"] for e in plain}
        (taught,) = {e["model_digest"] for e in rows_of(lesson.coded)}
        assert taught.startswith(f"{own}+")
        assert "EVACUATE" not in {e["event_type"] for e in plain}

    def test_a_stale_file_is_a_clear_error(self, lesson: Lesson, tmp_path: Path) -> None:
        """Types taught on another encoder are refused with the way out, before anything is coded."""
        table = json.loads((lesson.folder / "dragoman.types.json").read_text(encoding="utf-8"))
        path = tmp_path / "old.types.json"
        path.write_text(json.dumps({**table, "model_digest": "0" * 16}), encoding="utf-8")
        done = lesson.code(DRAGOMAN_PARSE_TAUGHT=str(path))
        assert (done.returncode, done.stdout) == (1, "")
        assert f'"{path}" belong to encoder 0000000000000000' in done.stderr
        assert "dragoman teach" in done.stderr


def test_a_missing_file_that_was_asked_for_is_a_clear_error(tmp_path: Path) -> None:
    """A setting that names a file which is not there is told; without the setting there is simply nothing taught."""
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    words = ("code", "article.txt", "--no-store", "--format", "jsonl")
    done = dragoman(*words, cwd=tmp_path, settings={"DRAGOMAN_PARSE_TAUGHT": "none.json"})
    assert done.returncode == 1
    assert 'the file of taught types "none.json" does not exist' in done.stderr
    assert dragoman(*words, cwd=tmp_path).returncode == 0


def test_a_file_that_cannot_be_used_is_a_clear_error(tmp_path: Path) -> None:
    """The default file is used where it lies, so one that is broken is told and not passed over."""
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "dragoman.types.json").write_text("{", encoding="utf-8")
    done = dragoman("code", "article.txt", "--no-store", cwd=tmp_path)
    assert done.returncode == 1
    assert '"dragoman.types.json" cannot be read' in done.stderr


@pytest.mark.parametrize(
    ("words", "status", "expected"),
    [
        (("types.toml", "examples.jsonl"), 1, '"EVACUATE" has 1 example, it needs at least 5'),
        (("types.toml", "none.jsonl"), 1, '"none.jsonl" cannot be read'),
        (("types.toml", "types.toml"), 1, "types.toml, line 1: "),
        (("types.toml", "examples.jsonl", "--folds", "1"), 2, "--folds must be from 2 to 20; got 1"),
    ],
)
def test_a_mistake_in_teaching_is_a_clear_error(
    tmp_path: Path, words: tuple[str, ...], status: int, expected: str
) -> None:
    """What is wrong with the files or flags is said, and no file is left."""
    (tmp_path / "types.toml").write_text('[EVACUATE]\nmeans = "m"\nlike = "AID"\n', encoding="utf-8")
    write_rows(tmp_path / "examples.jsonl", [example("EVACUATE", EXAMPLES["EVACUATE"][0])])
    done = dragoman("teach", *words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (status, "")
    assert expected in done.stderr
    assert not (tmp_path / "dragoman.types.json").exists()


GOLD_TEXT = "Police in Lagos arrested four union leaders on Friday. The weather was fine."


def gold_row(name: str | int, **more: Any) -> dict[str, Any]:
    """Return an annotated article with one event, an arrest."""
    start = GOLD_TEXT.index("arrested")
    event = {
        "event_type": "COERCE", "mode": "arrest", "status": "actual", "dates": [],
        "trigger": {"text": "arrested", "start": start, "end": start + len("arrested")},
        "actors": [{"text": "Police in Lagos", "country": "NGA", "sector": "COP"}],
        "recipients": [{"text": "four union leaders", "country": "NGA", "sector": "LAB"}],
        "places": [{"text": "Lagos"}],
    }  # fmt: skip
    first = GOLD_TEXT.index(" The weather")
    sentences = [
        {"start": 0, "end": first, "events": [event]},
        {"start": first + 1, "end": len(GOLD_TEXT), "events": []},
    ]
    return {"id": name, "text": GOLD_TEXT, "published_on": "2024-05-06", "sentences": sentences, **more}


class TestMeasuring:
    """``dragoman eval``."""

    def test_figures_are_printed_and_the_page_is_written(self, tmp_path: Path) -> None:
        """The table shows figures, types, outlets, mistakes and confidences; the page holds what was missed."""
        missed = gold_row(2, outlet="Halden Post")
        missed["sentences"][1]["events"] = [
            {**missed["sentences"][0]["events"][0], "event_type": "ASSAULT", "trigger": "weather"}
        ]
        write_rows(tmp_path / "gold.jsonl", [gold_row("a", outlet="Keld Times"), missed])
        done = dragoman("eval", "gold.jsonl", "--errors", "page.html", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        for words in ("event_whole", "COERCE", "Keld Times", "Halden Post", "missed", "least confidence"):
            assert words in done.stdout
        assert "2 articles, 3 gold events" in done.stdout
        assert "mistakes: page.html" in done.stderr
        page = (tmp_path / "page.html").read_text(encoding="utf-8")
        assert '<h2 id="missed">missed (1)</h2>' in page
        assert "The weather was fine." in page
        assert "ASSAULT/arrest" in page

    def test_json_holds_the_same_for_programs(self, tmp_path: Path) -> None:
        """Stdout is one JSON object with every part of the table."""
        write_rows(tmp_path / "gold.jsonl", [gold_row("a")])
        done = dragoman("eval", "gold.jsonl", "--format", "json", cwd=tmp_path)
        found = json.loads(done.stdout)
        assert list(found) == [
            "figures", "intervals", "per_type", "per_outlet", "costs", "calibration", "curve",
        ]  # fmt: skip
        assert found["figures"]["type"] == 1.0
        assert found["per_type"]["COERCE"]["right"] == 1
        assert found["per_outlet"]["not given"]["articles"] == 1
        assert found["calibration"]["type"]["number"] == 1
        assert set(found["intervals"]) == set(found["figures"])

    def test_a_page_that_cannot_be_written_is_a_clear_error(self, tmp_path: Path) -> None:
        """A folder that does not exist is told with the path of the page."""
        write_rows(tmp_path / "gold.jsonl", [gold_row("a")])
        done = dragoman("eval", "gold.jsonl", "--errors", "none/page.html", cwd=tmp_path)
        assert done.returncode == 1
        assert 'the page of mistakes "none/page.html" cannot be written: No such file' in done.stderr

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ([gold_row(1), gold_row("1")], 'line 2: there is an article "1" already'),
            ([gold_row("a", text="")], 'line 1: an annotated article needs "text"'),
            ([gold_row("a", published_on="May")], "line 1: this is not an annotated article"),
            ([gold_row("a", sentences=[{"start": 0, "end": 5}])], 'needs "events of a sentence"'),
            ([gold_row("a"), "{"], "line 2: this is not an annotated article"),
        ],
    )
    def test_a_wrong_gold_line_is_named(self, tmp_path: Path, rows: list[Any], expected: str) -> None:
        """Each mistake in the gold file is told with its line, before anything is coded."""
        write_rows(tmp_path / "gold.jsonl", rows)
        done = dragoman("eval", "gold.jsonl", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert expected in done.stderr
