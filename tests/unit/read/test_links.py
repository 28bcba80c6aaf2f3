"""What a URL is, how it is written cleanly, and when two URLs are one article."""

from __future__ import annotations

import pytest

from dragoman.read.web.links import BadUrl, clean_url, is_url, join_url, parse_url, url_key

ARTICLE = "https://www.keld.example/world/2024/strike"


@pytest.mark.parametrize(
    "url",
    [
        "http://keld.example/world/2024/strike", "HTTPS://WWW.Keld.Example/world/2024/strike", f"{ARTICLE}/", f"{ARTICLE}#top",
        f"{ARTICLE}?utm_source=rss&utm_medium=feed", f"{ARTICLE}?fbclid=IwAR0", f"{ARTICLE}/amp", f"{ARTICLE}/amp/",
        "https://amp.keld.example/world/2024/strike", "https://m.keld.example/world/2024/strike",
        "https://www.keld.example/amp/world/2024/strike", f"{ARTICLE}?amp=1", f"{ARTICLE}?output=amp", f"{ARTICLE}/print",
        f"{ARTICLE}?print=true", f"{ARTICLE}?view=print", "https://www.keld.example:443/world/2024/strike",
        "https://www.keld.example//world/2024/strike", f"{ARTICLE}/index.html", f"{ARTICLE}?at_medium=RSS&ref=home", f"{ARTICLE}?CMP=x",
    ],
)  # fmt: skip
def test_urls_of_one_article_have_one_key(url: str) -> None:
    """Scheme, host letters, "www", slashes, fragments, tracking, AMP and print make no other article."""
    assert url_key(url) == url_key(ARTICLE)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.keld.example/world/2024/strike-2", "https://www.keld.example/World/2024/strike", f"{ARTICLE}?id=3",
        f"{ARTICLE}?page=2", "https://news.keld.example/world/2024/strike", "https://www.halden.example/world/2024/strike",
        "https://www.keld.example/world/2024/ampere", "https://www.keld.example/world/2024/printing",
    ],
)  # fmt: skip
def test_urls_of_two_articles_have_two_keys(url: str) -> None:
    """Another path, another host and a parameter that counts make another article."""
    assert url_key(url) != url_key(ARTICLE)


def test_parameters_may_change_their_order() -> None:
    """The key does not depend on the order of parameters."""
    assert url_key("https://keld.example/?p=3&lang=en") == url_key("https://keld.example/?lang=en&p=3")


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("HTTP://Keld.Example:80/A/b/?utm_source=x&id=3#frag", "http://keld.example/A/b/?id=3"),
        ("https://keld.example", "https://keld.example/"),
        ("https://keld.example:8443/a", "https://keld.example:8443/a"),
        ("https://keld.example/a;v=1?b=2&a=1", "https://keld.example/a;v=1?b=2&a=1"),
        ("https://bücher.example/ü?q=ä", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4"),
        ("https://keld.example/a%20b", "https://keld.example/a%20b"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("https://keld.example./a", "https://keld.example/a"),
        ("no url", "no url"),
    ],
)
def test_a_clean_url_leads_to_the_same_page(url: str, clean: str) -> None:
    """Only what no server needs is dropped, and cleaning twice is cleaning once."""
    assert clean_url(url) == clean
    assert clean_url(clean) == clean


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://keld.example/a", "scheme"), ("file:///etc/passwd", "scheme"), ("javascript:alert(1)", "scheme"),
        ("data:text/html,x", "scheme"), ("gopher://keld.example/", "scheme"), ("//keld.example/a", "scheme"), ("", "scheme"),
        ("http://", "bad_url"), ("http:///a", "bad_url"), ("http://keld.example:99999/", "bad_url"), ("http://keld.example:0/", "bad_url"),
        ("http://keld.example:x/", "bad_url"), ("http://keld example/", "bad_url"), ("http://keld.example\\@halden.example/", "bad_url"),
        ("http://keld.example/a\nb", "bad_url"), ("http://[::1/", "bad_url"), ("http://keld..example/", "bad_url"),
        ("http://" + "a" * 300 + ".example/", "bad_url"), ("http://keld.example/" + "a" * 5000, "bad_url"),
        ("http://reader:secret@keld.example/", "credentials_in_url"), ("http://reader@keld.example/", "credentials_in_url"),
    ],
)  # fmt: skip
def test_what_is_not_fetched_is_refused_with_its_reason(url: str, reason: str) -> None:
    """Other schemes, broken hosts and ports, hidden characters and user names are refused; a password is never told."""
    with pytest.raises(BadUrl) as caught:
        parse_url(url)
    assert caught.value.reason == reason
    assert "secret" not in caught.value.detail


def test_full_width_letters_are_what_they_stand_for() -> None:
    """An address in other digits is seen as the address."""
    assert parse_url("http://１２７.0.0.1/").host == "127.0.0.1"
    assert parse_url("http://127。0。0。1/").host == "127.0.0.1"


@pytest.mark.parametrize(
    "name", ["http://keld.example", "HTTPS://keld.example/a", "ftp://keld.example", "javascript:alert(1)"]
)
def test_urls_are_told_from_paths(name: str) -> None:
    """Whatever has a scheme is meant as a URL."""
    assert is_url(name)


@pytest.mark.parametrize(
    "name", ["-", "a.html", "./http/a", "/a/b://c/d", "C:\\news\\a.html", "news:2024.txt", ""]
)
def test_paths_are_no_urls(name: str) -> None:
    """Files, folders and standard input are not."""
    assert not is_url(name)


def test_relative_links_are_joined() -> None:
    """A link of a page is taken from where the page is."""
    assert join_url("https://keld.example/a/b", "../c?d=1") == "https://keld.example/c?d=1"
