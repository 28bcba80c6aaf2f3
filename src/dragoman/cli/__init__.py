"""The command line: each command a thin call into the API; results on stdout, everything else on stderr.

Exit status: 0 done, 1 failure, 2 usage, 130 stopped with Ctrl-C. A traceback is shown only with ``--debug``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dragoman.errors import DragomanError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    tokens = [a for a in given if a != "--debug"]
    try:
        from dragoman.cli.app import run

        return run(tokens)
    except DragomanError as error:
        if debug:
            raise
        print(f"dragoman: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        if debug:
            raise
        print("dragoman: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away ("| head"): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        first = (str(error).splitlines() or [""])[0]
        print(f"dragoman: {type(error).__name__}: {first} (show where with --debug)", file=sys.stderr)
        return 1
