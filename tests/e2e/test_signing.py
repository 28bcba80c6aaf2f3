"""Signing in, correcting and listening over a socket: a real server process, a real store, real clients."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dragoman.serve import bodies

from .command import dragoman, environment
from .serving import Server, serving
from .signing import GENEROUS, PASSWORDS, Person, arrest
from .test_serve import HOLD, check_problem

pytestmark = pytest.mark.model


def send(url: str, **asked: Any) -> httpx2.Response:
    """Return the answer to a request without cookies."""
    return httpx2.post(url, timeout=60, **asked)


def drill(person: Person) -> dict[str, Any]:
    """Return the incident that several reports tell of."""
    found: dict[str, Any] = max(person.get("/incidents")["items"], key=lambda i: len(i["events"]))
    assert len(found["events"]) > 1
    return found


def test_signing_in_and_out(server: Server) -> None:
    """A right password opens a session whose cookie no script can read; signing out ends it; a wrong one opens none."""
    person = Person(server)
    before = person.get("/session")
    bodies.SessionAnswer.model_validate(before)
    assert before == {"user": None, "csrf": None, "needs_token": False, "has_users": True, "may": {"review": False, "merge": False}, "expires_at": None}  # fmt: skip
    for name, words in (("ada", "wrong horse ada"), ("nobody", PASSWORDS["ada"])):
        found = person.sign_in(name, words)
        assert "wrong" in check_problem(found, 401, "unauthorized")["detail"]
        assert "set-cookie" not in found.headers
    found = person.sign_in("ada", PASSWORDS["ada"])
    cookie = found.headers["set-cookie"]
    assert cookie.startswith("dragoman_session=")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert flags == {"httponly", "samesite=strict", "path=/"}
    told = found.json()
    bodies.SessionAnswer.model_validate(told)
    assert told["user"] == {"name": "ada", "role": "reviewer"}
    assert told["may"] == {"review": True, "merge": True}
    assert found.headers["cache-control"] == "no-store"
    assert person.get("/session")["csrf"] == told["csrf"]
    check_problem(person.client.delete("/session"), 403, "csrf")
    stale = dict(person.client.cookies)
    gone = person.client.delete("/session", headers={"X-CSRF-Token": told["csrf"]})
    assert (gone.status_code, gone.json()["user"]) == (200, None)
    person.client.cookies.update(stale)
    assert person.get("/session")["user"] is None
    assert Person(server, "bob").get("/session")["may"] == {"review": False, "merge": False}
    assert Person(server, "eve").get("/session")["may"] == {"review": True, "merge": True}


def test_a_cookie_over_https_says_so(server: Server) -> None:
    """Behind a proxy that speaks TLS the cookie is for TLS alone."""
    found = send(f"{server.url}/session", json={"name": "ada", "password": PASSWORDS["ada"]}, headers={"X-Forwarded-Proto": "https"})  # fmt: skip
    assert "; Secure" in found.headers["set-cookie"]


def test_wrong_passwords_must_wait(server: Server) -> None:
    """Five failures in a minute, then the name must wait, whoever asks and whatever the password; others need not."""
    far = {"X-Forwarded-For": "203.0.113.9"}
    for _ in range(5):
        wrong = send(f"{server.url}/session", json={"name": "ada", "password": "not this one"}, headers=far)
        check_problem(wrong, 401, "unauthorized")
    found = send(f"{server.url}/session", json={"name": " ADA", "password": PASSWORDS["ada"]})
    check_problem(found, 429, "rate_limited")
    assert 1 <= int(found.headers["retry-after"]) <= 60
    again = send(f"{server.url}/session", json={"name": "eve", "password": PASSWORDS["eve"]}, headers=far)
    check_problem(again, 429, "rate_limited")
    Person(server, "eve")


def test_what_a_request_that_writes_must_bring(server: Server) -> None:
    """Without session, second secret, own origin, JSON or role nothing is written, and each lack is told."""
    ada, bob, nobody = Person(server, "ada"), Person(server, "bob"), Person(server)
    event = arrest(ada)["event_id"]
    paths = {f"/events/{event}/reviews": {"verdict": "accepted"}, "/incidents/merge": {"incidents": ["a", "b"]},
             f"/incidents/{drill(ada)['incident_id']}/split": {}, f"/articles/{arrest(ada)['article_id']}/events":
             {"event_type": "AID", "trigger": "concert"}}  # fmt: skip
    for path, body in paths.items():
        check_problem(nobody.post(path, body), 401, "unauthorized")
        check_problem(bob.post(path, body), 403, "forbidden")
        for secret in (None, "", "wrong", bob.csrf):
            check_problem(ada.post(path, body, X_CSRF_Token=secret), 403, "csrf")
        for origin in (
            "https://evil.example",
            "null",
            "http://127.0.0.1:1",
            "http://[",
            ada.origin + ".evil.example",
        ):
            check_problem(ada.post(path, body, Origin=origin), 403, "csrf")
        for site in ("cross-site", "same-site"):
            check_problem(ada.post(path, body, Sec_Fetch_Site=site), 403, "csrf")
        for kind in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            None,
        ):
            sent = ada.post(path, json.dumps(body).encode(), Content_Type=kind)
            check_problem(sent, 415, "media_type")
    check_problem(nobody.client.post("/session", json={"name": "ada", "password": PASSWORDS["ada"]}, headers={"Origin": "https://evil.example"}), 403, "csrf")  # fmt: skip
    assert ada.get("/reviews")["items"] == []


def test_a_correction_goes_round(server: Server, db: Path) -> None:
    """A correction is in the event, in its history and in the exports; as of before the event is the old; taking back works."""
    ada = Person(server, "ada")
    event = arrest(ada)
    key, start = event["event_id"], event["quote"]["start"]
    before = ada.get(f"/events/{key}")["as_of"]
    text = event["quote"]["text"]
    word = text.index("leaders")
    correction = {"event_type": "COERCE", "mode": None, "status": "actual", "trigger": {"start": event["trigger"]["start"], "end": event["trigger"]["end"]},
                  "actors": [{"text": "Police", "country": "NGA", "sectors": ["COP"]}], "recipients": [{"text": "leaders", "start": start + word}]}  # fmt: skip
    found = ada.post(
        f"/events/{key[:12]}/reviews",
        {"verdict": "corrected", "correction": {**correction, "event_type": "ACCUSE"}},
    )
    assert found.status_code == 200, found.text
    said = found.json()
    bodies.Said.model_validate(said)
    assert (said["event"]["event_id"], said["event"]["event_type"]) == (key, "ACCUSE")
    assert said["event"]["actors"][0]["sectors"] == ["COP"]
    now = ada.get(f"/events/{key}")
    assert now["event"] == said["event"]
    assert ada.get(f"/events/{key}", as_of=before)["event"] == event
    assert said["incidents"]
    for incident in said["incidents"]:
        assert key in ada.get(f"/incidents/{incident}")["incident"]["events"]
    found = ada.post(f"/events/{key}/reviews", {"verdict": "rejected"})
    assert (found.status_code, found.json()["event"]) == (200, None)
    check_problem(ada.client.get(f"/events/{key}"), 404, "not_found")
    back = ada.post(f"/events/{key}/reviews", {"verdict": "accepted", "correction": None}).json()
    assert back["event"] == said["event"]
    page = ada.get("/reviews")
    bodies.ReviewPage.model_validate(page)
    assert [r["verdict"] for r in page["items"]] == ["accepted", "rejected", "corrected"]
    assert {(r["reviewer"], r["event_id"], r["event_type"], r["quote"]) for r in page["items"]} == {("ada", key, "ACCUSE", text)}  # fmt: skip
    assert [r["verdict"] for r in ada.get("/reviews", verdict="rejected", article_id=event["article_id"][:10])["items"]] == ["rejected"]  # fmt: skip
    assert ada.get("/reviews", reviewer="bob")["items"] == []
    first = ada.get("/reviews", limit=2)
    rest = ada.get("/reviews", limit=2, page=first["next"])
    assert (first["items"] + rest["items"], rest["next"]) == (page["items"], None)
    for form, flag in (("gold", "--gold"), ("examples", "--examples")):
        sent = ada.client.get("/reviews/export", params={"format": form})
        assert sent.headers["content-type"].startswith("application/x-ndjson")
        time.sleep(0.5)
        done = dragoman("review", flag, "out.jsonl", "--db", db, cwd=db.parent)
        assert done.returncode == 0, done.stderr
        assert sent.text == (db.parent / "out.jsonl").read_text("utf-8")
    time.sleep(0.5)
    assert dragoman("doctor", "--deep", "--db", db, cwd=db.parent).returncode == 0


def test_a_missed_event_is_added(server: Server) -> None:
    """An event by span stands in its article; the same again is a conflict; words that are not there are told."""
    ada = Person(server, "ada")
    article = ada.get(f"/articles/{arrest(ada)['article_id']}")["article"]
    at = article["text"].index("concert")
    path = f"/articles/{article['article_id'][:12]}/events"
    body: dict[str, Any] = {"event_type": "PROTEST", "trigger": {"start": at, "end": at + 7}, "mode": None, "status": "actual", "actors": [], "recipients": []}  # fmt: skip
    found = ada.post(path, body)
    assert found.status_code == 200, found.text
    said = found.json()
    bodies.Said.model_validate(said)
    assert (said["event"]["trigger"]["text"], len(said["incidents"])) == ("concert", 1)
    assert said["event"] in ada.get(f"/articles/{article['article_id']}/events")["items"]
    check_problem(ada.post(path, body), 409, "conflict")
    wrong = ada.post(path, {**body, "trigger": {"start": at, "end": 10_000}})
    assert "does not lie in" in check_problem(wrong, 422, "usage")["detail"]
    typed = ada.post(path, {**body, "event_type": "PROTST"})
    assert "PROTEST" in check_problem(typed, 422, "unknown_code")["detail"]
    check_problem(ada.post("/articles/zzzz/events", body), 404, "not_found")
    assert [r["verdict"] for r in ada.get("/reviews")["items"]] == ["added"]


def test_incidents_are_taken_apart_and_joined(server: Server) -> None:
    """A split stands at once, the old incident is gone and says where its events are; a merge puts them together again."""
    eve = Person(server, "eve")
    whole = drill(eve)
    out = whole["events"][-1]
    for events, words in ((["zzzz"], "no event begins"), (whole["events"], "all events")):
        wrong = eve.post(f"/incidents/{whole['incident_id']}/split", {"events": events})
        assert words in check_problem(wrong, 422, "usage")["detail"]
    found = eve.post(f"/incidents/{whole['incident_id'][:14]}/split", {"events": [out[:14]]})
    assert found.status_code == 200, found.text
    parts = found.json()["incidents"]
    assert len(parts) == 2
    assert [out] in [eve.get(f"/incidents/{p}")["incident"]["events"] for p in parts]
    single = next(p for p in parts if eve.get(f"/incidents/{p}")["incident"]["events"] == [out])
    check_problem(eve.post(f"/incidents/{single}/split", {}), 409, "conflict")
    check_problem(eve.post("/incidents/merge", {"incidents": [single, single[:15]]}), 409, "conflict")
    check_problem(eve.post("/incidents/merge", {"incidents": [single, "zzzz"]}), 404, "not_found")
    joined = eve.post("/incidents/merge", {"incidents": parts})
    assert joined.status_code == 200, joined.text
    (one,) = joined.json()["incidents"]
    assert sorted(eve.get(f"/incidents/{one}")["incident"]["events"]) == sorted(whole["events"])
    gone = next(p for p in parts if p != one)
    asked: list[tuple[str, dict[str, Any]]] = [
        (f"/incidents/{gone}/split", {}),
        ("/incidents/merge", {"incidents": [one, gone]}),
    ]
    for path, body in asked:
        assert check_problem(eve.post(path, body), 410, "gone")["current"] == [one]
    check_problem(eve.post("/incidents/zzzz/split", {}), 404, "not_found")


def test_wrong_corrections_are_told(server: Server) -> None:
    """What does not fit the sentence or the codes is refused with the words of the command line, and nothing is stored."""
    ada = Person(server, "ada")
    key = arrest(ada)["event_id"]
    for body, code, words in (
        ({"verdict": "corrected"}, "usage", "needs a field"),
        ({"verdict": "corrected", "correction": {"event_type": "PROTST"}}, "unknown_code", "PROTEST"),
        ({"verdict": "corrected", "correction": {"trigger": "nowhere"}}, "usage", "does not stand in the sentence"),
        ({"verdict": "corrected", "correction": {"actors": [{"text": "Police", "country": "XXQ"}]}}, "unknown_code", "country"),
        ({"verdict": "accepted", "correction": {"status": "actual"}}, "usage", "takes no correction"),
        ({"verdict": "maybe"}, "invalid_parameter", "verdict"),
        ({"verdict": "corrected", "correction": {"intensity": 3}}, "invalid_parameter", "correction.intensity"),
        ({"verdict": "corrected", "correction": {"actors": [{"text": 3}]}}, "invalid_parameter", "correction.actors.0.text"),
        ({}, "invalid_parameter", "verdict"),
    ):  # fmt: skip
        assert words in check_problem(ada.post(f"/events/{key}/reviews", body), 422, code)["detail"]
    check_problem(ada.post("/events/zzzz/reviews", {"verdict": "accepted"}), 404, "not_found")
    check_problem(ada.post("/events/%20/reviews", {"verdict": "accepted"}), 404, "not_found")
    check_problem(
        ada.post(f"/events/{key}/reviews?verdict=x", {"verdict": "accepted"}), 422, "invalid_parameter"
    )
    assert ada.get("/reviews")["items"] == []


HOSTILE: list[Any] = [
    b"", b"{", b"[" * 60_000, b'"x"', b"null", b"[]", b"1e999", b"\xff\xfe", b'{"verdict": NaN}', b"9" * 5000,
    b'{"\\ud800": 1}', b'{"verdict": "\\ud800"}', b'{"verdict": "corrected", "correction": {"trigger": "\\ud800"}}',
    b'{"verdict": "corrected", "correction": {"trigger": {"start": 99999999999999999999, "end": true}}}',
    {"verdict": "corrected", "correction": {"trigger": {"start": -1, "end": 0}}},
    {"verdict": "corrected", "correction": {"trigger": "\0"}},
    {"verdict": "corrected", "correction": {"event_type": "'; DROP TABLE events; --"}},
    {"verdict": "corrected", "correction": {"event_type": "<img src=x onerror=alert(1)>", "mode": "<b>"}},
    {"verdict": "corrected", "correction": {"actors": [{"text": "Police", "sectors": ["<b>"]}]}},
    {"verdict": "corrected", "correction": {"actors": [{"text": "Police", "start": 10**8}]}},
    {"verdict": "corrected", "correction": {"actors": [{"text": "Police"}] * 51}},
    {"verdict": ["accepted"], "correction": [[]]}, {"name": {}, "password": []}, {"events": [None], "incidents": "x"},
    {"events": [""] * 2000, "incidents": [""]}, {"incidents": ["\0", "%"]}, {"event_type": "AID", "trigger": {"start": 0, "end": 0}},
    {"event_type": "AID", "trigger": "("}, {"name": "\0" * 200, "password": "x"}, {"token": "x"}, {"name": "ada"},
]  # fmt: skip


def test_nothing_that_is_sent_breaks_the_server(server: Server) -> None:
    """Whatever a body or an id holds, the answer is a problem of the client's and the server goes on."""
    ada = Person(server, "ada")
    key, incident, article = arrest(ada)["event_id"], drill(ada)["incident_id"], arrest(ada)["article_id"]
    paths = [f"/events/{key}/reviews", f"/articles/{article}/events", "/incidents/merge", "/session"]
    ids = ["%00", "..%2f..%2fetc", "<script>", "%ff", "%F0%9F%92%A9", "a" * 101, "'", "%25", "*"]
    paths += [f"/events/{one}/reviews" for one in ids] + [f"/incidents/{one}/split" for one in ids]
    for path in paths:
        for body in HOSTILE:
            found = ada.post(path, body)
            assert 400 <= found.status_code < 500, (path, body, found.text)
            assert found.headers["content-type"] == "application/problem+json"
    for body in (b"[1]", b'{"events": 3}', {"events": ["\ud83d"]}, {"events": [key, None]}):
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        assert 400 <= ada.post(f"/incidents/{incident}/split", sent).status_code < 500
    assert ada.get("/reviews")["items"] == []
    assert drill(ada)["incident_id"] == incident


def test_large_requests_are_refused(server: Server) -> None:
    """More than 64 kB is not read, whether the length is told or not; the server goes on."""
    ada = Person(server, "ada")
    path = f"/events/{arrest(ada)['event_id']}/reviews"
    large = json.dumps({"verdict": "accepted", "x": "y" * 70_000}).encode()
    check_problem(ada.post(path, large), 413, "too_large")
    headers = {"X-CSRF-Token": ada.csrf or "", "Content-Type": "application/json"}

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(large), 1000):
            yield large[at : at + 1000]

    check_problem(ada.client.post(path, content=pieces(), headers=headers), 413, "too_large")
    for size in (5_000_000, 30_000_000):
        # A client that goes on sending may find the connection closed before it reads the answer.
        with contextlib.suppress(httpx2.NetworkError):
            check_problem(ada.post(path, b"x" * size), 413, "too_large")
    assert ada.post(path, {"verdict": "accepted"}).status_code == 200


def test_writing_waits_for_others_and_says_so(server: Server, db: Path) -> None:
    """While another process holds the store a correction is answered 503 with when to send it again; then it is taken."""
    ada = Person(server, "ada")
    path = f"/events/{arrest(ada)['event_id']}/reviews"
    time.sleep(1)
    writer = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )  # fmt: skip
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "held\n"
        began = time.monotonic()
        found = ada.post(path, {"verdict": "accepted"})
        check_problem(found, 503, "store_locked")
        assert int(found.headers["retry-after"]) >= 1
        assert 1.5 < time.monotonic() - began < 10
    finally:
        writer.communicate("go\n", timeout=60)
    assert ada.post(path, {"verdict": "accepted"}).status_code == 200


def test_readers_and_writers_share_the_store(server: Server) -> None:
    """Corrections and questions at once are all answered, none with a failure."""
    ada, failed = Person(server, "ada"), []
    key = arrest(ada)["event_id"]
    done = threading.Event()

    def read() -> None:
        client = server.new_client()
        while not done.is_set():
            found = client.get("/incidents")
            if found.status_code != 200:
                failed.append(found.text)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for turn in range(10):
            found = ada.post(f"/events/{key}/reviews", {"verdict": ("rejected", "accepted")[turn % 2]})
            assert found.status_code == 200, found.text
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert failed == []


def test_sessions_end_with_their_user(server: Server, db: Path) -> None:
    """Who was removed or got another password is signed out at once; others are not."""
    ada, eve = Person(server, "ada"), Person(server, "eve")
    words = b"another horse ada\n"
    assert (
        dragoman(
            "users", "password", "ada", "--password-stdin", "--db", db, cwd=db.parent, stdin=words
        ).returncode
        == 0
    )
    assert ada.get("/session")["user"] is None
    check_problem(ada.post("/incidents/merge", {"incidents": ["a", "b"]}), 401, "unauthorized")
    assert eve.get("/session")["user"] == {"name": "eve", "role": "admin"}
    assert ada.sign_in("ada", "another horse ada").status_code == 200
    assert dragoman("users", "remove", "ada", "--db", db, cwd=db.parent).returncode == 0
    assert ada.get("/session")["user"] is None
    db.with_name("dragoman.duckdb.users.json").chmod(0o644)
    assert eve.get("/session")["user"] is None
    found = check_problem(eve.sign_in("eve", PASSWORDS["eve"]), 503, "users")
    assert str(db.parent) not in found["detail"]


def test_a_token_reads_and_does_not_write(db: Path) -> None:
    """With a token set: pages and signing in need none, all else needs token or session, and a token alone never writes."""
    secret = "a-token-of-at-least-16"
    with serving(db, cwd=db.parent, settings={**GENEROUS, "DRAGOMAN_SERVE_TOKEN": secret}) as server:
        nobody, ada = Person(server), Person(server, "ada")
        assert nobody.get("/session")["needs_token"] is True
        check_problem(nobody.client.get("/incidents"), 401, "unauthorized")
        check_problem(nobody.client.get("/changes"), 401, "unauthorized")
        assert nobody.client.get(nobody.origin + "/").status_code == 200
        event = arrest(ada)["event_id"]
        bearer = {"Authorization": f"Bearer {secret}"}
        assert nobody.client.get("/incidents", headers=bearer).status_code == 200
        for path in (f"/events/{event}/reviews", "/incidents/merge"):
            told = check_problem(nobody.post(path, {"verdict": "accepted"}, **bearer), 403, "forbidden")
            assert "sign in" in told["detail"]
        wrong = nobody.client.post("/session", json={"token": "not the token at all"})
        check_problem(wrong, 401, "unauthorized")
        opened = nobody.client.post("/session", json={"token": secret})
        assert (opened.status_code, opened.json()["user"], opened.json()["needs_token"]) == (200, None, False)
        nobody.csrf = opened.json()["csrf"]
        assert nobody.get("/incidents")["items"]
        check_problem(nobody.post(f"/events/{event}/reviews", {"verdict": "accepted"}), 403, "forbidden")
        assert ada.post(f"/events/{event}/reviews", {"verdict": "accepted"}).status_code == 200
        document = ada.get("/openapi.json")
        assert document["paths"]["/api/v1/session"]["get"]["security"] == []
