"""Compute configuration: device, precision, threads, memory, and the arithmetic of a training step."""
