"""``python -m dragoman.cli``."""

import sys

from dragoman.cli import main

sys.exit(main())
