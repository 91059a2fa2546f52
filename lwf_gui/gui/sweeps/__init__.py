"""Sweeps in the window: the folder that is looked at, the process that does one, and the question before it."""
