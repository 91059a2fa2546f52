"""Paper cards: a published claim as runs and comparisons of their figures, and what these say of it.

A claim is a TOML file; what it compares comes from a closed vocabulary, and nothing in it is ever run as code. Knows
nothing of torch or of windows.
"""

from lwf_gui.claims.figures import figures_of as figures_of
from lwf_gui.claims.judging import Judged as Judged
from lwf_gui.claims.judging import judge as judge
from lwf_gui.claims.matching import run_of as run_of
from lwf_gui.claims.matching import shown_run as shown_run
from lwf_gui.claims.measured import Measured as Measured
from lwf_gui.claims.reading import available as available
from lwf_gui.claims.reading import load_claim as load_claim
from lwf_gui.claims.script import Claim as Claim
from lwf_gui.claims.verdict import Verdict as Verdict
