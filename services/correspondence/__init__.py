"""The service of letters: drafts, signatures, numbers, dispatch, replies and their grades."""
