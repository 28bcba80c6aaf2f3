"""Numbers, map, rejections, feeds and regions over HTTP: their shapes, filters and pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from dragoman.records import Rejected
from dragoman.serve import shapes_overview as shapes
from dragoman.serve.app import make_app
from dragoman.serve.limits import RateLimit
from dragoman.store import begin_run, open_store, write
from dragoman.store.feeds import Look, Offer, Settled, add_feeds, add_looks, feed_id_of, settle

from ..invented import DIGEST, VERSION, make_distinct, rejected

AT = datetime(2024, 6, 1, 12, tzinfo=UTC)
KELD, HALDEN, TINN = "https://keld.example/rss", "https://halden.example/rss", "https://tinn.example/rss"
PAGE = "https://halden.example/1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Return a client of a server over a store with incidents, rejections and feeds."""
    path = tmp_path_factory.mktemp("serve") / "a.duckdb"
    with open_store(path) as store:
        run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=AT)
        coded = make_distinct("1", "2", "3")
        coded.rejected.extend([rejected("8"), rejected("9", reason="too_large"), rejected("10"), Rejected(PAGE, "read", "not_html", "a picture"),
                               Rejected(coded.events[0].event_id, "resolve", "span_mismatch", "moved")])  # fmt: skip
        write(store, coded, run_id=run, coder_version=VERSION, model_digest=DIGEST, at=AT)
        add_feeds(
            store,
            [(KELD, "Keld Times", "NOR"), (HALDEN, "Halden Post", None), (TINN, "Tinn Post", None)],
            at=AT,
        )
        offer = Offer("halden.example/1", PAGE, "1", "One", None, None)
        add_looks(store, [Look(feed_id_of(HALDEN), AT, AT + timedelta(hours=1), kind="rss", offers=(offer,)),
                          Look(feed_id_of(TINN), AT, AT + timedelta(hours=2), "timeout", "it took too long")])  # fmt: skip
        settle(store, [Settled(feed_id_of(HALDEN), "halden.example/1", "rejected", 1, AT, "not_html", "a picture", fetched_at=AT)], run_id=run)  # fmt: skip
    app = make_app(path, idle_s=60, limit=RateLimit(per_second=1e6, burst=10**6))
    with TestClient(app, base_url="http://localhost/api/v1") as opened:
        yield opened


def ask(client: TestClient, path: str, **asked: Any) -> dict[str, Any]:
    """Return the JSON of an answer that must be good."""
    found = client.get(path, params=asked)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


def test_facets_have_their_shape_and_filters(client: TestClient) -> None:
    """What fits is counted; a filter that nothing fits gives zero; the answer can be repeated as of its moment."""
    told = ask(client, "/incidents/facets")
    shapes.FacetsAnswer.model_validate(told)
    facets = told["facets"]
    assert (facets["total"], facets["event_types"], facets["quad_classes"]["2"]) == (3, {"COOPERATE": 3}, 3)
    assert (facets["countries"], facets["regions"]) == ([["DNK", 3], ["NOR", 3]], [["Northern Europe", 3]])
    assert facets["outlets"] == [["Keld Times", 3]]
    for asked in ({"quad": [3, 4]}, {"region": "Polynesia"}, {"outlet": "Halden"}, {"min_sources": 2}, {"country": "FRA"}):  # fmt: skip
        assert ask(client, "/incidents/facets", **asked)["facets"]["total"] == 0
        for path in ("/incidents", "/events", "/search"):
            assert ask(client, path, **asked, **({"q": "drill"} if path == "/search" else {}))["items"] == []
    both = {"quad": [1, 2], "region": ["polynesia", "NORTHERN europe"], "outlet": "keld", "min_sources": 1}
    assert ask(client, "/incidents/facets", **both)["facets"]["total"] == 3
    assert ask(client, "/incidents/facets", as_of=told["as_of"]) == told
    assert ask(client, "/incidents/facets", as_of="2001")["facets"]["total"] == 0


def test_the_map_has_its_shape(client: TestClient) -> None:
    """Three incidents at one place, of which a limit leaves the newest."""
    told = ask(client, "/map")
    shapes.MapAnswer.model_validate(told)
    found = told["map"]
    assert [p["name"] for p in found["places"]] == ["Ørsund"]
    assert (found["incidents"]["place"], found["countries"]) == ([0, 0, 0], {"NOR": {"1": 0, "2": 3, "3": 0, "4": 0}})  # fmt: skip
    cut = ask(client, "/map", limit=1)["map"]
    assert (cut["truncated"], cut["incidents"]["id"]) == (True, found["incidents"]["id"][:1])


def test_lists_come_in_the_order_of_reporting(client: TestClient) -> None:
    """The last reported come first, of incidents and of events, page by page."""
    for path, day in (("/incidents", "last_seen"), ("/events", None)):
        whole = ask(client, path, order="reported")["items"]
        if day:
            assert [i[day] for i in whole] == sorted((i[day] for i in whole), reverse=True)
        pages, token = [], None
        while True:
            page = ask(client, path, order="reported", limit=1, **({"page": token} if token else {}))
            pages += page["items"]
            if (token := page["next"]) is None:
                break
        assert pages == whole


def test_wrong_filters_are_told(client: TestClient) -> None:
    """A wrong value is refused with the name of its parameter."""
    for asked, code, words in (
        ({"quad": 5}, "invalid_parameter", "quad"), ({"quad": "x"}, "invalid_parameter", "quad"),
        ({"region": "Western Aisa"}, "unknown_code", 'Did you mean "Western Asia"'), ({"min_sources": 0}, "invalid_parameter", "min_sources"),
        ({"page": "x"}, "invalid_parameter", "page"),
    ):  # fmt: skip
        found = client.get("/incidents/facets", params=asked)
        assert (found.status_code, found.json()["code"]) == (422, code)
        assert words in found.json()["detail"]


def test_rejections_come_in_pages(client: TestClient) -> None:
    """Each rejection once, with outlet and address where they are known; filters and numbers agree."""
    whole = ask(client, "/rejections")
    shapes.RejectionPage.model_validate(whole)
    known = {r["reason"]: (r["outlet"], r["url"]) for r in whole["items"]}
    assert known["not_html"] == ("Halden Post", PAGE)
    assert known["span_mismatch"][0] == "Keld Times"
    assert known["empty"] == (None, None)
    pages, token = [], None
    while True:
        page = ask(client, "/rejections", limit=2, **({"page": token} if token else {}))
        pages += page["items"]
        if (token := page["next"]) is None:
            break
    assert pages == whole["items"]
    assert [r["item_id"] for r in ask(client, "/rejections", outlet="halden")["items"]] == [PAGE]
    told = ask(client, "/rejections/counts")
    shapes.RejectionCounts.model_validate(told)
    assert told["counts"][0] == {"stage": "clean", "reason": "empty", "n": 2, "means": "there is no text"}
    for row in told["counts"]:
        found = ask(client, "/rejections", stage=row["stage"], reason=row["reason"])["items"]
        assert len(found) == row["n"]
    assert ask(client, "/rejections", as_of="2001")["items"] == []


def test_feeds_are_told_as_they_stand(client: TestClient) -> None:
    """One that offers is ok, one that failed is broken and says why, one that was never asked waits; pages go on."""
    told = ask(client, "/feeds")
    shapes.FeedPage.model_validate(told)
    states = {f["outlet"]: f for f in told["items"]}
    assert {name: f["state"] for name, f in states.items()} == {"Halden Post": "ok", "Keld Times": "waiting", "Tinn Post": "broken"}  # fmt: skip
    halden = states["Halden Post"]
    assert (halden["offered"], halden["fetched"], halden["rejected"], halden["last_good"]) == (1, 1, 1, "2024-06-01T12:00:00")  # fmt: skip
    assert (states["Tinn Post"]["reason"], states["Tinn Post"]["last_good"]) == ("timeout", None)
    first = ask(client, "/feeds", limit=2)
    rest = ask(client, "/feeds", limit=2, page=first["next"])
    assert first["items"] + rest["items"] == told["items"]
    assert [f["outlet"] for f in ask(client, "/feeds", outlet="POST")["items"]] == [
        "Halden Post",
        "Tinn Post",
    ]


def test_a_feed_that_offers_nothing_new_is_quiet(tmp_path: Path) -> None:
    """It answers, and for a week nothing was new."""
    path = tmp_path / "a.duckdb"
    with open_store(path) as store:
        add_feeds(store, [(KELD, "Keld Times", "NOR")], at=AT)
        offer = Offer("keld.example/1", "https://keld.example/1", "1", None, None, None)
        add_looks(store, [Look(feed_id_of(KELD), AT, AT, offers=(offer,))])
        later = AT + timedelta(days=8)
        add_looks(store, [Look(feed_id_of(KELD), later, later, unchanged=True)])
    client = TestClient(make_app(path, idle_s=0), base_url="http://localhost/api/v1")
    assert ask(client, "/feeds")["items"][0]["state"] == "quiet"


def test_regions_are_listed(client: TestClient) -> None:
    """Each with the codes of its countries."""
    told = ask(client, "/regions")
    shapes.RegionsAnswer.model_validate(told)
    assert told["regions"]["Central Asia"] == ["KAZ", "KGZ", "TJK", "TKM", "UZB"]


def test_what_was_counted_is_counted_anew_after_a_change(tmp_path: Path) -> None:
    """Numbers that were remembered are not those of the store as it is afterwards."""
    path = tmp_path / "a.duckdb"

    def add(name: str, day: int) -> None:
        with open_store(path) as store:
            at = AT + timedelta(days=day)
            run = begin_run(store, command="code", coder_version=VERSION, model_digest=DIGEST, settings={}, at=at)  # fmt: skip
            write(store, make_distinct(name), run_id=run, coder_version=VERSION, model_digest=DIGEST, at=at)

    add("1", 0)
    client = TestClient(make_app(path, idle_s=0), base_url="http://localhost/api/v1")
    assert [ask(client, p)[k]["total"] for p, k in (("/incidents/facets", "facets"), ("/map", "map"))] == [
        1,
        1,
    ]
    add("2", 1)
    assert [ask(client, p)[k]["total"] for p, k in (("/incidents/facets", "facets"), ("/map", "map"))] == [
        2,
        2,
    ]
