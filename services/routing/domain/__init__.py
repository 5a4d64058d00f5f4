"""What routing decides; nothing here knows a clock, a database or a contract."""
