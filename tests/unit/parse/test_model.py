"""The packaged encoder's files and card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from dragoman.errors import ModelAltered, ModelMissing
from dragoman.parse.model import PACKAGED, EncoderModel, check_files, read_card
from dragoman.pipeline import Coder

pytestmark = pytest.mark.model


def test_missing_card_says_what_to_do(tmp_path: Path) -> None:
    """A folder without a card is an error that names the path and the way out."""
    with pytest.raises(ModelMissing, match=r"card\.json.*make train"):
        read_card(tmp_path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A model file that is on the card and not in the folder is named."""
    shutil.copy(PACKAGED / "card.json", tmp_path)
    with pytest.raises(ModelMissing, match=r"\.onnx|tokenizer"):
        check_files(tmp_path, read_card(tmp_path))


def test_altered_file_is_refused(tmp_path: Path) -> None:
    """One changed byte in a model file is an error with both digests."""
    for path in PACKAGED.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    target = tmp_path / "pairs.onnx"
    data = bytearray(target.read_bytes())
    data[100] ^= 1
    target.write_bytes(data)
    with pytest.raises(ModelAltered, match="SHA-256"):
        EncoderModel(tmp_path)


def test_broken_card_is_refused(tmp_path: Path) -> None:
    """A card that is not JSON is an error, not a traceback of the parser."""
    (tmp_path / "card.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelAltered, match="not JSON"):
        read_card(tmp_path)


def test_model_files_fit_the_size_limit() -> None:
    """The graphs together hold at most 30 MB."""
    card = json.loads((PACKAGED / "card.json").read_text(encoding="utf-8"))
    assert sum((PACKAGED / name).stat().st_size for name in card["files"]) <= 30_000_000


def test_padding_does_not_change_a_sentence(coder: Coder) -> None:
    """A sentence beside a longer one gives the same triggers as alone."""
    model = coder.parse.model
    short, long = model.tokenise(
        ["Police arrested two men.", "A much longer sentence " + "about the weather " * 12]
    )
    alone, beside = model.encode([short]), model.encode([short, long])
    n = len(short.ids)
    # Dynamic quantisation scales by the batch, so values move a little; the best tag of a piece must not.
    assert np.array_equal(alone.triggers[0].argmax(-1), beside.triggers[0, :n].argmax(-1))


def test_type_between_is_a_distribution(coder: Coder) -> None:
    """The type between two spans has a probability per type that sums to one."""
    text = "France condemned Iran over the arrest of two tourists."
    p = coder.type_between(text, actor=(0, 6), recipient=(17, 21))
    assert abs(sum(p.values()) - 1) < 0.01
    assert max(p, key=lambda t: p[t]) == "ACCUSE"


@pytest.mark.parametrize("span", [(0, 0), (5, 999), (-1, 4)])
def test_type_between_refuses_spans_outside_the_text(coder: Coder, span: tuple[int, int]) -> None:
    """A span that does not lie in the text is an error that names it."""
    with pytest.raises(ValueError, match="span"):
        coder.type_between("France condemned Iran.", actor=span, recipient=(17, 21))
