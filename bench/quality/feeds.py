"""Watch simulated feeds with faults and kills, and check that every article is coded once and coverage is exact.

    python bench/quality/feeds.py                      # 500 feeds, 20,000 articles, with a stand-in for the coder
    python bench/quality/feeds.py --coder              # the same on 20 feeds and 100 articles with the real coder

One server on this machine plays a host per feed. One answer in ten fails: status 500, 502, 503 and 429, cut connections,
answers that come too late. What is offered grows from run to run; each run but the last is killed (kill -9) at a random
point. Prints a table; exits 1 when an article was lost, stored twice, or a number of the coverage differs.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from unit.read.serving import Handler, serving  # noqa: E402

from dragoman.store import open_store  # noqa: E402
from dragoman.store.feeds import find_coverage  # noqa: E402

FAULTS = ("500", "502", "503", "429", "cut", "begin", "late")
FAULT_RATE = 0.11  # of all answers but those for robots.txt, which makes one in ten of all
KILLS = 3
KILLED_ROUNDS = 100  # more than are needed, so that the kill comes first on a slow machine too
LAST_ROUNDS = 4  # what failed is asked for again in the next round
TEXT = (
    "Police in Lagos arrested {n} union leaders on Friday, officials said. France condemned Iran over the arrest of {n} "
    "tourists in Tehran. The strike in the port {host} went into its {n}th day, and thousands of workers took part in it."
)
WIRE, OUTLETS_OF_A_WIRE = (
    20,
    5,
)  # one story in twenty stands word for word in five outlets; all others are unlike
SYLLABLES = "ba do fe gu ka li mo nu pa re si to va wi ze".split()


@dataclass
class World:
    """What the feeds offer, and what came of asking for it."""

    feeds: int
    per_feed: int
    late_s: float
    stub_reason: str  # what the coder says of a stub of one word
    stage: int = 0
    answers: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def kind_of(self, host: int, n: int) -> str:
        """Return what is at a path: most are stories, one in fifty is gone, one in fifty is behind a paywall."""
        return {0: "gone", 1: "paywall"}.get((7 * host + n) % 50, "story")

    def offered(self, host: int) -> list[str]:
        """Return the paths that a feed offers by now; its last one leads to the story before it."""
        shown = self.per_feed * (self.stage + 1) // (KILLS + 1)
        paths = [f"/{n}" for n in range(shown)]
        return [*paths, "/alias"] if shown == self.per_feed else paths

    def answer(self, handler: Handler) -> None:
        """Answer a request, or fail it."""
        host = int(handler.headers["Host"].split(".")[0][1:])
        path = handler.path.partition("?")[0]
        with self.lock:
            self.answers += 1
            key = f"{host}{path}"
            self.seen[key] += 1
            draw = random.Random(f"{key} {self.seen[key]}")
        if path != "/robots.txt" and draw.random() < FAULT_RATE:
            self.fail(handler, draw.choice(FAULTS))
            return
        if path == "/robots.txt":
            handler.give(b"", status=404)
        elif path == "/feed":
            self.give_feed(handler, host)
        elif path == "/alias":
            handler.give(b"", status=301, headers={"Location": f"/{self.alias_of(host)}"})
        else:
            self.give_page(handler, host, int(path[1:]))

    def alias_of(self, host: int) -> int:
        """Return the story that a host's alias leads to: the last one that is a story."""
        return next(n for n in range(self.per_feed - 1, -1, -1) if self.kind_of(host, n) == "story")

    def fail(self, handler: Handler, fault: str) -> None:
        """Fail a request."""
        with self.lock:
            self.faults[fault] += 1
        if fault == "late":
            time.sleep(self.late_s)
            handler.close_connection = True
        elif fault == "begin":
            handler.cut()
        elif fault == "cut":
            handler.send_response(200)
            handler.send_header("Content-Length", "5000")
            handler.end_headers()
            handler.wfile.write(b"<p>begun")
            handler.cut()
        else:
            headers = {"Retry-After": "0"} if fault in ("429", "503") else {}
            handler.give(b"", status=int(fault), headers=headers)

    def give_feed(self, handler: Handler, host: int) -> None:
        """Give a feed with its mark, or say that nothing is new."""
        paths = self.offered(host)
        mark = f'"{len(paths)}"'
        if handler.headers.get("If-None-Match") == mark:
            handler.give(b"", status=304)
            return
        where = f"http://{handler.headers['Host']}"
        items = "".join(f"<item><guid>{p}</guid><link>{where}{p}?utm_source=rss</link></item>" for p in paths)
        body = f"<rss version='2.0'><channel><title>Feed {host}</title>{items}</channel></rss>".encode()
        handler.give(body, kind="application/rss+xml", headers={"ETag": mark})

    def give_page(self, handler: Handler, host: int, n: int) -> None:
        """Give a story, a stub or nothing."""
        kind = self.kind_of(host, n)
        if kind == "gone":
            handler.give(b"", status=410)
            return
        with self.lock:
            self.pages[f"{host}/{n}"] += 1
        words = "PAYWALL" if kind == "paywall" else story_of(host, n)
        page = (
            f"<html><head><title>Report {n} of {host}</title><meta property='article:published_time' content='2024-05-06'></head>"
            f"<body><article><h1>Report {n} of {host}</h1><p>{words}</p></article></body></html>"
        )
        handler.give(page.encode())

    def expected(self) -> dict[str, Counter[str]]:
        """Return what coverage must say per outlet."""
        out = {}
        for host in range(self.feeds):
            kinds = Counter(self.kind_of(host, n) for n in range(self.per_feed))
            out[f"Outlet {host}"] = Counter(
                offered=self.per_feed + 1, coded=kinds["story"], duplicate=1, rejected=kinds["gone"] + kinds["paywall"], waiting=0,
                fetched=self.per_feed + 1 - kinds["gone"], http_status=kinds["gone"], **{self.stub_reason: kinds["paywall"]},
            )  # fmt: skip
        return out


def story_of(host: int, n: int) -> str:
    """Return the words of a story: the same sentences, and two hundred invented words of its own or of an agency."""
    teller = host // OUTLETS_OF_A_WIRE * OUTLETS_OF_A_WIRE if n % WIRE == 0 else host
    rng = random.Random(f"{teller} {n}")
    own = (" ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(20)) + "." for _ in range(10))
    return f"{TEXT.format(n=n + 2, host=teller)} {' '.join(own)}"


def command(options: argparse.Namespace, folder: Path, rounds: int) -> tuple[list[str], dict[str, str]]:
    """Return the command that watches, and its environment."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    more = ["--coder"] if options.coder else []
    words = [sys.executable, "-m", "e2e.watching", str(folder / "feeds.toml"), str(folder / "a.duckdb"), "--rounds", str(rounds),
             "--threads", "24", "--batch", str(options.batch), "--timeout", str(options.late_s / 2), *more]  # fmt: skip
    return words, env


def watch(world: World, options: argparse.Namespace, folder: Path, rng: random.Random) -> list[str]:
    """Run, kill and go on; return what was done."""
    told = []
    for stage in range(KILLS + 1):
        world.stage = stage
        words, env = command(options, folder, rounds=KILLED_ROUNDS if stage < KILLS else LAST_ROUNDS)
        began, before, pages = time.monotonic(), world.answers, sum(world.pages.values())
        with subprocess.Popen(words, env=env, stdout=subprocess.PIPE) as process:
            goal = pages + rng.uniform(0.2, 0.8) * world.feeds * world.per_feed / (KILLS + 1)
            while stage < KILLS and process.poll() is None and sum(world.pages.values()) < goal:
                time.sleep(0.01)
            if stage < KILLS:
                process.kill()
            process.communicate()
        told.append(
            f"run {stage + 1}: {'killed' if process.returncode == -9 else f'ended with {process.returncode}'} after "
            f"{time.monotonic() - began:.0f} s and {world.answers - before} answers"
        )
    return told + settle(options, folder)


def settle(options: argparse.Namespace, folder: Path) -> list[str]:
    """Go on while something waits and each run makes it less; a round ends after ten minutes, done or not.

    On a busy machine the rounds of the last run may not be enough for all articles; what then waits is not lost.
    """
    told = []
    waiting = count_waiting(folder)
    while waiting:
        words, env = command(options, folder, rounds=LAST_ROUNDS)
        subprocess.run(words, env=env, stdout=subprocess.PIPE, check=False)
        before, waiting = waiting, count_waiting(folder)
        told.append(f"one more run: {before} waited before, {waiting} after")
        if waiting >= before:
            break
    return told


def count_waiting(folder: Path) -> int:
    """Return how many articles wait to be fetched."""
    with duckdb.connect(str(folder / "a.duckdb"), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM feed_items WHERE state = 'waiting'").fetchone()
    return int(row[0]) if row else 0


def check(world: World, folder: Path) -> list[str]:
    """Return what is wrong with the store."""
    wrong = []
    expected = world.expected()
    stories = sum(row["coded"] for row in expected.values())
    with duckdb.connect(str(folder / "a.duckdb"), read_only=True) as connection:
        one = connection.execute(
            "SELECT count(*), count(DISTINCT article_id), count(DISTINCT source) FROM articles WHERE superseded_at IS NULL"
        ).fetchone()
        linked = connection.execute(
            "SELECT count(*) FROM feed_items JOIN articles USING (article_id) WHERE state = 'coded' AND superseded_at IS NULL"
        ).fetchone()
    assert one is not None
    assert linked is not None
    if one != (stories, stories, stories) or linked != (stories,):
        wrong.append(f"{stories} articles expected; rows, ids and sources are {one}, coded items {linked[0]}")
    with open_store(folder / "a.duckdb", read_only=True) as store:
        rows = find_coverage(store, until=datetime.now(UTC).date())
    found: dict[str, Counter[str]] = {}
    for row in rows:
        own = found.setdefault(row.outlet, Counter())
        for name in ("offered", "fetched", "coded", "duplicate", "rejected", "waiting"):
            own[name] += getattr(row, name)
        own.update({k: v for k, v in row.reasons.items() if k != "duplicate"})
    wrong += [
        f"{name}: expected {dict(+own)}, found {dict(+found.get(name, Counter()))}"
        for name, own in expected.items()
        if +own != +found.get(name, Counter())
    ]
    return wrong


def main() -> int:
    """Run the whole and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--coder", action="store_true", help="use the real coder")
    parser.add_argument("--late-s", type=float, default=4.0, help="seconds of an answer that comes too late")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    feeds = options.feeds or (20 if options.coder else 500)
    articles = options.articles or (100 if options.coder else 20_000)
    stub_reason = "no_article_text" if options.coder else "paywall"
    world = World(feeds, articles // feeds, options.late_s, stub_reason)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, serving(default=world.answer) as site:
        folder = Path(name)
        tables = (
            f'[[feeds]]\nurl = "http://h{n}.example:{site.port}/feed"\noutlet = "Outlet {n}"\n'
            for n in range(feeds)
        )
        (folder / "feeds.toml").write_text("\n".join(tables), encoding="utf-8")
        told = watch(world, options, folder, random.Random(options.seed))
        wrong = check(world, folder)
        size = (folder / "a.duckdb").stat().st_size
    print(
        f"coder: {'the real one' if options.coder else 'a stand-in, which stores each page as an article without events'}"
    )
    print("\n".join(told))
    faults = sum(world.faults.values())
    print(f"{feeds} feeds, {feeds * world.per_feed} articles and {feeds} aliases; {world.answers} answers, {faults} of them faults "
          f"({faults / world.answers:.1%}: {dict(world.faults.most_common())})")  # fmt: skip
    again = sum(n - 1 for n in world.pages.values())
    print(
        f"pages fetched more than once: {again}; store {size / 1e6:.0f} MB; {time.monotonic() - began:.0f} s in all"
    )
    print("\n".join(wrong[:20]) if wrong else "every article coded once, coverage exact")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
