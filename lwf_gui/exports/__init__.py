"""What a run leaves for people who do not have this program."""
