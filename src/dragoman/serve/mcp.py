"""Tools of an agent over one store (Model Context Protocol, on standard input and output).

Results are compact JSON: what is null is left out, every statement stands with the id of its evidence, and ``as_of`` says which
state of knowledge it tells of. What goes wrong is told in words.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from dragoman import __version__
from dragoman.answer.asking import check_period, filter_of, to_day
from dragoman.answer.briefs import get_brief, to_markdown
from dragoman.answer.details import get_incident
from dragoman.answer.evidence import get_evidence
from dragoman.answer.relations import evidence_of, get_relation, to_rows
from dragoman.answer.search import Meanings, find_meanings, find_sentences
from dragoman.errors import DragomanError
from dragoman.ontology import Ontology
from dragoman.relate.groups import side_of
from dragoman.serve.condensed import hit_of, incident_of, quotes_of, relation_of, without_empty
from dragoman.serve.reading import Reading, View
from dragoman.store.paged import incident_page

ABOUT = """Political events coded from news articles: who did what to whom, where and when, each with the sentence that says so.
Sides are countries (IRN), countries with a sector (IRN/MIL, sectors such as GOV, MIL, REB, CVL) or words of a name. Ids under
"evidence" are those of single events: cite them, and look at their sentences with the tool "evidence". Only what a sentence says
is in here; what is not here may still have happened."""

Side = Annotated[str, Field(description='A country "IRN", country and sector "IRN/MIL", words of a name, or codes with commas "FRA,DEU".')]  # fmt: skip
Someone = Annotated[str | None, Field(description='"IRN", "IRN/MIL" or words of a name.')]
Since = Annotated[str | None, Field(description="First day, month or year: 2020-09-27, 2020-09 or 2020.")]
Until = Annotated[str | None, Field(description="Last day.")]


class Tools:
    """The tools; each returns compact JSON.

    Args:
        reading: Gives the store.
        ontology: The codes.
        encode: Gives the vector of a question by meaning.
    """

    def __init__(self, reading: Reading, ontology: Ontology, encode: Callable[[str], bytes]) -> None:
        self._reading = reading
        self._ontology = ontology
        self._encode = encode

    def search(
        self,
        query: Annotated[str, Field(description='Words that must all stand in the sentence; "words in quotes" stand together.')],
        meaning: Annotated[bool, Field(description="Find sentences of like meaning instead; then give a whole sentence.")] = False,
        since: Since = None, until: Until = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> str:  # fmt: skip
        """Find sentences that report events, by words or by meaning."""
        wanted = filter_of(ontology=self._ontology, since=since, until=until)
        with self._reading.view() as view:
            if meaning:
                vectors = view.remember("meanings", lambda: Meanings(view.store))
                hits, end = find_meanings(
                    view.store, query, wanted, meanings=vectors, encode=self._encode, limit=limit
                )
            else:
                hits, end = find_sentences(view.store, query, wanted, limit=limit)
            return _told(view, {"hits": [hit_of(h) for h in hits], "more": end is not None})

    def incidents(
        self, actor: Someone = None, recipient: Someone = None, participant: Someone = None,
        type: Annotated[str | None, Field(description="Event types with commas, such as ASSAULT,COERCE.")] = None,
        since: Since = None, until: Until = None,
        place: Annotated[str | None, Field(description="Words of the place's name.")] = None,
        country: Annotated[str | None, Field(description="Country of the place or of any side.")] = None,
        status: Annotated[Literal["actual", "future", "hypothetical", "negated"] | None, Field(description="Whether it happened.")] = None,
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> str:  # fmt: skip
        """List what happened, newest first: each incident once, however many articles report it, with its sentences."""
        wanted = filter_of(
            ontology=self._ontology, actor=actor, recipient=recipient, participant=participant, types=[type or ""],
            since=since, until=until, place=place, country=country, status=status,
        )  # fmt: skip
        with self._reading.view() as view:
            rows, end = incident_page(view.store, wanted, limit=limit)
            return _told(view, {"incidents": [incident_of(r) for r in rows], "more": end is not None})

    def incident(self, incident_id: Annotated[str, Field(description="The id, or a beginning of it.")]) -> str:  # fmt: skip
        """Show one incident: all its sentences, counts with who said them, what it follows from, and why its reports are one."""
        with self._reading.view() as view:
            row = get_incident(view.store, incident_id, most=10_000)
            told = incident_of(row, quotes=len(row["evidence"]))
            told["said"] = quotes_of(row["evidence"])
            told["joined_because"] = row["why"]
            told["follows"], told["followed_by"] = row["follows"], row["followed_by"]
            return _told(view, without_empty(told))

    def relation(
        self, first: Side, second: Side, since: Since = None, until: Until = None,
        step: Literal["day", "week", "month"] = "month",
        limit: Annotated[int, Field(ge=1, le=100, description="Incidents and periods, the newest ones.")] = 20,
    ) -> str:  # fmt: skip
        """Tell how two sides get on: where it turned, the newest incidents, and the level over time with its interval."""
        sides = [side_of(words, ontology=self._ontology) for words in (first, second)]
        begin, end = to_day("since", since), to_day("until", until)
        check_period(begin, end, step=step, today=datetime.now(UTC).date())
        with self._reading.view() as view:
            found = get_relation(
                view.store, sides[0], sides[1], ontology=self._ontology, since=begin, until=end, step=step
            )
            row = to_rows(found, evidence=evidence_of(view.store, found.points, most=1))
            return _told(view, relation_of(row, points=limit, periods=max(limit, 24)))

    def evidence(
        self, event_id: Annotated[str, Field(description='An id as other tools give under "evidence".')],
        context: Annotated[int, Field(ge=0, le=2000, description="Characters before and after.")] = 300,
    ) -> str:  # fmt: skip
        """Show the sentence that an event rests on in its surroundings, with its article, and whether it stands there exactly so."""
        with self._reading.view() as view:
            return _told(view, without_empty(get_evidence(view.store, event_id, context=context)))

    def brief(self, first: Side, second: Side, since: Since = None, until: Until = None) -> str:
        """Write one page in Markdown on how two sides get on; every sentence ends in its evidence."""
        sides = [side_of(words, ontology=self._ontology) for words in (first, second)]
        begin, end = to_day("since", since), to_day("until", until)
        check_period(begin, end, today=datetime.now(UTC).date())
        with self._reading.view() as view:
            found = get_brief(view.store, sides[0], sides[1], ontology=self._ontology, since=begin, until=end)
            return to_markdown(found)


def make_server(reading: Reading, *, ontology: Ontology, encode: Callable[[str], bytes]) -> MCPServer[Any]:
    """Return the server with its tools."""
    server: MCPServer[Any] = MCPServer(
        "dragoman", title="Dragoman", instructions=ABOUT, version=__version__, log_level="ERROR"
    )
    tools = Tools(reading, ontology, encode)
    for tool in (tools.search, tools.incidents, tools.incident, tools.relation, tools.brief, tools.evidence):
        server.add_tool(_in_words(tool), description=tool.__doc__, structured_output=False)
    return server


def run_stdio(store: Path, *, ontology: Ontology, encode: Callable[[str], bytes], wait_s: float) -> None:
    """Serve the tools on standard input and output until it ends."""
    reading = Reading(store, wait_s=wait_s, idle_s=0)
    try:
        make_server(reading, ontology=ontology, encode=encode).run("stdio")
    finally:
        reading.close()


def _in_words(tool: Callable[..., str]) -> Callable[..., str]:
    """Let a tool tell what is wrong with the words of our own errors."""

    @functools.wraps(tool)
    def told(*args: Any, **kwargs: Any) -> str:
        try:
            return tool(*args, **kwargs)
        except DragomanError as error:
            raise ToolError(f"{error} ({error.code})") from error

    return told


def _told(view: View, row: dict[str, Any]) -> str:
    return json.dumps({"as_of": _iso(view.changed_at), **row}, ensure_ascii=False, separators=(",", ":"))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
