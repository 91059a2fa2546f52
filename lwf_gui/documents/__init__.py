"""Run files: the record of a run on disk, and what is required of a file before anything is made of it."""
