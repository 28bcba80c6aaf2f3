"""How fast the packaged encoder reads beside another's graphs, turn by turn in one run.

    python bench/speed/encoders.py FOLDER [--articles 40] [--rounds 5]

FOLDER holds encoder.onnx and roles.onnx of another model, such as those of an earlier version out of git. Both are opened as the coder
opens its own. Text: our own newsroom, in runs of eight sentences of which five have a trigger, one thread. Prints the medians over the rounds of the seconds of the other
divided by those of the packaged one: above 1 the packaged one is faster.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from coder import make_articles

from dragoman.parse import EncoderModel
from dragoman.parse.device import open_graph
from dragoman.parse.model import PACKAGED, Tokens

AT_ONCE, TRIGGERS = 8, 5  # sentences of a run, and how many of them have a trigger
GRAPHS = ("encoder", "roles")


def open_graphs(folder: Path) -> dict[str, onnxruntime.InferenceSession]:
    """Return the sessions of a folder's graphs on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return {name: open_graph(folder / f"{name}.onnx", options, device="cpu") for name in GRAPHS}


def read(sessions: dict[str, onnxruntime.InferenceSession], tokens: Sequence[Tokens]) -> list[float]:
    """Return the seconds of the encoder and of the reader of sides; each graph is fed what it asks for."""
    seconds = [0.0, 0.0]
    for at in range(0, len(tokens), AT_ONCE):
        batch = tokens[at : at + AT_ONCE]
        shape = (len(batch), max(len(t.ids) for t in batch))
        known: dict[str, Any] = {
            name: np.zeros(shape, dtype=np.int64) for name in ("ids", "casing", "mask", "marks")
        }
        for row, one in enumerate(batch):
            for name, values in (("ids", one.ids), ("casing", one.casing), ("mask", [1] * len(one.ids))):
                known[name][row, : len(one.ids)] = values
        known["spans"] = np.tile(np.array([[1, 2]], dtype=np.int64), (len(batch), 1))
        known["types"] = np.ones(len(batch), dtype=np.int64)
        for n, name in enumerate(GRAPHS):
            session = sessions[name]
            if name == "roles":
                known = {key: value[:TRIGGERS] for key, value in known.items()}
            feed = {i.name: known[i.name] for i in session.get_inputs()}
            began = time.perf_counter()
            found = session.run(None, feed)
            seconds[n] += time.perf_counter() - began
            known |= {o.name: value for o, value in zip(session.get_outputs(), found, strict=True)}
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    a = parser.parse_args()
    model = EncoderModel(PACKAGED, threads=1)
    texts = make_articles(model, a.articles)
    tokens = sorted(model.tokenise([s for t in texts for s in t.split("\n")]), key=lambda t: len(t.ids))
    ours, other = open_graphs(PACKAGED), open_graphs(a.folder)
    rounds = []
    for n in range(a.rounds + 1):
        one, two = read(other, tokens), read(ours, tokens)
        if n:  # the first round warms up
            rounds.append((one[0] / two[0], one[1] / two[1], sum(one) / sum(two)))
    parts = [round(statistics.median(r), 2) for r in zip(*rounds, strict=True)]
    print(json.dumps(dict(zip(("encoder", "sides", "both"), parts, strict=True))))


if __name__ == "__main__":
    main()
