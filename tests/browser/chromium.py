"""The Chromium that opens the pages for tests, pictures and measurements: where it is, and how it is started.

    python tests/browser/chromium.py

says where it is, or fails and says what to do.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# Debian's name, and those of other systems.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "there is no Chromium: install one (Debian: apt-get install chromium), or name it in DRAGOMAN_CHROMIUM"
)
# Without a sandbox because root may start it; without the others it asks the network for updates of its own.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_chromium() -> Path | None:
    """Return the browser that DRAGOMAN_CHROMIUM names, else the first one on the path."""
    named = os.environ.get("DRAGOMAN_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return None if found is None else Path(found)


def start_chromium(playwright: Playwright) -> Browser:
    """Return a browser that is started.

    Raises:
        RuntimeError: There is none on this machine.
    """
    found = find_chromium()
    if found is None:
        raise RuntimeError(MISSING)
    return playwright.chromium.launch(executable_path=found, args=list(FLAGS))


if __name__ == "__main__":
    place = find_chromium()
    if place is None:
        sys.exit(f"chromium: {MISSING}")
    sys.stdout.write(f"{place}\n")
