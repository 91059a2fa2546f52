"""Figures and films of a run, in print: light, in one size and type, whatever the window looks like.

`writing` writes figures, `film` films; both need an application but no window, so that commands use them too.
"""
