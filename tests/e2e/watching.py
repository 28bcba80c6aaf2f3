"""Watching with a stand-in for the coder, as a process that can be killed: seconds instead of minutes.

    PYTHONPATH=tests python -m e2e.watching FEEDS.toml STORE [--rounds N] [--threads N] [--batch N]

Any host name leads to this machine, so that one test server can play hundreds of hosts. An article whose page holds the
word PAYWALL is rejected, every other one is stored without events.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dragoman.pipeline import load
from dragoman.read.web import Fetcher, Limits
from dragoman.read.web.feedlist import load_feeds
from dragoman.records import Article, Coded, RawArticle, Rejected, Section
from dragoman.run.watch import Watch, WatchPlan
from dragoman.store import begin_run, end_run, open_store

DIGEST = "stand-in"


class StandIn:
    """Makes an article of each page without reading it; as a coder it takes and returns what ``Coder`` does."""

    def __call__(self, batch: Sequence[RawArticle]) -> Coded:
        """Return an article per page."""
        coded = Coded()
        for raw in batch:
            body = raw.body if isinstance(raw.body, bytes) else raw.body.encode()
            if b"PAYWALL" in body:
                coded.rejected.append(Rejected(raw.source, "clean", "paywall", f"{raw.source}: a stub"))
                continue
            text = re.sub(r"<[^>]+>", " ", body.decode()).strip()
            own_id = hashlib.sha256(f"{text}\x00{raw.url}".encode()).hexdigest()[:16]
            coded.articles.append(
                Article(
                    own_id,
                    text,
                    raw.source,
                    url=raw.url,
                    outlet=raw.outlet,
                    fetched_at=raw.fetched_at,
                    sections=(Section("body", 0, len(text)),),
                )
            )
        return coded


def main(arguments: Sequence[str]) -> int:
    """Watch some rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("feeds", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--every", type=float, default=0.0, help="seconds between two looks at a feed")
    parser.add_argument("--coder", action="store_true", help="use the real coder")
    options = parser.parse_args(arguments)
    limits = Limits(
        delay_s=0,
        attempts=3,
        backoff_s=0.02,
        max_wait_s=1.5,
        timeout_s=options.timeout,
        total_s=3 * options.timeout,
    )
    plan = WatchPlan(
        every_s=options.every, retry_s=0, threads=options.threads, batch_articles=options.batch, round_s=600
    )
    coder: Any = load() if options.coder else StandIn()
    with (
        Fetcher(limits, allow_private=True, resolver=lambda *_: ["127.0.0.1"]) as fetcher,
        open_store(options.store) as store,
    ):
        run_id = begin_run(
            store, command="watch", coder_version="0", model_digest=DIGEST, settings={}, at=datetime.now(UTC)
        )
        watch = Watch(
            store,
            load_feeds(options.feeds),
            fetcher=fetcher,
            coder=coder,
            run_id=run_id,
            model_digest=DIGEST,
            plan=plan,
        )
        signal.signal(signal.SIGTERM, lambda *_: watch.stop())
        watch.run(rounds=options.rounds)
        end_run(store, run_id, outcome="done", at=datetime.now(UTC))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
