"""A hundred hostile inputs from the network, each with the reason for which it must be refused.

``URLS`` are refused before anything is sent, ``HOSTS`` because of the address their name has, ``ANSWERS`` by what a server
sends, ``FEEDS`` by what their bytes hold.
"""

from __future__ import annotations

import gzip
import json
import zlib

from .serving import Behaviour, cut_in_the_middle, dripping, endless, gives, raw, redirect, slow, status

URLS: list[tuple[str, str]] = [
    ("file:///etc/passwd", "scheme"),
    ("ftp://keld.example/a", "scheme"),
    ("gopher://127.0.0.1:6379/_FLUSHALL", "scheme"),
    ("javascript:alert(1)", "scheme"),
    ("data:text/html,<script>alert(1)</script>", "scheme"),
    ("dict://127.0.0.1:11211/stats", "scheme"),
    ("ldap://127.0.0.1/", "scheme"),
    ("jar:http://keld.example/a.jar!/", "scheme"),
    ("http://reader:secret@keld.example/", "credentials_in_url"),
    ("http://keld.example@127.0.0.1/", "credentials_in_url"),
    ("http://keld.example:99999/", "bad_url"),
    ("http://keld.example:0/", "bad_url"),
    ("http://keld.example:-1/", "bad_url"),
    ("http://", "bad_url"),
    ("http:///etc/passwd", "bad_url"),
    ("http://[::1", "bad_url"),
    ("http://keld.example\\.halden.example/", "bad_url"),
    ("http://keld.example/a\r\nHost: halden.example", "bad_url"),
    ("http://keld.example/\x00", "bad_url"),
    ("http://keld..example/", "bad_url"),
    ("http://" + "a." * 200 + "example/", "bad_url"),
    ("http://keld.example/" + "a" * 10_000, "bad_url"),
    ("http://keld.example/a\tb", "bad_url"),
    ("http://127.0.0.1/", "forbidden_address"),
    ("http://127.1/", "forbidden_address"),
    ("http://2130706433/", "forbidden_address"),
    ("http://0x7f000001/", "forbidden_address"),
    ("http://0177.0.0.1/", "forbidden_address"),
    ("http://0/", "forbidden_address"),
    ("http://localhost/", "forbidden_address"),
    ("http://[::1]/", "forbidden_address"),
    ("http://[::]/", "forbidden_address"),
    ("http://[::ffff:127.0.0.1]/", "forbidden_address"),
    ("http://[::ffff:a9fe:a9fe]/", "forbidden_address"),
    ("http://[64:ff9b::7f00:1]/", "forbidden_address"),
    ("http://[2002:7f00:1::]/", "forbidden_address"),
    ("http://[fe80::1]/", "forbidden_address"),
    ("http://[fd00:ec2::254]/latest/meta-data/", "forbidden_address"),
    ("http://169.254.169.254/latest/meta-data/", "forbidden_address"),
    ("http://0xa9fea9fe/", "forbidden_address"),
    ("http://2852039166/", "forbidden_address"),
    ("http://100.100.100.200/", "forbidden_address"),
    ("http://168.63.129.16/", "forbidden_address"),
    ("http://10.0.0.1/", "forbidden_address"),
    ("http://192.168.0.1/", "forbidden_address"),
    ("http://172.16.0.1/", "forbidden_address"),
    ("http://224.0.0.1/", "forbidden_address"),
    ("http://255.255.255.255/", "forbidden_address"),
    ("http://１２７.0.0.1/", "forbidden_address"),
    ("http://127。0。0。1/", "forbidden_address"),
]
# What a name server says of a host of the attacker's.
HOSTS: list[tuple[list[str], str]] = [
    (["127.0.0.1"], "forbidden_address"),
    (["169.254.169.254"], "forbidden_address"),
    (["::1"], "forbidden_address"),
    (["::ffff:10.0.0.1"], "forbidden_address"),
    (["93.184.215.14", "127.0.0.1"], "forbidden_address"),
    (["0.0.0.0"], "forbidden_address"),
    (["fe80::1%eth0"], "forbidden_address"),
    ([], "unresolved"),
    (["not an address"], "unresolved"),
]
_ZEROS = b"\x00" * 30_000_000
_HTML = "text/html"
_XML = "application/xml"
ANSWERS: list[tuple[str, Behaviour, str]] = [
    ("gzip bomb", gives(gzip.compress(_ZEROS), headers={"Content-Encoding": "gzip"}), "too_large"),
    ("deflate bomb", gives(zlib.compress(_ZEROS), headers={"Content-Encoding": "deflate"}), "too_large"),
    (
        "bomb in a bomb",
        gives(gzip.compress(gzip.compress(_ZEROS)), headers={"Content-Encoding": "gzip, gzip"}),
        "decompression",
    ),
    (
        "cut gzip",
        gives(gzip.compress(b"x" * 99_999)[:-20], headers={"Content-Encoding": "gzip"}),
        "decompression",
    ),
    ("false gzip", gives(b"<p>plain", headers={"Content-Encoding": "gzip"}), "decompression"),
    ("unknown packing", gives(b"<p>", headers={"Content-Encoding": "evil"}), "decompression"),
    ("endless body", endless, "too_large"),
    ("announced length", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<p>"), "too_large"),
    ("negative length", raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<p>"), "broken_answer"),
    ("dripping body", dripping, "timeout"),
    ("late answer", slow(1.2, gives(b"<p>")), "timeout"),
    ("cut in the middle", cut_in_the_middle, "cut_off"),
    ("cut at the start", lambda h: h.cut(), "cut_off"),
    ("nothing at all", raw(b""), "cut_off"),
    ("another protocol", raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "broken_answer"),
    ("bytes", raw(b"\x00\xff\x00\xff\r\n\r\n"), "broken_answer"),
    ("endless header", raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000), "headers_too_large"),
    (
        "very many headers",
        raw(b"HTTP/1.1 200 OK\r\n" + b"X-Abc: aaaaaaaa\r\n" * 4000 + b"\r\n"),
        "headers_too_large",
    ),
    (
        "broken chunks",
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nhello"),
        "broken_answer",
    ),
    ("redirect to itself", redirect("/"), "redirects"),
    ("redirect to metadata", redirect("http://169.254.169.254/latest/"), "forbidden_address"),
    ("redirect to a file", redirect("file:///etc/passwd"), "scheme"),
    ("redirect with a name", redirect("http://a:secret@127.0.0.1/"), "credentials_in_url"),
    ("redirect to nonsense", redirect("http://[::1"), "bad_url"),
    ("refused", status(403), "http_status"),
    ("a picture as a page", gives(b"\x89PNG\r\n\x1a\n\x00", "image/png"), "not_html"),
    ("a program as a page", gives(b"MZ\x90\x00\x03", "application/octet-stream"), "not_html"),
    ("an empty page", gives(b" \n", _HTML), "empty"),
]
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FEEDS: list[tuple[str, bytes, str]] = [
    (
        "billion laughs",
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{_LAUGHS}]><rss><channel><title>&l9;</title></channel></rss>'.encode(),
        "entity_bomb",
    ),
    (
        "billion laughs in UTF-16",
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{_LAUGHS}]><rss/>'.encode("utf-16"),
        "entity_bomb",
    ),
    (
        "a file as an entity",
        b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
        "entity_bomb",
    ),
    (
        "an address as an entity",
        b'<!DOCTYPE feed [<!ENTITY x SYSTEM "http://169.254.169.254/">]><feed>&x;</feed>',
        "entity_bomb",
    ),
    (
        "a parameter entity",
        b'<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://keld.example/x.dtd"> %x;]><rss/>',
        "entity_bomb",
    ),
    (
        "quadratic growth",
        b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 50_000 + b'">]><rss>' + b"&a;" * 50_000 + b"</rss>",
        "entity_bomb",
    ),
    ("a packed bomb", gzip.compress(b"<urlset>" + b" " * 40_000_000), "decompression"),
    ("cut packing", gzip.compress(b"<urlset>" + b"<url/>" * 9999)[:-9], "decompression"),
    ("deep JSON", b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000, "too_deep"),
    (
        "JSON without items",
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": {}}).encode(),
        "bad_feed",
    ),
    (
        "items without links",
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": 1}]}).encode(),
        "bad_feed",
    ),
    ("no XML after the root", b"<rss><channel><<<<", "bad_feed"),
    ("a page as a feed", b"<!DOCTYPE html><html><body>Sign in</body></html>", "not_feed"),
]


def rows() -> list[tuple[str, str]]:
    """Return every hostile input as the documentation lists it: what it is, and the reason for which it is refused."""
    listed = [(_shown(url), reason) for url, reason in URLS]
    listed += [
        (f"name that leads to {', '.join(addresses) or 'nothing'}", reason) for addresses, reason in HOSTS
    ]
    listed += [(f"answer: {name}", reason) for name, _, reason in ANSWERS]
    return listed + [(f"feed: {name}", reason) for name, _, reason in FEEDS]


def _shown(url: str) -> str:
    """Return an address that fits a table: control characters and other scripts escaped, the middle of long ones cut."""
    plain = url.encode("unicode_escape").decode().replace("|", "%7C")
    return f"`{plain if len(plain) <= 60 else f'{plain[:30]} … ({len(url)} characters)'}`"
