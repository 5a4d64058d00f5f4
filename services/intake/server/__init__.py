"""Answers for intake: reads the request, has the action done, writes the answer."""
