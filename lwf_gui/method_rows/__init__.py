"""The rows of the table of methods, family by family: name, label, colour, settings, where the implementation lives.

A new method is one new file under ``engine/methods`` and one row here; one with settings of its own adds their group.
Imports no torch: the recipe, the plots and the help text read the rows too.
"""

from lwf_gui.method_rows import averaging, distillation, regularisation, rehearsal, statistics
from lwf_gui.method_rows.row import Loss, Method, Parts

__all__ = ["BUILT_IN", "Loss", "Method", "Parts"]

BUILT_IN = (*distillation.ROWS, *regularisation.ROWS, *rehearsal.ROWS, *statistics.ROWS, *averaging.ROWS)
