"""The directory: who and where."""
