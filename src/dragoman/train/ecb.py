"""The Event Coreference Bank plus (Cybulska and Vossen 2014) as reports: documents, their action mentions, who is one.

In: the folder of its XML files (annotation CC BY 3.0, text copyright of the newspapers; never part of this project). Out:
articles and reports of untyped mentions with the cluster each belongs to. Topics 36 to 45 are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from dragoman.merge.views import Report, Telling, telling_of, unit
from dragoman.merge.words import roots, stems, telling
from dragoman.parse import EncoderModel
from dragoman.parse.parser import vector_of

LAST_TOPIC = 35
_ACTION = re.compile(r"^(?:NEG_)?ACTION_")


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its topic, its seminal event (topic and sub-corpus), its sentences and mentions.

    A mention is (sentence, first token, last token + 1, cluster).
    """

    name: str
    topic: int
    seminal: str
    sentences: tuple[tuple[str, ...], ...]
    mentions: tuple[tuple[int, int, int, str], ...]

    @property
    def text(self) -> str:
        """The sentences, one a line."""
        return "\n".join(" ".join(words) for words in self.sentences)


def load_documents(folder: Path, topics: Sequence[int]) -> list[Document]:
    """Return the documents of topics, in order of topic and name.

    Raises:
        ValueError: A topic is one that is kept for the final measurement.
    """
    if max(topics) > LAST_TOPIC:
        raise ValueError(f"topics after {LAST_TOPIC} are kept sealed.")
    return [_read(path, topic) for topic in topics for path in sorted((folder / str(topic)).glob("*.xml"))]


def _read(path: Path, topic: int) -> Document:
    root = etree.parse(str(path)).getroot()
    rows: dict[int, list[tuple[str, str]]] = {}
    where: dict[str, tuple[int, int]] = {}
    for token in root.iter("token"):
        number = int(token.get("sentence", "0"))
        row = rows.setdefault(number, [])
        where[token.get("t_id", "")] = (number, len(row))
        row.append((token.get("t_id", ""), token.text or ""))
    numbers = {number: n for n, number in enumerate(sorted(rows))}
    actions: dict[str, tuple[int, int, int]] = {}
    notes: dict[str, str] = {}
    for mention in root.find("Markables"):
        tag, m_id = str(mention.tag), mention.get("m_id", "")
        anchors = [where[a.get("t_id", "")] for a in mention.iter("token_anchor")]
        if not anchors:
            notes[m_id] = mention.get("instance_id", "")
        elif _ACTION.match(tag):
            at = sorted(anchors)
            actions[m_id] = (numbers[at[0][0]], at[0][1], at[-1][1] + 1)
    clusters = {m: f"{path.stem}:{m}" for m in actions}
    for relation in root.find("Relations"):
        sources = [s.get("m_id", "") for s in relation.iter("source")]
        target = next((t.get("m_id", "") for t in relation.iter("target")), "")
        name = relation.get("note") or notes.get(target) or f"{path.stem}:r{relation.get('r_id')}"
        clusters.update({m: f"{topic}:{name}" for m in sources if m in actions})
    kind = "plus" if "ecbplus" in path.stem else "ecb"
    sentences = tuple(tuple(w for _, w in rows[number]) for number in sorted(rows))
    return Document(
        path.stem, topic, f"{topic}{kind}", sentences,
        tuple(sorted((*span, clusters[m]) for m, span in actions.items())),
    )  # fmt: skip


def iter_reports(documents: Sequence[Document], model: EncoderModel) -> Iterator[tuple[Report, str]]:
    """Yield the mentions of documents as untyped reports with their clusters."""
    for document in documents:
        article = telling_of(document.name, document.text, newsroom=document.name, published_on=None)
        for sentence in sorted({m[0] for m in document.mentions}):
            words = document.sentences[sentence]
            tokens = model.tokenise([" ".join(words)])
            vector = unit(vector_of(model.encode(tokens).middle[0, 1 : len(tokens[0].ids) - 1]))
            for number, first, last, cluster in document.mentions:
                if number == sentence:
                    yield _report(document, article, sentence, (first, last), vector), cluster


def _report(
    document: Document, article: Telling, sentence: int, span: tuple[int, int], vector: object
) -> Report:
    words = document.sentences[sentence]
    quote, trigger = " ".join(words), " ".join(words[span[0] : span[1]])
    return Report(
        event_id=f"{document.name}:{sentence}:{span[0]}:{span[1]}", article=article, section="body", event_type=None, mode=None,
        status="actual", historical=False, sides=(), spot=None, days=None, explicit=False, counts={},
        trigger=stems(trigger), roots=roots(trigger), quote=stems(quote), names=telling(quote),
        vector=vector, start=1000 * sentence + span[0],  # type: ignore[arg-type]
    )  # fmt: skip
