"""Relations, alerts and briefs by processes, on a real store of an invented border war."""

from __future__ import annotations

import csv
import http.server
import io
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from unit.border import LAST_DAY, WAR_DAY, border_store

from dragoman.store import open_store

from .command import dragoman, rows_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the store."""
    path = tmp_path_factory.mktemp("border")
    border_store(path / "dragoman.duckdb")
    return path


@contextmanager
def listening(status: int) -> Iterator[tuple[str, list[bytes]]]:
    """Run a server that takes posts and answers with a status; gives its address and what came."""
    came: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", came
    finally:
        server.shutdown()
        server.server_close()


class TestRelations:
    def test_the_level_turns_with_the_war(self, folder: Path) -> None:
        """Before the war the level is above zero and after it far below, each within its interval; the turn is found."""
        found = json.loads(dragoman("relations", "KEN", "PER", "--format", "json", cwd=folder).stdout)
        levels = {row["start"]: row["level"] for row in found["series"]}
        before, after = (
            levels[f"{WAR_DAY - timedelta(days=120):%Y-%m}-01"],
            levels[f"{LAST_DAY - timedelta(days=20):%Y-%m}-01"],
        )
        assert before["low"] <= before["mean"] <= before["high"]
        assert before["mean"] > 1
        assert after["mean"] < -6
        bursts = [c for c in found["changes"] if c["kind"] == "conflict" and c["rises"]]
        assert len(bursts) == 1
        assert 0 <= (date.fromisoformat(bursts[0]["raised_on"]) - WAR_DAY).days <= 21
        points = {p["incident_id"]: p for p in found["points"]}
        assert bursts[0]["incidents"]
        assert all(points[i]["event_type"] == "ASSAULT" for i in bursts[0]["incidents"])

    def test_each_incident_has_its_sentence(self, folder: Path) -> None:
        """Every line of the incidents carries the quote, and only incidents of the pair are listed."""
        rows = rows_of(
            dragoman("relations", "KEN", "PER", "--since", "2021", "--format", "jsonl", cwd=folder)
        )
        assert rows
        for row in rows:
            assert {"KEN", "PER"} <= {p["country"] for p in (*row["actors"], *row["recipients"])}
            assert row["evidence"][0]["quote"]["text"]
            assert row["date"]["to"] >= "2021"

    def test_the_series_counts_what_the_list_holds(self, folder: Path) -> None:
        """The counts of the CSV sum to the counted incidents, whatever the step."""
        counted = sum(
            r["counted"]
            for r in rows_of(dragoman("relations", "KEN", "PER", "--format", "jsonl", cwd=folder))
        )
        for step in ("week", "month"):
            out = dragoman("relations", "KEN", "PER", "--format", "csv", "--step", step, cwd=folder).stdout
            rows = list(csv.DictReader(io.StringIO(out)))
            names = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
            assert sum(int(row[name]) for row in rows for name in names) == counted

    def test_a_group_is_its_members(self, folder: Path, tmp_path: Path) -> None:
        """A group of one finds what the country finds; a group of two finds more."""
        file = tmp_path / "groups.toml"
        file.write_text('One = ["KEN"]\nTwo = ["KEN", "GEO"]\nThree = ["PER", "TUR"]\n', encoding="utf-8")
        plain = rows_of(dragoman("relations", "KEN", "PER", "--format", "jsonl", cwd=folder))
        one = rows_of(dragoman("relations", "One", "PER", "--groups", file, "--format", "jsonl", cwd=folder))
        two = rows_of(
            dragoman("relations", "Two", "Three", "--groups", file, "--format", "jsonl", cwd=folder)
        )
        assert [r["incident_id"] for r in one] == [r["incident_id"] for r in plain]
        assert {r["incident_id"] for r in plain} < {r["incident_id"] for r in two}

    @pytest.mark.parametrize("name", ["p.svg", "p.png"])
    def test_a_picture_is_drawn(self, folder: Path, tmp_path: Path, name: str) -> None:
        """The file is a picture of the named kind that names both sides (where it can be read)."""
        done = dragoman("relations", "KEN", "PER", "--plot", tmp_path / name, cwd=folder)
        assert done.returncode == 0, done.stderr
        data = (tmp_path / name).read_bytes()
        assert data.startswith(b"\x89PNG" if name.endswith("png") else b"<?xml")
        assert len(data) > 10_000

    @pytest.mark.parametrize(
        ("words", "told"),
        [(("KEN", "KEN"), "two sides"), (("KEN", "PER/XYZ"), "XYZ"), (("KEN", "PER", "--plot", "p.gif"), ".svg"),
         (("KEN", ""), "must be a country"), (("KEN", "PER", "--since", "soon"), "--since must be a date"),
         (("ken", "PER"), 'Did you mean "KEN"'), (("KEN", "QQQ"), '"QQQ" is not a country'),
         (("KEN", "PER", "--since", "2021", "--until", "2020"), "must not be after --until"),
         (("KEN", "PER", "--plot", "nowhere/p.svg"), 'no folder "nowhere"'), (("KEN", "PER", "--plot", "."), "is a folder"),
         (("KEN", "PER", "--groups", "none.toml"), '"none.toml" cannot be read'), (("KEN", "PER", "--groups", "."), "cannot be read")],
    )  # fmt: skip
    def test_what_cannot_be_is_told(self, folder: Path, words: tuple[str, ...], told: str) -> None:
        """A usage mistake ends with status 2 and says what was expected."""
        done = dragoman("relations", *words, cwd=folder)
        assert done.returncode == 2
        assert told in done.stderr

    def test_a_group_is_not_called_as_a_country(self, folder: Path, tmp_path: Path) -> None:
        """Else "KEN" would be somebody else; a member with an unknown sector is told as well."""
        file = tmp_path / "groups.toml"
        file.write_text('KEN = ["GEO"]\nTwo = ["GEO/XYZ"]\n', encoding="utf-8")
        for name, told in (("KEN", "cannot be the name of a group"), ("Two", '"XYZ" is not a sector')):
            done = dragoman("relations", name, "PER", "--groups", file, cwd=folder)
            assert done.returncode == 2
            assert told in done.stderr

    @pytest.mark.parametrize("words", [("--since", "2035"), ("--until", "1960")])
    def test_a_time_in_which_nothing_was_read_is_no_peace(self, folder: Path, words: tuple[str, str]) -> None:
        """It is said, and no level is told."""
        done = dragoman("relations", "KEN", "PER", *words, cwd=folder)
        assert done.returncode == 0
        assert "nothing was read in this time" in done.stderr
        assert done.stdout == ""
        assert "Nothing was read in this time" in dragoman("brief", "KEN", "PER", *words, cwd=folder).stdout

    def test_counts_end_with_the_reading(self, folder: Path) -> None:
        """A last day far ahead adds no periods; a year as the last day is the whole year."""
        words = ("relations", "KEN", "PER", "--format", "csv")
        plain = dragoman(*words, cwd=folder).stdout
        assert dragoman(*words, "--until", "9999-12-31", cwd=folder).stdout == plain
        year = dragoman(*words, "--since", "2020", "--until", "2020", cwd=folder).stdout.splitlines()
        assert (year[1][:7], year[-1][:7], len(year)) == ("2020-01", "2020-12", 13)

    def test_a_store_of_nothing_gives_no_numbers(self, tmp_path: Path) -> None:
        """A store without any article: no incident, no level, no traceback."""
        open_store(tmp_path / "dragoman.duckdb").close()
        for words in (("relations", "KEN", "PER"), ("alerts",), ("brief", "KEN", "PER")):
            done = dragoman(*words, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            assert "Level" not in done.stdout

    def test_nothing_between_two_is_said(self, folder: Path) -> None:
        """Two that never meet give no traceback and no level out of nothing."""
        done = dragoman("relations", "KEN", "TUR", cwd=folder)
        assert done.returncode == 0
        assert "no incident in which both take part" in done.stderr
        assert "Level" not in done.stdout


class TestAlerts:
    RULES = '[[rule]]\nname = "border"\nsides = ["KEN", "PER"]\n'

    def rules(self, folder: Path, more: str = "") -> Path:
        """Write rules beside a copy of the store."""
        file = folder / "rules.toml"
        file.write_text(self.RULES + more, encoding="utf-8")
        return file

    def copy(self, folder: Path, to: Path) -> None:
        """Copy the store, so that what is told there is not told elsewhere."""
        (to / "dragoman.duckdb").write_bytes((folder / "dragoman.duckdb").read_bytes())

    def test_an_alert_is_told_once(self, folder: Path, tmp_path: Path) -> None:
        """The first run tells the war with its sentences, the second nothing; what was told can be listed."""
        self.copy(folder, tmp_path)
        rules = self.rules(tmp_path)
        words = ("alerts", rules, "--since", f"{WAR_DAY}", "--format", "json")
        first = rows_of(dragoman(*words, cwd=tmp_path))
        wars = [a for a in first if a["kind"] == "conflict"]
        assert len(wars) == 1
        assert wars[0]["rises"]
        assert all("Forces of KEN" in e["quote"] for i in wars[0]["incidents"] for e in i["evidence"])
        assert rows_of(dragoman(*words, cwd=tmp_path)) == []
        told = rows_of(dragoman("alerts", "--told", "--format", "json", cwd=tmp_path))
        assert {a["alert_id"] for a in told} == {a["alert_id"] for a in first}

    def test_a_dry_run_notes_nothing(self, folder: Path, tmp_path: Path) -> None:
        """It shows the same again and again."""
        self.copy(folder, tmp_path)
        words = ("alerts", self.rules(tmp_path), "--since", f"{WAR_DAY}", "--format", "json", "--dry-run")
        assert rows_of(dragoman(*words, cwd=tmp_path)) == rows_of(dragoman(*words, cwd=tmp_path)) != []

    def test_outputs_are_written(self, folder: Path, tmp_path: Path) -> None:
        """Webhook, mail, RSS and JSON each hold the alert with its sentences."""
        self.copy(folder, tmp_path)
        with listening(204) as (url, came):
            more = f'[output]\nwebhook = "{url}"\nmail_folder = "mails"\nrss = "a.xml"\njson = "a.jsonl"\n'
            done = dragoman("alerts", self.rules(tmp_path, more), "--since", f"{WAR_DAY}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        posted = [json.loads(data) for data in came]
        assert posted
        assert [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()] == posted
        items = ET.parse(tmp_path / "a.xml").getroot().findall("channel/item")
        assert {i.findtext("guid") for i in items} == {a["alert_id"] for a in posted}
        mails = [message_from_bytes(p.read_bytes()) for p in (tmp_path / "mails").glob("*.eml")]
        assert len(mails) == len(posted)
        assert any("Forces of KEN" in m.get_payload(decode=True).decode() for m in mails)  # type: ignore[union-attr]

    def test_what_could_not_be_sent_is_told_again(self, folder: Path, tmp_path: Path) -> None:
        """A webhook that refuses is an error with its address; the next run sends it."""
        self.copy(folder, tmp_path)
        with listening(500) as (url, _):
            failed = dragoman(
                "alerts",
                self.rules(tmp_path, f'[output]\nwebhook = "{url}"\n'),
                "--since",
                f"{WAR_DAY}",
                cwd=tmp_path,
            )
        assert failed.returncode == 1
        assert "answered 500" in failed.stderr
        with listening(200) as (url, came):
            again = dragoman(
                "alerts",
                self.rules(tmp_path, f'[output]\nwebhook = "{url}"\n'),
                "--since",
                f"{WAR_DAY}",
                cwd=tmp_path,
            )
        assert again.returncode == 0
        assert came

    def test_a_dead_webhook_is_told_once_and_stops_nothing(self, folder: Path, tmp_path: Path) -> None:
        """The other outputs take the alerts, a broken RSS file is left as it is, and each trouble is one line."""
        self.copy(folder, tmp_path)
        (tmp_path / "a.xml").write_text("no feed", encoding="utf-8")
        more = '[output]\nwebhook = "http://127.0.0.1:9/hook"\nrss = "a.xml"\nmail_folder = "mails"\njson = "none/a.jsonl"\n'
        done = dragoman("alerts", self.rules(tmp_path, more), "--since", f"{WAR_DAY}", cwd=tmp_path)
        assert done.returncode == 1
        told = [line for line in done.stderr.splitlines() if line.startswith("not sent: ")]
        assert [line.split()[2] for line in told] == ["webhook", "rss", "json"]
        assert (tmp_path / "a.xml").read_text(encoding="utf-8") == "no feed"
        assert list((tmp_path / "mails").glob("*.eml"))

    def test_nothing_is_sent_that_cannot_be_noted(self, folder: Path, tmp_path: Path) -> None:
        """While another process reads the store it cannot be written: no alert goes out, else it would go out twice."""
        self.copy(folder, tmp_path)
        rules = self.rules(tmp_path, '[output]\njson = "a.jsonl"\n')
        with open_store(tmp_path / "dragoman.duckdb", read_only=True):
            done = dragoman("alerts", rules, "--since", f"{WAR_DAY}", cwd=tmp_path)
        assert done.returncode == 1
        assert not (tmp_path / "a.jsonl").exists()

    def test_an_unknown_side_in_a_rule_is_told(self, folder: Path, tmp_path: Path) -> None:
        """A rule that could never speak is a mistake, not silence."""
        self.copy(folder, tmp_path)
        rules = tmp_path / "r.toml"
        rules.write_text('[[rule]]\nsides = ["KEN/QQQ", "PER"]\n', encoding="utf-8")
        done = dragoman("alerts", rules, cwd=tmp_path)
        assert done.returncode == 2
        assert '"QQQ" is not a sector' in done.stderr

    def test_quiet_hours_hold_alerts_back(self, folder: Path, tmp_path: Path) -> None:
        """In quiet hours nothing is told or noted; after them it is."""
        self.copy(folder, tmp_path)
        quiet = dragoman(
            "alerts",
            self.rules(tmp_path, 'quiet_hours = "00:00-23:59"\n'),
            "--since",
            f"{WAR_DAY}",
            cwd=tmp_path,
        )
        assert quiet.stdout == ""
        assert "held back until the quiet hours end" in quiet.stderr
        assert dragoman("alerts", self.rules(tmp_path), "--since", f"{WAR_DAY}", cwd=tmp_path).stdout

    def test_without_rules_the_busiest_pairs_are_looked_at(self, folder: Path) -> None:
        """The war of the pair with most news is found without any rule and told by their names, and nothing is noted."""
        found = rows_of(dragoman("alerts", "--since", f"{WAR_DAY}", "--format", "json", cwd=folder))
        of_pair = [a["message"] for a in found if a["rule"] == "KEN and PER"]
        assert of_pair
        assert all("between Kenya and Peru since" in words for words in of_pair)
        assert rows_of(dragoman("alerts", "--told", "--format", "json", cwd=folder)) == []

    def test_an_unknown_type_in_a_rule_is_told(self, folder: Path, tmp_path: Path) -> None:
        """The nearest known one is named."""
        self.copy(folder, tmp_path)
        done = dragoman("alerts", self.rules(tmp_path, 'types = ["ASAULT"]\n'), cwd=tmp_path)
        assert done.returncode == 2
        assert "ASSAULT" in done.stderr


class TestBrief:
    def test_a_page_in_both_forms(self, folder: Path, tmp_path: Path) -> None:
        """Markdown and HTML hold the turn, the weightiest of the time line and quotes; every sentence has a link."""
        text = dragoman("brief", "KEN", "PER", "--since", "2020", cwd=folder).stdout
        assert '## <a id="turns"></a>Turning points' in text
        assert "more conflict than before" in text
        bullets = [li for li in text[: text.index("</a>Sources")].splitlines() if li.startswith("- ")]
        assert "24 of " in text
        assert 24 < len(bullets) < 50
        assert all(re.search(r"\]\(#\w+\)$", li) for li in bullets)
        out = tmp_path / "page.html"
        done = dragoman("brief", "KEN", "PER", "--output", out, cwd=folder)
        assert done.returncode == 0
        page = out.read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert "Forces of KEN" in page
        assert "<script" not in page

    def test_two_that_never_met(self, folder: Path) -> None:
        """The page says so."""
        text = dragoman("brief", "KEN", "TUR", cwd=folder).stdout
        assert "0 incidents between Kenya and Turkey are known" in text
