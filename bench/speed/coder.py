"""Articles per second, plain text to stored events, beside the bare encoder on the same sentences, in one run.

    python bench/speed/coder.py [--articles 200] [--rounds 3]

Text: our own newsroom articles, joined to about 600 word pieces each. Prints one JSON object: medians over the rounds,
and the share of the bare encoder's speed, measured turn by turn so that a slow spell of the machine hits both.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dragoman.parse import EncoderModel

ROOT = Path(__file__).resolve().parents[2]
PIECES = 600


def make_articles(model: EncoderModel, n: int) -> list[str]:
    """Return ``n`` texts of about ``PIECES`` word pieces made of newsroom articles, each with a line of its own."""
    files = sorted((ROOT / "data/newsroom").glob("*.jsonl")) + sorted(
        (ROOT / "bench/quality/gold").glob("*.jsonl")
    )
    texts = [json.loads(line)["text"] for f in files for line in f.read_text(encoding="utf-8").splitlines()]
    lines = itertools.cycle([line for text in texts for line in text.split("\n")])
    out = []
    while len(out) < n:
        chosen = [f"Report number {len(out)} of the desk."]
        size = 0
        while size < PIECES:
            chosen.append(next(lines))
            size += len(model.tokenise([chosen[-1]])[0].ids)
        out.append("\n".join(chosen))
    return out


def bare(model: EncoderModel, texts: list[str]) -> float:
    """Return the seconds that the encoder alone needs for the sentences of the texts, sorted by length."""
    tokens = sorted(model.tokenise([s for t in texts for s in t.split("\n")]), key=lambda t: len(t.ids))
    began = time.perf_counter()
    for at in range(0, len(tokens), 16):
        model.encode(tokens[at : at + 16])
    return time.perf_counter() - began


def whole(path: Path, folder: Path, workers: int) -> float:
    """Return the seconds of one ``dragoman code`` into a fresh store, start-up included."""
    began = time.perf_counter()
    db = folder / f"bench{time.monotonic_ns()}.duckdb"
    command = [sys.executable, "-m", "dragoman.cli", "code", str(path), "--db", str(db), "--workers", str(workers), "--format", "jsonl"]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    a = parser.parse_args()
    model = EncoderModel(threads=2)
    texts = make_articles(model, a.articles)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many, few = folder / "many.jsonl", folder / "few.jsonl"
        rows = [
            json.dumps({"id": str(k), "text": t, "published_on": "2024-05-20"}) for k, t in enumerate(texts)
        ]
        many.write_text("\n".join(rows) + "\n", encoding="utf-8")
        few.write_text("\n".join(rows[: a.workers]) + "\n", encoding="utf-8")
        figures = []
        for _ in range(a.rounds):
            encoder = bare(model, texts)
            start = whole(few, folder, a.workers)
            figures.append((encoder, start, whole(many, folder, a.workers)))
    encoder, start, total = (statistics.median(column) for column in zip(*figures, strict=True))
    speed = a.articles / total
    running = (a.articles - a.workers) / (total - start)
    print(
        json.dumps(
            {
                "articles": a.articles,
                "articles_per_s_with_start": round(speed, 1),
                "articles_per_s_running": round(running, 1),
                "bare_encoder_articles_per_s": round(a.articles / encoder, 1),
                "share_of_bare_encoder": round(running * encoder / a.articles, 3),
                "start_s": round(start, 2),
                "peak_mb_of_one_process": round(
                    resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                ),
            }
        )
    )


if __name__ == "__main__":
    main()
