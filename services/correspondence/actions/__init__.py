"""What is done with letters; each action reads from top to bottom."""
