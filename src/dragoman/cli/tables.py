"""How records look to a person on a terminal: articles with their incidents, marked text, tables."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

Row = Mapping[str, Any]
# One colour per quad class, told apart by people who do not see red and green: blue, cyan, yellow, magenta.
_COLOURS = {1: "blue", 2: "cyan", 3: "yellow", 4: "magenta"}
_WIDTH = 118


def console(*, stderr: bool = False) -> Console:
    """Return a console that writes plain text when nobody watches."""
    out = sys.stderr if stderr else sys.stdout
    return Console(file=out, highlight=False, width=None if out.isatty() else _WIDTH, soft_wrap=True)


def side(person: Row) -> str:
    """Return a participant in short: "Vali Madani (IRN/MIL)"."""
    code = person["country"] or "?"
    if person["sectors"]:
        code += f"/{person['sectors'][0]}"
    name = person["name"] or person["text"]
    return f"{_short(name, 34)} ({code})"


def sides(people: Sequence[Row]) -> str:
    """Return participants in short."""
    return ", ".join(side(p) for p in people)


def when(date: Row | None) -> str:
    """Return a date as people write it: a day, or its unit, or both ends."""
    if date is None:
        return "no date"
    first, last, precision = date["from"], date["to"], date["precision"]
    if precision == "year" and first[5:] == "01-01" and last[5:] == "12-31" and first[:4] == last[:4]:
        return str(first[:4])
    if precision == "month" and first[:7] == last[:7]:
        return str(first[:7])
    return str(first) if first == last else f"{first}…{last}"


def _short(words: str, most: int) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def event_line(row: Row) -> Text:
    """Return one event or incident on a line: type, who, to whom, when, where."""
    kind = row["event_type"] + (f"/{row['mode']}" if row["mode"] else "")
    line = Text()
    line.append(f"{kind:<20}", style=f"bold {_COLOURS[row['quad_class']]}")
    line.append(f" {when(row['date']):<11}")
    line.append("  " + (sides(row["actors"]) or "nobody named"))
    if row["recipients"]:
        line.append(" → " + sides(row["recipients"]))
    place = row["place"]
    if place is not None:
        line.append(f"  @ {place['name']}" + (f", {place['country']}" if place["country"] else ""))
    notes = [row["status"]] if row["status"] != "actual" else []
    notes += ["background"] if row["historical"] else []
    if notes:
        line.append(f"  [{', '.join(notes)}]", style="dim")
    return line


def print_article(article: Row, incidents: Sequence[Row], events: Mapping[str, Row]) -> None:
    """Print an article's head and its incidents, each with the sentence it rests on."""
    out = console()
    out.print(Text(article["title"] or article["source"], style="bold"))
    out.print(Text(_published(article), style="dim"))
    for number, incident in enumerate(incidents, 1):
        out.print(Text.assemble(f"{number:>3}  ", event_line(incident)))
        first = events[incident["events"][0]]
        told = [events[e] for e in incident["events"]]
        best = next((e for e in told if e["section"] == "body"), first)
        quote = textwrap.wrap(f"“{' '.join(best['quote']['text'].split())}”", _WIDTH - 6)
        for line in quote:
            out.print(Text(f"      {line}"))
        if len(told) > 1:
            out.print(
                Text(f"      told {len(told)} times: {', '.join(e['section'] for e in told)}", style="dim")
            )
    if not incidents:
        out.print("     no events")
    out.print()


def _published(article: Row) -> str:
    evidence = article["published_evidence"]
    where = article["outlet"] or article["source"]
    if evidence is None:
        return f"{where} · publication date not known"
    how = {"given": f"given by {evidence['detail']}", "inferred": "inferred from the text"}.get(
        evidence["basis"], f"from the {evidence['basis']}: {evidence['detail']}"
    )
    span = (
        f", between {evidence['earliest']} and {evidence['latest']}"
        if evidence["basis"] == "inferred"
        else ""
    )
    return f"{where} · published {article['published_on']} ({how}{span})"


def print_marked(article: Row, events: Iterable[Row]) -> None:
    """Print an article's text with every event's evidence marked in place and listed below."""
    out = console()
    found = sorted(events, key=lambda e: (e["trigger"]["start"], e["event_id"]))
    out.print(Text(article["title"] or article["source"], style="bold"))
    out.print(Text(_published(article), style="dim"))
    out.print()
    out.print(_mark(article["text"], found))
    out.print()
    for number, event in enumerate(found, 1):
        out.print(Text.assemble(f"[{number}] ", event_line(event), f"  {event['event_id']}"))


def _mark(text: str, events: Sequence[Row]) -> Text:
    marked, at = Text(), 0
    for number, event in enumerate(events, 1):
        start, end = event["trigger"]["start"], event["trigger"]["end"]
        if start < at:  # two events on the same words: the first mark stands, the number is added
            marked.append(f"[{number}]", style="bold")
            continue
        marked.append(text[at:start])
        marked.append("«" + text[start:end] + "»", style=f"bold underline {_COLOURS[event['quad_class']]}")
        marked.append(f"[{number}]", style="bold")
        at = end
    marked.append(text[at:])
    return marked


def print_event(event: Row, article: Row | None) -> None:
    """Print one event with its sentence marked and every field with its reason."""
    out = console()
    out.print(event_line(event))
    quote, trigger = event["quote"], event["trigger"]
    a, b = trigger["start"] - quote["start"], trigger["end"] - quote["start"]
    words = quote["text"]
    out.print(Text.assemble("“", words[:a], (f"«{words[a:b]}»", "bold underline"), words[b:], "”"))
    if article is not None:
        out.print(Text(f"{_published(article)} · characters {quote['start']}–{quote['end']}", style="dim"))
    rows: list[tuple[str, str]] = [("event", event["event_id"]), ("article", event["article_id"])]
    for role, people in (("actor", event["actors"]), ("recipient", event["recipients"])):
        rows += [
            (role, f"{side(p)}: “{p['text']}”, because {p['basis']} ({p['confidence']:.2f})") for p in people
        ]
    if event["said_by"]:
        rows.append(("said by", side(event["said_by"])))
    if event["place"]:
        p = event["place"]
        spot = f"{p['lat']:.2f}, {p['lon']:.2f}" if p["lat"] is not None else "no coordinates"
        rows.append(
            ("place", f"{p['name']}, {p['country'] or '?'} ({spot}): “{p['text']}” ({p['confidence']:.2f})")
        )
    if event["date"]:
        rows.append(("date", f"{when(event['date'])}: {event['date']['basis']}"))
    rows += [("count", f"{what}: “{c['text']}”") for what, c in (event["counts"] or {}).items()]
    rows += [
        ("contexts", ", ".join(event["contexts"] or []) or "none"),
        ("intensity", f"{event['intensity']:+.1f} (CAMEO {event['cameo']})"),
    ]
    rows += [(f"no {field}", reason) for field, reason in (event["reasons"] or {}).items()]
    rows.append(("confidence", f"type {event['confidence']['type']:.2f}"))
    for name, value in rows:
        out.print(Text.assemble((f"  {name:<14}", "dim"), value))


def print_incident(incident: Row) -> None:
    """Print one incident with its reports and why they were joined."""
    out = console()
    out.print(event_line(incident))
    for report in incident["reports"]:
        where = report["outlet"] or report["title"] or report["article_id"]
        out.print(Text(f"  {report['section']:<10} {where}: “{' '.join(report['quote'].split())}”"))
    for why in incident["why"] or []:
        out.print(
            Text(f"  joined {why['event_id']} ({why['score']}): {'; '.join(why['reasons'])}", style="dim")
        )


def print_evaluation(found: Mapping[str, Any]) -> None:
    """Print what ``eval`` measured: figures with intervals, then by type, outlet, class of mistake and confidence."""
    for name, value in found["figures"].items():
        low, high = found["intervals"][name]
        print(f"{name:20} {value:.3f}   {low:.3f}–{high:.3f}")
    print(f"\n{'type':10} {'F1':>5} {'gold':>5} {'found':>5} {'right':>5}")
    for name, row in found["per_type"].items():
        print(f"{name:10} {row['f1']:5.2f} {row['gold']:5.0f} {row['found']:5.0f} {row['right']:5.0f}")
    shown = ("type", "event", "event_sector", "event_text")
    print(f"\n{'outlet':40} {'articles':>8} {'events':>6} " + " ".join(f"{k:>12}" for k in shown))
    for name, row in found["per_outlet"].items():
        values = " ".join(f"{row[k]:12.3f}" for k in shown)
        print(f"{_short(name, 40):40} {row['articles']:8.0f} {row['gold']:6.0f} {values}")
    print("\nmistakes, and what mending each class would add to an F1")
    print(f"{'class':16} {'number':>6} " + " ".join(f"{k:>12}" for k in (*shown, "event_whole")))
    for name, row in found["costs"].items():
        values = " ".join(f"{row[k]:+12.3f}" for k in (*shown, "event_whole"))
        print(f"{name:16} {row['number']:6.0f} {values}")
    print(f"\n{'confidence of':16} {'error':>6} {'by chance':>9} {'said':>6} {'right':>6} {'number':>6}")
    for name, row in found["calibration"].items():
        words = f"{row['error']:6.3f} {row['by_chance']:9.3f} {row['confidence']:6.3f} {row['right']:6.3f}"
        print(f"{name:16} {words} {row['number']:6.0f}")
    print(f"\n{'least confidence':16} {'kept':>6} {'precision':>9} {'recall':>6} {'F1':>6}")
    for row in found["curve"]:
        words = f"{row['coverage']:6.2f} {row['precision']:9.2f} {row['recall']:6.2f} {row['f1']:6.3f}"
        print(f"{row['min_confidence']:16.2f} {words}")
