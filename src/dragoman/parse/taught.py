"""Event types that users taught: light heads on the encoder's frozen states, and where they fire.

In: a file written by ``dragoman teach``, and the states of a sentence. Out: triggers of taught types. The heads belong to
one encoder; with another they are refused, not misread.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dragoman.errors import TaughtStale, TaughtUnreadable
from dragoman.parse.decode import Trigger, sigmoid
from dragoman.parse.model import Encoded

Floats = npt.NDArray[np.float32]
FORMAT = 1
FEATURES = 768


@dataclass(frozen=True, slots=True)
class TaughtType:
    """One taught type and its head.

    Sides are read as for the packaged type ``like``. A sub-type is coded as ``like`` with its own name as mode. The
    confidence of a run is ``sigmoid(slope × peak + shift)`` of the largest ``weights · features + constant``.
    """

    name: str
    like: str
    is_mode: bool
    means: str
    quad_class: int
    score: float
    cameo: str
    weights: tuple[float, ...]
    constant: float
    slope: float
    shift: float
    threshold: float

    @property
    def event_type(self) -> str:
        """The type that its events have."""
        return self.like if self.is_mode else self.name

    @property
    def mode(self) -> str | None:
        """The mode that its events have."""
        return self.name if self.is_mode else None


@dataclass(frozen=True, slots=True)
class Taught:
    """All taught types of a file; ``digest`` names its content, ``model_digest`` the encoder it belongs to."""

    types: tuple[TaughtType, ...]
    model_digest: str
    digest: str

    def find(self, features: Floats) -> list[tuple[int, int, int, float]]:
        """Return runs (first, last + 1, number of the taught type, confidence) of pieces whose head fires.

        Args:
            features: (n, 768) of a sentence's pieces, the special ones left out.
        """
        out: list[tuple[int, int, int, float]] = []
        for k, head in enumerate(self.types):
            scores = features @ np.asarray(head.weights, dtype=np.float32) + head.constant
            # Pieces beside the peak belong to the trigger while they, too, speak for the type.
            for first, last, peak in runs_above(scores):
                confidence = sigmoid(head.slope * peak + head.shift)
                if confidence >= head.threshold:
                    out.append((first, last, k, confidence))
        return out


def runs_above(scores: Floats) -> list[tuple[int, int, float]]:
    """Return the runs (first, last + 1, peak) of scores above zero; one around the largest where none is.

    Example:
        >>> runs_above(np.array([-1.0, 2.0, 3.0, -1.0], dtype=np.float32))
        [(1, 3, 3.0)]
    """
    above = [int(k) for k in np.flatnonzero(scores > 0)] or ([int(scores.argmax())] if len(scores) else [])
    # Neighbours have one difference between their value and their place in the list.
    groups = itertools.groupby(enumerate(above), key=lambda pair: pair[1] - pair[0])
    spans = [[k for _, k in group] for _, group in groups]
    return [(s[0], s[-1] + 1, float(scores[s[0] : s[-1] + 1].max())) for s in spans]


def features_of(encoded: Encoded, row: int, size: int) -> Floats:
    """Return (size − 2, 768): last and middle states of a sentence's pieces side by side, special pieces left out."""
    return np.concatenate([encoded.states[row, 1 : size - 1], encoded.middle[row, 1 : size - 1]], axis=-1)


def merge_triggers(
    found: Sequence[Trigger], taught: Sequence[tuple[int, int, int, float]], *, packaged: int
) -> list[Trigger]:
    """Return packaged and taught triggers together; a taught type takes over a trigger that it shares a piece with.

    Args:
        found: Triggers of the packaged types.
        taught: Runs of taught types, from ``Taught.find``.
        packaged: Number of packaged types; a taught type's index counts on from there.
    """
    out = list(found)
    for first, last, k, confidence in sorted(taught, key=lambda t: -t[3]):
        shared = [t for t in out if t.first < last and first < t.last]
        if any(t.event_type >= packaged for t in shared):
            continue  # a surer taught type holds these words already
        span = (shared[0].first, shared[0].last) if shared else (first, last)
        out = [t for t in out if t not in shared]
        out.append(Trigger(*span, packaged + k, confidence))
    return sorted(out, key=lambda t: t.first)


def dump_taught(types: Sequence[TaughtType], model_digest: str, figures: dict[str, Any]) -> str:
    """Return the text of a file of taught types."""
    rows = [
        {
            "name": t.name, "like": t.like, "is_mode": t.is_mode, "means": t.means, "quad_class": t.quad_class,
            "score": t.score, "cameo": t.cameo, "weights": list(t.weights), "constant": t.constant, "slope": t.slope,
            "shift": t.shift, "threshold": t.threshold,
        }
        for t in types
    ]  # fmt: skip
    return (
        json.dumps({"format": FORMAT, "model_digest": model_digest, "figures": figures, "types": rows}) + "\n"
    )


def read_taught(path: Path, *, model_digest: str) -> Taught:
    """Return the taught types of a file.

    Raises:
        TaughtUnreadable: The file cannot be read or is not one of taught types.
        TaughtStale: It was taught on another encoder.
    """
    try:
        text = path.read_text("utf-8")
        table = json.loads(text)
        if table["format"] != FORMAT:
            raise ValueError(f"its format is {table['format']}, not {FORMAT}")
        types = tuple(TaughtType(**{**row, "weights": tuple(row["weights"])}) for row in table["types"])
        if not all(len(t.weights) == FEATURES and all(map(math.isfinite, t.weights)) for t in types):
            raise ValueError(f"a type has not {FEATURES} numbers as weights")
        own = str(table["model_digest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TaughtUnreadable(
            f'the taught types "{path}" cannot be read ({error}). Teach them again: dragoman teach TYPES.toml EXAMPLES.jsonl'
        ) from error
    if own != model_digest:
        raise TaughtStale(
            f'the taught types "{path}" belong to encoder {own}, this is {model_digest}. Teach them again: '
            "dragoman teach TYPES.toml EXAMPLES.jsonl"
        )
    return Taught(types, own, hashlib.sha256(text.encode()).hexdigest()[:16])
