"""Packages that do not come with the core: imported when they are needed, and asked for in words when they are not there."""

from __future__ import annotations

import importlib
from types import ModuleType

from dragoman.errors import ExtraMissing


def load_extra(module: str, *, extra: str, purpose: str) -> ModuleType:
    """Return a module of an optional package.

    Args:
        module: Its name, such as "pyarrow".
        extra: The extra of Dragoman that brings it.
        purpose: What needs it, for the message.

    Raises:
        ExtraMissing: It is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ExtraMissing(
            f'{purpose} needs the package "{package}", which is not installed ({error}). '
            f'Install it: pip install "dragoman[{extra}]"'
        ) from error
