"""Train the encoder from scratch: ``python -m dragoman.train --data DIR --base DIR --work DIR``.

Steps: pretrain (names and predicates) → events (events, pairs, some of both) → export with ``dragoman.train.export``.
Every step resumes where it was stopped; figures go to ``log.jsonl`` in the work folder.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

from dragoman.parse.model import EncoderModel
from dragoman.train import data as source
from dragoman.train.doubt import without_other_kinds, without_unmarked
from dragoman.train.fit import Examples, Plan, fit, tokenise
from dragoman.train.network import Network, copy_upper_layers, load_base, load_start
from dragoman.train.swap import Swapper
from dragoman.train.tensors import Pieces, encode


def load_examples(
    tokenizer: Tokenizer, data: Path, own: Path | None, licences: source.Licences, judge: Path | None = None
) -> Examples:
    """Load and tokenise every training source under ``data`` (and our own articles under ``own``).

    ``judge`` is the folder of an earlier encoder, which tells what newswire sentences to leave out (``train.doubt``).
    """
    fitted, tune = source.split_tuning(source.load_events(data, own, licences))
    pairs, pairs_tune, held = source.split_pairs(source.load_pairs(data / "typing/plv_train.jsonl"))
    given = list(pairs)
    pairs += source.load_own_pairs(own, licences)
    held_texts = {p.text for p in held + pairs_tune}
    event_pairs = [p for p in source.pairs_of_events(fitted) if p.text not in held_texts]
    own_names = source.load_own_names(own, licences)
    names = without_unmarked(source.load_names(data / "ner/gmb.jsonl.gz", licences), own_names)
    if judge is not None:
        names = without_other_kinds(names, EncoderModel(judge))
    swapper = Swapper([*names, *own_names])

    def swap(example: source.SentenceExample, rng: random.Random) -> tuple[source.SentenceExample, Pieces]:
        other = swapper(example, rng)
        return other, encode(tokenizer, [other.text])[0]

    return Examples(
        events=tokenise(tokenizer, fitted),
        pairs=tokenise(tokenizer, pairs),
        event_pairs=tokenise(tokenizer, event_pairs),
        names=tokenise(tokenizer, names),
        predicates=tokenise(tokenizer, source.load_predicates(data / "srl/propbank_ewt.jsonl.gz", licences)),
        own_names=tokenise(tokenizer, own_names),
        plain=[],
        tune=tokenise(tokenizer, tune),
        pairs_given=tokenise(tokenizer, given),
        pairs_tune=tokenise(tokenizer, pairs_tune),
        pairs_held=tokenise(tokenizer, held),
        swap=swap,
    )


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with events/, typing/, srl/ and ner/"
    )
    parser.add_argument("--own", type=Path, help="our data folder with newsroom/ and annotations/")
    parser.add_argument(
        "--base", type=Path, required=True, help="folder with model.safetensors and tokenizer.json"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and the log")
    parser.add_argument(
        "--start", type=Path, help="start the events step from these weights (a pretrain.final.pt)"
    )
    parser.add_argument(
        "--judge",
        type=Path,
        help="folder of an earlier encoder: newswire names that it surely takes for another kind are left out",
    )
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--pretrain-names", type=int, default=24000, help="sentences")
    parser.add_argument("--pretrain-predicates", type=int, default=15000, help="sentences")
    parser.add_argument("--pretrain-plain", type=int, default=60000, help="sentences with masked words")
    parser.add_argument(
        "--rate", type=float, default=1e-4, help="of AdamW; the heads learn four times as fast"
    )
    parser.add_argument(
        "--quiet-share", type=float, default=1.0, help="of sentences without an event, per epoch"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--step", choices=["pretrain", "events", "all"], default="all")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the training steps and return an exit status."""
    a = _options().parse_args(arguments)
    torch.set_num_threads(2)
    torch.manual_seed(a.seed)
    a.work.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(a.base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    licences = source.Licences()
    examples = load_examples(tokenizer, a.data, a.own, licences, a.judge)
    network = Network()
    load_base(network.encoder, a.base / "model.safetensors")
    copy_upper_layers(network)
    if a.start:
        load_start(network, a.start)
    if a.step in ("pretrain", "all"):
        texts = random.Random(a.seed).sample(source.load_plain(a.data, licences), a.pretrain_plain)
        plain = list(zip(texts, encode(tokenizer, texts), strict=True))
        # Names and predicates first: roles need syntax that 6,000 annotated sentences alone do not teach.
        plan = Plan("pretrain", 1, rate=1e-4, names_per_epoch=a.pretrain_names,
                    predicates_per_epoch=a.pretrain_predicates, plain_per_epoch=a.pretrain_plain, seed=a.seed)  # fmt: skip
        light = Examples(
            [], [], [], examples.names, [], examples.predicates, plain, examples.tune[:64], [], [], []
        )
        fit(network, plan, light, a.work)
    if a.step in ("events", "all"):
        plan = Plan("events", a.epochs, rate=a.rate, head_rate=4 * a.rate, names_per_epoch=2000, swapped_names=0.4,
                    predicates_per_epoch=1000, event_pairs_per_epoch=1500, quiet_share=a.quiet_share, seed=a.seed)  # fmt: skip
        fit(network, plan, examples, a.work)
    (a.work / "sources.json").write_text(json.dumps(licences.rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
