"""URLs → raw articles: pages, feeds, sitemaps and lists of URLs, fetched politely and within limits.

``links`` tells what a URL is and when two are one; ``addresses`` which machines may be reached; ``connect`` reaches only
those; ``body`` unpacks what comes within limits; ``robots`` keeps what hosts ask of robots; ``credentials`` holds what some
of them want; ``fetch`` puts these together; ``feeds`` reads what lists articles; ``pages`` goes from a URL to its articles.

The network library is loaded when a name that needs it is first used: who reads files only does not pay for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from dragoman.read.web.links import clean_url, is_url, url_key

if TYPE_CHECKING:
    from dragoman.read.web.credentials import Credentials, load_credentials
    from dragoman.read.web.feeds import Entry, Feed, is_url_list, read_feed
    from dragoman.read.web.fetch import Ask, Failed, Fetched, Fetcher, Limits
    from dragoman.read.web.pages import iter_url, iter_urls, to_raw

__all__ = [
    "Ask",
    "Credentials",
    "Entry",
    "Failed",
    "Feed",
    "Fetched",
    "Fetcher",
    "Limits",
    "clean_url",
    "is_url",
    "is_url_list",
    "iter_url",
    "iter_urls",
    "load_credentials",
    "read_feed",
    "to_raw",
    "url_key",
]
_WHERE = {
    **dict.fromkeys(("Ask", "Failed", "Fetched", "Fetcher", "Limits"), "fetch"),
    **dict.fromkeys(("Entry", "Feed", "is_url_list", "read_feed"), "feeds"),
    **dict.fromkeys(("Credentials", "load_credentials"), "credentials"),
    **dict.fromkeys(("iter_url", "iter_urls", "to_raw"), "pages"),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
