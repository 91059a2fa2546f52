"""What is known of a run: its record, and pure functions of it. No torch, no Qt."""
