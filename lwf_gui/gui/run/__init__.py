"""The parts of a session: its link to the engine, the state of its run, what is chosen, forks, and places of undo."""
