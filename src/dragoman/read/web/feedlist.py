"""The file of feeds that ``dragoman watch`` keeps reading: TOML, one table per feed, everything checked.

[[feeds]]
url = "https://www.keld.example/rss.xml"
outlet = "Keld Times"
country = "NOR"         # optional
every_minutes = 30      # optional
enabled = true          # optional
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dragoman.errors import FeedsError
from dragoman.read.web.links import BadUrl, clean_url, parse_url

EXAMPLE = Path(__file__).parent / "example_feeds.toml"
_KEYS = {"url": str, "outlet": str, "country": str, "every_minutes": float, "enabled": bool}
MAX_MINUTES = 10_080.0  # a week; what is asked for less often is not watched


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed as the file has it; ``every_s`` is None for the setting's."""

    url: str
    outlet: str
    country: str | None = None
    every_s: float | None = None
    enabled: bool = True


def load_feeds(path: Path) -> list[ListedFeed]:
    """Return the feeds of a file, the disabled ones too.

    Raises:
        FeedsError: The file cannot be read, or a feed is wrong; it is named.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FeedsError(
            f'the file of feeds "{path}" cannot be read: {error.strerror}. Make one: dragoman feeds example > {path}'
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FeedsError(f'the file of feeds "{path}" is not TOML: {error}.') from error
    rows = table.get("feeds")
    if set(table) - {"feeds"} or not isinstance(rows, list) or not rows:
        raise FeedsError(
            f'the file of feeds "{path}" must hold tables [[feeds]] and nothing else. See: dragoman feeds example'
        )
    feeds: dict[str, ListedFeed] = {}
    for number, row in enumerate(rows, 1):
        feed = _to_feed(f'"{path}", feed {number}', row)
        if feed.url in feeds:
            raise FeedsError(f'"{path}", feed {number}: "{feed.url}" is there already. Give each feed once.')
        feeds[feed.url] = feed
    return list(feeds.values())


def _to_feed(where: str, row: Any) -> ListedFeed:
    if not isinstance(row, dict):
        raise FeedsError(f"{where}: a feed is a table with a url.")
    for key, value in row.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else f" Known: {', '.join(_KEYS)}."
            raise FeedsError(f'{where}: "{key}" is not a key of a feed.{hint}')
        kinds = (int, float) if _KEYS[key] is float else (_KEYS[key],)
        if not isinstance(value, kinds) or (isinstance(value, bool) and _KEYS[key] is not bool):
            raise FeedsError(f'{where}: "{key}" has the wrong kind of value.')
    if "url" not in row:
        raise FeedsError(f'{where}: it needs a "url".')
    try:
        target = parse_url(row["url"])
    except BadUrl as error:
        raise FeedsError(f"{where}: {error.detail}.") from None
    if (country := row.get("country")) is not None and not re.fullmatch(r"[A-Z]{3}", country):
        raise FeedsError(
            f'{where}: "country" must be three capitals such as "NOR" (ISO 3166-1); got "{country}".'
        )
    minutes = row.get("every_minutes")
    if minutes is not None and not 0 <= minutes <= MAX_MINUTES:
        raise FeedsError(f'{where}: "every_minutes" must be from 0 to {MAX_MINUTES:g}; got {minutes}.')
    return ListedFeed(
        clean_url(row["url"]), row.get("outlet") or target.host, country, None if minutes is None else 60.0 * minutes,
        row.get("enabled", True),
    )  # fmt: skip
