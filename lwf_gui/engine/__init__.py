"""Training: torch, and no Qt. Speaks to the outside through ``lwf_gui.protocol`` alone."""
