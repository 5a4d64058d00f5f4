"""What routing does: each action reads from top to bottom."""
