"""The parts of the house, each run as its own process from the root of the repository."""
