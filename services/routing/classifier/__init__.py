"""Learns from confirmed decisions which ministry is competent, and proposes; no word of a text stays in what it has learned."""
