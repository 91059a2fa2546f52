"""Lessons, the tour, predictions, and what else a lecturer needs in front of a class."""
