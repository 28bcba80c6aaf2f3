"""Renew the pictures of docs/screenshots: every view of the pages over the demonstration corpus, in a real Chromium.

    python scripts/screenshots.py [--db world.duckdb] [--only map]

Without --db the demonstration corpus and the samples are coded first, which takes two minutes.
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from browser.chromium import start_chromium  # noqa: E402

TO = ROOT / "docs/screenshots"
SIZES = {"": (1280, 900), "wide": (2560, 1200), "narrow": (360, 780)}
COLOURS = 96  # of the palette: text stays sharp, files small


def views(api: httpx2.Client) -> dict[str, str]:
    """Return name → address of the views that are shown."""
    found = api.get("/incidents", params={"participant": "IRN", "min_sources": 2, "limit": 1}).json()["items"]
    incident = found or api.get("/incidents", params={"limit": 1}).json()["items"]
    hit = api.get("/search", params={"q": "joint", "limit": 1}).json()["items"][0]
    return {
        "now": "/",
        "incident": f"/incidents/{incident[0]['incident_id']}",
        "reader": f"/articles/{hit['article_id']}?event={hit['event_id']}",
        "relations": "/relations?first=ARM&second=AZE&since=2016-01-01&step=month",
        "brief": "/relations?first=IRN&second=SAU&since=2016-01-01&brief=true",
        "map": "/map",
        "network": "/network",
        "search": "/search?q=embassy",
        "alerts": "/alerts",
        "coverage": "/coverage",
        "reviews": "/reviews",
    }


def take(browser: Browser, url: str, name: str, *, size: str = "", dark: bool = False) -> None:
    """Write one picture as a palette PNG."""
    width, height = SIZES[size]
    options: dict[str, Any] = {"viewport": {"width": width, "height": height}, "color_scheme": "dark" if dark else "light", "reduced_motion": "reduce", "locale": "en-GB"}  # fmt: skip
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(url)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')", timeout=60_000)
    page.wait_for_timeout(1500)  # a layout that settles, a map that is drawn
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(TO / f"{name}.png", optimize=True)
    context.close()
    print(f"{name}.png {(TO / f'{name}.png').stat().st_size // 1024} kB")


def main() -> None:
    """Renew the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--db", type=Path)
    parser.add_argument("--only", default="", help="only pictures whose name begins so")
    asked = parser.parse_args()
    TO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        db = asked.db or Path(folder) / "world.duckdb"
        command = [sys.executable, "-m", "dragoman.cli"]
        if asked.db is None:
            subprocess.run(
                [*command, "demo", "world", "--db", str(db)], check=True, stdout=subprocess.DEVNULL
            )
            samples = sorted(map(str, (ROOT / "samples").glob("*.txt")))
            subprocess.run([*command, "code", *samples, "--db", str(db), "--format", "none"], check=True)
            subprocess.run([*command, "alerts", "--since", "2015", "--db", str(db)], check=True, stdout=subprocess.DEVNULL)  # fmt: skip
        server = subprocess.Popen(
            [*command, "serve", "--db", str(db), "--port", "0"], stderr=subprocess.PIPE, text=True
        )
        try:
            assert server.stderr is not None
            line = server.stderr.readline()
            found = re.search(r"(http://[^/\s]+)/", line)
            assert found, line
            url = found.group(1)
            with httpx2.Client(base_url=f"{url}/api/v1", timeout=60) as api, sync_playwright() as playwright:
                browser = start_chromium(playwright)
                shown = views(api)
                for name, path in shown.items():
                    if name.startswith(asked.only):
                        take(browser, url + path, name)
                for name in ("now", "relations", "map"):
                    if name.startswith(asked.only):
                        take(browser, url + shown[name], f"{name}-dark", dark=True)
                        take(browser, url + shown[name], f"{name}-narrow", size="narrow")
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
