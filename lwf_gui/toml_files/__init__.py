"""TOML files of strict tables, such as lessons and claims: what they may hold, and what is wrong with one, by line.

Knows nothing of what the tables mean. What such files hold was written by others.
"""
