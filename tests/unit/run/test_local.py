"""Coding on this machine: order, batches, and what one strange article costs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from dragoman.config import load_settings
from dragoman.errors import ModelError, ModelMissing
from dragoman.pipeline import Coder
from dragoman.records import Article, Coded, RawArticle, Rejected
from dragoman.run import Plan, iter_coded
from dragoman.run.local import _LateInterrupt, in_batches

TODAY = date(2026, 11, 24)
SENTENCES = (
    "Police in Lagos arrested four union leaders on Friday.",
    "France condemned Iran over the arrest of two tourists in Tehran.",
    "The presidents of Kenya and Uganda met in Nairobi on Monday to discuss trade.",
    "Thousands of farmers marched through Warsaw to protest against grain imports from Ukraine.",
    "Rebels attacked a convoy of Malian soldiers near Gao and killed at least twelve.",
)


class StandIn:
    """A coder that makes an article of each text, breaks on "strange", and remembers the size of its batches."""

    joins = True

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, batch: Sequence[RawArticle]) -> Coded:
        """Return the texts as articles."""
        self.sizes.append(len(batch))
        if any(raw.body == "strange" for raw in batch):
            raise ZeroDivisionError("no words")
        if any(raw.body == "no encoder" for raw in batch):
            raise ModelMissing("no encoder found")
        return Coded([Article(str(raw.body), str(raw.body), raw.source) for raw in batch])


def raw(text: str, number: int) -> RawArticle:
    """Return a row."""
    return RawArticle(text, "text/plain", f"a.jsonl:{number}", source_id=f"row {number}", verbatim=True)


def run(items: Sequence[RawArticle | Rejected], *, batch: int, coder: StandIn) -> list[tuple[int, Coded]]:
    """Return what the batches gave."""
    return list(iter_coded(items, Plan(batch_articles=batch), coder=cast("Coder", coder)))


@pytest.mark.parametrize("batch", [1, 3, 7, 100])
def test_order_is_kept_whatever_the_batch(batch: int) -> None:
    """Articles come out as they went in, in batches of the planned size."""
    coder = StandIn()
    out = run([raw(f"text {n}", n) for n in range(7)], batch=batch, coder=coder)
    assert [a.text for _, coded in out for a in coded.articles] == [f"text {n}" for n in range(7)]
    assert [size for size, _ in out] == coder.sizes
    assert max(coder.sizes) == min(batch, 7)


@pytest.mark.parametrize(
    ("body", "media_type", "sizes"),
    [
        ("a" * 40, "text/plain", [3, 3, 1]),  # the third brings the text to a hundred
        ("a" * 150, "text/plain", [1] * 7),
        ("<p>" * 500, "text/html", [3, 3, 1]),  # of markup a fortieth counts
        (b"<p>" * 500, "text/html", [3, 3, 1]),
        ("", "text/plain", [5, 2]),
    ],
)
def test_long_articles_end_a_batch_sooner(body: str | bytes, media_type: Any, sizes: list[int]) -> None:
    """A batch holds so much text and so many articles, whichever comes first; nothing is left out."""
    items = [RawArticle(body, media_type, f"a.jsonl:{n}") for n in range(7)]
    batches = list(in_batches(items, 5, characters=100))
    assert [len(batch) for batch in batches] == sizes
    assert [item for batch in batches for item in batch] == items


def test_what_could_not_be_read_goes_along() -> None:
    """A rejection of reading counts as an item of its batch and comes out first among its rejections."""
    unread = Rejected("b.txt", "read", "binary", "b.txt: this is binary data, not text")
    ((size, coded),) = run([raw("a", 0), unread, raw("b", 2)], batch=10, coder=StandIn())
    assert size == 3
    assert [a.text for a in coded.articles] == ["a", "b"]
    assert coded.rejected == [unread]


def test_one_strange_article_becomes_a_rejection() -> None:
    """The article that breaks a stage is rejected with the error; the rest of its batch is coded."""
    coder = StandIn()
    ((_, coded),) = run([raw("a", 0), raw("strange", 1), raw("b", 2)], batch=3, coder=coder)
    assert [a.text for a in coded.articles] == ["a", "b"]
    (rejected,) = coded.rejected
    assert (rejected.item_id, rejected.reason, rejected.source_id) == ("a.jsonl:1", "failed", "row 1")
    assert "ZeroDivisionError: no words" in rejected.detail
    assert coder.sizes == [3, 1, 1, 1]


def test_an_operators_mistake_is_not_a_rejection() -> None:
    """An error that no article is to blame for stops the run."""
    with pytest.raises(ModelMissing):
        run([raw("a", 0), raw("no encoder", 1)], batch=2, coder=StandIn())


def test_no_articles_give_no_batches() -> None:
    """An empty input ends at once."""
    assert run([], batch=3, coder=StandIn()) == []


def test_articles_are_read_as_they_are_needed() -> None:
    """No more than the next batch is taken from the reader, so memory does not grow with the input."""
    taken: list[int] = []

    def items() -> Iterator[RawArticle]:
        for n in range(100):
            taken.append(n)
            yield raw(f"text {n}", n)

    coded = iter_coded(items(), Plan(batch_articles=4), coder=cast("Coder", StandIn()))
    next(coded)
    assert len(taken) == 4


def test_workers_tell_why_they_cannot_start(tmp_path: Path) -> None:
    """A missing encoder is the same error from worker processes as from this one."""
    plan = Plan(workers=2, model=str(tmp_path / "none"), today=TODAY)
    with pytest.raises(ModelError, match="none") as caught:
        list(iter_coded([raw("a", 0)], plan))
    with pytest.raises(type(caught.value), match="none"):
        list(iter_coded([raw("a", 0)], replace(plan, workers=1)))


@pytest.mark.model
def test_two_workers_give_what_one_gives() -> None:
    """Events, articles and rejections are equal and in the same order with one process and with two."""
    items = [raw(SENTENCES[n % len(SENTENCES)] + f" It was report number {n}.", n) for n in range(15)]
    items[4] = raw("", 4)
    plan = Plan(workers=1, batch_articles=4, model=load_settings().settings.parse.model, today=TODAY)
    one = [coded for _, coded in iter_coded(items, plan)]
    two = [coded for _, coded in iter_coded(items, replace(plan, workers=2))]
    assert two == one
    assert sum(len(coded.events) for coded in one) >= 10
    assert [r.reason for coded in one for r in coded.rejected] == ["empty"]


def test_ctrl_c_comes_through_between_batches_only() -> None:
    """One Ctrl-C waits for the next check, a second one does not, and the handler before is put back."""
    before = signal.getsignal(signal.SIGINT)
    with _LateInterrupt() as interrupt:
        interrupt.check()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
