"""``dragoman review`` on a real store: one event, a missed one, questions by pipe, and the files it writes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dragoman.cli import main
from dragoman.ontology import load_ontology
from dragoman.teach import Lesson, read_examples

from .command import TEXT, dragoman, rows_of, write_rows

pytestmark = pytest.mark.model


@dataclass
class Bench:
    """A folder with a coded store, and commands run in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Return how a command of this process went, which must end with the given status."""
        self.capsys.readouterr()
        code = main([str(w) for w in words])
        out, err = self.capsys.readouterr()
        assert code == status, err
        return subprocess.CompletedProcess(words, code, out, err)

    def ask(self, answers: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Return how a review by a pipe of answers went, in a process of its own."""
        return dragoman("review", *words, cwd=self.folder, stdin=answers.encode())

    def events(self, *words: str) -> list[dict[str, Any]]:
        """Return the events that are listed."""
        return rows_of(self.run("events", "--format", "jsonl", *words))

    def types(self, *words: str) -> list[str]:
        """Return the types of the events that are listed."""
        return sorted(e["event_type"] for e in self.events(*words))

    def get(self, kind: str) -> dict[str, Any]:
        """Return the first event of a type."""
        return next(e for e in self.events() if e["event_type"] == kind)

    def age(self) -> None:
        """Move all that is stored a week back, so that yesterday is a day on which it held."""
        with duckdb.connect(str(self.folder / "dragoman.duckdb")) as connection:
            for table in ("articles", "events", "participants", "incidents", "incident_events"):
                connection.execute(f"UPDATE {table} SET recorded_at = recorded_at - INTERVAL 7 DAY")


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the rows of an article and the store that they were coded into."""
    folder = tmp_path_factory.mktemp("review")
    write_rows(folder / "a.jsonl", [{"id": "page", "text": TEXT, "published_on": "2024-05-06"}])
    assert main(["code", str(folder / "a.jsonl"), "--db", str(folder / "dragoman.duckdb")]) == 0
    return folder


@pytest.fixture
def bench(
    coded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bench:
    """Return a copy of the folder to change."""
    shutil.copytree(coded, tmp_path / "own")
    monkeypatch.chdir(tmp_path / "own")
    return Bench(tmp_path / "own", capsys)


def yesterday() -> str:
    """Return yesterday's date, UTC."""
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


def test_a_rejected_event_is_gone_from_events_incidents_and_relations(bench: Bench) -> None:
    """Today nothing lists it; as of yesterday it is there."""
    bench.age()
    event, before = bench.get("ACCUSE"), bench.types()
    done = bench.run("review", event["event_id"][:8], "--reject", "--by", "ada")
    assert event["event_id"] in done.stderr
    assert "ACCUSE" not in bench.types()
    incidents = rows_of(bench.run("incidents", "--format", "jsonl"))
    assert "ACCUSE" not in {i["event_type"] for i in incidents}
    pair = rows_of(bench.run("relations", "FRA", "IRN", "--format", "jsonl"))
    assert "ACCUSE" not in {i["event_type"] for i in pair}
    assert bench.types("--as-of", yesterday()) == before
    old = rows_of(bench.run("incidents", "--as-of", yesterday(), "--format", "jsonl"))
    assert "ACCUSE" in {i["event_type"] for i in old}
    bench.run("review", event["event_id"], "--accept")
    assert bench.types() == before


def test_a_corrected_event_shows_its_new_fields(bench: Bench) -> None:
    """Type, codes and sides are the given ones in every list; the id stays."""
    event = bench.get("ACCUSE")
    done = bench.run(
        "review", event["event_id"], "--set", "event_type=request", "--set", "actors=France=FRA/LEG; Tehran=?/CVL",
        "--set", "recipients=none", "--set", "status=future",
    )  # fmt: skip
    assert done.stdout.startswith(event["event_id"])
    now = next(e for e in bench.events() if e["event_id"] == event["event_id"])
    assert (now["event_type"], now["mode"], now["status"]) == ("REQUEST", None, "future")
    assert now["intensity"] == load_ontology().intensity("REQUEST", None)
    assert [(p["text"], p["country"], p["sectors"], p["basis"]) for p in now["actors"]] == [
        ("France", "FRA", ["LEG"], "review"), ("Tehran", None, ["CVL"], "review"),
    ]  # fmt: skip
    assert now["recipients"] == []
    assert bench.events("--actor", "FRA/LEG") == [now]
    assert "REQUEST" in {
        i["event_type"] for i in rows_of(bench.run("incidents", "--actor", "FRA/LEG", "--format", "jsonl"))
    }
    assert "REQUEST" in bench.run("show", event["event_id"]).stdout


def test_a_missed_event_is_added(bench: Bench) -> None:
    """It is listed with its sentence; words that stand several times or not at all are told."""
    article = bench.events()[0]["article_id"]
    words = ("--set", "event_type=CONSULT", "--set", "mode=none", "--set", "actors=countries=KEN")
    done = bench.run("review", "--add", article[:6], "--trigger", "discuss trade", *words)
    key = done.stdout.split()[0]
    event = next(e for e in bench.events() if e["event_id"] == key)
    assert event["quote"]["text"].startswith("The presidents of Kenya")
    assert event["source_id"] == "page"
    several = bench.run("review", "--add", article, "--trigger", "in", *words, status=2)
    assert "times" in several.stderr
    assert "longer words" in several.stderr
    none = bench.run("review", "--add", article, "--trigger", "parade", *words, status=2)
    assert "does not stand in the text" in none.stderr
    by_row_id = bench.run("review", "--add", "page", "--trigger", "condemned Iran over", *words[:4])
    assert "added" in by_row_id.stderr


def test_a_new_coding_keeps_the_reviews(bench: Bench) -> None:
    """With another day of publication every event is coded anew; what was said of them holds."""
    bench.run("review", bench.get("ACCUSE")["event_id"], "--reject")
    consult = bench.get("CONSULT")["event_id"]
    bench.run("review", consult, "--set", "event_type=COOPERATE")
    add = ("--add", "page", "--trigger", "discuss trade", "--set", "event_type=CONSULT")
    added = bench.run("review", *add).stdout.split()[0]
    before = bench.types()
    write_rows(bench.folder / "a.jsonl", [{"id": "page", "text": TEXT, "published_on": "2024-05-13"}])
    assert "1 changed" in bench.run("code", "a.jsonl").stderr
    assert bench.types() == before
    now = {e["event_id"]: e for e in bench.events()}
    assert now[consult]["event_type"] == "COOPERATE"
    assert now[consult]["date"]["from"] == "2024-05-13"
    assert added in now


def test_gold_can_be_evaluated(bench: Bench) -> None:
    """Until every event has a review the article is left out; then ``eval`` reads it and finds what was accepted."""
    events = bench.events()
    for event in events:
        verdict = "--reject" if event["event_type"] == "ACCUSE" else "--accept"
        left = bench.run("review", "--gold", "gold.jsonl", status=2)
        assert "1 article left out" in left.stderr
        bench.run("review", event["event_id"], verdict)
    done = bench.run("review", "--gold", "gold.jsonl")
    assert "1 article in gold.jsonl; 0 articles left out" in done.stderr
    (article,) = (json.loads(line) for line in (bench.folder / "gold.jsonl").read_text("utf-8").splitlines())
    assert article["text"] == TEXT
    assert len(article["sentences"]) == 3
    found = json.loads(bench.run("eval", "gold.jsonl", "--format", "json").stdout)
    assert found["figures"]["type_recall"] == 1.0
    assert found["per_type"]["ACCUSE"] == {"gold": 0, "found": 1, "right": 0, "f1": 0}


def test_examples_can_be_read_by_teach(bench: Bench) -> None:
    """Accepted and corrected events are examples, the rejected one and other types are counter-examples."""
    for event in bench.events():
        word = {"CONSULT": "--accept", "ACCUSE": "--reject"}.get(event["event_type"])
        bench.run("review", event["event_id"], *([word] if word else ["--set", "mode=restrict"]))
    bench.run("review", "--examples", "all.jsonl")
    ontology = load_ontology()
    lessons = [Lesson(name, "COERCE", False, "x", 4, -5.0, "17") for name in ("CONSULT", "restrict")]
    examples = {e.text: e.spans for e in read_examples(bench.folder / "all.jsonl", lessons)}
    assert "CONSULT" in ontology.types
    assert [set(spans) for spans in examples.values()] == [{"restrict"}, {"restrict"}, {"CONSULT"}]
    bench.run("review", "--examples", "some.jsonl", "--type", "CONSULT")
    examples = {e.text: e.spans for e in read_examples(bench.folder / "some.jsonl", lessons[:1])}
    assert [set(spans) for spans in examples.values()] == [set(), set(), {"CONSULT"}]


def test_questions_by_pipe(bench: Bench) -> None:
    """Answers are stored one by one, mistakes are asked again, and q ends with the number of events reviewed."""
    first, second, *_ = sorted(bench.events(), key=lambda e: abs(e["confidence"]["type"] - 0.5))
    done = bench.ask("t NONSENSE\nx\nt\nREQUEST\nm none\na\nr\nq\n", "--by", "ada")
    assert done.returncode == 0
    assert f"«{first['trigger']['text']}»" in done.stdout
    assert '"NONSENSE" is not an event type' in done.stderr
    assert "answer with one of" in done.stderr
    assert "[a]ccept [r]eject" in done.stderr
    assert "2 events reviewed" in done.stderr
    now = {e["event_id"]: e for e in bench.events()}
    assert now[first["event_id"]]["event_type"] == "REQUEST"
    assert second["event_id"] not in now
    assert first["trigger"]["text"] not in bench.ask("q\n", "--type", "REQUEST").stdout


def test_the_end_of_the_answers_ends_it(bench: Bench) -> None:
    """A pipe that ends early is fine; one that holds nothing is told, and nothing is stored."""
    done = bench.ask("a\n", "--limit", "3")
    assert (done.returncode, "1 event reviewed" in done.stderr) == (0, True)
    done = bench.ask("")
    assert done.returncode == 2
    assert "holds no answers" in done.stderr
    done = bench.ask("k\nk\nk\nk\nk\n", "--article", bench.events()[0]["article_id"][:8])
    assert (done.returncode, "0 events reviewed" in done.stderr) == (0, True)


WRONG = (
    (["zzzz", "--accept"], 'no event "zzzz"'),
    (["ACCUSE", "--set", "colour=red"], '"colour" is not a field'),
    (["ACCUSE", "--set", "event_typ=REQUEST"], 'Did you mean "event_type"'),
    (["ACCUSE", "--set", "event_type"], "must be FIELD=VALUE"),
    (["ACCUSE", "--set", "event_type=REQUESTT"], 'Did you mean "REQUEST"'),
    (["ACCUSE", "--set", "actors=Germany=DEU"], '"Germany" does not stand in the sentence'),
    (["ACCUSE", "--set", "actors=France=FRN"], '"FRN" is not a country'),
    (["ACCUSE", "--set", "actors=France=FRA/XXX"], '"XXX" is not a sector'),
    (["ACCUSE", "--accept", "--reject"], "do not go together"),
    (["ACCUSE", "--accept", "--gold", "g.jsonl"], "do not go together"),
    (["ACCUSE", "--trigger", "condemned"], "--trigger goes with --add"),
    (["--accept"], "--accept needs an event"),
    (["--add", "page"], "--trigger"),
    (["--add", "zzzz", "--trigger", "met", "--set", "event_type=CONSULT"], 'no article "zzzz"'),
    (["--add", "page", "--trigger", "discuss trade"], "needs event_type"),
    (["--article", "zzzz"], 'no article "zzzz"'),
    (["--type", "REQUESTT"], 'Did you mean "REQUEST"'),
    (["--limit", "0"], "--limit"),
    (["--examples", "e.jsonl"], "no event is reviewed yet"),
)


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(words) for words, _ in WRONG])
def test_a_mistake_is_one_line_and_changes_nothing(bench: Bench, words: list[str], told: str) -> None:
    """What is wrong is told with the value, the status is 2, and the store is as it was."""
    event = bench.get("ACCUSE")["event_id"]
    before = bench.events()
    done = bench.run("review", *(event if w == "ACCUSE" else w for w in words), status=2)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert bench.events() == before


def test_a_store_that_is_not_there_or_locked_is_told(bench: Bench) -> None:
    """No store is made, and the process that has one is named; a file that cannot be written is told too."""
    done = bench.run("review", "--db", "none.duckdb", status=1)
    assert 'there is no store "none.duckdb"' in done.stderr
    assert not (bench.folder / "none.duckdb").exists()
    event = bench.get("ACCUSE")["event_id"]
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(bench.folder / "dragoman.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        done = bench.run("review", event, "--accept", status=1)
        holder.stdin.close()
    assert f"process {holder.pid}" in done.stderr
    bench.run("review", event, "--accept")
    done = bench.run("review", "--examples", Path("none") / "e.jsonl", status=1)
    assert "cannot be written" in done.stderr
