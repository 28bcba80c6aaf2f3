"""Taught types: where they fire, how they stand beside the packaged ones, and their file."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import TaughtStale, TaughtUnreadable
from dragoman.parse.decode import Trigger
from dragoman.parse.parser import joint_digest
from dragoman.parse.taught import (
    FEATURES,
    Taught,
    TaughtType,
    dump_taught,
    merge_triggers,
    read_taught,
    runs_above,
)

DIGEST = "00112233aabbccdd"
EVACUATE = TaughtType(
    name="EVACUATE", like="AID", is_mode=False, means="people are brought to safety", quad_class=2, score=3.5, cameo="074",
    weights=(1.0, *([0.0] * (FEATURES - 1))), constant=-2.0, slope=2.0, shift=0.0, threshold=0.6,
)  # fmt: skip
SUMMON = replace(
    EVACUATE, name="summon-envoy", like="ACCUSE", is_mode=True, weights=(0.0, 1.0, *([0.0] * (FEATURES - 2)))
)


def numbers(*values: float) -> Any:
    """Return an array of float32."""
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize(
    ("scores", "runs"),
    [
        ((-1, 2, 3, -1), [(1, 3, 3.0)]),
        ((1, -1, 2), [(0, 1, 1.0), (2, 3, 2.0)]),
        ((1, 2), [(0, 2, 2.0)]),
        ((-3, -1, -2), [(1, 2, -1.0)]),
        ((0, 0), [(0, 1, 0.0)]),
        ((), []),
    ],
)
def test_runs_above_zero(scores: tuple[float, ...], runs: list[tuple[int, int, float]]) -> None:
    """Neighbours above zero are one run with its peak; where none is above, the largest stands alone."""
    assert runs_above(numbers(*scores)) == runs


@given(st.lists(st.floats(-4, 4, width=32), max_size=12))
def test_runs_hold_every_score_above_zero_once(scores: list[float]) -> None:
    """The runs are in order, never touch, and their pieces are those above zero."""
    runs = runs_above(numbers(*scores))
    assert all(a[1] < b[0] for a, b in itertools.pairwise(runs))
    if any(s > 0 for s in scores):
        assert [k for a, b, _ in runs for k in range(a, b)] == [k for k, s in enumerate(scores) if s > 0]


def test_a_head_fires_where_it_is_sure_enough() -> None:
    """Each type fires at its own pieces, with the calibrated confidence of the peak, and not below its threshold."""
    features = np.zeros((6, FEATURES), dtype=np.float32)
    features[1:3, 0] = 3.0, 4.0  # scores 1 and 2
    features[5, 1] = 2.1  # score 0.1: confidence 0.55
    ((first, last, k, confidence),) = Taught((EVACUATE, SUMMON), DIGEST, "d").find(features)
    assert (first, last, k) == (1, 3, 0)
    assert confidence == pytest.approx(1 / (1 + np.exp(-4.0)))
    eager = Taught((EVACUATE, replace(SUMMON, threshold=0.5)), DIGEST, "d").find(features)
    assert [(first, last, k) for first, last, k, _ in eager] == [(1, 3, 0), (5, 6, 1)]


def test_a_type_is_coded_as_itself_and_a_sub_type_as_a_mode() -> None:
    """A taught type names its events; a sub-type is a mode of the packaged type."""
    assert (EVACUATE.event_type, EVACUATE.mode) == ("EVACUATE", None)
    assert (SUMMON.event_type, SUMMON.mode) == ("ACCUSE", "summon-envoy")


class TestMerging:
    """Packaged and taught triggers together; there are 16 packaged types."""

    def test_a_taught_type_takes_over_the_trigger(self) -> None:
        """The packaged trigger's words become the taught type's, with its confidence; others stay as they are."""
        packaged = [Trigger(1, 3, 4, 0.9), Trigger(6, 7, 5, 0.8)]
        assert merge_triggers(packaged, [(2, 5, 1, 0.7)], packaged=16) == [
            Trigger(1, 3, 17, 0.7),
            Trigger(6, 7, 5, 0.8),
        ]

    def test_a_taught_type_alone_is_added_in_order(self) -> None:
        """Words that no packaged type holds become a trigger of their own; neighbours are not touched."""
        merged = merge_triggers([Trigger(5, 6, 4, 0.9)], [(3, 5, 0, 0.7)], packaged=16)
        assert merged == [Trigger(3, 5, 16, 0.7), Trigger(5, 6, 4, 0.9)]

    @pytest.mark.parametrize("order", [1, -1])
    def test_the_surer_of_two_taught_types_holds_the_words(self, order: int) -> None:
        """Of two taught types on the same words the surer one is coded, in whichever order they come."""
        taught = [(1, 3, 0, 0.6), (2, 4, 1, 0.9)][::order]
        assert merge_triggers([], taught, packaged=16) == [Trigger(2, 4, 17, 0.9)]

    def test_without_taught_runs_nothing_changes(self) -> None:
        """The packaged triggers come back as they were found."""
        packaged = [Trigger(1, 3, 4, 0.9), Trigger(6, 7, 5, 0.8)]
        assert merge_triggers(packaged, [], packaged=16) == packaged

    @given(st.data())
    def test_triggers_never_overlap(self, data: st.DataObject) -> None:
        """Whatever is found, triggers come in order, share no piece, and the surest taught run is among them."""
        cuts = sorted(data.draw(st.sets(st.integers(0, 12), max_size=8)))
        packaged = [Trigger(a, b, 3, 0.5) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
        run = st.tuples(st.integers(0, 10), st.integers(1, 4), st.integers(0, 2), st.floats(0, 1))
        taught = [(a, a + n, k, c) for a, n, k, c in data.draw(st.lists(run, max_size=5))]
        merged = merge_triggers(packaged, taught, packaged=16)
        assert all(a.last <= b.first for a, b in itertools.pairwise(merged))
        if taught:
            surest = max(c for *_, c in taught)
            assert max(t.confidence for t in merged if t.event_type >= 16) == surest


class TestFile:
    """The file that ``dragoman teach`` writes."""

    def write(self, folder: Path, text: str | None = None) -> Path:
        """Write a file of taught types."""
        path = folder / "my.types.json"
        path.write_text(dump_taught([EVACUATE, SUMMON], DIGEST, {}) if text is None else text, "utf-8")
        return path

    def test_what_was_written_is_read(self, tmp_path: Path) -> None:
        """Every field of every type comes back."""
        taught = read_taught(self.write(tmp_path), model_digest=DIGEST)
        assert (taught.types, taught.model_digest) == ((EVACUATE, SUMMON), DIGEST)

    def test_the_digest_tells_of_what_was_taught(self, tmp_path: Path) -> None:
        """The same file has the same digest, another one another; events carry it beside the encoder's."""
        first = read_taught(self.write(tmp_path), model_digest=DIGEST)
        assert read_taught(self.write(tmp_path), model_digest=DIGEST).digest == first.digest
        other = dump_taught([replace(EVACUATE, constant=-1.0)], DIGEST, {})
        second = read_taught(self.write(tmp_path, other), model_digest=DIGEST)
        assert joint_digest(DIGEST, first) == f"{DIGEST}+{first.digest[:8]}"
        assert joint_digest(DIGEST, first) != joint_digest(DIGEST, second)
        assert joint_digest(DIGEST, None) == DIGEST

    def test_types_of_another_encoder_are_refused(self, tmp_path: Path) -> None:
        """A file taught on another encoder is named with both digests and the way out."""
        path = self.write(tmp_path)
        with pytest.raises(TaughtStale, match=f"{DIGEST}.*ffff.*dragoman teach") as caught:
            read_taught(path, model_digest="ffff")
        assert f'"{path}"' in str(caught.value)

    @pytest.mark.parametrize(
        "change",
        [
            {"format": 2},
            {"types": None},
            {"types": [{"name": "EVACUATE"}]},
            {"types": ["EVACUATE"]},
            {"types": [{"weights": [1.0, 2.0]}]},
            {"types": [{"weights": ["1"] * FEATURES}]},
            {"types": [{"weights": [float("nan")] * FEATURES}]},
            {"types": [{"more": 1}]},
        ],
    )
    def test_a_file_with_a_wrong_field_is_refused(self, tmp_path: Path, change: dict[str, Any]) -> None:
        """A field that is missing, unknown or of another kind or size is an error when the file is read, not later."""
        table = json.loads(dump_taught([EVACUATE], DIGEST, {}))
        own = change.get("types")
        if own and isinstance(own[0], dict) and "name" not in own[0]:
            change = {"types": [{**table["types"][0], **own[0]}]}
        path = self.write(tmp_path, json.dumps({**table, **change}))
        with pytest.raises(TaughtUnreadable, match="dragoman teach") as caught:
            read_taught(path, model_digest=DIGEST)
        assert f'"{path}"' in str(caught.value)

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b'{"format": 1}', b"\xff\xfe"])
    def test_another_kind_of_file_is_refused(self, tmp_path: Path, content: bytes) -> None:
        """A file that is not one of taught types is named."""
        path = tmp_path / "my.types.json"
        path.write_bytes(content)
        with pytest.raises(TaughtUnreadable, match=r"my\.types\.json"):
            read_taught(path, model_digest=DIGEST)

    def test_a_folder_or_nothing_is_refused(self, tmp_path: Path) -> None:
        """What cannot be opened is named."""
        for path in (tmp_path, tmp_path / "none.json"):
            with pytest.raises(TaughtUnreadable, match="cannot be read") as caught:
                read_taught(path, model_digest=DIGEST)
            assert f'"{path}"' in str(caught.value)
