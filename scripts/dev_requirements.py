"""Print the developer tools of pyproject.toml's ``dev`` group, one requirement a line, for pip."""

import tomllib
from pathlib import Path

project = tomllib.loads(
    (Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8")
)
print("\n".join(project["dependency-groups"]["dev"]))
