"""What routing remembers."""
