"""The tables that go to a server: their keys, and per column the expression of DuckDB that gives its words for COPY.

A row travels as one line of CSV whose quote is the character U+0001, so that JSON needs hardly any doubling. Null is an empty cell
without quotes. What PostgreSQL cannot hold, the character U+0000, becomes U+FFFD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

QUOTE = "\x01"
# What never holds a quote, a comma or a line.
_PLAIN = frozenset({
    "published_on", "quad_class", "intensity", "historical", "independent_sources", "first_seen", "last_seen", "score",
    '"date"."from"', '"date"."to"', "place.lat", "place.lon", "place.resolution", "place.geonames_id", 'confidence."type"',
    '"trigger"."start"', '"trigger"."end"', 'quote."start"', 'quote."end"', "fetched_at::VARCHAR || '+00'",
})  # fmt: skip
COPY_OPTIONS = "(FORMAT csv, QUOTE E'\\x01', ESCAPE E'\\x01')"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a store that has versions, and its columns on the server.

    Attributes:
        name: The same in the store and on the server.
        key: What names a row apart from its version.
        columns: Column on the server → expression of DuckDB; versions apart.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str]

    @property
    def names(self) -> str:
        """Return the columns on the server for COPY, in order, with those of versions."""
        return ", ".join((*self.columns, "recorded_at", "superseded_at"))

    def line(self, until: str) -> str:
        """Return the expression of a row's line; it counts as superseded if it was by a moment, an expression too."""
        cells = [_cell(expression) for expression in self.columns.values()]
        cells.append(_stamp("recorded_at"))
        cells.append(f"CASE WHEN superseded_at <= {until} THEN {_stamp('superseded_at')} ELSE '' END")
        return _line(cells)

    def key_line(self, until: str, *, closed: bool) -> str:
        """Return the expression of a line of key, recorded_at, and superseded_at where ``closed``, else that only if it was by then."""
        cells = [*(_cell(name) for name in self.key), _stamp("recorded_at")]
        end = _stamp("superseded_at")
        cells.append(end if closed else f"CASE WHEN superseded_at <= {until} THEN {end} ELSE '' END")
        return _line(cells)


def _line(cells: Sequence[str]) -> str:
    # One call: a chain of "||" would copy the beginning of the line once per cell.
    return "concat(" + ", ',', ".join(cells) + ")"


def _text(expression: str) -> str:
    """Return words that PostgreSQL takes: doubled quotes, no U+0000."""
    return f"replace(replace({expression}, chr(1), chr(1) || chr(1)), chr(0), chr(65533))"


def _cell(expression: str) -> str:
    """Return a cell of a value: numbers, dates and truths by their own words, everything else quoted."""
    if expression in _PLAIN:
        return f"({expression})::VARCHAR"  # "concat" leaves null out, which makes an empty cell
    return f"chr(1) || {_text(f'({expression})::VARCHAR')} || chr(1)"


def _stamp(column: str) -> str:
    return f"{column}::VARCHAR || '+00'"


def _json(column: str) -> str:
    # An escaped zero is six characters in JSON; two backslashes before "u0000" are a backslash and these words, and stay one.
    return f"replace(CASE WHEN {column} IS NULL THEN NULL ELSE to_json({column})::VARCHAR END, '\\u0000', '\\ufffd')"


def _list(expression: str) -> str:
    """Return a list of words as PostgreSQL writes an array."""
    one = "'\"' || replace(replace(w, '\\', '\\\\'), '\"', '\\\"') || '\"'"
    return (
        f"'{{' || coalesce(array_to_string(list_transform({expression}, lambda w: {one}), ','), '') || '}}'"
    )


def _words(column: str) -> str:
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE {_list(column)} END"


def _codes(column: str) -> str:
    # Not made distinct, which would take longer than all the rest; whether a code is among them is what is asked.
    countries = f"list_transform({column}, lambda p: p.country)"
    sectors = f"flatten(list_transform({column}, lambda p: list_transform(p.sectors, lambda s: p.country || '/' || s)))"
    return _list(f"list_concat({countries}, {sectors})")


def _names(column: str) -> str:
    return _list(f"list_filter(list_transform({column}, lambda p: coalesce(p.name, p.text)), lambda n: n IS NOT NULL)")  # fmt: skip


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_SIDES = {
    "actor_codes": _codes("actors"), "recipient_codes": _codes("recipients"), "actor_names": _names("actors"),
    "recipient_names": _names("recipients"), "actors": _json("actors"), "recipients": _json("recipients"),
}  # fmt: skip
_WHEN_AND_WHERE = {
    "date_from": '"date"."from"', "date_to": '"date"."to"', "date_precision": '"date"."precision"', "date": _json('"date"'),
    "place_name": "place.name", "place_country": "place.country", "lat": "place.lat", "lon": "place.lon",
    "resolution": "place.resolution", "geonames_id": "place.geonames_id", "place": _json("place"),
}  # fmt: skip

ARTICLES = Table("articles", ("article_id",), {
    **_same("article_id", "source_id", "url", "outlet", "title", "language", "published_on"),
    "published_evidence": _json("published_evidence"), "fetched_at": _stamp("fetched_at"),
    **_same("copy_of", "credit", "newsroom", "coder_version", "model_digest", "run_id"),
})  # fmt: skip
EVENTS = Table("events", ("event_id",), {
    **_same("event_id", "article_id", "source_id", "section", "event_type", "mode"),
    "contexts": _words("contexts"), **_same("quad_class", "intensity", "cameo", "status", "historical"),
    "trigger": '"trigger".text', "trigger_start": '"trigger"."start"', "trigger_end": '"trigger"."end"',
    "quote": "quote.text", "quote_start": 'quote."start"', "quote_end": 'quote."end"',
    **_SIDES, **_WHEN_AND_WHERE,
    "said_by": _json("said_by"), "counts": _json("counts"), "type_confidence": 'confidence."type"',
    "confidence": _json("confidence"), "reasons": _json("reasons"), **_same("coder_version", "model_digest", "ontology", "run_id"),
})  # fmt: skip
INCIDENTS = Table("incidents", ("incident_id",), {
    **_same("incident_id", "event_type", "mode", "quad_class", "status", "historical"),
    **_SIDES, **_WHEN_AND_WHERE,
    "events": _words("events"), "reports": _words("reports"), "independent_sources": "independent_sources",
    "newsrooms": _words("newsrooms"), **_same("first_seen", "last_seen"),
    "counts": _json("counts"), "denials": _json("denials"), "why": _json("why"), "run_id": "run_id",
})  # fmt: skip
INCIDENT_EVENTS = Table("incident_events", ("event_id",), _same("incident_id", "event_id", "article_id"))
LINKS = Table("links", ("incident_id", "kind", "other_incident_id"), {
    **_same("incident_id", "kind", "other_incident_id", "score"), "reasons": _words("reasons"),
})  # fmt: skip
TABLES = (ARTICLES, EVENTS, INCIDENTS, INCIDENT_EVENTS, LINKS)
VIEWS = (
    "current_articles", "current_events", "current_incidents", "incident_reports", "current_links", "current_participants",
)  # fmt: skip
