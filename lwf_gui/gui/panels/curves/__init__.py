"""The two plots over steps, accuracy and losses, each with marks and a read-out under the mouse.

They paint what ``lwf_gui.runs.accuracy_curves`` and ``loss_curves`` give. Importing this package imports pyqtgraph, a
third of a second: `plot_panels` does so after the first paint.
"""

from lwf_gui.gui.panels.curves.accuracy import AccuracyPlot as AccuracyPlot
from lwf_gui.gui.panels.curves.losses import LOSS_CEILING as LOSS_CEILING
from lwf_gui.gui.panels.curves.losses import LossPlot as LossPlot
from lwf_gui.gui.panels.curves.plot import Plot as Plot
