"""Where the encoder runs: what is asked for and cannot be had is said; the float form tells what the bytes tell."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest

from dragoman.errors import DeviceMissing
from dragoman.parse.device import choose, count_devices, float_form, open_graph
from dragoman.parse.model import PACKAGED, EncoderModel, digest_on

SENTENCES = (
    "Iran and Azerbaijan held a joint drill near the Aras river on Monday.",
    "Police arrested twelve protesters in Nairobi.",
    "The council approved the budget for road repairs.",
)


def test_an_unknown_device_is_named_with_the_choices() -> None:
    """A device that does not exist is refused with what there is."""
    with pytest.raises(DeviceMissing, match=r'auto, cpu, cuda, not on "tpu"'):
        choose("tpu")


def test_auto_is_the_processor_where_no_device_can_be_used() -> None:
    """Without CUDA, auto is the processor, and asking for CUDA is an error in words."""
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers() and count_devices():
        pytest.skip("this machine has a CUDA device that onnxruntime can use")
    assert choose("auto") == choose("cpu") == "cpu"
    with pytest.raises(DeviceMissing, match=r"onnxruntime|CUDA device"):
        choose("cuda")


def test_the_float_form_has_no_eight_bit_products() -> None:
    """Every dynamic 8-bit product is written as a product of floats."""
    for name in ("encoder", "roles", "pairs"):
        kinds = {n.op_type for n in onnx.load_from_string(float_form(PACKAGED / f"{name}.onnx")).graph.node}
        assert not kinds & {"MatMulInteger", "DynamicQuantizeLinear"}
        assert "MatMul" in kinds


def test_the_float_form_tells_what_the_bytes_tell() -> None:
    """Probabilities of triggers are nearly those of the packaged graph."""
    model = EncoderModel()
    encoder = onnxruntime.InferenceSession(
        float_form(PACKAGED / "encoder.onnx"), providers=["CPUExecutionProvider"]
    )
    for tokens in model.tokenise(SENTENCES):
        own = model.encode([tokens])
        ids = np.array([tokens.ids], np.int64)
        feed = {"ids": ids, "casing": np.array([tokens.casing], np.int64), "mask": np.ones_like(ids), "marks": np.zeros_like(ids)}  # fmt: skip
        triggers = encoder.run(None, feed)[3]
        own_p, p = (1 / (1 + np.exp(-t)) for t in (own.triggers, triggers))
        assert np.abs(own_p - p).mean() < 0.01
        assert np.corrcoef(own_p.ravel(), p.ravel())[0, 1] > 0.98


def test_a_sentence_in_floats_does_not_depend_on_its_neighbours() -> None:
    """A batch gives what single sentences give."""
    model = EncoderModel()
    encoder = onnxruntime.InferenceSession(
        float_form(PACKAGED / "encoder.onnx"), providers=["CPUExecutionProvider"]
    )
    model._sessions["encoder"] = encoder
    tokens = model.tokenise(SENTENCES)
    together = model.encode(tokens).triggers
    for n, one in enumerate(tokens):
        assert np.allclose(model.encode([one]).triggers[0], together[n, : len(one.ids)], atol=1e-4)


def test_records_of_floats_say_so() -> None:
    """The digest that events carry names the float form."""
    assert digest_on("ab12", "cpu") == "ab12"
    assert digest_on("ab12", "cuda") == "ab12~float"


def test_a_graph_on_the_processor_is_opened_as_it_is() -> None:
    """On the processor nothing is written anew."""
    session = open_graph(PACKAGED / "pairs.onnx", onnxruntime.SessionOptions(), device="cpu")
    assert session.get_providers() == ["CPUExecutionProvider"]
