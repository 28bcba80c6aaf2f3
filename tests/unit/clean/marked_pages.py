"""Read the pages in ``pages/``: each line carries the role it must get (see the README there)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dragoman.records import Section

FOLDER = Path(__file__).parent / "pages"
ROLES = {
    "T": "title",
    "S": "standfirst",
    "C": "caption",
    "H": "subheading",
    "B": "body",
    "R": "teaser",
    "=": "copy",
    "-": "none",
}


@dataclass(frozen=True)
class MarkedPage:
    """A page and, for each of its lines that is not blank, the role that it must get."""

    name: str
    text: str
    roles: tuple[tuple[str, str], ...]


def load_pages() -> list[MarkedPage]:
    """Return all marked pages, in order of their names."""
    return [_load(path) for path in sorted(FOLDER.glob("*.txt"))]


def _load(path: Path) -> MarkedPage:
    lines, roles = [], []
    for line in path.read_text("utf-8").splitlines():
        mark, _, words = line.partition(" ")
        lines.append(words)
        if words:
            roles.append((words, ROLES[mark]))
    return MarkedPage(path.stem, "\n".join(lines), tuple(roles))


def roles_of(text: str, sections: tuple[Section, ...]) -> tuple[tuple[str, str], ...]:
    """Return the role of each line of a text that is not blank, as its sections tell."""
    roles = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            roles.append((line, _role_of(start, end, sections)))
        start = end + 1
    return tuple(roles)


def _role_of(start: int, end: int, sections: tuple[Section, ...]) -> str:
    for section in sections:
        if section.start < end and section.end > start:
            return section.kind
        if any(copy.start < end and copy.end > start for copy in section.copies):
            return "copy"
    return "none"
