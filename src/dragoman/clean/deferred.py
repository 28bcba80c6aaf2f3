"""Import a heavy library when it is first needed, and not before.

Plain English text needs neither the HTML extractor (0.26 s to import) nor the language model (0.22 s).
"""

from __future__ import annotations

import functools
import importlib
from types import ModuleType


class Deferred:
    """A module that is imported on first use; ``module`` is the module itself."""

    def __init__(self, name: str) -> None:
        self.name = name

    @functools.cached_property
    def module(self) -> ModuleType:
        """Import the module, once."""
        return importlib.import_module(self.name)
