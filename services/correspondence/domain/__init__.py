"""What is decided about letters; no clock, no ids, no I/O."""
