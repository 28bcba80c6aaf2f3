"""Secure connections go to the checked address with the name of the URL: for the server and for its certificate."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.read.web import Failed, Fetched, Fetcher, Limits

from .serving import Handler, Site, page

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate of keld.example that nobody has signed, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "keld.pem", folder / "keld.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=keld.example",
         "-addext", "subjectAltName=DNS:keld.example", "-keyout", str(key), "-out", str(pem)],
        check=True, capture_output=True,
    )  # fmt: skip
    return pem, key


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[tuple[Site, list[str | None]]]:
    """Give a site over TLS, and the names that clients asked for."""
    site, names = Site({"/": page()}), list[str | None]()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"site": site}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield site, names
    server.shutdown()
    server.server_close()


def fetch(site: Site, host: str) -> Fetched | Failed:
    """Return what a host gives; any name leads to this machine."""
    limits = Limits(attempts=1, timeout_s=5, delay_s=0)
    with Fetcher(limits, allow_private=True, robots=False, resolver=lambda *_: ["127.0.0.1"]) as f:
        return f.fetch(f"https://{host}:{site.port}/")


def test_the_name_of_the_url_is_used(
    secure: tuple[Site, list[str | None]], certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is told the name, and its certificate is checked against it, though the connection goes to an address."""
    site, names = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert isinstance(fetch(site, "keld.example"), Fetched)
    assert names == ["keld.example"]
    assert site.asked[0][1]["host"] == f"keld.example:{site.port}"
    other = fetch(site, "halden.example")
    assert isinstance(other, Failed)
    assert other.reason == "tls"
    assert len(site.asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: tuple[Site, list[str | None]]) -> None:
    """Nothing is asked of a server that cannot say who it is."""
    found = fetch(secure[0], "keld.example")
    assert isinstance(found, Failed)
    assert found.reason == "tls"
    assert not found.is_transient
    assert secure[0].asked == []
