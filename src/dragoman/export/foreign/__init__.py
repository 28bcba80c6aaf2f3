"""Tables of GDELT, ICEWS, POLECAT and Phoenix → rows mapped to PLOVER, and every line that gives none with the reason.

``lines`` opens a file, zipped or plain, and cuts it into rows; ``cells`` reads what all tables have in common; ``gdelt``,
``icews``, ``polecat`` and ``phoenix`` know one publisher each; ``reading`` puts them together, row by row.
"""

from dragoman.export.foreign.cells import REASONS
from dragoman.export.foreign.reading import DATASETS, Report, check_file, iter_foreign

__all__ = ["DATASETS", "REASONS", "Report", "check_file", "iter_foreign"]
