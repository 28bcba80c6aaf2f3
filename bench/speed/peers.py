"""Articles per second beside other tools on the same articles, turn by turn in one run, each on one thread.

    python bench/speed/peers.py [--articles 60] [--rounds 5]

None of the others does the same: they are steps that every coder takes, and tell how much of Dragoman's time is spent beyond them.

- trafilatura: pages of HTML to main text;
- spaCy: a blank English pipeline with its sentence splitter, texts to sentences;
- Aho-Corasick: every name of our actor tables found in the texts, words whole;
- bare encoder: our int8 encoder on the same sentences, one a run, nothing decoded;
- Dragoman: pages of HTML to events in a store.

Needs spacy and pyahocorasick, for this comparison only: pip install spacy pyahocorasick. What is missing is left out and said.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from hot_path import Clock, newsroom, page_of, run, write_inputs

from dragoman.parse.sentences import split_sentences
from dragoman.pipeline import Coder, load
from dragoman.records import Article, Section
from dragoman.resolve.actors.words import keys

Work = Callable[[], Any]


def extractor(texts: Sequence[str]) -> Work:
    """Return trafilatura on the texts as pages."""
    import trafilatura

    pages = [page_of(text) for text in texts]
    return lambda: [trafilatura.extract(page) for page in pages]


def splitter(texts: Sequence[str]) -> Work | None:
    """Return spaCy's sentence splitter on the texts; None where it is not installed."""
    try:
        import spacy
    except ImportError:
        return None
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return lambda: [[s.text for s in found.sents] for found in pipeline.pipe(texts)]


def dictionary(coder: Coder, texts: Sequence[str]) -> tuple[Work, int] | None:
    """Return the search for every alias of the actor tables, and their number; None where the package is not installed."""
    try:
        import ahocorasick
    except ImportError:
        return None
    automaton = ahocorasick.Automaton()
    names = coder.resolve.actors.registry.names
    for rows in names.values():
        for words, _, entries in rows:
            automaton.add_word(f" {' '.join(words)} ", (entries[0].entity_id, words))
    automaton.make_automaton()

    def search() -> list[list[Any]]:
        # Words as the tables have them, so that both find the same aliases; blanks on both sides keep words whole.
        return [list(automaton.iter(f" {' '.join(keys(text))} ")) for text in texts]

    return search, len(automaton)


def bare(coder: Coder, texts: Sequence[str]) -> Work:
    """Return the encoder alone on the sentences of the texts."""
    articles = [Article(str(k), text, str(k), sections=(Section("body", 0, len(text)),)) for k, text in enumerate(texts)]  # fmt: skip
    model = coder.parse.model
    tokens = model.tokenise([a.text[s.start : s.end] for a in articles for s in split_sentences(a)])
    return lambda: [model.encode([one]) for one in tokens]


def whole(coder: Coder, inputs: Sequence[str], folder: Path) -> Work:
    """Return the path from pages to a fresh store."""
    return lambda: run(coder, inputs, folder / f"{time.monotonic_ns()}.duckdb", Clock())


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    a = parser.parse_args()
    texts = [row["text"] for row in newsroom(a.articles)]
    coder = load(threads=1, joins=False)
    with tempfile.TemporaryDirectory(prefix="dragoman-peers-") as name:
        folder = Path(name) / "in"
        folder.mkdir()
        inputs = write_inputs(folder, [{"text": t} for t in texts], as_html=True)
        works: dict[str, Work | None] = {
            "trafilatura": extractor(texts),
            "spaCy sentencizer": splitter(texts),
        }
        found = dictionary(coder, texts)
        works[f"Aho-Corasick, {found[1]} names" if found else "Aho-Corasick"] = found[0] if found else None
        works |= {"bare encoder": bare(coder, texts), "Dragoman": whole(coder, inputs, Path(name))}
        missing = [tool for tool, work in works.items() if work is None]
        seconds = time_turns({tool: work for tool, work in works.items() if work is not None}, a.rounds)
    own = seconds["Dragoman"]
    rows = [
        {"tool": tool, "articles_per_s": round(a.articles / statistics.median(spent), 1),
         "times_dragoman": round(statistics.median(d / s for d, s in zip(own, spent, strict=True)), 2)}
        for tool, spent in seconds.items()
    ]  # fmt: skip
    print(json.dumps({"articles": a.articles, "rounds": a.rounds, "not_installed": missing, "tools": rows}, indent=1))  # fmt: skip


def time_turns(works: dict[str, Work], rounds: int) -> dict[str, list[float]]:
    """Return the processor's seconds of each piece of work in each round, after one that warms it."""
    seconds: dict[str, list[float]] = {tool: [] for tool in works}
    for number in range(rounds + 1):
        for tool, work in works.items():
            began = time.process_time()
            work()
            if number:
                seconds[tool].append(time.process_time() - began)
    return seconds


if __name__ == "__main__":
    main()
