"""The JSON API over a socket: a real server process over a store that the command line made."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from dragoman.serve import bodies, shapes, shapes_overview
from dragoman.serve.problems import PROBLEMS

from .command import dragoman, environment, rows_of, write_rows
from .serving import Server, serving
from .test_incidents import DRILL, ROWS

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parent.parent.parent
MORE = [
    "France condemned Iran over the arrest of two tourists in Tehran.",
    "The presidents of Kenya and Uganda met in Nairobi on Monday to discuss trade between the two countries.",
    "Türkiye sent forty tonnes of food to Somalia after the floods, the Red Crescent said.",
    "Armenian and Azerbaijani soldiers exchanged fire near Jermuk on Tuesday, killing three men.",
    "Thousands marched in Quito on Saturday against the price of fuel.",
]
SHAPES: dict[str, type[BaseModel]] = {
    "/incidents": shapes.IncidentPage, "/incidents/{incident_id}": shapes.IncidentAnswer, "/events": shapes.EventPage,
    "/incidents/{incident_id}/reports": shapes.ReportPage, "/events/{event_id}": shapes.EventAnswer, "/articles/{article_id}": shapes.ArticleAnswer,
    "/articles/{article_id}/events": shapes.EventsOfArticle, "/evidence/{event_id}": shapes.EvidenceAnswer,
    "/search": shapes.HitPage, "/relations": shapes.RelationAnswer,
    "/network": shapes.NetworkAnswer, "/outlook": shapes.OutlookAnswer, "/alerts": shapes.AlertPage, "/actors": shapes.ActorPage,
    "/coverage": shapes.CoveragePage, "/counts": shapes.CountsAnswer, "/health": shapes.HealthAnswer,
    "/version": shapes.VersionAnswer, "/ontology": shapes.OntologyAnswer, "/incidents/facets": shapes_overview.FacetsAnswer,
    "/map": shapes_overview.MapAnswer, "/rejections": shapes_overview.RejectionPage,
    "/rejections/counts": shapes_overview.RejectionCounts, "/feeds": shapes_overview.FeedPage,
    "/regions": shapes_overview.RegionsAnswer, "/coverage/calendar": shapes_overview.CalendarAnswer,
    "/session": bodies.SessionAnswer,
    "/reviews": bodies.ReviewPage,
}  # fmt: skip
NEEDED = {"/search": {"q": "exercise"}, "/relations": {"first": "NOR", "second": "DNK"},
          "/brief": {"first": "NOR", "second": "DNK"}, "/outlook": {"first": "NOR", "second": "DNK"}, "/reviews/export": {"format": "gold"}}  # fmt: skip
# Answers that are no JSON, and paths that only take what is written.
OTHER = {"/brief", "/changes", "/reviews/export"}
WRITTEN = {"/events/{event_id}/reviews", "/incidents/{incident_id}/split", "/incidents/merge"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of nine short articles, made by the command line."""
    folder = tmp_path_factory.mktemp("serve")
    rows = [{"id": f"m{n}", "text": text, "outlet": "Keld Times", "published_on": f"2024-07-{n + 2:02}"}
            for n, text in enumerate(MORE)]  # fmt: skip
    write_rows(folder / "a.jsonl", [*ROWS, *rows])
    done = dragoman("code", "a.jsonl", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "dragoman.duckdb"


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    """Return a server that nobody hinders."""
    open_handed = {"DRAGOMAN_SERVE_BURST": "100000"}
    with serving(store, cwd=store.parent, settings=open_handed) as started:
        yield started


@pytest.fixture(scope="module")
def document(server: Server) -> dict[str, Any]:
    """Return the OpenAPI document."""
    return server.json("/openapi.json")


def ids(server: Server) -> dict[str, str]:
    """Return an id of each kind."""
    incident = server.json("/incidents", country="NOR")["items"][0]
    return {"incident_id": incident["incident_id"], "event_id": incident["events"][0],
            "article_id": incident["reports"][0]["article_id"]}  # fmt: skip


def check_problem(found: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is problem JSON of a code, and return it."""
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = found.json()
    assert {"type", "title", "status", "detail", "code"} <= body.keys() <= {"type", "title", "status", "detail", "code", "errors", "current"}  # fmt: skip
    assert (body["status"], body["code"]) == (status, code), body
    assert PROBLEMS[code] == (status, body["title"])
    assert body["type"].endswith(f"/docs/api.md#{code}")
    assert body["detail"]
    return body


def test_answers_have_the_shapes_of_the_document(server: Server, document: dict[str, Any]) -> None:
    """Every route of the document answers, and what it says is what the document describes, key by key."""
    known = ids(server)
    paths = [path.removeprefix("/api/v1") for path in document["paths"]]
    assert set(paths) == {*SHAPES, *OTHER, *WRITTEN}
    for path in SHAPES:
        body = server.json(path.format(**known), **NEEDED.get(path, {}))
        SHAPES[path].model_validate(body)
        assert (
            "items" not in body or body["items"] or path in ("/alerts", "/feeds", "/rejections", "/reviews")
        ), path


def test_the_document_describes_everything(document: dict[str, Any]) -> None:
    """Every parameter and answer is described, every failure is problem JSON, and every schema that is named is there."""
    for path, operation in (
        (path, operation) for path, told in document["paths"].items() for operation in told.values()
    ):
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), (path, parameter["name"])
        for status, answer in operation["responses"].items():
            assert answer["description"]
            assert status == "200" or list(answer["content"]) == ["application/problem+json"], (path, status)
    for name in re.findall(r"#/components/schemas/(\w+)", json.dumps(document)):
        assert name in document["components"]["schemas"]


def test_every_failure_has_one_shape(server: Server, document: dict[str, Any]) -> None:
    """A walk over all routes: wrong ids, unknown and wrong parameters, other methods, unknown paths."""
    for path, told in document["paths"].items():
        short = path.removeprefix("/api/v1")
        wrong = re.sub(r"\{\w+\}", "zzzz", short)
        methods = {method.upper() for method in told}
        if "{" in short and "GET" in methods:
            check_problem(server.get(wrong), 404, "not_found")
        if "GET" in methods:
            found = check_problem(
                server.get(wrong, limitt=3, **NEEDED.get(short, {})), 422, "invalid_parameter"
            )
            assert [e["name"] for e in found["errors"]] == ["limitt"]
        # This one is also an id, as far as reading goes.
        allowed = {*methods, "GET"} if short == "/incidents/merge" else methods
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - allowed:
            answer = server.client.request(method, wrong)
            check_problem(answer, 405, "method_not_allowed")
            assert answer.headers["allow"] == ", ".join(sorted(allowed))
        check_problem(server.get(short + "/nothing/here"), 404, "not_found")
    for path in ("/search", "/relations", "/brief"):
        check_problem(server.get(path), 422, "invalid_parameter")
    check_problem(server.client.get(server.url.removesuffix("/v1") + "/"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "parameters", "code", "words"),
    [
        ("/incidents", {"since": "yesterday"}, "usage", "since must be a date"),
        ("/incidents", {"as_of": "25:00"}, "usage", "as_of must be a day"),
        ("/incidents", {"type": "PROTST"}, "unknown_code", "PROTEST"),
        ("/incidents", {"actor": "IRN/XYZ"}, "unknown_code", "sector"),
        ("/incidents", {"limit": 501}, "invalid_parameter", "limit"),
        ("/incidents", {"min_confidence": 2}, "invalid_parameter", "min_confidence"),
        ("/incidents", {"page": "abc"}, "page_token", "mangled"),
        ("/incidents", {"page": "é" * 50}, "page_token", "mangled"),
        ("/search", {"q": "!!"}, "usage", "a word to look for"),
        ("/search", {"q": " ".join("abcdefghijklmnop")}, "usage", "at most"),
        ("/relations", {"first": "IRN/XYZ", "second": "AZE"}, "unknown_code", "sector"),
        ("/relations", {"first": " ", "second": "AZE"}, "usage", "side"),
        ("/relations", {"first": "A", "second": "B", "since": "1000"}, "usage", "within 100 years"),
        ("/relations", {"first": "A", "second": "B", "since": "1980", "step": "day"}, "usage", "Take step week"),
        ("/brief", {"first": "A", "second": "B", "until": "9999"}, "usage", "within 100 years"),
        ("/coverage", {"until": "9999-99"}, "usage", "until must be a date"),
    ],
)  # fmt: skip
def test_wrong_words_are_told(server: Server, path: str, parameters: dict[str, Any], code: str, words: str) -> None:  # fmt: skip
    """A parameter that cannot be is refused with its name and what it should be."""
    assert words in check_problem(server.get(path, **parameters), 422, code)["detail"]


def test_codes_of_problems_are_documented() -> None:
    """Each code has its entry in docs/api.md, where ``type`` leads."""
    headings = re.findall(r"^### (\w+)$", (ROOT / "docs/api.md").read_text("utf-8"), re.M)
    assert sorted(headings) == sorted(PROBLEMS)


@pytest.mark.parametrize("path", ["/incidents", "/events", "/actors", "/coverage", "/search"])
def test_all_pages_are_the_whole_list(server: Server, path: str) -> None:
    """Pages of any size, one after another, are the list, each row once and in order; the last has no next."""
    asked = {"q": "the"} if path == "/search" else {}
    whole = server.json(path, **asked, limit=500)
    assert whole["next"] is None
    assert len(whole["items"]) >= 5
    for limit in (1, 2, 3, len(whole["items"])):
        pages = list(server.pages(path, **asked, limit=limit))
        assert [row for page in pages for row in page["items"]] == whole["items"]
        assert {page["as_of"] for page in pages} == {whole["as_of"]}
        assert all(len(page["items"]) == limit for page in pages[:-1])


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_order_is_by_day(server: Server, order: str) -> None:
    """Lists are in the order that is asked for, the same as the command line's where that is the oldest first."""
    items = server.json("/events", order=order)["items"]
    days = [e["date"]["from"] for e in items if e["date"]]
    assert days == sorted(days, reverse=order == "newest")


def test_a_token_of_another_question_is_refused(server: Server) -> None:
    """A token fits its own question alone, with any limit, and not a letter may be missing."""
    token = server.json("/incidents", limit=1)["next"]
    assert server.get("/incidents", limit=4, page=token).status_code == 200
    for path, more in (("/incidents", {"status": "actual"}), ("/events", {}), ("/incidents", {"order": "oldest"})):  # fmt: skip
        found = check_problem(server.get(path, page=token, **more), 422, "page_token")
        assert "another question" in found["detail"]
    check_problem(server.get("/incidents", page=token[:-3]), 422, "page_token")


def test_lists_are_those_of_the_command_line(server: Server, store: Path) -> None:
    """The API and the commands give the same rows for the same words."""
    for command in ("incidents", "events"):
        told = rows_of(dragoman(command, "--country", "NOR", "--format", "jsonl", cwd=store.parent))
        found = server.json(f"/{command}", country="NOR", order="oldest")["items"]
        key = "incident_id" if command == "incidents" else "event_id"
        assert {r[key]: r for r in found} == {r[key]: r for r in told}
        words = (
            "--quad",
            "4",
            "--quad",
            "1",
            "--region",
            "western asia",
            "--region",
            "Northern Europe",
            "--outlet",
            "keld",
            "--min-sources",
            "1",
        )
        told = rows_of(dragoman(command, *words, "--format", "jsonl", cwd=store.parent))
        asked = {
            "quad": [1, 4],
            "region": ["Western Asia", "Northern Europe"],
            "outlet": "keld",
            "min_sources": 1,
        }
        found = server.json(f"/{command}", **asked, order="oldest")["items"]
        assert {r[key]: r for r in found} == {r[key]: r for r in told}
        assert found


def test_evidence_stands_in_its_article(server: Server) -> None:
    """Every event's quotation is verified, and the article's text reads so at the offsets, with what stands around it."""
    for event in server.json("/events")["items"]:
        told = server.json(f"/evidence/{event['event_id']}", context=40)["evidence"]
        article = server.json(f"/articles/{event['article_id']}")["article"]
        start, end = told["quote"]["start"], told["quote"]["end"]
        assert told["verified"] is True
        assert article["text"][start:end] == told["quote"]["text"] == event["quote"]["text"]
        assert article["text"][:start].endswith(told["before"])
        assert article["text"][end:].startswith(told["after"])
        assert event["event_id"] in [e["event_id"] for e in server.json(f"/articles/{article['article_id']}/events")["items"]]  # fmt: skip


def test_search_finds_words_and_meanings(server: Server) -> None:
    """All words must stand there, whatever their case and accents; phrases stand together; meaning needs no common word."""

    def quotes(**asked: Any) -> list[str]:
        return [hit["quote"]["text"] for hit in server.json("/search", **asked)["items"]]

    assert all("NAVAL" in q.upper() and "BERGEN" in q.upper() for q in quotes(q="Naval bergen"))
    assert len(quotes(q="Naval bergen")) >= 2
    assert quotes(q="turkiye food") == [MORE[2]]
    assert quotes(q='"food forty"') == []
    assert quotes(q='"FORTY tonnes"') == [MORE[2]]
    assert quotes(q="naval Quito") == []
    hit = server.json("/search", q="turkiye")["items"][0]
    text = server.json(f"/articles/{hit['article_id']}")["article"]["text"]
    assert [text[a:b] for a, b in hit["marks"]] == ["Türkiye"]
    found = quotes(q="Two fleets trained side by side off the coast of Norway.", meaning=True)
    assert "naval" in found[0]
    assert server.json("/search", q="soldiers", type=["ASSAULT"], since="2024-07")["items"]
    assert quotes(q="soldiers", type=["AID"]) == []


def test_relations_rest_on_evidence(server: Server) -> None:
    """Points of a pair each bring a sentence; the brief is Markdown or a page whose style its policy allows."""
    told = server.json("/relations", first="NOR", second="DNK,SWE")["relation"]
    assert told["second"]["members"] == ["DNK", "SWE"]
    assert told["points"]
    assert all(p["evidence"] and p["evidence"][0]["quote"]["text"] for p in told["points"])
    page = server.get("/brief", first="NOR", second="DNK")
    assert page.headers["content-type"] == "text/markdown; charset=utf-8"
    assert page.text.startswith("# Norway and Denmark")
    html = server.get("/brief", first="NOR", second="DNK", format="html")
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    assert "style-src 'sha256-" in html.headers["content-security-policy"]


def test_an_answer_can_be_repeated(server: Server) -> None:
    """The same question has the same ETag, costs nothing when it is sent back, and another question has another."""
    first = server.get("/incidents", limit=2)
    tag = first.headers["etag"]
    again = server.client.get("/incidents", params={"limit": 2}, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert server.get("/incidents", limit=3).headers["etag"] != tag
    moment = first.json()["as_of"]
    cited = server.get("/incidents", limit=2, as_of=moment)
    assert (cited.headers["etag"], cited.json()["items"]) == (tag, first.json()["items"])
    before = server.json("/incidents", as_of="2001-01-01")
    assert before["items"] == []


def test_headers_are_safe(server: Server) -> None:
    """Nothing may be framed, sniffed or read by another origin."""
    headers = server.client.get("/health", headers={"Origin": "https://evil.example"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert not [h for h in headers if h.startswith("access-control")]


def test_other_names_are_refused(server: Server) -> None:
    """A request under a name that is not this machine's own is refused, whatever it asks."""
    for host in ("evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "[::2]:80"):
        check_problem(server.client.get("/incidents", headers={"Host": host}), 421, "host_refused")
    for host in ("localhost:1234", "127.0.0.1", "[::1]:8765", "LOCALHOST"):
        assert server.client.get("/health", headers={"Host": host}).status_code == 200


def test_too_many_requests_wait(store: Path) -> None:
    """A client that asks more than its share hears 429 and when to come back; then it is answered again."""
    with serving(store, cwd=store.parent, settings={"DRAGOMAN_SERVE_BURST": "3", "DRAGOMAN_SERVE_PER_SECOND": "0.5"}) as slow:  # fmt: skip
        answers = [slow.get("/version") for _ in range(6)]
        refused = [a for a in answers if a.status_code != 200]
        assert len(refused) >= 2
        check_problem(refused[-1], 429, "rate_limited")
        assert 1 <= int(refused[-1].headers["retry-after"]) <= 2


def test_a_token_is_asked_for(store: Path) -> None:
    """With a token nothing is answered without it, and the document says so."""
    secret = "a-token-of-at-least-16"
    with serving(store, cwd=store.parent, settings={"DRAGOMAN_SERVE_TOKEN": secret}) as closed:
        for header in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": secret}):
            found = closed.client.get("/incidents", headers=header)
            check_problem(found, 401, "unauthorized")
            assert found.headers["www-authenticate"].startswith("Bearer")
        good = closed.client.get("/openapi.json", headers={"Authorization": f"Bearer {secret}"})
        assert good.json()["security"] == [{"token": []}, {"session": []}]


def test_addresses_of_others_need_a_token(store: Path) -> None:
    """Listening for other machines without a token, with a short one, on a strange address or for no store is a mistake."""
    for words, told in (
        (["--host", "0.0.0.0"], "a token is needed"), (["--token", "short"], "at least 16"),
        (["--host", "203.0.113.7", "--token", "x" * 16], "cannot be listened on"), (["--port", "70000"], "serve.port"),
    ):  # fmt: skip
        done = dragoman("serve", *words, cwd=store.parent)
        assert done.returncode == 2, words
        assert told in done.stderr
    done = dragoman("serve", "--db", "none.duckdb", cwd=store.parent)
    assert done.returncode == 1
    assert "there is no store" in done.stderr


HOLD = """
import sys
from pathlib import Path
from dragoman.store import open_store
with open_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_writer_is_waited_for_and_told_of(store: Path, server: Server) -> None:
    """While another process writes, questions are answered 503 with when to ask again; afterwards they are answered."""
    server.json("/counts")
    time.sleep(2.5)  # longer than serve.idle_s: the server lets go of the file by itself
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )  # fmt: skip
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        found = server.get("/incidents")
        check_problem(found, 503, "store_locked")
        assert int(found.headers["retry-after"]) >= 1
        check_problem(server.get("/health"), 503, "store_locked")
        assert server.get("/version").status_code == 200
    finally:
        writer.communicate("go\n", timeout=60)
    assert server.json("/health")["status"] == "ok"


def test_new_data_is_seen_and_old_pages_go_on(store: Path, tmp_path: Path) -> None:
    """What is written meanwhile is in the next answer; a list begun before goes on as it was, and an old state can be asked for."""
    db = tmp_path / "copy.duckdb"
    db.write_bytes(store.read_bytes())
    with serving(db, cwd=tmp_path, settings={"DRAGOMAN_SERVE_IDLE_S": "0"}) as live:
        before = live.json("/incidents", limit=500)
        pages = live.pages("/incidents", limit=3)
        first = next(pages)
        write_rows(tmp_path / "new.jsonl", [{"id": "n", "text": "Chile recalled its ambassador from Peru on Thursday.", "outlet": "Sur", "published_on": "2024-08-02"}])  # fmt: skip
        done = dragoman("code", "new.jsonl", "--db", db, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        after = live.json("/incidents", limit=500)
        assert after["as_of"] > before["as_of"]
        assert len(after["items"]) > len(before["items"])
        assert first["items"] + [row for page in pages for row in page["items"]] == before["items"]
        assert live.json("/incidents", limit=500, as_of=before["as_of"])["items"] == before["items"]


def test_a_split_incident_is_gone_and_says_where(store: Path, tmp_path: Path) -> None:
    """An incident that a person took apart answers 410 with those that stand in its place; at its time it still answers."""
    db = tmp_path / "copy.duckdb"
    db.write_bytes(store.read_bytes())
    with serving(db, cwd=tmp_path, settings={"DRAGOMAN_SERVE_IDLE_S": "0"}) as live:
        before = live.json("/incidents")
        drill = max(before["items"], key=lambda i: len(i["events"]))
        assert DRILL in [r["quote"] for r in drill["reports"]]
        merged = [i["incident_id"] for i in before["items"] if i["incident_id"] != drill["incident_id"]]
        done = dragoman("incidents", "merge", drill["incident_id"], merged[0], "--db", db, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        now = done.stdout.strip()
        gone = next(i for i in (drill["incident_id"], merged[0]) if i != now)
        assert check_problem(live.get(f"/incidents/{gone}"), 410, "gone")["current"] == [now]
        assert live.json(f"/incidents/{gone}", as_of=before["as_of"])["incident"]["incident_id"] == gone


def test_ctrl_c_ends_the_server(store: Path) -> None:
    """Ctrl-C ends the server at once, without a traceback, with the status of every command that was stopped so."""
    with serving(store, cwd=store.parent) as started:
        started.json("/health")
        status, told = started.stop()
    assert status == 130
    assert told == ""
