"""One module per panel; each paints what pure functions of the record give it."""
