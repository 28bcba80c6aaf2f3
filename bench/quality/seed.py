"""Compare the coder with a page whose events are listed: required ones, acceptable ones, everything else is false.

    python bench/quality/seed.py PAGE.txt GOLD.json [--published 2025-05-19] [--verbose]

A required event is found when an event (or an incident's mention) has one of its types, its quoted words stand in the
sentence, and every side it names is among the event's sides (country, and sector where the gold gives one).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from dragoman.pipeline import load
from dragoman.records import Coded, Event, Participant, RawArticle


def sides_fit(wanted: list[str], found: tuple[Participant, ...], *, sector: bool) -> bool:
    """Tell whether every wanted "IRN/MIL" or "AZE" is among the participants."""
    for code in wanted:
        country, _, own = code.partition("/")
        if not any(p.country == country and (not own or not sector or own in p.sectors) for p in found):
            return False
    return True


def squeeze(text: str) -> str:
    """Return words with single spaces and plain quotes, so that a quote is found whatever its typography."""
    return " ".join(text.replace("’", "'").replace("“", '"').replace("”", '"').split()).lower()


def fits(event: Event, gold: Mapping[str, Any], *, sides: bool, sector: bool) -> bool:
    """Tell whether an event is the one that a gold entry describes."""
    if event.event_type not in gold["type"].split("|") or squeeze(gold["quote"]) not in squeeze(
        event.quote.text
    ):
        return False
    if not sides:
        return True
    everyone = (*event.actors, *event.recipients)
    return sides_fit(
        gold.get("actors", []), event.actors if gold.get("recipients") else everyone, sector=sector
    ) and (sides_fit(gold.get("recipients", []), event.recipients, sector=sector))


def compare(coded: Coded, gold: Mapping[str, Any]) -> dict[str, Any]:
    """Return which required events were found, loosely and strictly, and which events are false."""
    events = coded.events
    found = [g for g in gold["required"] if any(fits(e, g, sides=True, sector=False) for e in events)]
    strict = [g for g in gold["required"] if any(fits(e, g, sides=True, sector=True) for e in events)]
    by_id = {e.event_id: e for e in events}
    false = []
    for incident in coded.incidents:
        own = [by_id[i] for i in incident.events]
        # An incident is right when one of its mentions is a listed event, by type and words.
        if not any(
            fits(e, g, sides=False, sector=False) for e in own for g in [*gold["required"], *gold["accept"]]
        ):
            false.append(own[0])
    drill = [
        i
        for i in coded.incidents
        if any(fits(by_id[e], gold["required"][0], sides=False, sector=False) for e in i.events)
    ]
    return {
        "required": len(gold["required"]),
        "found": len(found),
        "found_with_sectors": len(strict),
        "missed": [g["quote"] for g in gold["required"] if g not in found],
        "false": [f"{e.event_type} «{e.trigger.text}» in {e.section}: {e.quote.text[:90]}" for e in false],
        "teaser_events": sum(e.section == "teaser" for e in events),
        "drill_incidents": len(drill),
        "drill_mentions": max((len(i.events) for i in drill), default=0),
    }


def main() -> int:
    """Print the comparison as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("page", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--published", type=date.fromisoformat)
    parser.add_argument("--verbose", action="store_true")
    a = parser.parse_args()
    coder = load()
    row = RawArticle(a.page.read_bytes(), "text/plain", str(a.page), published_on=a.published,
                     published_field="--published" if a.published else None)  # fmt: skip
    coded = coder([row])
    report = compare(coded, json.loads(a.gold.read_text(encoding="utf-8")))
    report["published_on"] = str(coded.articles[0].published_on)
    if a.verbose:
        for e in coded.events:
            who = ", ".join(f"{p.text}={p.country}/{'+'.join(p.sectors)}" for p in e.actors)
            whom = ", ".join(f"{p.text}={p.country}/{'+'.join(p.sectors)}" for p in e.recipients)
            when = f"{e.date.from_}..{e.date.to}" if e.date else None
            print(
                f"{e.section:9} {e.confidence.type:.2f} {e.event_type}/{e.mode} {e.status} «{e.trigger.text}» [{who}] → [{whom}] @{e.place.name if e.place else None} {when}"
            )
    print(json.dumps(report, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
