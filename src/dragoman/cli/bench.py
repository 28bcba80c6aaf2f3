"""``dragoman bench``: how fast this machine codes, and where the time goes."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dragoman.cli.code import plan_of
from dragoman.cli.terms import Input, settings_with
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.records import RawArticle
    from dragoman.run import Plan
    from dragoman.run.timing import Timing

_BATCHES_EACH = 8  # batches for each worker process that is measured


def bench(
    *inputs: Input, articles: int = 200, rounds: int = 3, html: bool = False, workers: int | None = None,
    format: Literal["table", "json"] = "table",
) -> int:  # fmt: skip
    """Measure how fast this machine codes articles, stage by stage, beside the bare encoder and the plain extractor.

    Example: dragoman bench --articles 100

    Without inputs, articles of about 600 word pieces are made of packaged sentences. Medians over the rounds; ratios are
    measured in the same run, so that they hold on a busy machine too.

    Parameters
    ----------
    inputs
        Your own files instead of made articles, as dragoman code reads them.
    articles
        How many articles: made, or read at most.
    rounds
        How often the whole is measured.
    html
        Make pages of HTML instead of plain text.
    workers
        Also measure dragoman's own worker processes, so many [1].
    format
        table for people, json for programs.
    """
    if articles < 1 or rounds < 1:
        raise UsageError("--articles and --rounds must be at least 1.")
    plan = plan_of(settings_with(run__workers=workers))
    told = _measure(plan, inputs, articles=articles, rounds=rounds, html=html)
    if format == "json":
        print(json.dumps(told))
    else:
        _print(told)
    return 0


def _measure(plan: Plan, inputs: Sequence[str], *, articles: int, rounds: int, html: bool) -> dict[str, Any]:
    from dataclasses import replace

    from dragoman.run.timing import rows_of, time_stages

    coder = replace(plan, workers=1).load()
    raws = _articles(coder, inputs, articles, html=html)
    found: list[Timing] = []
    with tempfile.TemporaryDirectory(prefix="dragoman-bench-") as folder:
        for number in range(rounds):
            found.append(
                time_stages(
                    coder, raws, Path(folder) / f"{number}.duckdb", batch_articles=plan.batch_articles
                )
            )
            print(
                f"round {number + 1} of {rounds}: {found[-1].articles / found[-1].whole:.1f} articles/s",
                file=sys.stderr,
            )
        enough = plan.workers > 1 and len(raws) >= 2 * plan.workers
        if plan.workers > 1 and not enough:
            print(f"workers not measured: {len(raws)} articles are too few for {plan.workers}, two each are needed", file=sys.stderr)  # fmt: skip
        pooled = [_time_workers(plan, raws) for _ in range(rounds)] if enough else []
    middle = sorted(found, key=lambda t: t.whole)[len(found) // 2]
    told: dict[str, Any] = {
        "articles": middle.articles, "sentences": middle.sentences, "events": middle.events, "rounds": rounds,
        "threads": plan.threads, "cores": os.cpu_count(),
        "articles_per_s": round(statistics.median(t.articles / t.whole for t in found), 2),
        "encoder_sentences_per_s": round(statistics.median(t.sentences / t.seconds["encoder"] for t in found), 1),
        "share_of_encoder": round(statistics.median(t.share_of_encoder() or 0.0 for t in found), 3),
        "stages": list(rows_of(middle)),
    }  # fmt: skip
    if "extractor" in middle.seconds:
        told["extractor_pages_per_s"] = round(
            statistics.median(t.articles / t.seconds["extractor"] for t in found), 1
        )
    if pooled:
        told |= {
            "workers": plan.workers,
            "articles_per_s_coded_by_workers": round(statistics.median(pooled), 2),
        }
    return told


def _articles(coder: Any, inputs: Sequence[str], n: int, *, html: bool) -> list[RawArticle]:
    import itertools

    from dragoman.read import iter_articles
    from dragoman.records import RawArticle
    from dragoman.run.timing import made_articles

    if not inputs:
        return made_articles(coder.parse.model, n, as_html=html)
    read = (item for item in iter_articles(inputs) if isinstance(item, RawArticle))
    found = list(itertools.islice(read, n))
    if not found:
        raise UsageError("the inputs hold no article that can be read.")
    return found


def _time_workers(plan: Plan, raws: Sequence[RawArticle]) -> float:
    """Return articles per second of worker processes, from the first result on: their start is not counted.

    Batches are so small that each worker has several; a single one would tell nothing.
    """
    from dataclasses import replace

    from dragoman.run import iter_coded

    began, counted = 0.0, 0
    small = replace(plan, batch_articles=max(1, len(raws) // (_BATCHES_EACH * plan.workers)))
    for size, _ in iter_coded(iter(raws), small):
        if not began:
            began = time.perf_counter()
            continue
        counted += size
    return counted / (time.perf_counter() - began)


def _print(told: dict[str, Any]) -> None:
    print(f"{told['articles']} articles, {told['sentences']} sentences, {told['events']} events; {told['cores']} cores, {told['threads']} threads of the encoder")  # fmt: skip
    print(f"{'stage':10}{'ms an article':>15}{'share':>8}")
    for row in told["stages"]:
        print(f"{row['stage']:10}{row['ms_per_article']:>15.2f}{row['share']:>8.1%}")
    print(f"\nfrom article to store: {told['articles_per_s']} articles/s")
    print(f"bare encoder on the same sentences: {told['encoder_sentences_per_s']} sentences/s; the whole path has {told['share_of_encoder']:.0%} of its speed")  # fmt: skip
    if "extractor_pages_per_s" in told:
        print(f"plain extractor (trafilatura) on the same pages: {told['extractor_pages_per_s']} pages/s")
    if "workers" in told:
        print(f"{told['workers']} workers, coding only: {told['articles_per_s_coded_by_workers']} articles/s")
