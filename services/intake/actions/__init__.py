"""What intake does: each action reads from top to bottom."""
