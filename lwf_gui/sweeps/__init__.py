"""Parameter sweeps: one recipe, a grid or random draws over its settings, times seeds; each run a document of its own.

`plan` says which runs there are, `shelf` keeps their documents, `results` makes the table of these. Who carries them
out is `cluster` (Dask) or whoever runs the lines that `slurm` writes. Knows no window, and imports no torch: a run is a
process of its own, which does what ``lwf-gui run`` does.
"""
