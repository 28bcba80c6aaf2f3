"""A relation on one page, fetched from a store, as Markdown or HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from dragoman.answer.relations import country_names, evidence_of, get_relation, moved_by, say_side
from dragoman.ontology import Ontology
from dragoman.relate.brief import Brief, Section, Sentence, brief_of
from dragoman.relate.groups import Group
from dragoman.store import EventFilter, Store, find_incidents


def get_brief(
    store: Store, first: Group, second: Group, *, ontology: Ontology, since: date | None = None, until: date | None = None,
    as_of: datetime | None = None,
) -> Brief:  # fmt: skip
    """Return the brief of two sides.

    Args:
        store: An open store.
        first: One side.
        second: The other side.
        ontology: The codes, with taught types.
        since: First day; None for the first incident.
        until: Last day; None for the last day of which anything was read.
        as_of: The state of knowledge at a moment; None for now.

    Raises:
        StoreError: The file could not be read.
    """
    found = get_relation(store, first, second, ontology=ontology, since=since, until=until, as_of=as_of)
    moved = {n: moved_by(c, found.points) for n, c in enumerate(found.changes)}
    ids = [p.incident_id for p in found.points]
    follows = {
        row["incident_id"]: [f["incident_id"] for f in row["follows"]]
        for row in (find_incidents(store, EventFilter(incident_ids=ids, as_of=as_of)) if ids else ())
    }
    level = found.level
    last = (float(level.mean[-1]), float(level.low[-1]), float(level.high[-1])) if found.points and len(level.mean) else None  # fmt: skip
    sides = [say_side(side, ontology) for side in (first, second)]
    return brief_of(
        " and ".join(sides), found.points, found.changes, moved, since=found.since, until=found.until,
        level=last, notes=found.notes, follows=follows, evidence=evidence_of(store, found.points, as_of=as_of),
        names=country_names(),
    )  # fmt: skip


class _Numbers:
    """Numbers of the sources in the order in which sentences first lean on them."""

    def __init__(self, evidence: Mapping[str, Mapping[str, Any]]) -> None:
        self.evidence = evidence
        self.of: dict[str, int] = {}

    def __call__(self, sentence: Sentence) -> list[int]:
        known = [e for e in sentence.events if e in self.evidence]
        return [self.of.setdefault(e, len(self.of) + 1) for e in known]


def _shown(brief: Brief) -> Iterator[Section]:
    yield from (section for section in brief.sections if section.sentences)


def to_markdown(brief: Brief) -> str:
    """Return a brief as Markdown; every sentence ends in a link to its evidence on the page."""
    numbers = _Numbers(brief.evidence)
    lines = [f"# {brief.title}", "", f"From {brief.since} to {brief.until}.", ""]
    lines[2] = f"{lines[2]} [sources](#sources)"
    for section in _shown(brief):
        lines += [f'## <a id="{section.key}"></a>{section.title}', ""]
        for sentence in section.sentences:
            links = [f"[{n}](#s{n})" for n in numbers(sentence)] or [
                f"[{sentence.section}](#{sentence.section})"
            ]
            lines.append(f"- {_plain(sentence.text)} {' '.join(links)}")
        lines.append("")
    lines += ['## <a id="sources"></a>Sources', ""]
    for event, n in numbers.of.items():
        one = brief.evidence[event]
        where = ", ".join(str(w) for w in (one["outlet"], one["published_on"]) if w)
        address = f" <{one['url']}>" if one["url"] else ""
        lines.append(
            f'- <a id="s{n}"></a>{n}. “{_plain(_line(one["quote"]["text"]))}” {_plain(where)}{address} (event {event})'
        )
    return "\n".join(lines) + "\n"


def _line(words: str) -> str:
    return " ".join(words.split())


def _plain(words: str) -> str:
    """Return words of an article so that Markdown shows them and does nothing with them."""
    for sign in "\\`*_[]<>#|":
        words = words.replace(sign, f"\\{sign}")
    return words


_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #ccc}
ul{padding-left:1.1rem}li{margin:.35rem 0}a{color:#00538a}sup a{text-decoration:none;margin-left:.15rem}
.sources{font-size:.9rem}.id{color:#5a5a5a;font-family:ui-monospace,monospace;font-size:.85em}img,svg{max-width:100%}
@media (prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}a{color:#7cc4ff}h2{border-color:#444}.id{color:#a8a8a8}}
@media print{body{margin:0;max-width:none;color:#000;background:#fff}a{color:#000}}
""".strip()


def to_html(brief: Brief, *, picture: str = "") -> str:
    """Return a brief as one HTML page that needs nothing else.

    Args:
        brief: The brief.
        picture: SVG of the relation to stand below the summary; it must be our own, it is not escaped.
    """
    numbers = _Numbers(brief.evidence)
    parts = [
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{html.escape(brief.title)}</title><style>{_STYLE}</style></head><body>",
        f'<h1>{html.escape(brief.title)}</h1><p>From {brief.since} to {brief.until}. <a href="#sources">sources</a></p>',
    ]
    for section in _shown(brief):
        parts.append(
            f'<h2 id="{section.key}">{section.title}</h2>{picture if section.key == "summary" else ""}<ul>'
        )
        for sentence in section.sentences:
            links = "".join(f'<sup><a href="#s{n}">{n}</a></sup>' for n in numbers(sentence))
            links = links or f' <a href="#{sentence.section}">{sentence.section}</a>'
            parts.append(f"<li>{html.escape(sentence.text)}{links}</li>")
        parts.append("</ul>")
    parts.append('<h2 id="sources">Sources</h2><ul class="sources">')
    for event, n in numbers.of.items():
        parts.append(_source(n, event, brief.evidence[event]))
    return "\n".join([*parts, "</ul></body></html>"]) + "\n"


def _source(n: int, event: str, one: Mapping[str, Any]) -> str:
    where = html.escape(", ".join(str(w) for w in (one["outlet"], one["published_on"]) if w))
    url = str(one["url"] or "")
    if url.startswith(("http://", "https://")):
        where = f'<a href="{html.escape(url)}" rel="noreferrer">{where or html.escape(url)}</a>'
    quote = html.escape(_line(one["quote"]["text"]))
    return f'<li id="s{n}">{n}. “{quote}” {where} <span class="id">{html.escape(event)}</span></li>'
