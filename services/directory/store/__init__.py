"""What the directory remembers."""
