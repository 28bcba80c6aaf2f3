"""One row of a table or JSON file → a raw article.

In: a mapping of keys to values. Out: a ``RawArticle`` or ``Rejected``. Keys, which columns of other names may be mapped to: ``text`` (taken verbatim) or ``html``;
``id``, ``title``, ``url``, ``outlet``, ``published_on`` may be missing. Other keys are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from dragoman.read.columns import Columns
from dragoman.records import RawArticle, Rejected

_STRINGS = ("title", "url", "outlet", "published_on")


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says of every article; a row that speaks for itself goes first."""

    outlet: str | None = None
    published_on: date | None = None
    published_field: str | None = None
    columns: Columns = field(default_factory=Columns)


class _BadRow(Exception):
    """What is wrong with a row, in words."""


def to_raw(row: Any, *, source: str, where: str, given: Given) -> RawArticle | Rejected:
    """Return the raw article of a row.

    Args:
        row: The row, as read from JSON or CSV.
        source: The row's address, "path:line".
        where: The row's address in words, for a message.
        given: What holds for all rows.
    """
    source_id = None
    try:
        if not isinstance(row, Mapping):
            raise _BadRow(f"the row is {_kind_of(row)}, not an object with keys")
        told = row
        row = given.columns.map(row, source=source.rpartition(":")[0] or source)
        source_id = _read_id(row)
        strings = {key: _read_string(row, key) for key in _STRINGS}
        text, html = _read_string(row, "text"), _read_string(row, "html")
        if text is None and html is None:
            raise _BadRow(given.columns.explain_missing(told))
        published_on = _read_date(strings["published_on"])
    except _BadRow as error:
        return Rejected(source, "read", "bad_row", f"{where}: {error}", source_id)
    is_text = bool(text) or html is None
    return RawArticle(
        body=(text if is_text else html) or "",
        media_type="text/plain" if is_text else "text/html",
        source=source,
        source_id=source_id,
        url=strings["url"],
        outlet=strings["outlet"] or given.outlet,
        title=strings["title"],
        published_on=published_on or given.published_on,
        published_field="published_on" if published_on else given.published_field,
        verbatim=is_text,
    )


def _read_id(row: Mapping[str, Any]) -> str | None:
    value = row.get("id")
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _BadRow(f'"id" is {_kind_of(value)}; a string or a number was expected')
    return str(value)


def _read_string(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise _BadRow(f'"{key}" is {_kind_of(value)}; a string was expected')
    return value if key in ("text", "html") else value.strip() or None


def _read_date(value: str | None) -> date | None:
    if value is None:
        return None
    for read in _READERS:
        try:
            return read(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise _BadRow(f'"published_on" is "{value[:40]}"; a date such as 2024-03-12 was expected')


def _by(form: str) -> Callable[[str], date]:
    return lambda value: datetime.strptime(value, form).date()


# Source: what tables of news hold besides ISO 8601: mail dates, and days with the month in words. Figures alone in an
# order that countries read differently ("05/06/2024") are refused.
_READERS: tuple[Callable[[str], date], ...] = (
    lambda value: datetime.fromisoformat(value).date(),
    _by("%Y/%m/%d"),
    lambda value: parsedate_to_datetime(value).date(),
    *map(_by, ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")),
)


def _kind_of(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
