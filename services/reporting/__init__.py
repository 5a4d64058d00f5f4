"""The national figures, folded from events."""
