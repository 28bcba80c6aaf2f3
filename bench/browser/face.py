"""How fast the pages are over a store of 100,000 incidents, in a real Chromium; and how large they are.

    python bench/browser/face.py [--store FILE] [--rounds 7]

Times run from the start of the navigation, or of the click, to the moment at which the answer stands on the page (an animation frame
after the element is there). The store is made by bench/speed/face.py where none is given. Medians and the slowest of the rounds.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from browser.chromium import start_chromium  # noqa: E402

STATIC = ROOT / "src/dragoman/serve/static"
# Resolves with the milliseconds from a click until what it changes was drawn.
CLICKED = """async ([selector, nth, done]) => {
  const button = [...document.querySelectorAll(selector)].filter((e) => e.offsetParent)[nth];
  const told = () => document.querySelector(done)?.textContent ?? "";
  const before = told(), began = performance.now();
  button.click();
  const isThere = () => told() !== before && !document.querySelector("main [aria-busy=true]");
  while (!isThere()) {
    if (performance.now() - began > 15000) throw new Error("nothing changed");
    await new Promise(requestAnimationFrame);
  }
  return performance.now() - began;
}"""
SHOWN = """async (selector) => {
  while (!document.querySelector(selector)) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now();
}"""


def sizes() -> tuple[float, float, int]:
    """Return kB compressed of all files, of those that the first page loads, and the number of files."""
    files = [f for f in STATIC.rglob("*") if f.is_file()]
    packed = {f: len(gzip.compress(f.read_bytes(), 9)) / 1000 for f in files}
    first = set(re.findall(r"/assets/([\w.-]+)", (STATIC / "index.html").read_text(encoding="utf-8")))
    return (
        sum(packed.values()),
        sum(n for f, n in packed.items() if f.name in first or f.name == "index.html"),
        len(files),
    )


def measure(open_page: Callable[[], Page], url: str, rounds: int) -> dict[str, list[float]]:
    """Return milliseconds per task and round."""
    out: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        page = open_page()
        page.goto(url, wait_until="commit")
        told = {"first view: rows of the list": page.evaluate(SHOWN, "main article")}
        page.wait_for_load_state("networkidle")
        for name, nth in (("filter: material conflict", 3), ("filter: and verbal conflict", 2)):
            told[name] = page.evaluate(
                CLICKED, ["form[aria-label=Filters] input[type=checkbox]", nth, "main header [role=status]"]
            )
        page.goto(url)
        page.wait_for_selector("main article a[href*='/incidents/']")
        page.wait_for_load_state("networkidle")
        told["open an incident"] = page.evaluate(
            CLICKED, ["main article a[href*='/incidents/']", 0, "main h1"]
        )
        page.goto(f"{url}/map", wait_until="commit")
        told["map: first drawn"] = page.evaluate(SHOWN, "main canvas")
        page.context.close()
        if number:  # the first round fills the caches of the server
            for name, ms in told.items():
                out.setdefault(name, []).append(ms)
    return out


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    whole, first, files = sizes()
    print(f"bundle: {whole:.0f} kB compressed in {files} files; first load {first:.0f} kB")
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or Path(folder) / "face.duckdb"
        if asked.store is None:
            subprocess.run(
                [sys.executable, str(ROOT / "bench/speed/face.py"), "--make", str(store)], check=True
            )
        quick = {**os.environ, "DRAGOMAN_SERVE_PER_SECOND": "1000", "DRAGOMAN_SERVE_BURST": "100000"}
        server = subprocess.Popen([sys.executable, "-m", "dragoman.cli", "serve", "--db", str(store), "--port", "0"], stderr=subprocess.PIPE, text=True, env=quick)  # fmt: skip
        try:
            assert server.stderr is not None
            found = re.search(r"(http://[^/\s]+)/", server.stderr.readline())
            assert found
            with sync_playwright() as playwright:
                browser = start_chromium(playwright)
                told = measure(lambda: browser.new_context(viewport={"width": 1280, "height": 900}).new_page(), found.group(1), asked.rounds)  # fmt: skip
                browser.close()
        finally:
            server.terminate()
            server.wait()
    for name, ms in told.items():
        print(f"{name:34} median {statistics.median(ms):6.0f} ms  slowest {max(ms):6.0f} ms")


if __name__ == "__main__":
    main()
