"""Pages: files of a folder, the first page for all else, and nothing beside the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dragoman.serve.app import make_app
from dragoman.serve.limits import RateLimit
from dragoman.serve.pages import POLICY

INDEX = "<!DOCTYPE html><title>Pages</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a built bundle beside a file that must not be had."""
    pages = tmp_path / "static"
    (pages / "assets").mkdir(parents=True)
    (pages / "index.html").write_text(INDEX, "utf-8")
    (pages / "icon.svg").write_text("<svg/>", "utf-8")
    (pages / "assets/app-1a2b.js").write_text("run()", "utf-8")
    (pages / "assets/app-1a2b.css").write_text("p {}", "utf-8")
    (tmp_path / "secret.txt").write_text("secret words", "utf-8")
    (tmp_path / "static-too").mkdir()
    (tmp_path / "static-too/secret.txt").write_text("secret words", "utf-8")
    (pages / "link.txt").symlink_to(tmp_path / "secret.txt")
    return pages


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> TestClient:
    """Return a client of a server that asks for a token and lets nobody ask twice."""
    limit = RateLimit(per_second=0.001, burst=1)
    app = make_app(tmp_path / "a.duckdb", static=folder, token="x" * 16, limit=limit)
    return TestClient(app, base_url="http://localhost")


def test_files_are_those_of_the_folder(client: TestClient) -> None:
    """Each file has its kind; those whose name carries a digest last, others are asked for anew."""
    for path, kind, text in (
        ("/", "text/html; charset=utf-8", INDEX), ("/index.html", "text/html; charset=utf-8", INDEX), ("/icon.svg", "image/svg+xml", "<svg/>"),
        ("/assets/app-1a2b.js", "text/javascript; charset=utf-8", "run()"), ("/assets/app-1a2b.css", "text/css; charset=utf-8", "p {}"),
    ):  # fmt: skip
        found = client.get(path)
        assert (found.status_code, found.headers["content-type"], found.text) == (200, kind, text)
        is_lasting = path.startswith("/assets/")
        assert found.headers["cache-control"] == (
            "public, max-age=31536000, immutable" if is_lasting else "no-cache"
        )
        again = client.get(path, headers={"If-None-Match": found.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == found.headers["cache-control"]
        head = client.head(path)
        assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", kind)


@pytest.mark.parametrize(
    "path", ["/incidents", "/events/abc", "/map?quad=1", "/a/b/c.d", "/apiary", "/assets"]
)
def test_every_other_path_is_the_first_page(client: TestClient, path: str) -> None:
    """A page of the program has an address of its own, which gives the first page, without a token and as often as asked."""
    for _ in range(3):
        found = client.get(path)
        assert (found.status_code, found.text, found.headers["cache-control"]) == (200, INDEX, "no-cache")
        assert found.headers["content-security-policy"] == POLICY


def test_pages_are_closed_to_others(client: TestClient) -> None:
    """The policy lets pages load nothing from elsewhere, run nothing written into them, and stand in no frame."""
    headers = client.get("/").headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["content-security-policy"].split(";")}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not [
        word
        for words in policy.values()
        for word in words
        if "http" in word or "unsafe-eval" in word or word == "*"
    ]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt",
     "//secret.txt", "/../static-too/secret.txt", "/%2e%2e%2fstatic-too%2fsecret.txt", "/link.txt", "/..%5csecret.txt", "/%00", "/secret.txt%00.js",
     "/" + "a" * 3000, "/assets/" + "a/" * 500, "/assets/%00", "/~root", "/C:/secret.txt", "/%ff%fe", "/{tmp}/secret.txt", "//{tmp}/secret.txt"],
)  # fmt: skip
def test_nothing_beside_the_folder_is_given(client: TestClient, tmp_path: Path, path: str) -> None:
    """No way of writing a path leads out of the folder, also through links, and none breaks the server."""
    wanted = path.replace("{tmp}", str(tmp_path))
    found = client.get(wanted)
    assert found.status_code in (200, 404)
    assert "secret words" not in found.text
    assert found.text == INDEX or found.json()["code"] in ("not_found",)


def test_a_file_is_told_by_where_it_is(client: TestClient) -> None:
    """A way round through the folder of lasting files does not make a page last."""
    assert client.get("/assets/%2e%2e/index.html").headers["cache-control"] == "no-cache"
    assert client.get("/x/%2e%2e/assets/app-1a2b.js").headers["cache-control"].endswith("immutable")


def test_the_api_is_no_page(client: TestClient) -> None:
    """What is below /api is never the first page, a missing file of the program is told, and pages answer only reading."""
    for path in ("/api", "/api/", "/api/v2/events"):
        assert client.get(path).headers["content-type"] == "application/problem+json"
    gone = client.get("/assets/app-0000.js")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    for method in ("POST", "PUT", "DELETE"):
        found = client.request(method, "/incidents")
        assert (found.status_code, found.json()["code"], found.headers["allow"]) == (
            405,
            "method_not_allowed",
            "GET, HEAD",
        )


def test_a_copy_without_pages_says_how_to_build_them(tmp_path: Path) -> None:
    """Where the bundle is not built every path tells how to build it."""
    client = TestClient(
        make_app(tmp_path / "a.duckdb", static=tmp_path / "none"), base_url="http://localhost"
    )
    found = client.get("/incidents")
    assert found.status_code == 200
    assert "npm run build" in found.text
    assert found.headers["content-security-policy"] == POLICY
