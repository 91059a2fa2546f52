"""Why: what new images do to the old answers, in bars."""

from lwf_gui.gui.panels.why.panel import WhyPanel as WhyPanel
