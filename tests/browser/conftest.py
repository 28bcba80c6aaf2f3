"""Fixtures of the browser tests; UI failures that a person would not see fail them too: errors of console, page and CSP."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .chromium import MISSING, find_chromium, start_chromium
from .sites import ROOT, Site, copy_store, demo_rows, make_store, open_site, password_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
WIDE = {"width": 1280, "height": 900}
# Where CI runs, a test that is not run is a failure.
REQUIRED = os.environ.get("PAGES") == "required"
HAS_DRIVER = importlib.util.find_spec("playwright") is not None
# Longer than any answer takes on a machine that does other things as well; a test that passes waits no longer than it must.
PATIENCE_MS = 30_000
collect_ignore_glob = [] if HAS_DRIVER else ["test_*.py"]


def pytest_report_header() -> str | None:
    """Say that these tests cannot even be read where there is no driver."""
    return None if HAS_DRIVER else "tests/browser is left out: playwright is not installed"


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip these tests, with the reason, where there is no browser; mark them all as needing the encoder."""
    missing = _missing()
    if missing and REQUIRED and any(Path(__file__).parent in item.path.parents for item in items):
        raise pytest.UsageError(f"PAGES=required, but {missing}")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.model)
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=missing))


def _missing() -> str:
    return "" if find_chromium() else MISSING


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return a server over a store of samples and demonstration items; tests only read it."""
    folder = tmp_path_factory.mktemp("site")
    samples = sorted((ROOT / "samples").glob("*.txt"))
    db = make_store(folder, demo_rows(), *samples)
    with open_site(db) as started:
        yield started


@pytest.fixture
def own_site(site: Site, tmp_path: Path) -> Iterator[Site]:
    """Return a server over a copy of the store, for one test that writes."""
    with open_site(copy_store(site.db, tmp_path)) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one Chromium for all tests."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = start_chromium(playwright)
        yield started
        started.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a context of its own; what fails unseen on any of them fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "timezone_id": "UTC", **options})  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        # A refused question is an answer, not a failure: "Failed to load resource" is the browser's word for it.
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" and "Failed to load resource" not in m.text else None)  # fmt: skip
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong, wrong


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return a fresh page of 1280 by 900."""
    return new_page()


def sign_in(page: Page, name: str) -> None:
    """Sign in on a page of these views as somebody who may."""
    page.get_by_role("button", name="Sign in").first.click()
    dialogue = page.get_by_role("dialog", name="Sign in")
    dialogue.get_by_label("Name").fill(name)
    dialogue.get_by_label("Password").fill(password_of(name))
    dialogue.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


@pytest.fixture
def reviewer(page: Page, own_site: Site) -> Page:
    """Return a page of a site of its own on which a reviewer is signed in."""
    page.goto(own_site.url)
    sign_in(page, "reviewer")
    return page


@pytest.fixture(scope="session")
def check_axe() -> Callable[[Page], None]:
    """Return a check that axe finds nothing serious on a page."""
    if not AXE.exists():
        missing = "axe-core is not here: run `make web-check`, which needs Node and the packages of web/"
        pytest.fail(missing) if REQUIRED else pytest.skip(missing)
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        # Evaluated by the driver, not by a script element: the page's CSP stays as it is.
        page.evaluate(script + "\n;0")
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        serious = [
            f"{v['id']} ({v['impact']}): {v['help']}; {'; '.join(n['html'][:160] for n in v['nodes'][:3])}"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert not serious, serious

    return check
