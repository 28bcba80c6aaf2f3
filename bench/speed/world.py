"""The large run: dated items of current events, coded, stored and merged by one command, with time and memory by quarter.

    python bench/speed/world.py wcep_2002_2026.jsonl.gz --db world.duckdb [--until 2023] [--workers 2] [--first 0]

The file holds an item a line: ``{"date", "text"}``. Items after ``--until`` are left out: they are held out. Prints for each quarter of
the items how many went a second and how much memory each process held at most, then the totals and the size of the store.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

LOOK_S = 1.0
DONE = re.compile(rb"^(\d+) articles", re.M)


def items(path: Path, until: int, first: int) -> Iterator[dict[str, str]]:
    """Yield the rows to code: those up to a year, at most ``first`` where it is not 0."""
    with gzip.open(path, "rt", encoding="utf-8") as data:
        kept = (r for r in map(json.loads, data) if int(r["date"][:4]) <= until)
        for n, row in enumerate(kept):
            if first and n >= first:
                return
            yield {"id": f"{row['date']}-{n}", "published_on": row["date"], "text": row["text"]}


def processes(root: psutil.Process) -> list[psutil.Process]:
    """Return a process with its children, the ones that are gone left out."""
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def held(root: psutil.Process) -> dict[int, float]:
    """Return process id → MB that it holds now."""
    out = {}
    for p in processes(root):
        try:
            out[p.pid] = p.memory_info().rss / 1e6
        except psutil.NoSuchProcess:
            continue
    return out


def main() -> None:
    """Run the command and print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--until", type=int, default=2023)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="code so many items only; 0 for all")
    a = parser.parse_args()
    if a.db.exists():
        sys.exit(f"{a.db} is there already; name a new file, or the run would go on where that one stopped")
    with tempfile.TemporaryDirectory() as folder:
        rows, log = Path(folder) / "items.jsonl", Path(folder) / "log"
        rows.write_text(
            "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in items(a.file, a.until, a.first)),
            "utf-8",
        )
        total = sum(1 for _ in rows.open(encoding="utf-8"))
        command = [sys.executable, "-m", "dragoman.cli", "code", str(rows), "--db", str(a.db), "--workers", str(a.workers), "--format", "none"]  # fmt: skip
        began = time.perf_counter()
        with log.open("wb") as out:
            run = subprocess.Popen(command, stdout=out, stderr=out)
            watch(run, log, total, began)
        seconds = time.perf_counter() - began
        told = log.read_text("utf-8").strip().splitlines()
    print("\n".join(told[-1:]))
    if run.returncode:
        sys.exit(f"the run ended with status {run.returncode}: " + "\n".join(told[-5:]))
    print(
        f"{total:,} items in {seconds / 60:.1f} min, {total / seconds:.1f}/s; store {a.db.stat().st_size / 1e6:.0f} MB"
    )


def watch(run: subprocess.Popen[bytes], log: Path, total: int, began: float) -> None:
    """Print a line a quarter while a run goes on, the last when it has ended."""
    root, peaks, quarter, before = psutil.Process(run.pid), dict[int, float](), 1, (0, began)
    while True:
        over = run.poll() is not None
        for pid, mb in held(root).items():
            peaks[pid] = max(peaks.get(pid, 0.0), mb)
        told = DONE.findall(log.read_bytes())
        done = int(told[-1]) if told else 0
        if done >= quarter * total / 4 and done > before[0]:
            now = time.perf_counter()
            rate = (done - before[0]) / (now - before[1])
            writer, workers = peaks.get(run.pid, 0.0), sorted(v for k, v in peaks.items() if k != run.pid)
            print(f"quarter {quarter}: {rate:.1f} items/s; peak of the writer {writer:.0f} MB, of the workers {', '.join(f'{w:.0f}' for w in workers)} MB", flush=True)  # fmt: skip
            quarter, before, peaks = quarter + 1, (done, now), {}
        if over:
            return
        time.sleep(LOOK_S)


if __name__ == "__main__":
    main()
