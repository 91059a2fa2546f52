"""Going through a run, and back: timeline, forks and undo."""
