"""The command line as a process: files in, events out, and what it says when something is wrong."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dragoman.records import REASONS

from .command import PAGE, TEXT, dragoman, environment, rows_of, spans_of, write_rows


class Coded:
    """A folder with a page coded into a store, and the events as ``code`` printed them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "page.html").write_text(PAGE, encoding="utf-8")
        self.done = dragoman("code", "page.html", "--format", "jsonl", cwd=folder)
        self.events = rows_of(self.done)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Return how a command in the folder went."""
        return dragoman(*words, cwd=self.folder)


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Coded:
    """Return a page coded into a store; tests only read it."""
    return Coded(tmp_path_factory.mktemp("coded"))


@pytest.mark.model
class TestCoding:
    """A page goes in, its events come out."""

    def test_a_page_is_coded_and_stored(self, coded: Coded) -> None:
        """The events of the page are printed and kept, with the page's own date, and the sum is told on stderr."""
        assert coded.done.returncode == 0
        assert {"COERCE", "ACCUSE", "CONSULT"} <= {e["event_type"] for e in coded.events}
        assert "1 articles new" in coded.done.stderr
        stored = rows_of(coded.run("events", "--format", "jsonl"))
        assert sorted(stored, key=lambda e: e["event_id"]) == sorted(
            coded.events, key=lambda e: e["event_id"]
        )
        (article,) = rows_of(coded.run("show", coded.events[0]["article_id"], "--format", "jsonl"))
        assert article["published_on"] == "2024-05-06"
        assert article["published_evidence"]["basis"] == "metadata"

    def test_every_span_of_a_page_quotes_its_text(self, coded: Coded) -> None:
        """In the stored text the words at every offset are the words of the span."""
        (article,) = rows_of(coded.run("show", coded.events[0]["article_id"], "--format", "jsonl"))
        spans = list(spans_of(coded.events))
        assert len(spans) >= 4 * len(coded.events)
        assert all(article["text"][start:end] == words for start, end, words in spans)

    def test_coding_again_changes_nothing(self, coded: Coded) -> None:
        """The same page once more is "as before"; with --resume it is passed over."""
        assert "0 articles new, 0 changed, 1 as before" in coded.run("code", "page.html").stderr
        assert "1 passed over" in coded.run("code", "page.html", "--resume").stderr
        assert len(rows_of(coded.run("events", "--format", "jsonl"))) == len(coded.events)

    def test_the_table_shows_each_incident_with_its_sentence(self, coded: Coded) -> None:
        """People see the headline, the date with its evidence, and the sentence that each incident rests on."""
        out = coded.run("code", "page.html", "--no-store").stdout
        assert "Leaders held" in out
        assert "published 2024-05-06 (from the metadata" in out
        assert "arrested four union leaders" in " ".join(out.split())

    def test_csv_has_a_header_and_a_line_per_event(self, coded: Coded) -> None:
        """The table for spreadsheets holds the same events."""
        out = coded.run("code", "page.html", "--no-store", "--format", "csv").stdout
        assert [row["event_id"] for row in csv.DictReader(out.splitlines())] == [
            e["event_id"] for e in coded.events
        ]

    def test_least_confidence_hides_events(self, coded: Coded) -> None:
        """Events that are less sure than asked for are not shown."""
        surest = max(e["confidence"]["type"] for e in coded.events)
        done = coded.run(
            "code", "page.html", "--no-store", "--format", "jsonl", "--min-confidence", str(surest)
        )
        assert [e["confidence"]["type"] for e in rows_of(done)] == [surest]

    def test_standard_input_is_an_article(self, tmp_path: Path) -> None:
        """A text on standard input is coded with the date of the flag, and a second one is not passed over."""
        for number in ("four", "five"):
            text = TEXT.replace("four", number).encode()
            done = dragoman("code", "-", "--published", "2024-05-06", "--resume", cwd=tmp_path, stdin=text)
            assert done.returncode == 0
            assert "1 articles new" in done.stderr
            assert f"{number} union leaders" in " ".join(done.stdout.split())

    def test_two_workers_print_what_one_prints(self, tmp_path: Path) -> None:
        """The output is the same, line by line, with one process and with two."""
        path = write_rows(
            tmp_path / "a.jsonl", [{"id": n, "text": f"{TEXT} It was report {n}."} for n in range(9)]
        )
        batches = {"DRAGOMAN_RUN_BATCH_ARTICLES": "2"}
        outs = [
            dragoman(
                "code",
                path,
                "--no-store",
                "--format",
                "jsonl",
                "--workers",
                n,
                cwd=tmp_path,
                settings=batches,
            ).stdout
            for n in ("1", "2")
        ]
        assert outs[0] == outs[1]
        assert len(outs[0].splitlines()) >= 27

    def test_the_reader_of_the_output_may_go_away(self, tmp_path: Path) -> None:
        """Output into a closed pipe ends the command without a word."""
        path = write_rows(tmp_path / "a.jsonl", [{"text": f"{TEXT} Report {n}."} for n in range(40)])
        command = [sys.executable, "-m", "dragoman.cli", "code", str(path), "--no-store", "--format", "jsonl"]
        with subprocess.Popen(
            command, cwd=tmp_path, env=environment(DRAGOMAN_RUN_BATCH_ARTICLES="2"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.readline()
            process.stdout.close()
            err = process.stderr.read().decode()
        assert process.returncode == 0
        assert err == ""


ROWS = (
    {"id": "a-1", "text": f"  {TEXT}\n\n", "title": "Leaders held", "published_on": "2024-05-06", "outlet": "Keld Times"},
    {"id": 2, "text": f"“Ôter l’été”: {TEXT} 🙂", "url": "https://keld.example/2024/05/07/a"},
    {"text": TEXT.replace("Lagos", "Abuja")},
)  # fmt: skip


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """Return how the rows were coded."""
    folder = tmp_path_factory.mktemp("rows")
    path = write_rows(folder / "a.jsonl", ROWS)
    done = dragoman("code", path, "--no-store", "--format", "jsonl", cwd=folder)
    assert list(folder.iterdir()) == [path], "a run with --no-store leaves nothing behind"
    return done


@pytest.mark.model
class TestMachineContract:
    """``dragoman code FILE.jsonl --no-store --format jsonl``: one event object a line."""

    def test_every_line_is_an_event(self, done: subprocess.CompletedProcess[str]) -> None:
        """Stdout holds nothing but events, each with all fields of the record and codes of the ontology."""
        assert done.returncode == 0
        fields = (
            "event_id article_id source_id section event_type mode contexts quad_class intensity cameo status historical trigger quote "
            "actors recipients place date said_by counts confidence reasons coder_version model_digest ontology"
        )
        for event in rows_of(done):
            assert list(event) == fields.split()
            assert event["ontology"] == "plover-2.0"
            assert event["status"] in ("actual", "future", "hypothetical", "negated")
            assert 0 <= event["confidence"]["type"] <= 1

    def test_the_rows_id_is_echoed(self, done: subprocess.CompletedProcess[str]) -> None:
        """Each event has its row's id as a string, or null where the row has none, in the order of the rows."""
        ids = [event["source_id"] for event in rows_of(done)]
        assert list(dict.fromkeys(ids)) == ["a-1", "2", None]

    def test_every_span_equals_the_rows_text(self, done: subprocess.CompletedProcess[str]) -> None:
        """Offsets count characters of the row's text exactly as given, with its blanks, accents and emoji."""
        texts = {"a-1": ROWS[0]["text"], "2": ROWS[1]["text"], None: ROWS[2]["text"]}
        checked = 0
        for event in rows_of(done):
            for start, end, words in spans_of(event):
                assert str(texts[event["source_id"]])[start:end] == words
                checked += 1
        assert checked >= 30

    def test_the_same_input_gives_the_same_output(
        self, done: subprocess.CompletedProcess[str], tmp_path: Path
    ) -> None:
        """A second run in another folder prints the same bytes."""
        path = write_rows(tmp_path / "b.jsonl", ROWS)
        assert dragoman("code", path, "--no-store", "--format", "jsonl", cwd=tmp_path).stdout == done.stdout


@pytest.mark.model
class TestAsking:
    """Commands that read the store."""

    def test_show_marks_the_evidence(self, coded: Coded) -> None:
        """An event shows its sentence with the trigger marked; its incident and its article show it too."""
        event = coded.events[0]
        out = coded.run("show", event["event_id"]).stdout
        assert f"«{event['trigger']['text']}»" in out
        assert event["event_type"] in out
        assert "2024-05-06" in out
        (incident,) = (
            i
            for i in rows_of(coded.run("incidents", "--format", "jsonl"))
            if event["event_id"] in i["events"]
        )
        assert " ".join(event["quote"]["text"].split()) in " ".join(
            coded.run("show", incident["incident_id"]).stdout.split()
        )
        whole = coded.run("show", event["article_id"]).stdout
        assert f"«{event['trigger']['text']}»" in whole
        assert event["event_id"] in whole

    def test_events_are_found_by_type_and_country(self, coded: Coded) -> None:
        """Filters narrow what is listed; both formats hold the same events."""
        arrests = rows_of(coded.run("events", "--type", "coerce", "--country", "NGA", "--format", "jsonl"))
        wanted = [e["event_id"] for e in coded.events if e["event_type"] == "COERCE"]
        assert {e["event_id"] for e in arrests} <= set(wanted)
        assert arrests
        table = coded.run("events", "--type", "coerce", "--country", "NGA")
        assert [line.split()[0] for line in table.stdout.splitlines()] == [e["event_id"] for e in arrests]
        assert f"{len(arrests)} found" in table.stderr

    def test_an_earlier_state_is_empty(self, coded: Coded) -> None:
        """What was known before the first run is nothing."""
        assert coded.run("events", "--as-of", "2020-01-01", "--format", "jsonl").stdout == ""

    def test_relations_are_a_pairs_incidents(self, coded: Coded) -> None:
        """The timeline of a pair holds incidents in which both take part, with their intensity."""
        rows = rows_of(coded.run("relations", "FRA", "IRN", "--format", "jsonl"))
        assert rows
        for row in rows:
            countries = {p["country"] for p in (*row["actors"], *row["recipients"])}
            assert {"FRA", "IRN"} <= countries
            assert -10 <= row["intensity"] <= 10
        table = coded.run("relations", "FRA", "IRN")
        assert f"{len(rows)} incident{'s' * (len(rows) != 1)} between France and Iran" in table.stderr
        assert "France condemned Iran" in table.stdout

    @pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
    def test_export_writes_all_events(self, coded: Coded, tmp_path: Path, kind: str) -> None:
        """The file holds every stored event once."""
        path = tmp_path / f"out.{kind}"
        done = coded.run("export", kind, path)
        assert done.returncode == 0
        assert f"{len(coded.events)} events" in done.stderr
        with duckdb.connect() as connection:
            reader = {"jsonl": "read_json", "csv": "read_csv", "parquet": "read_parquet"}[kind]
            ids = connection.execute(f"SELECT event_id FROM {reader}('{path}')").fetchall()
        assert sorted(i for (i,) in ids) == sorted(e["event_id"] for e in coded.events)

    def test_export_takes_the_filters_of_events(self, coded: Coded, tmp_path: Path) -> None:
        """A status or a country leaves in the file what ``events`` lists with the same flag, and no more."""
        for flags in (("--status", "actual"), ("--country", "FRA"), ("--type", "ACCUSE", "--actor", "FRA")):
            path = tmp_path / "out.jsonl"
            assert coded.run("export", "jsonl", path, *flags).returncode == 0
            written = [json.loads(line)["event_id"] for line in path.read_text(encoding="utf-8").splitlines()]
            listed = rows_of(coded.run("events", "--format", "jsonl", *flags))
            assert written == [e["event_id"] for e in listed]
            assert 0 < len(written) < len(coded.events) or flags[0] == "--status"

    def test_dates_places_and_actors_are_found_in_texts(self, tmp_path: Path) -> None:
        """Each command prints one mention a line whose span equals the text."""
        path = write_rows(tmp_path / "a.jsonl", [{"id": "r", "text": TEXT, "published_on": "2024-05-06"}])
        for command, words in (("dates", "Friday"), ("places", "Lagos"), ("actors", "France")):
            mentions = rows_of(dragoman(command, path, cwd=tmp_path))
            assert words in {m["text"] for m in mentions}, command
            assert all(TEXT[m["start"] : m["end"]] == m["text"] and m["source_id"] == "r" for m in mentions)


@pytest.mark.model
class TestChecking:
    """Commands that check."""

    def test_doctor_finds_everything_in_place(self, coded: Coded) -> None:
        """Every check passes and the store is counted."""
        done = coded.run("doctor")
        assert done.returncode == 0
        assert "FAILED" not in done.stdout
        assert f"{len(coded.events)} events" in done.stdout

    def test_doctor_names_what_is_missing(self, tmp_path: Path) -> None:
        """Without an encoder its checks fail with the path, the others are still made, and the status is 1."""
        missing = str(tmp_path / "none")
        done = dragoman("doctor", cwd=tmp_path, settings={"DRAGOMAN_PARSE_MODEL": missing})
        assert done.returncode == 1
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
        assert [line.split()[1] for line in failed] == ["encoder", "coding"]
        assert all(missing in line for line in failed)
        assert re.search(r"^ok +store", done.stdout, re.M)

    def test_eval_scores_what_the_coder_finds(self, tmp_path: Path) -> None:
        """On an article whose events are annotated as the coder finds them the figures are 1; without them they are 0."""
        row = {"id": "g", "text": TEXT, "published_on": "2024-05-06"}
        path = write_rows(tmp_path / "a.jsonl", [row])
        events = rows_of(dragoman("code", path, "--no-store", "--format", "jsonl", cwd=tmp_path))
        quotes = sorted({(e["quote"]["start"], e["quote"]["end"]) for e in events})
        for kept, figure in ((events, 1), ([], 0)):
            sentences = [
                {"start": start, "end": end,
                 "events": [{**e, "places": [], "dates": []} for e in kept if e["quote"]["start"] == start]}
                for start, end in quotes
            ]  # fmt: skip
            write_rows(tmp_path / "gold.jsonl", [{**row, "sentences": sentences}])
            done = dragoman("eval", "gold.jsonl", "--format", "json", cwd=tmp_path)
            assert done.returncode == 0
            figures = json.loads(done.stdout)["figures"]
            assert (figures["type"], figures["event"]) == (figure, figure)
            table = dragoman("eval", "gold.jsonl", cwd=tmp_path)
            assert re.search(rf"^type +{figure}\.000", table.stdout, re.M)


def test_settings_tell_value_and_origin(tmp_path: Path) -> None:
    """A setting of the file, one of the environment and a default each name their source."""
    (tmp_path / "dragoman.toml").write_text("[run]\nworkers = 2\n", encoding="utf-8")
    done = dragoman("settings", "--format", "json", cwd=tmp_path, settings={"DRAGOMAN_PARSE_THREADS": "3"})
    found = {row["name"]: (row["value"], row["from"]) for row in json.loads(done.stdout)}
    assert found["run.workers"] == (2, "dragoman.toml")
    assert found["parse.threads"] == (3, "DRAGOMAN_PARSE_THREADS")
    assert found["store.db"] == ("dragoman.duckdb", "default")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Usage: dragoman COMMAND"),
        (["code"], "nothing to read"),
        (["dates"], "nothing to read"),
        (["cod", "a.txt"], 'Did you mean "code"'),
        (["code", "a.txt", "--bogus"], '"--bogus" is not an option of code'),
        (["code", "a.txt", "--formt", "csv"], 'Did you mean "--format"'),
        (["events", "--bogus"], "--bogus"),
        (["code", "a.txt", "--format", "xml"], '"xml"'),
        (["code", "a.txt", "--workers", "two"], '"two"'),
        (["code", "a.txt", "--workers", "0"], "from 1 to 256"),
        (["code", "a.txt", "--published", "tomorrow"], 'such as 2024-05-31; got "tomorrow"'),
        (["code", "a.txt", "--published", "2999-01-01"], "lies in the future"),
        (["show"], "requires an argument"),
        (["relations", "IRN"], "requires an argument"),
        (["events", "--type", "PROTST"], 'Did you mean "PROTEST"'),
        (["events", "--actor", "IRN/MILL"], 'Did you mean "MIL"'),
        (["events", "--since", "never"], '"never"'),
        (["events", "--status", "maybe"], '"maybe"'),
        (["events", "--min-confidence", "2"], "from 0 to 1"),
        (["export", "xlsx", "a.xlsx"], '"xlsx"'),
    ],
)  # fmt: skip
def test_a_mistake_in_usage_is_status_2(tmp_path: Path, words: list[str], told: str) -> None:
    """What cannot be asked for is told in one message with the value, before anything is read or written."""
    done = dragoman(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"DRAGOMAN_RUN_WORKRS": "2"}, 'Did you mean "DRAGOMAN_RUN_WORKERS"'),
        ({"DRAGOMAN_RUN_WORKERS": "many"}, '"many" (from DRAGOMAN_RUN_WORKERS)'),
    ],
)
def test_a_wrong_setting_is_status_2(tmp_path: Path, settings: dict[str, str], told: str) -> None:
    """A setting that does not exist or cannot be is told with its source."""
    done = dragoman("settings", cwd=tmp_path, settings=settings)
    assert done.returncode == 2
    assert told in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["code", "none.txt"], '"none.txt" does not exist'),
        (["code", "docs"], "holds no articles"),
        (["events", "--db", "none.duckdb"], "dragoman code INPUT"),
        (["show", "abc", "--db", "docs/notes.docx"], "not a Dragoman store"),
        (["eval", "none.jsonl"], "none.jsonl"),
        (["eval", "docs/gold.jsonl"], 'line 2: an annotated article needs "sentences"'),
    ],
)
def test_what_is_not_there_is_status_1(tmp_path: Path, words: list[str], told: str) -> None:
    """A path that does not exist or is something else is told by name, and no store is made."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "notes.docx").write_bytes(b"PK\x03\x04")
    write_rows(tmp_path / "docs" / "gold.jsonl", ["", {"id": "a", "text": "x"}])
    if words == ["code", "docs"]:
        (tmp_path / "docs" / "gold.jsonl").unlink()
    done = dragoman(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert told in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["docs"]


@pytest.mark.model
class TestStrangeArticles:
    """An article that cannot be coded is told, with the reason, and costs nothing else."""

    @pytest.mark.parametrize(
        ("name", "content", "reason"),
        [
            ("a.txt", b"", "empty"),
            ("a.txt", b" \n\t\n", "empty"),
            ("a.txt", b"%PDF-1.7\n%\xe2\xe3", "failed"),
            ("a.html", bytes(range(256)) * 40, "binary"),
            ("a.txt", b"Police in Bogot\xe1 arrested four union leaders on Friday, officials said.", "not_utf8"),
            ("a.html", b"<html><body><nav><a href='/'>Home</a> <a href='/b'>World</a></nav></body></html>", "no_article_text"),
            ("a.txt", "Полиция в Лагосе в пятницу задержала четырёх профсоюзных лидеров, сообщили власти.".encode(),
             "unsupported_language"),
            ("a.txt", b"Qwx zrtk plmv bnhj " * 30, "unknown_language|unsupported_language|no_article_text"),
        ],
        ids=["empty", "blank", "pdf", "bytes", "latin-1", "menus", "russian", "gibberish"],
    )  # fmt: skip
    def test_an_unreadable_file_is_rejected(
        self, tmp_path: Path, name: str, content: bytes, reason: str
    ) -> None:
        """The reason and the path are told on stderr and kept in the store; with nothing coded the status is 1."""
        (tmp_path / name).write_bytes(content)
        done = dragoman("code", name, "--published", "2024-05-06", "--format", "jsonl", cwd=tmp_path)
        assert done.returncode == 1
        assert done.stdout == ""
        told = re.search(r"not coded \((\w+)\): (.*)", done.stderr)
        assert told is not None
        assert re.fullmatch(reason, told[1])
        assert told[2].startswith(name)
        with duckdb.connect(str(tmp_path / "dragoman.duckdb"), read_only=True) as connection:
            assert connection.execute("SELECT item_id, reason FROM rejections").fetchall() == [
                (name, told[1])
            ]

    def test_a_line_of_50_mb_is_passed_over(self, tmp_path: Path) -> None:
        """A row above the limit is named with its size, and the row behind it is coded."""
        path = tmp_path / "a.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.write('{"id": "big", "text": "' + "a " * 25_000_000 + '"}\n')
            file.write(json.dumps({"id": "small", "text": TEXT}) + "\n")
        done = dragoman("code", path, "--no-store", "--format", "jsonl", cwd=tmp_path)
        assert done.returncode == 0
        assert re.search(r"not coded \(too_large\): .*line 1: the line has 500000\d\d bytes", done.stderr)
        assert {e["source_id"] for e in rows_of(done)} == {"small"}

    def test_bad_rows_are_named_by_line(self, tmp_path: Path) -> None:
        """Broken JSON, missing keys, wrong kinds and impossible dates name their line; the good rows are coded."""
        path = write_rows(tmp_path / "a.jsonl", [
            {"id": "first", "text": TEXT, "published_on": "2024-05-06"},
            '{"id": "broken", "text": ',
            {"id": "no text", "title": "Leaders held"},
            "[1, 2]",
            {"id": "date", "text": TEXT, "published_on": "last week"},
            {"id": "number", "text": 7},
            {"id": "future", "text": TEXT, "published_on": "2999-05-06"},
            {"id": "last", "text": TEXT.replace("four", "six"), "published_on": "2024-05-06"},
        ])  # fmt: skip
        done = dragoman("code", path, "--format", "jsonl", cwd=tmp_path)
        assert done.returncode == 0
        assert list(dict.fromkeys(e["source_id"] for e in rows_of(done))) == ["first", "last"]
        told = re.findall(r"not coded \((\w+)\): \S*a\.jsonl(?:, line |:)(\d)", done.stderr)
        assert sorted(told, key=lambda t: t[1]) == [
            ("bad_row", "2"), ("bad_row", "3"), ("bad_row", "4"), ("bad_row", "5"), ("bad_row", "6"), ("future_date", "7"),
        ]  # fmt: skip
        assert {reason for reason, _ in told} <= set(REASONS)
        assert "2 articles new" in done.stderr
