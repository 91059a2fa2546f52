"""Image data as numpy arrays: where they are found, how they are read, checked and sampled. No torch, no Qt."""
