"""What a person's hand does on a page, counted, and what the guide says that it takes."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from .sites import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

GUIDE = ROOT / "docs/face.md"
_ROW = re.compile(r"^\| (?P<task>[^|]+?) \| (?P<clicks>\d+) \| (?P<inputs>\d+) \|$", re.M)


def told_counts() -> dict[str, tuple[int, int]]:
    """Return what the guide's table of tasks says: task → clicks, inputs."""
    rows = _ROW.finditer(GUIDE.read_text(encoding="utf-8"))
    return {row["task"]: (int(row["clicks"]), int(row["inputs"])) for row in rows}


class Hand:
    """Clicks and types; a choice from a list is two clicks, what is typed without a click between is one input."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.inputs = 0

    def click(self, what: Locator) -> None:
        """Click on something that can be seen."""
        what.click()
        self.clicks += 1

    def choose(self, field: Locator, value: str) -> None:
        """Open a list and click on one of its choices."""
        field.select_option(value)
        self.clicks += 2

    def type(self, field: Locator, words: str, *keys: str) -> None:
        """Click into a field and type, with keys such as Enter at the end."""
        self.click(field)
        self.type_on(words, *keys)

    def type_on(self, *words: str) -> None:
        """Type where the cursor is; the names of keys ("Tab", "Enter") are pressed."""
        for word in words:
            if word in ("Tab", "Enter", "ArrowDown"):
                self.page.keyboard.press(word)
            else:
                self.page.keyboard.type(word)
        self.inputs += 1

    def date(self, field: Locator, day: str) -> None:
        """Click into a field for a date and type one such as 2024-05-06."""
        field.fill(day)
        self.clicks += 1
        self.inputs += 1

    def click_word(self, within: Locator, word: str) -> None:
        """Select a word of a text with a double click, which is two."""
        box = within.evaluate(
            """(element, word) => {
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
                for (let node; (node = walker.nextNode()); ) {
                    const at = node.data.indexOf(word);
                    if (at < 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + word.length);
                    node.parentElement.scrollIntoView({ block: "center" });
                    const { left, top, width, height } = range.getBoundingClientRect();
                    return [left + width / 2, top + height / 2];
                }
                return null;
            }""",
            word,
        )
        assert box is not None, f"{word} does not stand there"
        self.page.mouse.dblclick(*box)
        self.clicks += 2

    def done(self, task: str) -> None:
        """Check that a task took as much as the guide says."""
        sys.stdout.write(f"{task}: {self.clicks} clicks, {self.inputs} inputs\n")  # shown with -rP
        told = told_counts()
        assert task in told, f"docs/face.md has no row for {task!r}"
        assert (self.clicks, self.inputs) == told[task], f"docs/face.md tells {told[task]} of {task!r}"
