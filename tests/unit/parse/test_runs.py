"""What shares a run of the encoder: sentences of one length, which are told the same as alone."""

from __future__ import annotations

import pytest

import dragoman
from dragoman.parse.parser import Parser
from dragoman.pipeline import Coder
from dragoman.records import Article, Parsed, RawArticle, to_json

pytestmark = pytest.mark.model

TEXT = (
    "Police in Lagos arrested four union leaders on Friday.",
    "France condemned Iran over the arrest of two tourists in Tehran.",
    "Police in Gao arrested nine student leaders on Sunday.",
    "The presidents of Kenya and Uganda met in Nairobi on Monday to discuss trade.",
    "Kenya condemned Sudan over the arrest of six teachers in Juba.",
    "Thousands of farmers marched through Warsaw to protest against grain imports from Ukraine.",
    "Rebels attacked a convoy of Malian soldiers near Gao and killed at least twelve.",
    "Japan imposed sanctions on two banks and warned that it would expel the ambassador after the court sentenced the reporter.",
)


def articles(coder: Coder) -> list[Article]:
    """Return the sentences as articles of one and as one article of all."""
    raws = [
        RawArticle(text, "text/plain", f"a.jsonl:{n}", verbatim=True)
        for n, text in enumerate([*TEXT, " ".join(TEXT)])
    ]
    return [article for article in coder.clean(raws) if isinstance(article, Article)]


class Runs:
    """A model that notes the lengths of what shares a run, and reads with another."""

    def __init__(self, model: object) -> None:
        self.lengths: list[list[int]] = []
        self._model = model

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def encode(self, batch: list[object], marks: object = None) -> object:
        """Note the lengths and read."""
        self.lengths.append([len(t.ids) for t in batch])  # type: ignore[attr-defined]
        return self._model.encode(batch, marks)  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [1, 3, 8])
def test_no_sentence_is_filled_up(coder: Coder, size: int) -> None:
    """All sentences of a run have one length, none is left out, and no run is larger than asked."""
    model = Runs(coder.parse.model)
    Parser(model, batch_size=size)(articles(coder))  # type: ignore[arg-type]
    assert all(len(set(run)) == 1 and len(run) <= size for run in model.lengths)
    assert sum(map(len, model.lengths)) == 2 * len(TEXT)
    assert max(map(len, model.lengths)) == min(size, 4)


def test_scales_of_each_run_are_read_one_by_one(coder: Coder, monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder whose graphs work out their scales in each run would tell of a sentence by its neighbours."""
    assert coder.parse.model.has_fixed_scales
    monkeypatch.setattr(coder.parse.model, "has_fixed_scales", False)
    model = Runs(coder.parse.model)
    Parser(model, batch_size=8)(articles(coder))  # type: ignore[arg-type]
    assert {len(run) for run in model.lengths} == {1}


def test_devices_fill_up(coder: Coder) -> None:
    """With ``filled`` sentences of unlike length share runs."""
    model = Runs(coder.parse.model)
    Parser(model, batch_size=16, filled=True)(articles(coder))  # type: ignore[arg-type]
    assert [len(run) for run in model.lengths] == [16]


def test_neighbours_change_nothing(coder: Coder) -> None:
    """Drafts, names, contexts and vectors are the same to the last digit, one by one and in runs."""
    one, many = (Parser(coder.parse.model, batch_size=size)(articles(coder)) for size in (1, 8))
    assert sum(len(p.drafts) for p in one if isinstance(p, Parsed)) >= 14
    assert [to_json(p) for p in one] == [to_json(p) for p in many]


def test_a_loaded_coder_reads_in_runs() -> None:
    """Runs of several are the default."""
    assert dragoman.load().parse.batch_size > 1
