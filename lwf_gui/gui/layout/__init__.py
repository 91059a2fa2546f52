"""Where the window's parts stand: docks, their places from one start to the next, and who gives way."""
