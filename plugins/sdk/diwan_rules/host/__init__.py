"""Runs ministries' rules in limited processes: the very ones of production, also for an author's tests."""
