"""What is decided about figures; no clock, no ids, no I/O."""
