"""The page that ``dragoman eval --errors`` writes: figures, what each class of mistake costs, and every mistake in its sentence.

One HTML file without anything outside it, so that it can be sent around. All text from articles is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from dragoman.mistakes import KINDS, Cost, Mistake
from dragoman.score import FIGURES

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
th:first-child, td:first-child { text-align: left; }
article { margin: .8rem 0; padding: .6rem .9rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .4rem; }
mark { background: color-mix(in srgb, orange 45%, transparent); color: inherit; border-radius: .2rem; }
.side { display: grid; grid-template-columns: 5.5rem 1fr; margin: 0; }
.side dt { opacity: .7; } .side dd { margin: 0; }
small { opacity: .7; }
"""


def write_page(
    *, name: str, figures: Mapping[str, float], intervals: Mapping[str, tuple[float, float]],
    outlets: Mapping[str, Mapping[str, float]], costs: Sequence[Cost], mistakes: Sequence[Mistake],
) -> str:  # fmt: skip
    """Return the page as one HTML text.

    Args:
        name: What was measured, such as the gold file's name.
        figures: Figures over all articles, 0–1.
        intervals: 95 % intervals of them.
        outlets: Figures per outlet.
        costs: Classes of mistake, dearest first; the mistakes follow in this order.
        mistakes: Every mistake.
    """
    title = f"Mistakes on {escape(name)}"
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{title}</h1>',
        _figures(figures, intervals),
        _costs(costs),
        _outlets(outlets) if len(outlets) > 1 else "",
    ]
    for cost in costs:
        own = [m for m in mistakes if m.kind == cost.kind]
        parts.append(f'<h2 id="{_anchor(cost.kind)}">{escape(cost.kind)} ({len(own)})</h2>')
        parts.append(f"<p>{escape(KINDS[cost.kind])}</p>")
        parts += [_mistake(m) for m in sorted(own, key=_type_of)]
    return "\n".join(p for p in parts if p) + "\n</body></html>\n"


def _anchor(kind: str) -> str:
    return kind.replace(" ", "-")


def _type_of(m: Mistake) -> str:
    event = m.gold or m.found or {}
    return str(event["event_type"])


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(h)}</th>" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><tr>{cells}</tr>{body}</table>"


def _figures(figures: Mapping[str, float], intervals: Mapping[str, tuple[float, float]]) -> str:
    rows = (
        (escape(k), f"{v:.3f}", f"{intervals[k][0]:.3f}–{intervals[k][1]:.3f}") for k, v in figures.items()
    )
    return "<h2>Figures</h2>" + _table(["figure", "value", "95 % interval"], rows)


def _costs(costs: Sequence[Cost]) -> str:
    rows = (
        (
            f'<a href="#{_anchor(c.kind)}">{escape(c.kind)}</a>',
            str(c.number),
            *(f"{c.gain[k]:+.3f}" for k in FIGURES),
        )
        for c in costs
    )
    note = "<p>What each F1 would gain if all mistakes of a class were mended and nothing else changed.</p>"
    return "<h2>What the mistakes cost</h2>" + note + _table(["class", "number", *FIGURES], rows)


def _outlets(outlets: Mapping[str, Mapping[str, float]]) -> str:
    shown = ("type", "event", "event_sector", "event_text")
    rows = (
        (escape(name), f"{row['articles']:.0f}", f"{row['gold']:.0f}", *(f"{row[k]:.3f}" for k in shown))
        for name, row in outlets.items()
    )
    return "<h2>By outlet</h2>" + _table(["outlet", "articles", "events", *shown], rows)


def _mistake(m: Mistake) -> str:
    where = f"<small>{escape(m.article_id)} · {escape(m.outlet)} · character {m.start}</small>"
    sides = [("annotated", m.gold), ("coded", m.found)]
    events = "".join(
        f'<dl class="side"><dt>{label}</dt><dd>{_event(e)}</dd></dl>' for label, e in sides if e is not None
    )
    return f"<article><p>{_marked(m)}</p>{events}{where}</article>"


def _marked(m: Mistake) -> str:
    """Return the sentence with the triggers marked."""
    spans = []
    for event in (m.gold, m.found):
        span = event.get("trigger") if event else None
        if isinstance(span, dict) and "start" in span:
            spans.append((max(0, span["start"] - m.start), min(len(m.sentence), span["end"] - m.start)))
    out, at = "", 0
    for start, end in sorted(spans):
        if start >= at and end > start:
            out += escape(m.sentence[at:start]) + f"<mark>{escape(m.sentence[start:end])}</mark>"
            at = end
    return out + escape(m.sentence[at:])


def _event(e: Mapping[str, Any]) -> str:
    kind = "/".join(escape(str(x)) for x in (e["event_type"], e.get("mode")) if x)
    status = "" if e.get("status") == "actual" else f" ({escape(str(e.get('status')))})"
    sides = " → ".join(_people(e[side]) for side in ("actors", "recipients"))
    return f"{kind}{status}: {sides}"


def _people(participants: Sequence[Mapping[str, Any]]) -> str:
    def one(p: Mapping[str, Any]) -> str:
        sector = p.get("sector") or next(iter(p.get("sectors") or ()), None)
        code = "/".join(str(x) for x in (p.get("country") or "?", sector) if x)
        return f"{escape(p['text'])} <small>{escape(code)}</small>"

    return ", ".join(map(one, participants)) or "–"
