"""Where time goes: each stage of the coder on the same articles, beside the bare encoder and the plain extractor, turn by turn.

Everything is measured batch by batch in one process, so that a slow spell of the machine falls on all alike; ratios therefore say more
than seconds do.
"""

from __future__ import annotations

import html
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from dragoman import __version__
from dragoman.parse import EncoderModel
from dragoman.parse.sentences import split_sentences
from dragoman.pipeline import Coder, merge
from dragoman.records import Article, Coded, RawArticle, split
from dragoman.run.local import in_batches
from dragoman.store import begin_run, open_store, write

STAGES = ("clean", "parse", "resolve", "merge", "store")
PIECES = 600  # of a made article, about those of a newspaper's
_ENCODED_AT_ONCE = 16
_Made = TypeVar("_Made")


@dataclass(slots=True)
class Timing:
    """Seconds per stage over all batches, and what was done in them.

    Attributes:
        seconds: Per stage; "encoder" is the bare encoder on the sentences that were parsed, "extractor" the plain extractor on the pages.
        articles, sentences, events: How many.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    articles: int = 0
    sentences: int = 0
    events: int = 0

    def timed(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Return what is made, with the time it took added to a stage."""
        began = time.perf_counter()
        made = make()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began
        return made

    @property
    def whole(self) -> float:
        """Seconds of all stages together."""
        return sum(self.seconds.get(stage, 0.0) for stage in STAGES)

    def share_of_encoder(self) -> float | None:
        """Return the speed of the whole path as a share of the bare encoder's; None where nothing was coded."""
        return self.seconds["encoder"] / self.whole if self.whole and "encoder" in self.seconds else None


def made_articles(model: EncoderModel, n: int, *, as_html: bool) -> list[RawArticle]:
    """Return articles of about ``PIECES`` word pieces made of sentences of newspapers, each with a line of its own.

    They are the packaged sentences that taught types are told apart from: our own, and every second one tells no event.
    """
    packaged = resources.files("dragoman.teach").joinpath("background.txt").read_text(encoding="utf-8")
    lines = itertools.cycle(packaged.splitlines())
    out = []
    for number in range(n):
        own = [f"Report number {number} of the desk."]
        size = 0
        while size < PIECES:
            own.append(next(lines))
            size += len(model.tokenise([own[-1]])[0].ids)
        out.append(_raw(number, own, as_html=as_html))
    return out


def _raw(number: int, paragraphs: Sequence[str], *, as_html: bool) -> RawArticle:
    # Sentences come again after some twenty articles; on another day they tell of another event, as they would in the world.
    day = date(2000, 1, 1) + timedelta(days=9 * (number % 1000))
    given = {
        "source": f"made:{number}",
        "source_id": str(number),
        "published_on": day,
        "published_field": "made",
    }
    if not as_html:
        return RawArticle("\n".join(paragraphs), "text/plain", **given)  # type: ignore[arg-type]
    body = "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
    page = (
        f"<!DOCTYPE html><html lang='en'><head><title>Report {number}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Report {number}</h1>{body}</article><footer>About us</footer></body></html>"
    )
    return RawArticle(page, "text/html", url=f"https://desk.example/{number}", **given)  # type: ignore[arg-type]


def time_stages(coder: Coder, raws: Sequence[RawArticle], db: Path, *, batch_articles: int) -> Timing:
    """Return how long each stage takes for articles, from their pages to a fresh store.

    Args:
        coder: Loaded, and warmed by one batch before the clock runs.
        raws: The articles.
        db: Where the store is made.
        batch_articles: Articles per batch.

    Raises:
        StoreError: The store could not be written.
    """
    told = Timing()
    coder(next(in_batches(raws, batch_articles), []))
    with open_store(db) as store:
        run = begin_run(
            store, command="bench", coder_version=__version__, model_digest=coder.parse.digest, settings={}, at=datetime.now(UTC)
        )  # fmt: skip
        for batch in in_batches(raws, batch_articles):
            coded = _code(coder, batch, told)
            told.timed("store", lambda c=coded: write(  # type: ignore[misc]
                store, c, run_id=run, coder_version=__version__, model_digest=coder.parse.digest, at=datetime.now(UTC)
            ))  # fmt: skip
            _time_bare(coder, batch, coded.articles, told)
    return told


def _code(coder: Coder, batch: list[RawArticle], told: Timing) -> Coded:
    articles, unreadable = split(told.timed("clean", lambda: coder.clean(batch)))
    drafts, unparsed = split(told.timed("parse", lambda: coder.parse(articles)))
    events, unresolved = split(told.timed("resolve", lambda: coder.resolve(drafts)))
    incidents = told.timed("merge", lambda: merge(events, articles))
    told.articles += len(batch)
    told.events += len(events)
    return Coded(articles, events, incidents, [*unreadable, *unparsed, *unresolved])


def _time_bare(coder: Coder, batch: Sequence[RawArticle], articles: Sequence[Article], told: Timing) -> None:
    """Time the encoder alone on the sentences that were parsed, and the extractor alone on the pages."""
    model = coder.parse.model
    texts = [a.text[s.start : s.end] for a in articles for s in split_sentences(a, kinds=coder.parse.kinds)]
    told.sentences += len(texts)
    tokens = sorted(model.tokenise(texts), key=lambda t: len(t.ids))

    def encode() -> None:
        for at in range(0, len(tokens), _ENCODED_AT_ONCE):
            model.encode(tokens[at : at + _ENCODED_AT_ONCE])

    told.timed("encoder", encode)
    pages = [raw.body for raw in batch if raw.media_type == "text/html"]
    if pages:
        import trafilatura

        told.timed("extractor", lambda: [trafilatura.extract(page) for page in pages])


def rows_of(told: Timing) -> Iterator[dict[str, Any]]:
    """Yield a row per stage: milliseconds per article and share of the whole."""
    for stage in STAGES:
        seconds = told.seconds.get(stage, 0.0)
        yield {
            "stage": stage, "ms_per_article": round(1000 * seconds / max(1, told.articles), 2),
            "share": round(seconds / told.whole, 3) if told.whole else None,
        }  # fmt: skip
