"""Files that were damaged or made up, in thousands: each must be accepted whole, or refused in a sentence.

Run as ``python -m tests.mutations``. A mutation is known by its kind, seed and number, and can be made again.
"""
