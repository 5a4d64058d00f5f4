"""What intake remembers, and how it keeps personal data sealed."""
