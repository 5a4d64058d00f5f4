"""What the directory does."""
