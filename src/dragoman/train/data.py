"""Load annotated text into examples; every source carries its licence class.

In: the files of the data folder and the project's own ``data/``. Out: lists of frozen examples whose spans are
character offsets into ``text``. Nothing that is used to report (``events/dev``, held-out sets) is read here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dragoman.train.standoff import join, read_batch, read_newswire, read_pool, read_world

CONTEXTS = [
    "military",
    "intelligence",
    "executive",
    "legislative",
    "election",
    "political_institutions",
    "pro_democracy",
    "pro_autocracy",
    "economic",
    "legal",
    "reparations",
    "human_rights",
    "rights_freedoms",
    "repression",
    "human_security",
    "gender",
    "lgbt",
    "religion_ethnicity",
    "inequality",
    "diplomatic",
    "territory",
    "peacekeeping",
    "health",
    "asylum",
    "migration",
    "disasters",
    "natural_resource",
    "environment",
    "technology",
    "terrorism",
    "cbrn",
    "cyber",
    "misinformation",
    "crime",
    "corruption",
    "illegal_drugs",
    "trafficking",
]
TYPES = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]
MODES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "REJECT": "assist change yield meet",
    "THREATEN": "restrict arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone "
    "heavy-weapons crowd-control unconventional",
}
# One class per (type, mode) pair and one per type without a mode, in a fixed order.
TYPE_MODES = [(t, m) for t in TYPES for m in [None, *MODES.get(t, "").split()]]
STATUSES = ["actual", "future", "hypothetical", "negated"]
ROLES = ["actor", "recipient", "place", "date", "said_by", "dead", "injured", "arrested", "crowd"]
# Sectors of participants; the first stands for "none fits".
SECTORS = [
    "none", "GOV", "MIL", "COP", "JUD", "LEG", "PTY", "OPP", "REB", "SPY", "PRM", "UAF", "CVL", "BUS", "CRM", "EDU",
    "ELI", "JRN", "LAB", "MED", "REF", "REL", "SOC", "AGR",
]  # fmt: skip
SRL_ROLES = ["ARG0", "ARG1", "ARG2", "LOC", "TMP", "NEG", "MOD"]
NAMES = ["PER", "ORG", "LOC", "NORP", "DATE"]
PAIR_TYPES = [
    "AGREE", "CONSULT", "SUPPORT", "YIELD", "COOPERATE", "AID", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled stretch of text: ``start`` and ``end`` are character offsets, end exclusive."""

    start: int
    end: int
    label: str
    sector: str | None = None  # of an actor or recipient


@dataclass(frozen=True, slots=True)
class EventExample:
    """One annotated event of a sentence."""

    start: int
    end: int
    event_type: str
    mode: str | None
    status: str
    roles: tuple[Labelled, ...] = ()


@dataclass(frozen=True, slots=True)
class SentenceExample:
    """One sentence with its events, names or predicates, whichever the source annotates."""

    text: str
    article_id: str
    source: str
    events: tuple[EventExample, ...] = ()
    contexts: tuple[str, ...] = ()
    names: tuple[Labelled, ...] = ()
    predicates: tuple[EventExample, ...] = ()


@dataclass(frozen=True, slots=True)
class PairExample:
    """A sentence with actor and recipient spans and the type between them."""

    text: str
    actors: tuple[tuple[int, int], ...]
    recipients: tuple[tuple[int, int], ...]
    pair_type: str


@dataclass(slots=True)
class Licences:
    """Which licence classes went into a training run, for the card."""

    rows: dict[str, int] = field(default_factory=dict)

    def count(self, licence: str, n: int) -> None:
        """Add ``n`` examples under a licence."""
        self.rows[licence] = self.rows.get(licence, 0) + n


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)


def _clean_mode(event_type: str, mode: str | None) -> str | None:
    return mode if mode in MODES.get(event_type, "").split() else None


def article_sentences(article: dict[str, Any], source: str) -> Iterator[SentenceExample]:
    """Yield the sentences of one annotated article with offsets relative to the sentence."""
    for s in article["sentences"]:
        a, b = s["start"], s["end"]
        events = []
        for e in s["events"]:
            roles = [
                Labelled(
                    m["start"] - a, m["end"] - a, label, m["sector"] if m["sector"] in SECTORS else "none"
                )
                for label, side in (("actor", "actors"), ("recipient", "recipients"))
                for m in e[side]
            ]
            roles += [Labelled(m["start"] - a, m["end"] - a, "place") for m in e["places"]]
            roles += [Labelled(m["start"] - a, m["end"] - a, "date") for m in e["dates"]]
            said_by = e.get("said_by") or []
            roles += [
                Labelled(m["start"] - a, m["end"] - a, "said_by")
                for m in (said_by if isinstance(said_by, list) else [said_by])
            ]
            roles += [Labelled(m["start"] - a, m["end"] - a, m["what"]) for m in e.get("counts", [])]
            t = e["trigger"]
            inside = tuple(r for r in roles if 0 <= r.start < r.end <= b - a)
            events.append(
                EventExample(t["start"] - a, t["end"] - a, e["event_type"], _clean_mode(e["event_type"], e["mode"]),
                             e["status"], inside)
            )  # fmt: skip
        yield SentenceExample(
            article["text"][a:b], article["id"], source, tuple(events), tuple(article.get("contexts") or ())
        )


def load_events(data: Path, own: Path | None, licences: Licences) -> list[SentenceExample]:
    """Load every annotated sentence: articles of the data folder, our newsroom and stories, and stand-off annotations.

    Stories that merging is measured on (``is_held``) are left out: the coder's own events of them must be those of text unseen.

    Args:
        data: Folder with ``events/train_*.jsonl``; the texts of stand-off annotations lie beside it.
        own: Our ``data`` folder with ``newsroom/`` and ``incidents/`` (text and annotations) and ``annotations/`` (stand-off).
        licences: Counts what was loaded.
    """
    out: list[SentenceExample] = []
    whole = sorted(data.glob("events/train_*.jsonl"))
    if own is not None:
        whole += sorted(own.glob("newsroom/*.jsonl"))
        for path in sorted(own.glob("annotations/*.jsonl")):
            standoff = list(_lines(path))
            batch = data.parent / "annotation/batches" / f"{path.stem}.txt"
            ids = dict.fromkeys(row["doc"] for row in standoff)
            if batch.exists():
                texts = read_batch(batch)
            elif path.stem.startswith("wcep"):
                texts = read_world(data / "world/wcep_2002_2026.jsonl.gz", standoff)
            elif path.stem.startswith("pool"):
                texts = read_pool(data.parent / "annotation/pool.jsonl", ids)
            else:
                texts = read_newswire(data / "ner/gmb.jsonl.gz", ids)
            rows = [s for a in join(standoff, texts) for s in article_sentences(a, path.stem)]
            licences.count(f"annotations/{path.stem}: our annotation of text that is not ours", len(rows))
            out += rows
    stories = set(own.glob(f"{STORIES}/*.jsonl")) if own is not None else set()
    for path in [*whole, *sorted(stories)]:
        for article in _lines(path):
            if path in stories and is_held(article["story"]):
                continue
            source = f"{STORIES}/{path.stem}" if path in stories else path.stem
            rows = list(article_sentences(article, source))
            licences.count(f"{source}: {article.get('licence') or 'Apache-2.0, our own text'}", len(rows))
            out += rows
    return out


# A title before a person's name: the newswire counts it in, we and most others do not.
_TITLE = re.compile(
    r"(?:(?:mr|mrs|ms|miss|dr|prof|professor|sir|lord|lady|king|queen|prince|princess|pope|father|bishop|general|gen|colonel|col|"
    r"major|captain|capt|lieutenant|lt|sergeant|brigadier|admiral|president|vice president|prime minister|minister|premier|"
    r"chancellor|senator|sen|governor|gov|justice|judge|secretary|ambassador)\.?\s+)+",
    re.I,
)


def _name(text: str, m: dict[str, Any]) -> Labelled:
    title = _TITLE.match(text[m["start"] : m["end"]]) if m["kind"] == "PER" else None
    inside = title is not None and m["start"] + title.end() < m["end"]
    return Labelled(m["start"] + (title.end() if title and inside else 0), m["end"], m["kind"])


def load_names(path: Path, licences: Licences) -> list[SentenceExample]:
    """Load newswire sentences with names; titles are taken off persons."""
    rows = [
        SentenceExample(r["text"], f"ner{n}", "ner", names=tuple(
            _name(r["text"], m) for m in r["mentions"] if m["kind"] in NAMES))
        for n, r in enumerate(_lines(path))
    ]  # fmt: skip
    licences.count("ner/gmb: public domain", len(rows))
    return rows


def load_own_names(own: Path | None, licences: Licences) -> list[SentenceExample]:
    """Load sentences of our newsroom with the names that we marked in them; those of the tuning tenth are left out."""
    rows = [
        SentenceExample(r["text"], r["article"], "names", names=tuple(
            Labelled(m["start"], m["end"], m["kind"]) for m in r["mentions"]))
        for path in sorted(own.glob("names/*.jsonl"))
        for r in _lines(path) if fold_of(r["article"], 10) != 0
    ] if own is not None else []  # fmt: skip
    if rows:
        licences.count("names: Apache-2.0, our own text", len(rows))
    return rows


def load_predicates(path: Path, licences: Licences) -> list[SentenceExample]:
    """Load sentences with PropBank predicates and their arguments."""
    rows = []
    for n, r in enumerate(_lines(path)):
        predicates = tuple(
            EventExample(p["start"], p["end"], "", None, "actual", tuple(
                Labelled(a["start"], a["end"], a["role"]) for a in p["args"] if a["role"] in SRL_ROLES))
            for p in r["predicates"]
        )  # fmt: skip
        if predicates:
            rows.append(SentenceExample(r["text"], f"srl{n}", "srl", predicates=predicates))
    licences.count("srl/propbank_ewt: CC BY-SA 4.0", len(rows))
    return rows


def load_plain(data: Path, licences: Licences) -> list[str]:
    """Load unannotated sentences for masked-word training: current events up to 2023 and newswire."""
    texts = [
        r["text"] for r in _lines(data / "world/wcep_2002_2026.jsonl.gz")
        if r["date"] <= "2023-12-31" and 8 <= len(r["text"].split()) <= 90
    ]  # fmt: skip
    licences.count("world/wcep to 2023: CC BY-SA 4.0", len(texts))
    news = [r["text"] for r in _lines(data / "ner/gmb.jsonl.gz") if len(r["text"].split()) >= 8]
    licences.count("ner/gmb, words only: public domain", len(news))
    return texts + news


def load_pairs(path: Path) -> list[PairExample]:
    """Load sentences with given actor and recipient spans and the type between them."""
    return [
        PairExample(
            r["text"],
            tuple((a, b) for a, b in r["actor"]),
            tuple((a, b) for a, b in r["recipient"]),
            r["type"],
        )
        for r in _lines(path)
    ]


def load_own_pairs(own: Path | None, licences: Licences) -> list[PairExample]:
    """Load our own sentences with the words of actor and recipient given, each standing in its sentence once."""
    out = []
    for path in sorted(own.glob("pairs/*.jsonl")) if own is not None else ():
        for r in _lines(path):
            spans = [
                (r["text"].index(words), r["text"].index(words) + len(words))
                for words in (r["actor"], r["recipient"])
            ]
            out.append(PairExample(r["text"], (spans[0],), (spans[1],), r["type"]))
    if out:
        licences.count("pairs: Apache-2.0, our own text", len(out))
    return out


def fold_of(key: str, folds: int) -> int:
    """Return a stable fold number for a text id, so that every run splits the same way."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % folds


HELD_SHARE = 0.3  # of the stories that several outlets tell, by hash of their name


def is_held(story: str) -> bool:
    """Return whether a story is kept for measuring; near misses go with the story they stand beside."""
    name = story.rstrip("x")
    return int(hashlib.sha256(f"incidents|{name}".encode()).hexdigest()[:8], 16) / 2**32 < HELD_SHARE


# Newsroom batches with events in 45 to 65 of 100 sentences; in the others and in newspapers it is 35 to 45.
DENSE = (
    *(f"news_a{batch}" for batch in "abcdefghijklmnopqrstuvwxyz"),
    *(f"news_{batch}" for batch in "klmnopqrstuvwxyz"),
)
DRAWN = "wcep_"  # batches of dated items drawn by words of what failed, or for naming two states
STORIES = "incidents"  # the folder of stories that several outlets tell: as dense


def split_tuning(
    examples: list[SentenceExample], folds: int = 10
) -> tuple[list[SentenceExample], list[SentenceExample]]:
    """Split by whole article into training sentences and the tenth that tunes thresholds and calibration.

    Of ``DENSE`` batches and of stories the tenth is left out altogether: with them the thresholds would be set too low for newspapers.
    Batches whose texts were drawn by what they tell (``DRAWN``) are fitted whole.
    """
    fit = [e for e in examples if e.source.startswith(DRAWN) or fold_of(e.article_id, folds) != 0]
    tune = [
        e
        for e in examples
        if fold_of(e.article_id, folds) == 0
        and not e.source.startswith(DRAWN)
        and not e.article_id.startswith(DENSE)
        and not e.source.startswith(STORIES)
    ]
    return fit, tune


def split_pairs(pairs: list[PairExample]) -> tuple[list[PairExample], list[PairExample], list[PairExample]]:
    """Split pairs into those to fit, a few to calibrate on, and the fifth held back for reporting."""
    held = [p for p in pairs if fold_of(p.text, 5) == 0]
    rest = [p for p in pairs if fold_of(p.text, 5) != 0]
    tune = [p for p in rest if fold_of(p.text + "tune", 15) == 0]
    fit = [p for p in rest if fold_of(p.text + "tune", 15) != 0]
    return fit, tune, held


def pairs_of_events(examples: list[SentenceExample]) -> list[PairExample]:
    """Return the (actors, recipients) → type pairs that annotated events hold.

    A mutual event has all sides among its actors: the first stands against the others, which is how pairs are asked for.
    """
    out = []
    for s in examples:
        for e in s.events:
            actors = tuple((r.start, r.end) for r in e.roles if r.label == "actor")
            recipients = tuple((r.start, r.end) for r in e.roles if r.label == "recipient")
            if len(actors) > 1 and not recipients:
                actors, recipients = actors[:1], actors[1:]
            if actors and recipients and e.status == "actual":
                folded = "YIELD" if e.event_type in ("CONCEDE", "RETREAT") else e.event_type
                out.append(PairExample(s.text, actors, recipients, folded))
    return out
