"""Reference facts in tables of our own, and how they are read."""
