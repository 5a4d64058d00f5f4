"""What is remembered about letters."""
