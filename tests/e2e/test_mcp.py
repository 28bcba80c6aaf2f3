"""The tools of an agent, with a real client of the Model Context Protocol that starts ``dragoman mcp`` as its own process."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters

from .command import dragoman, environment, write_rows
from .test_incidents import DRILL, ROWS

pytestmark = pytest.mark.model

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a store of four short articles."""
    folder = tmp_path_factory.mktemp("mcp")
    write_rows(folder / "a.jsonl", ROWS)
    done = dragoman("code", "a.jsonl", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def with_client(folder: Path, work: Callable[[Client], Awaitable[None]]) -> None:
    """Let a client of the protocol work with the tools over standard input and output."""

    async def run() -> None:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "dragoman.cli", "mcp"], cwd=folder, env=environment()
        )
        with anyio.fail_after(120):
            async with Client(command) as client:
                await work(client)

    anyio.run(run)


async def told(client: Client, tool: str, **arguments: Any) -> Any:
    """Return the JSON that a tool gives; it must be good."""
    found = await client.call_tool(tool, arguments)
    text = found.content[0].text  # type: ignore[union-attr]
    assert not found.is_error, text
    return json.loads(text)


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """Return the words of a tool that must fail."""
    found = await client.call_tool(tool, arguments)
    assert found.is_error
    text: str = found.content[0].text  # type: ignore[union-attr]
    assert "Traceback" not in text
    return text


def evidence_in(value: Any) -> set[str]:
    """Return every id under a key "evidence"."""
    if isinstance(value, list):
        return {e for v in value for e in evidence_in(v)}
    if not isinstance(value, dict):
        return set()
    own = value.get("evidence", [])
    return {own} if isinstance(own, str) else {*own, *(e for v in value.values() for e in evidence_in(v))}


def test_tools_are_described(folder: Path) -> None:
    """The six tools are there, each with words on itself and on what it takes, and the server says what it is about."""

    async def work(client: Client) -> None:
        tools = {t.name: t for t in (await client.list_tools()).tools}
        assert sorted(tools) == ["brief", "evidence", "incident", "incidents", "relation", "search"]
        assert all(t.description for t in tools.values())
        assert "self" not in tools["search"].input_schema["properties"]
        assert tools["relation"].input_schema["required"] == ["first", "second"]
        assert "sentence" in (client.instructions or "")

    with_client(folder, work)


def test_every_statement_leads_to_its_evidence(folder: Path) -> None:
    """From search, incidents, incident and relation every id of evidence leads to a sentence that stands in its article."""

    async def work(client: Client) -> None:
        hits = await told(client, "search", query="naval bergen")
        assert {h["quote"] for h in hits["hits"]} >= {DRILL}
        assert hits["as_of"]
        listed = await told(client, "incidents", country="NOR")
        whole = await told(client, "incident", incident_id=listed["incidents"][0]["incident_id"])
        relation = await told(client, "relation", first="NOR", second="DNK", since="2024")
        assert relation["newest"]
        assert relation["series"]["rows"]
        alike = await told(client, "search", query="Two fleets trained side by side off the coast of Norway.", meaning=True)  # fmt: skip
        assert "naval" in alike["hits"][0]["quote"]
        for statement in [*hits["hits"], *listed["incidents"], *relation["newest"]]:
            assert evidence_in(statement), statement
        for event in sorted(evidence_in([hits, listed, whole, relation])):
            shown = await told(client, "evidence", event_id=event)
            assert shown["verified"] is True
            assert shown["quote"]["text"] in {r["text"] for r in ROWS} | {DRILL}
        page = await client.call_tool("brief", {"first": "NOR", "second": "DNK"})
        assert page.content[0].text.startswith("# Norway and Denmark")  # type: ignore[union-attr]

    with_client(folder, work)


def test_mistakes_are_told_in_words(folder: Path) -> None:
    """A wrong id, code, date, side or argument is an error in words, and the tools go on working."""

    async def work(client: Client) -> None:
        assert 'no event "zzzz"' in await refused(client, "evidence", event_id="zzzz")
        assert 'no incident "zzzz"' in await refused(client, "incident", incident_id="zzzz")
        assert "PROTEST" in await refused(client, "incidents", type="PROTST")
        assert "since must be a date" in await refused(client, "relation", first="NOR", second="DNK", since="then")  # fmt: skip
        assert "limit" in await refused(client, "search", query="x", limit=0)
        assert "side" in await refused(client, "brief", first=" ", second="DNK")
        assert (await told(client, "incidents", limit=1))["more"] is True

    with_client(folder, work)


def test_without_a_store_nothing_starts(tmp_path: Path) -> None:
    """A store that is not there is a failure in words on standard error, and nothing is written."""
    done = dragoman("mcp", cwd=tmp_path)
    assert done.returncode == 1
    assert (done.stdout, "there is no store" in done.stderr) == ("", True)
    assert list(tmp_path.iterdir()) == []
