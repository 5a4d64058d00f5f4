"""Carries events from outboxes to subscribers, and lets clocks tick; knows no domain."""
