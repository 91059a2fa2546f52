"""Put it back: the old network's layers in a learner's network, layer by layer."""

from lwf_gui.gui.panels.put_back.panel import PutBackPanel as PutBackPanel
