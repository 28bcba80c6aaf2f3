"""The meaning of any text as the encoder leaves it with the sentences of events, so that the two can be compared."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from pathlib import Path

from dragoman.parse.model import PACKAGED, EncoderModel
from dragoman.parse.parser import vector_of


def vector_of_text(model: EncoderModel, text: str) -> bytes:
    """Return the meaning of a text as 384 int8; what lies beyond the encoder's longest sentence is not read."""
    tokens = model.tokenise([text])
    encoded = model.encode(tokens)
    return vector_of(encoded.middle[0, 1 : len(tokens[0].ids) - 1])


def encoder_of(folder: Path | None = None) -> Callable[[str], bytes]:
    """Return what gives the meaning of a text; the encoder is loaded with the first text, once for all threads.

    Args:
        folder: Folder of another encoder; None for the packaged one.
    """
    guard = threading.Lock()

    @functools.cache
    def load() -> EncoderModel:
        return EncoderModel(folder or PACKAGED)

    def encode(text: str) -> bytes:
        with guard:
            model = load()
        return vector_of_text(model, text)

    return encode
