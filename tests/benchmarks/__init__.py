"""Benchmarks: ratios of medians, both sides measured in one run. ``python -m tests.benchmarks -h`` tells more."""
